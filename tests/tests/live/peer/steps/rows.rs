//! Sessions, transactions and rows.

use super::Steps;
use futures_util::TryStreamExt;
use gapi::gapi_runtime::{Base64, Value};
use gapi::spanner_v1::schemas::{
    BatchCreateSessionsRequest, BeginTransactionRequest, CommitRequest, CreateSessionRequest,
    ExecuteBatchDmlRequest, ExecuteSqlRequest, KeySet, Mutation, ReadRequest, ReadWrite,
    RollbackRequest, Session, Statement, TransactionOptions, TransactionSelector, Type, Write,
    execute_sql_request, r#type,
};
use serde_json::json;

fn columns() -> Vec<String> {
    ["id", "name", "good", "share", "raw"]
        .map(str::to_owned)
        .into()
}

fn rows() -> Vec<Vec<Value>> {
    vec![
        vec![
            json!("1"),
            json!("one"),
            json!(true),
            json!(0.5),
            json!("AP8="),
        ],
        vec![
            json!("2"),
            json!("zwölf \"\\\n"),
            json!(false),
            json!("NaN"),
            json!(null),
        ],
        vec![
            json!("9007199254740993"),
            json!(""),
            json!(null),
            json!("-Infinity"),
            json!(""),
        ],
    ]
}

fn read_write() -> TransactionOptions {
    TransactionOptions {
        read_write: Some(ReadWrite::default()),
        ..Default::default()
    }
}

fn begin() -> BeginTransactionRequest {
    BeginTransactionRequest {
        options: Some(read_write()),
        ..Default::default()
    }
}

fn insert() -> CommitRequest {
    let write = Write {
        table: Some("t".to_owned()),
        columns: Some(columns()),
        values: Some(rows()),
        ..Default::default()
    };
    CommitRequest {
        single_use_transaction: Some(read_write()),
        mutations: Some(vec![Mutation {
            insert: Some(write),
            ..Default::default()
        }]),
        ..Default::default()
    }
}

fn query() -> ExecuteSqlRequest {
    let sql = "SELECT id, name, [1, NULL] AS list FROM t WHERE id >= @least ORDER BY id";
    let int64 = Type {
        code: Some(r#type::Code::Int64),
        ..Default::default()
    };
    ExecuteSqlRequest {
        sql: Some(sql.to_owned()),
        params: json!({"least": "2"}).as_object().cloned(),
        param_types: Some([("least".to_owned(), int64)].into()),
        ..Default::default()
    }
}

fn sql(text: &str) -> ExecuteSqlRequest {
    ExecuteSqlRequest {
        sql: Some(text.to_owned()),
        ..Default::default()
    }
}

fn statement(text: &str) -> Statement {
    Statement {
        sql: Some(text.to_owned()),
        ..Default::default()
    }
}

impl Steps {
    pub(super) async fn make_rows(&mut self) {
        let sessions = self.spanner.projects().instances().databases().sessions();
        let database = format!("{}/instances/instance-1/databases/database-1", self.project);
        let labelled = CreateSessionRequest {
            session: Some(Session {
                labels: Some([("of".to_owned(), "a-test".to_owned())].into()),
                ..Default::default()
            }),
            ..Default::default()
        };
        let created = sessions.create(&database, labelled);
        let session = self.step("session", created.send()).await;
        let session = session.unwrap().name.unwrap();
        self.step("the session", sessions.get(&session).send())
            .await;
        let list = sessions.list(&database).pages();
        self.step("sessions", list.try_collect::<Vec<_>>()).await;
        let two = BatchCreateSessionsRequest {
            session_count: Some(2),
            ..Default::default()
        };
        let two = sessions.batch_create(&database, two);
        self.step("sessions at once", two.send()).await;

        let commit = sessions.commit(&session, insert());
        self.step("commit", commit.clone().send()).await;
        self.step("commit the same rows", commit.send()).await;
        let everything = ReadRequest {
            table: Some("t".to_owned()),
            columns: Some(columns()),
            key_set: Some(KeySet {
                all: Some(true),
                ..Default::default()
            }),
            ..Default::default()
        };
        let read = sessions.read(&session, everything);
        self.step("read", read.send()).await;
        let queried = sessions.execute_sql(&session, query());
        self.step("query", queried.send()).await;
        let plan = ExecuteSqlRequest {
            query_mode: Some(execute_sql_request::QueryMode::Plan),
            ..query()
        };
        let plan = sessions.execute_sql(&session, plan);
        self.step("plan", plan.send()).await;
        let wrong = sessions.execute_sql(&session, sql("SELEC"));
        self.step("a query with an error", wrong.send()).await;

        self.change_rows(&session).await;
        self.step("delete the session", sessions.delete(&session).send())
            .await;
        self.step("the deleted session", sessions.get(&session).send())
            .await;
    }

    async fn change_rows(&mut self, session: &str) {
        let sessions = self.spanner.projects().instances().databases().sessions();
        let begun = sessions.begin_transaction(session, begin());
        let begun = self.step("transaction", begun.send()).await;
        let id: Base64 = begun.unwrap().id.unwrap();
        let transaction = TransactionSelector {
            id: Some(id.clone()),
            ..Default::default()
        };
        let update = ExecuteSqlRequest {
            transaction: Some(transaction.clone()),
            seqno: Some(1),
            ..sql("UPDATE t SET good = TRUE WHERE TRUE")
        };
        let update = sessions.execute_sql(session, update);
        self.step("update", update.send()).await;
        let several = ExecuteBatchDmlRequest {
            transaction: Some(transaction),
            seqno: Some(2),
            statements: Some(vec![
                statement("DELETE FROM t WHERE id = 2"),
                statement("DELETE FROM missing WHERE TRUE"),
            ]),
            ..Default::default()
        };
        let several = sessions.execute_batch_dml(session, several);
        self.step("updates", several.send()).await;
        let commit = CommitRequest {
            transaction_id: Some(id),
            return_commit_stats: Some(true),
            ..Default::default()
        };
        let commit = sessions.commit(session, commit);
        self.step("commit the updates", commit.send()).await;

        let again = sessions.begin_transaction(session, begin());
        let again = self.step("second transaction", again.send()).await;
        let back = RollbackRequest {
            transaction_id: again.unwrap().id,
            ..Default::default()
        };
        let back = sessions.rollback(session, back);
        self.step("roll back", back.send()).await;
    }
}
