//! The name resolution of the default transport.

use crate::dns;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::error::Error as StdError;

/// The resolver of the system. A program can end while it looks up a name.
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // reqwest replaces the port.
            match dns::look_up(name.as_str(), 0).await {
                Ok(addresses) => Ok(Box::new(addresses.into_iter()) as Addrs),
                Err(error) => Err(Box::new(error) as Box<dyn StdError + Send + Sync>),
            }
        })
    }
}
