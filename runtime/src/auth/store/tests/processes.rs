//! The file of a store in several processes, some of which are killed.

use super::super::*;
use super::{Directory, entry, owner, tokens};
use std::fs;
use std::process::{Child, Command, Stdio};

const PATH: &str = "GAPI_TEST_STORE";
const TASK: &str = "GAPI_TEST_STORE_TASK";

/// Starts another process that does this with the store. See [`child`].
fn start(directory: &Directory, task: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "auth::store::tests::processes::child",
            "--exact",
            "--ignored",
        ])
        .env(PATH, directory.file())
        .env(TASK, task)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// The other process.
#[tokio::test]
#[ignore = "the other tests start it"]
async fn child() {
    let Some(path) = std::env::var_os(PATH) else {
        return;
    };
    let store = TokenStore::in_file(path);
    let task = std::env::var(TASK).unwrap();
    match task.as_str() {
        "write" => loop {
            let token = "1//".to_owned() + &"x".repeat(fastrand::usize(..50_000));
            store
                .save(entry("killed", &["a"], &token), Vec::new())
                .await
                .unwrap();
        },
        "hold" => {
            let _lock = store.lock_logins(Duration::from_secs(10)).await.unwrap();
            let held = store.path().unwrap().with_extension("held");
            fs::write(held, "").unwrap();
            std::future::pending::<()>().await;
        }
        account => {
            for number in 0..10 {
                let scope = format!("s{number}");
                let new = entry(account, &[&scope], &scope);
                store.save(new, Vec::new()).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_killed_writer_leaves_a_whole_file() {
    let directory = Directory::new();
    let store = directory.store();
    store
        .save(entry("mine", &["a"], "1"), Vec::new())
        .await
        .unwrap();
    for _ in 0..8 {
        let before = fs::read(directory.file()).unwrap();
        let mut child = start(&directory, "write");
        // Kills it at any place of its loop.
        let end = Instant::now() + Duration::from_mins(1);
        while fs::read(directory.file()).unwrap() == before {
            assert!(Instant::now() < end, "the process writes nothing");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        tokio::time::sleep(Duration::from_micros(fastrand::u64(..20_000))).await;
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(tokens(&store, "mine").await, ["1"]);
        assert_eq!(tokens(&store, "killed").await.len(), 1);
    }
    // The lock ended with the process, and the next writer removes its temporary files.
    store
        .save(entry("mine", &["a"], "2"), Vec::new())
        .await
        .unwrap();
    assert_eq!(tokens(&store, "mine").await, ["2"]);
    let names = fs::read_dir(directory.file().parent().unwrap()).unwrap();
    let names: Vec<_> = names.map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[tokio::test]
async fn processes_that_write_lose_nothing() {
    let directory = Directory::new();
    let accounts = ["a", "b", "c"];
    let children = accounts.map(|account| start(&directory, account));
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    for account in accounts {
        let entries = directory.store().entries(&owner(account)).await.unwrap();
        assert_eq!(entries.len(), 10);
    }
}

#[tokio::test]
async fn a_killed_process_does_not_block_logins() {
    let directory = Directory::new();
    let store = directory.store();
    let mut child = start(&directory, "hold");
    let held = directory.file().with_extension("held");
    let end = Instant::now() + Duration::from_mins(1);
    while !held.exists() {
        assert!(Instant::now() < end, "the process takes no lock");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let soon = Duration::from_millis(150);
    assert!(store.lock_logins(soon).await.is_err());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(store.lock_logins(soon).await.is_ok());
}
