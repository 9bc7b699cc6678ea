"""Adapted work on the pages: each act with its form, what now, and the card."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from dossiers.law.facts import fact
from dossiers.models import Dossier
from tests.web.cases import address, typed
from tnw.accounts.models import Role
from tnw.core import clock, scope
from trajects.models import AdaptedWork

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
C, D = Role.COORDINATOR, Role.ADVISORY_DOCTOR


def of(dossier: Dossier) -> AdaptedWork:
    with scope.funds(dossier.fund_id):
        return AdaptedWork.objects.get(dossier=dossier)


def tab(client: Client, dossier: Dossier) -> str:
    return str(client.get(reverse("dossier_traject", args=[dossier.public_id])).content.decode())


def now(client: Client, dossier: Dossier) -> list[str]:
    found: Any = client.get(reverse("dossier", args=[dossier.public_id])).context["now"]
    return [one.title for one in (found.next, *found.mine) if one]


def done(client: Client, dossier: Dossier, act: str, subject: str, **data: str) -> None:
    answer = client.post(address(dossier, act, subject), typed(dossier, **data))
    assert answer.status_code == 302, answer.context["form"].errors


def test_w1_t15_adapted_work_alone_with_the_mouse(browse: Browse, stand: Stand) -> None:
    """Without a traject or a referral: planned, declared late, permitted, changed, over."""
    dossier = stand("sent")
    coordinator = browse(C)
    begin = coordinator.get(address(dossier, "plan-adapted-work")).content.decode()
    assert "A special rule holds for combining its income with the benefit" in begin
    planned = {"on": "15/06/2026", "starts_on": "22/06/2026", "what": "Half time in the shop"}
    done(coordinator, dossier, "plan-adapted-work", "", **planned)
    subject = of(dossier).subject
    assert "Record the declaration of the adapted work from 22/06/2026" in now(coordinator, dossier)
    assert "not yet; in time up to and including 19/06/2026" in tab(coordinator, dossier)
    with clock.at(date(2026, 6, 24)):
        done(coordinator, dossier, "declare-adapted-work", subject, on="24/06/2026")
        page = tab(coordinator, dossier)
        assert "on 24/06/2026, late: the last working day before the start was 19/06/2026" in page
        assert "the letter explains it" in page
        overview = coordinator.get(reverse("dossier", args=[dossier.public_id]))
        assert "22/06/2026: begun already, the permission is waited for" in page
        asked = [one.title for one in overview.context["now"].others if "adapted work" in one.title]
        assert asked == ["Decide on the adapted work from 22/06/2026"]
        doctor = browse(D)
        titles = now(doctor, dossier)
        assert "Permit the adapted work from 22/06/2026" in titles
        assert "Refuse the adapted work from 22/06/2026" in titles
        permit = {"on": "24/06/2026", "first_day": "24/06/2026", "last_day": "31/08/2026", "hours": "12.5"}
        done(doctor, dossier, "permit-adapted-work", subject, **permit)
        page = tab(doctor, dossier)
        assert "24/06/2026 up to and including 31/08/2026" in page
        assert "12,5" in page
        assert "Change the permission for the adapted work from 22/06/2026" in page
    with clock.at(date(2026, 9, 1)):
        coordinator = browse(C)
        assert "Record the end of the adapted work from 22/06/2026" in now(coordinator, dossier)
        done(coordinator, dossier, "end-adapted-work", subject, on="31/08/2026")
    assert of(dossier).state == "ended"


def test_t15_planned_and_declared_in_one_form_and_refused(browse: Browse, stand: Stand) -> None:
    dossier = stand("awaiting")
    planned = {"on": "15/06/2026", "starts_on": "16/06/2026", "what": "", "declared": "on"}
    done(browse(C), dossier, "plan-adapted-work", "", **planned)
    subject = of(dossier).subject
    assert "on 15/06/2026, in time" in tab(browse(C), dossier)
    answer = browse(D).post(
        address(dossier, "refuse-adapted-work", subject),
        typed(dossier, on="15/06/2026", medical="The heart."),
    )
    assert list(answer.context["form"].errors) == ["insured"]
    texts = {"medical": "The heart.", "insured": "Not now."}
    done(browse(D), dossier, "refuse-adapted-work", subject, on="15/06/2026", **texts)
    page = tab(browse(C), dossier)
    assert "Not now." in page
    assert "The heart." not in page


def test_w1_who_finds_which_act(browse: Browse, stand: Stand) -> None:
    """Each state by each role stands with the policies; here that the pages ask them."""
    planned = fact("adapted_work_planned", date(2026, 6, 10), "p", "a", starts_on=date(2026, 6, 22))
    declared = fact("adapted_work_declared", date(2026, 6, 11), "d", "a")
    dossier = stand([planned, declared])
    may = {"replan": {C}, "permit": {D}, "refuse": {D}, "cancel": {C}}
    for role in (C, D):
        client = browse(role)
        for act in ("replan", "declare", "permit", "refuse", "end", "cancel"):
            answer = client.get(address(dossier, f"{act}-adapted-work", "a"))
            assert answer.status_code == (200 if role in may.get(act, set()) else 403), (role, act)
        assert client.get(address(dossier, "permit-adapted-work", "b")).status_code == 404
        plan = client.get(address(dossier, "plan-adapted-work"))
        assert plan.status_code == (200 if role == C else 403)
