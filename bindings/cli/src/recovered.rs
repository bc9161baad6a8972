//! `paylink recovered`: what became of a damaged database. Every command that opens the folder tells it, in words and in
//! JSON, until `paylink recovered --acknowledge` says that it was read.

use crate::args::Recovered as Flags;
use crate::config::Setup;
use crate::output::{Exit, Failure, Outcome};
use crate::screen::Screen;
use crate::words;
use paylink_core::{Paylink, RecoveryReport};
use serde_json::{Value, json};
use std::path::Path;

/// Says what was recovered, and on request that it was read.
///
/// # Errors
/// As [`Setup::open_read_only`]; [`Setup::open_offline`] to acknowledge.
pub fn run(setup: &Setup, flags: &Flags, screen: Screen) -> Outcome {
    let folder = &setup.config.data_dir;
    let core = if flags.acknowledge { setup.open_offline()? } else { setup.open_read_only()? };
    let report = core.as_ref().map(Paylink::recovered).transpose()?.flatten();
    if let (Some(core), true) = (core.as_ref().filter(|_| report.is_some()), flags.acknowledge) {
        core.acknowledge_recovered()?;
    }
    let acknowledged = flags.acknowledge && report.is_some();
    let shown = report.as_ref().map(|report| object(report, folder));
    screen.object(&json!({ "recovered": shown, "acknowledged": acknowledged }));
    if !screen.json() {
        screen.say(match &report {
            Some(report) => text(report, folder, !acknowledged),
            None => "Nothing was recovered here, or it is acknowledged.".to_owned(),
        });
        if acknowledged {
            screen.say("Acknowledged: this is not told again.");
        }
    }
    if let Some(core) = core {
        core.close();
    }
    Ok(Exit::Done)
}

/// Tells of a recovery that nobody has acknowledged: beside this command's result, and in its objects.
///
/// # Errors
/// Storage errors.
pub fn tell(core: &Paylink, folder: &Path, screen: Screen) -> Result<(), Failure> {
    if let Some(report) = core.recovered()?
        && screen.tell_recovered(object(&report, folder))
    {
        screen.note(format_args!("{}\n", text(&report, folder, true)));
    }
    Ok(())
}

fn object(report: &RecoveryReport, folder: &Path) -> Value {
    let mut object = json!(report);
    object["data_dir"] = json!(folder.to_string_lossy());
    object
}

fn text(report: &RecoveryReport, folder: &Path, asks: bool) -> String {
    let number = |count: u32, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let mut lines = vec![
        format!("The database was damaged, and was recovered on {}.", words::moment(report.recovered_at)),
        format!(
            "  Saved: {} with {}.",
            number(report.orders_salvaged, "sale"),
            number(report.entries_salvaged, "request")
        ),
    ];
    if report.entries_in_doubt > 0 {
        lines.push(format!(
            "  In doubt: {} may have been sent before; `paylink sync` looks up which, and `paylink list` has what waits \
             for your decision.",
            number(report.entries_in_doubt, "request"),
        ));
    }
    lines.push(match report.lost {
        Some(0) => "  Lost: no sale.".to_owned(),
        Some(count) => format!("  Lost: {} that cannot be read.", number(count, "sale")),
        None => "  Lost: nobody can tell how many sales; compare with the provider's Backoffice.".to_owned(),
    });
    lines.push("  The damaged files are kept as they were found, for 30 days once you have read this:".to_owned());
    lines.extend(report.quarantined_files.iter().map(|file| format!("    {}", folder.join(file).display())));
    if asks {
        lines.push("  `paylink recovered --acknowledge` ends this message.".to_owned());
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_what_is_saved_in_doubt_and_lost_and_where_the_files_are() {
        let report = RecoveryReport {
            recovered_at: 0,
            quarantined_files: vec!["paylink.db.corrupt-7".into()],
            orders_salvaged: 1,
            entries_salvaged: 2,
            entries_in_doubt: 2,
            lost: None,
        };
        let said = text(&report, Path::new("/data"), true);
        for part in
            ["1 sale with 2 requests", "2 requests may have been", "nobody can tell", "/data/paylink.db.corrupt-7"]
        {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(said.contains("paylink recovered --acknowledge"));
        assert!(
            text(&RecoveryReport { lost: Some(3), ..report }, Path::new("/"), false).contains("3 sales that cannot")
        );
    }
}
