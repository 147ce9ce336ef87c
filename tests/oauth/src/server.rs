//! Connections, the recording, and the way from a request to its endpoint.

use crate::faults::{Fault, repeated};
use crate::http::{Request, Response};
use crate::state::{Settings, State};
use crate::{api, aws, iam, login, metadata, sts, time, tls, token};
use rustls::{ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A part of the server that can fail on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `/token`: RFC 6749, RFC 7523, RFC 8628.
    Token,
    /// `/revoke`: RFC 7009.
    Revoke,
    /// The pages that a person sees.
    Login,
    /// `/device/code`: RFC 8628.
    Device,
    /// `/v1/token`: RFC 8693.
    Sts,
    /// IAM Credentials.
    Iam,
    /// The metadata server of Google Cloud.
    Metadata,
    /// The metadata server of AWS.
    Aws,
    /// `/subject-token`: an identity provider of the user.
    Subject,
    /// Gmail, Drive, Calendar, Directory and Spanner.
    Api,
}

impl Endpoint {
    /// Returns the endpoint of a path. Paths suffice: no two hosts of the server share one.
    pub fn of(request: &Request) -> Self {
        let path = request.path.as_str();
        match path {
            "/token" | "/o/oauth2/token" | "/oauth2/v4/token" => Self::Token,
            "/revoke" => Self::Revoke,
            "/device/code" => Self::Device,
            "/o/oauth2/auth" | "/o/oauth2/v2/auth" | "/consent" | "/device" => Self::Login,
            "/v1/token" => Self::Sts,
            "/subject-token" => Self::Subject,
            "/" => Self::Metadata,
            _ if path.starts_with("/computeMetadata/") => Self::Metadata,
            _ if path.starts_with("/latest/") => Self::Aws,
            _ if path.starts_with("/v1/projects/-/serviceAccounts/") => Self::Iam,
            _ => Self::Api,
        }
    }
}

pub(crate) struct Shared {
    address: SocketAddr,
    state: Mutex<State>,
    requests: Mutex<Vec<Request>>,
    connections: AtomicUsize,
    is_over: AtomicBool,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The running server. Dropping it stops it.
pub struct Server {
    shared: Arc<Shared>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("address", &self.shared.address)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Starts a server on a free port of the loopback interface.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            address,
            state: Mutex::new(State::default()),
            requests: Mutex::default(),
            connections: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if accepting.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                accepting.connections.fetch_add(1, Ordering::SeqCst);
                let shared = Arc::clone(&accepting);
                std::thread::spawn(move || accept(stream, &shared));
            }
        });
        Self { shared }
    }

    /// Returns `127.0.0.1:` and the port.
    pub fn host(&self) -> String {
        self.shared.address.to_string()
    }

    /// Returns the URL of the server, without a final slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.shared.address)
    }

    /// Returns the URL of the token endpoint.
    pub fn token_uri(&self) -> String {
        self.url() + "/token"
    }

    /// Returns the path of the certificate that a client of the proxy has to trust.
    pub fn ca_file() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tls/ca.pem")
    }

    /// Returns all requests so far, without those that only make the proxy connect.
    pub fn requests(&self) -> Vec<Request> {
        let requests = self.shared.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the requests of an endpoint so far.
    pub fn requests_of(&self, endpoint: Endpoint) -> Vec<Request> {
        let mut requests = self.requests();
        requests.retain(|request| Endpoint::of(request) == endpoint);
        requests
    }

    /// Forgets all requests so far.
    pub fn clear(&self) {
        let requests = self.shared.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Returns the number of connections so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Changes the settings.
    pub fn set(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.shared.state().settings);
    }

    /// Lets the next requests of an endpoint fail, in turn.
    pub fn fail(&self, endpoint: Endpoint, faults: impl IntoIterator<Item = Fault>) {
        let mut state = self.shared.state();
        state.faults.entry(endpoint).or_default().extend(faults);
    }

    /// Lets all further requests of an endpoint fail, after those of [`Self::fail`].
    pub fn fail_always(&self, endpoint: Endpoint, fault: Fault) {
        self.shared.state().always.insert(endpoint, fault);
    }

    /// Ends all faults.
    pub fn recover(&self) {
        let mut state = self.shared.state();
        state.faults.clear();
        state.always.clear();
    }

    /// Makes all access tokens so far invalid, as if they had been revoked: APIs respond with status 401.
    pub fn drop_access_tokens(&self) {
        self.shared.state().tokens.clear();
    }

    /// Revokes all refresh tokens, as a user does in the settings of an account.
    pub fn revoke_refresh_tokens(&self) {
        let mut state = self.shared.state();
        state.refresh_tokens.clear();
        state.tokens.clear();
    }

    /// Returns the scopes of an access token that this server has issued.
    pub fn scopes_of(&self, token: &str) -> Option<Vec<String>> {
        let state = self.shared.state();
        state.tokens.get(token).map(|grant| grant.scopes.clone())
    }

    /// Returns the account of a valid token.
    pub fn account_of(&self, token: &str) -> Option<String> {
        self.shared.state().valid(token).map(|grant| grant.email)
    }

    /// Issues an access token for a user.
    pub fn access_token(&self, email: &str, scopes: &[&str]) -> String {
        self.shared
            .state()
            .issue("static", email, scopes.iter().copied())
    }

    /// Lets the person with this user code allow or deny the login of a device.
    pub fn decide(&self, user_code: &str, is_allowed: bool) -> bool {
        self.shared.state().decide(user_code, is_allowed)
    }

    /// Returns the user codes of the devices that wait for a decision.
    pub fn waiting_devices(&self) -> Vec<String> {
        self.shared.state().waiting_devices()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // Ends the wait for a connection. Nothing waits for the thread: without a free file there is no connection.
        let _ = TcpStream::connect(self.shared.address);
    }
}

/// Serves a connection: plain HTTP, or TLS after `CONNECT`.
fn accept(mut stream: TcpStream, shared: &Shared) {
    let mut buffer = Vec::new();
    let Some(first) = Request::read(&mut stream, &mut buffer) else {
        return;
    };
    if first.method != "CONNECT" {
        return serve(stream, buffer, Some(first), false, shared);
    }
    if stream
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .is_err()
    {
        return;
    }
    if let Ok(connection) = ServerConnection::new(tls::config()) {
        serve(
            StreamOwned::new(connection, stream),
            Vec::new(),
            None,
            true,
            shared,
        );
    }
}

fn serve(
    mut stream: impl Read + Write,
    mut buffer: Vec<u8>,
    first: Option<Request>,
    is_tls: bool,
    shared: &Shared,
) {
    let mut next = first.or_else(|| Request::read(&mut stream, &mut buffer));
    while let Some(mut request) = next {
        request.is_tls = is_tls;
        let requests = shared.requests.lock();
        requests
            .unwrap_or_else(PoisonError::into_inner)
            .push(request.clone());
        if respond(&mut stream, &request, shared).is_none() {
            return;
        }
        next = Request::read(&mut stream, &mut buffer);
    }
}

/// Responds to a request. Returns `None` if the connection ends.
fn respond(stream: &mut (impl Read + Write), request: &Request, shared: &Shared) -> Option<()> {
    let fault = shared.state().fault(Endpoint::of(request));
    let mut wait = Duration::ZERO;
    let response = match fault {
        Some(Fault::Hang) => {
            let mut rest = [0; 1024];
            while stream.read(&mut rest).is_ok_and(|count| count > 0) {}
            return None;
        }
        Some(Fault::Close) => return None,
        Some(Fault::Cut) => {
            let bytes = handled(request, shared).to_bytes();
            let _ = stream.write_all(&bytes[..bytes.len() - bytes.len() / 4]);
            let _ = stream.flush();
            return None;
        }
        Some(Fault::Late(milliseconds)) => {
            wait = Duration::from_millis(milliseconds);
            handled(request, shared)
        }
        Some(Fault::OAuth(status, code, description)) => Response::oauth(status, code, description),
        Some(Fault::Status(status)) => {
            Response::new(status, "text/html", "<html>an error of a proxy</html>")
        }
        Some(Fault::RetryAfter(status, delay)) => {
            Response::new(status, "text/html", "busy").with("retry-after", delay)
        }
        Some(Fault::Body(body)) => Response::new(200, "application/json", body),
        Some(Fault::Repeat(encoding)) => repeated(request, encoding),
        None => handled(request, shared),
    };
    std::thread::sleep(wait);
    let skew = shared.state().settings.clock;
    let response = response.with("date", time::http_date(time::now(skew)));
    response.write(stream).ok()
}

fn handled(request: &Request, shared: &Shared) -> Response {
    let mut state = shared.state();
    match Endpoint::of(request) {
        Endpoint::Token => token::respond(request, &mut state),
        Endpoint::Revoke => token::revoke(request, &mut state),
        Endpoint::Login => login::page(request, &mut state),
        Endpoint::Device => login::device(request, &mut state),
        Endpoint::Sts => sts::respond(request, &mut state),
        Endpoint::Iam => iam::respond(request, &mut state),
        Endpoint::Metadata => metadata::respond(request, &mut state),
        Endpoint::Aws => aws::respond(request),
        Endpoint::Subject => sts::subject(request),
        Endpoint::Api => api::respond(request, &mut state),
    }
}
