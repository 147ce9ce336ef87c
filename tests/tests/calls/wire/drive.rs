//! An API with a service path, which none of the generated ones has.

use gapi::gapi_runtime::{Client, Service, ServiceInfo};

#[derive(Clone, Debug)]
pub(super) struct Drive(pub(super) Client);

impl Service for Drive {
    const INFO: &'static ServiceInfo = &ServiceInfo {
        id: "drive:v3",
        name: "drive",
        version: "v3",
        revision: "1",
        title: "Drive",
        root_url: "https://www.googleapis.com/",
        mtls_root_url: None,
        service_path: "drive/v3/",
        batch_path: "batch/drive/v3",
        scopes: &[],
        data_wrapper: false,
    };

    fn from_client(client: Client) -> Self {
        Self(client)
    }

    fn client(&self) -> &Client {
        &self.0
    }
}
