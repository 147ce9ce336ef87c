//! Results that come in pages.

use crate::call::{Call, ResponseFuture};
use crate::error::Result;
use crate::request::{PageToken, Paging};
use crate::schema::Schema;
use futures_core::Stream;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A call whose result comes in pages. Implemented by [`call!`](crate::call!).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::{projects::instances::List, schemas::ListInstancesResponse};
/// use gapi_runtime::Paged;
///
/// let page = ListInstancesResponse { next_page_token: Some("two".into()), ..Default::default() };
/// assert_eq!(List::next_page_token(&page), Some("two"));
/// # Ok(())
/// # }
/// ```
pub trait Paged: Call<Response: Schema> {
    /// The place of the page token in the request.
    const TOKEN: PageToken;

    /// The field of the response that holds the token of the next page, by its name in Rust.
    const NEXT: &'static str;

    /// Query parameters of the method that are named like masks of the response (`fields`, `$fields`) and are none.
    const NO_MASKS: &'static [&'static str] = &[];

    /// The token of the page after this one; none or an empty one after the last.
    fn next_page_token(page: &Self::Response) -> Option<&str>;
}

/// A call whose pages hold items of one kind. Implemented by [`call!`](crate::call!).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::projects::instances::List;
/// use gapi_runtime::PagedItems;
///
/// # let spanner = spanner([r#"{"instances": [{"name": "projects/p/instances/i"}]}"#]).await?;
/// let page = spanner.projects().instances().list("projects/p").send().await?;
/// for instance in <List as PagedItems>::items(page).into_iter().flatten() {
///     println!("{:?}", instance.name);
/// }
/// # Ok(())
/// # }
/// ```
pub trait PagedItems: Paged {
    /// The items of one page.
    type Items: IntoIterator;

    /// The field of the response that holds the items, by its name in Rust.
    const ITEMS: &'static str;

    /// Takes the items out of a page; a page may be empty.
    fn items(page: Self::Response) -> Option<Self::Items>;
}

/// Returns the facts about the pages of a call.
fn paging<C: Paged>() -> Paging {
    Paging {
        token: C::TOKEN,
        next: C::Response::FIELDS.wire_name(C::NEXT).unwrap_or(C::NEXT),
        no_masks: C::NO_MASKS,
    }
}

/// The pages of a call, from the one that it asks for to the last: a [`Stream`].
///
/// Each further page is requested with the same parameters and body and the token of the page before. The stream ends after
/// a page without a token and after the first error. Page tokens that form a cycle are an error
/// ([`ErrorKind::Page`](crate::ErrorKind::Page)). A token that comes twice in a row is found at once. A longer cycle is found after
/// a few rounds, in constant memory.
///
/// A mask of the response (`fields`) gains the name of the next page token if it lacks it. Otherwise the first page would look
/// like the last one. An empty mask is not sent. The rest of a mask stays: a page has no other fields than it selects.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use futures_util::TryStreamExt;
///
/// # let spanner = spanner([r#"{"nextPageToken": "two"}"#, r#"{"instances": []}"#]).await?;
/// let list = spanner.projects().instances().list("projects/p").page_size(100);
/// let mut pages: gapi_runtime::Pages<_> = list.pages();
/// while let Some(page) = pages.try_next().await? {
///     println!("{} instances", page.instances.unwrap_or_default().len());
/// }
/// # Ok(())
/// # }
/// ```
///
/// [`Stream`]: https://docs.rs/futures-core/latest/futures_core/stream/trait.Stream.html
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<C: Paged> {
    /// The call in progress or the next one to send; none at the end.
    call: Option<C>,
    sending: Option<ResponseFuture<C::Response>>,
}

impl<C: Paged> Pages<C> {
    #[doc(hidden)]
    pub fn new(call: C) -> Self {
        Self {
            call: Some(call.map_request(|request| request.keeping_page_token(paging::<C>()))),
            sending: None,
        }
    }

    #[doc(hidden)]
    pub fn after(call: &C, page: &C::Response) -> Option<C> {
        let token = C::next_page_token(page);
        let next = call.request().next_page(paging::<C>(), token)?;
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
            Pin::new(sending.get_or_insert_with(|| ResponseFuture::new(current.request().clone())))
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
/// Sends the requests that [`Pages`] sends, and ends as it does.
///
/// A mask of the response (`fields`) that certainly omits the items is an error before anything is sent
/// ([`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument)).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use futures_util::TryStreamExt;
///
/// # let bodies = [r#"{"instances": [{}], "nextPageToken": "two"}"#, r#"{"instances": [{}, {}]}"#];
/// # let spanner = spanner(bodies).await?;
/// let list = spanner.projects().instances().list("projects/p");
/// let items: gapi_runtime::Items<_> = list.fields("instances(name)").items();
/// let instances: Vec<_> = items.try_collect().await?;
/// assert_eq!(instances.len(), 3);
/// # Ok(())
/// # }
/// ```
///
/// [`Stream`]: https://docs.rs/futures-core/latest/futures_core/stream/trait.Stream.html
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<C: PagedItems> {
    pages: Pages<C>,
    page: Option<<C::Items as IntoIterator>::IntoIter>,
}

impl<C: PagedItems> Items<C> {
    #[doc(hidden)]
    pub fn new(call: C) -> Self {
        Self {
            pages: Pages::new(call.map_request(|request| {
                let items = C::Response::FIELDS.wire_name(C::ITEMS);
                request.with_items(paging::<C>(), items)
            })),
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
