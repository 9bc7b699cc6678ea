"""One word for one thing: the legal terms stand in every catalogue, and their variants in none."""

import ast
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.words.glossary import TERMS, missing_words, wrong_words
from tnw.core import catalogues

LANGUAGES = catalogues.LANGUAGES


def _translated(language: str) -> Iterator[tuple[str, str]]:
    """Source and translation of every string of screens, letters, mails and help."""
    for message in catalogues.read(language):
        if message.id:
            source = message.id if isinstance(message.id, str) else message.id[-1]
            for text in catalogues._texts(message):
                if text:
                    yield source, text


def _written_in_three() -> Iterator[tuple[str, str, str]]:
    """What sources hold in three languages side by side: the example of a questionnaire."""
    path = settings.BASE_DIR / "routing" / "questionnaires" / "example.py"
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "T":
            texts = [str(argument.value) for argument in call.args if isinstance(argument, ast.Constant)]
            yield from ((path.name, *pair) for pair in zip(LANGUAGES, texts, strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_says_the_words_of_the_law(language: str) -> None:
    found = [
        f"{source!r} -> {text!r}: {fault}"
        for source, text in _translated(language)
        for fault in (*wrong_words(language, text, source), *missing_words(language, source, text))
    ]
    assert found == []


def test_what_is_written_in_three_languages_does_so_too() -> None:
    texts = list(_written_in_three())
    assert len({language for _name, language, _text in texts}) == 3
    assert [(text, wrong) for _name, language, text in texts for wrong in wrong_words(language, text)] == []


def test_every_term_is_used() -> None:
    """A row that no string needs any more guards nothing."""
    sources = [source for source, _text in _translated("nl")]
    blank = dict.fromkeys(LANGUAGES, "-")
    for term in TERMS:
        assert any(
            f"{term.word!r} without {getattr(term, language)!r}"
            in missing_words(language, source, blank[language])
            for source in sources
            for language in LANGUAGES
        ), term.word


@pytest.mark.parametrize(
    ("language", "source", "text", "fault"),
    [
        ("nl", "Say why.", "De patiënt komt.", "says 'patiënt' for verzekerde"),
        ("nl", "Save", "Sla op", "says 'Sla op' for bewaren"),
        ("nl", "Goes on", "Herintegratie", "says 'Herintegratie' for re-integratie"),
        ("fr", "Goes on", "Le retour à l'emploi", 'says "retour à l\'emploi" for Retour au travail'),
        ("fr", "The fund", "La mutuelle", "says 'mutuelle' for mutualité"),
        ("fr", "A doctor", "Le médecin du travail", None),
        ("de", "The dossier", "Das Dossier", "says 'Dossier' for Akte"),
        ("nl", "The insured person signs", "De persoon tekent", "'insured persons?' without 'verzekerde'"),
        ("nl", "The insured person signs", "De verzekerde tekent", ""),
        ("fr", "Give the client a name", "Donnez un nom au client", ""),
    ],
)
def test_a_variant_is_seen(language: str, source: str, text: str, fault: str | None) -> None:
    faults = [*wrong_words(language, text, source), *missing_words(language, source, text)]
    if fault is None:
        assert len(faults) == 1
    else:
        assert faults == ([fault] if fault else [])
