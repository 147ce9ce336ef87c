//! The names of values that are hidden.

use crate::headers;

/// The replacement for a hidden value.
pub(super) const HIDDEN: &str = "[hidden]";

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

/// JSON members that are credentials. Folded.
const FIELDS: [&str; 27] = [
    "accesstoken",
    "actortoken",
    "apikey",
    "assertion",
    "authorization",
    "bearertoken",
    "certprivatekey",
    "clientkey",
    "clientsecret",
    "idtoken",
    "keystring",
    "oauthtoken",
    "password",
    "plaintext",
    "privatekey",
    "privatekeydata",
    "rawkey",
    "refreshtoken",
    "rootpassword",
    "rsaencryptedkey",
    "secret",
    "secretkey",
    "signature",
    "signedblob",
    "signedjwt",
    "subjecttoken",
    "token",
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
        is_credential(name) || {
            let folded = folded(name);
            let mut known = self.fields.iter();
            known.any(|known| self::folded(known) == folded)
        }
    }
}

/// Returns `true` if the values of a JSON member are credentials.
pub(super) fn is_credential(name: &str) -> bool {
    FIELDS.contains(&&*folded(name))
}

/// Returns the letters and digits of a name in lower case.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
