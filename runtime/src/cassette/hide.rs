//! The names of values that are hidden.

use crate::headers;
use crate::types::Base64;

/// The replacement for a hidden value.
pub(super) const HIDDEN: &str = "[hidden]";

/// The same as base64.
pub(super) const HIDDEN_BYTES: &str = "W2hpZGRlbl0=";

/// The same in a URL.
pub(super) const HIDDEN_IN_URL: &str = "%5Bhidden%5D";

/// Query parameters that are credentials, or signatures that are worth as much. Folded.
const PARAMETERS: [&str; 16] = [
    "accesstoken",
    "apikey",
    "assertion",
    "awsaccesskeyid",
    "bearertoken",
    "clientsecret",
    "googleaccessid",
    "idtoken",
    "key",
    "oauthtoken",
    "refreshtoken",
    "signature",
    "uploadid",
    "xgoogcredential",
    "xgoogsecuritytoken",
    "xgoogsignature",
];

/// JSON members that are credentials, in addition to those whose names end with one of [`ENDS`]. Folded.
const FIELDS: [&str; 11] = [
    "assertion",
    "authorization",
    "clientkey",
    "compactjwt",
    "keystring",
    "plaintext",
    "privatekeydata",
    "rawkey",
    "rsaencryptedkey",
    "signature",
    "sessioncookie",
];

/// The ends of names of JSON members that are credentials: `adminPassword`, `oauthAccessToken`, `secretAccessKey`. Folded.
const ENDS: [&str; 13] = [
    "accesskey",
    "apikey",
    "apikeystring",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secret",
    "secretkey",
    "signedblob",
    "signedjwt",
    "token",
];

/// The ends of names of tokens that only mark a position, so that they are not credentials. Folded.
const POSITIONS: [&str; 15] = [
    "attributiontoken",
    "consistencytoken",
    "continuationtoken",
    "endtoken",
    "nexttoken",
    "pagetoken",
    "partitiontoken",
    "precommittoken",
    "resumetoken",
    "rewritetoken",
    "separatortoken",
    "sequencetoken",
    "streamtoken",
    "synctoken",
    "waittoken",
];

/// Hidden members with bytes, which code decodes. Folded.
const BYTES: [&str; 8] = [
    "ciphertext",
    "data",
    "encryptedclientsecret",
    "plaintext",
    "privatekeydata",
    "sharedsecret",
    "signature",
    "signedblob",
];

/// Headers whose values are credentials, in addition to those whose names suggest it.
const HEADERS: [&str; 1] = ["x-guploader-uploadid"];

/// JSON members that are credentials in some methods only: the beginning of the id, and the member.
const FIELDS_OF_METHODS: [(&str, &str); 1] = [("secretmanager.", "data")];

/// The names that a recorder hides in addition to those that every recorder hides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) headers: Vec<String>,
    pub(super) fields: Vec<String>,
    pub(super) parameters: Vec<String>,
}

impl Names {
    /// Returns the names for a method.
    pub(super) fn of_method(&self, id: &str) -> Self {
        let own = FIELDS_OF_METHODS.iter();
        let own = own.filter(|(prefix, _)| id.starts_with(prefix));
        let mut names = self.clone();
        names
            .fields
            .extend(own.map(|(_, field)| (*field).to_owned()));
        names
    }

    /// Returns `true` if the values of a header are hidden.
    pub(super) fn hides_header(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        headers::is_secret(&name) || HEADERS.contains(&&*name) || self.headers.contains(&name)
    }

    /// Returns `true` if the values of a query parameter are hidden.
    pub(super) fn hides_parameter(&self, name: &str) -> bool {
        let folded = folded(name);
        PARAMETERS.contains(&&*folded) || self.parameters.iter().any(|known| known == name)
    }

    /// Returns `true` if the values of a JSON member are hidden.
    pub(super) fn hides_field(&self, name: &str) -> bool {
        is_credential(name) || self.chooses_field(name)
    }

    /// Returns `true` if the recorder hides the values of a JSON member, and not only every recorder.
    pub(super) fn chooses_field(&self, name: &str) -> bool {
        let folded = folded(name);
        let mut known = self.fields.iter();
        known.any(|known| self::folded(known) == folded)
    }
}

/// Returns `true` if a query parameter is the address of an upload.
pub(super) fn is_upload_id(name: &str) -> bool {
    folded(name) == "uploadid"
}

/// Returns `true` if the values of a JSON member are credentials.
pub(super) fn is_credential(name: &str) -> bool {
    let name = folded(name);
    let ends_with = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    FIELDS.contains(&&*name) || ends_with(&ENDS) && !ends_with(&POSITIONS)
}

/// Returns `true` if a query parameter of this name is a credential in any text, and not only in a URL.
pub(super) fn is_credential_anywhere(name: &str) -> bool {
    let folded = folded(name);
    let is_word = matches!(&*folded, "key" | "secret" | "signature" | "token");
    !is_word && (PARAMETERS.contains(&&*folded) || is_credential(name))
}

/// Returns `true` if a value is the name of a secret, and not the secret.
pub(super) fn is_reference(value: &str) -> bool {
    value.starts_with("projects/") && value.contains("/secrets/")
}

/// Returns the replacement for the value of a hidden member: of the same form, so that it can still be decoded.
pub(super) fn replacement(name: &str, value: &str) -> &'static str {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_bytes = || BYTES.contains(&&*folded(name)) && Base64::from(value).decode().is_ok();
    if is_number && !is_credential(name) {
        "0"
    } else if is_bytes() {
        HIDDEN_BYTES
    } else {
        HIDDEN
    }
}

/// Returns the letters and digits of a name in lower case.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
