"""Pages as they are rendered, read like a person without a mouse, style or script would: links, and one form."""

from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Any

Attributes = dict[str, str | None]


@dataclass
class Form:
    """A form: what it holds, what each field can hold (any text where nothing is listed), and its first button."""

    action: str
    holds: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    button: Attributes | None = None

    def filled(self, told: dict[str, Any]) -> dict[str, str]:
        """With this typed in it and its button pressed; only what stands there can be."""
        assert self.button is not None, "no button"
        data = dict(self.holds)
        for name, value in told.items():
            assert name in self.options, f"no field {name}"
            assert value is not False or name in data
            text = value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)
            text = self.options[name][0] if value is True else text
            assert not self.options[name] or text in self.options[name], f"{name} cannot be {text}"
            data[name] = text
        return data | {name: value or "" for name, value in [_named(self.button)] if name}


def _named(tag: Attributes) -> tuple[str, str | None]:
    return tag.get("name") or "", tag.get("value")


class Page(HTMLParser):
    """The links of the main part, and the form in which something is recorded."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.form: Form | None = None
        self._open = self._done = self._shut = False
        self._of = ""  # the text or list that is being read
        self._main = False
        self.feed(text)

    def link(self, wanted: str) -> str:
        """Where the first button or link leads that goes there."""
        found = next((one for one in self.links if wanted in one), "")
        assert found, f"{wanted} is not offered"
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        if tag == "main":
            self._main = True
        elif tag == "a" and self._main and of.get("href"):
            self.links.append(of["href"] or "")
        elif (
            tag == "form"
            and self._main
            and not self._done
            and ("data-draft" in of or of.get("id") == "decision")
        ):
            self.form, self._open = Form(of.get("action") or ""), True
        elif tag == "fieldset" and "disabled" in of:
            self._shut = True
        elif self._open and self.form and not self._shut and "disabled" not in of:
            self._field(self.form, tag, of)

    def _field(self, form: Form, tag: str, of: Attributes) -> None:
        name, value = _named(of)
        kind = of.get("type") or "text"
        if tag == "button" and kind == "submit":
            form.button = form.button or of
        elif tag == "input" and kind in ("radio", "checkbox"):
            form.options.setdefault(name, []).append(value or "on")
            if "checked" in of:
                form.holds[name] = value or "on"
        elif tag == "input":
            form.options[name] = []
            form.holds[name] = value or ""
        elif tag in ("textarea", "select"):
            self._of = name
            form.options[name] = []
            form.holds[name] = ""
        elif tag == "option":
            form.options[self._of].append(value or "")
            if "selected" in of or len(form.options[self._of]) == 1:
                form.holds[self._of] = value or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._main = False
        elif tag == "fieldset":
            self._shut = False
        elif tag in ("textarea", "select"):
            self._of = ""
        elif tag == "form" and self._open:
            self._open, self._done = False, True

    def handle_data(self, data: str) -> None:
        if self._open and self.form and self._of and not self.form.options[self._of]:
            self.form.holds[self._of] += data
