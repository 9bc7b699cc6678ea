"""The copy of the dossier: what the insured may have of it, who looked at it, and no text that only a doctor gives him."""

from datetime import date

from dossiers import acts, ledger
from dossiers.models import LedgerEntry
from tests.letters import golden
from tests.letters.reading import said
from tests.letters.scenes.dossier_copy import REPORT, whole
from tests.letters.stage import Scene, Stage, kind_and_scene
from tests.route_a.stage import COORDINATOR, DOCTOR, refused
from tnw.accounts import actors, audit
from trajects.services import contacts

COPY = "dossier_copy"
TOLD = [
    "85.07.30-033.28",
    REPORT,
    "Contact held (taken back later)",
    "Fact voided: Contact held Reason: recorded twice",
    "Review the plan",
    "Follow-up interview in person Planned",
    "Version 1 of 23 March 2026",
    "Halftijds administratief werk bij een werkgever in de buurt van Gent.",
    "Job Magazijnier Logistiek De Kaai since 1 September 2015",
    "consultation of others employer Consent given 9 April 2026",
    "consultation of others employer Consent withdrawn 10 April 2026",
    "By post, sent 10 April 2026, came back 10 April 2026, Onbekend",
    "Belgian Data Protection Authority",
]


def test_the_grounds_are_told_without_what_the_fund_still_has_to_check(stage: Stage) -> None:
    kind, scene = kind_and_scene("dossier_copy", stage)
    text = " ".join(golden.text_of(stage.letter(kind, scene, language="en").content).split())
    assert "art. " in text or "royal decree" in text
    assert "not yet verified" not in text


def test_all_that_he_may_have_and_who_looked_at_it_how_often(stage: Stage) -> None:
    text = said(stage, COPY, whole(stage))
    assert [told for told in TOLD if told not in text] == []
    seen = text.partition("Who looked at your dossier")[2].partition("Your rights")[0]
    for look in ("dossier page 3", "assessment 1", "scan of a document 1"):
        assert look in seen


def test_texts_for_the_doctor_and_those_shared_with_the_coordinator_stay_out(stage: Stage) -> None:
    stage.on(date(2026, 2, 2)).request()
    stage.sent()
    stage.returned()
    stage.on(date(2026, 2, 9)).meet_b()
    stage.ask()
    stage.on(date(2026, 2, 12)).deny()
    text = said(stage, COPY, Scene())
    assert "Permission refused" in text
    assert "Not yet possible." in text, "what was written for him is his"
    assert "The back does not bear it." not in text
    assert "Wishes to begin soon." not in text, "shared with the coordinator is about health"


def test_what_was_erased_says_so(stage: Stage) -> None:
    stage.on(date(2026, 3, 2)).act(contacts.hold_contact, COORDINATOR, form="phone", report="Too much told.")
    entry = LedgerEntry.objects.get(dossier=stage.dossier, kind="contact_held")
    with audit.acting_as(actors.system(), stage.fund):
        ledger.erase(dossier_id=stage.dossier.pk, seq=entry.seq, because="asked", actor=actors.system())
    text = said(stage, COPY, Scene())
    assert "The text beside it was erased." in text
    assert "Too much told." not in text


def test_a_correction_stands_beside_what_it_corrects(stage: Stage) -> None:
    stage.on(date(2026, 3, 2)).act(contacts.hold_contact, COORDINATOR, form="phone", report="Talked.")
    fact = stage.facts[-1].id
    stage.on(date(2026, 3, 4)).act(
        acts.correct,
        COORDINATOR,
        fact_id=fact,
        day=date(2026, 3, 3),
        values={"form": "video"},
        reason="Slip.",
    )
    text = said(stage, COPY, Scene())
    assert "Correction recorded: Contact held Day: 03/03/2026 Form: by video" in text


def test_a_dossier_with_nothing_in_it_says_so_and_the_coordinator_alone_gives_it(stage: Stage) -> None:
    assert said(stage, COPY, Scene()).count("Nothing is kept of this.") == 6
    with refused("not_allowed"):
        said(stage, COPY, Scene(), by=DOCTOR)


def test_it_goes_by_no_mail(stage: Stage) -> None:
    with refused("not_allowed"):
        stage.send(COPY, Scene(), channel="email")
    assert stage.send(COPY, Scene(), channel="registered", number="RR 1").number == "RR 1"
