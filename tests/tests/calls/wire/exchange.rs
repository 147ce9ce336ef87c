//! Calls that are compared with their expected requests.

use super::client::{KEY, QUOTA_PROJECT, TOKEN, authenticated};
use super::documents::{Methods, operations_methods};
use super::server::Server;
use gapi::gapi_runtime::{Service, codegen::MethodInfo};

/// The API-wide parameters as [`exchange!`] sets them, in its order.
const STANDARD_QUERY: &str = "%24.xgafv=2&access_token=a+b&callback=c%2Ad&fields=operations%28name%29&key=%C3%A9&\
                              oauth_token=o%2Fp&prettyPrint=false&quotaUser=u%26v&uploadType=media&upload_protocol=raw";

/// A server and its received requests, of one API version.
pub(super) struct Exchange {
    version: &'static str,
    server: Server,
    covered: Methods,
    checked: usize,
}

impl Exchange {
    /// Starts a server, with a client of the API with all kinds of credentials.
    pub(super) async fn start<S: Service>(version: &'static str) -> (Self, S) {
        let server = Server::start([]).await;
        let client = authenticated(&server).await;
        let exchange = Self {
            version,
            server,
            covered: Methods::new(),
            checked: 0,
        };
        (exchange, client)
    }

    /// Compares the last request with the expected one, byte for byte.
    ///
    /// `target` is the verb, the path and the call's own query.
    pub(super) fn check(
        &mut self,
        method: &MethodInfo,
        target: &str,
        body: Option<&str>,
        standard: bool,
    ) {
        let requests = self.server.requests();
        assert_eq!(
            requests.len(),
            self.checked + 1,
            "{}: one request for one call",
            method.id
        );
        self.checked += 1;
        let request = &requests[requests.len() - 1];

        let mut line = target.to_owned();
        line.push(if target.contains('?') { '&' } else { '?' });
        if standard {
            line.push_str(STANDARD_QUERY);
            line.push('&');
        }
        line.push_str("alt=json HTTP/1.1");
        assert_eq!(request.line, line, "{}", method.id);

        let mut headers = request.headers.clone();
        headers.sort();
        let mut expected = self.headers(target, body);
        // Their responses are of any media type.
        if method.id.contains("-fhir-operation") {
            expected[0] = ("accept".to_owned(), "*/*".to_owned());
        }
        assert_eq!(headers, expected, "{}", method.id);
        assert_eq!(
            String::from_utf8_lossy(&request.body),
            body.unwrap_or_default(),
            "{}",
            method.id
        );

        let query = request.line.split(['?', ' ']).nth(2).unwrap();
        self.covered
            .entry(method.id.to_owned())
            .or_default()
            .extend(query.split('&').map(|parameter| {
                let name = parameter.split('=').next().unwrap_or_default();
                name.replace("%24", "$")
            }));
    }

    /// Returns all headers that the request should have, sorted.
    fn headers(&self, target: &str, body: Option<&str>) -> Vec<(String, String)> {
        let mut headers = vec![
            ("accept", "application/json".to_owned()),
            ("accept-encoding", "gzip".to_owned()),
            ("authorization", format!("Bearer {TOKEN}")),
            ("host", self.server.host()),
            (
                "user-agent",
                concat!("gapi/", env!("CARGO_PKG_VERSION"), " (gzip)").to_owned(),
            ),
            (
                "x-goog-api-client",
                concat!(
                    "gl-rust/",
                    env!("CARGO_PKG_RUST_VERSION"),
                    " gdcl/",
                    env!("CARGO_PKG_VERSION")
                )
                .to_owned(),
            ),
            ("x-goog-api-key", KEY.to_owned()),
            ("x-goog-user-project", QUOTA_PROJECT.to_owned()),
        ];
        if target.starts_with("POST ") {
            let length = body.unwrap_or_default().len();
            headers.push(("content-length", length.to_string()));
        }
        if body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        let mut headers: Vec<_> = headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        headers.sort();
        headers
    }

    /// Checks that every method of every `operations` resource was called with every query parameter of its document.
    pub(super) fn finish(self) {
        let documented = operations_methods(self.version);
        assert!(!documented.is_empty());
        assert_eq!(self.covered, documented, "{}", self.version);
    }
}

/// Sends a call twice, without and with all API-wide parameters, and compares the received requests.
///
/// The traits and types of the API's parameters must be in scope.
macro_rules! exchange {
    ($exchange:expr, $call:expr, $target:expr $(, $body:literal)?) => {{
        use gapi::gapi_runtime::Call;
        let exchange = &mut $exchange;
        let body: Option<&str> = None $(.or(Some($body)))?;
        let call = $call;
        call.clone().send().await.unwrap();
        exchange.check(call.request().method(), $target, body, false);
        let call = call
            .xgafv(Xgafv::V2)
            .access_token("a b")
            .callback("c*d")
            .fields("operations(name)")
            .key("é")
            .oauth_token("o/p")
            .pretty_print(false)
            .quota_user("u&v")
            .upload_type("media")
            .upload_protocol("raw");
        call.clone().send().await.unwrap();
        exchange.check(call.request().method(), $target, body, true);
    }};
}

pub(super) use exchange;
