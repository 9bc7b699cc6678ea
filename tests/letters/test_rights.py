"""What a letter that refuses or costs something says of the rights against it, and that it promises nothing more."""

import pytest

from dossiers.documents.kinds import kind_of
from dossiers.documents.letter import details, listed, paragraphs
from tests.letters import golden
from tests.letters.scenes.absence import absent
from tests.letters.stage import Scene, Stage, kind_and_scene

DECISIONS = ("permission_refused", "adapted_work_refused", "training_refused")


@pytest.mark.parametrize("slug", [*DECISIONS, "absence_reduction", "absence_reduction_again"])
def test_who_does_not_agree_reads_where_to_go(stage: Stage, slug: str) -> None:
    kind, scene = kind_and_scene(slug, stage)
    text = " ".join(golden.text_of(stage.letter(kind, scene, language="en").content).split())
    assert "Your rights" in text
    assert "labour court of where you live, by a petition, within three months" in text
    assert ("of receiving this letter" in text) is (slug in DECISIONS)


def test_x3_the_notice_decides_nothing_and_promises_no_letter(stage: Stage) -> None:
    letter = stage.letter(kind_of("absence_reduction_again"), Scene(absent(stage, 3)), language="en")
    text = " ".join(golden.text_of(letter.content).split())
    assert letter.letter.title == "Your benefit can be reduced after an absence"
    assert "Nothing is decided yet" in text
    assert "You are told" not in text
    assert "Dear Sir or Madam," in text
    assert "You were absent before on 27 April 2026 and 11 May 2026." in text


@pytest.mark.parametrize(("days", "told"), [("", ""), ("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")])
def test_days_in_a_sentence(days: str, told: str) -> None:
    assert listed(list(days)) == told


def test_what_a_browser_sends_has_its_paragraphs() -> None:
    assert [one["text"] for one in paragraphs("a\r\nb\r\n \r\nc\r\n")] == ["a\nb", "c"]
    assert details(("x", "a\r\nb"), ("y", ""))["rows"] == [["x", "a\nb"]]
