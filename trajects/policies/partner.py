"""Who may do what with a regional service, and in which state: only with the insured's consent for it (G1, Z5)."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from dossiers.models import Dossier
from dossiers.policies import may_record, may_record_of_service
from tnw.accounts.models import Actor, Role
from tnw.core.policies import YES, Verdict
from trajects.models import PartnerReferral
from trajects.policies.contacts import NO_TRAJECT, running_traject
from trajects.policies.sharing import REGIONAL_SERVICE, may_ask, may_share


def may_draw_up(actor: Actor, dossier: Dossier, on: date) -> Verdict:
    """Inside a traject that runs; nothing leaves the house yet, so that the consent can still be asked."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if not running_traject(dossier):
        return NO_TRAJECT
    return may_ask(dossier, REGIONAL_SERVICE)


def may_send(actor: Actor, dossier: Dossier, one: PartnerReferral, on: date) -> Verdict:
    """With the consent as it stood on that day: what went before a withdrawal went."""
    if not (verdict := may_record(actor, dossier, on, Role.COORDINATOR)):
        return verdict
    if not can_proceed(one.send):
        return Verdict(False, _("There is no form here that waits to be sent."))
    return may_share(dossier, REGIONAL_SERVICE, on=on)


def _of_service(actor: Actor, dossier: Dossier, one: PartnerReferral, on: date) -> Verdict:
    """The coordinator, or the service itself: to which nothing else is told once the consent is gone (Z5)."""
    if actor.service == one.service and not (shared := may_share(dossier, REGIONAL_SERVICE)):
        return shared
    return may_record_of_service(actor, dossier, one.service, on, Role.COORDINATOR)


def may_answer(actor: Actor, dossier: Dossier, one: PartnerReferral, on: date) -> Verdict:
    """What the service answers to the form, itself or as the coordinator heard it."""
    if not (verdict := _of_service(actor, dossier, one, on)):
        return verdict
    if not can_proceed(one.answer):
        return Verdict(False, _("No answer of the regional service is waited for."))
    return may_share(dossier, REGIONAL_SERVICE)


def may_take_step(actor: Actor, dossier: Dossier, one: PartnerReferral, on: date) -> Verdict:
    """A step of the guidance there, once it was accepted; the service reports its own."""
    if not (verdict := _of_service(actor, dossier, one, on)):
        return verdict
    if not can_proceed(one.take_step):
        return Verdict(False, _("The regional service does not guide here."))
    return may_share(dossier, REGIONAL_SERVICE)


def may_end(actor: Actor, dossier: Dossier, one: PartnerReferral, on: date) -> Verdict:
    """At any moment, by the fund without consent too: what ends shares nothing."""
    if not (verdict := _of_service(actor, dossier, one, on)):
        return verdict
    return YES if can_proceed(one.end) else Verdict(False, _("This has ended already."))
