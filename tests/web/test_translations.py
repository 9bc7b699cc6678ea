"""The catalogues are complete, and the check of them sees what is not."""

from collections.abc import Callable

import pytest
from babel.messages.catalog import Catalog
from django.core.management import call_command
from django.utils.translation import override

from dossiers.law.kinds import KINDS
from tnw.core import catalogues
from tnw.web import fact_words, words


@pytest.fixture
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
                assert value.name in fact_words.NAMES or value.name in ("version", "fact"), value.name
                for code in value.codes:
                    if isinstance(code, str):
                        ((_name, text),) = words.values({value.name: code})
                        known = code in fact_words.CODES.get(value.name, {})
                        assert known or str(text) != code, (value.name, code)
