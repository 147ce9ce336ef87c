//! The call that a request belongs to, for mocks and cassettes.

use super::Client;
use crate::method::{MethodInfo, ServiceInfo};
use std::sync::Arc;

/// A mark in the extensions of a request: its method, and the place of the API.
#[derive(Clone, Debug)]
pub(crate) struct Called {
    pub(crate) service: &'static ServiceInfo,
    pub(crate) method: &'static MethodInfo,
    /// The path of the root URL. It begins and ends with `/`.
    root: Arc<str>,
}

impl Called {
    /// Creates the mark for a request of a client.
    pub(crate) fn new(client: &Client, method: &'static MethodInfo) -> Self {
        let url = client.root_url();
        let after_scheme = url.split_once("://").map_or(url, |(_, after)| after);
        let root = after_scheme
            .find('/')
            .map_or("/", |start| &after_scheme[start..]);
        Self {
            service: client.service(),
            method,
            root: root.into(),
        }
    }

    /// Returns the mark for another method of the same API.
    pub(crate) fn with_method(&self, method: &'static MethodInfo) -> Self {
        Self {
            method,
            ..self.clone()
        }
    }

    /// Returns the path of a request as the template of a method states it: without the path of the API. `true` means the
    /// path of uploads.
    pub(crate) fn target<'p>(&self, path: &'p str) -> Option<(&'p str, bool)> {
        let path = path.strip_prefix(&*self.root)?;
        let service_path = self.service.service_path;
        let upload = path.strip_prefix("upload/");
        let upload = upload.and_then(|path| path.strip_prefix(service_path));
        match upload.filter(|_| self.method.upload.is_some()) {
            Some(target) => Some((target, true)),
            None => Some((path.strip_prefix(service_path)?, false)),
        }
    }
}
