"""Several calls of a document in one request."""


def lines(library, document, methods):
    return ()
