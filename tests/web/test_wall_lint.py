"""A read of a walled table in views, API or pages begins with `visible_to`: a lint, by reading the code."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

from dossiers.models.walled import WalledQuerySet

BASE = Path(__file__).resolve().parents[2]
WALLED = {
    model.__name__ for model in apps.get_models() if isinstance(model._default_manager.all(), WalledQuerySet)
}
FILES = sorted(
    path
    for path in [
        *BASE.glob("tnw/web/**/*.py"),
        *BASE.glob("*/**/views.py"),
        *BASE.glob("tnw/integration/api/*.py"),
        *BASE.glob("tnw/integration/rest/*.py"),
    ]
    if not {".venv", "demo"} & set(path.parts)  # the demo's people act through services, as commands do
)


def unguarded(source: str) -> list[int]:
    """Lines on which `Model.objects` of a walled model is not followed by `.visible_to(`."""
    tree = ast.parse(source)
    walled = WALLED | {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname and alias.name in WALLED
    }
    guarded = {
        id(node.func.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "visible_to"
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("objects", "_default_manager", "_base_manager")
        and isinstance(node.value, ast.Name)
        and node.value.id in walled
        and id(node) not in guarded
    ]


def test_the_lint_sees() -> None:
    assert "Dossier" in WALLED
    assert unguarded("from x import Dossier as Row\nRow.objects.get()") == [2]
    assert unguarded("Dossier.objects.filter(pk=1)\nDossier.objects.visible_to(actor).get()") == [1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(BASE)))
def test_no_read_around_the_wall(path: Path) -> None:
    assert unguarded(path.read_text(encoding="utf-8")) == []
