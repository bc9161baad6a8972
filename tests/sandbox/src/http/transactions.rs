//! The merchant's transaction endpoints. `includes` is accepted and ignored.

use super::sessions::{need_read, need_write, ok};
use super::{Reply, Request};
use crate::engine::{ApiError, Done, Engine, Operation, OperationRequest, TransactionQuery};

pub(super) fn read(engine: &mut Engine, id: &str) -> Result<Reply, ApiError> {
    need_read(engine)?;
    engine.read_transaction(id).map(ok)
}

pub(super) fn list(engine: &mut Engine, request: &Request) -> Result<Reply, ApiError> {
    need_read(engine)?;
    engine.list_transactions(&TransactionQuery::parse(&request.query)?).map(ok)
}

pub(super) fn update(engine: &mut Engine, request: &Request, id: &str) -> Result<Reply, ApiError> {
    need_write(engine)?;
    engine.set_reference_2(id, &request.read_json()?).map(ok)
}

pub(super) fn operate(engine: &mut Engine, request: &Request, id: &str, what: &str) -> Result<Reply, ApiError> {
    let operation = match what {
        "capture" => Operation::Capture,
        "refund" => Operation::Refund,
        "void" => Operation::Void,
        _ => return Err(super::route::unknown(request)),
    };
    need_write(engine)?;
    let wish = OperationRequest::parse(operation, &request.read_json()?)?;
    Ok(match engine.operate(operation, id, wish)? {
        Done::Now(transaction) => ok(transaction),
        Done::Later { transaction, request_id } => Reply::json(202, &transaction).with("event-request-id", &request_id),
    })
}
