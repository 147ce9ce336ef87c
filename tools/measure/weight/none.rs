//! Lists operations without credentials, which only an emulator accepts. See `weight.py`.

use gapi::spanner_v1::Spanner;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let spanner = Spanner::builder().anonymous().build().await?;
    let operations = spanner.projects().instances().operations();
    let page = operations.list("projects/p/instances/i").send().await?;
    println!("{}", page.operations.map_or(0, |all| all.len()));
    Ok(())
}
