//! Tests code that calls an API, without a server.
//!
//!     cargo test --bin mock-tests
//!
//! The code under test is a program that adds up the nodes of all Spanner instances of a project:
//!
//!     gcloud auth application-default login
//!     cargo run --bin mock-tests -- PROJECT

use futures_util::TryStreamExt as _;
use gapi::gapi_runtime::Result;
use gapi::spanner_v1::Spanner;

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let project = std::env::args().nth(1).ok_or("usage: mock-tests PROJECT")?;
    let spanner = Spanner::builder().build().await?;
    println!("{} nodes", nodes(&spanner, &project).await?);
    Ok(())
}

/// Returns the number of nodes. The client is an argument, so a test can pass one with a mock.
async fn nodes(spanner: &Spanner, project: &str) -> Result<i32> {
    let list = spanner
        .projects()
        .instances()
        .list(format!("projects/{project}"));
    list.items()
        .try_fold(0, |sum, instance| async move {
            Ok(sum + instance.node_count.unwrap_or_default())
        })
        .await
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use gapi::gapi_runtime::mock::{Fault, Mock};
    use gapi::gapi_runtime::{Code, Status};
    use gapi::spanner_v1::{projects::instances, schemas::Instance};
    use tokio::time::Instant;

    use super::nodes;

    type Test = Result<(), Box<dyn Error>>;

    fn instance(nodes: i32) -> Instance {
        Instance {
            node_count: Some(nodes),
            ..Default::default()
        }
    }

    #[tokio::test]
    async fn the_nodes_of_all_pages_are_added() -> Test {
        let mock = Mock::new();
        // Two instances in a page, so there are two pages.
        mock.on::<instances::List>()
            .path("parent", "projects/p")
            .respond_items(2, [instance(1), instance(2), instance(3)]);

        assert_eq!(nodes(&mock.client().await?, "p").await?, 6);
        assert_eq!(mock.calls::<instances::List>().len(), 2);
        // Fails if a call had no response, or a response had no call.
        Ok(mock.verify()?)
    }

    #[tokio::test]
    async fn an_error_of_the_server_is_returned() -> Test {
        let mock = Mock::new();
        mock.on::<instances::List>()
            .respond_error(Status::new(Code::PermissionDenied, "no"));

        let error = nodes(&mock.client().await?, "p").await.unwrap_err();
        assert!(error.is_permission_denied());
        Ok(mock.verify()?)
    }

    /// The clock is paused, so the delays before the retries take no time.
    #[tokio::test(start_paused = true)]
    async fn a_broken_connection_is_retried() -> Test {
        let mock = Mock::new();
        mock.on::<instances::List>()
            .respond_fault(Fault::Disconnect)
            .respond_status(503)
            .respond_items(2, [instance(4)]);

        let start = Instant::now();
        assert_eq!(nodes(&mock.client().await?, "p").await?, 4);
        assert!(!start.elapsed().is_zero());
        Ok(mock.verify()?)
    }
}
