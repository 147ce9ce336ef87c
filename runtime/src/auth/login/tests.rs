//! Logins against a fake authorization server. The browser is a thread, and the token server a `MockTransport`.

mod device;
mod hostile;
mod refresh;
mod shared;
mod user;

use super::session::context;
use super::{OAuthClient, UserLogin};
use crate::auth::sign::sha256;
use crate::auth::store::TokenStore;
use crate::credentials::{CredentialsContext, CredentialsError, CredentialsProvider};
use crate::transport::{MockTransport, Transport};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, MutexGuard};

type Parameters = BTreeMap<String, String>;
type Browse = dyn Fn(&Fake, &Parameters) -> Vec<String> + Send + Sync;

const CLIENT_SECRET: &str = "GOCSPX-s3cret";

/// A fake authorization server, with the browser of its user. Clones are the same.
#[derive(Clone)]
struct Fake(Arc<Mutex<State>>);

struct State {
    /// The code challenge of each code that was not used.
    codes: BTreeMap<String, Parameters>,
    /// The scopes of each refresh token that was not revoked.
    refresh_tokens: BTreeMap<String, String>,
    count: u32,
    /// The parameters of each login page.
    pages: Vec<Parameters>,
    /// The forms that the token server got.
    forms: Vec<Parameters>,
    /// The responses that the browser got, in the order of its requests.
    shown: Vec<String>,
    /// The scopes that the user grants, if not all.
    grants: Option<&'static str>,
    /// Members to add to the responses of the token server. `null` removes a member.
    members: Value,
    /// Responses before those of the server.
    canned: Vec<(u16, Value)>,
    browse: Arc<Browse>,
}

impl Fake {
    fn new() -> Self {
        crate::install_tls_provider();
        Self(Arc::new(Mutex::new(State {
            codes: BTreeMap::new(),
            refresh_tokens: BTreeMap::new(),
            count: 0,
            pages: Vec::new(),
            forms: Vec::new(),
            shown: Vec::new(),
            grants: None,
            members: json!({}),
            canned: Vec::new(),
            browse: Arc::new(|fake, page| vec![fake.allow(page)]),
        })))
    }

    /// Creates a server whose user does this with a login page: returns the queries of redirects.
    fn browsing(
        browse: impl Fn(&Self, &Parameters) -> Vec<String> + Send + Sync + 'static,
    ) -> Self {
        let fake = Self::new();
        fake.lock().browse = Arc::new(browse);
        fake
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn number(&self) -> u32 {
        let mut state = self.lock();
        state.count += 1;
        state.count
    }

    /// Returns the query of the redirect when the user grants the access.
    fn allow(&self, page: &Parameters) -> String {
        let code = format!("4/0A-s3cret-code-{}", self.number());
        self.lock().codes.insert(code.clone(), page.clone());
        format!("iss=https://a.example&state={}&code={code}", page["state"])
    }

    /// A login whose browser is this one.
    fn login(&self, store: &TokenStore) -> UserLogin {
        let fake = self.clone();
        UserLogin::new(client())
            .store(store.clone())
            .open_browser(false)
            .on_prompt(move |prompt| {
                assert!(!prompt.is_browser_open && prompt.user_code.is_none());
                let (fake, url) = (fake.clone(), prompt.url.clone());
                std::thread::spawn(move || fake.visit(&url));
            })
    }

    fn visit(&self, url: &str) {
        let (_, query) = url.split_once('?').unwrap();
        let page = parameters(query);
        self.lock().pages.push(page.clone());
        let browse = Arc::clone(&self.lock().browse);
        for query in browse(self, &page) {
            let (_, rest) = page["redirect_uri"].split_once("//").unwrap();
            let authority = rest.trim_end_matches('/');
            let head = format!("GET /?{query} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
            let shown = request(authority, head.as_bytes());
            self.lock().shown.push(shown.clone());
            if let Some((_, rest)) = shown.split_once("location: ") {
                self.visit(rest.split_once("\r\n").unwrap().0);
            }
        }
    }

    fn transport(&self) -> Arc<dyn Transport> {
        let fake = self.clone();
        Arc::new(MockTransport::with(
            move |request| Ok(fake.respond(request)),
        ))
    }

    fn respond(&self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let form = parameters(str::from_utf8(request.body()).unwrap());
        assert_eq!(request.uri(), "https://t.example/token");
        assert_eq!(form["client_id"], "id");
        assert_eq!(form["client_secret"], CLIENT_SECRET);
        self.lock().forms.push(form.clone());
        let canned = self.lock().canned.pop();
        let (status, json) = canned.unwrap_or_else(|| self.token(&form));
        let mut response = http::Response::new(Bytes::from(json.to_string()));
        *response.status_mut() = status.try_into().unwrap();
        response
    }

    fn token(&self, form: &Parameters) -> (u16, Value) {
        let invalid = (400, json!({"error": "invalid_grant"}));
        let number = self.number();
        let mut state = self.lock();
        let (scope, refresh_token) = match form["grant_type"].as_str() {
            "authorization_code" => {
                let Some(page) = state.codes.remove(&form["code"]) else {
                    return invalid;
                };
                let hash = sha256(form["code_verifier"].as_bytes()).unwrap();
                assert_eq!(page["code_challenge"], URL_SAFE_NO_PAD.encode(hash));
                assert_eq!(page["redirect_uri"], form["redirect_uri"]);
                let scope = state
                    .grants
                    .map_or_else(|| page["scope"].clone(), str::to_owned);
                let token = format!("1//s3cret-refresh-{number}");
                state.refresh_tokens.insert(token.clone(), scope.clone());
                (scope, Some(token))
            }
            "refresh_token" => match state.refresh_tokens.get(&form["refresh_token"]) {
                Some(scope) => (scope.clone(), None),
                None => return invalid,
            },
            other => panic!("{other}"),
        };
        let mut json = json!({
            "access_token": format!("ya29.s3cret-access-{number}"),
            "expires_in": 3599, "token_type": "Bearer", "scope": scope,
        });
        if let Some(token) = refresh_token {
            json["refresh_token"] = token.into();
        }
        for (name, value) in state.members.as_object().unwrap() {
            json[name] = value.clone();
        }
        (200, json)
    }

    /// Revokes all refresh tokens.
    fn revoke(&self) {
        self.lock().refresh_tokens.clear();
    }

    /// Returns the scopes of each login page.
    fn asked(&self) -> Vec<String> {
        let state = self.lock();
        state
            .pages
            .iter()
            .map(|page| page["scope"].clone())
            .collect()
    }

    /// Returns the grant types that the token server got.
    fn grant_types(&self) -> Vec<String> {
        let state = self.lock();
        state
            .forms
            .iter()
            .map(|form| form["grant_type"].clone())
            .collect()
    }

    /// Waits until the browser has got this many responses, and returns them.
    async fn shown(&self, count: usize) -> Vec<String> {
        for _ in 0..500 {
            if self.lock().shown.len() >= count {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        self.lock().shown.clone()
    }
}

fn client() -> OAuthClient {
    let json = json!({"installed": {
        "client_id": "id", "client_secret": CLIENT_SECRET,
        "auth_uri": "https://a.example/auth", "token_uri": "https://t.example/token"
    }});
    OAuthClient::from_json(json.to_string()).unwrap()
}

/// Sends bytes to an address, and returns the response.
fn request(authority: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(authority).unwrap();
    // The server may close the connection before it has read everything.
    let _ = stream.write_all(bytes);
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response);
    String::from_utf8(response).unwrap()
}

fn parameters(query: &str) -> Parameters {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// Asks for the headers of a call that needs these scopes.
async fn headers(
    login: &impl CredentialsProvider,
    transport: &Arc<dyn Transport>,
    scopes: &[&str],
) -> Result<HeaderMap, CredentialsError> {
    let context = CredentialsContext {
        scopes,
        ..context(transport)
    };
    login.headers(&context).await
}

/// Returns the token of a call that needs these scopes, or the text of the error.
async fn token(
    login: &impl CredentialsProvider,
    transport: &Arc<dyn Transport>,
    scopes: &[&str],
) -> Result<String, String> {
    let headers = headers(login, transport, scopes).await;
    let headers = headers.map_err(|error| {
        assert!(!error.is_transient(), "{error}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("s3cret"), "{shown}");
        error.to_string()
    })?;
    assert!(headers[AUTHORIZATION].is_sensitive());
    let value = headers[AUTHORIZATION].to_str().unwrap();
    Ok(value
        .strip_prefix("Bearer ya29.s3cret-")
        .unwrap()
        .to_owned())
}
