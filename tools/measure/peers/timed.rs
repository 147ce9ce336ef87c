//! The shared parts of both Rust programs.

use std::{env, error::Error, time::Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Returns the URL of the server and the number of pages.
pub fn arguments() -> Result<(String, usize)> {
    let mut arguments = env::args().skip(1);
    let url = arguments.next().ok_or("no URL")?;
    Ok((url, arguments.next().ok_or("no number of pages")?.parse()?))
}

/// Lists a few pages, and then `pages`. Prints the number of operations, the last name and the seconds.
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
