//! The requests that a mock receives, and its responses to them.

use super::MockError;
use super::batch;
use super::call::Received;
use super::failure::Reply;
use super::operation::Running;
use super::report::Problem;
use super::rule::{Planned, Rule, Step};
use super::upload::Session;
use crate::client::Called;
use crate::credentials::Calls;
use crate::method::MethodInfo;
use crate::transport::{Body, BoxFuture, Transport, TransportError};
use bytes::Bytes;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The transport of a mock.
#[derive(Clone)]
pub(super) struct Server(pub(super) Arc<State>);

/// Everything that a mock knows.
#[derive(Default)]
pub(super) struct State(Mutex<Inner>);

#[derive(Default)]
pub(super) struct Inner {
    rules: Vec<Rule>,
    /// The operations that were begun.
    pub(super) running: Vec<Running>,
    /// The uploads that were begun.
    pub(super) sessions: Vec<Session>,
    pub(super) calls: Vec<Arc<Received>>,
    unmatched: Vec<Problem>,
}

/// A response, and the time until it.
pub(super) struct Timed {
    pub(super) delay: Duration,
    pub(super) reply: Reply,
}

/// A response that may need a function of the test.
pub(super) enum Chosen {
    Done(Timed),
    /// The step with the function, and the call.
    Function(Step, Arc<Received>),
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an expectation, and returns its position.
    pub(super) fn add(&self, rule: Rule) -> usize {
        let mut inner = self.lock();
        inner.rules.push(rule);
        inner.rules.len() - 1
    }

    /// Changes an expectation.
    pub(super) fn change(&self, position: usize, change: impl FnOnce(&mut Rule)) {
        if let Some(rule) = self.lock().rules.get_mut(position) {
            change(rule);
        }
    }

    pub(super) fn calls_of(&self, method: &MethodInfo) -> Vec<Arc<Received>> {
        let inner = self.lock();
        let calls = inner.calls.iter();
        let calls = calls.filter(|call| call.method.id == method.id);
        calls.cloned().collect()
    }

    pub(super) fn verify(&self) -> Result<(), MockError> {
        let inner = self.lock();
        let mut problems = inner.unmatched.clone();
        problems.extend(inner.rules.iter().flat_map(Rule::problems));
        problems.extend(inner.running.iter().filter_map(Running::problem));
        MockError::check(problems)
    }

    /// Returns the response to a request.
    fn respond(&self, request: &http::Request<Bytes>) -> Result<Timed, TransportError> {
        let Some(called) = request.extensions().get::<Called>() else {
            let text = format!("{} {}", request.method(), request.uri().path());
            let problem = Problem::new(
                "no method",
                format!("the request {text} is not that of a call, for example one for a token"),
            );
            return Err(self.fail(problem));
        };
        if let Some(Calls(methods)) = request.extensions().get() {
            return batch::respond(request, called, methods, |part, called| {
                self.respond_to_call(part, called)
            });
        }
        self.respond_to_call(request, called)
    }

    fn respond_to_call(
        &self,
        request: &http::Request<Bytes>,
        called: &Called,
    ) -> Result<Timed, TransportError> {
        let received = Received::read(request, called);
        let chosen = self.lock().choose(request, received, called);
        match chosen {
            Ok(Chosen::Done(timed)) => Ok(timed),
            // Without the lock, because the function may ask for the calls so far.
            Ok(Chosen::Function(step, call)) => Ok(match &step.planned {
                Planned::Function(function) => step.timed(function(&call)),
                Planned::Reply(reply) => step.timed(reply.clone()),
                Planned::Operation(_) => step.timed(Reply::json("{}")),
            }),
            Err(problem) => Err(self.fail(problem)),
        }
    }

    /// Keeps a problem, and returns the error of the call.
    fn fail(&self, problem: Problem) -> TransportError {
        let text = problem.in_one_line();
        self.lock().unmatched.push(problem);
        TransportError::unusable(text)
    }
}

impl Inner {
    fn choose(
        &mut self,
        request: &http::Request<Bytes>,
        received: Received,
        called: &Called,
    ) -> Result<Chosen, Problem> {
        if let Some(id) = received.upload_id() {
            let id = id.to_owned();
            return self.chunk(&id, request, &received);
        }
        let call = Arc::new(received);
        self.calls.push(Arc::clone(&call));
        let mut notes = Vec::new();
        for rule in &mut self.rules {
            if rule.method.id != call.method.id {
                continue;
            }
            match rule.take(&call) {
                Ok(step) => return Ok(self.begin(step, call, called)),
                Err(reason) => notes.push(format!("expectation at {}: {reason}", rule.place())),
            }
        }
        if let Some(timed) = self.poll(&call) {
            return timed.map(Chosen::Done);
        }
        if notes.is_empty() {
            notes.push(self.without_expectation());
        }
        let text = format!("no expectation of the mock matches the call {call}");
        Err(Problem::new(call.method.id, text).with_notes(notes))
    }

    /// Begins what a response begins: an operation or an upload.
    fn begin(&mut self, step: Step, call: Arc<Received>, called: &Called) -> Chosen {
        if let Planned::Operation(plan) = &step.planned {
            let (running, reply) = plan.begin(&call, called, self.running.len());
            self.running.extend(running);
            return Chosen::Done(step.timed(reply));
        }
        if call.begins_session() {
            let session = Session::new(step, &call, self.calls.len() - 1, self.sessions.len());
            return match session {
                Ok(session) => {
                    let reply = session.begin();
                    self.sessions.push(session);
                    Chosen::Done(Timed {
                        delay: Duration::ZERO,
                        reply,
                    })
                }
                Err(timed) => Chosen::Done(*timed),
            };
        }
        step.chosen(call)
    }

    /// Returns the response to a poll of an operation that was begun: of those with one name, the first that has a further state.
    fn poll(&mut self, call: &Arc<Received>) -> Option<Result<Timed, Problem>> {
        let running = self.running.iter_mut();
        let mut polled: Vec<&mut Running> = running
            .filter(|running| running.is_polled_by(call))
            .collect();
        let next = polled.iter().position(|running| running.has_next());
        let running = polled.get_mut(next.unwrap_or_default())?;
        Some(running.poll(call))
    }

    fn without_expectation(&self) -> String {
        let mut known: Vec<&str> = self.rules.iter().map(|rule| rule.method.id).collect();
        known.sort_unstable();
        known.dedup();
        match &known[..] {
            [] => "the mock has no expectations: add one with `mock.on`".to_owned(),
            known => format!(
                "the mock has no expectation of this method, only of {}",
                known.join(", ")
            ),
        }
    }
}

impl Step {
    /// Returns the response to a call that begins nothing.
    pub(super) fn chosen(self, call: Arc<Received>) -> Chosen {
        match &self.planned {
            Planned::Reply(reply) => {
                let reply = reply.clone();
                Chosen::Done(self.timed(reply))
            }
            Planned::Function(_) | Planned::Operation(_) => Chosen::Function(self, call),
        }
    }

    /// Returns a reply with the settings of the step.
    pub(super) fn timed(&self, mut reply: Reply) -> Timed {
        if let Reply::Response(response) = &mut reply {
            for (name, value) in &self.headers {
                response.headers_mut().insert(name, value.clone());
            }
        }
        if let Some(bytes) = self.disconnect_after {
            reply = reply.disconnecting_after(bytes);
        }
        Timed {
            delay: self.delay,
            reply,
        }
    }
}

impl Transport for Server {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let response = self.send_streaming(request.map(Body::from)).await?;
            let (head, body) = response.into_parts();
            Ok(http::Response::from_parts(head, body.collect().await?))
        })
    }

    fn send_streaming(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let request = http::Request::from_parts(head, body.collect().await?);
            let Timed { delay, reply } = self.0.respond(&request)?;
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            reply.into_http()
        })
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mock")
    }
}
