//! Calls of a client whose transport responds at once. `call-cost` builds this with and without the feature `tracing`.
//!
//! For each line of input it makes that many calls and prints the nanoseconds.

use std::{
    error::Error,
    io::{self, BufRead as _},
    time::Instant,
};

use gapi_runtime::{
    BoxFuture, Bytes, Client, ClientBuilder, Request, Service as _, Transport, TransportError, http,
};

/// An API with one method.
#[derive(Clone, Debug)]
pub struct Spanner(Client);
gapi_runtime::service!(Spanner {
    id: "spanner:v1",
    name: "spanner",
    version: "v1",
    revision: "20261006",
    title: "Cloud Spanner API",
    root_url: "https://spanner.googleapis.com/",
    batch_path: "batch",
});

/// The method.
pub struct Get(Request);
gapi_runtime::call!(Get {
    id: "spanner.projects.instances.operations.get",
    service: Spanner,
    request: Get "v1/{+name}",
    path "name": "^projects/[^/]+/instances/[^/]+/operations/[^/]+$",
    response: Bytes Bytes,
});

#[derive(Debug)]
struct AtOnce;

impl Transport for AtOnce {
    fn send(
        &self,
        _: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async { Ok(http::Response::new(Bytes::from_static(b"{}"))) })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let builder = ClientBuilder::<Spanner>::new().transport(AtOnce);
        let spanner = builder.bearer_token("ya29.token").build().await?;
        for line in io::stdin().lock().lines() {
            let count: u32 = line?.parse()?;
            let begin = Instant::now();
            for _ in 0..count {
                let request = Request::of::<Get>(spanner.client());
                let get = Get(request.path("name", "projects/p/instances/i/operations/o"));
                get.send().await?;
            }
            println!("{}", begin.elapsed().as_nanos());
        }
        Ok(())
    })
}
