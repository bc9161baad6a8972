//! The provider behind axum: one handler for every path, since the paths are the provider's own.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request as HttpRequest, State};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};

use crate::engine::ApiError;
use crate::http::{Provider, Reply, Request};

/// The largest body that is read; the provider's own limit is not published (assumption).
const MAX_BODY: usize = 1024 * 1024;

/// Who a request comes from, put into its extensions by the server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) std::net::IpAddr);

/// The provider as an axum router, also usable in-process as a tower service.
pub fn router(provider: Provider) -> Router {
    Router::new().fallback(answer).with_state(provider)
}

async fn answer(State(provider): State<Provider>, request: HttpRequest) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let mut read = Request::new(parts.method.as_str(), &parts.uri.to_string());
    read.path = parts.uri.path().to_owned();
    read.headers = parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    read.peer = parts.extensions.get::<Peer>().map(|peer| peer.0.to_string());
    match to_bytes(body, MAX_BODY).await {
        Ok(body) => read.body = body.to_vec(),
        Err(_) => {
            let error = ApiError::new(413, "PAYLOAD_TOO_LARGE", "the body is too large");
            return write(provider.refuse(&read, error));
        }
    }
    let plan = provider.admit(&read);
    if !plan.delay_before.is_zero() {
        tokio::time::sleep(plan.delay_before).await;
    }
    let (reply, delay) = provider.perform(&read, plan);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    write(reply)
}

fn write(reply: Reply) -> Response<Body> {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in &reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
