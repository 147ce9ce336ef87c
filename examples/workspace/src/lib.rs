//! The clients of Gmail, Drive, Calendar and Directory that the programs in `src/bin/` use.
//!
//! A program `API_KIND` takes its credentials as its name says. [Authentication](../../docs/authentication.md) explains the kinds.
//!
//! | kind | credentials |
//! |---|---|
//! | `default` | Application Default Credentials: a file, gcloud's login, or the metadata server |
//! | `key` | the key of a service account |
//! | `delegation` | the key of a service account that acts for a user: domain-wide delegation |
//! | `keyless` | the same without a key, through IAM |
//! | `login` | a login in the browser |
//! | `device` | a login on another device, which Google allows for few scopes |
//! | `impersonated` | another service account |
//! | `external` | an identity of another cloud or of an identity provider |
//! | `token` | an access token |
//! | `yup` | an authenticator of yup-oauth2 |
//!
//! A mailbox belongs to a user. So Gmail suits no service account that acts for itself.

gapi_runtime::include_generated!();
