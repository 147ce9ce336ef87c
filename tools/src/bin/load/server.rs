//! Servers in separate processes: operations over plain HTTP/1.1, over TLS and HTTP/2, and a list of 10 MiB.

use std::{
    convert::Infallible,
    env, fs,
    io::{self, BufRead as _, BufReader, Read as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::{Result, faulty, loopback};

/// The size of the list, in bytes.
pub(crate) const LIST: usize = 10 << 20;

/// Every request with a multiple of this number, for the instance `flaky`, fails with status 503.
const FLAKY: u64 = 100;

/// A server process. Dropping this ends it.
pub(crate) struct Process {
    pub(crate) url: String,
    /// The certificate that clients must trust.
    certificate: Option<PathBuf>,
    process: Child,
}

impl Process {
    /// Starts a server: `plain`, `tls`, `list` or `faulty`.
    pub(crate) fn start(kind: &str) -> Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        let command = command.args(["--serve", kind]);
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().ok_or("the server has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let mut words = line.split_whitespace();
        let url = words.next().ok_or("the server has no URL")?.to_owned();
        Ok(Self {
            url,
            certificate: words.next().map(PathBuf::from),
            process,
        })
    }

    /// The environment of its clients.
    pub(crate) fn environment(&self) -> impl Iterator<Item = (&'static str, &PathBuf)> {
        let certificate = self.certificate.iter();
        certificate.map(|path| ("SSL_CERT_FILE", path))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
        if let Some(certificate) = &self.certificate {
            let _ = fs::remove_file(certificate);
        }
    }
}

/// Serves until standard input is closed. Prints a line with the URL first, and the path of the certificate.
pub(crate) fn serve(kind: &str) -> Result<()> {
    if kind == "plain" {
        return Ok(loopback::serve()?);
    }
    thread::spawn(|| {
        // The parent process has ended.
        let _ = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let is_tls = kind == "tls";
    let is_faulty = kind == "faulty";
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        if is_faulty {
            return faulty::serve().await;
        }
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let tls = if is_tls {
            let (acceptor, certificate) = tls()?;
            println!("https://localhost:{port} {}", certificate.display());
            Some(acceptor)
        } else {
            println!("http://127.0.0.1:{port}");
            None
        };
        let service = Arc::new(Service::new());
        loop {
            let (socket, _) = listener.accept().await?;
            socket.set_nodelay(true)?;
            let (tls, service) = (tls.clone(), Arc::clone(&service));
            tokio::spawn(async move {
                // A client may close its connection at any time.
                let _ = match tls {
                    None => converse(TokioIo::new(socket), service).await,
                    Some(tls) => match tls.accept(socket).await {
                        Ok(socket) => converse(TokioIo::new(socket), service).await,
                        Err(error) => Err(error.into()),
                    },
                };
            });
        }
    })
}

async fn converse<I>(io: I, service: Arc<Service>) -> Result<()>
where
    I: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
{
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http2().max_concurrent_streams(10_000);
    let respond = service_fn(move |request: Request<Incoming>| {
        let response = service.respond(request.uri().path());
        async move { Ok::<_, Infallible>(response) }
    });
    builder.serve_connection(io, respond).await
}

/// The responses.
struct Service {
    list: Bytes,
    requests: AtomicU64,
}

impl Service {
    fn new() -> Self {
        Self {
            list: list().into(),
            requests: AtomicU64::new(0),
        }
    }

    fn respond(&self, path: &str) -> Response<Full<Bytes>> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let is_list = path.ends_with("/operations");
        let body = if path.contains("/flaky/") && number.is_multiple_of(FLAKY) {
            let mut response = Response::new(Full::default());
            *response.status_mut() = hyper::StatusCode::SERVICE_UNAVAILABLE;
            return response;
        } else if is_list {
            self.list.clone()
        } else {
            let mut body = String::new();
            let name = path.strip_prefix("/v1/").unwrap_or(path);
            loopback::write_operation(name, &mut body);
            body.into()
        };
        let mut response = Response::new(Full::new(body));
        response.headers_mut().insert(
            hyper::header::CONTENT_TYPE,
            hyper::header::HeaderValue::from_static("application/json; charset=UTF-8"),
        );
        response
    }
}

fn list() -> String {
    let mut json = String::from(r#"{"operations":["#);
    let mut number = 0;
    while json.len() < LIST {
        if number > 0 {
            json.push(',');
        }
        loopback::write_operation(&loopback::name(number), &mut json);
        number += 1;
    }
    json.push_str("]}");
    json
}

/// Creates a certificate for localhost, and writes that of its issuer to a file.
fn tls() -> Result<(TlsAcceptor, PathBuf)> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate()?;
    let root = params.self_signed(&key)?;
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate()?;
    let leaf = CertificateParams::new(vec!["localhost".to_owned()])?.signed_by(&key, &issuer)?;
    let file = env::temp_dir().join(format!("gapi-load-{}.pem", std::process::id()));
    fs::write(&file, root.pem())?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    gapi_runtime::install_tls_provider();
    let config = ServerConfig::builder().with_no_client_auth();
    let mut config = config.with_single_cert(vec![leaf.der().clone()], key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok((TlsAcceptor::from(Arc::new(config)), file))
}
