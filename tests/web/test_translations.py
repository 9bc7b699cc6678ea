"""The catalogues are complete, and the check of them sees what is not."""

import ast
import re
from collections.abc import Callable

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import override

from dossiers.law.kinds import KINDS
from tnw.core import catalogues
from tnw.web import words
from trajects import fact_words


@pytest.fixture(scope="module")
def template() -> Catalog:
    return catalogues.extracted()


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """A catalogue that is read instead of the Dutch one, to be spoilt."""
    catalog = catalogues.read("nl")
    monkeypatch.setattr(catalogues, "read", lambda language: catalog)
    return catalog


@pytest.fixture
def faults(wrong: Catalog, template: Catalog) -> Callable[[], list[str]]:
    """What is wrong now and was not before."""
    before = set(catalogues.faults("nl", template))
    return lambda: [fault for fault in catalogues.faults("nl", template) if fault not in before]


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_complete(language: str, template: Catalog) -> None:
    assert list(catalogues.faults(language, template)) == []


def test_the_extraction_finds_every_kind_of_string(template: Catalog) -> None:
    assert template.get("Sign in")  # a template
    assert template.get("Send the questionnaire")  # N_ in the law
    assert template.get("Met", "deadline")  # with a context
    assert ("%(n)s year", "%(n)s years") in [message.id for message in template]  # a plural block
    assert template.get("Aim: %(aim)s")  # the text that three people sign


def test_no_string_hides_from_the_extraction() -> None:
    """Inside an f-string it is never found, and stays English."""
    names = {"_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy", "ngettext", "ngettext_lazy"}
    hidden = [
        f"{path}:{call.lineno}"
        for app in ("dossiers", "routing", "tnw", "trajects")
        for path in (settings.BASE_DIR / app).rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names
    ]
    assert hidden == []


def test_a_missing_string(wrong: Catalog, faults: Callable[[], list[str]]) -> None:
    wrong["Sign in"].string = ""
    assert faults() == ["nl: not translated: 'Sign in'", "nl: not compiled"]


def test_half_a_plural(wrong: Catalog, faults: Callable[[], list[str]]) -> None:
    wrong["%(n)s year"].string = ("%(n)s jaar", "")
    assert faults() == ["nl: not translated: '%(n)s year'", "nl: not compiled"]


def test_a_fuzzy_string(wrong: Catalog, faults: Callable[[], list[str]]) -> None:
    wrong["Sign in"].flags.add("fuzzy")
    assert faults() == ["nl: fuzzy: 'Sign in'", "nl: not compiled"]


def test_a_stale_string(wrong: Catalog, faults: Callable[[], list[str]]) -> None:
    wrong.add("Nobody asks for this", "Dit vraagt niemand")
    assert faults() == ["nl: no longer used: 'Nobody asks for this'", "nl: not compiled"]


def test_other_placeholders(wrong: Catalog, faults: Callable[[], list[str]]) -> None:
    wrong["month %(n)s"].string = "maand %(m)s"
    assert faults() == ["nl: other placeholders: 'month %(n)s'", "nl: not compiled"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Vraiment?", True),
        ("Vraiment ?", True),
        ("Vraiment\u00a0?", False),
        ("Vraiment\u202f?", False),
        ("Vraiment\u00a0?!", False),
        ("Oui; non", True),
        ("« oui\u00a0»", True),
        ("«\u00a0oui »", True),
        ("«\u00a0oui\u00a0»", False),
        ("À 14:30", False),
        ("Sur https://example.be", False),
    ],
)
def test_french_sets_a_space_before_its_high_marks(
    text: str, fault: bool, monkeypatch: pytest.MonkeyPatch, template: Catalog
) -> None:
    catalog = catalogues.read("fr")
    monkeypatch.setattr(catalogues, "read", lambda language: catalog)
    catalog["Sign in"].string = text
    told = [one for one in catalogues.faults("fr", template) if "does not break" in one]
    assert [one.endswith("'Sign in'") for one in told] == [True] * fault


# What a template prints, closes or ends a word with, and a mark that French sets apart right after it.
GLUED = re.compile(
    r"""(\}\}|%\}|</\w+>|<span class="visually-hidden">)[ \t]*([:;!](?=[\s<{]|$)|\?(?=[\s<]|$))""",
    re.MULTILINE,
)
SAID_WHOLE = re.compile(r"\{% blocktranslate .*?\{% endblocktranslate", re.DOTALL)


def test_no_template_glues_a_mark_to_a_word() -> None:
    """A colon outside a translated sentence is translated itself: French sets it apart."""
    found = [
        f"{path.name}: {glued.group()}"
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        if path.parent.name != "api"  # the page of the contract is in English only
        for glued in GLUED.finditer(SAID_WHOLE.sub("", path.read_text()))
    ]
    assert found == []


def test_uncompiled(wrong: Catalog, faults: Callable[[], list[str]]) -> None:
    wrong["Sign in"].string = "Anders"
    assert faults() == ["nl: not compiled"]


def test_the_command_refuses(wrong: Catalog) -> None:
    wrong["Sign in"].string = ""
    with pytest.raises(SystemExit) as refusal:
        call_command("check_translations")
    assert refusal.value.code == 1


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_every_word_for_a_fact_can_be_said(language: str) -> None:
    with override(language):
        assert fact_words.KINDS.keys() == KINDS.keys()
        for kind in KINDS.values():
            for value in kind.values:
                assert value.name in fact_words.NAMES or value.name in words.MACHINES_OWN, value.name
                for code in value.codes:
                    if isinstance(code, str):
                        ((_name, text),) = words.values({value.name: code})
                        known = code in fact_words.CODES.get(value.name, {})
                        assert known or str(text) != code, (value.name, code)
