//! The program of a batch of documents. It makes calls and returns the requests.
//!
//! A command is a line of JSON, `[module, method id, arguments]`. A batch has the arguments of all calls. The result is
//! a line of JSON, too.

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
        let find = |id: &str| methods.get(&(module.as_str(), id)).copied();
        let outcome = match (find(&id), args["calls"].as_array()) {
            (Some(method), _) => method(&mut given::Given::new(args)),
            (None, Some(calls)) if !calls.is_empty() => {
                let call = |call: &Value| (find(call["id"].as_str().unwrap_or_default()), call["args"].clone());
                given::Given::batch(calls.iter().map(call))
            }
            _ => Ok(json!({"missing": "there is no such method"})),
        };
        let outcome = outcome.unwrap_or_else(|error| error);
        writeln!(out, "{outcome}")?;
        out.flush()?;
    }
    Ok(())
}
