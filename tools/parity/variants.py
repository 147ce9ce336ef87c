"""Creates the calls that are recorded for each method, as plain data."""

import typing

import patterns
import values
from draws import draw, pick

NAMES = ("min", "full", "body-only", "std", "hostile", "media", "next")
# A page token with reserved characters, a space, a percent triplet and non-ASCII text, which servers never create.
TOKENS = ("CAE=+/&?#token", "a b%2Fc=é", "~tok;en,:@$!*'()", "100%|日本")
BYTES_TOKENS = ("+/+/aGk=", "5L2g5aW9/w==")

# The type of an upload if a document accepts a family of content types.
CONTENT_TYPES = {"*/*": "text/plain", "image/*": "image/png", "video/*": "video/mp4", "audio/*": "audio/mpeg",
                 "text/*": "text/plain", "message/*": "message/rfc822"}
MEDIA = "media of {}\nsecond line, naïve: 日本\n"
# Python cannot put a non-ASCII message into a multipart body.
MAIL = "From: a@example.com\nTo: b@example.com\nSubject: {}\n\nFrom here on: text.\n"


class Call(typing.NamedTuple):
    variant: str
    arguments: dict  # the recorded arguments
    problem: str = None  # the reason why there is none


def calls(schemas, method, names=NAMES):
    """Returns the calls of a method for some variants, in their order."""
    maker = _Maker(schemas, method)
    for variant in names:
        for make in maker.forms(variant):
            try:
                yield Call(variant, make())
            except patterns.NoText as problem:
                yield Call(variant, maker.arguments({}), str(problem))


class _Maker:
    """Creates the arguments of calls of one method."""

    def __init__(self, schemas, method):
        self.schemas = schemas
        self.method = method
        self.required = [name for name, parameter in method.parameters.items() if parameter.get("required")]
        self.plain_body = None

    def forms(self, variant):
        """Returns a function for each line of the variant."""
        return getattr(self, "forms_" + variant.replace("-", "_"))()

    def forms_min(self):
        yield lambda: self.arguments(self.parameters(self.required))

    def forms_full(self):
        yield lambda: self.arguments(self.parameters(self.method.parameters), self.body())

    def forms_body_only(self):
        if self.method.request:
            yield lambda: self.arguments(self.parameters(self.required), self.body())

    def forms_std(self):
        yield lambda: self.arguments(self.parameters([*self.required, *self.method.api_wide]))

    def forms_hostile(self):
        yield self.hostile

    def hostile(self):
        texts = [name for name, parameter in self.method.parameters.items() if parameter.get("type") == "string"]
        names = sorted({*self.required, *texts})
        body = values.body(self.schemas, self.method.id, self.method.request, nasty=True) if self.method.request else None
        return self.arguments(self.parameters(names, nasty=True), body)

    def forms_media(self):
        # A repeated parameter has one value here and for pages: Python cannot add its own to a URL with more.
        if self.method.upload:
            for protocol, with_body in self.uploads():
                yield lambda protocol=protocol, with_body=with_body: self.arguments(
                    self.parameters(self.required, values_of_each=1), self.body() if with_body else None,
                    self.media(protocol))
        if self.method.download:
            yield lambda: self.arguments(self.parameters(self.required), media={"download": True})

    def uploads(self):
        """Returns the upload protocol, and whether the call has a body."""
        yield "simple", False
        if self.method.request:
            yield "multipart", True
        if "resumable" in self.method.upload.get("protocols", {}):
            yield "resumable", False
            if self.method.request:
                yield "resumable", True

    def media(self, protocol):
        accepted = pick(self.method.upload.get("accept") or ["*/*"], self.method.id, "accept")
        content_type = CONTENT_TYPES.get(accepted, accepted)
        text = MAIL if content_type.startswith("message/") else MEDIA
        return {"protocol": protocol, "contentType": content_type, "data": text.format(self.method.id)}

    def forms_next(self):
        """Adds a call with two values of a repeated parameter, if there is one, because Python rejects it."""
        if not self.method.paging:
            return
        yield lambda: self.page([], 1)
        repeated = [name for name, parameter in self.method.parameters.items() if parameter.get("repeated")]
        if repeated:
            yield lambda: self.page(repeated[:1], 2)

    def page(self, names, values_of_each):
        paging, id = self.method.paging, self.method.id
        names = [*self.required, *names]
        body = self.body()
        go_on = draw(2, id, "existing page token") == 1
        if paging.is_parameter and go_on:
            names.append(paging.in_request)
        elif not paging.is_parameter and not go_on:
            body = {name: value for name, value in body.items() if name != paging.in_request}
        tokens = BYTES_TOKENS if paging.schema.get("format") == "byte" else TOKENS
        page = {paging.in_response: pick(tokens, id, "token")}
        made = self.parameters(names, values_of_each=values_of_each)
        blank = self.may_be_blank()
        if blank and draw(4, id, "a blank parameter") == 0:
            made.setdefault(blank, "")
        return self.arguments(made, body, page=page)

    def may_be_blank(self):
        """Returns the name of a parameter that accepts an empty text; None if there is none."""
        free = (name for name, parameter in sorted(self.method.parameters.items())
                if parameter.get("type") == "string" and parameter.get("location") == "query"
                and not {"enum", "pattern", "format", "repeated", "required"} & parameter.keys())
        return next((name for name in free if name != self.method.paging.in_request), None)

    def body(self):
        """Returns the ordinary body, made once; None if the method has none."""
        if self.method.request and self.plain_body is None:
            self.plain_body = values.body(self.schemas, self.method.id, self.method.request)
        return self.plain_body

    def parameters(self, names, nasty=False, values_of_each=2):
        known = {**self.method.api_wide, **self.method.parameters}
        made = {name: values.parameter(self.method.id, name, known[name], nasty) for name in sorted(set(names))}
        return {name: value[:values_of_each] if isinstance(value, list) else value for name, value in made.items()}

    def arguments(self, parameters, body=None, media=None, page=None):
        known = self.method.parameters
        in_path = {name for name in parameters if name in known and known[name].get("location") == "path"}
        made = {"path": {name: parameters[name] for name in parameters if name in in_path},
                "query": {name: parameters[name] for name in parameters if name not in in_path},
                "body": body, "media": media}
        return made if page is None else {**made, "page": page}
