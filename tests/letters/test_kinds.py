"""Every kind of letter in the three languages: what it says, to whom, for all readers, and of nobody's health."""

import pytest

from dossiers.documents.kinds import kinds
from dossiers.models import HealthNoteText
from tests.letters import golden, pdfua
from tests.letters.stage import LANGUAGES, MARK, REFERENCE, Stage, kind_and_scene, plays
from tests.route_a.stage import DOCTOR


def test_every_kind_has_its_scene() -> None:
    assert set(plays()) == set(kinds())


@pytest.mark.parametrize("slug", sorted(plays()))
def test_says_what_it_said_in_every_language_and_nothing_medical(stage: Stage, slug: str) -> None:
    kind, scene = kind_and_scene(slug, stage)
    for language in LANGUAGES:
        written = stage.letter(kind, scene, language=language)
        assert pdfua.faults(written.content) == []
        assert REFERENCE in golden.text_of(written.content)
        golden.compare(slug, language, written.content)
    assert stage.letter(kind, scene, language=language).content == written.content
    doctor_reads = HealthNoteText.objects.visible_to(stage.people[DOCTOR])
    assert MARK in doctor_reads.values_list("text", flat=True)
    for role in {scene.by, *kind.roles}:
        assert MARK not in golden.text_of(stage.letter(kind, scene, by=role).content)
