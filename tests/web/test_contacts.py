"""The contacts tab, who reads which report, and taking back what was recorded wrongly."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from dossiers import acts
from dossiers.documents import dispatching
from dossiers.law.facts import fact
from dossiers.models import Dossier
from routing.models import RouteAState
from routing.services.route_a import assess
from tests.web.cases import (
    APPOINTMENT,
    FIRST_CONTACT,
    STATES,
    TODAY,
    address,
    appointment,
    kinds,
    route_of,
    typed,
)
from tests.web.letters import REFERRED, on_its_way
from tnw.accounts import actors, audit
from tnw.accounts.models import Role, User
from tnw.core import clock, scope
from trajects.models import Appointment, Proposal
from trajects.proposals import propose

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
C, D, M, L = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD
TABS = ("dossier", "dossier_contacts", "dossier_career", "dossier_consents", "dossier_history")


def contacts(client: Client, dossier: Dossier) -> str:
    answer = client.get(reverse("dossier_contacts", args=[dossier.public_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_planned_appointments_with_what_can_be_done(browse: Browse, stand: Stand) -> None:
    dossier = stand([*STATES["referred"], appointment(date(2026, 6, 22), "first_contact")])
    client = browse(C)
    moved = {"day": "23/06/2026", "time": "14:00", "how": "home_visit", "place": "Kerkstraat 1, Gent"}
    assert client.post(address(dossier, "move", APPOINTMENT), typed(dossier, **moved)).status_code == 302
    page = contacts(client, dossier)
    for told in ("23/06/2026 14:00", "home visit", "Kerkstraat 1, Gent", "Move the appointment", "Planned"):
        assert told in page
    # Who comes earlier has been met; the appointment itself waits for its day.
    its_own = escape(f"{address(dossier, 'first-contact', APPOINTMENT)}&next=")
    assert its_own not in page
    assert f'href="{address(dossier, "first-contact")}?next=' in page
    assert "Kerkstraat 1, Gent" in client.get(address(dossier, "move", APPOINTMENT)).content.decode()
    with clock.at(date(2026, 6, 23)):
        page = contacts(client, dossier)
        assert "Record the first contact" in page
        assert its_own in page
        assert "Record an absence" in page
    letter = reverse("dossier_letter_write", args=[dossier.public_id, "invitation"])
    assert f'href="{letter}?subject={APPOINTMENT}"' in page
    assert client.get(f"{letter}?subject={APPOINTMENT}").status_code == 200
    for_the_lead = contacts(browse(L), dossier)
    assert "Move the appointment" not in for_the_lead
    assert letter not in for_the_lead


def test_an_act_opened_here_returns_here(browse: Browse, stand: Stand) -> None:
    dossier = stand([*STATES["referred"], appointment(date(2026, 6, 10), "follow_up")])
    client = browse(C)
    back = reverse("dossier_contacts", args=[dossier.public_id])
    assert back in client.get(f"{address(dossier, 'absence', APPOINTMENT)}&next={back}").content.decode()
    data = typed(dossier, reason="valid", note="The train did not run.", next=back)
    assert client.post(address(dossier, "absence", APPOINTMENT), data)["Location"] == back
    page = contacts(client, dossier)
    assert "Missed with a valid reason" in page
    assert "The train did not run." in page


@pytest.mark.parametrize("role", [C, D, M, L])
def test_who_reads_which_report(role: str, browse: Browse, stand: Stand) -> None:
    dossier = stand([*STATES["referred"], appointment(date(2026, 6, 10), "medical_examination")])
    report = {**FIRST_CONTACT, "consent": "later", "first_step": "", "report": "Wants to go back."}
    assert browse(C).post(address(dossier, "first-contact"), typed(dossier, **report)).status_code == 302
    medical = {"on": "10/06/2026", "how": "in_person", "note": "A finding of the doctor."}
    answer = browse(D).post(address(dossier, "medical-contact", APPOINTMENT), typed(dossier, **medical))
    assert answer.status_code == 302
    page = contacts(browse(role), dossier)
    assert "Wants to go back." in page
    assert "Medical examination" in page
    assert ("A finding of the doctor." in page) == (role in (D, M))


def test_what_was_proposed_is_filled_in(browse: Browse, stand: Stand) -> None:
    client = browse(C)  # who coordinates what comes in after it
    dossier = stand("referred")
    looked_for = client.get(address(dossier, "plan", "first_contact")).context["form"].initial
    with scope.funds(dossier.fund_id):
        assert not Proposal.objects.exists(), "no job came by yet: looked for as the form opens"
    with audit.acting_as(actors.system(), dossier.fund):
        assert propose(dossier.fund, ["T7"], TODAY).proposed == 1
        proposed = Proposal.objects.get(dossier=dossier)
    form = client.get(address(dossier, "plan", "first_contact")).context["form"]
    assert form.initial == {
        "purpose": "first_contact",
        "day": proposed.on,
        "time": proposed.at.astimezone(clock.BRUSSELS).time(),
        "how": proposed.form,
        "place": proposed.place,
    }
    assert looked_for == form.initial, "in the same way"
    planned = {name: form[name].value() for name in form.fields}
    planned |= {"day": f"{proposed.on:%d/%m/%Y}", "time": f"{planned['time']:%H:%M}"}
    assert client.post(address(dossier, "plan"), typed(dossier, **planned)).status_code == 302
    with scope.funds(dossier.fund_id):
        assert Appointment.objects.get(dossier=dossier).at == proposed.at


def test_contacts_cost_few_queries(
    browse: Browse, stand: Stand, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    dossier = stand([*STATES["started"], appointment(date(2026, 6, 10), "follow_up")])
    client = browse(C)
    for page, ceiling in (
        (reverse("dossier_contacts", args=[dossier.public_id]), 17),
        (address(dossier, "hold-contact", APPOINTMENT), 20),
        (address(dossier, "move", APPOINTMENT), 20),
        (reverse("dossier", args=[dossier.public_id]), 20),
    ):
        client.get(page)
        with django_assert_max_num_queries(ceiling):
            assert client.get(page).status_code == 200


# Who takes back which fact: those who make such facts, and a team lead any; what was delivered stays, and so does the
# consent on which a traject rests as long as that runs.
MAY_VOID = {"q-1": {C, L}, "a-1": {D, M, L}, "r-1": {D, L}, "f-1": {C, L}, "c-1": set(), "t-1": {C, L}}


@pytest.mark.parametrize("fact_id", MAY_VOID)
def test_who_takes_back_which_fact(fact_id: str, browse: Browse, stand: Stand) -> None:
    dossier = stand("started")
    for role in (C, D, M, L):
        may = role in MAY_VOID[fact_id]
        client = browse(role)
        answer = client.get(address(dossier, "correction", fact_id))
        assert answer.status_code == (200 if may else 403), role
        history = client.get(reverse("dossier_history", args=[dossier.public_id])).content.decode()
        assert (f"correction?subject={fact_id}" in history) == may, role


def test_what_the_delivery_said_is_not_taken_back(browse: Browse, stand: Stand) -> None:
    dossier = stand("referred")
    with scope.funds(dossier.fund_id):
        recognized = dossier.entries.get(kind="incapacity_recognized").fact_id
    answer = browse(L).get(address(dossier, "correction", recognized))
    assert answer.status_code == 403
    assert "its next delivery corrects it" in answer.content.decode()


def test_taking_back_undoes_what_followed(browse: Browse, stand: Stand) -> None:
    dossier = stand("contacted")
    client = browse(C)
    page = client.get(address(dossier, "correction", "f-1")).content.decode()
    assert "First contact held" in page
    assert "08/06/2026" in page
    answer = client.post(address(dossier, "correction", "f-1"), typed(dossier, reason="duplicate"))
    assert answer.status_code == 302
    assert route_of(dossier).state == RouteAState.REFERRED
    history = client.get(reverse("dossier_history", args=[dossier.public_id])).content.decode()
    assert "recorded twice" in history
    again = client.post(address(dossier, "correction", "f-1"), typed(dossier, reason="mistake"))
    assert "This fact is voided already." in again.content.decode()
    assert kinds(dossier).count("fact_voided") == 1


def test_a_correction_that_contradicts_is_kept_told_and_resolved(browse: Browse, stand: Stand) -> None:
    dossier = stand("referred")
    assert (
        browse(D)
        .post(address(dossier, "correction", "a-1"), typed(dossier, reason="other_person"))
        .status_code
        == 302
    )
    assert kinds(dossier)[-1] == "fact_voided"
    for role in (C, L):
        client = browse(role)
        for tab in TABS:
            page = client.get(reverse(tab, args=[dossier.public_id])).content.decode()
            assert "What is recorded in this dossier contradicts itself" in page
            assert "“Referred to the coordinator” of 01/06/2026" in page
            link = f"{address(dossier, 'correction')}?subject=r-1" in page
            # The history links what may be taken back in any case.
            assert link == (role == L)
    refused = browse(C).get(address(dossier, "plan"))
    assert refused.status_code == 403
    assert "contradicts itself" in refused.content.decode()
    answer = browse(L).post(address(dossier, "correction", "r-1"), typed(dossier, reason="mistake"))
    assert answer.status_code == 302
    page = browse(C).get(reverse("dossier", args=[dossier.public_id])).content.decode()
    assert "contradicts itself" not in page
    assert route_of(dossier).state == RouteAState.SENT


def test_the_bar_says_route_and_consent(browse: Browse, stand: Stand) -> None:
    def bar(dossier: Dossier) -> tuple[str, str]:
        context = browse(C).get(reverse("dossier", args=[dossier.public_id])).context
        return str(context["route"]), str(context["consent"]).lower()

    assert bar(stand("referred")) == ("Referred to the coordinator", "")
    assert bar(stand("started")) == ("Traject started", "consent given")
    withdrawn = fact("consent_withdrawn", date(2026, 6, 12), "w-1", purpose="data_processing")
    assert bar(stand([*STATES["started"], withdrawn])) == ("Traject started", "consent withdrawn")


def test_the_bar_names_who_assessed_last(browse: Browse, stand: Stand, doctor: User) -> None:
    """Of history nobody is named, nor of an assessment that was taken back."""
    dossier, bar = stand("category 2"), "Last assessed by"
    client = browse(C)
    page = reverse("dossier", args=[dossier.public_id])
    assert bar not in client.get(page).content.decode()
    with scope.funds(dossier.fund_id):
        who: dict[str, Any] = {"dossier_id": dossier.public_id, "actor": actors.of_user(doctor), "on": TODAY}
        assess(**who, category=4)
    told = client.get(page).content.decode()
    assert bar in told
    assert doctor.name in told
    with scope.funds(dossier.fund_id):
        made = dossier.entries.filter(kind="assessment_made").latest("seq")
        acts.void(**who, fact_id=made.fact_id, reason="mistake")
    assert bar not in client.get(page).content.decode()


ADDRESS, NUMBER = "Kerkstraat 1, Gent", "+32 470 12 34 56"


def place_told(client: Client, dossier: Dossier, subject: str = APPOINTMENT) -> Any:
    return client.get(address(dossier, "move", subject)).context["form"]["place"].value()


def test_nobody_is_called_at_an_address(browse: Browse, stand: Stand) -> None:
    """What stood there for a visit goes with it; typed for a call it is refused, a number is kept."""
    dossier = stand([*STATES["referred"], appointment(date(2026, 6, 22), "first_contact")])
    client = browse(C)

    def move(**told: str) -> Any:
        told = {"day": "23/06/2026", "time": "14:00", "how": "in_person", **told}
        return client.post(address(dossier, "move", APPOINTMENT), typed(dossier, **told))

    assert move(place=ADDRESS).status_code == 302
    assert move(how="phone", place=ADDRESS, time="14:30").status_code == 302
    assert place_told(client, dossier) in ("", None)
    assert ADDRESS not in contacts(client, dossier)
    refused = move(how="phone", place="Station, Gent", time="15:00")
    assert "By phone a number is called" in refused.content.decode()
    assert move(how="phone", place=NUMBER, time="15:00").status_code == 302
    assert place_told(client, dossier) == NUMBER
    assert move(place="", time="15:30").status_code == 302
    assert place_told(client, dossier) in ("", None)


@pytest.mark.parametrize(("place", "kept"), [(None, ""), (NUMBER, NUMBER), ("Station, Gent", None)])
def test_a_call_is_planned_without_the_place_that_was_proposed(
    place: str | None, kept: str | None, browse: Browse, stand: Stand
) -> None:
    client = browse(C)
    dossier = stand("referred")
    with audit.acting_as(actors.system(), dossier.fund):
        propose(dossier.fund, ["T7"], TODAY)
    form = client.get(address(dossier, "plan", "first_contact")).context["form"]
    proposed = form["place"].value()
    assert proposed
    told = {"purpose": "first_contact", "day": "22/06/2026", "time": "10:30", "how": "phone"}
    told["place"] = proposed if place is None else place
    answer = client.post(address(dossier, "plan", "first_contact"), typed(dossier, **told))
    if kept is None:
        assert "By phone a number is called" in answer.content.decode()
        return
    assert answer.status_code == 302
    with scope.funds(dossier.fund_id):
        subject = Appointment.objects.get(dossier=dossier).subject
    assert (place_told(client, dossier, subject) or "") == kept


def told_otherwise(client: Client, dossier: Dossier) -> tuple[str, str, str]:
    """Of its one appointment: what the insured knows, which letter is offered, and what the overview begins with."""
    shown: Any = client.get(reverse("dossier_contacts", args=[dossier.public_id])).context
    contacts_there: list[Any] = shown["planned"] + shown["past"]
    (one,) = contacts_there
    now: Any = client.get(reverse("dossier", args=[dossier.public_id])).context["now"].next
    return str(one.knows), one.letter, now.title if now else ""


@pytest.mark.parametrize("left", [True, False])
@pytest.mark.parametrize("act", ["move", "cancel"])
def test_who_knows_the_former_moment_has_to_be_told(
    act: str, left: bool, browse: Browse, stand: Stand, coordinator: User
) -> None:
    """After a move or a cancellation nothing said so, while the invitation with the old hour was on its way."""
    dossier = stand(REFERRED)
    with clock.at(TODAY, 12):
        way = on_its_way(dossier, coordinator)
        if left:
            with audit.acting_as(actors.of_user(coordinator), dossier.fund):
                dispatching.confirm(dispatch_id=way.public_id, actor=actors.of_user(coordinator), on=TODAY)
    client = browse(C)
    assert told_otherwise(client, dossier)[:2] == ("", "invitation")
    with clock.at(TODAY, 13):
        told = {"day": "23/06/2026", "time": "14:00", "how": "phone"} if act == "move" else {}
        answer = client.post(address(dossier, act, APPOINTMENT), typed(dossier, **told), follow=True)
        said = answer.content.decode()
        knows, letter, title = told_otherwise(client, dossier)
    kind = {"move": "appointment_moved", "cancel": "appointment_cancelled"}[act]
    if left:
        assert "still knows" in knows
        assert letter == kind
        assert reverse("dossier_letter_write", args=[dossier.public_id, kind]) in said
    else:
        assert knows == "The letter that waits for the post no longer holds."
        assert letter == ""
        assert reverse("dossier_letters", args=[dossier.public_id]) in said
    assert knows in said
    assert title.startswith("Write that it" if left else "Say that it does not go")
    with clock.at(TODAY, 14):
        if left:
            on_its_way(dossier, coordinator, kind=letter)
        else:
            with audit.acting_as(actors.of_user(coordinator), dossier.fund):
                dispatching.withdraw(dispatch_id=way.public_id, actor=actors.of_user(coordinator))
        knows, letter, title = told_otherwise(client, dossier)
    assert knows == ""
    assert letter == ("invitation" if act == "move" else kind)


def test_what_moved_back_is_known_as_it_is(browse: Browse, stand: Stand, coordinator: User) -> None:
    dossier = stand(REFERRED)
    with clock.at(TODAY, 12):
        on_its_way(dossier, coordinator)
    client = browse(C)
    for hour, (day, time) in enumerate([("23/06/2026", "14:00"), ("22/06/2026", "10:00")], start=13):
        with clock.at(TODAY, hour):
            told = {"day": day, "time": time, "how": "phone"}
            client.post(address(dossier, "move", APPOINTMENT), typed(dossier, **told))
            assert (told_otherwise(client, dossier)[0] == "") == (hour == 14)
