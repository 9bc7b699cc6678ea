"""The cards of the traject tab: what each says, that the step that is due stands on it first, what stays with what runs."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier
from tests.presumption.test_bands import FORMAL, signed, trained
from tests.web.cases import ASSESSED, SENT, STATES, appointment, moment
from tnw.accounts.models import Role
from tnw.core import clock
from tnw.web.cards.card import Card

Browse = Callable[..., Client]
Stand = Callable[..., Dossier]
C, D = Role.COORDINATOR, Role.ADVISORY_DOCTOR
REQUESTED = fact("contact_requested", date(2026, 5, 4), "b-1")
ANSWERED = fact("questionnaire_received", date(2026, 5, 4), "qr-1", complete=True, channel="post")
AT_EMPLOYER = fact("employer_traject_started", date(2026, 6, 9), "e-1", requested_by="employer")
OVER_THERE = fact("employer_traject_ended", date(2026, 6, 11), "e-2", decision="B")


def tab(client: Client, dossier: Dossier) -> Any:
    return client.get(reverse("dossier_traject", args=[dossier.public_id]))


def cards_of(answer: Any, of: str) -> tuple[list[Card], list[Card]]:
    """What runs, what is over."""
    running, over = ([card for card in answer.context[name] if card.of == of] for name in ("running", "over"))
    return running, over


# The state, who looks, the card, and the first act on it.
FIRST: dict[str, tuple[str | Sequence[Fact], Role, str, str]] = {
    "the first contact is planned": ("referred", C, "route_a", "Plan the first contact"),
    "it was held": ("contacted", C, "route_a", "Record the decision on consent"),
    "the doctor refers": ("category 4", D, "route_a", "Refer to the coordinator"),
    "a request waits for its contact": (
        [SENT, ANSWERED, REQUESTED], C, "route_b", "Plan the first contact",
    ),
    "a traject without a contact": ("started", C, "traject", "Plan a follow-up interview"),
}  # fmt: skip


@pytest.mark.parametrize("name", FIRST)
def test_the_step_that_carries_it_on_stands_first_on_its_card(
    name: str, browse: Browse, stand: Stand
) -> None:
    state, role, of, title = FIRST[name]
    answer = tab(browse(role), stand(state))
    (card,), over = cards_of(answer, of)
    assert over == []
    assert card.steps[0].title == title
    assert f'class="btn btn-primary">{title}' in answer.content.decode()


def test_of_all_that_can_be_done_one_step_is_the_next(browse: Browse, stand: Stand) -> None:
    """The same as on the overview: a plan after the declaration before an appointment that is lacking."""
    page = tab(browse(C), stand(signed("2026-05-20"))).content.decode()
    assert page.count("btn-primary") == 1
    assert 'class="btn btn-primary">Plan the interview for the plan' in page
    assert 'class="btn btn-quiet">Plan a follow-up interview' in page


def test_route_a_runs_tells_what_happened_and_is_over(browse: Browse, stand: Stand) -> None:
    client = browse(C)
    answer = tab(client, stand([*STATES["referred"], appointment(date(2026, 6, 22), "first_contact")]))
    (card,), _over = cards_of(answer, "route_a")
    assert ("First contact planned on", "22/06/2026 10:00") in card.lines
    assert [on for on, _what in card.course] == ["16/03/2026", "04/05/2026", "01/06/2026"]
    assert "Nothing runs in this dossier now." not in answer.content.decode()
    answer = tab(client, stand("closed"))
    running, (card,) = cards_of(answer, "route_a")
    assert running == []
    assert ("Closed on", "09/06/2026") in card.lines


def test_what_was_written_beside_a_step_follows_a_colon(browse: Browse, stand: Stand) -> None:
    closed = fact("route_closed", date(2026, 6, 9), "x-b", route="B", reason="declined")
    answer = tab(browse(C), stand([SENT, ANSWERED, REQUESTED, closed]))
    _running, (card,) = cards_of(answer, "route_b")
    assert ("Closed on", "09/06/2026") in card.lines


def test_z3_a_declaration_signed_by_all_stands_with_the_formal_part_while_that_runs(
    browse: Browse, stand: Stand
) -> None:
    client = browse(C)
    (card,), over = cards_of(tab(client, stand(signed("2026-02-10"))), "declaration")
    assert over == []
    assert ("Presumption of incapacity", "10/02/2026 up to and including 10/08/2026") in card.lines
    ended = fact("reintegration_ended", date(2026, 6, 8), "r-9", result="no_result")
    running, over = cards_of(tab(client, stand([*signed("2026-02-10"), ended])), "declaration")
    assert (running, len(over)) == ([], 1)


def test_h2_a_training_tells_its_stages_its_decision_and_its_presumption(
    browse: Browse, stand: Stand
) -> None:
    broken = fact("training_broken_off", date(2026, 6, 9), "tb", "a")
    answer = tab(browse(C), stand([*FORMAL, *trained("2026-04-07", "2026-09-30"), broken]))
    _running, (card,) = cards_of(answer, "training")
    lines = {str(label): str(text) for label, text in card.lines}
    assert lines["Decision"] == "approved on 06/02/2026"
    assert lines["Presumption of incapacity"] == "07/04/2026 up to and including 09/06/2026"
    assert lines["Broken off on"] == "09/06/2026"
    assert [(str(on), str(what)) for on, what in card.course][1:5] == [
        ("03/02/2026", "Advice on the training given (favourable)"),
        ("04/02/2026", "Training submitted to RIZIV"),
        ("05/02/2026", "Training reviewed by RIZIV (favourable)"),
        ("06/02/2026", "Decision on the training (approved)"),
    ]


def test_z9_the_decision_of_the_occupational_physician_in_words(browse: Browse, stand: Stand) -> None:
    answer = tab(browse(C), stand([*STATES["started"], AT_EMPLOYER, OVER_THERE]))
    _running, (card,) = cards_of(answer, "employer")
    assert ("Decision", "B: definitively unfit for the agreed work") in card.lines


WAITS: dict[str, tuple[Sequence[Fact], str]] = {
    "traject at the employer": (
        [*STATES["started"], AT_EMPLOYER], "The end of the traject at the employer, which runs since 09/06/2026",
    ),
    "form sent": (
        [*STATES["started"], fact("partner_form_sent", date(2026, 6, 9), "p-1", "p", service="vdab")],
        "The answer of VDAB to the form sent on 09/06/2026",
    ),
    "training with RIZIV": (
        [*FORMAL, *trained("2026-07-01", "2026-09-30")[:3]], "The review of the training by RIZIV",
    ),
    "training with the HCGRI": (
        [*FORMAL, *trained("2026-07-01", "2026-09-30")[:4]], "The decision of the HCGRI on the training",
    ),
    "training": ([*FORMAL, *trained("2026-04-07", "2026-09-30")], "The end of the training on 30/09/2026"),
}  # fmt: skip


@pytest.mark.parametrize("name", WAITS)
def test_who_is_waited_for_is_named(name: str, browse: Browse, stand: Stand) -> None:
    facts, sentence = WAITS[name]
    answer = browse(C).get(reverse("dossier", args=[stand(facts).public_id]))
    assert sentence in answer.context["now"].waits


def overview(client: Client, dossier: Dossier, today: date) -> Any:
    with clock.at(today):
        return client.get(reverse("dossier", args=[dossier.public_id]))


def test_t13_the_end_of_the_presumption_is_a_day_and_nobodys_act(browse: Browse, stand: Stand) -> None:
    dossier = stand(signed("2026-02-09"))  # it ends on a Sunday
    now = overview(browse(C), dossier, date(2026, 7, 20)).context["now"]
    told = [text for text in now.waits if "presumption" in text]
    assert told == ["The presumption of incapacity ends on 09/08/2026"]
    assert not [line for line in now.due if line.row.rule == "T13"]


def test_d3_the_legal_date_and_the_day_to_act_by_are_told_apart(browse: Browse, stand: Stand) -> None:
    dossier = stand([SENT, ASSESSED[3]])  # to look at again on 04/07/2026, a Saturday
    now = overview(browse(C), dossier, date(2026, 5, 11)).context["now"]
    assert any("to act by 03/07/2026 (legal date 04/07/2026)" in text for text in now.waits)
    page = " ".join(overview(browse(D), dossier, date(2026, 6, 22)).content.decode().split())
    assert 'to act by <b><time datetime="2026-07-03">' in page
    assert '(legal date <time datetime="2026-07-04">04/07/2026</time>)' in page


def test_t18_a_deadline_that_stands_still_says_so(browse: Browse, stand: Stand) -> None:
    suspended = fact("traject_suspended", date(2026, 3, 2), "su", reason="illness")
    now = overview(browse(C), stand([*signed("2026-02-10"), suspended]), date(2026, 3, 16)).context["now"]
    assert any(": stands still since 02/03/2026, its day moves on" in text for text in now.waits)


def test_two_contacts_without_an_outcome_are_told_apart(browse: Browse, stand: Stand) -> None:
    first, made = appointment(date(2026, 6, 9), "follow_up"), date(2026, 6, 6)
    values = {"purpose": "follow_up", "at": moment(date(2026, 6, 11)), "form": "phone"}
    second = fact("appointment_made", made, "ap-2", "0190a000-0000-7000-8000-000000000002", **values)
    now = overview(browse(C), stand([*STATES["started"], first, second]), date(2026, 6, 15)).context["now"]
    titles = [one.title for one in (now.next, *now.mine)]
    assert [title for title in titles if "contact" in title] == [
        "Record the contact of 09/06/2026",
        "Record the contact of 11/06/2026",
    ]
    assert len({one.url for one in (now.next, *now.mine) if "contact" in one.title}) == 2


def test_the_bar_tells_how_far_the_formal_part_is(browse: Browse, stand: Stand) -> None:
    page = overview(browse(C), stand(signed("2026-05-20")), date(2026, 6, 15)).content.decode()
    assert "<dt>Reintegration traject</dt><dd>Plan to be made</dd>" in page


def test_the_bar_tells_of_open_routes(browse: Browse, stand: Stand) -> None:
    page = overview(browse(C), stand([SENT, ANSWERED, REQUESTED]), date(2026, 6, 15)).content.decode()
    assert "<dt>Route A</dt>" in page
    assert "<dt>Route B</dt>" in page
    assert "<dt>Route C</dt>" not in page
