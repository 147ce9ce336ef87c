//! Results that come in pages.

use crate::{Call, Result, Sending};
use futures_core::Stream;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// Where a request says which page it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageToken {
    /// In this query parameter.
    Query(&'static str),
    /// In this member of the JSON body.
    Body(&'static str),
}

/// A call whose result comes in pages.
pub trait Paged: Call {
    /// Where the request says which page it wants.
    const TOKEN: PageToken;

    /// The token of the page after this one; none or an empty one after the last.
    fn next_page_token(page: &Self::Response) -> Option<&str>;
}

/// A call whose pages hold items of one kind.
pub trait PagedItems: Paged {
    /// The items of one page.
    type Items: IntoIterator;

    /// Takes the items out of a page; a page may be empty.
    fn items(page: Self::Response) -> Option<Self::Items>;
}

/// The pages of a call, from the one that it asks for to the last: a [`Stream`].
///
/// Each further page is asked for with the same parameters and body and the token of the page before. The stream ends after
/// a page without a token and after the first error; a token given twice in a row is one
/// ([`ErrorKind::Page`](crate::ErrorKind::Page)).
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<C: Paged> {
    /// The call under way or the next one to send; none at the end.
    call: Option<C>,
    sending: Option<Sending<C::Response>>,
}

impl<C: Paged> Pages<C> {
    #[doc(hidden)]
    pub fn new(call: C) -> Self {
        Self {
            call: Some(call),
            sending: None,
        }
    }

    #[doc(hidden)]
    pub fn after(call: &C, page: &C::Response) -> Option<C> {
        let next = call
            .request()
            .next_page(C::TOKEN, C::next_page_token(page))?;
        Some(call.clone().map_request(|_| next))
    }
}

// Nothing in it is pinned: the future of a call is boxed.
impl<C: Paged> Unpin for Pages<C> {}

impl<C: Paged> Stream for Pages<C> {
    type Item = Result<C::Response>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { call, sending } = &mut *self;
        let Some(current) = call else {
            return Poll::Ready(None);
        };
        let result = ready!(
            Pin::new(sending.get_or_insert_with(|| Sending::new(current.request().clone())))
                .poll(context)
        );
        *sending = None;
        *call = result
            .as_ref()
            .ok()
            .and_then(|page| Self::after(current, page));
        Poll::Ready(Some(result))
    }
}

impl<C: Paged> fmt::Debug for Pages<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("method", &C::INFO.id)
            .field("ended", &self.call.is_none())
            .finish_non_exhaustive()
    }
}

/// The items of all pages of a call, one after the other: a [`Stream`].
///
/// Ends as [`Pages`] does.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<C: PagedItems> {
    pages: Pages<C>,
    page: Option<<C::Items as IntoIterator>::IntoIter>,
}

impl<C: PagedItems> Items<C> {
    #[doc(hidden)]
    pub fn new(call: C) -> Self {
        Self {
            pages: Pages::new(call),
            page: None,
        }
    }
}

// Nothing in it is pinned.
impl<C: PagedItems> Unpin for Items<C> {}

impl<C: PagedItems> Stream for Items<C> {
    type Item = Result<<C::Items as IntoIterator>::Item>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.page.as_mut().and_then(Iterator::next) {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(context)) {
                Some(Ok(page)) => self.page = C::items(page).map(IntoIterator::into_iter),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<C: PagedItems> fmt::Debug for Items<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
