//! An expectation: its conditions, and its responses in order.

use super::call::Received;
use super::failure::Reply;
use super::matcher::{Matcher, PageOf};
use super::operation::Plan;
use super::report::Problem;
use crate::method::MethodInfo;
use http::{HeaderName, HeaderValue};
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

/// An expectation of a method.
pub(super) struct Rule {
    pub(super) method: &'static MethodInfo,
    place: &'static Location<'static>,
    pub(super) matchers: Vec<Matcher>,
    steps: Vec<Step>,
    /// The position of the first step of the last response.
    last: usize,
    /// The reasons why the expectation cannot be met.
    pub(super) mistakes: Vec<String>,
}

/// A response of an expectation.
#[derive(Clone)]
pub(super) struct Step {
    pub(super) planned: Planned,
    page: Option<PageOf>,
    /// The response that it belongs to: the pages of a list are steps of one response.
    response: usize,
    /// The number of times that it is still to be used. `None` for any number.
    left: Option<u32>,
    used: u32,
    pub(super) delay: Duration,
    pub(super) disconnect_after: Option<usize>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
}

/// The content of a response.
#[derive(Clone)]
pub(super) enum Planned {
    Reply(Reply),
    Operation(Arc<Plan>),
    Function(Arc<Function>),
}

type Function = dyn Fn(&Arc<Received>) -> Reply + Send + Sync;

impl Step {
    pub(super) fn new(planned: Planned) -> Self {
        Self {
            planned,
            page: None,
            response: 0,
            left: Some(1),
            used: 0,
            delay: Duration::ZERO,
            disconnect_after: None,
            headers: Vec::new(),
        }
    }

    /// The response to a request for a page.
    pub(super) fn for_page(reply: Reply, page: PageOf) -> Self {
        Self {
            page: Some(page),
            ..Self::new(Planned::Reply(reply))
        }
    }

    fn is_used_up(&self) -> bool {
        self.left == Some(0)
    }
}

impl Rule {
    pub(super) fn new(method: &'static MethodInfo, place: &'static Location<'static>) -> Self {
        Self {
            method,
            place,
            matchers: Vec::new(),
            steps: Vec::new(),
            last: 0,
            mistakes: Vec::new(),
        }
    }

    pub(super) fn add_matcher(&mut self, matcher: Matcher) {
        self.mistakes.extend(matcher.mistake(self.method));
        self.matchers.push(matcher);
    }

    /// Adds a response, which may consist of several steps.
    pub(super) fn add(&mut self, steps: impl IntoIterator<Item = Step>) {
        self.last = self.steps.len();
        let response = self.steps.last().map_or(0, |step| step.response + 1);
        let steps = steps.into_iter().map(|step| Step { response, ..step });
        self.steps.extend(steps);
    }

    /// Changes the last response.
    pub(super) fn change(&mut self, setting: &str, change: impl Fn(&mut Step)) {
        let steps = self.steps.get_mut(self.last..).unwrap_or_default();
        if steps.is_empty() {
            self.mistakes
                .push(format!("`{setting}` has to follow a response"));
        }
        steps.iter_mut().for_each(change);
    }

    /// Repeats the last response.
    pub(super) fn repeat(&mut self, times: Option<u32>) {
        let steps = self.steps.get(self.last..).unwrap_or_default().to_vec();
        if let (Some(times), [_, _, ..]) = (times, &steps[..]) {
            // Several steps in a row, and the whole row again.
            self.steps.truncate(self.last);
            for _ in 0..times {
                self.steps.extend_from_slice(&steps);
            }
            return;
        }
        self.change("times", |step| step.left = times);
    }

    /// Takes the response to a call, or returns the reason why there is none.
    pub(super) fn take(&mut self, call: &Arc<Received>) -> Result<Step, String> {
        if !self.mistakes.is_empty() {
            return Err(self.mistakes.join("; "));
        }
        let mismatches = self.matchers.iter();
        let mismatches: Vec<String> = mismatches
            .filter_map(|matcher| matcher.mismatch(call))
            .collect();
        if !mismatches.is_empty() {
            return Err(mismatches.join("; "));
        }
        let count = self.steps.len();
        let mut reason = match count {
            0 => "it has no response".to_owned(),
            1 => "its response was used".to_owned(),
            _ => format!("all {count} responses were used"),
        };
        let mut found: Option<usize> = None;
        let mut mismatch: Option<(usize, String)> = None;
        for (position, step) in self.steps.iter().enumerate() {
            if step.is_used_up() {
                continue;
            }
            // Lists that are read at the same time share the pages of a response. They do not reach the next response.
            let (blocked, first) = (mismatch.as_ref(), found.and_then(|at| self.steps.get(at)));
            if blocked.is_some_and(|(response, _)| *response != step.response)
                || first.is_some_and(|first| first.response != step.response)
            {
                break;
            }
            match step.page.as_ref().and_then(|page| page.mismatch(call)) {
                Some(text) if step.left.is_none() => reason = text,
                Some(text) => {
                    mismatch.get_or_insert((step.response, text));
                }
                // Of steps that are used any number of times, each has its turn, so that an error does not hide its page.
                None if first.is_some_and(|first| first.used <= step.used) => {}
                None => {
                    found = Some(position);
                    if step.left.is_some() {
                        break;
                    }
                }
            }
        }
        if let Some(step) = found.and_then(|position| self.steps.get_mut(position)) {
            step.left = step.left.map(|left| left.saturating_sub(1));
            step.used += 1;
            return Ok(step.clone());
        }
        Err(mismatch.map_or(reason, |(_, text)| text))
    }

    /// Returns the place of the expectation in the test.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.place.file(), self.place.line())
    }

    /// Returns the mistakes and the unused responses.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let problem = |text: String| Problem::new(self.method.id, text);
        if !self.mistakes.is_empty() {
            let mistakes = self.mistakes.iter();
            return mistakes
                .map(|mistake| problem(format!("wrong expectation at {}: {mistake}", self.place())))
                .collect();
        }
        if self.steps.is_empty() {
            let text = format!("wrong expectation at {}: it has no response", self.place());
            return vec![problem(text)];
        }
        let used: u32 = self.steps.iter().map(|step| step.used).sum();
        let unused: u32 = self.steps.iter().filter_map(|step| step.left).sum();
        if unused == 0 {
            return Vec::new();
        }
        let all = used + unused;
        let text = format!(
            "unused expectation at {}: {used} of {all} responses {} used",
            self.place(),
            if used == 1 { "was" } else { "were" }
        );
        vec![problem(text)]
    }
}
