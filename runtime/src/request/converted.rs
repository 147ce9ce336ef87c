//! Setters of query parameters that convert their arguments, so that the setters of calls need no conversions.

use super::Request;
use crate::encode::QueryValue;

impl Request {
    /// Sets a query parameter to a text. A value that it had is replaced where it stands.
    ///
    /// ```
    /// use gapi_runtime::Request;
    ///
    /// fn filtered(request: Request) -> Request {
    ///     request.query_text("filter", "state = READY")
    /// }
    /// ```
    #[must_use]
    #[inline]
    pub fn query_text(self, name: &'static str, value: impl Into<String>) -> Self {
        self.set_query(name, value.into())
    }

    /// Sets a query parameter to a value that is converted to its type.
    ///
    /// ```
    /// use gapi_runtime::{FieldMask, Request};
    ///
    /// fn with_mask(request: Request) -> Request {
    ///     request.query_as::<FieldMask>("updateMask", "labels")
    /// }
    /// ```
    #[must_use]
    #[inline]
    pub fn query_as<V: QueryValue>(self, name: &'static str, value: impl Into<V>) -> Self {
        self.query(name, value.into())
    }

    /// Sets a repeated query parameter to values that are converted to its type. Values that it had are replaced. Without
    /// values the parameter is removed.
    ///
    /// ```
    /// use gapi_runtime::Request;
    ///
    /// fn with_parts(request: Request) -> Request {
    ///     request.query_all_as::<String>("part", ["snippet", "status"])
    /// }
    /// ```
    #[must_use]
    #[inline]
    pub fn query_all_as<V: QueryValue>(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = impl Into<V>>,
    ) -> Self {
        self.query_all(name, values.into_iter().map(Into::into))
    }
}
