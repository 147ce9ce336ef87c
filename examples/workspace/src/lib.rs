//! The clients of Gmail, Drive, Calendar and Directory that the programs in `src/bin/` use.
//!
//! The name of a program is an API and a kind of credentials: `drive_login`. [Authentication](../../docs/authentication.md)
//! explains the kinds.
//!
//! | kind | credentials | files |
//! |---|---|---|
//! | `default` | Application Default Credentials: a file, gcloud's login, or the metadata server | |
//! | `key` | the key of a service account | `key.json` |
//! | `delegation` | the key of a service account that acts for a user: domain-wide delegation | `key.json` |
//! | `keyless` | the same without a key, through IAM | |
//! | `login` | a login in the browser | `client_secret.json` |
//! | `device` | a login on another device, which Google allows for few scopes | `client_secret.json` |
//! | `impersonated` | a service account that the default credentials impersonate | |
//! | `external` | an identity of another cloud or of an identity provider | `external.json` |
//! | `token` | an access token, in the environment variable `TOKEN` | |
//! | `yup` | an authenticator of yup-oauth2 that acts for a user | `key.json` |
//!
//! A mailbox belongs to a user. So no program for Gmail has a service account that acts for itself.

gapi_runtime::include_generated!();
