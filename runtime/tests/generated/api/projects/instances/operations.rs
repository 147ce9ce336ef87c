//! The `spanner.projects.instances.operations` resource.
use super::super::super as api;
use gapi_runtime::{Client, RawBody, Request};

#[derive(Clone, Debug)]
pub struct Operations(Client);

impl Operations {
    pub(crate) fn new(client: &Client) -> Self {
        Self(client.clone())
    }

    /// Lists operations.
    pub fn list(&self, name: impl Into<String>) -> List {
        List(Request::of::<List>(&self.0).path("name", name))
    }

    /// Cancels an operation.
    #[inline]
    pub fn cancel(
        &self,
        name: impl Into<String>,
        body: api::schemas::CancelOperationRequest,
    ) -> Cancel {
        Cancel(Request::of::<Cancel>(&self.0).path("name", name).body(body))
    }

    /// Deletes an operation.
    pub fn delete(&self, name: impl Into<String>, part: i64) -> Send {
        Send(
            Request::of::<Send>(&self.0)
                .path("name", name)
                .path_value("part", part),
        )
    }

    /// Searches with a body.
    pub fn search(&self) -> Option {
        Option(Request::of::<Option>(&self.0))
    }

    /// Raw in, raw out.
    pub fn raw(&self, body: RawBody) -> Raw {
        Raw(Request::of::<Raw>(&self.0).raw_body(body))
    }

    /// Streams.
    pub fn stream(&self) -> Stream {
        Stream(Request::of::<Stream>(&self.0))
    }
}

/// Lists operations.
#[must_use = "a call does nothing until it is sent"]
pub struct List(Request);

gapi_runtime::call!(List {
    id: "spanner.projects.instances.operations.list",
    service: api::Spanner,
    request: Get "v1/{+name}",
    path "name": "^projects/[^/]+/instances/[^/]+/operations$",
    response: Json api::schemas::ListOperationsResponse,
    pages: Query "pageToken" = next_page_token,
    items: operations as Vec<api::schemas::Operation>,
});

impl List {
    /// The standard list filter.
    pub fn filter(self, filter: impl Into<String>) -> Self {
        Self(self.0.query("filter", filter.into()))
    }
    pub fn page_size(self, page_size: i32) -> Self {
        Self(self.0.query("pageSize", page_size))
    }
    pub fn page_token(self, page_token: impl Into<String>) -> Self {
        Self(self.0.query("pageToken", page_token.into()))
    }
    pub fn view(self, view: api::schemas::State) -> Self {
        Self(self.0.query("view", view))
    }
    pub fn names(self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(self.0.query_all("names", names.into_iter().map(Into::into)))
    }
}

/// Cancels an operation.
#[must_use = "a call does nothing until it is sent"]
pub struct Cancel(Request);

gapi_runtime::call!(Cancel {
    id: "spanner.projects.instances.operations.cancel",
    service: api::Spanner,
    request: Post "v1/{+name}:cancel",
    path "name": "^projects/[^/]+/instances/[^/]+/operations$",
    response: Json api::schemas::Empty,
});

/// Deletes an operation; its builder has the name of a trait.
#[must_use = "a call does nothing until it is sent"]
pub struct Send(Request);

gapi_runtime::call!(Send {
    id: "spanner.projects.instances.operations.delete",
    service: api::Spanner,
    request: Delete "v1/{+name}/parts/{part}",
    path "name": "^projects/[^/]+/instances/[^/]+/operations$",
    path "part",
    response: Bytes gapi_runtime::Bytes,
});

/// Pages with a token in the body; its builder has the name of a type.
#[must_use = "a call does nothing until it is sent"]
pub struct Option(Request);

gapi_runtime::call!(Option {
    id: "spanner.projects.instances.operations.search",
    service: api::Spanner,
    request: Post "v1/search",
    api_version: "2026-11-01",
    response: Json api::schemas::Scopes,
    pages: Body "pageToken" = next_page_token,
    items: items as ::std::collections::BTreeMap<String, api::schemas::Status>,
});

impl Option {
    #[inline]
    pub fn body(self, body: api::schemas::CancelOperationRequest) -> Self {
        Self(self.0.body(body))
    }
}

/// An `HttpBody` both ways.
#[must_use = "a call does nothing until it is sent"]
pub struct Raw(Request);

gapi_runtime::call!(Raw {
    id: "spanner.raw",
    service: api::Spanner,
    request: Put "v1/raw",
    response: HttpBody gapi_runtime::Bytes,
});

/// Returns an array of messages.
#[must_use = "a call does nothing until it is sent"]
pub struct Stream(Request);

gapi_runtime::call!(Stream {
    id: "spanner.stream",
    service: api::Spanner,
    request: Post "v1/stream",
    response: Json Vec<api::schemas::Status>,
    stream: api::schemas::Status,
});
