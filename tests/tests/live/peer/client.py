#!/usr/bin/env python3
"""Runs the steps of `steps.rs` at the Spanner emulator with Google's Python client.

    client.py ENDPOINT make PROJECT    creates instances, databases, rows; changes, lists and deletes them; makes mistakes
    client.py ENDPOINT read PROJECT    reads all resources
    client.py ready                    installs the client if necessary

Each step prints a line of JSON: {"step": its name, "result": the response}, or instead of the result {"error":
{"http": the HTTP status, "code" and "message": those of the server's status}}.
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "tools" / "parity"))

import environment  # noqa: E402

ROWS = [["1", "one", True, 0.5, "AP8="], ["2", "zw\u00f6lf \"\\\n", False, "NaN", None], ["9007199254740993", "", None, "-Infinity", ""]]
COLUMNS = ["id", "name", "good", "share", "raw"]
TABLE = ("CREATE TABLE t (id INT64 NOT NULL, name STRING(MAX), good BOOL, share FLOAT64, raw BYTES(MAX)) "
         "PRIMARY KEY (id)")


def step(name, call):
    """Runs a step and prints its result. Returns the response; None after an error."""
    from googleapiclient.errors import HttpError
    try:
        result = call()
        line = {"step": name, "result": result}
    except HttpError as error:
        result = None
        status = json.loads(error.content)
        line = {"step": name, "error": {"http": error.resp.status, "code": status["code"],
                                        "message": status.get("message", "")}}
    print(json.dumps(line, sort_keys=True), flush=True)
    return result


def pages(resource, request):
    """Returns the responses for all pages."""
    found = []
    while request is not None:
        found.append(request.execute())
        request = resource.list_next(previous_request=request, previous_response=found[-1])
    return found


def instance(project, number):
    return {"instanceId": f"instance-{number}",
            "instance": {"config": f"{project}/instanceConfigs/emulator-config", "displayName": f"Instance {number}",
                         "nodeCount": number, "labels": {"colour": "gr\u00fcn", "empty": ""}}}


def make_instances(spanner, project):
    instances = spanner.projects().instances()
    operations = instances.operations()
    configurations = spanner.projects().instanceConfigs()
    step("configurations", lambda: pages(configurations, configurations.list(parent=project)))
    for number in (1, 2, 3):
        begun = step(f"create instance {number}",
                     lambda: instances.create(parent=project, body=instance(project, number)).execute())
        step(f"operation of instance {number}", lambda: operations.get(name=begun["name"]).execute())
    name = f"{project}/instances/instance-1"
    step("instance", lambda: instances.get(name=name).execute())
    step("part of an instance", lambda: instances.get(name=name, fieldMask="nodeCount,displayName").execute())
    step("operations of an instance", lambda: pages(operations, operations.list(name=f"{name}/operations")))
    step("instances, in pages", lambda: pages(instances, instances.list(parent=project, pageSize=2)))
    step("no instance", lambda: instances.get(name=f"{project}/instances/none").execute())
    step("an instance again", lambda: instances.create(parent=project, body=instance(project, 1)).execute())
    step("an instance without a name", lambda: instances.create(parent=project, body={}).execute())
    wrong = {**instance(project, 4), "fromTheFuture": 1}
    step("an instance with an unknown member", lambda: instances.create(parent=project, body=wrong).execute())
    step("cancel", lambda: operations.cancel(name=f"{name}/operations/x").execute())
    step("delete an operation", lambda: operations.delete(name=f"{name}/operations/x").execute())
    step("no operation", lambda: operations.get(name=f"{name}/operations/none").execute())
    step("delete an instance", lambda: instances.delete(name=f"{project}/instances/instance-3").execute())
    step("the deleted instance", lambda: instances.get(name=f"{project}/instances/instance-3").execute())


def make_databases(spanner, project):
    databases = spanner.projects().instances().databases()
    operations = databases.operations()
    parent = f"{project}/instances/instance-1"
    for number in (1, 2, 3):
        body = {"createStatement": f"CREATE DATABASE `database-{number}`", "extraStatements": [TABLE]}
        step(f"create database {number}", lambda: databases.create(parent=parent, body=body).execute())
    name = f"{parent}/databases/database-1"
    step("database", lambda: databases.get(name=name).execute())
    step("databases, in pages", lambda: pages(databases, databases.list(parent=parent, pageSize=2)))
    change = {"operationId": "change", "statements": ["CREATE INDEX by_name ON t (name)",
                                                      "ALTER TABLE t ADD COLUMN more ARRAY<INT64>"]}
    step("change a database", lambda: databases.updateDdl(database=name, body=change).execute())
    step("operation of the change", lambda: operations.get(name=f"{name}/operations/change").execute())
    step("operations of a database", lambda: sorted_operations(pages(
        operations, operations.list(name=f"{name}/operations"))))
    step("the same change again", lambda: databases.updateDdl(database=name, body=change).execute())
    step("statements", lambda: databases.getDdl(database=name).execute())
    wrong = {"createStatement": "CREATE DATABAS x"}
    step("a database with a wrong statement", lambda: databases.create(parent=parent, body=wrong).execute())
    step("drop a database", lambda: databases.dropDatabase(database=f"{parent}/databases/database-3").execute())
    step("the dropped database", lambda: databases.get(name=f"{parent}/databases/database-3").execute())


def sorted_operations(found):
    """Sorts the items, which the emulator returns in no order."""
    return [{**page, "operations": sorted(page["operations"], key=lambda operation: operation["metadata"]["@type"])}
            for page in found]


def make_rows(spanner, project):
    sessions = spanner.projects().instances().databases().sessions()
    database = f"{project}/instances/instance-1/databases/database-1"
    labels = {"session": {"labels": {"of": "a-test"}}}
    session = step("session", lambda: sessions.create(database=database, body=labels).execute())["name"]
    step("the session", lambda: sessions.get(name=session).execute())
    step("sessions", lambda: pages(sessions, sessions.list(database=database)))
    step("sessions at once", lambda: sessions.batchCreate(database=database, body={"sessionCount": 2}).execute())
    insert = {"singleUseTransaction": {"readWrite": {}},
              "mutations": [{"insert": {"table": "t", "columns": COLUMNS, "values": ROWS}}]}
    step("commit", lambda: sessions.commit(session=session, body=insert).execute())
    step("commit the same rows", lambda: sessions.commit(session=session, body=insert).execute())
    everything = {"table": "t", "columns": COLUMNS, "keySet": {"all": True}}
    step("read", lambda: sessions.read(session=session, body=everything).execute())
    query = {"sql": "SELECT id, name, [1, NULL] AS list FROM t WHERE id >= @least ORDER BY id", "params": {"least": "2"},
             "paramTypes": {"least": {"code": "INT64"}}}
    step("query", lambda: sessions.executeSql(session=session, body=query).execute())
    step("plan", lambda: sessions.executeSql(session=session, body={**query, "queryMode": "PLAN"}).execute())
    step("a query with an error", lambda: sessions.executeSql(session=session, body={"sql": "SELEC"}).execute())
    begun = step("transaction", lambda: sessions.beginTransaction(
        session=session, body={"options": {"readWrite": {}}}).execute())
    transaction = {"id": begun["id"]}
    update = {"transaction": transaction, "seqno": "1", "sql": "UPDATE t SET good = TRUE WHERE TRUE"}
    step("update", lambda: sessions.executeSql(session=session, body=update).execute())
    several = {"transaction": transaction, "seqno": "2", "statements": [
        {"sql": "DELETE FROM t WHERE id = 2"}, {"sql": "DELETE FROM missing WHERE TRUE"}]}
    step("updates", lambda: sessions.executeBatchDml(session=session, body=several).execute())
    step("commit the updates", lambda: sessions.commit(
        session=session, body={"transactionId": begun["id"], "returnCommitStats": True}).execute())
    again = step("second transaction", lambda: sessions.beginTransaction(
        session=session, body={"options": {"readWrite": {}}}).execute())
    step("roll back", lambda: sessions.rollback(session=session, body={"transactionId": again["id"]}).execute())
    step("delete the session", lambda: sessions.delete(name=session).execute())
    step("the deleted session", lambda: sessions.get(name=session).execute())


def read(spanner, project):
    """Reads all resources. Both clients get the same values. Only the session that this creates is hidden."""
    instances = spanner.projects().instances()
    databases = instances.databases()
    sessions = databases.sessions()
    listed = step("instances", lambda: pages(instances, instances.list(parent=project)))
    for name in [instance["name"] for page in listed for instance in page["instances"]]:
        step(f"databases of {name}", lambda: pages(databases, databases.list(parent=name)))
        operations = instances.operations()
        step(f"operations of {name}", lambda: pages(operations, operations.list(name=f"{name}/operations")))
    name = f"{project}/instances/instance-1/databases/database-1"
    step("statements", lambda: databases.getDdl(database=name).execute())
    operation = f"{name}/operations/change"
    step("operation", lambda: databases.operations().get(name=operation).execute())
    session = sessions.create(database=name, body={}).execute()["name"]
    query = {"sql": "SELECT * FROM t ORDER BY id"}
    step("rows", lambda: sessions.executeSql(session=session, body=query).execute())
    sessions.delete(name=session).execute()


def connect(endpoint):
    import google.auth.credentials
    import google_auth_httplib2
    import googleapiclient.discovery
    import httplib2
    document = json.loads((ROOT / "discovery" / "spanner.v1.json").read_text(encoding="utf-8"))
    # The emulator is local, so a proxy is not used.
    http = google_auth_httplib2.AuthorizedHttp(google.auth.credentials.AnonymousCredentials(),
                                               http=httplib2.Http(proxy_info=None))
    return googleapiclient.discovery.build_from_document(document, http=http,
                                                         client_options={"api_endpoint": endpoint})


def main():
    environment.enter()
    match sys.argv[1:]:
        case ["ready"]:
            pass
        case [endpoint, "make", project]:
            spanner = connect(endpoint)
            make_instances(spanner, project)
            make_databases(spanner, project)
            make_rows(spanner, project)
        case [endpoint, "read", project]:
            read(connect(endpoint), project)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
