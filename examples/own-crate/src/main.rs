//! Translates a text with Cloud Translation, whose client is a separate crate.
//!
//!     gcloud auth application-default login
//!     cargo run -- de "Good morning"
//!
//! `gapi.toml` says how the crate in `translate-client/` is made. These commands make and update it:
//!
//!     gapi fetch
//!     gapi generate
//!
//! Choose a crate if several programs use the client, or to publish it. A third argument is the address of another server.

use std::error::Error;

use translate_client::{Translate, schemas::TranslateTextRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(language), Some(text)) = (arguments.next(), arguments.next()) else {
        return Err("usage: own-crate LANGUAGE TEXT [ENDPOINT]".into());
    };
    let mut builder = Translate::builder();
    if let Some(endpoint) = arguments.next() {
        builder = builder.endpoint(endpoint);
    }
    let translate = builder.build().await?;

    let request = TranslateTextRequest {
        q: Some(vec![text]),
        target: Some(language),
        // The default is HTML.
        format: Some("text".into()),
        ..Default::default()
    };
    let response = translate.translations().translate(request).send().await?;
    for translation in response.translations.unwrap_or_default() {
        println!("{}", translation.translated_text.unwrap_or_default());
    }
    Ok(())
}
