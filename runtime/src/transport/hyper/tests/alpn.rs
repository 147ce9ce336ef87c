//! Requests of HTTP/2 that TLS has chosen (RFC 7301), and that the server rejects unprocessed.

use super::frames::*;
use super::unprocessed::{Rejection, rejection};
use super::*;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hyper_util::client::proxy::matcher::Matcher;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::sync::Mutex;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A certificate for 127.0.0.1, which only these tests trust.
const CERTIFICATE: &str = "\
    MIIBTjCB9aADAgECAgEBMAoGCCqGSM49BAMCMA8xDTALBgNVBAMMBHRlc3QwIBcNMjAwMTAxMDAwMDAwWhgPOTk5OTEyMzEyMzU5\
    NTlaMA8xDTALBgNVBAMMBHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQHNhkm+Ra6qBk8zFKuDcnJ5jUARkur8ylvzfIx\
    sjMC1hNEx4WvXxiFA5XgRqcXJI0HVXJAMAGgNTALwTwz9hmno0AwPjAPBgNVHREECDAGhwR/AAABMAwGA1UdEwEB/wQCMAAwHQYD\
    VR0OBBYEFPMVGPc7Yo71t8UbexnagBBPtNcQMAoGCCqGSM49BAMCA0gAMEUCIQCT2rvR0k7IHTcbWs01cVMX4Ms9qNWLBTKUKCO5\
    3QIdrQIgD/I1uxm1pBKSAjK73EYO8DkuGkR0aDET9JSMFpgt2VM=";

/// Its key.
const KEY: &str = "\
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1D7cgZlssNvKWZ0Qvav62aMwcP2gTWcMZsF1RPaPbmehRANCAAQH\
    Nhkm+Ra6qBk8zFKuDcnJ5jUARkur8ylvzfIxsjMC1hNEx4WvXxiFA5XgRqcXJI0HVXJAMAGgNTALwTwz9hmn";

fn certificate() -> CertificateDer<'static> {
    BASE64_STANDARD.decode(CERTIFICATE).unwrap().into()
}

/// Returns a transport that trusts the certificate.
fn transport() -> HttpTransport {
    assert!(crate::tls::is_ready());
    let mut roots = RootCertStore::empty();
    roots.add(certificate()).unwrap();
    let for_proxies = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut for_servers = for_proxies.clone();
    // The same as those of the transport itself.
    let usual = Tls::new().unwrap().for_servers;
    for_servers.alpn_protocols.clone_from(&usual.alpn_protocols);
    let tls = Tls {
        for_servers: Arc::new(for_servers),
        for_proxies: Arc::new(for_proxies),
    };
    HttpTransport::with(tls, Proxies::new(Matcher::builder().build()), true)
}

/// The number of connections, and that of requests.
type Counts = Arc<Mutex<(usize, usize)>>;

/// Starts a server that prefers HTTP/2, rejects the first requests, and responds to the others with status 204.
async fn server(rejections: &'static [Rejection]) -> (String, Counts) {
    assert!(crate::tls::is_ready());
    let key = PrivatePkcs8KeyDer::from(BASE64_STANDARD.decode(KEY).unwrap());
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate()], PrivateKeyDer::Pkcs8(key))
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/v1", listener.local_addr().unwrap());
    let counts = Counts::default();
    let counted = Arc::clone(&counts);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let mut socket = acceptor.accept(socket).await.unwrap();
            assert_eq!(socket.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
            counted.lock().unwrap().0 += 1;
            greet(&mut socket).await;
            while let Some(stream) = request_head(&mut socket).await {
                let number = counted.lock().unwrap().1;
                counted.lock().unwrap().1 += 1;
                let rejected = rejections.get(number);
                let response = match rejected {
                    Some(rejected) => rejection(*rejected, stream),
                    None => no_content(stream),
                };
                socket.write_all(&response).await.unwrap();
                if rejected.is_some_and(|(kind, _)| *kind == GO_AWAY) {
                    break;
                }
            }
        }
    });
    (url, counts)
}

#[tokio::test]
async fn a_request_that_a_server_of_https_has_not_processed_is_sent_again() {
    const REFUSED: Rejection = (RESET, REFUSED_STREAM);
    const LEAVES: Rejection = (GO_AWAY, NO_ERROR);
    for (rejections, connections) in [
        (&[][..], 1),
        (&[REFUSED], 1),
        (&[REFUSED, REFUSED], 1),
        (&[LEAVES], 2),
        (&[LEAVES, LEAVES], 3),
        (&[REFUSED, LEAVES], 2),
    ] {
        let (url, counts) = server(rejections).await;
        let transport = transport();
        for number in 0..2 {
            let body = Body::from(Bytes::from_static(b"{}"));
            let response = transport.send_streaming(request("POST", &url, body)).await;
            assert_eq!(response.unwrap().status(), 204, "{rejections:?}");
            let sent = rejections.len() + 1 + number;
            assert_eq!(*counts.lock().unwrap(), (connections, sent));
        }
    }
}

#[tokio::test]
async fn a_server_of_https_that_rejects_everything_gets_three_requests() {
    let (url, counts) = server(&[(GO_AWAY, NO_ERROR); 9]).await;
    let body = Body::from(Bytes::from_static(b"{}"));
    let transport = transport();
    let response = transport.send_streaming(request("POST", &url, body));
    let error = response.await.unwrap_err();
    assert!(error.is_transient(), "{error:?}");
    assert_eq!(*counts.lock().unwrap(), (3, 3));
}
