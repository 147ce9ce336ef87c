//! Logs a user in, and stores the refresh token.
//!
//! ```sh
//! cargo run -p gapi-runtime --features login --example login -- client_secret.json https://www.googleapis.com/auth/drive.file
//! ```
//!
//! `--device URI` logs in with a code, at this device authorization endpoint; `google` is Google's. `--store FILE`,
//! `--timeout SECONDS` and `--no-browser` are settings of the login.

use gapi_runtime::auth::{DeviceLogin, OAuthClient, TokenStore, UserLogin};
use gapi_runtime::{HttpTransport, Transport};
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// The arguments of the program.
struct Arguments {
    client: OAuthClient,
    scopes: Vec<String>,
    is_device: bool,
    opens_browser: bool,
    store: TokenStore,
    timeout: Duration,
}

impl Arguments {
    fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let (mut device, mut opens_browser, mut store) = (None, true, TokenStore::default());
        let mut timeout = Duration::from_mins(5);
        let mut rest = Vec::new();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--device" => device = Some(value()?),
                "--no-browser" => opens_browser = false,
                "--store" => store = TokenStore::in_file(value()?),
                "--timeout" => timeout = Duration::from_secs(value()?.parse()?),
                _ => rest.push(word),
            }
        }
        let [file, scopes @ ..] = &rest[..] else {
            return Err("the client_secret.json is missing".into());
        };
        let client = OAuthClient::from_file(file)?;
        let is_device = device.is_some();
        Ok(Self {
            client: match device.filter(|uri| uri != "google") {
                Some(uri) => client.device_authorization_uri(uri)?,
                None => client,
            },
            scopes: scopes.to_vec(),
            is_device,
            opens_browser,
            store,
            timeout,
        })
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    // The token server may be on this machine.
    let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(false)?);
    if arguments.is_device {
        let login = DeviceLogin::new(arguments.client)
            .scopes(arguments.scopes)
            .store(arguments.store)
            .timeout(arguments.timeout);
        login.log_in(&transport).await?;
    } else {
        let login = UserLogin::new(arguments.client)
            .scopes(arguments.scopes)
            .store(arguments.store)
            .timeout(arguments.timeout)
            .open_browser(arguments.opens_browser);
        login.log_in(&transport).await?;
    }
    println!("logged in");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
