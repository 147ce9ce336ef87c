//! A server with wrong values in every combination of the fields of a download. The result never has other bytes than requested.

mod server;
mod uploads;

use super::fixture::media_upload_and_download_v1::{MediaUploadAndDownload, things::Things};
use futures_util::TryStreamExt;
use gapi_runtime::{Body, Bytes, RetryPolicy, http};
use server::{Server, body, honest};
use std::ops::Range;

const MEDIA: &[u8] = b"123456789";
const TOTAL: usize = MEDIA.len();

/// The checksum of the media.
const RIGHT: &str = "crc32c=4waSgw==";

/// The response to a request for `asked`, with a choice for each field.
#[derive(Clone, Copy, Debug)]
struct Lie {
    status: u16,
    range: ContentRange,
    length: Length,
    body: Content,
    checksum: Option<&'static str>,
    version: Option<&'static str>,
    breaks: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ContentRange {
    Missing,
    /// The range of the body, then with a mistake in one of its numbers.
    OfBody,
    LaterStart,
    EarlierStart,
    LaterEnd,
    EarlierEnd,
    LargerTotal,
    /// The total is the end of the range.
    TotalOfEnd,
    UnknownTotal,
    OfWhole,
    Nothing,
    Malformed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Missing,
    OfBody,
    OneMore,
    OfWhole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Whole,
    Asked,
    OneLess,
    OneMore,
    Nothing,
}

const STATUSES: [u16; 4] = [200, 206, 203, 204];
const RANGES: [ContentRange; 12] = [
    ContentRange::Missing,
    ContentRange::OfBody,
    ContentRange::LaterStart,
    ContentRange::EarlierStart,
    ContentRange::LaterEnd,
    ContentRange::EarlierEnd,
    ContentRange::LargerTotal,
    ContentRange::TotalOfEnd,
    ContentRange::UnknownTotal,
    ContentRange::OfWhole,
    ContentRange::Nothing,
    ContentRange::Malformed,
];
const LENGTHS: [Length; 4] = [
    Length::Missing,
    Length::OfBody,
    Length::OneMore,
    Length::OfWhole,
];
const BODIES: [Content; 5] = [
    Content::Whole,
    Content::Asked,
    Content::OneLess,
    Content::OneMore,
    Content::Nothing,
];

/// Calls a function with every combination.
fn each_lie(versions: &[Option<&'static str>], mut test: impl FnMut(Lie)) {
    for status in STATUSES {
        for range in RANGES {
            for length in LENGTHS {
                for body in BODIES {
                    for checksum in [None, Some(RIGHT), Some("crc32c=AAAAAA==")] {
                        for &version in versions {
                            for breaks in [false, true] {
                                test(Lie {
                                    status,
                                    range,
                                    length,
                                    body,
                                    checksum,
                                    version,
                                    breaks,
                                });
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Lie {
    /// Returns the part of the media that the body has.
    fn body(&self, asked: &Range<usize>) -> Range<usize> {
        match self.body {
            Content::Whole => 0..TOTAL,
            Content::Asked => asked.clone(),
            Content::OneLess => asked.start..asked.end - 1,
            Content::OneMore => asked.start..TOTAL.min(asked.end + 1),
            Content::Nothing => asked.start..asked.start,
        }
    }

    /// Returns the range and the total that the response states.
    fn range(&self, asked: &Range<usize>) -> Option<(usize, usize, Option<usize>)> {
        let Range { start, end } = self.body(asked);
        let last = end.saturating_sub(1);
        Some(match self.range {
            ContentRange::Missing | ContentRange::Nothing | ContentRange::Malformed => return None,
            ContentRange::OfBody => (start, last, Some(TOTAL)),
            ContentRange::LaterStart => (start + 1, last, Some(TOTAL)),
            ContentRange::EarlierStart => (start.saturating_sub(1), last, Some(TOTAL)),
            ContentRange::LaterEnd => (start, last + 1, Some(TOTAL)),
            ContentRange::EarlierEnd => (start, last.saturating_sub(1), Some(TOTAL)),
            ContentRange::LargerTotal => (start, last, Some(TOTAL + 1)),
            ContentRange::TotalOfEnd => (start, last, Some(last + 1)),
            ContentRange::UnknownTotal => (start, last, None),
            ContentRange::OfWhole => (0, TOTAL - 1, Some(TOTAL)),
        })
    }

    fn length(&self, asked: &Range<usize>) -> Option<usize> {
        match self.length {
            Length::Missing => None,
            Length::OfBody => Some(self.body(asked).len()),
            Length::OneMore => Some(self.body(asked).len() + 1),
            Length::OfWhole => Some(TOTAL),
        }
    }

    fn response(&self, asked: &Range<usize>) -> http::Response<Body> {
        let mut response = http::Response::builder().status(self.status);
        let mut add = |name: &str, value: Option<String>| {
            if let (Some(headers), Some(value)) = (response.headers_mut(), value) {
                let name = http::HeaderName::try_from(name).unwrap();
                headers.insert(name, value.try_into().unwrap());
            }
        };
        let range = match self.range {
            ContentRange::Nothing => Some(format!("bytes */{TOTAL}")),
            ContentRange::Malformed => Some("bytes 1".to_owned()),
            _ => self.range(asked).map(|(first, last, total)| {
                let total = total.map_or("*".to_owned(), |total| total.to_string());
                format!("bytes {first}-{last}/{total}")
            }),
        };
        add("content-range", range);
        let length = self.length(asked);
        add("content-length", length.map(|length| length.to_string()));
        add("x-goog-hash", self.checksum.map(str::to_owned));
        add("etag", self.version.map(str::to_owned));
        response.body(body(self.body(asked), self.breaks)).unwrap()
    }

    /// Returns the length of the media that the response states, if the whole response agrees with that. No client can
    /// notice such a lie.
    fn stated_total(&self, asked: &Range<usize>) -> Option<usize> {
        if self.status == 204 && self.range(asked).is_none() {
            return Some(0);
        }
        let found = self.body(asked).len();
        if self.length(asked).is_some_and(|length| length != found) {
            return None;
        }
        match self.range(asked) {
            Some((_, _, total)) => total,
            None => Some(found),
        }
    }

    /// Returns `true` for the range of the body with the status and the headers of a whole: a consistent lie about
    /// everything. The checksum of the whole contradicts it.
    fn is_a_part_as_a_whole(&self, asked: &Range<usize>) -> bool {
        let part = self.body(asked);
        let has_range = self.range != ContentRange::Missing;
        let has_other_length = self
            .length(asked)
            .is_some_and(|length| length != part.len());
        let is_checked = self.status == 200 && self.checksum == Some(RIGHT);
        part.start > 0 && !has_range && !has_other_length && self.status != 206 && !is_checked
    }
}

async fn things(server: &Server) -> Things {
    let client = MediaUploadAndDownload::builder()
        .transport(server.clone())
        .retry(RetryPolicy::never());
    client.build().await.unwrap().things()
}

/// Downloads the media with these responses in the queue.
async fn downloaded(
    server: &Server,
    things: &Things,
    responses: impl Fn() -> Vec<http::Response<Body>>,
    wanted: Option<&Range<u64>>,
) -> Option<Vec<u8>> {
    let download = || {
        server.0.lock().unwrap().clear();
        server.0.lock().unwrap().extend(responses());
        let download = things.get("x").download();
        match wanted {
            Some(range) if range.end == u64::MAX => download.range(range.start..),
            Some(range) => download.range(range.clone()),
            None => download,
        }
    };
    let whole = download().send().await.ok().map(|media| media.to_vec());
    let stream = match download().stream().await {
        Ok(response) => response.into_body().try_collect::<Vec<_>>().await.ok(),
        Err(_) => None,
    };
    assert_eq!(stream.map(|chunks| chunks.concat()), whole);
    whole
}

/// The ranges that are requested: none, and with and without an end, within the media and beyond.
fn wanted() -> [Option<Range<u64>>; 7] {
    [
        None,
        Some(2..5),
        Some(0..4),
        Some(8..9),
        Some(3..u64::MAX),
        Some(0..100),
        Some(6..100),
    ]
}

/// Returns the part of the media of this length that is in the range.
fn part(range: Option<&Range<u64>>, total: usize) -> Range<usize> {
    let at = |position| usize::try_from(position).unwrap_or(usize::MAX).min(total);
    range.map_or(0..total, |range| at(range.start)..at(range.end))
}

/// The numbers of results.
#[derive(Debug, Default)]
struct Count {
    right: usize,
    errors: usize,
    /// Lies that no client can notice: the whole response agrees with them.
    consistent: usize,
}

#[tokio::test(start_paused = true)]
async fn case_r10_no_lie_in_a_first_response_makes_other_bytes() {
    let server = Server::default();
    let things = things(&server).await;
    let mut count = Count::default();
    for wanted in wanted() {
        let asked = part(wanted.as_ref(), TOTAL);
        let mut lies = Vec::new();
        each_lie(&[None, Some("\"v1\"")], |lie| lies.push(lie));
        for lie in lies {
            if lie.is_a_part_as_a_whole(&asked) {
                count.consistent += 1;
                continue;
            }
            let responses = || vec![lie.response(&asked)];
            let result = downloaded(&server, &things, responses, wanted.as_ref()).await;
            match result {
                None => count.errors += 1,
                Some(media) if media == MEDIA[asked.clone()] => count.right += 1,
                Some(media) => {
                    let total = lie.stated_total(&asked).filter(|total| *total <= TOTAL);
                    let stated = total.map(|total| &MEDIA[part(wanted.as_ref(), total)]);
                    assert_eq!(stated, Some(&media[..]), "{wanted:?} {lie:?}");
                    // With the checksum of the whole, the lie is noticed.
                    let is_checked = asked == (0..TOTAL) && lie.status != 203;
                    assert!(
                        !(is_checked && lie.checksum == Some(RIGHT)),
                        "{wanted:?} {lie:?}"
                    );
                    count.consistent += 1;
                }
            }
        }
    }
    // Most responses do not agree, and some of them nevertheless lead to the right bytes.
    assert!(
        count.right > 2000 && count.errors > 3 * count.right,
        "{count:?}"
    );
    println!("{count:?}");
}

#[tokio::test(start_paused = true)]
async fn case_r10_no_lie_in_a_later_response_makes_other_bytes() {
    let server = Server::default();
    let things = things(&server).await;
    let mut count = Count::default();
    for wanted in wanted() {
        let all = part(wanted.as_ref(), TOTAL);
        if all.len() < 2 {
            continue;
        }
        let mut request = http::Request::new(Body::from(Bytes::new()));
        if let Some(range) = &wanted {
            let range = format!("bytes={}-{}", range.start, range.end.saturating_sub(1));
            request
                .headers_mut()
                .insert("range", range.parse().unwrap());
        }
        let asked = all.start + 1..all.end;
        let mut lies = Vec::new();
        each_lie(&[None, Some("\"v1\""), Some("\"v2\"")], |lie| {
            lies.push(lie);
        });
        for lie in lies {
            let responses = || vec![honest(&request, true), lie.response(&asked)];
            let result = downloaded(&server, &things, responses, wanted.as_ref()).await;
            match result {
                None => count.errors += 1,
                Some(media) => {
                    assert_eq!(media, MEDIA[all.clone()], "{wanted:?} {lie:?}");
                    assert_eq!(lie.version, Some("\"v1\""), "{wanted:?} {lie:?}");
                    count.right += 1;
                }
            }
        }
    }
    assert!(
        count.right > 1000 && count.errors > 3 * count.right,
        "{count:?}"
    );
    println!("{count:?}");
}
