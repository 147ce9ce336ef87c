//! The program of a batch of documents: makes the calls that it is asked for and says what each would send.
//!
//! A question is a line of JSON, `[module, method id, arguments]`; so is its answer.

#![allow(warnings, reason = "the code of the documents is linted elsewhere")]

use std::{
    collections::HashMap,
    io::{self, BufRead, Write},
};

use gapi_runtime::{Value, serde_json::{self, json}};

mod calls;
mod given;

fn main() -> io::Result<()> {
    let mut methods = HashMap::new();
    for (module, rows) in calls::ALL {
        for (id, method) in *rows {
            methods.insert((*module, *id), *method);
        }
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let (module, id, args): (String, String, Value) = serde_json::from_str(&line?)?;
        let answer = match methods.get(&(module.as_str(), id.as_str())) {
            Some(method) => method(&mut given::Given::new(args)).unwrap_or_else(|error| error),
            None => json!({"missing": "there is no such method"}),
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}
