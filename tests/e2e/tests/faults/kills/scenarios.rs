//! The operations: what happens before, and what the process is killed in.

use paylink_sandbox::proxy::{Rule, Trouble};
use paylink_sandbox::{Duplicates, Fault, Listing, Options};

/// Something that happens, in order.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// The phone does this (see `phone`), and no error comes of it.
    Do(&'static str),
    /// Time goes by for all, milliseconds.
    Pass(i64),
    /// The next create gets this trouble on its way.
    Trouble(&'static Trouble),
    /// The provider refuses the next create with this status, and does nothing.
    Refuse(u16),
    /// The customer looks at the link.
    Visit,
    /// The customer pays by the link.
    Pay,
    /// The phone does this and is killed at this moment, counted over all requests.
    Dies(&'static str, u64),
    /// The phone is killed, and the database's log is gone.
    LosesLog,
    /// The phone is killed, and the database's log ends a page earlier.
    CutsLog,
    /// The phone is switched on again.
    Start,
}

use Step::{CutsLog, Dies, Do, LosesLog, Pass, Pay, Refuse, Start, Visit};

/// One operation in one situation.
#[derive(Clone, Copy)]
pub struct Scenario {
    /// What is printed.
    pub name: &'static str,
    /// What the provider is like.
    pub provider: fn(&mut Options),
    /// What happened before. Nothing is killed there, unless it says so.
    pub before: &'static [Step],
    /// What the process is killed in.
    pub act: &'static [Step],
    /// Whether a customer who has the address pays while the process is dead, or else when all has come to rest.
    pub pays_at_once: bool,
    /// Whether the phone was signed in before.
    pub signed_in: bool,
    /// The event that it comes to when nobody is killed; empty where there is none of its own.
    pub tells: &'static str,
    /// Whether the operation speaks to the provider.
    pub asks: bool,
}

const fn of(name: &'static str, before: &'static [Step], act: &'static [Step]) -> Scenario {
    Scenario { name, provider: |_| {}, before, act, pays_at_once: false, signed_in: true, tells: "", asks: true }
}

impl Scenario {
    const fn at(self, provider: fn(&mut Options)) -> Self {
        Self { provider, ..self }
    }

    const fn paid_at_once(self) -> Self {
        Self { pays_at_once: true, ..self }
    }

    const fn tells(self, tells: &'static str) -> Self {
        Self { tells, ..self }
    }

    const fn silent(self) -> Self {
        Self { asks: false, ..self }
    }

    const fn signed_out(self) -> Self {
        Self { signed_in: false, ..self }
    }
}

const OPEN: Step = Do("open");
const WORK: Step = Do("work");
/// After an unclear attempt, a look-up is due a second later.
const A_MOMENT: Step = Pass(2_000);
/// After this, a listing proves something (rule 14).
const A_MINUTE: Step = Pass(61_000);
/// And after this, a second one does.
const FIVE_MINUTES: Step = Pass(301_000);
/// Longer than a look-up waits when the seller says "wait".
const TEN_MINUTES: Step = Pass(601_000);
const A_QUARTER: Step = Pass(901_000);
const REPLY_LOST: Step = Step::Trouble(&Trouble::DropReply);
const NEVER_ARRIVES: Step = Step::Trouble(&Trouble::CutRequest { after: 40 });

fn unlisted(options: &mut Options) {
    options.listing = Listing::Forbidden;
}

fn one_per_reference(options: &mut Options) {
    options.duplicates = Duplicates::Refused(409);
}

const LOST: &[Step] = &[OPEN, Do("create copy"), WORK, Do("close"), OPEN, LosesLog, Start];
const CUT: &[Step] = &[OPEN, Do("create copy"), WORK, Do("close"), OPEN, Do("refresh"), Do("front"), CutsLog, Start];
const TWO_WAIT: &[Step] = &[Do("open_offline"), Do("create copy"), Do("create sms")];
const SOLD: &[Step] = &[OPEN, Do("create copy"), WORK];
const RESERVED: &[Step] = &[OPEN, Do("create reserve"), WORK, Visit, Pay];
const HELD: &[Step] = &[OPEN, Do("create sms"), REPLY_LOST, WORK, A_MOMENT, WORK];
const REFUSED: &[Step] = &[OPEN, Do("create copy"), Refuse(400), WORK];
const UNCLEAR: &[Step] = &[OPEN, Do("create copy"), REPLY_LOST, WORK];

/// All of them.
pub const SCENARIOS: &[Scenario] = &[
    of("open, a new phone", &[], &[OPEN]).silent(),
    of("open, after a clean end", &[OPEN, Do("create copy"), Do("close")], &[OPEN, WORK]).tells("link_created"),
    // The token, the profile, and the create whose reply nobody hears.
    of("open, after a kill", &[OPEN, Do("create copy"), Dies("work", 16), Start], &[OPEN, WORK]).tells("link_adopted"),
    of("open, the log is lost", LOST, &[OPEN, Do("recovered"), A_MINUTE, WORK]),
    of("open, the log is cut", CUT, &[OPEN, Do("recovered"), A_MINUTE, WORK]),
    of("suspend and resume", SOLD, &[Do("suspend"), Do("resume"), A_MINUTE, WORK]),
    of("close", UNCLEAR, &[Do("close")]).silent(),
    of("sign in", &[Do("open_offline"), Do("create copy"), Do("online")], &[Do("sign_in"), WORK])
        .tells("link_created")
        .signed_out(),
    of("sign out", SOLD, &[Do("sign_out")]).silent(),
    of("online, two wait", TWO_WAIT, &[Do("online"), WORK]).tells("sms_sent"),
    of("create", &[OPEN], &[Do("create copy"), WORK]).tells("link_created"),
    of("create, sent from the phone", &[OPEN], &[Do("create phone"), WORK, Do("share"), WORK]).tells("shared"),
    of("create, paid meanwhile", &[OPEN], &[Do("create copy"), WORK]).tells("link_created").paid_at_once(),
    of("create by SMS", &[OPEN], &[Do("create sms"), WORK]).tells("sms_sent"),
    of("create by SMS, paid meanwhile", &[OPEN], &[Do("create sms"), WORK]).tells("sms_sent").paid_at_once(),
    of("create by SMS, unlisted", &[OPEN], &[Do("create sms"), WORK]).tells("sms_sent").at(unlisted),
    of("create, the reply is lost", &[OPEN], &[Do("create copy"), REPLY_LOST, WORK, A_MOMENT, WORK])
        .tells("link_adopted"),
    of(
        "create, it never arrived",
        &[OPEN],
        &[Do("create copy"), NEVER_ARRIVES, WORK, A_MOMENT, WORK, Pass(3_000), WORK],
    )
    .tells("link_created"),
    of(
        "create, the reply is lost and a second is refused",
        &[OPEN],
        &[
            Do("create copy"),
            REPLY_LOST,
            WORK,
            A_MOMENT,
            WORK,
            Pass(3_000),
            WORK,
            A_MOMENT,
            WORK,
            Pass(20_000),
            WORK,
            Pass(120_000),
            WORK,
        ],
    )
    .tells("rejected")
    .at(|options| {
        unlisted(options);
        one_per_reference(options);
    }),
    of("create by SMS, the reply is lost", &[OPEN], &[Do("create sms"), REPLY_LOST, WORK, A_MOMENT, WORK])
        .tells("link_adopted"),
    of(
        "create by SMS, it never arrived",
        &[OPEN],
        &[
            Do("create sms"),
            NEVER_ARRIVES,
            WORK,
            A_MINUTE,
            // What is made after it shows that a listing has come that far.
            Do("create copy"),
            WORK,
            A_MINUTE,
            WORK,
            FIVE_MINUTES,
            WORK,
            Pass(3_000),
            WORK,
        ],
    )
    .tells("sms_sent"),
    of("a stray is cancelled", UNCLEAR_AND_AGAIN, &[A_QUARTER, WORK]).tells("stray_cancelled").at(late_listing),
    of("cancel, never sent", &[Do("open_offline"), Do("create copy")], &[Do("cancel"), Do("online"), WORK])
        .tells("cancelled")
        .silent(),
    of("cancel", SOLD, &[Do("cancel"), WORK]).tells("cancelled"),
    of("cancel, paid meanwhile", SOLD, &[Do("cancel"), WORK]).tells("cancelled").paid_at_once(),
    of("cancel, paid before", SOLD, &[Visit, Pay, Do("cancel"), WORK]).tells("captured"),
    of("cancel, reserved before", RESERVED, &[Do("cancel"), WORK]).tells("voided"),
    of("cancel, while it is unclear", UNCLEAR, &[Do("cancel"), A_MOMENT, WORK, A_MOMENT, WORK]).tells("cancelled"),
    of("retry", REFUSED, &[Do("retry"), WORK]).tells("link_created"),
    of("discard", REFUSED, &[Do("discard"), WORK]).tells("discarded").silent(),
    of("discard, it may have been sent", HELD, &[Do("discard"), A_QUARTER, WORK]).tells("discarded").at(unlisted),
    of("resolve_unknown: wait", HELD, &[Do("answer wait"), TEN_MINUTES, WORK]).tells("held").at(unlisted),
    of("resolve_unknown: send again", HELD, &[Do("answer send_again"), WORK]).tells("sms_sent").at(unlisted),
    of("resolve_unknown: send from the phone", HELD, &[Do("answer send_from_phone"), WORK, Do("share")])
        .tells("shared")
        .at(unlisted),
    of("mark_shared", SOLD, &[Do("share"), WORK]).tells("shared"),
    of("sync, opened", SOLD, &[Visit, Do("sync")]).tells("opened"),
    of("sync, paid", SOLD, &[Visit, Pay, Do("sync")]).tells("captured"),
    of("refresh, acknowledge, in front", SOLD, &[Visit, Do("refresh"), WORK, Do("acknowledge"), Do("front")])
        .tells("opened"),
];

/// The first session shows in lists only after the second was made.
const UNCLEAR_AND_AGAIN: &[Step] = &[OPEN, Do("create copy"), REPLY_LOST, WORK, A_MOMENT, WORK, Pass(3_000), WORK];

fn late_listing(options: &mut Options) {
    options.list_lag_ms = 180_000;
}

/// The rule of a trouble.
pub fn on_create(trouble: &Trouble) -> Rule {
    Rule::on("POST", "/v1/sessions", trouble.clone())
}

/// The fault of a refusal.
pub fn refusal(status: u16) -> Fault {
    Fault::on("POST", "/v1/sessions").answer(status)
}
