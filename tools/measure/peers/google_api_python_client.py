"""Lists operations with Google's Python client: google_api_python_client.py URL PAGES. See peers.py."""

import pathlib
import sys
import time

import googleapiclient.discovery
import httplib2

ROOT = pathlib.Path(__file__).resolve().parents[3]


def listed(operations, parent):
    count, last = 0, None
    request = operations.list(name=parent, pageSize=100)
    while request is not None:
        response = request.execute()
        for operation in response.get("operations", []):
            count += 1
            last = operation["name"]
        request = operations.list_next(request, response)
    return count, last


def main():
    url, pages = sys.argv[1:]
    spanner = googleapiclient.discovery.build_from_document(
        (ROOT / "discovery" / "spanner.v1.json").read_text(), http=httplib2.Http(),
        client_options={"api_endpoint": url + "/"})
    operations = spanner.projects().instances().operations()
    listed(operations, "projects/p/instances/pages-10/operations")
    begin = time.perf_counter()
    count, last = listed(operations, f"projects/p/instances/pages-{pages}/operations")
    print(count, last, time.perf_counter() - begin)


if __name__ == "__main__":
    main()
