//! One attempt to send a request.

use super::{BodyMode, Client, Inner, METHOD_OVERRIDE, body};
use crate::credentials::Waits;
use crate::error::Result;
use crate::method::MethodInfo;
use crate::secrets::Secrets;
#[cfg(feature = "hyper")]
use crate::transport::ProxyCredentials;
use crate::transport::connecting::{self, Connecting};
use crate::transport::{Body, Destination};
use bytes::Bytes;
use http::StatusCode;
use std::pin::pin;
use tokio::time::Instant;

#[cfg(all(test, feature = "hyper"))]
mod tests;

/// The options of one attempt.
#[derive(Clone, Copy)]
pub(crate) struct AttemptOptions<'a> {
    /// The number of the attempt of its call, from 1 on.
    pub(crate) number: u32,
    pub(crate) body_mode: BodyMode,
    /// `true` if the policy has retries. Then the attempt waits for a token as long as a request for it may take.
    pub(crate) is_patient: bool,
    pub(crate) connecting: Option<Connecting>,
    /// The end of the attempt, if it has a timeout.
    pub(crate) by: Option<Instant>,
    /// Counts the time that the credentials wait for a person, if they may do that.
    pub(crate) waits: Option<&'a Waits>,
}

/// A mark on a response with HTTP 401: the same request with another token may succeed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Renewable;

impl Client {
    /// Sends a request once. Every request passes through here, and only this function adds credentials. Each attempt asks for
    /// its own, because they may expire before the next one.
    ///
    /// Any HTTP status is a response. The body of an unsuccessful response is in memory.
    pub(crate) async fn attempt(
        &self,
        method: &'static MethodInfo,
        mut request: Box<http::Request<Body>>,
        mut options: AttemptOptions<'_>,
    ) -> Result<http::Response<Body>> {
        let credentials = &self.0.credentials;
        if credentials.have_provider() {
            // Boxed: clients without a provider do not need room for it.
            let added = self.add_provided(method, &mut request, &options);
            let connecting = Box::pin(added).await?;
            options.connecting = connecting;
        }
        credentials.add_fixed(request.headers_mut());
        self.0.hooks.run(method, options.number, &mut request)?;
        let token = credentials.token_in(request.headers());
        #[cfg_attr(
            not(feature = "hyper"),
            allow(unused_mut, reason = "only a proxy adds to it")
        )]
        let mut secrets = Secrets::of(request.uri(), request.headers(), form(&request));
        let destination = Destination::of(request.uri());
        #[cfg(feature = "test-util")]
        request
            .extensions_mut()
            .insert(super::Called::new(self, method));
        let response = self.0.transport.send_streaming(*request);
        let response = match options.connecting {
            Some(connecting) => connecting.around(response).await,
            None => response.await,
        };
        let mut response = response.map_err(|error| error.into_error(method, &destination))?;
        if let Some(token) = token
            && response.status() == StatusCode::UNAUTHORIZED
            && credentials.reject(*token, response.headers())
        {
            response.extensions_mut().insert(Renewable);
        }
        #[cfg(feature = "hyper")]
        if let Some(ProxyCredentials(added)) = response.extensions_mut().remove() {
            secrets.add(added);
        }
        // A response takes along what errors made of it must not show.
        if options.body_mode != BodyMode::Message || !response.status().is_success() {
            response.extensions_mut().insert(secrets);
        }
        let limit = self.0.max_response_size;
        body::read(method, &destination, response, options.body_mode, limit).await
    }

    /// Adds the headers of the provider, and returns the limits on connecting that apply after them.
    async fn add_provided(
        &self,
        method: &'static MethodInfo,
        request: &mut http::Request<Body>,
        options: &AttemptOptions<'_>,
    ) -> Result<Option<Connecting>> {
        let Inner {
            credentials,
            transport,
            ..
        } = &*self.0;
        let of_connecting = options.connecting.and_then(|connecting| connecting.by);
        let start = Instant::now();
        let deadline = credentials.deadline(options.by, of_connecting, options.is_patient);
        let provided = {
            let calls = request.extensions().get();
            let provided = credentials.provided(method, calls, transport, deadline, options.waits);
            // A provider that may wait for a person has the limits of the attempt only, which do not include the wait.
            let cut_off = deadline.filter(|_| options.waits.is_none());
            connecting::by(cut_off, pin!(provided)).await
        };
        let provided = provided
            .unwrap_or_else(|| Err(credentials.unfinished(start.elapsed())))
            .map_err(|error| error.into_error(Some(method.id)))?;
        credentials.add(provided, request.headers_mut());
        Ok(options.connecting.map(|connecting| {
            // A provider that keeps its own deadline has not used up the time for connecting.
            if credentials.keep_deadline() {
                connecting.later(start.elapsed())
            } else {
                connecting
            }
        }))
    }
}

/// The body of a request whose query went there.
fn form(request: &http::Request<Body>) -> Option<&Bytes> {
    let has_form = request.headers().contains_key(METHOD_OVERRIDE);
    request.body().whole().filter(|_| has_form)
}
