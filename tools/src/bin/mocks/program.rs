//! The program of a batch of documents. It calls each method through a mock.
//!
//! Prints a line for each method: its id, and after a space what failed.

#![allow(warnings, reason = "the code of the documents is linted elsewhere")]

use std::io::{self, Write};

mod mocked_call;
mod tables;

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (_, rows) in tables::ALL {
        for (id, mocked) in *rows {
            match mocked() {
                Ok(()) => writeln!(out, "{id}")?,
                Err(error) => writeln!(out, "{id} {}", error.replace('\n', " "))?,
            }
        }
    }
    out.flush()
}
