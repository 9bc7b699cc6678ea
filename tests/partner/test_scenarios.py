"""A regional service as the first step: form, consent, answer, steps with their days, end (G1, Z5)."""

from collections.abc import Callable
from datetime import date, timedelta

from dossiers.law.facts import fact
from dossiers.models import Dossier
from tests.employer.stage import EMPLOYED, START, Work
from tests.employer.test_roles import LETTERS, RUNS, TRAJECT
from tests.partner.test_states import FACTS, WAYS
from tests.route_a.stage import COORDINATOR, DOCTOR, refused
from tests.tables import cells
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund, Team, User
from tnw.core import clock
from trajects.models import PartnerReferral
from trajects.policies import partner as policies
from trajects.services import partner as services


def test_g1_form_consent_answer_steps_and_end(case: Work) -> None:
    case.started("regional_service").on(date(2026, 4, 20))
    form = case.draw_up()
    assert case.of("partner") == ["drawn_up"]
    with refused("no_consent"):
        case.send(form)
    case.on(date(2026, 4, 22)).consent("given", party="regional_service")
    case.send(form)
    with refused("not_allowed"):
        case.service_step(form, "orientation")
    case.on(date(2026, 5, 4)).answered(form)
    case.on(date(2026, 5, 11))
    with refused("before_answer") as found:
        case.backdated(services.take_step, COORDINATOR, date(2026, 5, 3), subject=form, step="orientation")
    assert found.value.field == "on"
    case.service_step(form, "competence_mapping")
    case.service_step(form, "competence_mapping")
    case.service_step(form, "orientation")
    case.on(date(2026, 5, 12)).service_step(form, "competence_mapping")
    assert case.kinds.count("service_step") == 3, "the same step of the same day is one"
    one = PartnerReferral.objects.get(dossier=case.dossier)
    assert (one.state, one.step, one.step_on) == ("accepted", "competence_mapping", date(2026, 5, 12))
    case.on(date(2026, 9, 1)).end_partner(form)
    assert (case.of("partner"), case.of("traject"), case.flag) == (["ended"], ["running"], "")


def test_g1_refused_by_one_and_asked_of_another(case: Work) -> None:
    case.started("regional_service").on(date(2026, 4, 20)).consent("given", party="regional_service")
    forms = {service: case.draw_up(service) for service in ("vdab", "actiris")}
    for subject in forms.values():
        case.send(subject)
    case.on(date(2026, 4, 27)).answered(forms["vdab"], accepted=False)
    with refused("not_allowed"):
        case.service_step(forms["vdab"], "coaching")
    case.answered(forms["actiris"])
    assert sorted(case.of("partner")) == ["accepted", "refused"]
    case.on(date(2026, 5, 4)).record("traject_ended", result="no_result")
    assert sorted(case.of("partner")) == ["ended", "refused"], (
        "the end of the traject takes along what is open"
    )


def test_g1_only_in_a_traject_and_only_what_is_asked_for(case: Work) -> None:
    with refused("not_allowed"):
        case.draw_up()
    case.started()
    for service, form, code in (("tea", "x", "unknown_code"), ("vdab", " ", "required")):
        with refused(code):
            case.act(services.draw_up, COORDINATOR, service=service, form=form)
    with refused("not_allowed"):
        case.act(services.draw_up, DOCTOR, service="vdab", form="x")
    with refused("referral_unknown"):
        case.send("elsewhere")
    case.consent("given", party="regional_service")
    form = case.draw_up()
    case.send(form)
    case.answered(form)
    with refused("unknown_code"):
        case.service_step(form, "tea")


# C coordinator; nobody: `-`. With the consent, and without it.
WITH = """
act      drawn_up sent accepted refused ended
send     C        -    -        -       -
answer   -        C    -        -       -
step     -        -    C        -       -
end      C        C    C        -       -
"""
WITHOUT = """
act      drawn_up sent accepted refused ended
send     -        -    -        -       -
answer   -        -    -        -       -
step     -        -    -        -       -
end      C        C    C        -       -
"""
POLICIES = {
    "send": policies.may_send,
    "answer": policies.may_answer,
    "step": policies.may_take_step,
    "end": policies.may_end,
}


def test_g1_z5_who_may_do_what_in_which_state(
    fund: Fund, team: Team, make_user: Callable[..., User], dossier_of: Callable[..., Dossier]
) -> None:
    people = {one: actors.of_user(make_user(role, fund=fund, team=team)) for one, role in LETTERS.items()}
    today, wrong = date(2026, 6, 15), []
    consent = ("consent_given", "", {"purpose": "consultation", "party": "regional_service"})
    named = {**TRAJECT, **FACTS, "consent": consent}
    found: dict[tuple[str, str], tuple[Dossier, PartnerReferral]] = {}
    with audit.acting_as(actors.system(), fund), clock.at(today):
        for told, table in (("consent", WITH), ("", WITHOUT)):
            for act, state, expected in cells(table):
                if (told, state) not in found:
                    way = f"{RUNS} {told} {WAYS[state]}".split()
                    facts = [
                        fact(
                            named[one][0],
                            START + timedelta(days=day),
                            f"f-{day}",
                            named[one][1],
                            **named[one][2],
                        )
                        for day, one in enumerate(way, start=1)
                    ]
                    made = dossier_of(start=START, facts=facts, today=today, **EMPLOYED)
                    dossier = Dossier.objects.select_related("incapacity").get(pk=made.pk)
                    found[told, state] = dossier, dossier.partner_referrals.get()
                dossier, row = found[told, state]
                policy = POLICIES[act]
                may = (
                    "".join(one for one, actor in people.items() if policy(actor, dossier, row, today)) or "-"
                )
                if may != expected:
                    wrong.append((told, act, state, may))
    assert wrong == []


def test_g1_all_of_it_on_one_day(case: Work) -> None:
    """A service may answer and begin on the day it is asked: within a day its steps come after its answer (F1)."""
    case.started("regional_service").on(date(2026, 4, 20)).consent("given", party="regional_service")
    form = case.draw_up()
    case.send(form)
    case.answered(form)
    case.service_step(form, "orientation")
    one = PartnerReferral.objects.get(dossier=case.dossier)
    assert (one.state, one.step, case.flag) == ("accepted", "orientation", "")
