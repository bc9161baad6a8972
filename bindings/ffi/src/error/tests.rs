use super::*;
use paylink_core::link::{Action, LinkStatus, ReasonCode};
use paylink_core::order::Problem;
use paylink_core::{ErrorCode, ProblemCode, StorageKind};
use std::task::{Context, Waker};

fn of_the_core() -> Vec<Core> {
    let reason = || "no_network".to_owned();
    vec![
        Core::Refused { problems: vec![Problem::on("amount", ProblemCode::Required)] },
        Core::NotFound { what: "link".to_owned() },
        Core::NotAllowed { action: Action::Cancel, status: LinkStatus::Captured },
        Core::StillNeeded { references: vec!["HON-7K3M9X-1".to_owned()] },
        Core::Unsent { count: 3 },
        Core::SignInNeeded { reason: ReasonCode::SignedOut },
        Core::InUse,
        Core::Suspended,
        Core::Closed,
        Core::Config { field: "origin".to_owned(), reason: "is not https".to_owned() },
        Core::Storage { kind: StorageKind::Full, reason: "disk full".to_owned() },
        Core::Network { reason: ReasonCode::NoNetwork },
        Core::Internal { reason: reason() },
    ]
}

#[test]
fn every_error_keeps_its_code_its_fields_and_its_words() {
    for error in of_the_core() {
        let json = serde_json::to_value(&error).unwrap();
        let (words, error_code) = (error.to_string(), Coded::Known(error.code()));
        let crossed = PaylinkError::from(error);
        assert_eq!(crossed.code().code(), json["code"], "{words}");
        assert_eq!(error_code, crossed.code());
        assert_eq!(crossed.to_string(), words);
        let shown = format!("{crossed:?}");
        for (field, value) in json.as_object().unwrap().iter().filter(|(field, _)| *field != "code") {
            assert!(shown.contains(field.as_str()), "{shown} has no {field}");
            let Some(text) = value.as_str() else { continue };
            assert!(shown.to_lowercase().contains(&text.replace('_', "")) || shown.contains(text), "{shown}: {text}");
        }
    }
}

#[test]
fn a_panic_is_an_internal_error_that_quotes_nobody() {
    let error = contained::<(), PaylinkError>(|| panic!("Kari Nordmann, 47465724")).unwrap_err();
    assert_eq!(error.code(), ErrorCode::Internal);
    assert!(!format!("{error:?} {error}").contains("Kari"));
}

#[test]
fn a_panic_of_a_call_that_waits_is_an_internal_error_too() {
    let mut call = pin!(contained_async::<(), PaylinkError>(async { panic!("Kari Nordmann") }));
    let Poll::Ready(Err(error)) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("it goes on");
    };
    assert_eq!(error.code(), ErrorCode::Internal);
}

#[test]
fn what_goes_well_comes_through() {
    assert_eq!(contained::<_, PaylinkError>(|| Ok(7)), Ok(7));
    assert_eq!(contained::<(), _>(|| Err(Core::Closed)), Err(PaylinkError::Closed));
}
