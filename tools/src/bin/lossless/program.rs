//! The program of a batch of documents. It passes JSON through types.
//!
//! A request is a line `<module> <count> <schema>` and that many lines of JSON. The response has a line for each:
//! `same`, `different` (the typed value differs when it is read again) or `error`, a space, and the JSON or the
//! message.

#![allow(warnings, reason = "the code of the schemas is linted elsewhere")]

use std::io::{self, BufRead, Write};

mod round_trip;
mod tables;

fn main() -> io::Result<()> {
    let mut lines = io::stdin().lock().lines();
    let mut out = io::BufWriter::new(io::stdout().lock());
    while let Some(question) = lines.next() {
        let question = question?;
        let mut words = question.splitn(3, ' ');
        let module = words.next();
        let count = words.next().and_then(|count| count.parse().ok());
        let schema = words.next();
        let table = tables::ALL.iter().find(|(name, _)| Some(*name) == module);
        let found = table.and_then(|(_, rows)| rows.iter().find(|(name, _)| Some(*name) == schema));
        let mut instances = Vec::new();
        for line in lines.by_ref().take(count.unwrap_or(0)) {
            instances.push(line?);
        }
        for instance in instances {
            match found.map(|(_, round_trip)| round_trip(&instance)) {
                Some(Ok(outcome)) if outcome.is_same => writeln!(out, "same {}", outcome.text)?,
                Some(Ok(outcome)) => writeln!(out, "different {}", outcome.text)?,
                Some(Err(error)) => writeln!(out, "error {error}")?,
                None => writeln!(out, "error there is no such schema")?,
            }
        }
        out.flush()?;
    }
    Ok(())
}
