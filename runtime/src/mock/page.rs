//! Pages made of items.

use super::failure::{Failure, Reply};
use super::matcher::PageOf;
use super::rule::Step;
use crate::client::Service;
use crate::page::PagedItems;
use crate::schema::Schema;
use crate::wire::{Encoded, WireFormat};
use serde_json::{Value, json};

/// A page of items, or the failure in its place.
///
/// ```
/// use gapi_runtime::mock::{Failure, Fault, Page};
///
/// let page: Result<Vec<&str>, Fault> = Err(Fault::Disconnect);
/// assert!(matches!(page.into_items(), Err(Failure::Fault(Fault::Disconnect))));
/// assert_eq!(vec!["a", "b"].into_items().map_err(|_| "a failure")?.len(), 2);
/// # Ok::<(), &str>(())
/// ```
pub trait Page<T> {
    /// Returns the items of the page.
    ///
    /// # Errors
    /// The failure in place of the page.
    fn into_items(self) -> Result<Vec<T>, Failure>;
}

impl<T> Page<T> for Vec<T> {
    fn into_items(self) -> Result<Vec<T>, Failure> {
        Ok(self)
    }
}

impl<T, E: Into<Failure>> Page<T> for Result<Vec<T>, E> {
    fn into_items(self) -> Result<Vec<T>, Failure> {
        self.map_err(Into::into)
    }
}

/// The type of the items of a call.
pub(super) type Item<C> = <<C as PagedItems>::Items as IntoIterator>::Item;

/// Returns the responses to the requests for pages. A failure responds to a request for the page after it.
pub(super) fn steps<C>(pages: Vec<Result<Vec<Item<C>>, Failure>>) -> Result<Vec<Step>, String>
where
    C: PagedItems,
    C::Items: FromIterator<Item<C>> + WireFormat,
{
    let count = pages.len();
    let mut number = 1;
    let mut steps = Vec::with_capacity(count);
    for (index, page) in pages.into_iter().enumerate() {
        let page_of = PageOf {
            token: C::TOKEN,
            expected: (number > 1).then(|| token(number)),
        };
        let reply = match page {
            Err(failure) => Reply::from(&failure),
            Ok(items) => {
                number += 1;
                let next = (index + 1 < count).then(|| token(number));
                Reply::json(page_json::<C>(items, next)?)
            }
        };
        steps.push(Step::for_page(reply, page_of));
    }
    Ok(steps)
}

fn token(number: usize) -> String {
    format!("page-{number}")
}

fn page_json<C>(items: Vec<Item<C>>, next: Option<String>) -> Result<String, String>
where
    C: PagedItems,
    C::Items: FromIterator<Item<C>> + WireFormat,
{
    let name = |rust: &'static str| C::Response::FIELDS.wire_name(rust).unwrap_or(rust);
    let items: C::Items = items.into_iter().collect();
    let items = serde_json::to_value(Encoded(&items));
    let items = items.map_err(|_| "an item cannot be written as JSON".to_owned())?;
    let mut page = crate::wire::Object::new();
    page.insert(name(C::ITEMS).to_owned(), items);
    if let Some(next) = next {
        page.insert(name(C::NEXT).to_owned(), next.into());
    }
    Ok(wrap(C::Service::INFO.data_wrapper, Value::Object(page)).to_string())
}

/// Puts a response where some APIs have it: `{"data": …}`.
pub(super) fn wrap(has_wrapper: bool, response: Value) -> Value {
    if has_wrapper {
        json!({"data": response})
    } else {
        response
    }
}
