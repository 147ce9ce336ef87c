//! Calls whose response is one page of several.

use super::mask::{self, Amendment};
use super::query::set;
use super::{Body, Request};
use crate::error::ErrorKind;
use crate::headers::{MASK, MASK_NAME};
use bytes::Bytes;
use http::HeaderValue;
use serde_json::value::{RawValue, to_raw_value};
use std::collections::BTreeMap;

/// The place of the page token in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageToken {
    /// In this query parameter.
    Query(&'static str),
    /// In this member of the JSON body.
    Body(&'static str),
}

/// The facts about the pages of a call.
#[derive(Clone, Copy)]
pub(crate) struct Paging {
    pub(crate) token: PageToken,
    /// The JSON name of the member of the response that holds the token of the next page.
    pub(crate) next: &'static str,
    /// The query parameters that are named like masks and are none.
    pub(crate) no_masks: &'static [&'static str],
}

impl Paging {
    /// Returns true if a query parameter is a mask of the response.
    pub(crate) fn is_mask(self, name: &str) -> bool {
        mask::PARAMETERS.contains(&name) && !self.no_masks.contains(&name)
    }
}

impl Request {
    /// Returns the same call with masks that keep the next page token.
    pub(crate) fn keeping_page_token(mut self, paging: Paging) -> Self {
        if let Some(headers) = &mut self.0.headers {
            headers.change(&MASK, |value| {
                let mask = value.to_str().unwrap_or_default();
                match mask::amend(mask, paging.next) {
                    Amendment::Keep => Some(value.clone()),
                    Amendment::LeaveOut => None,
                    // A name and a value make a value.
                    Amendment::Replace(amended) => HeaderValue::try_from(amended).ok(),
                }
            });
        }
        self.0.query.retain_mut(|(name, value)| {
            if !paging.is_mask(name) {
                return true;
            }
            match mask::amend(value, paging.next) {
                Amendment::Keep => true,
                Amendment::LeaveOut => false,
                Amendment::Replace(amended) => {
                    *value = amended;
                    true
                }
            }
        });
        self
    }

    /// Returns the same call, or one that fails with `InvalidArgument` if its masks omit the items.
    pub(crate) fn with_items(self, paging: Paging, items: Option<&'static str>) -> Self {
        match items.and_then(|items| Some((items, self.mask_without(paging, items)?))) {
            None => self,
            Some((items, name)) => {
                let reason = format!(
                    "`{name}` leaves out {items}, so there would be no items: add {items} to it, or read the pages with \
                     `pages()`"
                );
                self.rejected(reason)
            }
        }
    }

    /// Returns the name of the first mask if all masks certainly omit a member. A server may apply any one of several.
    fn mask_without(&self, paging: Paging, member: &str) -> Option<&str> {
        let (first, _) = self.masks(paging).next()?;
        let mut masks = self.masks(paging);
        masks
            .all(|(_, mask)| mask::lacks(mask, member))
            .then_some(first)
    }

    /// Returns the call for the page with this token, or `None` if the response says that there is no further page. A mask
    /// gains the next page token, everything else stays.
    ///
    /// The call fails if the token has been there before, in this request or in one of those before. It also fails if there is no
    /// token and a mask may have omitted it.
    pub(crate) fn next_page(&self, paging: Paging, token: Option<&str>) -> Option<Self> {
        let Some(token) = token else {
            return self.after_unknown_page(paging);
        };
        if token.is_empty() {
            return None;
        }
        let mut next = self.clone().keeping_page_token(paging);
        let sent = match paging.token {
            PageToken::Query(name) => {
                let mut query = self.0.query.iter();
                let sent = query.find(|(known, _)| *known == name);
                set(&mut next.0.query, name, [token.to_owned()]);
                sent.map(|(_, value)| value.clone())
            }
            PageToken::Body(name) => {
                let json = match &self.0.body {
                    Some(Body::Json(json)) => json,
                    _ => &Bytes::from_static(b"{}"),
                };
                let with_token = with_text(json, name, token);
                let sent = with_token.as_ref().ok().and_then(|(_, sent)| sent.clone());
                next = next.set_body(with_token.map(|(json, _)| json));
                sent
            }
        };
        let mut circle = next.0.circle.take().unwrap_or_default();
        if circle.closes(&sent.unwrap_or_default(), token) {
            let reason = "the server returned the same page token again".to_owned();
            next.0.rejection = Some((ErrorKind::Page, reason));
        }
        next.0.circle = Some(circle);
        Some(next)
    }

    fn after_unknown_page(&self, paging: Paging) -> Option<Self> {
        let next = paging.next;
        let mut masks = self.masks(paging);
        let (name, _) = masks.find(|(_, mask)| mask::may_lack(mask, next))?;
        Some(self.clone().rejected(format!(
            "`{name}` leaves out {next}, so the response does not say whether there is another page: add {next} to it, \
             or read the pages with `pages()`"
        )))
    }

    /// Returns the masks of the response, each with the name of its parameter or header.
    fn masks(&self, paging: Paging) -> impl Iterator<Item = (&str, &str)> {
        let parameters = self.0.query.iter();
        let parameters = parameters
            .filter(move |(name, _)| paging.is_mask(name))
            .map(|(name, mask)| (name.as_ref(), mask.as_str()));
        let headers = self.0.headers.iter();
        let headers = headers.flat_map(|headers| headers.accepted().get_all(MASK));
        parameters.chain(headers.map(|mask| (MASK_NAME, mask.to_str().unwrap_or_default())))
    }

    fn rejected(mut self, reason: String) -> Self {
        let rejection = (ErrorKind::InvalidArgument, reason);
        self.0.rejection.get_or_insert(rejection);
        self
    }
}

/// Sets a member of an object to a text. Returns the object, and the text that the member had. All other members keep their own
/// text, so that no number in them changes.
fn with_text(json: &[u8], name: &str, text: &str) -> serde_json::Result<(Vec<u8>, Option<String>)> {
    let mut members: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(json)?;
    let before = members.insert(name.to_owned(), to_raw_value(text)?);
    let before = before.and_then(|before| serde_json::from_str(before.get()).ok());
    Ok((serde_json::to_vec(&members)?, before))
}
