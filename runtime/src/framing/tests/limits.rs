//! The memory of the splitter, and the limit on a message.

use super::*;

#[test]
fn memory_depends_on_a_message_and_not_on_the_stream() {
    let message = format!(r#"{{"text":"{}"}}"#, "x".repeat(1000));
    for (before, between) in [
        ("[", ","),
        ("", "\n"),
        ("data: ", "\n\n: comment\n\ndata: "),
    ] {
        let mut splitter = splitter(JSON, Some(PLAIN), 2000);
        splitter.push(before.as_bytes());
        let mut count = 0;
        for _ in 0..10_000 {
            splitter.push(message.as_bytes());
            splitter.push(between.as_bytes());
            while let Some(found) = splitter.next() {
                assert_eq!(found.unwrap(), message.as_bytes());
                count += 1;
            }
            assert!(splitter.buffer.capacity() < 1 << 16);
        }
        assert_eq!(count, 10_000);
        // White space and comments take no memory.
        for _ in 0..10_000 {
            splitter.push(&[b'\n'; 1000]);
            assert!(splitter.next().is_none());
            assert!(splitter.held() < 100);
        }
    }
}

#[test]
fn a_message_has_at_most_the_limit() {
    let large = format!(r#"{{"text":"{}"}}"#, "x".repeat(100));
    for body in [
        format!("[{{\"n\":1}},{large}]"),
        format!("{{\"n\":1}}\n{large}\n"),
        format!("data: {{\"n\":1}}\n\ndata: {large}\n\n"),
        format!(
            "data: {{\"n\":1}}\n\ndata: {}\ndata: {}\n\n",
            &large[..60],
            &large[60..]
        ),
    ] {
        let chunks: Vec<&[u8]> = body.as_bytes().chunks(10).collect();
        let found = read(splitter(JSON, Some(PLAIN), 80), &chunks);
        assert_eq!(found, [r#"{"n":1}"#, "too large"], "{body}");
        let found = read(splitter(JSON, Some(PLAIN), 80), &[body.as_bytes()]);
        assert_eq!(found, [r#"{"n":1}"#, "too large"], "{body}");
        let found = read(splitter(JSON, Some(PLAIN), 200), &chunks);
        assert_eq!(found.len(), 3, "{body}");
    }
    // A message that never ends is not collected.
    let mut splitter = splitter(JSON, Some(PLAIN), 1 << 16);
    splitter.push(b"[{\"text\":\"");
    let mut chunks = 0;
    loop {
        splitter.push(&[b'x'; 4096]);
        chunks += 1;
        if let Some(found) = splitter.next() {
            assert!(matches!(found, Err(Fault::TooLarge)));
            break;
        }
    }
    assert!(chunks < 20);
    assert_eq!(splitter.buffer.capacity(), 0);
}
