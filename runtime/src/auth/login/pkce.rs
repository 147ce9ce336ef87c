//! The random values of a login: the state, and the code verifier of PKCE (RFC 7636).

use super::super::sign::sha256;
use crate::credentials::CredentialsError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The number of random bytes in each value. RFC 7636, section 7.1, recommends 256 bits.
const ENTROPY: usize = 32;

/// The random values of one authorization request. It has no `Debug`, because they are secrets until the login ends.
pub(super) struct Secrets {
    /// Links the redirect to the request, so that no other page can end the login (RFC 6749, section 10.12).
    pub(super) state: String,
    /// Proves to the token server that this process made the request.
    pub(super) verifier: String,
}

impl Secrets {
    pub(super) fn new() -> Result<Self, CredentialsError> {
        Ok(Self {
            state: random()?,
            verifier: random()?,
        })
    }

    /// Returns the code challenge of the method `S256`.
    pub(super) fn challenge(&self) -> Result<String, CredentialsError> {
        challenge(&self.verifier)
    }

    /// Returns `true` if this is the state.
    ///
    /// The time does not depend on the position of the first difference. Otherwise a local process that measures many
    /// responses could find the state byte by byte. The length is not a secret.
    pub(super) fn has_state(&self, state: &str) -> bool {
        let pairs = self.state.bytes().zip(state.bytes());
        let difference = pairs.fold(0, |difference, (a, b)| difference | (a ^ b));
        std::hint::black_box(difference) == 0 && self.state.len() == state.len()
    }
}

fn challenge(verifier: &str) -> Result<String, CredentialsError> {
    Ok(URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes())?))
}

fn random() -> Result<String, CredentialsError> {
    let mut bytes = [0; ENTROPY];
    getrandom::fill(&mut bytes).map_err(|_| {
        CredentialsError::permanent("the operating system has no random numbers for a login")
    })?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        // RFC 7636, appendix B.
        crate::install_tls_provider();
        let challenge = challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn values_are_long_and_never_the_same() {
        let (a, b) = (Secrets::new().unwrap(), Secrets::new().unwrap());
        let all = [&a.state, &a.verifier, &b.state, &b.verifier];
        assert!(all.iter().all(|text| text.len() == 43));
        let distinct: std::collections::BTreeSet<_> = all.into_iter().collect();
        assert_eq!(distinct.len(), 4);
    }

    #[test]
    fn only_the_whole_state_is_the_state() {
        let secrets = Secrets::new().unwrap();
        let state = secrets.state.clone();
        assert!(secrets.has_state(&state));
        for wrong in [
            "",
            &state[1..],
            &state[..42],
            &format!("{state}A"),
            &secrets.verifier,
        ] {
            assert!(!secrets.has_state(wrong), "{wrong}");
        }
    }
}
