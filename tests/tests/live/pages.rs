//! Pages of a real server.

use super::emulator::{PROJECT, create_database, create_instance, with_emulator};
use futures_util::TryStreamExt;

#[test]
fn pages_are_followed_to_the_end() {
    with_emulator(async |spanner| {
        create_instance(&spanner, "pages").await;
        let instance = format!("{PROJECT}/instances/pages");
        let mut expected = Vec::new();
        for number in 0..5 {
            let id = format!("database-{number}");
            create_database(&spanner, "pages", &id).await;
            expected.push(format!("{instance}/databases/{id}"));
        }
        let list = spanner
            .projects()
            .instances()
            .databases()
            .list(instance)
            .page_size(2);

        let pages: Vec<_> = list.clone().pages().try_collect().await.unwrap();
        let sizes: Vec<_> = pages
            .iter()
            .map(|page| page.databases.as_ref().map_or(0, Vec::len))
            .collect();
        assert_eq!(sizes, [2, 2, 1]);
        assert_eq!(pages[2].next_page_token, None);

        let items: Vec<_> = list.clone().items().try_collect().await.unwrap();
        let names: Vec<_> = items.into_iter().filter_map(|item| item.name).collect();
        assert_eq!(names, expected);

        let page = list.clone().send().await.unwrap();
        let second = list.next_page(&page).unwrap().send().await.unwrap();
        assert_eq!(second, pages[1]);
        assert!(list.next_page(&pages[2]).is_none());
    });
}
