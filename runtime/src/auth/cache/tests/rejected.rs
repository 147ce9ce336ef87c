//! Tokens that servers reject, and servers that state when to retry.

use super::*;

/// Returns the headers of a request with this token that was rejected.
fn rejected(token: &str) -> HeaderMap {
    let value = format!("Bearer {token}").parse().unwrap();
    HeaderMap::from_iter([(AUTHORIZATION, value)])
}

/// An API that rejects every token costs a token request per window, not one per call.
#[tokio::test(start_paused = true)]
async fn tokens_that_are_all_rejected_are_kept_for_a_while() {
    let cached = Cached::new(Script::new(&[Step::Token(seconds(3600))]));
    let mut renewed = 0;
    let start = Instant::now();
    // A call per second.
    while start.elapsed() < seconds(60) {
        for _ in 0..2 {
            let token = ask(&cached).await.unwrap();
            if !cached.reject(&rejected(&token)) {
                break;
            }
            renewed += 1;
        }
        tokio::time::sleep(seconds(1)).await;
    }
    assert!((5..=7).contains(&renewed), "{renewed}");
    assert!(requests(&cached) <= 7, "{}", requests(&cached));
}

/// A call that was late with the rejected token gets the new one.
#[tokio::test(start_paused = true)]
async fn many_rejections_of_a_token_drop_it_once() {
    let cached = Cached::new(Script::new(&[Step::Token(seconds(3600))]));
    let first = ask(&cached).await.unwrap();
    assert!(cached.reject(&rejected(&first)));
    assert!(cached.reject(&rejected(&first)));
    let second = ask(&cached).await.unwrap();
    assert!(cached.reject(&rejected(&first)));
    assert_eq!(ask(&cached).await.unwrap(), second);
    assert!(!cached.reject(&rejected(&second)));
    assert_eq!(ask(&cached).await.unwrap(), second);
    tokio::time::sleep(REJECTED).await;
    assert!(cached.reject(&rejected(&second)));
    assert_eq!(ask(&cached).await.unwrap(), "3");
}

/// A clock that was not known to be wrong makes another token at once.
#[tokio::test(start_paused = true)]
async fn a_clock_is_corrected_in_spite_of_the_window() {
    let cached = Cached::new(Script::new(&[Step::Token(seconds(3600))]));
    let first = ask(&cached).await.unwrap();
    assert!(cached.reject(&rejected(&first)));
    let second = ask(&cached).await.unwrap();
    let mut headers = rejected(&second);
    headers.insert(
        http::header::DATE,
        "Sat, 01 Jan 2000 00:00:00 GMT".parse().unwrap(),
    );
    assert!(cached.reject(&headers));
    assert_eq!(ask(&cached).await.unwrap(), "3");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_when_to_come_back_is_left_alone_until_then() {
    let steps = [Step::Later(seconds(3)), Step::Token(seconds(3600))];
    let cached = Cached::new(Script::new(&steps).slow(Duration::ZERO));
    let start = Instant::now();
    assert_eq!(ask(&cached).await.unwrap(), "2");
    assert_eq!(start.elapsed(), seconds(3));

    // There is no time for it. The next calls do not ask before, up to the longest back-off.
    for (delay, pause) in [(20, 20), (3_600, 30)] {
        let steps = [Step::Later(seconds(delay)), Step::Token(seconds(3600))];
        let cached = Cached::new(Script::new(&steps).slow(Duration::ZERO));
        let start = Instant::now();
        ask(&cached).await.unwrap_err();
        assert_eq!(start.elapsed(), Duration::ZERO);
        tokio::time::sleep(seconds(pause - 1)).await;
        ask(&cached).await.unwrap_err();
        assert_eq!(requests(&cached), 1);
        tokio::time::sleep(seconds(1)).await;
        assert_eq!(ask(&cached).await.unwrap(), "2");
    }
}
