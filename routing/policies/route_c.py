"""Who may do what on route C (domain.md sections 6 and 8), and in which state; the row is one registration."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from dossiers.consents import REFUSED, WITHDRAWN
from dossiers.models import Dossier
from dossiers.phases import Phase, phase_on
from dossiers.policies import in_person, may_record, may_record_of_service
from routing.models import RouteC, RouteCState
from tnw.accounts.models import Actor, Role
from tnw.accounts.policies import NO_ACCESS
from tnw.core.policies import YES, Verdict
from trajects.policies.sharing import CONSULTATION, REGIONAL_SERVICE, consents_of, may_ask, may_share

ANSWERED = Verdict(False, _("This registration waits for no answer of the fund any more."))
NOT_IN_INVALIDITY = Verdict(
    False, _("On this day the insured person is not in invalidity: only after a year.")
)
AWAITING = Verdict(False, _("The invalidity waits for its recognition by RIZIV."))
RECOGNIZED = Verdict(False, _("RIZIV recognized the invalidity."))
TO_CONFIRM = Verdict(
    False,
    _(
        "RIZIV recognized the invalidity: it is confirmed. A registration of somebody else, or made by mistake, is "
        "refused instead."
    ),
)
# The reasons of the incapacity itself; where a registration is wrong in itself it is refused, and nothing denied.
DENIED_FOR = ("not_in_invalidity", "awaiting_recognition", "incapacity_ended")


def may_report(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """C3: what the service reports, entered from its message by the coordinator."""
    return may_record(actor, dossier, on, Role.COORDINATOR)


def may_report_own(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """C3: the service itself reports, of somebody whom the system found for it."""
    if not actor.service:
        return NO_ACCESS
    return may_record_of_service(actor, dossier, actor.service, on)


def may_tell(dossier: Dossier) -> Verdict:
    """What a service registered itself is answered, until the insured withdraws the consent for that (C1, Z5)."""
    if not (verdict := may_ask(dossier, REGIONAL_SERVICE)):
        return verdict
    if consents_of(dossier).get((CONSULTATION, REGIONAL_SERVICE)) in (REFUSED, WITHDRAWN):
        return may_share(dossier, REGIONAL_SERVICE)
    return verdict


def may_refuse(actor: Actor, dossier: Dossier, row: RouteC, on: date) -> Verdict:
    """A registration that was reported and is not one of this person, before the fund answered."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    return YES if can_proceed(row.refuse) else ANSWERED


def may_confirm(actor: Actor, dossier: Dossier, row: RouteC, on: date) -> Verdict:
    """C1, P4: in invalidity on this day, and recognized by RIZIV."""
    if not (verdict := in_person(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if not can_proceed(row.confirm):
        return ANSWERED
    phase = phase_on(dossier.incapacity, on)
    if phase == Phase.INVALIDITY:
        return YES
    return AWAITING if phase == Phase.AWAITING else NOT_IN_INVALIDITY


def may_deny(actor: Actor, dossier: Dossier, row: RouteC, on: date) -> Verdict:
    """C1: where the insured is not in invalidity, which the service is told."""
    if not (verdict := in_person(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if not can_proceed(row.deny):
        return ANSWERED
    return YES if denial_of(dossier, on) else TO_CONFIRM


def denial_fits(dossier: Dossier, reason: str, on: date) -> Verdict:
    """A reason that the dossier contradicts is none, and one that is not the incapacity's either."""
    incapacity, phase = dossier.incapacity, phase_on(dossier.incapacity, on)
    if reason not in DENIED_FOR:
        return Verdict(
            False, _("That is no reason to deny an invalidity: the registration is refused instead.")
        )
    if reason == "not_in_invalidity" and phase == Phase.INVALIDITY:
        return RECOGNIZED
    if reason == "awaiting_recognition" and phase != Phase.AWAITING:
        return RECOGNIZED if phase == Phase.INVALIDITY else NOT_IN_INVALIDITY
    if reason == "incapacity_ended" and incapacity.end != on:
        return Verdict(False, _("The incapacity goes on."))
    return YES


def denial_of(dossier: Dossier, on: date) -> str:
    """The reason that the state of the incapacity gives by itself; empty where it gives none."""
    if dossier.incapacity.end == on:
        return "incapacity_ended"
    phase = phase_on(dossier.incapacity, on)
    return {Phase.PRIMARY: "not_in_invalidity", Phase.AWAITING: "awaiting_recognition"}.get(phase, "")


def may_decide_on_consent(actor: Actor, dossier: Dossier, row: RouteC, on: date) -> Verdict:
    """C4: the coordinator asks consent once the invalidity is confirmed."""
    if not (verdict := in_person(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if row.state == RouteCState.REPORTED:
        return Verdict(False, _("First the invalidity has to be confirmed."))
    return YES if row.state == RouteCState.CONFIRMED else Verdict(False, _("No consent is waited for."))


def may_report_step(actor: Actor, dossier: Dossier, row: RouteC, on: date) -> Verdict:
    """C4: the steps of a registration that is open or whose traject started, as they come.

    The service itself reports those of its own, until the insured withdraws the consent (Z5): then it hears nothing else.
    """
    if actor.service == row.service and not (told := may_tell(dossier)):
        return told
    if not (verdict := may_record_of_service(actor, dossier, row.service, on, Role.COORDINATOR)):
        return verdict
    return YES if can_proceed(row.take_step) else Verdict(False, _("This registration led to nothing."))


def may_close(actor: Actor, dossier: Dossier, row: RouteC, on: date) -> Verdict:
    """The coordinator or the advisory doctor, with a reason."""
    if not (verdict := in_person(actor, dossier, on, Role.COORDINATOR, Role.ADVISORY_DOCTOR)):
        return verdict
    return YES if can_proceed(row.close) else Verdict(False, _("This route is not open."))
