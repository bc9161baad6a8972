//! Whether a message of the provider has reached the customer (rule 11): only the provider's word counts.

use super::facts::{PublishStatus, Published, SessionEvent, SessionEventName};
use super::{Delivered, EventKind};

/// What the provider was asked to do, and of what kind the account is.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Whether it was to send an SMS or a push.
    pub to_send: bool,
    /// Whether the account sends at all: a test account does not (facts 4).
    pub production: bool,
    /// Whether the only method is an app, so that it makes a push of it. What it then calls it is not published (facts 4).
    pub by_push: bool,
}

/// What the messages and events of the provider prove about delivery, and the event that reports it.
///
/// | told | then |
/// |---|---|
/// | nothing was to be sent, or on a test account | `ready` |
/// | sent, or a push was | `sent` |
/// | skipped, failed | `ready`, and it is said |
/// | nothing | `probably_sent`: another one would be a second |
#[must_use]
pub fn judge(asked: Asked, published: &[Published], events: &[SessionEvent]) -> (Delivered, Option<EventKind>) {
    if !asked.to_send {
        return (Delivered::Ready, None);
    }
    let of = |status| published.iter().find(|one| one.status.as_ref() == Some(&status));
    if events.iter().any(|event| event.name == SessionEventName::PushSent) {
        return (Delivered::Sent, Some(EventKind::PushSent));
    }
    match of(PublishStatus::Sent) {
        _ if !asked.production => (Delivered::Ready, Some(EventKind::NotDelivered)),
        Some(one) if one.push || asked.by_push => (Delivered::Sent, Some(EventKind::PushSent)),
        Some(_) => (Delivered::Sent, Some(EventKind::SmsSent)),
        None if of(PublishStatus::Skipped).or_else(|| of(PublishStatus::Failed)).is_some() => {
            (Delivered::Ready, Some(EventKind::NotDelivered))
        }
        None => (Delivered::ProbablySent, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(production: bool, status: Option<PublishStatus>) -> (Delivered, Option<EventKind>) {
        judge(Asked { to_send: true, production, by_push: false }, &[Published { push: false, status }], &[])
    }

    #[test]
    fn only_the_providers_word_makes_it_sent_never_its_silence() {
        let ready = (Delivered::Ready, Some(EventKind::NotDelivered));
        assert_eq!(judged(true, Some(PublishStatus::Sent)), (Delivered::Sent, Some(EventKind::SmsSent)));
        assert_eq!(judged(true, Some(PublishStatus::Skipped)), ready);
        assert_eq!(judged(true, Some(PublishStatus::Failed)), ready);
        assert_eq!(judged(true, Some(PublishStatus::Other("queued".to_owned()))), (Delivered::ProbablySent, None));
        assert_eq!(judged(true, None), (Delivered::ProbablySent, None));
        assert_eq!(judged(false, Some(PublishStatus::Sent)), ready, "a test account sends nothing");
        let unasked = Asked { to_send: false, production: true, by_push: false };
        assert_eq!(judge(unasked, &[], &[]), (Delivered::Ready, None));
    }
}
