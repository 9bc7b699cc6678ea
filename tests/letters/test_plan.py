"""The reintegration plan on paper: the version that is asked for, and what was done of the one in force (Z4, Z6)."""

from dataclasses import replace
from datetime import date

from dossiers import ledger
from dossiers.models import LedgerEntry
from tests.letters.reading import said
from tests.letters.scenes.plan import CONTENTS, agreed
from tests.letters.stage import Scene, Stage
from tests.route_a.stage import COORDINATOR, DOCTOR, refused
from tnw.accounts import actors, audit
from trajects.models import ReintegrationPlan
from trajects.services import plan

PLAN = "reintegration_plan"


def test_z4_says_the_four_things_that_a_plan_has_and_what_was_done(stage: Stage) -> None:
    text = said(stage, PLAN, Scene(agreed(stage)))
    assert CONTENTS.result in text
    assert "Het basisattest informatica behalen (by 30 June 2026)" in text
    assert "Inschrijven voor de cursus informatica Zoë Van Hée 10 April 2026 done" in text
    assert "Drie werkgevers aanschrijven over een stage Lies Peeters 29 May 2026 to do" in text
    assert "Monday 22 June 2026, 10:30" in text


def test_z6_a_former_version_says_that_another_came_in_its_place(stage: Stage) -> None:
    first = agreed(stage)
    stage.on(date(2026, 4, 20))
    changed = replace(CONTENTS, result="Voltijds werk.", actions=CONTENTS.actions[1:])
    stage.act(plan.agree, COORDINATOR, contents=changed)
    second = ReintegrationPlan.objects.get(dossier=stage.dossier, version=2).fact
    former, latest = said(stage, PLAN, Scene(first)), said(stage, PLAN, Scene(second))
    assert "Meanwhile a later version has come in its place." in former
    assert CONTENTS.result in former
    assert "Keep it" in latest
    assert "Voltijds werk." in latest
    assert CONTENTS.result not in latest


def test_without_a_plan_or_its_text_there_is_no_letter(stage: Stage) -> None:
    with refused("nothing_to_write"):
        said(stage, PLAN, Scene(""))
    fact = agreed(stage)
    with refused("not_allowed"):
        said(stage, PLAN, Scene(fact), by=DOCTOR)
    entry = LedgerEntry.objects.get(dossier=stage.dossier, kind="plan_agreed")
    with audit.acting_as(actors.system(), stage.fund):
        ledger.erase(dossier_id=stage.dossier.pk, seq=entry.seq, because="asked", actor=actors.system())
    with refused("missing") as found:
        said(stage, PLAN, Scene(fact))
    assert "the text of the plan" in str(found.value)
