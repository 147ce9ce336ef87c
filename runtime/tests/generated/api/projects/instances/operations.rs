//! The `spanner.projects.instances.operations` resource.
use super::super::super as api;
use gapi_runtime::{
    Client, Method, MethodInfo, PageToken, Paged, PagedItems, PathParameter, RawBody, Request, Verb,
};

const NAME: &[PathParameter] = &[PathParameter {
    name: "name",
    pattern: Some("^projects/[^/]+/instances/[^/]+/operations$"),
}];

#[derive(Clone, Debug)]
pub struct Operations(Client);

impl Operations {
    pub(crate) fn new(client: &Client) -> Self {
        Self(client.clone())
    }

    /// Lists operations.
    pub fn list(&self, name: impl Into<String>) -> List {
        List(Request::new(&self.0, List::INFO).path("name", name.into()))
    }

    /// Cancels an operation.
    #[inline]
    pub fn cancel(
        &self,
        name: impl Into<String>,
        body: api::schemas::CancelOperationRequest,
    ) -> Cancel {
        Cancel(
            Request::new(&self.0, Cancel::INFO)
                .path("name", name.into())
                .body(body),
        )
    }

    /// Deletes an operation.
    pub fn delete(&self, name: impl Into<String>, part: i64) -> Send {
        Send(
            Request::new(&self.0, Send::INFO)
                .path("name", name.into())
                .path("part", part),
        )
    }

    /// Searches with a body.
    pub fn search(&self) -> Option {
        Option(Request::new(&self.0, Option::INFO))
    }

    /// Raw in, raw out.
    pub fn raw(&self, body: RawBody) -> Raw {
        Raw(Request::new(&self.0, Raw::INFO).raw_body(body))
    }

    /// Streams.
    pub fn stream(&self) -> Stream {
        Stream(Request::new(&self.0, Stream::INFO))
    }
}

/// Lists operations.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct List(Request);

impl Method for List {
    type Service = api::Spanner;
    type Response = api::schemas::ListOperationsResponse;
    const INFO: &'static MethodInfo = &MethodInfo {
        id: "spanner.projects.instances.operations.list",
        verb: Verb::Get,
        path: "v1/{+name}",
        path_parameters: NAME,
        ..MethodInfo::DEFAULT
    };
}

impl Paged for List {
    const TOKEN: PageToken = PageToken::Query("pageToken");
    fn next_page_token(page: &Self::Response) -> ::core::option::Option<&str> {
        page.next_page_token.as_deref()
    }
}

impl PagedItems for List {
    type Items = Vec<api::schemas::Operation>;
    fn items(page: Self::Response) -> ::core::option::Option<Self::Items> {
        page.operations
    }
}

gapi_runtime::call!(List: pages, items);

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
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct Raw(Request);

impl Method for Raw {
    type Service = api::Spanner;
    type Response = gapi_runtime::Bytes;
    const INFO: &'static MethodInfo = &MethodInfo {
        id: "spanner.raw",
        verb: Verb::Put,
        path: "v1/raw",
        ..MethodInfo::DEFAULT
    };
}

gapi_runtime::call!(Raw);

/// Answers with an array of messages.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct Stream(Request);

impl Method for Stream {
    type Service = api::Spanner;
    type Response = Vec<api::schemas::Status>;
    const INFO: &'static MethodInfo = &MethodInfo {
        id: "spanner.stream",
        verb: Verb::Post,
        path: "v1/stream",
        ..MethodInfo::DEFAULT
    };
}

gapi_runtime::call!(Stream);
