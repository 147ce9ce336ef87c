"""Makes requests with the Python client. Nothing is sent: the HTTP object only records the request."""

import contextlib
import logging
import random
import uuid
import warnings

import google.auth.credentials
import google_auth_httplib2
import googleapiclient.discovery
import googleapiclient.errors
import googleapiclient.http
import googleapiclient.schema
import httplib2
from googleapiclient.discovery import fix_method_name, key2param

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
# The documentation of each method prints whole schemas. That takes most of the time and changes no request.
googleapiclient.schema.Schemas.prettyPrintByName = lambda self, name: ""
googleapiclient.schema.Schemas.prettyPrintSchema = lambda self, schema: ""


class Rejected(Exception):
    """An error: the library does not make the request."""


class _Sent(Exception):
    """Carries a request out of the library instead of sending it."""

    def __init__(self, request):
        super().__init__()
        self.request = request


class _Recorder(httplib2.Http):
    """Behaves like httplib2 before it connects: escapes remaining characters in the URL, drops the fragment and
    an empty query, and adds headers."""

    def request(self, *arguments, **options):
        # A fast connection object, which never connects.
        options["connection_type"] = httplib2.HTTPConnectionWithTimeout
        return super().request(*arguments, **options)

    def _request(self, conn, host, absolute_uri, request_uri, method, body, headers, redirections, cachekey):
        if isinstance(body, str):
            # http.client does the same, and fails for unsupported characters.
            body = body.encode("iso-8859-1")
        raise _Sent({
            "httpMethod": method,
            "url": absolute_uri.split("://", 1)[0].lower() + "://" + host + request_uri,
            "headers": {name: str(value) for name, value in headers.items()},
            # Python can send bytes that are not UTF-8. Each of them is written as \xNN.
            "body": None if body is None else body.decode("utf-8", "backslashreplace"),
        })


class Library:
    """Returns the client of a document. Changes the document."""

    def __init__(self, document):
        http = google_auth_httplib2.AuthorizedHttp(google.auth.credentials.AnonymousCredentials(), http=_Recorder())
        self.service = googleapiclient.discovery.build_from_document(document, http=http)
        self.resources = {(): self.service}

    def send(self, method, variant, arguments):
        """Returns the request of a call. For arguments with a page, it is that of the next page."""
        # Boundaries of multipart bodies are random numbers.
        random.seed(f"{method.id} {variant} {arguments['media']}")
        with _rejections():
            request = self.request(method, arguments)
            if "page" in arguments:
                # A caller would have sent the request, which changes the request that the next one is made from.
                _sent_by(request.execute)
                following = self.attribute(method.resources, method.name + "_next")
                request = following(previous_request=request, previous_response=arguments["page"])
            return _sent_by(request.execute)

    def send_together(self, key, calls):
        """Returns the request of several methods with their arguments in a batch."""
        random.seed(f"{key} batch")
        with _rejections():
            batch = self.service.new_batch_http_request()
            # The beginning of every Content-ID is random too.
            batch._base_id = uuid.uuid5(uuid.NAMESPACE_URL, key)  # pylint: disable=protected-access
            for method, arguments in calls:
                batch.add(self.request(method, arguments))
            return _sent_by(batch.execute)

    def request(self, method, arguments):
        """Returns the library's request object."""
        media = arguments["media"] or {}
        function = self.attribute(method.resources, method.name + ("_media" if media.get("download") else ""))
        keywords = {key2param(name): value for name, value in (*arguments["path"].items(), *arguments["query"].items())}
        if arguments["body"] is not None:
            keywords["body"] = arguments["body"]
        if "protocol" in media:
            keywords["media_body"] = googleapiclient.http.MediaInMemoryUpload(
                media["data"].encode(), mimetype=media["contentType"], resumable=media["protocol"] == "resumable")
        with _rejections():
            return function(**keywords)

    def attribute(self, resources, name):
        found = getattr(self.resource(resources), fix_method_name(name), None)
        if found is None:
            raise Rejected(f"Missing: Python has no {name}")
        if getattr(found, "__is_resource__", False):
            raise Rejected("Shadowed: in Python the name is that of a resource")
        return found

    def resource(self, names):
        if names not in self.resources:
            parent = self.resource(names[:-1])
            self.resources[names] = getattr(parent, fix_method_name(names[-1]))()
        return self.resources[names]


@contextlib.contextmanager
def _rejections():
    """Treats any exception of the library as a rejection."""
    try:
        yield
    except Rejected:
        raise
    except Exception as problem:
        raise Rejected(f"{type(problem).__name__}: {problem}") from problem


def _sent_by(execute):
    """Returns the request that reaches the recorder."""
    try:
        execute()
    except _Sent as sent:
        return sent.request
    raise Rejected("Silent: nothing was sent")
