//! An API with a service path, which none of the generated ones has.

use gapi::gapi_runtime::{self, Client};

#[derive(Clone, Debug)]
pub(super) struct Drive(pub(super) Client);

gapi_runtime::service!(Drive {
    id: "drive:v3",
    name: "drive",
    version: "v3",
    revision: "1",
    title: "Drive",
    root_url: "https://www.googleapis.com/",
    service_path: "drive/v3/",
    batch_path: "batch/drive/v3",
});
