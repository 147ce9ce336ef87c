//! Golden code of fixtures, used as a user would.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "only parts of the golden code are used here; gapi-goldens compiles it strictly"
)]

#[path = "../../fixtures/media_upload_and_download/generated"]
pub(crate) mod media {
    #[rustfmt::skip]
    pub mod media_upload_and_download_v1;
}

#[path = "../../fixtures/encoded_slashes_in_names/generated"]
pub(crate) mod slashes {
    #[rustfmt::skip]
    pub mod encoded_slashes_in_names_v1;
}
