"""Permissions, advice and adapted work one after the other: each on its screen, kept, recorded, and then the next."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers import health
from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier, LedgerEntry
from dossiers.notes import notes_of
from routing import claims
from tests.queues.conftest import MEDICAL, head, rows
from tests.queues.settling import settle
from tests.web.cases import TODAY
from tests.web.test_decisions import asked, declared, proposed
from tnw.accounts import actors, audit
from tnw.accounts.models import AccessLog, Fund, Role, User
from tnw.core import clock, scope
from tnw.web import decisions

Stand = Callable[..., Dossier]
# By the act in its address: what waits, what it names, what is sent, and the kinds of facts that follow.
Sent = dict[str, str]
CASES: list[tuple[str, list[Fact], str, Sent, list[str]]] = [
    (
        "decide-permission",
        asked(date(2026, 6, 9)),
        "",
        {"decision": "granted", "reason": MEDICAL},
        ["permission_granted", "traject_started"],
    ),
    (
        "decide-permission",
        asked(date(2026, 6, 9)),
        "",
        {"decision": "refused", "reason": MEDICAL, "for_insured": "Not before autumn."},
        ["permission_refused"],
    ),
    (
        "advise-training",
        proposed(date(2026, 6, 9)),
        "t",
        {"favorable": "yes", "medical": MEDICAL},
        ["training_advised"],
    ),
    (
        "permit-adapted-work",
        declared(date(2026, 6, 17)),
        "w",
        {"decision": "permitted", "first_day": "17/06/2026", "hours": "19,5", "medical": MEDICAL},
        ["adapted_work_permitted"],
    ),
    (
        "permit-adapted-work",
        declared(date(2026, 6, 17)),
        "w",
        {"decision": "refused", "medical": MEDICAL, "insured": "Too heavy."},
        ["adapted_work_refused"],
    ),
]
# What is lacking, and at which field that is said.
LACKING: list[tuple[str, list[Fact], str, Sent, str]] = [
    ("decide-permission", asked(date(2026, 6, 9)), "", {}, "decision"),
    ("decide-permission", asked(date(2026, 6, 9)), "", {"decision": "refused"}, "reason"),
    ("advise-training", proposed(date(2026, 6, 9)), "t", {"favorable": "no", "medical": "x"}, "insured"),
    ("permit-adapted-work", declared(date(2026, 6, 17)), "w", {"decision": "permitted"}, "first_day"),
    ("permit-adapted-work", declared(date(2026, 6, 17)), "w", {"decision": "refused"}, "medical"),
]


# A refusal needs two texts: what lacks is said at once.
REFUSED: list[tuple[str, list[Fact], str, Sent, set[str]]] = [
    ("decide-permission", asked(date(2026, 6, 9)), "", {"decision": "refused"}, {"reason", "for_insured"}),
    ("advise-training", proposed(date(2026, 6, 9)), "t", {"favorable": "no"}, {"medical", "insured"}),
    (
        "permit-adapted-work",
        declared(date(2026, 6, 17)),
        "w",
        {"decision": "refused", "medical": " "},
        {"medical", "insured"},
    ),
]


def address(dossier: Dossier, act: str, subject: str, name: str = "decide") -> str:
    url = reverse(name, args=[dossier.public_id, act])
    return f"{url}?subject={subject}" if subject else url


def sent(dossier: Dossier, told: Sent) -> dict[str, Any]:
    return {"seen": head(dossier), "on": "15/06/2026", "act": "decide", **told}


def since(dossier: Dossier, facts: list[Fact]) -> list[LedgerEntry]:
    """What was recorded by the doctor, in its order."""
    with scope.funds(dossier.fund_id):
        entries = LedgerEntry.objects.filter(dossier=dossier, actor__user__isnull=False).order_by("seq")
        return list(entries)


@pytest.mark.parametrize(("act", "facts", "subject", "told", "lacking"), REFUSED)
def test_all_that_a_refusal_lacks_is_said_at_once(
    act: str,
    facts: list[Fact],
    subject: str,
    told: Sent,
    lacking: set[str],
    stand: Stand,
    doctor: User,
    client: Client,
) -> None:
    dossier = stand(facts)
    client.force_login(doctor)
    client.get(address(dossier, act, subject))
    answer = client.post(address(dossier, act, subject), sent(dossier, told))
    assert set(answer.context["form"].errors) == lacking
    assert since(dossier, facts) == []


@pytest.mark.parametrize(("act", "facts", "subject", "told", "kinds"), CASES)
def test_each_is_decided_kept_and_recorded(
    act: str,
    facts: list[Fact],
    subject: str,
    told: Sent,
    kinds: list[str],
    stand: Stand,
    doctor: User,
    client: Client,
) -> None:
    dossier, after = stand(facts, last_name="Van Hée", first_name="Zoë"), stand(asked(date(2026, 6, 11)))
    client.force_login(doctor)
    listed = client.get(reverse("decisions")).content.decode()
    assert address(dossier, act, subject) in listed
    assert client.get(address(dossier, act, subject)).context["held"] is None
    answer = client.post(address(dossier, act, subject), sent(dossier, told))
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer["Location"] == address(after, "decide-permission", "")
    assert since(dossier, facts) == []
    page = client.get(answer["Location"]).content.decode()
    assert "Decided for Van Hée Zoë:" in page
    assert address(dossier, act, subject) not in page, "nobody decides on it twice"
    assert settle(dossier.fund) == (1, 0, 0)
    made = since(dossier, facts)
    assert set(kinds) <= {entry.kind for entry in made}
    with scope.funds(dossier.fund_id):
        assert MEDICAL in notes_of(actors.of_user(doctor), made)[made[0].fact_id].texts
    assert rows(dossier.fund) == []


@pytest.mark.parametrize(("act", "facts", "subject", "told", "field"), LACKING)
def test_what_is_lacking_is_said_at_its_field(
    act: str,
    facts: list[Fact],
    subject: str,
    told: Sent,
    field: str,
    stand: Stand,
    doctor: User,
    client: Client,
) -> None:
    dossier = stand(facts)
    client.force_login(doctor)
    told = {"first_day": "", **told} if act == "permit-adapted-work" else told
    answer = client.post(address(dossier, act, subject), sent(dossier, told))
    assert field in answer.context["form"].errors
    assert rows(dossier.fund) == []


def test_taken_back_the_screen_stands_there_as_it_was(stand: Stand, doctor: User, client: Client) -> None:
    dossier = stand(declared(date(2026, 6, 17)))
    client.force_login(doctor)
    told = {"decision": "permitted", "first_day": "17/06/2026", "hours": "19,5", "medical": MEDICAL}
    client.post(address(dossier, "permit-adapted-work", "w"), sent(dossier, told))
    (row,) = rows(dossier.fund)
    answer = client.post(reverse("pending_back", args=[row.public_id]))
    assert answer["Location"] == address(dossier, "permit-adapted-work", "w")
    form = client.get(answer["Location"]).context["form"]
    assert {name: str(form[name].value()) for name in told} == told


@pytest.mark.parametrize("role", sorted(Role))
def test_it_is_the_doctors_and_of_his_fund(
    role: str,
    stand: Stand,
    browse: Callable[[str], Client],
    client: Client,
    other_fund: Fund,
    make_user: Callable[..., User],
) -> None:
    dossier = stand(asked(date(2026, 6, 9)))
    may = role == Role.ADVISORY_DOCTOR
    for name in ("decide", "decide_ahead"):
        url = address(dossier, "decide-permission", "", name)
        assert browse(role).get(url).status_code == (200 if may else 403)
        client.force_login(make_user(role, fund=other_fund))
        assert client.get(url).status_code == (404 if may else 403)


def test_what_is_not_there_is_not_found(stand: Stand, doctor: User, client: Client) -> None:
    dossier = stand(asked(date(2026, 6, 9)))
    client.force_login(doctor)
    assert client.get(address(dossier, "sign-as-doctor", "d")).status_code == 404
    assert client.get(address(dossier, "advise-training", "t")).status_code == 404
    assert client.get(address(dossier, "advise-training", "")).status_code == 404


def test_two_doctors_are_not_led_to_the_same(
    stand: Stand, doctor: User, colleague: User, client: Client
) -> None:
    first, second = stand(asked(date(2026, 6, 9))), stand(asked(date(2026, 6, 10)))
    queue = reverse("decisions")
    for user, found in ((doctor, first), (colleague, second), (doctor, first)):
        client.force_login(user)
        assert client.post(queue)["Location"] == address(found, "decide-permission", "")
    # Passed over, it waits for whoever comes next; beyond it there is nothing left.
    skipped = client.post(address(first, "decide-permission", ""), {"act": "skip"})["Location"]
    assert skipped == queue
    client.force_login(colleague)
    theirs = client.get(address(first, "decide-permission", ""))
    assert theirs.context["held"] is None
    client.force_login(doctor)
    held = client.post(address(first, "decide-permission", ""), sent(first, {"decision": "granted"}))
    assert held.context["held"].user == colleague
    assert held.context["form"]["decision"].value() == "granted"


def test_the_next_is_held_ready_and_shown_where_it_is_still_the_next(
    stand: Stand,
    doctor: User,
    colleague: User,
    client: Client,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    """Loaded ahead it is logged as that and claimed by nobody; shown it is claimed, and logged as shown."""
    first, second = stand(asked(date(2026, 6, 9))), stand(asked(date(2026, 6, 10)))
    client.force_login(doctor)
    url = address(first, "decide-permission", "")
    with django_assert_max_num_queries(48):
        client.get(url)
    with django_assert_max_num_queries(50):
        ahead = client.get(address(first, "decide-permission", "", "decide_ahead"))
    assert ahead["X-Queue-Url"] == address(second, "decide-permission", "")
    assert "Decide on the permission" in ahead.content.decode()
    fund, theirs = first.fund, actors.of_user(doctor)

    def seen(dossier: Dossier) -> list[str]:
        with scope.funds(fund.pk):
            log = AccessLog.objects.filter(dossier_id=dossier.pk).order_by("pk")
            return list(log.values_list("through", flat=True))

    assert seen(second) == ["ahead"]
    with scope.funds(fund.pk):
        assert not claims.holds(second, theirs)
    told = sent(first, {"decision": "granted"})
    ready = {"ahead": ahead["X-Queue-Url"], "ahead_head": ahead["X-Queue-Head"]}
    with django_assert_max_num_queries(140):
        answer = client.post(url, {**told, **ready}, headers={"X-Queue": "next"})
    assert (answer["X-Queue-Ready"], answer["X-Queue-Url"]) == ("1", ahead["X-Queue-Url"])
    assert 'id="strip"' in answer.content.decode()
    assert 'id="decision"' not in answer.content.decode()
    assert seen(second) == ["ahead", "decision"]
    with scope.funds(fund.pk):
        assert claims.holds(second, theirs)
    # The last of them: out of the queue, to its list.
    answer = client.post(
        address(second, "decide-permission", ""),
        sent(second, {"decision": "granted"}),
        headers={"X-Queue": "next"},
    )
    assert answer["X-Queue-Go"] == reverse("decisions")
    with clock.at(TODAY):
        assert settle(fund).recorded == 2


def test_what_was_held_ready_and_is_not_the_next_any_more_is_not_shown(
    stand: Stand, doctor: User, colleague: User, client: Client
) -> None:
    first, second, third = (stand(asked(date(2026, 6, day))) for day in (9, 10, 11))
    client.force_login(doctor)
    ahead = client.get(address(first, "decide-permission", "", "decide_ahead"))
    ready = {"ahead": ahead["X-Queue-Url"], "ahead_head": ahead["X-Queue-Head"]}
    client.force_login(colleague)
    client.get(address(second, "decide-permission", ""))
    client.force_login(doctor)
    told = {**sent(first, {"decision": "granted"}), **ready}
    answer = client.post(address(first, "decide-permission", ""), told, headers={"X-Queue": "next"})
    assert "X-Queue-Ready" not in answer
    assert answer["X-Queue-Url"] == address(third, "decide-permission", "")
    assert 'id="decision"' in answer.content.decode()
    # Nor is it where something was recorded in it since it was loaded.
    stale = {**sent(third, {"decision": "granted"}), "ahead": ahead["X-Queue-Url"], "ahead_head": "1"}
    client.force_login(colleague)
    client.post(address(second, "decide-permission", ""), {"act": "leave"})
    client.force_login(doctor)
    answer = client.post(address(third, "decide-permission", ""), stale, headers={"X-Queue": "next"})
    assert "X-Queue-Ready" not in answer
    assert answer["X-Queue-Url"] == address(second, "decide-permission", "")


def test_after_the_last_one_the_empty_list_says_so_once(stand: Stand, doctor: User, client: Client) -> None:
    one = stand(asked(date(2026, 6, 9)))
    client.force_login(doctor)
    told = sent(one, {"decision": "granted"})
    answer = client.post(address(one, "decide-permission", ""), told, follow=True)
    assert "No decision waits for you." in answer.content.decode()
    assert list(answer.context["messages"]) == []


def passed_over(client: Client) -> list[str]:
    """Every case that is shown to who begins the queue and decides on none of it."""
    shown = []
    url = client.post(reverse("decisions"))["Location"]
    while url != reverse("decisions"):
        shown.append(url.partition("after=")[0].rstrip("?&"))
        assert len(shown) < 20, shown
        after = url.partition("after=")[2]
        url = client.post(url, {"act": "skip", "after": after})["Location"]
    return shown


def test_however_many_wait_each_case_comes_up(
    stand: Stand, doctor: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "SHOWN", 2)
    cases = [stand(asked(date(2026, 6, day))) for day in (1, 9, 10, 11, 12)]
    last = stand(proposed(date(2026, 6, 9)))
    client.force_login(doctor)
    assert passed_over(client) == [
        *(address(one, "decide-permission", "") for one in cases),
        address(last, "advise-training", "t"),
    ]


def test_the_queue_begins_where_other_things_stand_first(
    stand: Stand, doctor: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "SHOWN", 1)
    monkeypatch.setattr(decisions, "QUEUED", ("advise-training",))
    stand(asked(date(2026, 6, 1)))
    last = stand(proposed(date(2026, 6, 9)))
    client.force_login(doctor)
    assert passed_over(client) == [address(last, "advise-training", "t")]
    assert client.get(reverse("decisions")).context["queued"]


def test_of_two_in_one_dossier_from_one_day_passing_over_one_leaves_the_other(
    stand: Stand, doctor: User, client: Client
) -> None:
    starts_on = date(2026, 6, 17)
    second = [
        fact("adapted_work_planned", date(2026, 6, 1), "v-1", "v", starts_on=starts_on),
        fact("adapted_work_declared", date(2026, 6, 2), "v-2", "v"),
    ]
    dossier = stand([*declared(starts_on), *second])
    client.force_login(doctor)
    assert sorted(passed_over(client)) == [address(dossier, "permit-adapted-work", one) for one in ("v", "w")]


@pytest.mark.parametrize(("sight", "stays"), [("medical", False), ("", True)])
def test_what_was_held_ready_is_not_shown_without_a_health_note_written_since(
    sight: str, stays: bool, stand: Stand, doctor: User, client: Client
) -> None:
    """A note is no entry of the ledger; what was shown to be logged as shown has it."""
    first, second = stand(asked(date(2026, 6, 9))), stand(asked(date(2026, 6, 10)))
    client.force_login(doctor)
    ahead = client.get(address(first, "decide-permission", "", "decide_ahead"))
    if sight:
        actor = actors.of_user(doctor)
        with audit.acting_as(actor, second.fund):
            health.write(dossier_id=second.public_id, sight=sight, text=MEDICAL, actor=actor)
    ready = {"ahead": ahead["X-Queue-Url"], "ahead_head": ahead["X-Queue-Head"]}
    told = {**sent(first, {"decision": "granted"}), **ready}
    answer = client.post(address(first, "decide-permission", ""), told, headers={"X-Queue": "next"})
    assert answer["X-Queue-Url"] == ahead["X-Queue-Url"]
    assert ("X-Queue-Ready" in answer) == stays
    assert (MEDICAL in answer.content.decode()) != stays
