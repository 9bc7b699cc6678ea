"""A row in every table of the floor of routing that no fact makes."""

from datetime import timedelta

from dossiers.models import Dossier
from routing.models import AnswerSheet, Claim, Questionnaire, QuestionnaireVersion
from tnw.accounts.models import Actor, User
from tnw.core import clock


def write_routes(dossier: Dossier, user: User, actor: Actor) -> None:
    fund, on = dossier.fund, dossier.incapacity.start
    version = QuestionnaireVersion.objects.filter(fund=fund).earliest("pk")
    Claim.objects.create(fund=fund, dossier=dossier, user=user, until=clock.now() + timedelta(minutes=20))
    Questionnaire.objects.create(
        fund=fund, dossier=dossier, version=version, state="sent", language="nl", channel="post",
        token=f"token-{fund.number}", prepared_on=on, sent_on=on, sent_fact="sent-1",
    )  # fmt: skip
    AnswerSheet.objects.create(
        fund=fund, dossier=dossier, version=version, answers={"work": "yes"}, actor=actor, saved_at=clock.now(),
        received_on=on, received_fact="received-1", channel="post",
    )  # fmt: skip
