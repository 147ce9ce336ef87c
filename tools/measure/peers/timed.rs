//! What both programs in Rust do around their loop.

use std::{env, error::Error, time::Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The URL of the server and the number of pages.
pub fn arguments() -> Result<(String, usize)> {
    let mut arguments = env::args().skip(1);
    let url = arguments.next().ok_or("no URL")?;
    Ok((url, arguments.next().ok_or("no number of pages")?.parse()?))
}

/// Lists a few pages, and then so many; prints how many operations these were, the name of the last, and the seconds.
pub async fn twice(
    pages: usize,
    list: impl AsyncFn(&str) -> Result<(usize, Option<String>)>,
) -> Result<()> {
    list("projects/p/instances/pages-10/operations").await?;
    let parent = format!("projects/p/instances/pages-{pages}/operations");
    let begin = Instant::now();
    let (count, last) = list(&parent).await?;
    let took = begin.elapsed();
    println!(
        "{count} {} {}",
        last.unwrap_or_default(),
        took.as_secs_f64()
    );
    Ok(())
}
