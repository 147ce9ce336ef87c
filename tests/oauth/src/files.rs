//! Credentials files for the server.

use crate::server::Server;
use crate::state::{AUDIENCE, CLIENT_ID, CLIENT_SECRET, DELEGATE, REFRESH_TOKEN, ROBOT};
use serde_json::{Value, json};

/// A key made for these tests, unknown to any other server: PKCS #8, in base64.
pub const KEY: &str = include_str!("../../tests/calls/credentials/service_account.key");

const GOOGLE: &str = "https://oauth2.googleapis.com/token";

/// The files of one server. Their URLs are those of Google, or those of the server.
#[derive(Clone, Debug)]
pub struct Files {
    token_uri: String,
    /// The URL of the server, for URLs that never belong to Google.
    own: String,
    /// The prefix of the URLs of other services of Google.
    service: Option<String>,
}

impl Server {
    /// Returns the files whose URLs are those of this server.
    pub fn files(&self) -> Files {
        Files {
            token_uri: self.token_uri(),
            own: self.url(),
            service: Some(self.url()),
        }
    }

    /// Returns the files as Google makes them, for clients that use the server as a proxy.
    pub fn files_of_google(&self) -> Files {
        Files {
            token_uri: GOOGLE.to_owned(),
            own: self.url(),
            service: None,
        }
    }
}

impl Files {
    fn service(&self, host: &str) -> String {
        let google = || format!("https://{host}.googleapis.com");
        self.service.clone().unwrap_or_else(google)
    }

    /// The key file of a service account.
    pub fn service_account(&self) -> Value {
        json!({
            "type": "service_account",
            "project_id": "p",
            "private_key_id": "k",
            "private_key": format!("-----BEGIN PRIVATE KEY-----\n{KEY}-----END PRIVATE KEY-----\n"),
            "client_email": ROBOT,
            "client_id": "1",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": self.token_uri,
            "universe_domain": "googleapis.com",
        })
    }

    /// The file of `gcloud auth application-default login`.
    pub fn authorized_user(&self) -> Value {
        json!({
            "type": "authorized_user",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "refresh_token": REFRESH_TOKEN,
            "token_uri": self.token_uri,
            "quota_project_id": "file-payer",
            "universe_domain": "googleapis.com",
        })
    }

    fn external(&self, subject_token_type: &str, source: &Value) -> Value {
        json!({
            "type": "external_account",
            "audience": AUDIENCE,
            "subject_token_type": subject_token_type,
            "token_url": self.service("sts") + "/v1/token",
            "credential_source": source,
            "universe_domain": "googleapis.com",
        })
    }

    /// An external account whose subject token is in a file.
    pub fn external_file(&self, path: &str) -> Value {
        self.external(
            "urn:ietf:params:oauth:token-type:jwt",
            &json!({"file": path}),
        )
    }

    /// An external account whose subject token is a member of the JSON in a file.
    pub fn external_file_json(&self, path: &str) -> Value {
        let format = json!({"type": "json", "subject_token_field_name": "id_token"});
        self.external(
            "urn:ietf:params:oauth:token-type:jwt",
            &json!({"file": path, "format": format}),
        )
    }

    /// An external account whose subject token comes from a URL.
    pub fn external_url(&self) -> Value {
        let url = format!("{}/subject-token?format=json", self.own);
        let format = json!({"type": "json", "subject_token_field_name": "id_token"});
        let source = json!({"url": url, "headers": {"x-identity": "gapi"}, "format": format});
        self.external("urn:ietf:params:oauth:token-type:jwt", &source)
    }

    /// An external account on a machine of AWS.
    pub fn external_aws(&self) -> Value {
        let metadata = format!("{}/latest/meta-data", self.own);
        let source = json!({
            "environment_id": "aws1",
            "region_url": format!("{metadata}/placement/availability-zone"),
            "url": format!("{metadata}/iam/security-credentials"),
            "regional_cred_verification_url":
                "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
            "imdsv2_session_token_url": format!("{}/latest/api/token", self.own),
        });
        self.external("urn:ietf:params:aws:token-type:aws4_request", &source)
    }

    /// An external account whose subject token is the output of a command.
    pub fn external_executable(&self, command: &str) -> Value {
        let source = json!({"executable": {"command": command, "timeout_millis": 5_000}});
        self.external("urn:ietf:params:oauth:token-type:jwt", &source)
    }

    /// The URL that impersonates the robot.
    pub fn impersonation_url(&self) -> String {
        format!(
            "{}/v1/projects/-/serviceAccounts/{ROBOT}:generateAccessToken",
            self.service("iamcredentials")
        )
    }

    /// An external account that impersonates the robot.
    pub fn external_impersonated(&self, path: &str) -> Value {
        let mut file = self.external_file(path);
        file["service_account_impersonation_url"] = self.impersonation_url().into();
        file["service_account_impersonation"] = json!({"token_lifetime_seconds": 1_200});
        file
    }

    /// The robot, impersonated by the user through a delegate.
    pub fn impersonated(&self) -> Value {
        let mut source = self.authorized_user();
        source.as_object_mut().unwrap().remove("quota_project_id");
        json!({
            "type": "impersonated_service_account",
            "service_account_impersonation_url": self.impersonation_url(),
            "delegates": [format!("projects/-/serviceAccounts/{DELEGATE}")],
            "source_credentials": source,
        })
    }

    /// The file of an OAuth client of the type "Desktop app".
    pub fn client_secret(&self) -> Value {
        json!({"installed": {
            "client_id": CLIENT_ID,
            "project_id": "p",
            "auth_uri": self.service.as_ref().map_or_else(
                || "https://accounts.google.com/o/oauth2/auth".to_owned(),
                |own| format!("{own}/o/oauth2/v2/auth"),
            ),
            "token_uri": self.token_uri,
            "client_secret": CLIENT_SECRET,
            "redirect_uris": ["http://localhost"],
        }})
    }
}
