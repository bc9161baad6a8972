//! When an operation is allowed and where it leads.
//!
//! | operation | allowed in | amount | then |
//! |---|---|---|---|
//! | capture | AUTHORIZED, PARTIALLY_CAPTURED | up to what is still reserved | CAPTURED, PARTIALLY_CAPTURED |
//! | refund | CAPTURED, PARTIALLY_REFUNDED, PARTIALLY_CAPTURED, PARTIALLY_CAPTURED_REFUNDED | up to what was taken and not given back | REFUNDED, PARTIALLY_REFUNDED, PARTIALLY_CAPTURED_REFUNDED |
//! | void | AUTHORIZED, ON_HOLD; PARTIALLY_CAPTURED for some methods | | AUTHORIZATION_VOIDED; the rest is released |

use super::transaction::{Status, Transaction};
use super::{ApiError, Operation, OperationRequest};

/// The status that the operation leads to and the amount it moves, or why it is not allowed.
pub(super) fn outcome(
    transaction: &Transaction,
    operation: Operation,
    request: &OperationRequest,
) -> Result<(Status, i64), ApiError> {
    let refused = |why: &str| Err(ApiError::new(400, "BAD_REQUEST", why));
    let (amount, captured, refunded) = (request.amount.unwrap_or_default(), transaction.captured, transaction.refunded);
    let status = transaction.status;
    match operation {
        Operation::Capture => {
            if !matches!(status, Status::Authorized | Status::PartiallyCaptured) || transaction.closed {
                return refused("the transaction cannot be captured");
            }
            if amount > transaction.amount - captured {
                return refused("amount is more than what is reserved");
            }
            let whole = captured + amount == transaction.amount || request.final_capture;
            Ok((if whole { Status::Captured } else { Status::PartiallyCaptured }, amount))
        }
        Operation::Refund => {
            let partial = matches!(status, Status::PartiallyCaptured | Status::PartiallyCapturedRefunded);
            if !partial && !matches!(status, Status::Captured | Status::PartiallyRefunded) {
                return refused("the transaction cannot be refunded");
            }
            if amount > captured - refunded {
                return refused("amount is more than what was captured");
            }
            let whole = refunded + amount == captured;
            Ok((
                match (partial, whole) {
                    (true, _) => Status::PartiallyCapturedRefunded,
                    (false, true) => Status::Refunded,
                    (false, false) => Status::PartiallyRefunded,
                },
                amount,
            ))
        }
        Operation::Void => match status {
            Status::Authorized | Status::OnHold => Ok((Status::AuthorizationVoided, transaction.amount)),
            // assumption: with its rest released a partial capture counts as the whole.
            Status::PartiallyCaptured if transaction.method.releases_rest() && !transaction.closed => {
                Ok((Status::Captured, transaction.amount - captured))
            }
            _ => refused("the transaction cannot be voided"),
        },
    }
}
