//! JSON Web Tokens with RS256 (RFC 7515, 7519).

use crate::files::KEY;
use crate::tls::decoded as key_bytes;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey,
};
use serde_json::Value;
use std::sync::OnceLock;

/// The key of all service accounts.
fn key() -> &'static KeyPair {
    static PAIR: OnceLock<KeyPair> = OnceLock::new();
    PAIR.get_or_init(|| KeyPair::from_pkcs8(&key_bytes(KEY)).unwrap())
}

/// Decodes a segment. yup-oauth2 pads it, which RFC 7515 forbids and Google accepts.
fn bytes(segment: &str) -> Option<Vec<u8>> {
    let unpadded = segment.trim_end_matches('=');
    BASE64_URL_SAFE_NO_PAD.decode(unpadded).ok()
}

fn segment(text: &str) -> Option<Value> {
    serde_json::from_slice(&bytes(text)?).ok()
}

/// Returns header and claims of a token, without checking its signature.
pub fn decoded(token: &str) -> Option<(Value, Value)> {
    let mut segments = token.split('.');
    let decoded = (segment(segments.next()?)?, segment(segments.next()?)?);
    (segments.count() == 1).then_some(decoded)
}

/// Returns header and claims of a token that the key of the service accounts has signed.
pub(crate) fn verified(token: &str) -> Option<(Value, Value)> {
    let (signed, signature) = token.rsplit_once('.')?;
    let signature = bytes(signature)?;
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key().public_key());
    public.verify(signed.as_bytes(), &signature).ok()?;
    decoded(token)
}

/// Signs claims.
pub(crate) fn signed(key_id: &str, claims: &str) -> String {
    let header = serde_json::json!({"alg": "RS256", "kid": key_id, "typ": "JWT"}).to_string();
    let [header, claims] =
        [header.as_str(), claims].map(|text| BASE64_URL_SAFE_NO_PAD.encode(text));
    let message = format!("{header}.{claims}");
    let mut signature = vec![0; key().public().modulus_len()];
    key()
        .sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            message.as_bytes(),
            &mut signature,
        )
        .unwrap();
    format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_token_is_rejected() {
        let token = signed("k", r#"{"iss": "robot"}"#);
        assert_eq!(verified(&token).unwrap().1["iss"], "robot");
        let other = signed("k", r#"{"iss": "other"}"#);
        let (_, signature) = other.rsplit_once('.').unwrap();
        let (message, _) = token.rsplit_once('.').unwrap();
        assert_eq!(verified(&format!("{message}.{signature}")), None);
    }
}
