//! Appends a row to a spreadsheet of Google Sheets, and prints all rows.
//!
//!     cargo run --bin sheets -- SPREADSHEET tea 2.50
//!
//! Before: enable the Sheets API in a project of Google Cloud, create a service account and save its key as `key.json` in this
//! directory. Share the spreadsheet with the address of the service account, as with a person. The id of a spreadsheet is in its
//! URL.

use std::error::Error;

use gapi_examples::sheets_v4::spreadsheets::values::params::append::ValueInputOption;
use gapi_examples::sheets_v4::{Sheets, schemas::ValueRange, scopes};
use gapi_runtime::Value;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let spreadsheet = arguments
        .next()
        .ok_or("usage: sheets SPREADSHEET [VALUE…]")?;
    let row: Vec<Value> = arguments.map(Value::from).collect();

    let builder = Sheets::builder()
        .credentials_file("key.json")
        .scopes([scopes::SPREADSHEETS]);
    let values = builder.build().await?.spreadsheets().values();

    if !row.is_empty() {
        let rows = ValueRange {
            values: Some(vec![row]),
            ..Default::default()
        };
        // With `UserEntered` the texts are read as if a person typed them, so "2.50" becomes a number.
        let append = values.append(&spreadsheet, "Sheet1", rows);
        let append = append.value_input_option(ValueInputOption::UserEntered);
        let updates = append.send().await?.updates.unwrap_or_default();
        println!("appended {}", updates.updated_range.unwrap_or_default());
    }

    let range = values.get(spreadsheet, "Sheet1!A:Z").send().await?;
    for row in range.values.unwrap_or_default() {
        // A cell is a text, a number or a boolean. The response omits empty cells at the end of a row.
        let cells: Vec<String> = row
            .iter()
            .map(|cell| match cell {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            })
            .collect();
        println!("{}", cells.join("\t"));
    }
    Ok(())
}
