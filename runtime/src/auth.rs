//! Credentials of Google: service accounts, users, external accounts, metadata servers.
//!
//! Each type is a [`CredentialsProvider`](crate::CredentialsProvider) for
//! [`ClientBuilder::credentials`](crate::ClientBuilder::credentials). Creating one reads or parses a file at most, and sends nothing.
//! Requests for tokens go through the transport of the client, so its proxies and certificates apply to them too.
//!
//! A token is kept until shortly before its end, for each set of scopes. Calls that wait for the same token share one request. A
//! request may take [`ClientBuilder::token_timeout`](crate::ClientBuilder::token_timeout), including retries.
//!
//! | credentials | type |
//! |---|---|
//! | those of the environment | [`ApplicationDefault`] |
//! | a file with any of the following | [`CredentialsFile`] |
//! | the key of a service account | [`ServiceAccount`] |
//! | the refresh token of a user | [`AuthorizedUser`] |
//! | an identity of another cloud or identity provider | [`ExternalAccount`] |
//! | a service account that another account uses | [`Impersonated`] |
//! | the service account of the machine | [`MetadataServer`] |
//! | a user who logs in, with the feature `login` | `UserLogin`, `DeviceLogin` |

mod address;
mod advice;
mod application_default;
mod authorized_user;
mod cache;
mod clock;
mod exchange;
mod external;
mod file;
mod iam;
mod impersonated;
mod json;
#[cfg(feature = "login")]
mod login;
mod metadata;
mod metrics;
mod service_account;
mod sign;
mod sign_jwt;
mod small_file;
#[cfg(feature = "login")]
mod store;
mod token;

pub use application_default::ApplicationDefault;
pub use authorized_user::AuthorizedUser;
pub use external::ExternalAccount;
pub use file::CredentialsFile;
pub use impersonated::Impersonated;
#[cfg(feature = "login")]
pub use login::{DeviceLogin, Interaction, LoginPrompt, OAuthClient, UserLogin};
pub use metadata::MetadataServer;
pub use service_account::ServiceAccount;
#[cfg(feature = "login")]
pub use store::TokenStore;
