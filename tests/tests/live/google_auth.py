#!/usr/bin/env python3
"""Gets a token with google-auth, Google's library for Python, and sends a request with it.

    google_auth.py FLOW [FILE]    runs one of FLOWS with a credentials file
    google_auth.py ready          installs the library if necessary

Prints the HTTP status of the response, or `error: ` and the name of the exception. The environment names the server:
HTTPS_PROXY and REQUESTS_CA_BUNDLE, and GCE_METADATA_HOST and GCE_METADATA_IP.
"""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools" / "parity"))

import environment  # noqa: E402

LIBRARY = ROOT / "target" / "live" / "google-auth"
PACKAGES = ["google-auth==2.63.0", "requests==2.34.2", "cryptography==50.0.2", "urllib3==2.8.0"]
OWN_ENVIRONMENT = "GAPI_GOOGLE_AUTH"

AUTH = "https://www.googleapis.com/auth/"
CLOUD = [AUTH + "cloud-platform"]
GMAIL = [AUTH + "gmail.readonly"]
USER = "user@example.com"
ROBOT = "robot@p.iam.gserviceaccount.com"
DELEGATE = "projects/-/serviceAccounts/delegate@p.iam.gserviceaccount.com"
SPANNER_URL = "https://spanner.googleapis.com/v1/projects/p/instances/i/operations/o"
GMAIL_URL = "https://gmail.googleapis.com/gmail/v1/users/me/messages"


def key(file, scopes, **options):
    from google.oauth2 import service_account
    return service_account.Credentials.from_service_account_file(file, scopes=scopes, **options)


def user(file, scopes=None):
    from google.oauth2 import credentials
    return credentials.Credentials.from_authorized_user_file(file, scopes)


def file_of_any_kind(file, scopes):
    import google.auth
    return google.auth.load_credentials_from_file(file, scopes=scopes)[0]


def default(scopes):
    import google.auth
    return google.auth.default(scopes=scopes)[0]


def impersonated(source, scopes, **options):
    from google.auth import impersonated_credentials
    return impersonated_credentials.Credentials(source, ROBOT, scopes, **options)


# The name of a flow, its credentials, and the URL of its request.
FLOWS = {
    "key": (lambda file: key(file, CLOUD), SPANNER_URL),
    "self-signed": (lambda file: key(file, CLOUD, always_use_jwt_access=True), SPANNER_URL),
    "subject": (lambda file: key(file, GMAIL, subject=USER), GMAIL_URL),
    "user": (user, SPANNER_URL),
    "user-scopes": (lambda file: user(file, GMAIL), GMAIL_URL),
    "file": (lambda file: file_of_any_kind(file, CLOUD), SPANNER_URL),
    "default": (lambda _: default(CLOUD), SPANNER_URL),
    "impersonated": (lambda file: impersonated(user(file), CLOUD, delegates=[DELEGATE], lifetime=600), SPANNER_URL),
    "keyless": (lambda _: impersonated(default(CLOUD), GMAIL, subject=USER), GMAIL_URL),
    "keyless-user": (lambda file: impersonated(user(file), GMAIL, subject=USER, delegates=[DELEGATE]), GMAIL_URL),
}


def enter():
    """Restarts the program with only the private library. Installs it if necessary."""
    if os.environ.get(OWN_ENVIRONMENT):
        return
    mark = LIBRARY / "contents.txt"
    wanted = "\n".join([sys.version, *PACKAGES])
    if not mark.exists() or mark.read_text() != wanted:
        environment.install(PACKAGES, LIBRARY, mark.name, wanted)
    own = {**os.environ, "PYTHONPATH": str(LIBRARY), OWN_ENVIRONMENT: "1"}
    os.execve(sys.executable, [sys.executable, "-S", *sys.argv], own)


def main():
    enter()
    flow, *files = sys.argv[1:]
    if flow == "ready":
        return
    import google.auth.exceptions
    from google.auth.transport.requests import AuthorizedSession
    credentials_of, url = FLOWS[flow]
    try:
        session = AuthorizedSession(credentials_of(files[0] if files else None))
        print(session.get(url, timeout=30).status_code)
    except google.auth.exceptions.GoogleAuthError as error:
        print(f"error: {type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
