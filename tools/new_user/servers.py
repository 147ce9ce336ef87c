"""Simulates Google's servers on loopback.

A proxy accepts the connections to `*.googleapis.com` and terminates TLS with its own certificate. Programs find it
by `HTTPS_PROXY` and trust it by `SSL_CERT_FILE`. Plain servers replace an emulator and the token server of a key file.
Every request is recorded.
"""

import dataclasses
import http.server
import json
import os
import pathlib
import re
import ssl
import threading
import urllib.parse

SYSTEM_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


@dataclasses.dataclass
class Request:
    host: str
    line: str
    headers: dict
    body: bytes

    def path(self):
        return urllib.parse.urlsplit(self.line.split(" ")[1])

    def query(self):
        return dict(urllib.parse.parse_qsl(self.path().query))

    def text(self):
        return self.body.decode()


def respond(request, documents):
    """Returns the status, the headers and the JSON for a request."""
    path, query = request.path().path, request.query()
    page = query.get("pageToken")

    def paged(field, pages):
        number = int(page or 0)
        more = {"nextPageToken": str(number + 1)} if number + 1 < len(pages) else {}
        # Google's servers omit fields that are not in the mask.
        mask = query.get("fields", "*")
        wanted = {name for name in ("nextPageToken", field) if mask == "*" or name in mask}
        return 200, {name: value for name, value in {field: pages[number], **more}.items() if name in wanted}

    match (re.split("[.:]", request.host)[0], path):
        case ("spanner" | "localhost", "/v1/projects/my-project/instances"):
            name = "projects/my-project/instances/"
            return paged("instances", [[{"name": name + "orders"}], [{"name": name + "users"}]])
        case ("oauth2" | "127", "/token"):
            return 200, {"access_token": "user-token", "expires_in": 3600, "token_type": "Bearer",
                         "refresh_token": "refresh"}
        case ("127", "/auth"):
            back = query["redirect_uri"] + "?" + urllib.parse.urlencode({"code": "code", "state": query.get("state", "")})
            return 302, {"location": back}
        case ("www", "/discovery/v1/apis"):
            return 200, {"kind": "discovery#directoryList", "items": [directory_entry(document) for document in documents]}
        case ("www", "/drive/v3/files"):
            return paged("files", [[{"name": "minutes.txt"}], [{"name": "plan.txt"}]])
        case ("www", "/upload/drive/v3/files"):
            return 200, {"id": "file-1"}
        case ("gmail", "/gmail/v1/users/me/messages"):
            return paged("messages", [[{"id": "m-1"}], [{"id": "m-2"}]])
        case ("gmail", "/gmail/v1/users/me/messages/m-1"):
            return 200, {"id": "m-1", "snippet": "Lunch?"}
        case ("sheets", "/v4/spreadsheets/1a2b3c/values/Sheet1%21A1%3AB2"):
            return 200, {"range": "Sheet1!A1:B2", "values": [["orders", "12"]]}
        case ("www", "/calendar/v3/calendars/primary/events"):
            return paged("items", [[{"summary": "Retro"}]])
    for document in documents:
        if request.path().geturl().endswith(directory_entry(document)["discoveryRestUrl"].partition(".com")[2]):
            return 200, document
    return 404, {"error": {"code": 404, "message": f"{request.host} has no {path}"}}


def directory_entry(document):
    name, version = document["name"], document["version"]
    return {
        "kind": "discovery#directoryItem", "id": document["id"], "name": name, "version": version,
        "title": document["title"], "preferred": True,
        "discoveryRestUrl": f"https://www.googleapis.com/discovery/v1/apis/{name}/{version}/rest",
    }


class Google:
    """A proxy with the received requests."""

    def __init__(self, directory, documents):
        self.requests = []
        self.documents = documents
        self.certificate = certificate(directory)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate["chain"])
        self.context = context
        self.proxy = self.serve(0)
        self.plain = self.serve(0)

    def serve(self, port):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler(self))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def url(self):
        """Returns the URL of the plain server."""
        return f"http://127.0.0.1:{self.plain.server_port}"

    def environment(self):
        """Returns the variables that make a program use the proxy."""
        return {"HTTPS_PROXY": f"http://127.0.0.1:{self.proxy.server_port}", "NO_PROXY": "localhost,127.0.0.1",
                "SSL_CERT_FILE": self.certificate["bundle"], "CARGO_NET_OFFLINE": "true"}

    def taken(self):
        """Returns the requests since the last call."""
        taken, self.requests = self.requests, []
        return taken


def handler(google):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        host = None

        def do_CONNECT(self):  # pylint: disable=invalid-name
            host = self.path.split(":")[0]
            if not host.endswith(".googleapis.com"):
                self.send_error(403, f"the test has no {host}")
                return
            self.send_response(200)
            self.end_headers()
            # The rest of the connection belongs to this host.
            self.connection = google.context.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
            self.host = host
            self.close_connection = False

        def do_GET(self):  # pylint: disable=invalid-name
            length = int(self.headers.get("content-length") or 0)
            host = self.host or self.headers.get("host", "")
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(host, self.requestline, headers, self.rfile.read(length))
            google.requests.append(request)
            status, body = respond(request, google.documents)
            payload = b"" if status == 302 else json.dumps(body).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("location", body["location"])
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_POST = do_GET

        def log_message(self, *_):
            pass

    return Handler


def certificate(directory):
    """Creates a certificate for Google's names, and a bundle with it and the certificates of the system."""
    import trustme  # pylint: disable=import-outside-toplevel

    authority = trustme.CA()
    issued = authority.issue_cert("*.googleapis.com", "localhost")
    chain, bundle = directory / "chain.pem", directory / "bundle.pem"
    issued.private_key_and_cert_chain_pem.write_to_path(str(chain))
    system = pathlib.Path(os.environ.get("SSL_CERT_FILE", SYSTEM_CERTIFICATES))
    bundle.write_bytes(authority.cert_pem.bytes() + (system.read_bytes() if system.exists() else b""))
    return {"chain": str(chain), "bundle": str(bundle)}
