//! A file of tokens that several processes use, and a server that replaces refresh tokens.

use super::*;
use crate::auth::Interaction;
use std::path::PathBuf;
use std::time::Duration;

/// A directory that is deleted in the end.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        let name = format!("gapi-login-{:016x}", fastrand::u64(..));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The first process has the new token, but the disk is slow. The second one does not ask the user to log in.
#[tokio::test]
async fn a_token_that_another_process_is_about_to_store_is_waited_for() {
    let directory = Directory::new();
    let fake = Fake::new();
    let store = TokenStore::in_file(directory.path("tokens.json"));
    let transport = fake.transport();
    token(&fake.login(&store), &transport, &["a"])
        .await
        .unwrap();
    let [first, second] = [(); 2].map(|()| {
        let login = fake.login(&store).on_first_use(Interaction::Fail);
        login.on_revoked(Interaction::Fail)
    });
    let old = headers(&second, &transport, &["a"]).await.unwrap();
    let forms = {
        let mut state = fake.lock();
        state
            .refresh_tokens
            .insert("1//s3cret-rotated".to_owned(), "a".to_owned());
        state.members = json!({"refresh_token": "1//s3cret-rotated"});
        state.forms.len()
    };
    let lock = std::fs::File::options()
        .write(true)
        .open(directory.path("tokens.json.lock"))
        .unwrap();
    lock.lock().unwrap();
    let rotating = {
        let transport = transport.clone();
        tokio::spawn(async move { token(&first, &transport, &["a"]).await })
    };
    while fake.lock().forms.len() == forms {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    fake.lock()
        .refresh_tokens
        .retain(|token, _| token == "1//s3cret-rotated");
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        drop(lock);
    });
    assert!(second.reject(&old));
    token(&second, &transport, &["a"]).await.unwrap();
    rotating.await.unwrap().unwrap();
    assert_eq!(fake.asked().len(), 1);
    // A token that was revoked is an error soon.
    fake.revoke();
    let third = fake.login(&store).on_revoked(Interaction::Fail);
    let start = std::time::Instant::now();
    let error = token(&third, &transport, &["a"]).await.unwrap_err();
    assert!(error.contains("was revoked"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(2));
}
