"""What a preview tells before an act is done: dates, states, what will contradict; and that it leaves nothing behind."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Deadline, Dossier, LedgerEntry, LedgerPayload, Outbox, Reminder
from routing.models import RouteA
from tests.web.cases import (
    APPOINTMENT,
    FIRST_CONTACT,
    STATES,
    TODAY,
    address,
    appointment,
    typed,
)
from tnw.accounts import actors, audit
from tnw.accounts.models import AuditEntry, Fund, Role, User
from tnw.core import scope
from tnw.web.acts.preview import preview
from trajects.models import Appointment, Traject

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
C, D, M = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM


ANSWERED = fact("questionnaire_received", date(2026, 5, 4), "qr-1", complete=True, channel="post")
REQUESTED = fact("contact_requested", date(2026, 5, 4), "b-1")


def traces(dossier: Dossier) -> list[Any]:
    """Everything that doing something would leave behind."""
    with scope.funds(dossier.fund_id):
        return [
            *(
                list(model.objects.filter(dossier=dossier).order_by("pk").values())
                for model in (LedgerEntry, LedgerPayload, Outbox, Deadline, RouteA, Traject, Appointment)
            ),
            list(Dossier.objects.filter(pk=dossier.pk).values()),
            Reminder.objects.count(),
            AuditEntry.objects.count(),
        ]


MEETING = "Hold the first contact after a referral"
PREVIEWS: dict[str, tuple[Any, ...]] = {
    "refer": (
        "category 4", D, {"on": "15/06/2026"}, "Referred to the coordinator",
        [("Refer after category 4", "is met, late", date(2026, 5, 11)), (MEETING, "opens", date(2026, 7, 15))],
    ),
    "withdraw-referral": (
        "referred", D, {"on": "15/06/2026", "note": "Not yet."}, "Assessed",
        [(MEETING, "falls away", date(2026, 7, 1))],
    ),
    "first-contact": (
        "referred", C, FIRST_CONTACT, "Traject started", [(MEETING, "is met", date(2026, 7, 1))],
    ),
    "first-contact, refused": (
        "referred", C, {**FIRST_CONTACT, "consent": "refused"}, "Closed",
        [(MEETING, "is met", date(2026, 7, 1))],
    ),
    "close-route": (
        "referred", C, {"on": "15/06/2026", "reason": "declined"}, "Closed",
        [(MEETING, "falls away", date(2026, 7, 1))],
    ),
    "medical-contact": (
        "sent", M, {"on": "15/06/2026", "how": "phone"}, "",
        [("Hold the medical contact of month 4", "is met, late", date(2026, 5, 4))],
    ),
    "plan": (
        "referred", C,
        {"purpose": "first_contact", "day": "22/06/2026", "time": "10:30", "how": "phone"}, "", [],
    ),
    "correction": (
        "contacted", C, {"reason": "mistake"}, "Referred to the coordinator",
        [(MEETING, "opens again", date(2026, 7, 1))],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PREVIEWS)
def test_a_preview_tells_what_will_be_and_leaves_nothing_behind(
    name: str, browse: Browse, stand: Stand
) -> None:
    state, role, data, route, expected = PREVIEWS[name]
    dossier = stand(state)
    client = browse(role)
    url = address(dossier, name.split(",")[0], "f-1" if name == "correction" else "")
    before = traces(dossier)
    answer = client.post(url, typed(dossier, preview="1", **data), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    told = answer.context["preview"]
    assert [(one.words.title, str(one.told), one.falls_on) for one in told.changes] == expected
    assert told.route == route
    for change in told.changes:
        assert change.words.why
    # The same without JavaScript, on the page itself; and then in earnest.
    page = client.post(url, typed(dossier, preview="1", **data)).content.decode()
    assert "What this will do" in page
    assert all(f"<b>{title}</b>" in page for title, _told, _day in expected)
    assert traces(dossier) == before
    assert client.post(url, typed(dossier, **data)).status_code == 302
    with scope.funds(dossier.fund_id):
        dates = set(Deadline.objects.filter(dossier=dossier).values_list("falls_on", flat=True))
    assert {day for _title, _told, day in expected} <= dates


# What is taken back in which state, to which states it goes, what then contradicts, and what becomes of the deadlines.
TAKEN_BACK: dict[str, tuple[str, str, str, list[str], str, list[str]]] = {
    "the start of the traject": (
        "started", "t-1", "First contact held", ["Return-to-work traject is not there any more."], "", [],
    ),
    "a referral that was acted on": (
        "contacted", "r-1", "Assessed", [], "First contact held", ["opens again", "was closed, and disappears"],
    ),
    "an appointment": (
        "planned", "ap-1", "", ["First contact, 22/06/2026 10:00 is not there any more."], "", [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN_BACK)
def test_a_preview_of_a_correction_says_what_will_contradict(name: str, browse: Browse, stand: Stand) -> None:
    state, fact_id, route, states, contradicts, told = TAKEN_BACK[name]
    ahead = appointment(date(2026, 6, 22), "first_contact")
    dossier = stand([*STATES["referred"], ahead] if state == "planned" else state)
    data = typed(dossier, preview="1", reason="mistake")
    url = address(dossier, "correction", fact_id)
    answer = browse(C if fact_id != "r-1" else D).post(url, data, headers={"HX-Request": "true"})
    shown, page = answer.context["preview"], answer.content.decode()
    assert (shown.route, shown.states) == (route, states)
    assert (str(shown.trouble.title) if shown.trouble else "") == contradicts
    assert ("Further acts wait until that is resolved." in page) == bool(contradicts)
    assert [str(change.told) for change in shown.changes] == told
    with scope.funds(dossier.fund_id):
        assert Dossier.objects.get(pk=dossier.pk).out_of_order == ""


def test_a_preview_of_what_resolves_a_contradiction_says_so(browse: Browse, stand: Stand) -> None:
    dossier = stand("contacted")
    browse(D).post(address(dossier, "correction", "r-1"), typed(dossier, reason="mistake"))
    data = typed(dossier, preview="1", reason="mistake")
    answer = browse(C).post(address(dossier, "correction", "f-1"), data, headers={"HX-Request": "true"})
    assert answer.context["preview"].resolved
    assert "The contradiction is resolved" in answer.content.decode()


def test_a_preview_says_to_which_states_it_goes(browse: Browse, stand: Stand) -> None:
    dossier = stand([*STATES["referred"], appointment(date(2026, 6, 15), "first_contact")])
    data = typed(dossier, preview="1", **FIRST_CONTACT)
    url = address(dossier, "first-contact", APPOINTMENT)
    answer = browse(C).post(url, data, headers={"HX-Request": "true"})
    assert answer.context["preview"].states == [
        "Return-to-work traject goes to: Running.", "First contact, 15/06/2026 10:00 goes to: Held.",
    ]  # fmt: skip
    moved = typed(dossier, preview="1", day="16/06/2026", time="11:00", how="phone")
    answer = browse(C).post(address(dossier, "move", APPOINTMENT), moved, headers={"HX-Request": "true"})
    assert answer.context["preview"].states == ["First contact, 15/06/2026 10:00 moves to 16/06/2026 11:00."]


def test_a_presumption_is_told_with_its_end_and_its_warning(
    stand: Stand, make_user: Callable[..., User], fund: Fund
) -> None:
    """The last signature: what only tells a date is neither met nor open (T13)."""
    subject = "d"
    started = fact("reintegration_started", TODAY, "rs-1", condition=1)
    dossier = stand([*STATES["started"], started, fact("declaration_drawn_up", TODAY, "dd-1", subject)])
    signed = [
        *(
            fact("declaration_signed", TODAY, f"ds-{role}", subject, role=role, method="paper")
            for role in ("insured", "coordinator", "advisory_doctor")
        ),
        fact("declaration_completed", TODAY, "dc-1", subject),
    ]
    actor = actors.of_user(make_user(D, fund=fund))
    with audit.acting_as(actor, fund):
        entries = [Entry(dossier.pk, one) for one in signed]
        shown = preview(dossier, actor, TODAY, lambda: record_many(entries, fund=fund, actor=actor))
        page = render_to_string("parts/preview.html", {"preview": shown})
    told = {one.words.title: one for one in shown.changes}
    ends = told["The presumption of incapacity ends"]
    assert (str(ends.told), ends.falls_on, ends.warned) == ("on", date(2026, 12, 15), date(2026, 11, 15))
    assert ">15/12/2026</time></b>, warned of from 15/11/2026 on" in page
    assert "is met" not in page


def test_what_is_lacking_is_named_without_its_question_mark(browse: Browse, stand: Stand) -> None:
    proposed = fact("training_proposed", date(2026, 6, 9), "tp-1", "t", proposed_by="insured")
    dossier = stand([*STATES["started"], proposed])
    data = typed(dossier, preview="1", on="15/06/2026")
    answer = browse(D).post(address(dossier, "advise-training", "t"), data, headers={"HX-Request": "true"})
    assert "Still to be filled in: Compatible with the state of health." in answer.content.decode()


def test_a_preview_says_what_is_lacking_or_wrong(browse: Browse, stand: Stand) -> None:
    dossier = stand("referred")
    client = browse(C)

    def tried(**data: str) -> str:
        data = {"preview": "1", "on": "15/06/2026", **data}
        answer = client.post(
            address(dossier, "first-contact"), typed(dossier, **data), headers={"HX-Request": "true"}
        )
        return answer.content.decode()

    role = "I explained my role, and that the traject is voluntary"
    assert f"Still to be filled in: Form, Report, {role}, Consent for data processing." in tried()
    assert "A date is expected" in tried(on="soon")
    assert "only what has happened can be recorded" in tried(**{**FIRST_CONTACT, "on": "16/06/2026"})
    assert "Still to be filled in: First step." in tried(**{**FIRST_CONTACT, "first_step": ""})
    outdated = {**typed(dossier), **FIRST_CONTACT, "seen": 1, "preview": "1"}
    answer = client.post(address(dossier, "first-contact"), outdated, headers={"HX-Request": "true"})
    assert "Meanwhile something was recorded" in answer.content.decode()


@pytest.mark.parametrize(
    ("act", "state", "told"),
    [
        ("first-contact", "referred", {}),
        ("first-contact-b", [*STATES["sent"], ANSWERED, REQUESTED], {"first_step": ""}),
    ],
)
def test_a6_all_that_a_first_contact_records_is_told_before_it(
    act: str, state: Any, told: dict[str, str], browse: Browse, stand: Stand
) -> None:
    """What happened, and what was confirmed; before that, that it still has to be."""
    dossier, client = stand(state), browse(C)

    def shown(**data: str) -> str:
        sent = typed(dossier, preview="1", **{**FIRST_CONTACT, **told, **data})
        return client.post(address(dossier, act), sent, HTTP_HX_REQUEST="true").content.decode()

    page = " ".join(shown().split())
    explained = "I explained my role, and that the traject is voluntary"
    assert f"{explained}." in page
    recorded = page[page.index("Recorded is:") :]
    for what in ("First contact held", "Form: in person", "Consent given"):
        assert what in recorded
    assert ("Return-to-work traject started" in recorded) == (act == "first-contact")
    page = " ".join(shown(role_explained="").split())
    assert "Recorded is:" not in page
    assert f"Still to be filled in: {explained}." in page


def test_what_a_day_without_its_year_was_read_as_is_told_before_it_is_recorded(
    browse: Browse, stand: Stand
) -> None:
    dossier = stand("category 4")
    client, url = browse(D), address(dossier, "refer")
    for on, told in (
        ("12/6", "Referred to the coordinator, 12/06/2026"),
        ("15/06/2026", "Referred to the coordinator<"),
    ):
        page = client.post(url, typed(dossier, on=on, preview="1"), headers={"HX-Request": "true"})
        assert told in page.content.decode()
