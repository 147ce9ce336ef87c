//! The store in memory and in a file.

mod processes;

use super::*;
use std::fs;

fn owner(account: &str) -> Owner {
    Owner {
        client_id: "id".to_owned(),
        token_uri: "https://t.example/token".to_owned(),
        account: account.to_owned(),
    }
}

fn entry(account: &str, scopes: &[&str], refresh_token: &str) -> Entry {
    Entry {
        owner: owner(account),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        refresh_token: refresh_token.to_owned(),
    }
}

/// Returns the tokens of an account, the latest one first.
async fn tokens(store: &TokenStore, account: &str) -> Vec<String> {
    let entries = store.entries(&owner(account)).await.unwrap();
    entries
        .into_iter()
        .map(|entry| entry.refresh_token)
        .collect()
}

struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("gapi-store-{:016x}", fastrand::u64(..)));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("data").join("gapi").join("tokens.json")
    }

    fn store(&self) -> TokenStore {
        TokenStore::in_file(self.file())
    }

    /// Returns a store with this text in its file.
    fn with(&self, text: &[u8]) -> TokenStore {
        fs::create_dir_all(self.file().parent().unwrap()).unwrap();
        fs::write(self.file(), text).unwrap();
        self.store()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn an_entry_replaces_those_that_it_makes_obsolete() {
    let directory = Directory::new();
    for store in [TokenStore::in_memory(), directory.store()] {
        assert_eq!(tokens(&store, "u").await, [""; 0]);
        for (account, scopes, token) in [
            ("u", &["a"][..], "1"),
            ("u", &["b"], "2"),
            ("other", &["a"], "3"),
        ] {
            store
                .save(entry(account, scopes, token), Vec::new())
                .await
                .unwrap();
        }
        assert_eq!(tokens(&store, "u").await, ["2", "1"]);
        let both = entry("u", &["a", "c"], "4");
        store.save(both, Vec::new()).await.unwrap();
        assert_eq!(tokens(&store, "u").await, ["4", "2"]);
        let dead = vec!["2".to_owned(), "3".to_owned()];
        store.save(entry("u", &["d"], "5"), dead).await.unwrap();
        assert_eq!(tokens(&store, "u").await, ["5", "4"]);
        assert_eq!(tokens(&store, "other").await, ["3"]);
        let mut elsewhere = owner("u");
        elsewhere.token_uri = "https://evil.example/token".to_owned();
        assert!(store.entries(&elsewhere).await.unwrap().is_empty());
        store.remove(&owner("u")).await.unwrap();
        assert_eq!(tokens(&store, "u").await, [""; 0]);
        assert_eq!(tokens(&store, "other").await, ["3"]);
        assert!(!format!("{store:?}").contains("refresh"), "{store:?}");
    }
}

#[tokio::test]
async fn a_damaged_file_is_an_error_and_stays() {
    let directory = Directory::new();
    let too_large = vec![b' '; (4 << 20) + 1];
    for (text, expected) in [
        (
            &b"{\"version\": 1, \"tokens\": [\"1//secret"[..],
            "not JSON at line 1, column 3",
        ),
        (b"[]", "not a JSON object"),
        (b"{}", "`version` is missing"),
        (
            b"{\"version\": 2, \"tokens\": []}",
            "version 2 is not known",
        ),
        (b"{\"version\": 1}", "`tokens` is not an array"),
        (b"\xff", "not UTF-8"),
        (&too_large, "larger than"),
    ] {
        let store = directory.with(text);
        let read = store.entries(&owner("u")).await.err().unwrap();
        let written = store
            .save(entry("u", &["a"], "1"), Vec::new())
            .await
            .unwrap_err();
        for error in [read, written] {
            let error = error.to_string();
            assert!(
                error.contains(expected) && error.contains("help: "),
                "{error}"
            );
            assert!(!error.contains("secret"), "{error}");
        }
        assert!(fs::read(directory.file()).unwrap() == text, "{expected}");
    }
}

#[tokio::test]
async fn members_and_entries_of_others_are_preserved() {
    let directory = Directory::new();
    let text = br#"{"version": 1, "note": "n", "tokens": [{"client_id": 7, "new": [1]}]}"#;
    let store = directory.with(text);
    store
        .save(entry("u", &["a"], "1"), Vec::new())
        .await
        .unwrap();
    let text = fs::read_to_string(directory.file()).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["note"], "n");
    assert_eq!(
        json["tokens"][0],
        serde_json::json!({"client_id": 7, "new": [1]})
    );
    assert_eq!(json["tokens"][1]["refresh_token"], "1");
    // An empty file is an empty store.
    let store = directory.with(b"");
    assert_eq!(tokens(&store, "u").await, [""; 0]);
}

#[cfg(unix)]
#[tokio::test]
async fn files_and_directories_are_for_the_user_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let directory = Directory::new();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let store = directory.store();
    store
        .save(entry("u", &["a"], "1"), Vec::new())
        .await
        .unwrap();
    drop(store.lock_logins(Duration::from_secs(1)).await.unwrap());
    let inner = directory.file().parent().unwrap().to_owned();
    assert_eq!(mode(&inner), 0o700);
    assert_eq!(mode(inner.parent().unwrap()), 0o700);
    let mut names = Vec::new();
    for file in fs::read_dir(&inner).unwrap() {
        let file = file.unwrap();
        assert_eq!(mode(&file.path()), 0o600, "{file:?}");
        names.push(file.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(
        names,
        ["tokens.json", "tokens.json.lock", "tokens.json.login"]
    );
    // A file that was copied there.
    fs::set_permissions(directory.file(), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(tokens(&store, "u").await, ["1"]);
    assert_eq!(mode(&directory.file()), 0o600);
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_not_followed_and_leftovers_vanish() {
    let directory = Directory::new();
    let store = directory.with(br#"{"version": 1, "tokens": []}"#);
    let victim = directory.0.join("victim");
    fs::write(&victim, "v").unwrap();
    let inner = directory.file().parent().unwrap().to_owned();
    let leftover = inner.join("tokens.json.0123456789abcdef.tmp");
    std::os::unix::fs::symlink(&victim, &leftover).unwrap();
    let other = inner.join("tokens.json.mine.tmp");
    fs::write(&other, "").unwrap();
    // The store itself is a link: the link is replaced, not the file behind it.
    fs::remove_file(directory.file()).unwrap();
    let behind = directory.0.join("behind");
    fs::write(&behind, "").unwrap();
    std::os::unix::fs::symlink(&behind, directory.file()).unwrap();
    store
        .save(entry("u", &["a"], "1"), Vec::new())
        .await
        .unwrap();
    assert_eq!(fs::read_to_string(&victim).unwrap(), "v");
    assert_eq!(fs::read_to_string(&behind).unwrap(), "");
    assert!(!leftover.exists() && other.exists());
    assert_eq!(tokens(&store, "u").await, ["1"]);
}

#[tokio::test]
async fn a_store_that_cannot_be_written_is_an_error() {
    let directory = Directory::new();
    fs::write(directory.0.join("file"), "").unwrap();
    let store = TokenStore::in_file(directory.0.join("file").join("tokens.json"));
    let error = store
        .lock_logins(Duration::from_secs(1))
        .await
        .err()
        .unwrap();
    assert!(error.to_string().contains("cannot be created"), "{error}");
    let nowhere = TokenStore(Arc::new(Place::Nowhere));
    let error = nowhere.entries(&owner("u")).await.err().unwrap();
    assert!(error.to_string().contains("no home directory"), "{error}");
    assert_eq!(nowhere.path(), None);
}

#[tokio::test]
async fn one_login_at_a_time() {
    let directory = Directory::new();
    for store in [TokenStore::in_memory(), directory.store()] {
        let soon = Duration::from_millis(150);
        let first = store.lock_logins(soon).await.unwrap();
        let error = store.lock_logins(soon).await.err().unwrap();
        assert!(error.to_string().contains("another login"), "{error}");
        // Reads and writes still work.
        store
            .save(entry("u", &["a"], "1"), Vec::new())
            .await
            .unwrap();
        drop(first);
        assert!(store.lock_logins(soon).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_lose_nothing() {
    let directory = Directory::new();
    let tasks = (0..24).map(|number| {
        // Each has its own store, as processes have.
        let store = directory.store();
        tokio::spawn(async move {
            let account = format!("u{number}");
            let new = entry(&account, &["a"], &account);
            store.save(new, Vec::new()).await.unwrap();
            // Readers need no lock, and always find a whole file.
            assert_eq!(tokens(&store, &account).await, [account]);
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    for number in 0..24 {
        let account = format!("u{number}");
        assert_eq!(tokens(&directory.store(), &account).await, [account]);
    }
}
