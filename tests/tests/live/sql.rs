//! Sessions and queries: bodies with maps, 64-bit integers, and rows of any type.

use super::emulator::{PROJECT, create_database, create_instance, with_emulator};
use gapi::gapi_runtime::{ErrorKind, Object};
use gapi::spanner_v1::schemas::{CreateSessionRequest, ExecuteSqlRequest, Type, r#type};
use serde_json::json;

#[test]
fn a_query_returns_rows_and_their_types() {
    with_emulator(async |spanner| {
        create_instance(&spanner, "sql").await;
        create_database(&spanner, "sql", "database").await;
        let sessions = spanner.projects().instances().databases().sessions();
        let database = format!("{PROJECT}/instances/sql/databases/database");
        let created = sessions
            .create(database, CreateSessionRequest::default())
            .send()
            .await
            .unwrap();
        let session = created.name.unwrap();

        let params = json!({"greeting": "é \"\n"});
        let params: Object = params.as_object().cloned().unwrap();
        let text = Type {
            code: Some(r#type::Code::String),
            ..Default::default()
        };
        let query = ExecuteSqlRequest {
            sql: Some(
                "SELECT 9007199254740993, @greeting, CAST('NaN' AS FLOAT64), NULL, b'\\x00\\xff'"
                    .to_owned(),
            ),
            params: Some(params),
            param_types: Some([("greeting".to_owned(), text)].into()),
            ..Default::default()
        };
        let result = sessions.execute_sql(&session, query).send().await.unwrap();
        assert_eq!(
            result.rows,
            Some(vec![vec![
                json!("9007199254740993"),
                json!("é \"\n"),
                json!("NaN"),
                json!(null),
                json!("AP8=")
            ]])
        );
        let row_type = result.metadata.unwrap().row_type.unwrap();
        let codes = row_type
            .fields
            .unwrap()
            .into_iter()
            .map(|field| field.r#type.unwrap().code.unwrap());
        assert_eq!(
            codes.collect::<Vec<_>>(),
            [
                r#type::Code::Int64,
                r#type::Code::String,
                r#type::Code::Float64,
                r#type::Code::Int64,
                r#type::Code::Bytes
            ]
        );

        let query = ExecuteSqlRequest {
            sql: Some("SELEC".to_owned()),
            ..Default::default()
        };
        let error = sessions
            .execute_sql(&session, query)
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Http);
        let status = error.status().unwrap();
        assert_eq!(status.status.as_deref(), Some("INVALID_ARGUMENT"));
        assert!(status.message.starts_with("Syntax error"), "{error}");
        assert_eq!(error.to_string().lines().count(), 1, "an error is one line");

        sessions.delete(&session).send().await.unwrap();
    });
}
