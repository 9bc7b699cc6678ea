"""With the third signature the PDF is sealed; where that cannot be it waits, and the dates do not."""

import threading
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.db import InternalError, connection, transaction
from pytest_django.fixtures import Settings

from dossiers import acts
from dossiers.documents import sealing as seals
from dossiers.documents.seals import SealUnusable
from dossiers.law.calendar import add_months
from dossiers.models import Document, LedgerEntry
from dossiers.models.case import EndReason
from tests.reintegration.conftest import Begin
from tests.reintegration.stage import DAY, MARCH, TEXT, fails
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL
from tests.signing.stage import ALL, Signing, drawing
from tnw.accounts.models import Fund, Role, User
from tnw.core import clock
from trajects.jobs import seal_declarations
from trajects.services import sealing


def test_with_the_third_signature_it_is_sealed(one: Signing) -> None:
    one.sign(COORDINATOR, DOCTOR)
    assert one.sealed is None
    one.insured(method="on_screen", evidence=drawing())
    document = one.sealed
    assert document is not None
    assert (document.kind, document.subject, len(document.certificate)) == (
        "declaration_signed", one.subject, 64,
    )  # fmt: skip
    assert b"/ByteRange" in bytes(document.content)
    assert (document.address, document.postal_order) == (one.document.address, one.document.postal_order)
    assert not sealing.waits(one.part.dossier, one.subject)


@pytest.mark.parametrize("last", ALL)
def test_whoever_is_the_last(one: Signing, last: str) -> None:
    one.sign(*(role for role in ALL if role != last), last)
    assert one.sealed is not None


def _without_seal(one: Signing, settings: Settings, tmp_path: Path) -> None:
    """The fund has no certificate where the environment says that it lies."""
    settings.SEALS, settings.OWN_SEALS = tmp_path, False
    assert not seals.usable(one.part.fund, one.part.moment(MARCH))


def test_z3_without_a_certificate_it_waits_and_the_dates_run(
    one: Signing, settings: Settings, tmp_path: Path
) -> None:
    kept = settings.SEALS
    _without_seal(one, settings, tmp_path)
    one.sign(*ALL)
    assert (one.state, one.sealed) == ("complete", None)
    assert one.part.open >= {"T11", "T13"}
    assert sealing.waits(one.part.dossier, one.subject)
    told = {"subject": one.subject}
    with pytest.raises(SealUnusable):
        one.part.act(sealing.seal, COORDINATOR, **told)
    fails("not_allowed", lambda: one.part.act(sealing.seal, MEDICAL, **told))
    assert _job(one) == {"sealed": 0, "waiting": 1}
    settings.SEALS, settings.OWN_SEALS = kept, True
    assert _job(one) == {"sealed": 1, "waiting": 0}
    assert _job(one) == {"sealed": 0, "waiting": 0}
    document = one.sealed
    assert document is not None
    assert str(document.actor) == "TNW", "who sealed is the system; who signed stands in it"
    assert one.part.act(sealing.seal, COORDINATOR, **told) == document


def _job(one: Signing) -> dict[str, int]:
    with clock.at(one.part.day, hour=20):
        return seal_declarations(one.part.day, one.part.fund)[one.part.fund.number]


def test_a_mishap_of_the_seal_takes_no_signature_away(one: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(content: bytes, fund: Fund, at: datetime) -> Any:
        raise ZeroDivisionError

    one.sign(COORDINATOR, "insured")
    with monkeypatch.context() as broken:
        broken.setattr(seals, "seal", breaks)
        one.sign(DOCTOR)
    assert (set(one.standing), one.sealed) == (set(ALL), None)
    assert _job(one) == {"sealed": 1, "waiting": 0}


def test_nothing_is_sealed_before_the_third(one: Signing) -> None:
    one.sign(COORDINATOR, DOCTOR)
    fails("not_to_seal", lambda: one.part.act(sealing.seal, COORDINATOR, subject=one.subject))
    assert _job(one) == {"sealed": 0, "waiting": 0}


def test_what_history_signed_elsewhere_is_not_sealed_here(begin: Begin) -> None:
    part = begin().on(MARCH)
    part.start()
    part.record("declaration_drawn_up", "d-1")
    for role in ALL:
        part.on(part.day + DAY).record("declaration_signed", "d-1", role=role, method="paper")
    part.record("declaration_completed", "d-1")
    one = Signing(part, "d-1")
    assert not sealing.waits(part.dossier, "d-1")
    assert _job(one) == {"sealed": 0, "waiting": 0}


def test_a_change_after_the_seal_leaves_it_readable_and_asks_for_another(one: Signing) -> None:
    one.sign(*ALL)
    first = one.sealed
    other = one.change()
    assert (one.state, one.sealed) == ("void", first)
    assert other.sealed is None
    other.sign(*ALL)
    assert other.sealed is not None
    assert Document.objects.filter(kind="declaration_signed").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_are_the_last_together_once(one: Signing) -> None:
    one.sign("insured")
    read, ready = one.document.sha256, threading.Barrier(2)
    went: list[str] = []

    def signs(role: str) -> None:
        try:
            ready.wait(120)
            one.sign_as(role, role, sha256=read)
            went.append(role)
        finally:
            connection.close()

    both = [threading.Thread(target=signs, args=(role,)) for role in (COORDINATOR, DOCTOR)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(120)
    assert (set(went), set(one.standing), one.state) == ({COORDINATOR, DOCTOR}, set(ALL), "complete")
    assert one.part.kinds.count("declaration_completed") == 1
    assert Document.objects.filter(kind="declaration_signed").count() == 1


# --- What the seal holds, and what it waits for


def _void(one: Signing, fact: str) -> None:
    one.part.record("fact_voided", fact, fact=fact, reason="mistake")


def test_a_seal_counts_only_for_the_signatures_that_are_in_it(one: Signing) -> None:
    one.sign(*ALL)
    first = one.sealed
    completed = LedgerEntry.objects.get(dossier=one.part.dossier, kind="declaration_completed")
    _void(one, completed.fact_id)
    _void(one, one.standing[DOCTOR].fact)
    assert one.sealed is None
    one.on(MARCH + DAY).sign(DOCTOR)
    second = one.sealed
    assert second is not None
    assert second != first
    assert {given.sealed_in_id for given in one.standing.values()} == {second.pk}
    assert not sealing.waits(one.part.dossier, one.subject)


def test_a_text_that_changes_while_it_is_sealed_is_not_sealed(
    one: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an authority for time stamps takes its time."""
    sign, seal = sealing.attempt, seals.seal
    monkeypatch.setattr(sealing, "attempt", lambda **told: None)
    one.sign(*ALL)

    def slowly(content: bytes, fund: Fund, at: datetime) -> seals.Sealed:
        one.change()
        return seal(content, fund, at)

    monkeypatch.setattr(seals, "seal", slowly)
    monkeypatch.setattr(sealing, "attempt", sign)
    fails("not_to_seal", lambda: one.part.act(sealing.seal, COORDINATOR, subject=one.subject))
    assert not Document.objects.filter(kind="declaration_signed").exists()


@pytest.mark.parametrize("change", ["role", "death", "both left"])
def test_it_is_sealed_whatever_became_of_who_signed(
    one: Signing, settings: Settings, tmp_path: Path, change: str
) -> None:
    kept = settings.SEALS
    _without_seal(one, settings, tmp_path)
    one.sign(*ALL)
    signer = one.part.people[COORDINATOR].user
    assert signer is not None
    match change:
        case "role":
            User.objects.filter(pk=signer.pk).update(roles=[Role.ADMINISTRATOR])
        case "death":
            one.part.dossier.incapacity.end_reason = EndReason.DEATH
            one.part.dossier.incapacity.save(update_fields=["end_reason"])
        case _:
            User.objects.filter(fund=one.part.fund).update(is_active=False, roles=[Role.ADMINISTRATOR])
    settings.SEALS, settings.OWN_SEALS = kept, True
    assert _job(one) == {"sealed": 1, "waiting": 0}
    document = one.sealed
    assert document is not None
    read = pypdfium2.PdfDocument(bytes(document.content))
    text = " ".join(page.get_textpage().get_text_range() for page in read)
    assert TEXT in " ".join(text.split())


def test_the_time_stamp_is_asked_for_outside_of_a_transaction(
    one: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth: list[int] = []
    seal = seals.seal
    before = len(connection.savepoint_ids)

    def seen(content: bytes, fund: Fund, at: datetime) -> seals.Sealed:
        depth.append(len(connection.savepoint_ids) - before)
        return seal(content, fund, at)

    monkeypatch.setattr(seals, "seal", seen)
    one.sign(*ALL)
    assert depth == [0]


def test_what_was_signed_here_is_taken_back_by_its_own_act_alone(one: Signing) -> None:
    one.sign(*ALL)
    given = one.standing
    for by in (COORDINATOR, DOCTOR):
        for role in ALL:
            told = {"fact_id": given[role].fact, "reason": "mistake"}
            fails("not_allowed", partial(one.part.act, acts.void, by, **told))
            fails(
                "not_allowed",
                partial(one.part.act, acts.correct, by, **told, day=MARCH - DAY, values={"method": "eid"}),
            )
    assert (set(one.standing), one.state) == (set(ALL), "complete")


def test_z3_that_all_three_have_signed_here_is_neither_corrected_nor_taken_back(one: Signing) -> None:
    """The dates of Z3 run from the last signature, which the document that they signed says."""
    one.sign(*ALL)
    completed = LedgerEntry.objects.get(dossier=one.part.dossier, kind="declaration_completed").fact_id
    one.part.on(MARCH + 20 * DAY)
    told = {"fact_id": completed, "reason": "mistake"}
    later = {**told, "day": MARCH + 10 * DAY, "values": {}}
    fails("not_allowed", partial(one.part.act, acts.correct, COORDINATOR, **later))
    fails("not_allowed", partial(one.part.act, acts.void, COORDINATOR, **told))
    assert (one.part.due("T11")[0], one.state) == (add_months(MARCH, 1), "complete")
    # Where the dossier contradicts itself, what no longer fits is taken back all the same.
    drawn_up = LedgerEntry.objects.get(dossier=one.part.dossier, kind="declaration_drawn_up").fact_id
    one.part.act(acts.void, COORDINATOR, fact_id=drawn_up, reason="mistake")
    one.part.act(acts.void, COORDINATOR, **told)


def test_a_dossier_that_contradicts_itself_can_be_resolved_all_the_same(one: Signing) -> None:
    one.sign(DOCTOR)
    drawn_up = LedgerEntry.objects.get(dossier=one.part.dossier, kind="declaration_drawn_up")
    one.part.act(acts.void, COORDINATOR, fact_id=drawn_up.fact_id, reason="mistake")
    one.part.dossier.refresh_from_db()
    assert one.part.dossier.out_of_order
    one.part.act(acts.void, DOCTOR, fact_id=one.standing[DOCTOR].fact, reason="mistake")
    one.part.dossier.refresh_from_db()
    assert not one.part.dossier.out_of_order


@pytest.mark.parametrize(
    "changes",
    [
        "update trajects_signature set name = 'another'",
        'update trajects_signature set "on" = "on" - 1, sealed_in_id = null',
        "delete from trajects_signature",
        "update dossiers_scan set content = ''",
        "delete from dossiers_scan",
    ],
)
def test_a_signature_and_its_evidence_never_change(one: Signing, changes: str) -> None:
    one.sign("insured")
    with pytest.raises(InternalError, match="never changes"), transaction.atomic(), connection.cursor() as on:
        on.execute(changes)
