"""What the beat does of itself for T1: it makes ready what is due, waives where A2 says so, and mails what waits.

Whatever day it runs on, it finds what is due by then and not made ready (T21). A chunk is one transaction: of a killed
worker's chunk nothing stays, and dossiers that others hold are left to the next run.
"""

from copy import copy
from datetime import date
from typing import NamedTuple

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from dossiers import ledger
from dossiers.law.facts import Fact, Values
from dossiers.ledger import Entry
from dossiers.models import Dossier
from dossiers.projection import facts_of
from routing.models import Questionnaire, QuestionnaireVersion
from routing.models.questionnaire import Sending
from routing.questionnaires.due import due, still_wanted, waiting
from routing.questionnaires.mailing import deliver
from routing.questionnaires.sending import new_token
from routing.questionnaires.waivers import waiver
from routing.tasks import deliver_questionnaires
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund, new_uuid

log = structlog.get_logger(__name__)

CHUNK = 500


class Acted(NamedTuple):
    """What one run did for T1."""

    to_post: int = 0
    to_mail: int = 0
    waived: int = 0
    withdrawn: int = 0
    mailed: int = 0
    mails_failed: int = 0


def act(fund: Fund, today: date) -> Acted:
    """Everything that T1 asks for in a fund up to today, once. Works inside the fund's wall."""
    if today < fund.live_from:
        return Acted()
    withdrawn = _withdraw_unwanted(fund, today)
    left = deliver(fund, today)  # whose task vanished, or whose mail failed
    done = prepare_due(fund, today)
    if done.to_mail:
        deliver_questionnaires.delay_on_commit(fund.pk)
    return done._replace(withdrawn=withdrawn, mailed=left.mailed, mails_failed=left.failed)


@transaction.atomic
def _withdraw_unwanted(fund: Fund, today: date) -> int:
    """Take out what waits without a reason any more; what somebody holds is left to the next run."""
    unwanted = waiting(fund).exclude(still_wanted(today))
    waited = list(unwanted.order_by("pk").select_for_update(skip_locked=True, of=("self",)))
    withdrawn = [copy(one) for one in waited]
    for one in withdrawn:
        one.state = Sending.WITHDRAWN
    Questionnaire.objects.bulk_update(withdrawn, ["state"], batch_size=CHUNK)
    audit.record_many(zip(waited, withdrawn, strict=True), fund=fund, actor=actors.system())
    return len(withdrawn)


def prepare_due(fund: Fund, today: date) -> Acted:
    """Make ready, or waive, for every dossier for which it is time and nothing waits yet."""
    version = QuestionnaireVersion.objects.in_force(fund, today)
    if version is None:
        log.warning("no_questionnaire_in_force", fund=fund.number)
        return Acted()
    found = list(_without_one(fund, today).order_by("pk").values_list("pk", flat=True))
    done = Acted()
    for start in range(0, len(found), CHUNK):
        chunk = _prepare(fund, version, found[start : start + CHUNK], today)
        done = Acted(*(one + other for one, other in zip(done, chunk, strict=True)))
    return done


def _without_one(fund: Fund, today: date) -> QuerySet[Dossier]:
    """Dossiers that run, in which T1 is due and no questionnaire waits."""
    running = Q(incapacity__end__isnull=True) | Q(incapacity__end__gte=today)
    here = waiting(fund).filter(dossier=OuterRef("pk"))
    return Dossier.objects.filter(
        running,
        ~Exists(here),
        fund=fund,
        out_of_order="",
        incapacity__excluded="",
        pk__in=due(fund, today).values("dossier"),
    )


@transaction.atomic
def _prepare(fund: Fund, version: QuestionnaireVersion, keys: list[int], today: date) -> Acted:
    """One chunk. Locked first and looked at then, so that of two runs at once the second sees what the first did."""
    locked = list(
        Dossier.objects.filter(fund=fund, pk__in=keys)
        .order_by("pk")
        .select_for_update(skip_locked=True, no_key=True)
        .values_list("pk", flat=True)
    )
    chosen = list(_without_one(fund, today).filter(pk__in=locked).select_related("incapacity__person"))
    facts = facts_of([dossier.pk for dossier in chosen])
    waived: list[Entry] = []
    made: list[Questionnaire] = []
    for dossier in chosen:
        person = dossier.incapacity.person
        if reason := waiver(facts.get(dossier.pk, ()), person.birth_date, today):
            values = Values.of({"reason": reason})
            waived.append(Entry(dossier.pk, Fact("questionnaire_waived", today, str(new_uuid()), "", values)))
        else:
            made.append(
                Questionnaire(
                    fund=fund,
                    dossier=dossier,
                    version=version,
                    state=Sending.TO_MAIL if person.email else Sending.TO_POST,
                    language=person.language,
                    channel="email" if person.email else "post",
                    token=new_token(),
                    automatic=True,
                    prepared_on=today,
                )
            )
    ledger.record_many(waived, fund=fund, actor=actors.system(), today=today)
    Questionnaire.objects.bulk_create(made)
    audit.record_many([(None, one) for one in made], fund=fund, actor=actors.system())
    by_mail = sum(one.state == Sending.TO_MAIL for one in made)
    return Acted(to_post=len(made) - by_mail, to_mail=by_mail, waived=len(waived))
