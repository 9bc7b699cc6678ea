"""T20: what was taken back by mistake the team lead lets stand again, and what rests on it stays done."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from dossiers import acts, restoring
from dossiers.law.facts import Fact, corrected, fact
from dossiers.models import Dossier, LedgerEntry, LedgerPayload
from dossiers.policies import SIGHTS
from dossiers.policies.corrections import may_restore
from tests.corrections.test_correct import LIFE, MET, ROLES, TODAY, Book, C, D, L, M, on
from tests.route_a.stage import refused
from tests.web.cases import address, typed
from tests.web.conftest import browse, stand, static_files_from_their_sources  # noqa: F401
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor
from tnw.core import clock

Make = Callable[..., Book]


def restore(one: Book, fact_id: str, by: str = L, reason: str = "It was right.") -> None:
    one._act(restoring.restore, by, fact_id=fact_id, reason=reason)


def stands(one: Book, kind: str) -> list[Fact]:
    return [item for item in corrected(one.facts) if item.kind == kind]


@pytest.mark.parametrize("taken", ["r-1", "t-1", "z-1", "d-s1", "d-2"])
def test_t20_taken_back_by_mistake_it_stands_again_and_nothing_else_goes(book: Make, taken: str) -> None:
    one = book(*LIFE, MET)
    states, due, before = one.states, one.due("T11"), corrected(one.facts)
    one.void(taken)
    assert one.flag
    restore(one, taken)
    assert (one.flag, one.misfits, one.states, one.due("T11")) == ("", [], states, due)
    content = {(item.kind, item.on, item.subject, item.values) for item in before}
    assert {(item.kind, item.on, item.subject, item.values) for item in corrected(one.facts)} == content
    with refused("not_allowed"):  # once
        restore(one, taken)


def test_t20_it_stands_again_as_it_read_with_its_text(book: Make) -> None:
    one = book(*LIFE)
    one.correct("r-1", by=D, day=on(2))
    entry = LedgerEntry.objects.get(dossier=one.dossier, fact_id="r-1")
    assert entry.payload_digest is None
    one.void("r-1")
    restore(one, "r-1", reason=" The wrong line. ")
    (again,) = stands(one, "referral_made")
    assert (again.on, again.id == "r-1") == (on(2), False)
    seq = LedgerEntry.objects.get(dossier=one.dossier, fact_id=again.id).seq
    assert LedgerPayload.objects.get(dossier=one.dossier, seq=seq).body == {"restored": "The wrong line."}
    one.void(again.id)
    restore(one, again.id, reason="Again.")
    texts = LedgerPayload.objects.filter(dossier=one.dossier).order_by("seq").values_list("body", flat=True)
    assert list(texts)[-2:] == [{"restored": "The wrong line."}, {"restored": "Again."}]
    done = acts.Done("contact_held", on(9), {"form": "phone"}, note={"text": "Talked."})
    with audit.acting_as(one.people[C], one.dossier.fund), clock.at(TODAY):
        (told,) = acts.record(one.dossier, one.people[C], done)
    one.void(told)
    restore(one, told)
    assert texts.last() == {"text": "Talked.", "restored": "It was right."}
    (last,) = stands(one, "referral_made")
    assert last.on == on(2)


def test_t20_one_after_the_other_what_several_corrections_took(book: Make) -> None:
    one = book(*LIFE)
    one.void("z-1")
    one.void("d-1")
    restore(one, "z-1")
    assert one.flag, "the declaration lacks still"
    restore(one, "d-1")
    assert one.flag == ""


def test_t20_what_is_refused(book: Make, people: dict[str, Actor]) -> None:
    one = book(*LIFE)
    with refused("not_allowed"):
        restore(one, "r-1")  # it stands
    one.void("r-1")
    for by in (C, D, M):
        with refused("not_allowed"):
            restore(one, "r-1", by=by)
    with refused("required"):
        restore(one, "r-1", reason=" ")
    with refused("unknown_fact"):
        restore(one, "nothing")
    voided = next(item.id for item in one.facts if item.kind == "fact_voided")
    with refused("not_allowed"):
        restore(one, voided)
    restore(one, "r-1")
    # What would contradict stays taken back.
    ended = fact("traject_ended", on(20), "t-2", result="no_result")
    twice = fact("traject_started", on(30), "t-3", route="A")
    other = book(*LIFE, ended, fact("referral_made", on(25), "r-2"),
        fact("first_contact_held", on(28), "f-2", route="A", form="phone"), twice)  # fmt: skip
    assert other.flag == ""
    other.void("t-3")
    other.void("t-2")
    assert other.flag == ""
    with refused("contradicts"):
        restore(other, "t-3")
    restore(other, "t-2")
    restore(other, "t-3")
    assert other.flag == ""


def test_t20_who_lets_it_stand_again(people: dict[str, Actor]) -> None:
    """The team lead alone, of all that is corrected by hand; what was signed here is signed anew."""
    for kind in SIGHTS:
        allowed = {role for role in ROLES if may_restore(people[role], kind, {})}
        delivered = kind.startswith("incapacity") or kind in (
            "invalidity_recognized",
            "fact_corrected",
            "fact_voided",
        )
        assert allowed == (set() if delivered else {L}), kind
    signed = {"role": "insured", "document": "0" * 64}
    assert not may_restore(people[L], "declaration_signed", signed)
    assert not may_restore(actors.system(), "referral_made", {})


@pytest.mark.usefixtures("static_files_from_their_sources")
def test_t20_the_page_is_offered_where_it_resolves(
    browse: Callable[..., Client],  # noqa: F811
    stand: Callable[..., Dossier],  # noqa: F811
) -> None:
    dossier = stand(LIFE)
    url, history = (reverse(name, args=[dossier.public_id]) for name in ("dossier", "dossier_history"))
    lead, link = browse(L), f"{address(dossier, 'restore')}?subject=t-1"
    assert link not in lead.get(history).content.decode()
    assert lead.get(address(dossier, "restore", "t-1")).status_code == 403
    browse(C).post(address(dossier, "correction", "t-1"), typed(dossier, reason="mistake"))
    for page in (url, history):
        assert link in browse(L).get(page).content.decode()
        assert link not in browse(C).get(page).content.decode()
    assert browse(C).get(address(dossier, "restore", "t-1")).status_code == 403
    lead = browse(L)
    told = {"reason": "Another dossier was meant."}
    answer = lead.post(
        address(dossier, "restore", "t-1"),
        typed(dossier, preview="1", **told),
        headers={"HX-Request": "true"},
    )
    assert answer.context["preview"].resolved
    assert lead.post(address(dossier, "restore", "t-1"), typed(dossier, **told)).status_code == 302
    assert "contradicts itself" not in lead.get(url).content.decode()
    page = lead.get(history).content.decode()
    assert "Another dossier was meant." in page
    assert link not in page
