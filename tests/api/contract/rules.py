"""The rules of the federal REST guide that shared/api.md lists, each a function from a document to what breaks it."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from tests.api.contract.walking import (
    Document,
    answers,
    contents,
    fitting,
    operations,
    parameters,
    schemas,
    segments,
    singular,
    target,
)
from tnw.integration.rest.problem import MEDIA_TYPE

Rule = Callable[[Document], Iterator[str]]
RULES: dict[str, Rule] = {}

CAMEL = re.compile(r"[a-z][a-z0-9]*([A-Z0-9][a-z0-9]*)*\Z")
UPPER_CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
KEBAB = re.compile(r"[A-Z][A-Za-z0-9]*(-[A-Z][A-Za-z0-9]*)*\Z")
NEVER = {
    "get": {"201", "202", "204", "409", "412", "413"},
    "post": {"304"},
    "put": {"202", "304"},
    "patch": {"201", "202", "304"},
    "delete": {"201", "202", "304", "413"},
}
MERGE_PATCH = "application/merge-patch+json"
# Not collections: what the guide itself names so, and asking with a body.
SINGULAR = {"health", "refData", "query", "figures", "status", "result", "fund", "explanation", "content"}
PERSONAL = re.compile(r"ssin|niss|insz|name\Z|firstName|email|phone|birth", re.IGNORECASE)


def rule(function: Rule) -> Rule:
    RULES[function.__name__] = function
    return function


@rule
def status_codes_per_method(document: Document) -> Iterator[str]:
    for path, method, one in operations(document):
        yield from (f"{method} {path}: {status}" for status in one["responses"] if status in NEVER[method])


@rule
def camel_case(document: Document) -> Iterator[str]:
    """Of paths, parameters, properties and codes; health has the codes that the guide gives it."""
    for path in document["paths"]:
        yield from (part for part in segments(path) if not CAMEL.match(part.strip("{}")))
    for where, one in parameters(document):
        if one["in"] != "header" and not CAMEL.match(one["name"]):
            yield where
    for where, schema in schemas(document):
        yield from (f"{where}.{name}" for name in schema.get("properties", {}) if not CAMEL.match(name))
        if not where.startswith("HealthStatus"):
            codes = (code for code in schema.get("enum", ()) if isinstance(code, str))
            yield from (f"{where}: {code}" for code in codes if not CAMEL.match(code))


@rule
def plural_paths(document: Document) -> Iterator[str]:
    for path in document["paths"]:
        parts = segments(path)
        for part in parts:
            if (
                not part.startswith("{")
                and part not in SINGULAR
                and not part.endswith("s")
                and part != "adaptedWork"
            ):
                yield f"{path}: {part}"


@rule
def no_slash_at_the_end_and_no_extension(document: Document) -> Iterator[str]:
    yield from (path for path in document["paths"] if path.endswith("/") or "." in path or "//" in path)


@rule
def address_of_the_server(document: Document) -> Iterator[str]:
    """The major version stands in the path, and nowhere else; nothing follows it."""
    for server in document.get("servers") or [{"url": ""}]:
        if not re.fullmatch(
            r"(https?://[a-z0-9.:-]+)?/[a-z][A-Za-z0-9]*(/[a-z][A-Za-z0-9]*)*/v[1-9]\d*", server["url"]
        ):
            yield server["url"]


@rule
def nullable_in_a_merge_patch_only(document: Document) -> Iterator[str]:
    patched = {
        content["schema"].get("$ref", "").rpartition("/")[2]
        for _where, media, content in contents(document)
        if media == MERGE_PATCH
    }
    parts = document["components"]["schemas"]
    for name in list(patched):  # what stands in it is patched too
        patched |= set(re.findall(r"#/components/schemas/(\w+Patch)\b", str(parts.get(name))))
    for where, schema in schemas(document):
        if schema.get("nullable") and where.split(".")[0].split("[")[0] not in patched:
            yield where


@rule
def what_is_read_only_is_not_required(document: Document) -> Iterator[str]:
    for where, schema in schemas(document):
        for name in schema.get("required", ()):
            if schema.get("properties", {}).get(name, {}).get("readOnly"):
                yield f"{where}.{name}"


@rule
def ids_in_paths(document: Document) -> Iterator[str]:
    """A place bears the name of what is there: `/dossiers/{dossierId}`."""
    for path in document["paths"]:
        parts = segments(path)
        for before, part in pairwise(parts):
            if part.startswith("{"):
                noun = singular(before)
                if part.strip("{}") not in (
                    f"{noun}Id",
                    f"{noun}Code",
                    "code",
                    "language",
                    "role",
                    "version",
                ):
                    yield f"{path}: {part}"
        if parts and parts[0].startswith("{"):
            yield path


@rule
def components_in_upper_camel_case(document: Document) -> Iterator[str]:
    for kind, named in document["components"].items():
        if kind != "securitySchemes":
            yield from (f"{kind}: {name}" for name in named if not UPPER_CAMEL.match(name))


@rule
def headers_in_kebab_case(document: Document) -> Iterator[str]:
    yield from (
        where for where, one in parameters(document) if one["in"] == "header" and not KEBAB.match(one["name"])
    )
    for where, status, answer in answers(document):
        yield from (
            f"{where} {status}: {name}" for name in answer.get("headers", {}) if not KEBAB.match(name)
        )


@rule
def what_repeats_has_a_singular_name(document: Document) -> Iterator[str]:
    for where, one in parameters(document):
        if one["in"] == "query" and one["schema"].get("type") == "array":
            if one["name"].endswith("s") and not one["name"].endswith("ss") and one["name"] != "status":
                yield where
            if not one.get("explode", True) or one.get("style", "form") != "form":
                yield f"{where}: repeats as name=a&name=b"


@rule
def shape_of_a_collection(document: Document) -> Iterator[str]:
    """`items` with an absolute `href` each, `total`, `self`, and the neighbours; by page or by mark, at most 100."""
    for path, method, one in operations(document):
        for media, content in target(document, one["responses"].get("200", {})).get("content", {}).items():
            schema = target(document, content["schema"])
            if method != "get" or media != "application/json" or "items" not in schema.get("properties", {}):
                continue
            told = schema["properties"]
            if not {"self", "total", "first", "prev", "next"} <= set(told) or "self" not in schema.get(
                "required", ()
            ):
                yield f"{path}: what a list tells of itself"
            item = target(document, told["items"].get("items", {}))
            if "href" not in item.get("properties", {}) or item["properties"]["href"].get("format") != "uri":
                yield f"{path}: an item without an href"
            found = {p["name"]: p["schema"] for p in (target(document, p) for p in one["parameters"])}
            size = found.get("pageSize", {})
            if (
                size.get("maximum") != 100
                or size.get("default") != 20
                or not found.keys() & {"page", "cursor"}
            ):
                yield f"{path}: its pages"


@rule
def a_plural_address_gives_a_collection(document: Document) -> Iterator[str]:
    for path, method, one in operations(document):
        last = segments(path)[-1]
        if method != "get" or last.startswith("{") or last in SINGULAR:
            continue
        content = (
            target(document, one["responses"].get("200", {})).get("content", {}).get("application/json", {})
        )
        if "items" not in target(document, content.get("schema", {})).get("properties", {}):
            yield path


@rule
def an_object_at_the_top(document: Document) -> Iterator[str]:
    for where, media, content in contents(document):
        if media.endswith("json") and target(document, content.get("schema", {})).get("type") != "object":
            yield f"{where} {media}"


@rule
def a_media_type_has_a_schema(document: Document) -> Iterator[str]:
    yield from (
        f"{where} {media}" for where, media, content in contents(document) if not content.get("schema")
    )


@rule
def whether_a_body_is_required(document: Document) -> Iterator[str]:
    """Is said; and what only reads or deletes has none."""
    for path, method, one in operations(document):
        if "requestBody" not in one:
            continue
        if not isinstance(one["requestBody"].get("required"), bool) or method in ("get", "delete"):
            yield f"{method} {path}"


@rule
def health_is_there(document: Document) -> Iterator[str]:
    one = document["paths"].get("/health", {}).get("get")
    if one is None or one.get("security") != []:
        yield "/health"


@rule
def every_operation_answers_with_a_problem_else(document: Document) -> Iterator[str]:
    for path, method, one in operations(document):
        content = target(document, one["responses"].get("default", {})).get("content", {})
        if content.get(MEDIA_TYPE, {}).get("schema") != {"$ref": "#/components/schemas/Problem"}:
            yield f"{method} {path}"


@rule
def errors_are_problems_and_nothing_else_is(document: Document) -> Iterator[str]:
    for where, status, answer in answers(document):
        problem = status == "default" or status[0] in "45"
        for media in answer.get("content", {}):
            # What says that it cannot work is health itself, and no problem.
            if problem != (media == MEDIA_TYPE) and not (where == "get /health" and status == "503"):
                yield f"{where} {status}: {media}"


@rule
def required_properties_exist(document: Document) -> Iterator[str]:
    for where, schema in schemas(document):
        yield from (
            f"{where}.{name}"
            for name in schema.get("required", ())
            if name not in schema.get("properties", {})
        )


@rule
def scopes_are_declared(document: Document) -> Iterator[str]:
    """Whatever is not public asks for exactly one that the security scheme has."""
    known = {
        name: set(scheme["flows"]["clientCredentials"]["scopes"])
        for name, scheme in document["components"]["securitySchemes"].items()
    }
    for path, method, one in operations(document):
        asked = one.get("security")
        if path == "/health" and asked == []:
            continue
        pairs = [(name, scope) for which in asked or () for name, scopes in which.items() for scope in scopes]
        if len(pairs) != 1 or pairs[0][1] not in known.get(pairs[0][0], ()):
            yield f"{method} {path}: {asked}"
        elif not re.fullmatch(r"scope:tnw:[a-z][A-Za-z]*:(read|write)", pairs[0][1]):
            yield f"{method} {path}: {pairs[0][1]}"


@rule
def one_known_tag_with_a_capital(document: Document) -> Iterator[str]:
    known = {tag["name"] for tag in document.get("tags", ())}
    yield from (name for name in known if not name[:1].isupper())
    for path, method, one in operations(document):
        if len(one.get("tags", ())) != 1 or one["tags"][0] not in known:
            yield f"{method} {path}"


@rule
def one_operation_id_each(document: Document) -> Iterator[str]:
    seen: set[str] = set()
    for path, method, one in operations(document):
        if (
            not CAMEL.match(one.get("operationId", ""))
            or one["operationId"] in seen
            or not one.get("summary")
        ):
            yield f"{method} {path}"
        seen.add(one.get("operationId", ""))


@rule
def nothing_personal_in_an_address_or_header(document: Document) -> Iterator[str]:
    yield from (where for where, one in parameters(document) if PERSONAL.search(one["name"]))


@rule
def what_changes_names_the_version_and_what_creates_a_key(document: Document) -> Iterator[str]:
    """If-Match on every PATCH; Idempotency-Key on every POST that creates; a Location with 201 and 202."""
    for path, method, one in operations(document):
        headers = {found["name"] for found in (target(document, p) for p in one["parameters"])}
        made = {"201", "202"} & set(one["responses"])
        if (method == "patch" and "If-Match" not in headers) or (
            method == "post" and made and "Idempotency-Key" not in headers
        ):
            yield f"{method} {path}"
        yield from (
            f"{method} {path} {status}"
            for status in made
            if "Location" not in one["responses"][status]["headers"]
        )


@rule
def every_answer_bears_a_trace(document: Document) -> Iterator[str]:
    for where, status, answer in answers(document):
        if "BelGov-Trace-Id" not in answer.get("headers", {}):
            yield f"{where} {status}"


@rule
def examples_codes_and_defaults_fit(document: Document) -> Iterator[str]:
    fits = fitting(document)
    for where, schema in schemas(document):
        told = [*schema.get("enum", ()), *(schema[word] for word in ("default", "example") if word in schema)]
        yield from (f"{where}: {value}" for value in told if not fits(schema, value))
    for where, media, content in contents(document):
        if "example" in content and not fits(content["schema"], content["example"]):
            yield f"{where} {media}: {content['example']}"


@rule
def every_operation_has_an_example(document: Document) -> Iterator[str]:
    """Of whatever goes in and out as JSON or text; of a file there is none."""
    for where, media, content in contents(document):
        if content.get("schema", {}).get("format") != "binary" and "example" not in content:
            yield f"{where} {media}"
