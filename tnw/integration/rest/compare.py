"""What would break a caller: the contract as it was released, held against the contract as it is now.

Additions break nobody: operations, optional parameters and properties, answers that say more, codes that a caller has
not seen before (docs/api-changes.md asks callers to live with those). Whatever else changes waits for the next major
version.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]
# Limits by the way that narrows them: a smaller largest, a larger smallest.
_LARGEST = ("maximum", "maxLength", "maxItems")
_SMALLEST = ("minimum", "minLength", "minItems")


def breaking(old: Document, new: Document) -> list[str]:
    """What was promised in `old` and does not hold in `new`, a sentence each."""
    return list(_Comparison(old, new).of_all())


def version_of(document: Document) -> tuple[int, ...]:
    """`1.2.0` as (1, 2, 0)."""
    return tuple(int(part) for part in document["info"]["version"].split("."))


class _Comparison:
    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new
        # Pairs of components that were compared: they may refer to themselves.
        self.done: set[tuple[str, str, bool]] = set()

    def of_all(self) -> Iterator[str]:
        for path, methods in self.old["paths"].items():
            for method, operation in methods.items():
                where = f"{method.upper()} {path}"
                now = self.new["paths"].get(path, {}).get(method)
                if now is None:
                    yield f"{where}: is gone"
                    continue
                yield from self._operation(where, operation, now)

    def _operation(self, where: str, old: Any, new: Any) -> Iterator[str]:
        for name in ("operationId", "security"):
            if old.get(name) != new.get(name):
                yield f"{where}: another {'scope' if name == 'security' else name}"
        yield from self._parameters(where, old, new)
        yield from self._body(where, old.get("requestBody"), new.get("requestBody"))
        for status, answer in old["responses"].items():
            if status not in new["responses"]:
                yield f"{where}: no answer {status} any more"
                continue
            now = new["responses"][status]
            yield from self._answer(f"{where} {status}", _at(self.old, answer), _at(self.new, now))
        for status in new["responses"]:
            if status not in old["responses"] and status.startswith("2"):
                yield f"{where}: a success {status} that nobody expects"

    def _parameters(self, where: str, old: Any, new: Any) -> Iterator[str]:
        before, after = self._named(self.old, old), self._named(self.new, new)
        for key, one in before.items():
            at = f"{where}: {key[0]} parameter {key[1]}"
            if key not in after:
                yield f"{at} is refused"
                continue
            if after[key].get("required") and not one.get("required"):
                yield f"{at} became required"
            yield from self._schema(at, one["schema"], after[key]["schema"], asked=True)
        for key, one in after.items():
            if key not in before and one.get("required"):
                yield f"{where}: {key[0]} parameter {key[1]} is new and required"

    def _named(self, document: Document, operation: Any) -> dict[tuple[str, str], Any]:
        found = (_at(document, one) for one in operation.get("parameters", ()))
        return {(one["in"], one["name"]): one for one in found}

    def _body(self, where: str, old: Any, new: Any) -> Iterator[str]:
        if old is None:
            if new is not None and new.get("required"):
                yield f"{where}: a body is required now"
            return
        if new is None:
            yield f"{where}: no body is taken any more"
            return
        if new.get("required") and not old.get("required"):
            yield f"{where}: the body became required"
        yield from self._contents(f"{where}: body", old["content"], new["content"], asked=True)

    def _answer(self, where: str, old: Any, new: Any) -> Iterator[str]:
        for name in old.get("headers", {}):
            if name not in new.get("headers", {}):
                yield f"{where}: the header {name} is gone"
        yield from self._contents(where, old.get("content", {}), new.get("content", {}), asked=False)

    def _contents(self, where: str, old: Any, new: Any, *, asked: bool) -> Iterator[str]:
        for media, content in old.items():
            if media not in new:
                yield f"{where}: {media} is gone"
            else:
                yield from self._schema(where, content["schema"], new[media]["schema"], asked=asked)

    # --- schemas: `asked` is what comes in, where less may be demanded; else what goes out, where more may be told

    def _schema(self, where: str, old: Any, new: Any, *, asked: bool) -> Iterator[str]:
        pair = (_name(old), _name(new), asked)
        if pair[0] and pair in self.done:
            return
        self.done.add(pair)
        old, new = _at(self.old, old), _at(self.new, new)
        for word in ("type", "format", "pattern"):
            if old.get(word) != new.get(word) and not (asked and word == "pattern" and word not in new):
                yield f"{where}: another {word}"
        if "type" in old and old["type"] != new.get("type"):
            return
        yield from self._codes(where, old, new, asked=asked)
        if asked:
            yield from self._limits(where, old, new)
        if asked and old.get("nullable") and not new.get("nullable"):
            yield f"{where}: null is refused"
        if not asked and new.get("nullable") and not old.get("nullable"):
            yield f"{where}: may be null"
        yield from self._properties(where, old, new, asked=asked)
        if "items" in old and "items" in new:
            yield from self._schema(f"{where}[]", old["items"], new["items"], asked=asked)

    def _codes(self, where: str, old: Any, new: Any, *, asked: bool) -> Iterator[str]:
        if "enum" in old:
            gone = [code for code in old["enum"] if code not in new.get("enum", old["enum"])]
            if gone:
                yield f"{where}: without {', '.join(map(str, gone))}"
        elif asked and "enum" in new:
            yield f"{where}: only certain codes"
        if asked and "default" in old and old["default"] != new.get("default"):
            yield f"{where}: another default"

    def _limits(self, where: str, old: Any, new: Any) -> Iterator[str]:
        for word in _LARGEST:
            if word in new and (word not in old or new[word] < old[word]):
                yield f"{where}: a smaller {word}"
        for word in _SMALLEST:
            if word in new and new[word] > old.get(word, new[word] - 1 if word == "minimum" else 0):
                yield f"{where}: a larger {word}"

    def _properties(self, where: str, old: Any, new: Any, *, asked: bool) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name, one in before.items():
            if name not in after:
                yield f"{where}.{name}: {'is refused' if asked else 'is gone'}"
            else:
                yield from self._schema(f"{where}.{name}", one, after[name], asked=asked)
        must, now = set(old.get("required", ())), set(new.get("required", ()))
        if asked:
            yield from (f"{where}.{name}: is required" for name in sorted(now - must))
        else:
            gone = sorted(name for name in must - now if name in after)
            yield from (f"{where}.{name}: may be left out" for name in gone)


def _name(value: Any) -> str:
    return str(value.get("$ref", "")) if isinstance(value, Mapping) else ""


def _at(document: Document, value: Any) -> Any:
    """What a reference refers to, that around a description too."""
    while isinstance(value, Mapping):
        if "$ref" in value:
            found: Any = document
            for name in value["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            value = found
        elif len(value.get("allOf", ())) == 1 and "type" not in value:
            value = value["allOf"][0]
        else:
            break
    return value
