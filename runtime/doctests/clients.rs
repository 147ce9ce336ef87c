// Hidden code of examples: parts of clients as the generator writes them. Each example includes them as it is compiled,
// because this crate cannot depend on a generated one.

#[allow(dead_code, missing_docs, reason = "an example uses a part of it")]
pub mod gapi {
    pub mod spanner_v1 {
        #[derive(Clone, Debug)]
        pub struct Spanner(gapi_runtime::Client);
        gapi_runtime::service!(Spanner {
            id: "spanner:v1",
            name: "spanner",
            version: "v1",
            revision: "20261006",
            title: "Cloud Spanner API",
            root_url: "https://spanner.googleapis.com/",
            batch_path: "batch",
            scope: "https://www.googleapis.com/auth/cloud-platform",
            scope: "https://www.googleapis.com/auth/spanner.admin",
        });

        impl Spanner {
            pub fn builder() -> gapi_runtime::ClientBuilder<Self> {
                gapi_runtime::ClientBuilder::new()
            }
            pub fn batch(&self) -> gapi_runtime::Batch<Self> {
                gapi_runtime::Batch::new(&self.0)
            }
            pub fn projects(&self) -> projects::Projects {
                projects::Projects(self.0.clone())
            }
        }

        pub mod scopes {
            pub const CLOUD_PLATFORM: &str = "https://www.googleapis.com/auth/cloud-platform";
            pub const SPANNER_ADMIN: &str = "https://www.googleapis.com/auth/spanner.admin";
        }

        pub mod projects {
            use super::super::spanner_v1 as api;

            #[derive(Clone, Debug)]
            pub struct Projects(pub(super) gapi_runtime::Client);
            impl Projects {
                pub fn instances(&self) -> instances::Instances {
                    instances::Instances(self.0.clone())
                }
            }

            pub mod instances {
                use super::api;
                use gapi_runtime::Request;

                #[derive(Clone, Debug)]
                pub struct Instances(pub(super) gapi_runtime::Client);
                impl Instances {
                    pub fn create(
                        &self,
                        parent: impl Into<String>,
                        body: impl Into<Option<api::schemas::CreateInstanceRequest>>,
                    ) -> Create {
                        Create(Request::of::<Create>(&self.0).path("parent", parent).body(body))
                    }
                    pub fn delete(&self, name: impl Into<String>) -> Delete {
                        Delete(Request::of::<Delete>(&self.0).path("name", name))
                    }
                    pub fn get(&self, name: impl Into<String>) -> Get {
                        Get(Request::of::<Get>(&self.0).path("name", name))
                    }
                    pub fn list(&self, parent: impl Into<String>) -> List {
                        List(Request::of::<List>(&self.0).path("parent", parent))
                    }
                    pub fn operations(&self) -> operations::Operations {
                        operations::Operations(self.0.clone())
                    }
                    pub fn query(&self, name: impl Into<String>) -> Query {
                        Query(Request::of::<Query>(&self.0).path("name", name))
                    }
                }

                pub struct Create(Request);
                gapi_runtime::call!(Create {
                    id: "spanner.projects.instances.create",
                    service: api::Spanner [CLOUD_PLATFORM, SPANNER_ADMIN],
                    request: Post "v1/{+parent}/instances",
                    path "parent": "^projects/[^/]+$",
                    response: Json api::schemas::Operation,
                    operation: Response api::schemas::Instance,
                    metadata: api::schemas::CreateInstanceMetadata,
                });

                pub struct Delete(Request);
                gapi_runtime::call!(Delete {
                    id: "spanner.projects.instances.delete",
                    service: api::Spanner [CLOUD_PLATFORM, SPANNER_ADMIN],
                    request: Delete "v1/{+name}",
                    path "name": "^projects/[^/]+/instances/[^/]+$",
                    response: Json api::schemas::Empty,
                });

                pub struct Get(Request);
                gapi_runtime::call!(Get {
                    id: "spanner.projects.instances.get",
                    service: api::Spanner [CLOUD_PLATFORM, SPANNER_ADMIN],
                    request: Get "v1/{+name}",
                    path "name": "^projects/[^/]+/instances/[^/]+$",
                    response: Json api::schemas::Instance,
                });

                pub struct List(Request);
                impl List {
                    pub fn fields(self, fields: impl Into<String>) -> Self {
                        Self(self.0.query::<String>("fields", fields.into()))
                    }
                    pub fn page_size(self, page_size: i32) -> Self {
                        Self(self.0.query("pageSize", page_size))
                    }
                }
                gapi_runtime::call!(List {
                    id: "spanner.projects.instances.list",
                    service: api::Spanner [CLOUD_PLATFORM, SPANNER_ADMIN],
                    request: Get "v1/{+parent}/instances",
                    path "parent": "^projects/[^/]+$",
                    response: Json api::schemas::ListInstancesResponse,
                    pages: Query "pageToken" = next_page_token,
                    items: instances as Vec<api::schemas::Instance>,
                });

                // Spanner has it below sessions, which would make the examples longer.
                pub struct Query(Request);
                gapi_runtime::call!(Query {
                    id: "spanner.projects.instances.query",
                    service: api::Spanner [CLOUD_PLATFORM, SPANNER_ADMIN],
                    request: Post "v1/{+name}:query",
                    path "name": "^projects/[^/]+/instances/[^/]+$",
                    response: Json Vec<api::schemas::PartialResultSet>,
                    stream: api::schemas::PartialResultSet,
                });

                pub mod operations {
                    use super::api;
                    use gapi_runtime::Request;

                    #[derive(Clone, Debug)]
                    pub struct Operations(pub(super) gapi_runtime::Client);
                    impl Operations {
                        pub fn get(&self, name: impl Into<String>) -> Get {
                            Get(Request::of::<Get>(&self.0).path("name", name))
                        }
                    }

                    pub struct Get(Request);
                    gapi_runtime::call!(Get {
                        id: "spanner.projects.instances.operations.get",
                        service: api::Spanner [CLOUD_PLATFORM, SPANNER_ADMIN],
                        request: Get "v1/{+name}",
                        path "name": "^projects/[^/]+/instances/[^/]+/operations/[^/]+$",
                        response: Json api::schemas::Operation,
                        operation: Operation api::schemas::Operation,
                    });
                }
            }
        }

        pub mod schemas {
            use gapi_runtime::{Object, UnknownFields};

            pub struct Instance {
                pub display_name: Option<String>,
                pub name: Option<String>,
                pub node_count: Option<i32>,
                pub unknown_fields: UnknownFields,
            }
            gapi_runtime::schema!(Instance {
                display_name: "displayName", name: "name", node_count: "nodeCount",
            });

            pub struct ListInstancesResponse {
                pub instances: Option<Vec<Instance>>,
                pub next_page_token: Option<String>,
                pub unknown_fields: UnknownFields,
            }
            gapi_runtime::schema!(ListInstancesResponse {
                instances: "instances", next_page_token: "nextPageToken",
            });

            pub struct CreateInstanceRequest {
                pub instance: Option<Instance>,
                pub instance_id: Option<String>,
                pub unknown_fields: UnknownFields,
            }
            gapi_runtime::schema!(CreateInstanceRequest {
                instance: "instance", instance_id: "instanceId",
            });

            pub struct CreateInstanceMetadata {
                pub start_time: Option<gapi_runtime::DateTime>,
                pub unknown_fields: UnknownFields,
            }
            gapi_runtime::schema!(CreateInstanceMetadata { start_time: "startTime" });

            pub struct PartialResultSet {
                pub values: Option<Vec<gapi_runtime::Value>>,
                pub unknown_fields: UnknownFields,
            }
            gapi_runtime::schema!(PartialResultSet { values: "values" });

            pub struct Empty {
                pub unknown_fields: UnknownFields,
            }
            gapi_runtime::schema!(Empty {});

            pub struct Operation {
                pub done: Option<bool>,
                pub error: Option<Object>,
                pub metadata: Option<Object>,
                pub name: Option<String>,
                pub response: Option<Object>,
                pub unknown_fields: UnknownFields,
            }
            gapi_runtime::schema!(Operation {
                done: "done", error: "error", metadata: "metadata", name: "name", response: "response",
            });
            gapi_runtime::operation!(Operation {
                style: Aip151,
                get: "spanner.projects.instances.operations.get" Get "v1/{+name}" "name" = "^projects/[^/]+/instances/[^/]+/operations/[^/]+$",
                cancel: "spanner.projects.instances.operations.cancel" Post "v1/{+name}:cancel" "name" = "^projects/[^/]+/instances/[^/]+/operations/[^/]+$",
            });
        }
    }
}

#[allow(dead_code, missing_docs, reason = "an example uses a part of it")]
pub mod storage_v1 {
    #[derive(Clone, Debug)]
    pub struct Storage(gapi_runtime::Client);
    gapi_runtime::service!(Storage {
        id: "storage:v1",
        name: "storage",
        version: "v1",
        revision: "20261006",
        title: "Cloud Storage JSON API",
        root_url: "https://storage.googleapis.com/",
        service_path: "storage/v1/",
        batch_path: "batch/storage/v1",
    });

    impl Storage {
        pub fn builder() -> gapi_runtime::ClientBuilder<Self> {
            gapi_runtime::ClientBuilder::new()
        }
        pub fn objects(&self) -> objects::Objects {
            objects::Objects(self.0.clone())
        }
    }

    pub mod objects {
        use super::super::storage_v1 as api;
        use gapi_runtime::Request;

        #[derive(Clone, Debug)]
        pub struct Objects(pub(super) gapi_runtime::Client);
        impl Objects {
            pub fn get(&self, bucket: impl Into<String>, object: impl Into<String>) -> Get {
                Get(Request::of::<Get>(&self.0).path("bucket", bucket).path("object", object))
            }
            pub fn insert(
                &self,
                bucket: impl Into<String>,
                body: impl Into<Option<api::schemas::Object>>,
            ) -> Insert {
                Insert(Request::of::<Insert>(&self.0).path("bucket", bucket).body(body))
            }
        }

        pub struct Get(Request);
        gapi_runtime::call!(Get {
            id: "storage.objects.get",
            service: api::Storage,
            request: Get "b/{bucket}/o/{object}",
            path "bucket",
            path "object",
            response: Json api::schemas::Object,
            download: Bytes,
        });

        pub struct Insert(Request);
        impl Insert {
            pub fn name(self, name: impl Into<String>) -> Self {
                Self(self.0.query::<String>("name", name.into()))
            }
        }
        gapi_runtime::call!(Insert {
            id: "storage.objects.insert",
            service: api::Storage,
            request: Post "b/{bucket}/o",
            path "bucket",
            upload: Resumable "*/*",
            response: Json api::schemas::Object,
        });
    }

    pub mod schemas {
        pub struct Object {
            pub etag: Option<String>,
            pub name: Option<String>,
            pub unknown_fields: gapi_runtime::UnknownFields,
        }
        gapi_runtime::schema!(Object { etag: "etag", name: "name" });
    }
}

/// A client whose calls get these bodies as responses.
#[allow(dead_code, reason = "not all examples are run")]
pub async fn spanner<const N: usize>(bodies: [&'static str; N]) -> gapi_runtime::Result<gapi::spanner_v1::Spanner> {
    let mock = gapi_runtime::MockTransport::new();
    let mock = bodies.into_iter().fold(mock, |mock, body| mock.respond(200, body));
    gapi::spanner_v1::Spanner::builder().transport(mock).build().await
}
