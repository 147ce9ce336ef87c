//! A module as the generator prints it, for an API that was made up.

#![deny(warnings, clippy::pedantic)]
#![allow(dead_code, missing_docs, reason = "not all of it is called")]
#![allow(
    clippy::enum_variant_names,
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    clippy::doc_markdown,
    clippy::large_enum_variant,
    unreachable_pub,
    reason = "generated code allows them"
)]

use gapi_runtime::Client;

#[derive(Clone, Debug)]
pub struct Spanner(Client);

impl Spanner {
    pub fn builder() -> gapi_runtime::ClientBuilder<Self> {
        gapi_runtime::ClientBuilder::new()
    }

    pub fn projects(&self) -> projects::Projects {
        projects::Projects::new(&self.0)
    }
}

gapi_runtime::service!(Spanner {
    id: "spanner:v1",
    name: "spanner",
    version: "v1",
    revision: "20261006",
    title: "Cloud Spanner API",
    root_url: "https://spanner.googleapis.com/",
    mtls_root_url: "https://spanner.mtls.googleapis.com/",
    batch_path: "batch",
    scope: "https://www.googleapis.com/auth/cloud-platform",
});

/// API-wide parameters.
pub trait StandardParameters: gapi_runtime::Call {
    /// Selector specifying which fields to include in a partial response.
    #[must_use]
    fn fields(self, fields: impl Into<String>) -> Self {
        self.map_request(|request| request.query("fields", fields.into()))
    }
    #[must_use]
    fn alt(self, alt: impl Into<String>) -> Self {
        self.map_request(|request| request.query("alt", alt.into()))
    }
    #[must_use]
    fn xgafv(self, xgafv: params::Xgafv) -> Self {
        self.map_request(|request| request.query("$.xgafv", xgafv))
    }
}

impl<C: gapi_runtime::Call<Service = Spanner>> StandardParameters for C {}

/// Translate: a service with a path and a data wrapper.
#[derive(Clone, Debug)]
pub struct Translate(Client);

gapi_runtime::service!(Translate {
    id: "translate:v2",
    name: "translate",
    version: "v2",
    revision: "20261006",
    title: "Cloud Translation API",
    root_url: "https://translation.googleapis.com/",
    service_path: "language/translate/",
    batch_path: "batch/translate",
    data_wrapper: true,
});

impl Translate {
    #[inline]
    pub fn translate(&self, body: schemas::Status) -> translate::Translate {
        translate::Translate::new(&self.0, body)
    }
}

pub mod translate {
    use gapi_runtime::{Client, Request};

    pub struct Translate(Request);

    impl Translate {
        #[inline]
        pub(crate) fn new(client: &Client, body: super::schemas::Status) -> Self {
            Self(Request::of::<Self>(client).body(body))
        }
    }

    gapi_runtime::call!(Translate {
        id: "language.translations.translate",
        service: super::Translate,
        request: Post "v2",
        response: Json super::schemas::Status,
    });
}

pub mod params {
    #[non_exhaustive]
    pub enum Xgafv {
        /// v1 error format
        V1,
        /// A value that this version of the crate does not know: kept, and sent back unchanged.
        UnknownValue(String),
    }
    gapi_runtime::open_enum!(Xgafv { V1: "1" });
}

pub mod schemas {
    pub struct ListOperationsResponse {
        pub next_page_token: Option<String>,
        pub operations: Option<Vec<Operation>>,
        pub unknown_fields: gapi_runtime::UnknownFields,
    }
    gapi_runtime::schema!(ListOperationsResponse {
        next_page_token: "nextPageToken",
        operations: "operations",
    });

    pub struct Operation {
        pub child: Option<Box<Operation>>,
        pub data: Option<gapi_runtime::Base64>,
        pub done: Option<bool>,
        pub error: Option<Status>,
        pub expires: Option<gapi_runtime::DateTime>,
        pub labels: Option<std::collections::BTreeMap<String, String>>,
        pub mask: Option<gapi_runtime::FieldMask>,
        pub metadata: Option<gapi_runtime::Object>,
        pub name: Option<String>,
        pub ratio: Option<f64>,
        pub rows: Option<Vec<Vec<gapi_runtime::Value>>>,
        pub size: Option<i64>,
        pub sizes: Option<Vec<u64>>,
        pub small: Option<i32>,
        pub state: Option<State>,
        pub states: Option<Vec<State>>,
        pub timeout: Option<gapi_runtime::Duration>,
        pub r#type: Option<u32>,
        /// Members that this version of the crate does not know, and explicit nulls.
        pub unknown_fields: gapi_runtime::UnknownFields,
    }
    gapi_runtime::schema!(Operation {
        child: "child",
        data: "data",
        done: "done",
        error: "error",
        expires: "expires",
        labels: "labels",
        mask: "mask",
        metadata: "metadata",
        name: "name",
        ratio: "ratio",
        rows: "rows",
        size: "size",
        sizes: "sizes",
        small: "small",
        state: "state",
        states: "states",
        timeout: "timeout",
        r#type: "@type",
    });
    gapi_runtime::boxed!(Operation);

    pub struct Status {
        pub code: Option<i32>,
        pub message: Option<String>,
        pub unknown_fields: gapi_runtime::UnknownFields,
    }
    gapi_runtime::schema!(Status {
        code: "code",
        message: "message"
    });

    pub struct Empty {
        pub unknown_fields: gapi_runtime::UnknownFields,
    }
    gapi_runtime::schema!(Empty {});

    pub struct CancelOperationRequest {
        pub next_page_token: Option<String>,
        pub unknown_fields: gapi_runtime::UnknownFields,
    }
    gapi_runtime::schema!(CancelOperationRequest {
        next_page_token: "pageToken"
    });

    pub struct Scopes {
        pub items: Option<std::collections::BTreeMap<String, Status>>,
        pub next_page_token: Option<String>,
        pub unknown_fields: gapi_runtime::UnknownFields,
    }
    gapi_runtime::schema!(Scopes {
        items: "items",
        next_page_token: "nextPageToken"
    });

    #[non_exhaustive]
    pub enum State {
        /// docs
        StateUnspecified,
        Ready,
        /// A value that this version of the crate does not know: kept, and sent back unchanged.
        UnknownValue(String),
    }
    gapi_runtime::open_enum!(State {
        StateUnspecified: "STATE_UNSPECIFIED",
        Ready: "READY",
    });

    /// Schemas named as the prelude's types, traits and variants.
    pub mod prelude {
        macro_rules! named {
            ($($name:ident)*) => {$(
                pub struct $name {
                    pub child: ::core::option::Option<::std::boxed::Box<$name>>,
                    pub ok: ::core::option::Option<bool>,
                    pub unknown_fields: gapi_runtime::UnknownFields,
                }
                gapi_runtime::schema!($name { child: "child", ok: "ok" });
                gapi_runtime::boxed!($name);
            )*};
        }
        named!(Option Result Ok Some Err None Box Vec String Default Clone Debug Send Sync Sized Fn FnOnce Into From D E S Schema WireFormat Value);

        #[non_exhaustive]
        pub enum Type {
            Ok,
            Err,
            Some,
            None,
            UnknownValue(::std::string::String),
        }
        gapi_runtime::open_enum!(Type {
            Ok: "OK",
            Err: "ERR",
            Some: "SOME",
            None: "NONE"
        });
    }
}

pub mod projects {
    use gapi_runtime::Client;

    #[derive(Clone, Debug)]
    pub struct Projects(Client);

    impl Projects {
        pub(crate) fn new(client: &Client) -> Self {
            Self(client.clone())
        }

        pub fn instances(&self) -> instances::Instances {
            instances::Instances::new(&self.0)
        }
    }

    pub mod instances {
        use gapi_runtime::Client;

        #[derive(Clone, Debug)]
        pub struct Instances(Client);

        impl Instances {
            pub(crate) fn new(client: &Client) -> Self {
                Self(client.clone())
            }

            pub fn operations(&self) -> operations::Operations {
                operations::Operations::new(&self.0)
            }
        }

        pub mod operations;
    }
}
