//! Long-running operations that pass through states.

mod name;

use super::call::Received;
use super::dispatch::Timed;
use super::failure::Reply;
use super::page::wrap;
use super::report::Problem;
use crate::client::Called;
use crate::error::Status;
use crate::method::MethodInfo;
use crate::operation::{OperationInfo, OperationStyle};
use crate::wire::{Encoded, Object, WireFormat};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// A long-running operation of a [`Mock`](super::Mock): its states in order, and its result.
///
/// The first state is the response to the call that begins the operation. Each further state is the response to a poll: to `get`,
/// or to `wait` if the client polls by it.
///
/// ```
/// use gapi_runtime::{Code, Status, mock::MockOperation};
///
/// // Begun, polled twice, and failed at the second poll.
/// let failing = MockOperation::new().running().running().failed(Status::new(Code::Aborted, "a conflict"));
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "an operation is the response of an expectation"]
pub struct MockOperation {
    name: Option<String>,
    states: Vec<State>,
    mistakes: Vec<String>,
}

/// A state of an operation.
#[derive(Clone, Debug)]
enum State {
    Running(Option<Message>),
    Done(Message),
    Failed(Status),
}

/// A value, and the name of its type.
#[derive(Clone, Debug)]
struct Message {
    json: Value,
    name: Option<&'static str>,
    well_known: Option<&'static str>,
}

impl Message {
    /// Returns the value as `google.protobuf.Any`.
    fn to_any(&self) -> Value {
        let url = |name: &str| Value::from(format!("type.googleapis.com/{name}"));
        match (self.json.clone(), self.name) {
            (Value::Object(mut members), Some(name)) => {
                members.insert("@type".to_owned(), url(name));
                Value::Object(members)
            }
            (json @ Value::Object(_), None) => json,
            (json, _) => {
                let name = self.well_known.unwrap_or("google.protobuf.Value");
                json!({"@type": url(name), "value": json})
            }
        }
    }
}

impl MockOperation {
    /// Creates an operation without states.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the name. By default it is made from the pattern of the method that reads the operation.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds a state in which the operation is running.
    pub fn running(self) -> Self {
        self.state(State::Running(None))
    }

    /// Adds a state in which the operation is running, with metadata. In the style of Compute Engine, the members of the metadata
    /// are those of the operation.
    ///
    /// ```
    /// use gapi_runtime::{Value, mock::MockOperation};
    ///
    /// let operation = MockOperation::new()
    ///     .name("projects/p/operations/o")
    ///     .running_with(&Value::from_iter([("progressPercent", 50)]))
    ///     .done(&Value::from_iter([("nodeCount", 3)]));
    /// ```
    pub fn running_with<T: WireFormat>(mut self, metadata: &T) -> Self {
        let metadata = self.written(metadata);
        self.state(State::Running(Some(metadata)))
    }

    /// Adds the last state: the operation is done, and this is its response. In the style of Compute Engine, its members are those
    /// of the operation.
    pub fn done<T: WireFormat>(mut self, response: &T) -> Self {
        let response = self.written(response);
        self.state(State::Done(response))
    }

    /// Adds the last state: the operation failed with this error.
    pub fn failed(self, status: Status) -> Self {
        self.state(State::Failed(status))
    }

    fn state(mut self, state: State) -> Self {
        if let Some(State::Done(_) | State::Failed(_)) = self.states.last() {
            self.mistakes
                .push("the operation has a state after its end".to_owned());
        }
        self.states.push(state);
        self
    }

    /// Returns a value as JSON.
    fn written<T: WireFormat>(&mut self, value: &T) -> Message {
        let json = serde_json::to_value(Encoded(value)).unwrap_or_else(|_| {
            let mistake = "a value of the operation cannot be written as JSON";
            self.mistakes.push(mistake.to_owned());
            Value::Null
        });
        Message {
            json,
            name: T::MESSAGE.map(|message| message.name),
            well_known: T::WELL_KNOWN,
        }
    }
}

/// An operation that a response begins.
pub(super) struct Plan {
    pub(super) operation: MockOperation,
    pub(super) info: &'static OperationInfo,
    pub(super) has_wrapper: bool,
}

/// An operation in progress.
pub(super) struct Running {
    plan: Arc<Plan>,
    /// The method that began it.
    method: &'static MethodInfo,
    name: String,
    /// The members that tell where it is.
    place: Object,
    /// The position of the next state.
    next: usize,
}

impl Plan {
    /// Returns the mistakes of the operation.
    pub(super) fn mistakes(&self) -> Vec<String> {
        let mut mistakes = self.operation.mistakes.clone();
        if self.operation.states.is_empty() {
            mistakes.push("the operation has no state".to_owned());
        }
        mistakes
    }

    /// Begins the operation: returns it with its first state.
    pub(super) fn begin(
        self: &Arc<Self>,
        call: &Received,
        called: &Called,
        number: usize,
    ) -> (Option<Running>, Reply) {
        let id = format!("operation-{}", number + 1);
        let (name, place) = match self.info.style {
            OperationStyle::Aip151 => {
                let name = self.operation.name.clone();
                let name = name.unwrap_or_else(|| name::of_resource(self.info, call, &id));
                (name, Object::new())
            }
            OperationStyle::Compute => {
                let name = self.operation.name.clone().unwrap_or(id);
                let link = name::link(self.info, call, called, &name);
                let place = link.map(|link| ("selfLink".to_owned(), link.into()));
                (name, place.into_iter().collect())
            }
        };
        let mut running = Running {
            plan: Arc::clone(self),
            method: call.method,
            name,
            place,
            next: 0,
        };
        let reply = running.advance();
        let is_begun = reply.is_some();
        let reply = reply.unwrap_or_else(|| Reply::json("{}"));
        (is_begun.then_some(running), reply)
    }
}

impl Running {
    /// Returns the response with the next state.
    fn advance(&mut self) -> Option<Reply> {
        let state = self.plan.operation.states.get(self.next)?;
        self.next += 1;
        let mut members = self.place.clone();
        members.insert("name".to_owned(), self.name.clone().into());
        match self.plan.info.style {
            OperationStyle::Aip151 => aip151(&mut members, state),
            OperationStyle::Compute => compute(&mut members, state),
        }
        let operation = wrap(self.plan.has_wrapper, Value::Object(members));
        Some(Reply::json(operation.to_string()))
    }

    /// Returns `true` if a call polls this operation.
    pub(super) fn is_polled_by(&self, call: &Received) -> bool {
        let is_poll = self.plan.info.methods.iter().any(|methods| {
            let wait = methods.wait.as_ref();
            let ids = [Some(methods.get.id), wait.map(|wait| wait.id)];
            ids.contains(&Some(call.method.id))
        });
        let Some((_, asked)) = call.path().last().filter(|_| is_poll) else {
            return false;
        };
        let link = self.place.get("selfLink").and_then(Value::as_str);
        let is_there = link.is_none_or(|link| {
            // In another project or zone is another operation of this name.
            let segments: Vec<&str> = link.split('/').collect();
            call.path().all(|(_, value)| segments.contains(&&*value))
        });
        is_there && is_same_name(&self.name, &asked)
    }

    /// Returns `true` if there is a state for the next poll.
    pub(super) fn has_next(&self) -> bool {
        self.next < self.plan.operation.states.len()
    }

    /// Returns the response to a poll of this operation.
    pub(super) fn poll(&mut self, call: &Received) -> Result<Timed, Problem> {
        if let Some(reply) = self.advance() {
            let delay = Duration::ZERO;
            return Ok(Timed { delay, reply });
        }
        let text = format!("the operation {} has no further state", self.name);
        Err(Problem::new(call.method.id, text))
    }

    /// Returns the states that were not used.
    pub(super) fn problem(&self) -> Option<Problem> {
        let all = self.plan.operation.states.len();
        (self.next < all).then(|| {
            let text = format!(
                "unused states: the operation {} was in {} of its {all} states",
                self.name, self.next
            );
            Problem::new(self.method.id, text)
        })
    }
}

/// Returns `true` if two names are the same. One of them may lack its first segments, which are other variables of the path.
fn is_same_name(one: &str, other: &str) -> bool {
    let is_end = |name: &str, end: &str| {
        let before = name.strip_suffix(end);
        before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
    };
    is_end(one, other) || is_end(other, one)
}

fn aip151(members: &mut Object, state: &State) {
    let (name, value) = match state {
        State::Running(None) => return,
        State::Running(Some(metadata)) => ("metadata", metadata.to_any()),
        State::Done(response) => ("response", response.to_any()),
        State::Failed(status) => ("error", status.rpc()),
    };
    members.insert(name.to_owned(), value);
    if !matches!(state, State::Running(_)) {
        members.insert("done".to_owned(), true.into());
    }
}

fn compute(members: &mut Object, state: &State) {
    let (status, others) = match state {
        State::Running(metadata) => (
            "RUNNING",
            metadata.as_ref().map(|metadata| metadata.json.clone()),
        ),
        State::Done(response) => ("DONE", Some(response.json.clone())),
        State::Failed(status) => {
            let code = status.status.clone().unwrap_or_default();
            let error = json!({
                "error": {"errors": [{"code": code, "message": status.message}]},
                "httpErrorStatusCode": status.http_status_of_response().as_u16(),
                "httpErrorMessage": status.message,
            });
            ("DONE", Some(error))
        }
    };
    if let Some(Value::Object(others)) = others {
        // The name of the operation is the mock's.
        for (name, value) in others {
            members.entry(name).or_insert(value);
        }
    }
    members.insert("status".to_owned(), status.into());
}
