//! The proxies of the environment, as curl reads them.

use http::header::{HeaderMap, HeaderValue, PROXY_AUTHORIZATION};
use http::uri::{Scheme, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

/// The proxies for `http` and `https`, and the hosts that are reached without them.
pub(super) struct Proxies(Matcher);

impl Proxies {
    /// Reads `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper case first. A CGI program has none, because a
    /// request can set `HTTP_PROXY` there.
    pub(super) fn of_environment() -> Self {
        Self::new(Matcher::from_system())
    }

    /// Returns no proxies.
    #[cfg(feature = "auth")]
    pub(super) fn none() -> Self {
        Self::new(Matcher::builder().build())
    }

    pub(super) fn new(matcher: Matcher) -> Self {
        Self(matcher)
    }

    /// Returns the proxy for requests to a host, if there is one.
    pub(super) fn of(&self, uri: &Uri) -> Option<Intercept> {
        self.0.intercept(uri)
    }

    /// Adds the credentials for the proxy to a request that passes it in plain text, and returns them.
    pub(super) fn authorize(&self, uri: &Uri, headers: &mut HeaderMap) -> Option<HeaderValue> {
        let is_plain = uri.scheme() == Some(&Scheme::HTTP);
        if !is_plain || headers.contains_key(PROXY_AUTHORIZATION) {
            return None;
        }
        let credentials = self.of(uri)?.basic_auth()?.clone();
        headers.insert(PROXY_AUTHORIZATION, credentials.clone());
        Some(credentials)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authorized(proxies: &Proxies, uri: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        let added = proxies.authorize(&Uri::from_static(uri), &mut headers);
        assert_eq!(added.as_ref(), headers.get(PROXY_AUTHORIZATION));
        let value = headers.get(PROXY_AUTHORIZATION)?;
        assert!(value.is_sensitive());
        Some(value.to_str().unwrap().to_owned())
    }

    fn proxies(http: &str, no: &str) -> Proxies {
        Proxies::new(Matcher::builder().http(http).no(no).build())
    }

    #[test]
    fn only_plain_requests_to_a_proxy_carry_its_credentials() {
        let with = proxies(
            "http://Aladdin:open%20sesame@proxy.example:3128",
            "near.example, 10.0.0.0/8",
        );
        let basic = Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==".to_owned());
        for (uri, expected) in [
            ("http://far.example/", basic.clone()),
            ("http://far.example:8080/x?y", basic.clone()),
            ("https://far.example/", None),
            ("http://near.example/", None),
            ("http://deeper.near.example:8080/", None),
            ("http://10.1.2.3/", None),
            ("http://[::1]/", basic),
        ] {
            assert_eq!(authorized(&with, uri), expected, "{uri}");
        }
        for without in [
            proxies("http://proxy.example:3128", ""),
            proxies("http://Aladdin:open@proxy.example:3128", "*"),
            proxies("", ""),
        ] {
            assert_eq!(authorized(&without, "http://far.example/"), None);
        }
    }

    #[test]
    fn a_header_of_the_request_stays() {
        let with = proxies("http://a:b@proxy.example", "");
        let mut headers = HeaderMap::new();
        headers.insert(PROXY_AUTHORIZATION, "Own".parse().unwrap());
        let added = with.authorize(&Uri::from_static("http://far.example/"), &mut headers);
        assert_eq!(added, None);
        assert_eq!(headers.get(PROXY_AUTHORIZATION).unwrap(), "Own");
        assert_eq!(headers.len(), 1);
    }
}
