//! Generates two resources of Cloud Storage, and the schemas that they reach.

fn main() -> Result<(), gapi_generator::Problem> {
    gapi_generator::Generator::new()
        .document("discovery/storage.v1.json")
        .resources("buckets")
        .resources("objects")
        .derive("Bucket.lifecycle.**", "Eq, Hash")
        .generate()
}
