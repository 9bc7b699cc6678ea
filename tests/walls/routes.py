"""A row in every table of the floor of routing: the facts of one registration, and what no fact makes."""

from datetime import timedelta
from uuid import UUID

from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from routing.models import (
    AnswerSheet,
    Claim,
    PendingDecision,
    Questionnaire,
    QuestionnaireVersion,
    RegistrationWindow,
)
from tnw.accounts.models import Actor, User
from tnw.core import clock


def write_routes(dossier: Dossier, user: User, actor: Actor) -> None:
    fund, on = dossier.fund, dossier.incapacity.start
    version = QuestionnaireVersion.objects.filter(fund=fund).earliest("pk")
    said = fact("registration_reported", on, "reported-1", "registration-1", service="vdab", registered_on=on)
    record_many([Entry(dossier.pk, said)], fund=fund, actor=actor)
    RegistrationWindow.objects.create(fund=fund, service="vdab", opens_on=on)
    Claim.objects.create(fund=fund, dossier=dossier, user=user, until=clock.now() + timedelta(minutes=20))
    PendingDecision.objects.create(
        fund=fund, dossier=dossier, user=user, act="assess", values={"category": "4"}, seen=1,
        made_at=clock.now(), due_at=clock.now(), trace_id=UUID(int=1),
    )  # fmt: skip
    Questionnaire.objects.create(
        fund=fund, dossier=dossier, version=version, state="sent", language="nl", channel="post",
        token=f"token-{fund.number}", prepared_on=on, sent_on=on, sent_fact="sent-1",
    )  # fmt: skip
    AnswerSheet.objects.create(
        fund=fund, dossier=dossier, version=version, answers={"work": "yes"}, actor=actor, saved_at=clock.now(),
        received_on=on, received_fact="received-1", channel="post",
    )  # fmt: skip
