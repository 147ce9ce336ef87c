//! Signatures of requests, by a hook and ring.

use std::fmt::Write as _;

use gapi_runtime::{Attempt, ClientBuilder, Service, http::HeaderValue};
use ring::hmac;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Signs the method, the URL and the body of each attempt with a secret that a gateway shares.
pub fn signed<S: Service>(builder: ClientBuilder<S>, secret: &[u8]) -> ClientBuilder<S> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    builder.try_on_attempt(move |attempt| {
        let signature = HeaderValue::try_from(sign(&key, attempt)?)?;
        attempt.headers_mut().insert("x-signature", signature);
        Ok::<_, Error>(())
    })
}

/// Returns the signature in hexadecimal digits. Media that is read while it is sent cannot be signed.
fn sign(key: &hmac::Key, attempt: &Attempt<'_>) -> Result<String, Error> {
    let body = attempt.body().ok_or("a stream cannot be signed")?;
    let mut context = hmac::Context::with_key(key);
    for part in [attempt.http_method().as_str(), &attempt.uri().to_string()] {
        context.update(part.as_bytes());
        context.update(b"\n");
    }
    context.update(body);
    let mut text = String::new();
    for byte in context.sign().as_ref() {
        write!(text, "{byte:02x}")?;
    }
    Ok(text)
}
