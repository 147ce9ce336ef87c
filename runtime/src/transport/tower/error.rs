//! The errors of services, as far as their types show the cause.

use super::super::TransportError;
use std::error::Error as StdError;
use std::io;

pub(super) type BoxError = Box<dyn StdError + Send + Sync>;

/// Returns the error of a transport for that of a service.
pub(super) fn of_service(error: impl Into<BoxError>) -> TransportError {
    let error = match error.into().downcast::<TransportError>() {
        Ok(error) => return *error,
        Err(error) => error,
    };
    if has::<tower::timeout::error::Elapsed>(&*error) {
        TransportError::timeout(error)
    } else if has::<tower::load_shed::error::Overloaded>(&*error) {
        // A retry would defeat its purpose.
        TransportError::permanent(error)
    } else if is_refused(&*error) {
        TransportError::connect(error)
    } else {
        TransportError::other(error)
    }
}

/// Returns `true` if the error or one of its causes is an `E`.
fn has<E: StdError + 'static>(error: &(dyn StdError + 'static)) -> bool {
    causes(error).any(<dyn StdError>::is::<E>)
}

/// Returns `true` if the server refuses connections. It has received nothing then.
fn is_refused(error: &(dyn StdError + 'static)) -> bool {
    let mut io = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    io.any(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

/// Returns the error and its causes.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
