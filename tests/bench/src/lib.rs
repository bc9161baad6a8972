//! What the benches print at the end: each measured thing beside the raw thing it is compared with, as a ratio. Both
//! were measured in the same run, so the ratio says something even on a machine whose seconds do not.

use serde_json::Value;
use std::fmt::Write;
use std::path::Path;
use std::time::SystemTime;

/// A bench group: `raw` is the least that the work can cost.
pub struct Pair {
    /// The group.
    pub group: &'static str,
    /// The bench of the core in it.
    pub ours: &'static str,
    /// The bench that it is compared with.
    pub raw: &'static str,
}

/// The table of ratios of what was measured since `begun`, out of the folder that Criterion writes into; empty when
/// nothing was measured.
#[must_use]
pub fn ratios(folder: &Path, begun: SystemTime, pairs: &[Pair]) -> String {
    let mut table = String::new();
    for Pair { group, ours, raw } in pairs {
        let median = |name: &str| estimated(&folder.join(group).join(name).join("new/estimates.json"), begun);
        if let (Some(mine), Some(least)) = (median(ours), median(raw)) {
            // Writing to a String cannot fail.
            let _ = writeln!(
                table,
                "{group:<8} {ours} {:>10}   {raw} {:>10}   ratio {:.2}",
                time(mine),
                time(least),
                mine / least
            );
        }
    }
    table
}

/// The median in nanoseconds, when the file was written since `begun`.
fn estimated(file: &Path, begun: SystemTime) -> Option<f64> {
    if std::fs::metadata(file).ok()?.modified().ok()? < begun {
        return None;
    }
    let estimates: Value = serde_json::from_str(&std::fs::read_to_string(file).ok()?).ok()?;
    estimates["median"]["point_estimate"].as_f64()
}

/// The one in the middle.
#[must_use]
pub fn median(of: &[f64]) -> f64 {
    let mut sorted = of.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Nanoseconds as people read them.
#[must_use]
pub fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        ns if ns < 1e3 => format!("{ns:.0} ns"),
        ns if ns < 1e6 => format!("{:.2} µs", ns / 1e3),
        ns if ns < 1e9 => format!("{:.2} ms", ns / 1e6),
        ns => format!("{:.2} s", ns / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_measured_in_this_run_is_compared() {
        let folder = std::env::temp_dir().join(format!("paylink-ratios-{}", std::process::id()));
        for (bench, median) in [("ours", 3_000_000), ("raw", 1_500_000)] {
            let place = folder.join("create").join(bench).join("new");
            std::fs::create_dir_all(&place).unwrap();
            let estimates = format!("{{\"median\":{{\"point_estimate\":{median}}}}}");
            std::fs::write(place.join("estimates.json"), estimates).unwrap();
        }
        let pairs =
            [Pair { group: "create", ours: "ours", raw: "raw" }, Pair { group: "absent", ours: "ours", raw: "raw" }];
        let now = ratios(&folder, SystemTime::UNIX_EPOCH, &pairs);
        let later = ratios(&folder, SystemTime::now() + std::time::Duration::from_secs(60), &pairs);
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(now, "create   ours    3.00 ms   raw    1.50 ms   ratio 2.00\n");
        assert_eq!(later, "");
    }
}
