"""What the acts in a traject ask of what they record, for whoever corrects it later (T20): see `dossiers.acts.fits`."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.law.facts import Fact
from dossiers.models import Dossier
from dossiers.policies import recognized_on
from tnw.core.errors import DomainError
from trajects.policies.contacts import step_fits
from trajects.policies.employer import letters_on
from trajects.policies.reintegration import condition_fits
from trajects.policies.results import result_fits
from trajects.services.adapted_work import MOST_HOURS


def _condition(dossier: Dossier, one: Fact, before: Sequence[Fact]) -> None:
    """Z1."""
    if not (verdict := condition_fits(dossier, before, one.values["condition"], one.on)):
        raise DomainError(verdict.reason, code="condition_does_not_hold", field="condition")


def _result(dossier: Dossier, one: Fact, before: Sequence[Fact]) -> None:
    """Z8."""
    if not (verdict := result_fits(dossier, before, one.values["result"], one.on)):
        raise DomainError(verdict.reason, code="result_does_not_fit", field="result")


def _decision(_dossier: Dossier, one: Fact, _before: Sequence[Fact]) -> None:
    """Z9."""
    if one.values["decision"] not in (letters := letters_on(one.on)):
        raise DomainError(
            _("On that day the decisions are %(letters)s."),
            code="unknown_decision",
            field="decision",
            letters=", ".join(letters),
        )


def _step(dossier: Dossier, one: Fact, _before: Sequence[Fact]) -> None:
    """A7."""
    if not (verdict := step_fits(dossier, one.values["step"])):
        raise DomainError(verdict.reason, code="step_does_not_fit", field="step")


def _start(dossier: Dossier, one: Fact, _before: Sequence[Fact]) -> None:
    """Adapted work is done during the incapacity (W1)."""
    field = "starts_on" if "starts_on" in one.values else "from"
    if not (verdict := recognized_on(dossier.incapacity, one.values[field])):
        raise DomainError(verdict.reason, code="not_recognized", field=field)


def _permission(dossier: Dossier, one: Fact, before: Sequence[Fact]) -> None:
    """W1: a period that is one, and no more hours than a week has."""
    _start(dossier, one, before)
    _period(one)
    hours = one.get("hours")
    if hours is not None and not 0 < hours <= MOST_HOURS:
        raise DomainError(
            _("Give the hours a week as a number above zero, and no more than a week has."),
            code="wrong_hours",
            field="hours",
        )


def _approval(_dossier: Dossier, one: Fact, _before: Sequence[Fact]) -> None:
    """H2: an approved training has its days, a refused one has none."""
    days = [name for name in ("from", "to") if one.get(name)]
    if not one.values["approved"]:
        if days:
            raise DomainError(
                _("A training that is refused has no days."), code="days_of_none", field=days[0]
            )
        return
    if len(days) < 2:
        lacking = "to" if days == ["from"] else "from"
        raise DomainError(
            _("An approved training has a first and a last day."), code="required", field=lacking
        )
    _period(one)


def _period(one: Fact) -> None:
    if one.get("to") and one.values["to"] < one.values["from"]:
        raise DomainError(_("The last day lies before the first."), code="wrong_period", field="to")


def _letter(dossier: Dossier, one: Fact, _before: Sequence[Fact]) -> None:
    """X3: the post gives a number to one letter."""
    acts.registered_number(dossier, one.values["proof"], "proof", of=one.id)


FITS = {
    "reintegration_started": _condition,
    "reintegration_ended": _result,
    "traject_ended": _result,
    "employer_traject_ended": _decision,
    "first_step_chosen": _step,
    "adapted_work_planned": _start,
    "adapted_work_permitted": _permission,
    "training_decided": _approval,
    "registered_letter_sent": _letter,
}
