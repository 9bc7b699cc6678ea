"""The contract, OpenAPI 3.0, from what the operations promise."""

import re
from collections.abc import Mapping
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, build_basic_type
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from dossiers.feed.values import REFERENCE
from tnw.integration.rest.examples import link_of
from tnw.integration.rest.names import camel
from tnw.integration.rest.operation import Operation
from tnw.integration.rest.problem import KINDS
from tnw.integration.rest.resource import MERGE_PATCH
from tnw.integration.rest.shape import Link, Many, Shape

SECURITY = "clientCredentials"
_PROBLEM = {"$ref": "#/components/responses/Problem"}
# The header that every answer carries, whatever it is.
_TRACE = {"BelGov-Trace-Id": {"$ref": "#/components/headers/BelGovTraceId"}}


class Schema(AutoSchema):
    """What the generator asks about a method, answered from its operation alone."""

    @property
    def declared(self) -> Operation:
        return getattr(self.view, self.method.lower()).operation

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        self.path, self.path_regex, self.path_prefix = path, path_regex, path_prefix
        self.method, self.registry = method, registry
        if not hasattr(getattr(self.view, method.lower()), "operation"):
            return None
        one = self.declared
        told: dict[str, Any] = {
            "operationId": one.id,
            "summary": one.summary,
            "tags": [getattr(self.view, "tag", "")],
            "parameters": [*self._places(path), *self._parameters(), *self._headers()],
            "responses": self._responses(),
        }
        if description := self._description():
            told["description"] = description
        if one.takes or one.body:
            told["requestBody"] = self._body()
        told["security"] = [] if one.public else [{SECURITY: [f"scope:tnw:{one.scope}"]}]
        return told

    def _description(self) -> str:
        one = self.declared
        parts = [one.description]
        if not one.public:
            whose = {(True, False): "A fund's client.", (False, True): "A regional service's client."}
            parts.append(whose.get((one.fund, one.partner), "A fund's client, or a regional service's."))
        if one.problems:
            named = ", ".join(f"`{kind}` ({KINDS[kind].status})" for kind in one.problems)
            parts.append(f"Problems of its own: {named}.")
        return without_rules(" ".join(part for part in parts if part))

    def _places(self, path: str) -> list[dict[str, Any]]:
        return [
            {"in": "path", "name": camel(name), "required": True, "schema": _place(camel(name))}
            for name in re.findall(r"{(\w+)}", path)
        ]

    def _parameters(self) -> list[dict[str, Any]]:
        one = self.declared
        if one.query is None:
            return []
        found = []
        for name, field in one.query().fields.items():
            schema = self._map_serializer_field(field, "request")
            self._limit(field, schema)
            told: dict[str, Any] = {"in": "query", "name": name, "schema": schema}
            if isinstance(field, Many):
                told |= {"explode": True, "style": "form"}
                schema.setdefault("maxItems", 50)
            if field.required:
                told["required"] = True
            if text := schema.pop("description", field.help_text):
                told["description"] = str(text)
            found.append(told)
        return found

    def _headers(self) -> list[dict[str, Any]]:
        one = self.declared
        names = ["AcceptLanguage", "BelGovRelatedTraceId"]
        if one.step or self.method == "PATCH":
            names.append("IfMatch")
        if one.creates or one.accepts:
            names.append("IdempotencyKey")
        if self._tagged() and self.method == "GET":
            names.append("IfNoneMatch")
        shared = [] if one.public else [{"$ref": f"#/components/parameters/{name}"} for name in names]
        text = {"type": "string", "maxLength": 200}
        own = [
            {"in": "header", "name": name, "description": description, "schema": text}
            for name, description in one.headers.items()
        ]
        return [*shared, *own]

    def _tagged(self) -> bool:
        one = self.declared
        gives = one.gives or one.gives_media_type != "application/json"
        return bool(gives) and not one.many and not one.public and self.method != "POST"

    def _body(self) -> dict[str, Any]:
        one = self.declared
        if one.takes is None:
            return {"required": True, "content": dict(one.body or {})}
        media = MERGE_PATCH if self.method == "PATCH" else one.media_type
        name = one.takes.__name__
        schema = self._component(one.takes, "request", f"{name}Patch" if self.method == "PATCH" else name)
        told: dict[str, Any] = {"schema": schema}
        if one.example is not None:
            told["example"] = one.example
        return {"required": True, "content": {media: told}}

    def _responses(self) -> dict[str, Any]:
        one = self.declared
        status = "201" if one.creates else "202" if one.accepts else "200" if one.gives else "204"
        headers = dict(_TRACE)
        if one.creates or one.accepts:
            headers["Location"] = {"$ref": "#/components/headers/Location"}
        if (one.gives and not one.many and not one.public) or self._tagged():
            headers["ETag"] = {"$ref": "#/components/headers/ETag"}
        told: dict[str, Any] = {"description": _DONE[status], "headers": headers}
        if one.gives is not None:
            shape = self._component(one.gives, "response", one.gives.__name__)
            if one.many:
                shape = self._list_of(one.gives, shape, one.beside)
            content: dict[str, Any] = {"schema": shape}
            if one.answer_example is not None:
                content["example"] = one.answer_example
            told["content"] = {one.gives_media_type: content}
        elif one.gives_media_type != "application/json":
            told["content"] = {one.gives_media_type: {"schema": {"type": "string", "format": "binary"}}}
            status, told["description"] = "200", _DONE["200"]
        answers = {status: told}
        if one.upserts:
            more = {**headers, "Location": {"$ref": "#/components/headers/Location"}}
            answers["201"] = {**told, "description": _DONE["201"], "headers": more}
        if one.see_other:
            answers["303"] = {
                "description": "It is done: what came of it is at Location.",
                "headers": {**_TRACE, "Location": {"$ref": "#/components/headers/Location"}},
            }
        if self._tagged() and self.method == "GET":
            answers["304"] = {"description": "Not changed since If-None-Match.", "headers": dict(_TRACE)}
        if one.unavailable:
            answers["503"] = {**told, "description": _DONE["503"]}
        return {**answers, "default": _PROBLEM}

    # --- components

    def _list_of(
        self, shape: type[Shape], item: dict[str, Any], beside: type[Shape] | None
    ) -> dict[str, Any]:
        name = f"{shape.__name__}List"
        link = {"type": "string", "format": "uri"}
        component = ResolvedComponent(
            name=name,
            type=ResolvedComponent.SCHEMA,
            object=shape,
            schema={
                "type": "object",
                "properties": {
                    "items": {"type": "array", "items": item, "maxItems": 100},
                    "total": {
                        "type": "integer",
                        "minimum": 0,
                        "description": "Left out where it is not counted.",
                    },
                    **dict.fromkeys(("self", "first", "prev", "next", "last"), link),
                },
                "required": ["items", "self"],
            },
        )
        if beside is not None:
            summary = self._component(beside, "response", beside.__name__)
            component.schema["properties"]["summary"] = summary
        self.registry.register_on_missing(component)
        return component.ref

    def _component(self, shape: type[Shape], direction: str, name: str) -> dict[str, Any]:
        component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, object=(shape, name))
        if component not in self.registry:
            self.registry.register(component)
            component.schema = self._object(shape(), direction, patch=name.endswith("Patch"))
        return component.ref

    def _object(self, shape: Shape, direction: str, *, patch: bool = False) -> dict[str, Any]:
        properties, required = {}, []
        for name, field in shape.fields.items():
            if (direction == "request" and field.read_only) or (direction == "response" and field.write_only):
                continue
            properties[name] = self._property(field, direction, nullable=patch and field.allow_null)
            if not patch and (field.required or isinstance(field, Link)):
                required.append(name)
        told: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        if direction == "response":
            # What may be added to an answer later breaks nobody; to a call, nothing unknown is added.
            told.pop("additionalProperties")
        if required:
            told["required"] = required
        if text := (type(shape).__doc__ or "").strip():
            told["description"] = without_rules(text)
        return told

    def _limit(self, field: Any, schema: dict[str, Any]) -> None:
        """What the field refuses: too long, too large, empty."""
        self._insert_field_validators(field, schema)
        if (
            isinstance(field, serializers.CharField)
            and not field.allow_blank
            and schema.get("type") == "string"
        ):
            schema.setdefault("minLength", 1)

    def _property(self, field: Any, direction: str, *, nullable: bool = False) -> dict[str, Any]:
        if isinstance(field, Link):
            noun = type(field.parent).__name__
            link = link_of(field.path, noun[:1].lower() + noun[1:])
            schema: dict[str, Any] = {"type": "string", "format": "uri", "example": link}
        elif isinstance(field, Shape):
            schema = self._component(type(field), direction, type(field).__name__)
        elif isinstance(field, (serializers.ListSerializer, serializers.ListField)):
            schema = {"type": "array", "items": self._property(field.child, direction)}
            if most := getattr(field, "max_length", None):
                schema["maxItems"] = most
        else:
            schema = self._map_serializer_field(field, direction)
            self._limit(field, schema)
            schema.pop("readOnly", None)
            schema.pop("writeOnly", None)
            schema.pop("nullable", None)
        if text := str(field.help_text or ""):
            schema = (
                {"allOf": [schema], "description": text}
                if "$ref" in schema
                else {**schema, "description": text}
            )
        if nullable and "type" in schema:
            schema = {**schema, "nullable": True}
        return schema


def without_rules(text: str) -> str:
    """A docstring as an integrator reads it: on one line, without the ids of our rules."""
    return re.sub(r" \((?:[A-Z]{1,2}\d+(?:, | to | and )?)+\)", "", " ".join(text.split()))


_DONE = {
    "503": "It cannot work now.",
    "200": "Done.",
    "201": "Made.",
    "202": "Taken in: the work goes on.",
    "204": "Done, with nothing to say.",
}


def _place(name: str) -> Mapping[str, Any]:
    return PLACES.get(name, {**build_basic_type(OpenApiTypes.UUID)})  # type: ignore[dict-item]


# Places in a path that are no UUID.
PLACES: dict[str, dict[str, Any]] = {
    "incapacityId": {
        "type": "string",
        "pattern": f"^{REFERENCE.pattern}$",
        "description": "The fund's own key of the incapacity; never the number of a person.",
        "example": "2026-000123",
    },
    "resultId": {
        "type": "integer",
        "minimum": 1,
        "maximum": 2_147_483_647,
        "description": "The number of its line.",
    },
}
