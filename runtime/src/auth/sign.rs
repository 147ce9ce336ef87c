//! Signatures and hashes by the cryptography of rustls.

use crate::credentials::CredentialsError;
use crate::tls;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::SignatureScheme;
use rustls::crypto::CryptoProvider;
use rustls::crypto::hash::{Hash, HashAlgorithm};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::sign::SigningKey;
use serde_json::{Value, json};
use std::fmt;
use std::sync::Arc;

/// The block size of SHA-256, in bytes.
const BLOCK: usize = 64;

/// A private RSA key.
#[derive(Clone)]
pub(super) struct Key(Arc<dyn SigningKey>);

impl Key {
    /// Reads a key in PEM (PKCS #8 or PKCS #1).
    ///
    /// # Errors
    /// The text is not an RSA key. The error quotes nothing of it.
    pub(super) fn from_pem(pem: &str) -> Result<Self, CredentialsError> {
        let problem = |problem: &str| CredentialsError::permanent(problem.to_owned());
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| problem("the private key is not PEM"))?;
        let key = provider()?.key_provider.load_private_key(der);
        let key = key.map_err(|_| problem("the private key cannot be read"))?;
        let this = Self(key);
        this.signer()?;
        Ok(this)
    }

    fn signer(&self) -> Result<Box<dyn rustls::sign::Signer>, CredentialsError> {
        let signer = self.0.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256]);
        signer.ok_or_else(|| CredentialsError::permanent("the private key is not an RSA key"))
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CredentialsError> {
        let signature = self.signer()?.sign(message);
        signature.map_err(|_| CredentialsError::permanent("the private key cannot sign"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

/// Returns a signed JWT (RFC 7519) with these claims. `key_id` names the key in the header.
pub(super) fn rs256(
    key: &Key,
    claims: &Value,
    key_id: Option<&str>,
) -> Result<String, CredentialsError> {
    let mut header = json!({"alg": "RS256", "typ": "JWT"});
    if let Some(key_id) = key_id {
        header["kid"] = key_id.into();
    }
    let [header, claims] = [&header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let mut text = [&header, ".", &claims].concat();
    let signature = key.sign(text.as_bytes())?;
    text.push('.');
    text.push_str(&URL_SAFE_NO_PAD.encode(signature));
    Ok(text)
}

/// Returns the SHA-256 hash of the data.
pub(super) fn sha256(data: &[u8]) -> Result<Vec<u8>, CredentialsError> {
    Ok(hash()?.hash(data).as_ref().to_vec())
}

/// Returns the HMAC-SHA-256 (RFC 2104) of the data.
pub(super) fn hmac_sha256(key: &[u8], data: &[u8]) -> Result<Vec<u8>, CredentialsError> {
    let hash = hash()?;
    let mut block = [0; BLOCK];
    let hashed = hash.hash(key);
    let key = if key.len() > BLOCK {
        hashed.as_ref()
    } else {
        key
    };
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    let padded = |pad: u8, data: &[u8]| {
        let mut context = hash.start();
        context.update(&block.map(|byte| byte ^ pad));
        context.update(data);
        context.finish()
    };
    let inner = padded(0x36, data);
    Ok(padded(0x5c, inner.as_ref()).as_ref().to_vec())
}

fn provider() -> Result<&'static Arc<CryptoProvider>, CredentialsError> {
    let is_ready = tls::is_ready();
    let provider = CryptoProvider::get_default().filter(|_| is_ready);
    provider.ok_or_else(|| CredentialsError::permanent(tls::MISSING))
}

fn hash() -> Result<&'static dyn Hash, CredentialsError> {
    let suites = provider()?.cipher_suites.iter();
    let mut hashes = suites.map(|suite| match suite {
        rustls::SupportedCipherSuite::Tls13(suite) => suite.common.hash_provider,
        rustls::SupportedCipherSuite::Tls12(suite) => suite.common.hash_provider,
    });
    let found = hashes.find(|hash| hash.algorithm() == HashAlgorithm::SHA256);
    found.ok_or_else(|| CredentialsError::permanent("the cryptography for TLS has no SHA-256"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
        digits.collect::<Vec<_>>().concat()
    }

    #[test]
    fn hashes_of_the_standards() {
        assert_eq!(
            hex(&sha256(b"abc").unwrap()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        // RFC 4231, test cases 1, 2 and 6.
        for (key, data, expected) in [
            (
                vec![0x0b; 20],
                "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe".to_vec(),
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                vec![0xaa; 131],
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            assert_eq!(hex(&hmac_sha256(&key, data.as_bytes()).unwrap()), expected);
        }
    }

    #[test]
    fn text_that_is_no_key_is_not_quoted() {
        for (pem, problem) in [
            ("SECRET", "the private key is not PEM"),
            (
                "-----BEGIN PRIVATE KEY-----SECRET",
                "the private key is not PEM",
            ),
            (
                "-----BEGIN PRIVATE KEY-----\nU0VDUkVU\n-----END PRIVATE KEY-----\n",
                "the private key cannot be read",
            ),
        ] {
            let error = Key::from_pem(pem).unwrap_err();
            assert_eq!(error.to_string(), format!("no credentials: {problem}"));
        }
    }
}
