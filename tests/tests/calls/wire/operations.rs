//! Every method of every `operations` resource: the exact request, without and with all API-wide parameters.
//!
//! The expected lines are written by hand from Google's REST reference. The required methods and query parameters are
//! counted in the documents, so that a new one fails the test until it is added.

use super::documents::versions;
use super::exchange::{Exchange, exchange};

/// The lists of most APIs differ only in their name.
const FILTER: &str = "done=true AND name:\"é*\"";
const QUERY: &str =
    "filter=done%3Dtrue+AND+name%3A%22%C3%A9%2A%22&pageSize=-1&pageToken=t%2F%3D%2B";
const PARTIAL: &str = "&returnPartialSuccess=true";

/// Creates a test for each version, and a test that there is no other version.
macro_rules! versions {
    ($($name:ident: $version:literal, |$exchange:ident, $client:ident: $service:ident| $calls:block)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                #[allow(unused_imports, reason = "not every API has a cancel request")]
                use gapi::$name::{$service, StandardParameters, params::Xgafv, schemas};
                let (mut $exchange, $client) = Exchange::start::<$service>($version).await;
                $calls
                $exchange.finish();
            }
        )*

        #[test]
        fn every_document_is_covered() {
            assert_eq!(versions(), [$($version),*].map(str::to_owned).into());
        }
    };
}

versions! {
    accesscontextmanager_v1: "accesscontextmanager.v1", |exchange, client: AccessContextManager| {
        let operations = client.operations();
        let request = schemas::CancelOperationRequest::default();
        exchange!(exchange, operations.cancel("operations/o/1", request), "POST /v1/operations/o/1:cancel", "{}");
        exchange!(exchange, operations.delete("operations/o"), "DELETE /v1/operations/o");
        exchange!(exchange, operations.get("operations/o"), "GET /v1/operations/o");
        let list = operations.list("operations").filter(FILTER).page_size(-1).page_token("t/=+");
        exchange!(exchange, list.return_partial_success(true), &format!("GET /v1/operations?{QUERY}{PARTIAL}"));
    }

    accesscontextmanager_v1beta: "accesscontextmanager.v1beta", |exchange, client: AccessContextManager| {
        exchange!(exchange, client.operations().get("operations/o"), "GET /v1beta/operations/o");
    }

    genomics_v1: "genomics.v1", |exchange, client: Genomics| {
        let operations = client.operations();
        let request = schemas::CancelOperationRequest::default();
        exchange!(exchange, operations.cancel("operations/o", request), "POST /v1/operations/o:cancel", "{}");
        exchange!(exchange, operations.get("operations/o"), "GET /v1/operations/o");
        let list = operations.list("operations").filter(FILTER).page_size(-1).page_token("t/=+");
        exchange!(exchange, list, &format!("GET /v1/operations?{QUERY}"));
    }

    genomics_v1alpha2: "genomics.v1alpha2", |exchange, client: Genomics| {
        let operations = client.operations();
        let request = schemas::CancelOperationRequest::default();
        exchange!(exchange, operations.cancel("operations/o", request), "POST /v1alpha2/operations/o:cancel", "{}");
        exchange!(exchange, operations.get("operations/o"), "GET /v1alpha2/operations/o");
        let list = operations.list("operations").filter(FILTER).page_size(-1).page_token("t/=+");
        exchange!(exchange, list, &format!("GET /v1alpha2/operations?{QUERY}"));
    }

    genomics_v2alpha1: "genomics.v2alpha1", |exchange, client: Genomics| {
        let operations = client.projects().operations();
        let name = "projects/p/operations/o";
        let request = schemas::CancelOperationRequest::default();
        exchange!(exchange, operations.cancel(name, request), "POST /v2alpha1/projects/p/operations/o:cancel", "{}");
        exchange!(exchange, operations.get(name), "GET /v2alpha1/projects/p/operations/o");
        let list = operations.list("projects/p/operations").filter(FILTER).page_size(-1).page_token("t/=+");
        exchange!(exchange, list, &format!("GET /v2alpha1/projects/p/operations?{QUERY}"));
    }

    healthcare_v1: "healthcare.v1", |exchange, client: CloudHealthcare| {
        let datasets = client.projects().locations().datasets();
        let name = "projects/p/locations/l/datasets/d";
        let operation = format!("{name}/operations/o");

        let operations = datasets.operations();
        let request = schemas::CancelOperationRequest::default();
        exchange!(exchange, operations.cancel(&operation, request), &format!("POST /v1/{operation}:cancel"), "{}");
        exchange!(exchange, operations.get(&operation), &format!("GET /v1/{operation}"));
        let list = operations.list(name).filter(FILTER).page_size(-1).page_token("t/=+").return_partial_success(true);
        exchange!(exchange, list, &format!("GET /v1/{name}/operations?{QUERY}{PARTIAL}"));

        let operations = datasets.fhir_stores().operations();
        let operation = format!("{name}/fhirStores/f/operations/o");
        exchange!(exchange, operations.delete_fhir_operation(&operation), &format!("DELETE /v1/{operation}"));
        exchange!(exchange, operations.get_fhir_operation_status(&operation), &format!("GET /v1/{operation}"));
    }

    healthcare_v1beta1: "healthcare.v1beta1", |exchange, client: CloudHealthcare| {
        let datasets = client.projects().locations().datasets();
        let name = "projects/p/locations/l/datasets/d";
        let operation = format!("{name}/operations/o");

        let operations = datasets.operations();
        let request = schemas::CancelOperationRequest::default();
        exchange!(exchange, operations.cancel(&operation, request), &format!("POST /v1beta1/{operation}:cancel"), "{}");
        exchange!(exchange, operations.get(&operation), &format!("GET /v1beta1/{operation}"));
        let list = operations.list(name).filter(FILTER).page_size(-1).page_token("t/=+").return_partial_success(true);
        exchange!(exchange, list, &format!("GET /v1beta1/{name}/operations?{QUERY}{PARTIAL}"));

        let operations = datasets.fhir_stores().operations();
        let operation = format!("{name}/fhirStores/f/operations/o");
        exchange!(exchange, operations.delete_fhir_operation(&operation), &format!("DELETE /v1beta1/{operation}"));
        exchange!(exchange, operations.get_fhir_operation_status(&operation), &format!("GET /v1beta1/{operation}"));
    }

    servicemanagement_v1: "servicemanagement.v1", |exchange, client: ServiceManagement| {
        let operations = client.operations();
        exchange!(exchange, operations.get("operations/o"), "GET /v1/operations/o");
        // Here the name is an optional query parameter.
        let list = operations.list().filter(FILTER).page_size(-1).page_token("t/=+").return_partial_success(true);
        exchange!(exchange, list.name("n m"), &format!("GET /v1/operations?{QUERY}{PARTIAL}&name=n+m"));
    }

    spanner_v1: "spanner.v1", |exchange, client: Spanner| {
        let configs = client.projects().instance_configs();
        let instances = client.projects().instances();
        // Six resources with the same four methods, under different parents and of different types.
        macro_rules! spanner {
            ($operations:expr, $parent:literal) => {
                let operations = $operations;
                let name = concat!($parent, "/operations/o");
                exchange!(exchange, operations.cancel(name), concat!("POST /v1/", $parent, "/operations/o:cancel"));
                exchange!(exchange, operations.delete(name), concat!("DELETE /v1/", $parent, "/operations/o"));
                exchange!(exchange, operations.get(name), concat!("GET /v1/", $parent, "/operations/o"));
                let list = operations.list(concat!($parent, "/operations"));
                let list = list.filter(FILTER).page_size(-1).page_token("t/=+").return_partial_success(true);
                exchange!(exchange, list, &format!("GET /v1/{}/operations?{QUERY}{PARTIAL}", $parent));
            };
        }
        spanner!(configs.operations(), "projects/p/instanceConfigs/c");
        spanner!(configs.ssd_caches().operations(), "projects/p/instanceConfigs/c/ssdCaches/s");
        spanner!(instances.operations(), "projects/p/instances/i");
        spanner!(instances.backups().operations(), "projects/p/instances/i/backups/b");
        spanner!(instances.databases().operations(), "projects/p/instances/i/databases/d");
        spanner!(instances.instance_partitions().operations(), "projects/p/instances/i/instancePartitions/n");
    }
}
