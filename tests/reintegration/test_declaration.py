"""The engagement declaration: signed, refused, its text changed (Z2, Z3)."""

from datetime import date
from functools import partial

import pytest
from django.utils import translation

from dossiers.models import LedgerEntry
from tests.reintegration.conftest import Begin
from tests.reintegration.stage import DAY, MARCH, Part, fails
from tests.route_a.stage import COORDINATOR, DOCTOR
from tnw.core.errors import NotAllowed
from trajects.models.traject import FirstStep
from trajects.services import declaration, signing


def test_z2_z3_signed_by_three_in_any_order_the_last_signature_counts(part: Part) -> None:
    part.on(MARCH).start()
    subject = part.draw_up()
    part.on(MARCH + 3 * DAY).sign(subject, DOCTOR)
    part.on(MARCH + 7 * DAY).sign(subject, COORDINATOR)
    assert (part.part, part.open & {"T11", "T13"}) == ("awaiting_signatures", set())
    # On paper, two days before it came back.
    part.on(MARCH + 9 * DAY)
    part.backdated(signing.record_signature, COORDINATOR, MARCH + 5 * DAY, **part.on_paper(subject))
    assert part.part == "planning"
    assert part.declared(subject).completed_on == MARCH + 7 * DAY
    assert (part.due("T11")[0], part.due("T13")[0]) == (date(2026, 4, 16), date(2026, 9, 16))


def test_z2_nobody_in_two_roles_and_each_for_themselves(part: Part) -> None:
    part.on(MARCH).start()
    subject = part.draw_up()
    part.sign_as("both", subject, COORDINATOR)
    with pytest.raises(NotAllowed, match="another role"):
        part.sign_as("both", subject, DOCTOR)
    fails("not_allowed", lambda: part.sign_as(COORDINATOR, subject, DOCTOR))
    fails("not_allowed", lambda: part.sign_as("both", subject, COORDINATOR))
    fails("unknown_code", lambda: part.sign_as(COORDINATOR, subject, "insured"))
    record = signing.record_signature
    fails("required", lambda: part.act(record, COORDINATOR, **part.on_paper(subject, statement=" ")))
    for method in ("application", "provider", "eid"):
        values = part.on_paper(subject, method=method)
        fails("unknown_code", partial(part.act, record, COORDINATOR, **values))
    # Who records what the insured signed does not sign in his role.
    part.act(record, "both", **part.on_paper(subject))
    part.sign(subject, DOCTOR)
    assert (part.part, part.declared(subject).state) == ("planning", "complete")


def test_z2_a_signature_taken_back_leaves_the_other_role_free(part: Part) -> None:
    part.on(MARCH).start()
    subject = part.draw_up()
    part.sign_as("both", subject, COORDINATOR)
    (signature,) = LedgerEntry.objects.filter(dossier=part.dossier, kind="declaration_signed")
    part.record("fact_voided", fact=signature.fact_id, reason="mistake")
    part.sign(subject, COORDINATOR)
    part.sign_as("both", subject, DOCTOR)
    assert part.declared(subject).signed == {"insured": False, "coordinator": True, "advisory_doctor": True}


@pytest.mark.parametrize(
    ("role", "by"), [("insured", COORDINATOR), (COORDINATOR, COORDINATOR), (DOCTOR, DOCTOR)]
)
def test_z2_refused_by_one_then_a_new_one(part: Part, role: str, by: str) -> None:
    part.on(MARCH).start()
    first = part.draw_up()
    part.sign(first, *({"insured", COORDINATOR, DOCTOR} - {role}))
    part.refuse(first, role, by)
    assert (part.declared(first).state, part.declared(first).refused_by) == ("refused", role)
    fails("not_allowed", lambda: part.sign(first, "insured"))
    second = part.draw_up()
    part.sign(second, "insured", COORDINATOR, DOCTOR)
    assert (part.part, part.declared(first).state, part.declared(second).state) == (
        "planning", "refused", "complete",
    )  # fmt: skip


def test_z2_a_refusal_has_its_reason_and_is_each_ones_own(part: Part) -> None:
    part.on(MARCH).start()
    subject = part.draw_up()
    fails("not_allowed", lambda: part.refuse(subject, DOCTOR, COORDINATOR))
    fails("not_allowed", lambda: part.refuse(subject, "insured", DOCTOR))
    values = {"subject": subject, "role": "insured", "reason": " "}
    fails("required", lambda: part.act(declaration.refuse, COORDINATOR, **values))
    fails("unknown_code", lambda: part.act(declaration.refuse, COORDINATOR, **{**values, "role": "employer"}))
    fails("declaration_unknown", lambda: part.refuse("nothing", "insured"))


def test_z2_t19_another_text_voids_what_was_signed(part: Part) -> None:
    part.on(MARCH).start()
    first = part.draw_up()
    part.sign(first, "insured", COORDINATOR)
    second = part.on(MARCH + DAY).change(first)
    assert (part.declared(first).state, part.declared(second).state) == ("void", "drawn_up")
    fails("not_allowed", lambda: part.sign(first, DOCTOR))
    fails("not_allowed", part.draw_up)
    part.sign(second, "insured", COORDINATOR, DOCTOR)
    assert part.open >= {"T11", "T13"}
    # Signed by all three, and yet another text: its dates fall away, the new ones run from the new signatures.
    third = part.on(MARCH + 4 * DAY).change(second)
    assert (part.part, part.open & {"T11", "T13"}) == ("awaiting_signatures", set())
    part.on(MARCH + 7 * DAY).sign(third, "insured", COORDINATOR, DOCTOR)
    assert (part.part, part.due("T11")) == ("planning", (date(2026, 4, 16), "open"))
    part.agree()
    fails("not_allowed", lambda: part.change(third))


def test_z2_f1_signed_voided_and_signed_anew_within_a_day(part: Part) -> None:
    part.on(MARCH).start()
    second = part.change(part.signed_by_all())
    part.sign(second, "insured", COORDINATOR, DOCTOR)
    assert (part.part, part.declared(second).state) == ("planning", "complete")


def test_z2_not_before_it_was_drawn_up(part: Part) -> None:
    part.on(MARCH).start()
    subject = part.on(MARCH + 3 * DAY).draw_up()
    record, paper = signing.record_signature, part.on_paper(subject)
    fails("not_allowed", lambda: part.backdated(record, COORDINATOR, MARCH, **paper))
    fails("required", lambda: part.change(subject, " "))


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
def test_z2_the_text_is_in_the_language_of_the_insured(begin: Begin, language: str) -> None:
    part = begin(language=language)
    text = declaration.text_for(part.dossier)
    assert text.count("\n\n") == 1, "what they engage themselves to, and the aim"
    with translation.override(language):
        assert text.endswith(str(FirstStep.GUIDANCE.label))
