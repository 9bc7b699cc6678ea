"""The three sign the very PDF, each as themselves, confirmed just before; what proves it is kept (Z2)."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest

from dossiers import acts
from dossiers.documents.letter import Missing
from dossiers.models import Document, InsuredPerson, LedgerEntry
from tests.reintegration.conftest import Begin
from tests.reintegration.stage import CARD, DAY, MARCH, SCAN, fails
from tests.route_a.stage import COORDINATOR, DOCTOR, MEDICAL
from tests.signing.stage import ALL, MINUTE, Signing, drawing
from tnw.accounts.models import Deputy, Fund, User
from trajects import signatures
from trajects.models import Signature
from trajects.services import declaration, signing

LATER = MARCH + 2 * DAY


def test_z2_drawn_up_is_frozen_with_its_hash(one: Signing) -> None:
    document = one.document
    assert document.sha256 == hashlib.sha256(bytes(document.content)).hexdigest()
    assert (document.kind, document.subject, document.made_on) == ("declaration", one.subject, MARCH)
    one.on(LATER).sign(COORDINATOR)
    assert one.document == document, "nobody's signature makes it another one"


def test_z2_each_signature_names_who_when_how_and_what(one: Signing) -> None:
    one.on(LATER).sign_as(DOCTOR, DOCTOR)
    one.on(LATER + DAY).insured()
    entries = LedgerEntry.objects.filter(dossier=one.part.dossier, kind="declaration_signed").order_by("seq")
    assert [entry.values for entry in entries] == [
        {"role": DOCTOR, "method": "application", "document": one.document.sha256},
        {
            "role": "insured",
            "method": "paper",
            "document": one.document.sha256,
            "evidence": hashlib.sha256(SCAN.content).hexdigest(),
        },
    ]
    given = one.standing
    assert (given[DOCTOR].name, given[DOCTOR].on, given[DOCTOR].at) == (
        one.part.people[DOCTOR].user.name, LATER, one.part.moment(LATER, 17),  # type: ignore[union-attr]
    )  # fmt: skip
    insured = given["insured"]
    assert (insured.name, insured.method, insured.statement) == ("An Goossens", "paper", CARD)
    assert insured.evidence is not None
    assert insured.evidence.sha256 == hashlib.sha256(SCAN.content).hexdigest()
    assert insured.evidence.fact == insured.fact, "the scan stands beside its fact"
    assert {one.fact for one in given.values()} == {entry.fact_id for entry in entries}


@pytest.mark.parametrize(
    ("ago", "code"),
    [
        (timedelta(0), ""),
        (5 * MINUTE, ""),
        (5 * MINUTE + timedelta(seconds=1), "not_confirmed"),
        (-MINUTE, "not_confirmed"),
        (None, "not_confirmed"),
    ],
)
def test_who_signs_confirmed_within_five_minutes_who_that_is(
    one: Signing, ago: timedelta | None, code: str
) -> None:
    at = None if ago is None else one.part.moment(MARCH, 17) - ago
    sign = partial(one.sign_as, COORDINATOR, COORDINATOR, confirmed_at=at)
    if code:
        fails(code, sign)
    else:
        sign()
    assert set(one.standing) == (set() if code else {COORDINATOR})


def test_a_doctor_signs_with_a_second_factor_where_the_fund_wants_it(one: Signing) -> None:
    Fund.objects.filter(pk=one.part.fund.pk).update(second_factor=True)
    one.sign_as(COORDINATOR, COORDINATOR)
    fails("second_factor", lambda: one.sign_as(DOCTOR, DOCTOR))
    one.sign_as(DOCTOR, DOCTOR, second_factor=True)
    assert set(one.standing) == {COORDINATOR, DOCTOR}


def test_only_the_text_that_was_read_is_signed(one: Signing) -> None:
    for sha256 in ("", "0" * 64, one.document.sha256.upper()):
        fails("another_text", partial(one.sign_as, COORDINATOR, COORDINATOR, sha256=sha256))
        fails("another_text", partial(one.insured, sha256=sha256))
    read = one.document.sha256
    again = one.change()
    fails("another_text", lambda: again.sign_as(COORDINATOR, COORDINATOR, sha256=read))
    assert not Signature.objects.exists()


def test_who_signs_in_the_application_signs_today(one: Signing) -> None:
    one.on(LATER)
    read = one.part.read(one.subject)
    told = {"subject": one.subject, "role": COORDINATOR, "sha256": read, "confirmed_at": None}
    fails("not_today", lambda: one.part.backdated(signing.sign, COORDINATOR, MARCH, **told))
    drawn = one.part.on_paper(one.subject, method="on_screen", evidence=drawing())
    fails("not_today", lambda: one.part.backdated(signing.record_signature, COORDINATOR, MARCH, **drawn))


@pytest.mark.parametrize(
    ("otherwise", "code"),
    [
        ({"method": "paper", "evidence": None}, "required"),
        ({"method": "on_screen", "evidence": None}, "required"),
        ({"method": "on_screen", "evidence": SCAN}, "required"),  # a scan is nothing drawn
        ({"method": "paper", "evidence": SCAN._replace(content=b"MZ")}, "unknown_file"),
        ({"statement": " "}, "required"),
        ({"method": "application"}, "unknown_code"),
        ({"method": "provider"}, "unknown_code"),
    ],
)
def test_a_signature_of_the_insured_comes_with_what_proves_it(
    one: Signing, otherwise: dict[str, object], code: str
) -> None:
    fails(code, lambda: one.insured(**otherwise))
    assert not one.standing
    assert not one.scans


def test_drawn_on_the_screen(one: Signing) -> None:
    one.insured(method="on_screen", evidence=drawing())
    given = one.standing["insured"]
    assert given.evidence is not None
    assert (given.method, given.evidence.media_type) == ("on_screen", "image/png")


@pytest.mark.parametrize("role", [COORDINATOR, DOCTOR])
def test_a_deputy_signs_as_deputy(
    one: Signing, role: str, make_user: Callable[..., User], fund: Fund
) -> None:
    colleague, part = one.part.people[role].user, one.part
    assert colleague is not None
    if role == COORDINATOR:
        part.dossier.coordinator = colleague
        part.dossier.save(update_fields=["coordinator"])
    else:
        # The other doctors of the team would sign for themselves.
        User.objects.filter(roles__contains=[DOCTOR]).exclude(pk=colleague.pk).update(team=None)
    deputy = make_user(role, fund=fund)
    Deputy.objects.create(fund=fund, user=colleague, deputy=deputy, first_day=MARCH, last_day=LATER)
    part.people["deputy"] = deputy.actor
    one.on(LATER).sign_as("deputy", role)
    assert (one.standing[role].name, one.standing[role].stands_in_for) == (deputy.name, colleague)
    # After the period for themselves.
    other = one.change()
    other.on(LATER + DAY).sign_as("deputy", role)
    assert other.standing[role].stands_in_for is None


def test_who_has_no_address_signs_too(one: Signing) -> None:
    one.sign("insured")
    InsuredPerson.objects.update(street="", postal_code="", city="", email="")
    again = one.change()
    (told,) = Document.objects.filter(kind="declaration_changed")
    assert not told.dispatches.exists(), "it waits to be handed over"
    again.sign(*ALL)
    assert again.state == "complete"


def test_z2_withdrawn_before_the_third(one: Signing) -> None:
    one.sign("insured", COORDINATOR)
    fails("not_allowed", lambda: one.withdraw(DOCTOR, COORDINATOR))
    fails("not_allowed", lambda: one.withdraw("both", COORDINATOR))
    fails("not_allowed", lambda: one.withdraw(DOCTOR, DOCTOR))
    fails("unknown_code", lambda: one.withdraw(COORDINATOR, "employer"))
    one.withdraw(COORDINATOR, COORDINATOR)
    fails("required", lambda: one.withdraw(COORDINATOR, "insured"))
    one.withdraw(COORDINATOR, "insured", "Changed his mind.")
    assert (one.standing, one.state) == ({}, "drawn_up")
    assert Signature.objects.count() == 2, "that they were given stays known"
    one.sign(*ALL)
    fails("not_allowed", lambda: one.withdraw(COORDINATOR, COORDINATOR))
    assert (set(one.standing), one.state) == (set(ALL), "complete")


def test_a_signature_whose_fact_is_taken_back_as_a_mistake_does_not_count(one: Signing) -> None:
    one.sign(COORDINATOR)
    one.part.record("fact_voided", fact=one.standing[COORDINATOR].fact, reason="mistake")
    assert one.standing == {}
    one.sign(COORDINATOR)
    assert set(one.standing) == {COORDINATOR}


def test_history_without_a_document_gets_one_before_it_is_signed(begin: Begin) -> None:
    part = begin().on(MARCH)
    part.start()
    part.record("declaration_drawn_up", "d-1")
    document = part.act(signing.to_read, COORDINATOR, subject="d-1")
    assert part.act(signing.to_read, DOCTOR, subject="d-1") == document
    part.sign("d-1", COORDINATOR)
    assert signatures.standing(part.dossier, "d-1")[COORDINATOR].document == document


def test_what_was_signed_elsewhere_is_not_signed_here_without_its_text(begin: Begin) -> None:
    part = begin().on(MARCH)
    part.start()
    part.record("declaration_drawn_up", "d-1")
    part.record("declaration_signed", "d-1", role="insured", method="itsme")
    fails("missing", lambda: part.sign("d-1", COORDINATOR))
    fails("missing", lambda: part.act(signing.to_read, COORDINATOR, subject="d-1"))
    # Another text is one that all three know.
    part.sign(part.change("d-1"), *ALL)


@pytest.mark.parametrize("name", ["role", "document", "evidence"])
def test_what_history_signed_is_not_made_a_signature_of_here(begin: Begin, name: str) -> None:
    part = begin().on(MARCH)
    part.start()
    part.record("declaration_drawn_up", "d-1")
    fact = part.record("declaration_signed", "d-1", role="insured", method="itsme")
    told = {"fact_id": fact, "day": MARCH, "reason": "mistake"}
    values = {name: DOCTOR if name == "role" else "0" * 64}
    fails("fixed", lambda: part.act(acts.correct, COORDINATOR, **told, values=values))


def test_who_may_not_sign_opens_nothing(one: Signing) -> None:
    for role in (MEDICAL, "system"):
        fails("not_allowed", partial(one.sign_as, role, COORDINATOR))
    fails("declaration_unknown", lambda: one.part.sign_as(COORDINATOR, "nothing", COORDINATOR))
    assert Document.objects.filter(kind="declaration").count() == 1


def test_an_incomplete_letterhead_is_named_and_nothing_is_drawn_up(begin: Begin) -> None:
    part = begin().on(MARCH)
    part.start()
    part.dossier.fund.city = ""
    part.dossier.fund.save()
    with pytest.raises(Missing, match="city of the fund"):
        part.draw_up()
    assert not part.dossier.declarations.exists()


@pytest.mark.parametrize("day", [MARCH, date(2026, 3, 11)])
def test_z3_the_dates_run_from_the_last_signature(one: Signing, day: date) -> None:
    one.sign("insured", COORDINATOR)
    assert one.part.open.isdisjoint({"T11", "T13"})
    one.on(day).sign(DOCTOR)
    assert one.part.open >= {"T11", "T13"}
    assert one.part.declared(one.subject).completed_on == day


def test_refused_after_two_have_signed(one: Signing) -> None:
    one.sign("insured", COORDINATOR)
    one.part.refuse(one.subject, DOCTOR, DOCTOR)
    fails("not_allowed", lambda: one.sign(DOCTOR))
    assert one.sealed is None
    assert declaration.declaration_of(one.part.dossier, one.subject).refused_by == DOCTOR
