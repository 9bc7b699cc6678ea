"""What the documentation names is there: links, files, commands and rules."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import get_commands

from dossiers.law.kinds import KINDS
from dossiers.law.rules import RULES
from tnw.web.jobs import JOBS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# Something in backticks that begins at a folder of ours, or is a file beside manage.py.
FOLDERS = "tnw|dossiers|routing|trajects|tests|docs|scripts|templates|static|locale|requirements|benchmarks"
FILE = re.compile(
    rf"(?:(?:{FOLDERS})/[\w./-]*|[\w.-]+\.(?:py|md|toml|yml)|Makefile|Dockerfile|\.importlinter)"
)
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
RULE = re.compile(r"^\| \*\*(T\d+)\*\* \|", re.MULTILINE)
NOT_FOR_READERS = re.compile(
    r"(?:^|[\s(`\"'])/(?:work|root|tmp|home)/|index-url|https?://(?:pypi|registry)|files\.pythonhosted",
    re.IGNORECASE,
)


class Named(NamedTuple):
    """Something that a page names."""

    page: Path
    name: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}: {self.name}"


def links() -> Iterator[Named]:
    for page in PAGES:
        for target in LINK.findall(FENCED.sub("", page.read_text())):
            if "://" not in target and not _not_taken_yet(target):
                yield Named(page, target)


def _not_taken_yet(target: str) -> bool:
    """Screenshots are taken of a running demo: until the first is there, none has to be."""
    return target.startswith("docs/screenshots/") and not (ROOT / "docs/screenshots").exists()


def files() -> Iterator[Named]:
    for page in PAGES:
        for text in CODE.findall(FENCED.sub("", page.read_text())):
            # `utils.py` and the like are named to say that there is none.
            if FILE.fullmatch(text) and text != "utils.py":
                yield Named(page, text)


def commands() -> Iterator[Named]:
    for page in PAGES:
        for name in COMMAND.findall(page.read_text()):
            yield Named(page, name)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made from their words."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("named", sorted(set(links())), ids=str)
def test_every_link_leads_somewhere(named: Named) -> None:
    path, _, anchor = named.name.partition("#")
    target = (named.page.parent / path).resolve() if path else named.page
    assert target.exists()
    assert not anchor or anchor in anchors(target)


@pytest.mark.parametrize("named", sorted(set(files())), ids=str)
def test_every_file_that_is_named_exists(named: Named) -> None:
    assert (ROOT / named.name).exists()


@pytest.mark.parametrize("name", sorted({named.name for named in commands()}))
def test_every_command_that_is_named_exists(name: str) -> None:
    assert name in get_commands()


def test_every_command_of_ours_is_in_the_readme() -> None:
    ours = {name for name, app in get_commands().items() if app in ("dossiers", "routing", "tnw.accounts")}
    told = set(COMMAND.findall((ROOT / "README.md").read_text()))
    assert ours <= told


def test_the_table_of_deadlines_has_every_rule_of_the_law_and_no_other() -> None:
    told = RULE.findall((ROOT / "docs/domain.md").read_text())
    assert len(told) == len(set(told))
    assert set(told) == {rule.id for rule in RULES}


def test_the_table_of_jobs_has_every_job_of_the_beat() -> None:
    table = (
        (ROOT / "docs/architecture.md").read_text().partition("| job | does | when |")[2].partition("\n\n")[0]
    )
    told = [name for row in table.splitlines() for name in CODE.findall(row.split(" | ")[0])]
    assert sorted(told) == sorted(JOBS)


def test_every_kind_of_fact_is_told() -> None:
    told = set(CODE.findall((ROOT / "docs/domain.md").read_text()))
    assert set(KINDS) <= told


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_machine_or_a_registry(page: Path) -> None:
    assert not NOT_FOR_READERS.search(page.read_text())


def test_every_screenshot_of_the_tour_is_one_of_ours() -> None:
    told = set(re.findall(r"docs/screenshots/([\w-]+\.png)", (ROOT / "README.md").read_text()))
    assert told
    assert all(re.fullmatch(r"[a-z]+-(?:nl|fr)(?:-phone)?\.png", name) for name in told)


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    records = sorted((ROOT / "docs/decisions").glob("0*.md"))
    index = (ROOT / "docs/decisions/README.md").read_text()
    for number, record in enumerate(records, start=1):
        text = record.read_text()
        assert record.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. ")
        assert record.name in index
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequence"]
