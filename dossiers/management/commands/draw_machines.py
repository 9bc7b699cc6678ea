"""`manage.py draw_machines`: every state machine as a drawing and a table, from the code that runs."""

import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from dossiers.machines import machines
from dossiers.models.machine import Machine

FOLDER = Path(settings.BASE_DIR) / "docs" / "machines"
NONE = "[*]"
HOW = """<!-- Drawn by `manage.py draw_machines`: change the machine, then draw it again. -->"""


class Way(NamedTuple):
    """From some states to some: by which transition, made by which facts, and whether more is asked than the state."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    transition: str
    facts: tuple[str, ...]
    conditional: bool


class Command(BaseCommand):
    help = "Draws every state machine from the code into docs/machines; --check changes nothing and fails where they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare")
        parser.add_argument("--folder", type=Path, default=FOLDER, help="where the pages stand")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        pages = drawn()
        there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
        differing = sorted(name for name in pages.keys() | there.keys() if pages.get(name) != there.get(name))
        if options["check"]:
            if differing:
                raise CommandError(
                    f"Not as the code: {', '.join(differing)}. `make machines` draws them again."
                )
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name in differing:
            if name in pages:
                (folder / name).write_text(pages[name], encoding="utf-8")
            else:
                (folder / name).unlink()
        self.stdout.write(f"{len(pages) - 1} machines, {len(differing)} pages changed")


def drawn() -> dict[str, str]:
    """The pages by the name of their file."""
    with translation.override("en"):
        pages = {f"{model.NAME}.md": page(model) for model in machines()}
        lines = [
            f"| [{model.NAME}]({model.NAME}.md) | `{model.__module__.split('.')[0]}` | {_first(model)} |"
            for model in machines()
        ]
    head = "# State machines\n\nEach is a [fold of the ledger](../decisions/0032-states-are-folds-of-the-ledger.md)."
    pages["README.md"] = "\n".join(
        [HOW, "", head, "", "| machine | app | |", "| --- | --- | --- |", *lines, ""]
    )
    return pages


def page(model: type[Machine]) -> str:
    """A machine as one page."""
    labels = {str(value): str(label) for value, label in model._meta.get_field("state").flatchoices}  # type: ignore[misc]
    lines = [HOW, "", f"# {model.NAME}", "", *_said(model), "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {state}: {label}" for state, label in labels.items()]
    arrows: dict[tuple[str, str], list[str]] = {}
    for way in ways(model):
        for source in way.sources:
            for target in way.targets:
                if source != target:
                    arrows.setdefault((source, target), []).append(way.transition)
    lines += [
        f"    {source} --> {target}: {', '.join(dict.fromkeys(names))}"
        for (source, target), names in arrows.items()
    ]
    left = {source for source, _target in arrows}
    lines += [f"    {state} --> {NONE}" for state in labels if state not in left]
    lines += ["```", "", "| fact | transition | from | to |", "| --- | --- | --- | --- |"]
    for way in ways(model):
        for key in way.facts or ("",):
            told = f"`{key}`" if key else "with the next one"
            elsewhere = " ¹" if key in model.ELSEWHERE else " ³" if key in model.OWN else ""
            condition = " ²" if way.conditional else ""
            to = _states(way.targets) if way.targets else "stays"
            lines.append(
                f"| {told}{elsewhere} | {way.transition}{condition} | {_states(way.sources)} | {to} |"
            )
    notes = []
    if model.ELSEWHERE:
        notes.append(
            "¹ Happens elsewhere in the dossier: it moves what is fit for it, and contradicts nothing."
        )
    if any(way.conditional for way in ways(model)):
        notes.append("² More is asked than the state: the conditions of the transition.")
    if model.OWN:
        notes.append("³ Cannot be where nothing is there for it to move.")
    return "\n".join([*lines, *(f"\n{note}" for note in notes), ""])


def ways(model: type[Machine]) -> Iterator[Way]:
    """All transitions of a machine: those of its table in its order, then those that no fact makes."""
    of: dict[str, list[str]] = {}
    for key, name in model.TABLE.items():
        of.setdefault(name, []).append(key)
    for name, method in inspect.getmembers(model, lambda one: hasattr(one, "_django_fsm")):
        of.setdefault(name, [])
        assert callable(method)
    order = [str(value) for value, _label in model._meta.get_field("state").flatchoices]  # type: ignore[misc]
    for name, keys in of.items():
        alike: dict[tuple[tuple[str, ...], bool], list[str]] = {}
        for source, one in getattr(model, name)._django_fsm.transitions.items():
            alike.setdefault((_targets(one.target, order), bool(one.conditions)), []).append(str(source))
        for (targets, conditional), sources in alike.items():
            known = tuple(sorted((source or NONE for source in sources), key=["", NONE, *order].index))
            yield Way(known, targets, name, tuple(keys), conditional)


def _targets(target: Any, order: Sequence[str]) -> tuple[str, ...]:
    """The states that a transition may end in; none where it leaves the state as it is."""
    if target is None:
        return ()
    allowed = getattr(target, "allowed_states", None)
    return tuple(
        sorted({str(one) for one in (allowed if allowed is not None else [target])}, key=order.index)
    )


def _states(states: Sequence[str]) -> str:
    return ", ".join("nothing" if state == NONE else f"`{state}`" for state in states)


def _said(model: type[Machine]) -> list[str]:
    return inspect.cleandoc(model.__doc__ or "").splitlines()


def _first(model: type[Machine]) -> str:
    return _said(model)[0]
