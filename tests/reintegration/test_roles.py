"""Who may do what with traject, formal part and declaration, in every state: policies as a table, services beside them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from dossiers.law.facts import fact
from dossiers.models import Dossier
from tests.reintegration.conftest import START
from tests.reintegration.stage import CARD, SCAN
from tests.route_a.test_roles import LETTERS, performed
from tests.tables import cells
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Team, User
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import Verdict
from trajects.models import EngagementDeclaration
from trajects.policies import declaration as of_declaration
from trajects.policies import reintegration as of_part
from trajects.policies import traject as of_traject
from trajects.services import declaration, reintegration, signing, traject

TODAY = date(2026, 6, 15)
FACTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "assessed": ("assessment_made", "", {"category": 4}),
    "referred": ("referral_made", "", {}),
    "contacted": ("first_contact_held", "", {"route": "A", "form": "phone"}),
    "traject": ("traject_started", "", {"route": "A"}),
    "traject_looked_back": ("traject_evaluated", "", {}),
    "traject_over": ("traject_ended", "", {"result": "no_result"}),
    "part": ("reintegration_started", "", {"condition": 1}),
    "drawn_up": ("declaration_drawn_up", "d", {}),
    "insured": ("declaration_signed", "d", {"role": "insured", "method": "paper"}),
    "coordinator": ("declaration_signed", "d", {"role": "coordinator", "method": "application"}),
    "doctor": ("declaration_signed", "d", {"role": "advisory_doctor", "method": "application"}),
    "completed": ("declaration_completed", "d", {}),
    "refused": ("declaration_refused", "d", {"role": "insured"}),
    "plan": ("plan_agreed", "", {"version": 1}),
    "plan_looked_back": ("plan_evaluated", "", {}),
    "suspended": ("traject_suspended", "", {"reason": "other"}),
    "at_employer": ("employer_traject_started", "", {"requested_by": "employer"}),
    "p_over": ("reintegration_ended", "", {"result": "no_result"}),
    "over": ("incapacity_ended", "", {"reason": "resumed", "version": 2}),
}
SIGNED = "traject part drawn_up insured coordinator doctor completed"
STATES = {
    "none": "",
    "running": "traject",
    "employer": "traject at_employer",
    "awaiting": "traject part",
    "drawn_up": "traject part drawn_up",
    "two": "traject part drawn_up insured coordinator",
    "refused": "traject part drawn_up refused",
    "planning": SIGNED,
    "in_review": f"{SIGNED} plan",
    "evaluated": f"{SIGNED} plan plan_looked_back traject_looked_back",
    "suspended": f"{SIGNED} plan suspended",
    "waits": f"{SIGNED} suspended at_employer",
    "p_over": f"{SIGNED} p_over",
    "over": f"{SIGNED} traject_over",
    "ended": f"{SIGNED} over",
}
# C coordinator, D advisory doctor; nobody: `-`. Z1, Z2, Z7, Z8, P3; section 8.
TABLE = """
act       none running employer awaiting drawn_up two refused planning in_review evaluated suspended waits p_over over ended
start     -    C       -        -        -        -   -       -        -         -         -         -     C      -    -
suspend   -    -       -        C        C        C   C       C        C         C         -         -     -      -    -
resume    -    -       -        -        -        -   -       -        -         -         C         -     -      -    -
evaluate  -    -       -        -        -        -   -       -        C         -         C         -     -      -    -
end_part  -    -       -        C        C        C   C       C        C         C         C         C     -      -    -
draw_up   -    -       -        C        -        -   C       -        -         -         -         -     -      -    -
change    -    -       -        -        C        C   -       C        -         -         -         C     -      -    -
insured   -    -       -        -        C        -   -       -        -         -         -         -     -      -    -
coordi    -    -       -        -        C        -   -       -        -         -         -         -     -      -    -
doctor    -    -       -        -        D        D   -       -        -         -         -         -     -      -    -
refuse    -    -       -        -        C        C   -       -        -         -         -         -     -      -    -
refuse_D  -    -       -        -        D        D   -       -        -         -         -         -     -      -    -
look_back -    C       C        C        C        C   C       C        C         -         C         C     C      -    -
end       -    C       C        C        C        C   C       C        C         C         C         C     C      -    -
stop      -    C       C        C        C        C   C       C        C         C         C         C     C      -    -
"""
With = Callable[[Actor, Dossier], Verdict]


def about(policy: Callable[..., Verdict], *more: str) -> With:
    """A policy that is about the declaration; where there is none, nobody may."""

    def ask(actor: Actor, dossier: Dossier) -> Verdict:
        one = EngagementDeclaration.objects.filter(dossier=dossier).first()
        return policy(actor, dossier, one, *more, TODAY) if one else Verdict(False)

    return ask


def plain(policy: Callable[..., Verdict]) -> With:
    return lambda actor, dossier: policy(actor, dossier, TODAY)


def up_to_the_pdf(service: Callable[..., object], **told: Any) -> Callable[..., object]:
    """Signing, as far as whether somebody may: there is no PDF here to sign (`tests/signing`)."""

    def act(**values: Any) -> None:
        try:
            service(**values, **told, sha256="")
        except DomainError as refused:
            if refused.code not in ("not_confirmed", "another_text", "missing"):
                raise

    return act


SIGN = up_to_the_pdf(signing.sign, confirmed_at=None)
RECORD = up_to_the_pdf(signing.record_signature, method="paper", statement=CARD, evidence=SCAN)
WORDS = {"evaluation": "Looked back."}
D = {"subject": "d"}
ACTS: dict[str, tuple[With, Callable[..., object], dict[str, Any]]] = {
    "start": (plain(of_part.may_start), reintegration.start, {"condition": 1, "agreed": True}),
    "suspend": (plain(of_part.may_suspend), reintegration.suspend, {"reason": "other"}),
    "resume": (plain(of_part.may_resume), reintegration.resume, {}),
    "evaluate": (plain(of_part.may_evaluate_plan), reintegration.evaluate_plan, WORDS),
    "end_part": (plain(of_part.may_end), reintegration.end, {"result": "no_result", **WORDS}),
    "draw_up": (plain(of_declaration.may_draw_up), declaration.draw_up, {"text": "Together."}),
    "change": (about(of_declaration.may_change), declaration.change, {**D, "text": "Otherwise."}),
    "insured": (about(of_declaration.may_sign, "insured"), RECORD, D),
    "coordi": (about(of_declaration.may_sign, "coordinator"), SIGN, {**D, "role": "coordinator"}),
    "doctor": (about(of_declaration.may_sign, "advisory_doctor"), SIGN, {**D, "role": "advisory_doctor"}),
    "refuse": (
        about(of_declaration.may_refuse, "insured"), declaration.refuse, {**D, "role": "insured", "reason": "No."},
    ),
    "refuse_D": (
        about(of_declaration.may_refuse, "advisory_doctor"), declaration.refuse,
        {**D, "role": "advisory_doctor", "reason": "No."},
    ),
    "look_back": (plain(of_traject.may_evaluate), traject.evaluate, WORDS),
    "end": (plain(of_traject.may_end), traject.end, {"result": "no_result", **WORDS}),
    "stop": (plain(of_traject.may_end), traject.stop, {}),
}  # fmt: skip


def furnished(dossier_of: Callable[..., Dossier], way: str) -> Dossier:
    if way:
        way = f"assessed referred contacted {way}"
    facts = [
        fact(kind, START + timedelta(days=number), f"f-{number}", subject, **values)
        for number, (kind, subject, values) in enumerate((FACTS[name] for name in way.split()), start=1)
    ]
    made = dossier_of(start=START, facts=facts)
    return Dossier.objects.select_related("incapacity__person", "fund").get(pk=made.pk)


@pytest.mark.parametrize("state", STATES)
def test_z1_z2_z7_z8_who_may_do_what_in_which_state(
    state: str,
    make_user: Callable[..., User],
    fund: Fund,
    team: Team,
    dossier_of: Callable[..., Dossier],
) -> None:
    people = {one: actors.of_user(make_user(role, fund=fund, team=team)) for one, role in LETTERS.items()}
    people["system"] = actors.system()
    wrong: list[tuple[object, ...]] = []
    with audit.acting_as(actors.system(), fund), clock.at(TODAY):
        dossier = furnished(dossier_of, STATES[state])
        for act, column, expected in cells(TABLE):
            if column != state:
                continue
            policy, service, values = ACTS[act]
            allowed = "".join(one for one, actor in people.items() if policy(actor, dossier)) or "-"
            if allowed != expected:
                wrong.append((act, allowed))
            # The others of a kind stand for it, where nobody may.
            for one in {*expected, "C", "system"} - {"-"}:
                if values.get("subject") and not dossier.declarations.exists():
                    continue
                with audit.acting_as(people[one], fund):
                    done = performed(service, dossier, people[one], TODAY, values)
                if done != (one in expected):
                    wrong.append((act, one, done))
    assert wrong == []


def test_every_act_and_state_is_in_the_table() -> None:
    told = list(cells(TABLE))
    assert {row for row, _column, _cell in told} == set(ACTS)
    assert {column for _row, column, _cell in told} == set(STATES)
