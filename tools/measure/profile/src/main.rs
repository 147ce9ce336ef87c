//! Prints the activities of a profile that `rustc -Zself-profile` wrote: label, own time in nanoseconds, number. Separated by
//! tabs, the longest first.
//!
//! ```text
//! gapi-profile FILE.mm_profdata
//! ```

use std::error::Error;
use std::path::Path;

use analyzeme::ProfilingData;

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let file = std::env::args_os()
        .nth(1)
        .ok_or("the profile is missing: gapi-profile FILE.mm_profdata")?;
    let mut activities = ProfilingData::new(Path::new(&file))?
        .perform_analysis()
        .query_data;
    activities.sort_by_key(|activity| std::cmp::Reverse(activity.self_time));
    for activity in activities {
        println!(
            "{}\t{}\t{}",
            activity.label,
            activity.self_time.as_nanos(),
            activity.invocation_count
        );
    }
    Ok(())
}
