//! The `Debug` output of clients, calls and settings.

use super::super::witness::Witness;
use super::{DATA, KEY, PASSWORD, Provider, SESSION, TOKEN, builder, get, instance, list, see};
use crate::golden::media::media_upload_and_download_v1::MediaUploadAndDownload;
use gapi::healthcare_v1::CloudHealthcare;
use gapi::spanner_v1::Spanner;
use gapi_runtime::{Bytes, Call, Media, MockTransport, RawBody, Service, http};

#[tokio::test]
async fn clients_and_calls_show_none() {
    let witness = Witness::new();
    let mock = MockTransport::with(|_| Ok(http::Response::new(Bytes::from_static(b"{}"))));
    for builder in [
        builder::<Spanner>(),
        builder().credentials(Provider),
        builder().transport(mock.clone()),
    ] {
        witness.debug("a builder", &builder);
    }
    let spanner: Spanner = builder().transport(mock.clone()).build().await.unwrap();
    witness.debug("a client", &spanner);
    witness.debug("what a client is", Service::client(&spanner));
    let instances = spanner.projects().instances();
    witness.debug("a resource", &instances);
    witness.debug("a call", &get(&spanner));
    witness.debug("a request", Call::request(&list(&spanner)));
    witness.debug("a call under way", &get(&spanner).send());
    witness.debug("one with headers", &get(&spanner).send_with_headers());
    witness.debug("pages", &list(&spanner).pages());
    witness.debug("items", &list(&spanner).items());
    let create = instances.create(format!("projects/{DATA}"), instance());
    witness.debug("a call with a body", &create);
    witness.debug("a poller", &create.clone().poller());
    witness.debug(
        "an operation awaited",
        &create.clone().poller().until_done(),
    );
    witness.debug("updates", &create.poller().updates());
    let mut batch = spanner.batch();
    let key = batch.add(get(&spanner));
    witness.debug("a key", &key);
    witness.debug("a batch", &batch);
    get(&spanner).send().await.unwrap();
    witness.debug("a mock", &mock);
    let body = RawBody::new("application/fhir+json", DATA);
    witness.debug("a raw body", &body);
    let healthcare: CloudHealthcare = builder().transport(mock.clone()).build().await.unwrap();
    let fhir = healthcare
        .projects()
        .locations()
        .datasets()
        .fhir_stores()
        .fhir();
    let update = fhir.update(format!("projects/{DATA}"), body);
    witness.debug("a call with a raw body", &update);
    let error = update.send().await.unwrap_err();
    see(&witness, "a rejected name", &error);
    for name in ["../x", "a%2Fb", "..?b", "..\r\n"] {
        let name = format!("projects/{DATA}/instances/i/operations/{name}");
        let operations = instances.operations();
        let error = operations.get(name).send().await.unwrap_err();
        see(&witness, "a rejected name", &error);
    }

    let things = MediaUploadAndDownload::builder().bearer_token(TOKEN);
    let things = things.transport(mock).build().await.unwrap().things();
    let media = Media::new("text/plain", DATA);
    witness.debug("media", &media);
    let upload = things.replace(DATA, None).upload(media);
    witness.debug("an upload", &upload);
    let session = upload.resumable().resume(SESSION).unwrap();
    witness.debug("a session", &session);
    witness.debug("a download", &things.get(DATA).download());
    witness.check();
}

#[tokio::test]
async fn what_is_wrong_with_settings_is_said_without_them() {
    let witness = Witness::new();
    for endpoint in [
        format!("https://user:{PASSWORD}@127.0.0.1/"),
        format!("https://127.0.0.1/?key={KEY}"),
        format!("https://127.0.0.1/#{KEY}"),
        format!("ftp://127.0.0.1/{KEY}"),
        format!("{KEY}\r\n"),
    ] {
        let builder = builder::<Spanner>().endpoint(endpoint);
        witness.debug("an endpoint", &builder);
        see(&witness, "an endpoint", &builder.build().await.unwrap_err());
    }
    let builder = builder::<Spanner>().bearer_token(format!("{TOKEN}\n"));
    let builder = builder.api_key(format!("{KEY}\0")).user_agent("a\n");
    witness.debug("broken settings", &builder);
    let error = builder.build().await.unwrap_err();
    see(&witness, "broken settings", &error);
    witness.check();
}
