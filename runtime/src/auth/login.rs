//! Logins of users: with a browser on this machine, or with a code on another one.

mod browser;
mod client;
mod denial;
mod device;
mod grant;
mod listener;
mod page;
mod pkce;
mod redirect;
mod session;
mod settings;
#[cfg(test)]
mod tests;
mod user;

pub use client::OAuthClient;
pub use device::DeviceLogin;
pub use settings::{Interaction, LoginPrompt};
pub use user::UserLogin;
