//! The predicates of a policy.

use crate::error::Error;
use std::fmt;
use std::sync::Arc;

/// A function of the caller's that decides about an error.
#[derive(Clone)]
pub(crate) struct Predicate(Arc<dyn Fn(&Error) -> bool + Send + Sync>);

impl Predicate {
    pub(super) fn new(predicate: impl Fn(&Error) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(predicate))
    }

    /// Returns `true` if a call with this error should be retried.
    pub(crate) fn holds(&self, error: &Error) -> bool {
        (self.0)(error)
    }
}

impl fmt::Debug for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Predicate")
    }
}

/// Functions cannot be compared, but clones of one can be recognized.
impl PartialEq for Predicate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
