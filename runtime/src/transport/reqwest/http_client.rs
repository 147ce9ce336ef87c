//! HTTP clients with settings of the application.

use super::{restricted, unbuilt};
use std::fmt;

const FOLLOWS: &str = "the HTTP client may follow redirects, which would carry API keys to other hosts: pass its \
    `ClientBuilder`, or build it with `redirect(Policy::none())`";

/// An HTTP client of reqwest, for [`ClientBuilder::http_client`](crate::ClientBuilder::http_client) and
/// [`Reqwest::with_client`](crate::Reqwest::with_client). It is made of a [`reqwest::ClientBuilder`], or of a
/// [`reqwest::Client`] that follows no redirects.
///
/// [`reqwest::ClientBuilder`]: https://docs.rs/reqwest/latest/reqwest/struct.ClientBuilder.html
/// [`reqwest::Client`]: https://docs.rs/reqwest/latest/reqwest/struct.Client.html
pub struct HttpClient(Kind);

enum Kind {
    Builder(Box<reqwest::ClientBuilder>),
    Built(reqwest::Client),
}

impl HttpClient {
    /// Returns a client that follows no redirects.
    pub(super) fn built(self) -> Result<reqwest::Client, String> {
        match self.0 {
            Kind::Builder(builder) => {
                if !crate::tls::is_ready() {
                    // reqwest would panic.
                    return Err(crate::tls::MISSING.to_owned());
                }
                restricted(*builder).build().map_err(unbuilt)
            }
            Kind::Built(client) if follows_nothing(&client) => Ok(client),
            Kind::Built(_) => Err(FOLLOWS.to_owned()),
        }
    }
}

/// Returns `true` if a client certainly follows no redirects.
///
/// reqwest shows the policy of a client only in its `Debug`. If that changes, all such clients are rejected.
fn follows_nothing(client: &reqwest::Client) -> bool {
    format!("{client:?}").contains(r#"redirect_policy: "Policy(None)""#)
}

impl From<reqwest::ClientBuilder> for HttpClient {
    fn from(builder: reqwest::ClientBuilder) -> Self {
        Self(Kind::Builder(Box::new(builder)))
    }
}

impl From<reqwest::Client> for HttpClient {
    fn from(client: reqwest::Client) -> Self {
        Self(Kind::Built(client))
    }
}

/// Not the client: it would show the headers that it adds to each request, and its proxies.
impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::redirect::Policy;

    fn built(policy: Option<Policy>) -> Result<reqwest::Client, String> {
        crate::tls::install_tls_provider();
        let mut builder = reqwest::Client::builder();
        if let Some(policy) = policy {
            builder = builder.redirect(policy);
        }
        HttpClient::from(builder.build().unwrap()).built()
    }

    #[test]
    fn case_c5_a_client_that_may_follow_redirects_is_rejected() {
        assert!(built(Some(Policy::none())).is_ok());
        for policy in [
            None,
            Some(Policy::limited(0)),
            Some(Policy::limited(3)),
            Some(Policy::custom(|attempt| match attempt.previous() {
                [] => attempt.follow(),
                _ => attempt.stop(),
            })),
        ] {
            assert_eq!(built(policy).unwrap_err(), FOLLOWS);
        }
        // A header cannot pretend that there is such a policy.
        let value = r#"redirect_policy: "Policy(None)""#.parse().unwrap();
        let headers = reqwest::header::HeaderMap::from_iter([(reqwest::header::ACCEPT, value)]);
        let client = reqwest::Client::builder().default_headers(headers);
        assert!(HttpClient::from(client.build().unwrap()).built().is_err());
    }

    #[test]
    fn case_c5_a_builder_is_told_to_follow_none() {
        crate::tls::install_tls_provider();
        for builder in [
            reqwest::Client::builder(),
            reqwest::Client::builder().redirect(Policy::limited(3)),
        ] {
            assert!(follows_nothing(&HttpClient::from(builder).built().unwrap()));
        }
    }
}
