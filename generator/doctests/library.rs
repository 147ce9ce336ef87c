// Hidden code of examples: the document that they use.

/// The document.
fn source() -> std::io::Result<gapi_generator::Source> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.v1.json");
    let (name, text) = ("library.v1.json".to_owned(), std::fs::read_to_string(path)?);
    Ok(gapi_generator::Source { name, text })
}

/// The document, analyzed.
#[allow(dead_code, reason = "not all examples need it")]
fn library() -> Result<gapi_generator::Analysis, Box<dyn std::error::Error>> {
    Ok(gapi_generator::analyze(&source()?, &gapi_generator::Options::default())?)
}

/// The changes from the document to one without a schema's property and with another method.
#[allow(dead_code, reason = "not all examples need it")]
fn changes() -> Result<gapi_generator::diff::Changes, Box<dyn std::error::Error>> {
    let (old, mut new) = (source()?, source()?);
    new.text = new.text.replace("\"title\": {", "\"name\": {").replace("20261101", "20261201");
    Ok(gapi_generator::diff::documents(&[old], &[new], &gapi_generator::Options::default())?)
}
