//! Gmail, Drive and Calendar with the credentials of [`yup_oauth2`].

mod yup;

pub use yup::YupCredentials;

gapi_runtime::include_generated!();
