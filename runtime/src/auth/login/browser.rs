//! The browser of the user.

use std::env;
use std::time::Duration;
use tokio::sync::oneshot;
use webbrowser::{Browser, BrowserOptions};

/// The wait for a browser that starts. One that takes longer is there: it may run in the foreground.
const PATIENCE: Duration = Duration::from_secs(3);

/// Opens a URL in the browser. Returns `false` if there is none.
pub(super) async fn open(url: &str) -> bool {
    if !may_exist(|name| env::var_os(name).is_some_and(|value| !value.is_empty())) {
        return false;
    }
    let url = url.to_owned();
    let (sender, receiver) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("gapi-browser".to_owned())
        .spawn(move || {
            let mut options = BrowserOptions::new();
            options.with_suppress_output(true);
            let opened = webbrowser::open_browser_with_options(Browser::Default, &url, &options);
            // The receiver is gone if the login has ended, or if the browser took long.
            let _ = sender.send(opened.is_ok());
        });
    if thread.is_err() {
        return false;
    }
    match tokio::time::timeout(PATIENCE, receiver).await {
        Ok(opened) => opened.unwrap_or(false),
        Err(_) => true,
    }
}

/// Returns `false` on a machine without a display. There a browser that is installed starts, fails, and reports success.
fn may_exist(has: impl Fn(&str) -> bool) -> bool {
    const SIGNS: [&str; 4] = ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"];
    let needs_display = cfg!(all(
        unix,
        not(target_vendor = "apple"),
        not(target_os = "android")
    ));
    !needs_display || SIGNS.iter().any(|name| has(name))
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(target_os = "linux")]
    fn a_machine_without_a_display_has_none() {
        assert!(!super::may_exist(|_| false));
        assert!(super::may_exist(|name| name == "WAYLAND_DISPLAY"));
        assert!(super::may_exist(|name| name == "BROWSER"));
    }
}
