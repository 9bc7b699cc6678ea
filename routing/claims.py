"""Claiming a dossier for its assessment, so that two people never spend their minute on the same one."""

from datetime import timedelta

from django.db import connection, transaction

from dossiers.keyset import Place
from dossiers.models import Dossier
from routing.assessments import Queue, claims_of
from routing.models import Claim
from routing.policies.route_a import may_open_assessments
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.core.policies import require

LASTS = timedelta(minutes=20)

# One statement, so that of two at once the second finds the first's claim, whatever either had read before.
TAKE = """
insert into routing_claim (fund_id, dossier_id, user_id, until)
values (%(fund)s, %(dossier)s, %(user)s, %(until)s)
on conflict (dossier_id) do update set user_id = excluded.user_id, until = excluded.until
where %(over)s or routing_claim.user_id = excluded.user_id or routing_claim.until <= %(now)s
"""


def take(*, dossier: Dossier, actor: Actor, over: bool = False) -> Claim | None:
    """Claim a dossier, or hold on to it; gives the claim of whoever else has it. `over` takes it from them."""
    require(may_open_assessments(actor))
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE,
            {
                "fund": dossier.fund_id,
                "dossier": dossier.pk,
                "user": actor.user_id,
                "until": now + LASTS,
                "now": now,
                "over": over,
            },
        )
        if cursor.rowcount:
            return None
    return held_by_another(dossier, actor)


def held_by_another(dossier: Dossier, actor: Actor) -> Claim | None:
    """The claim that somebody else has on a dossier now."""
    claim = claims_of(actor, [dossier.pk]).get(dossier.pk)
    return claim if claim and claim.user_id != actor.user_id else None


def holds(dossier: Dossier, actor: Actor) -> bool:
    """Whether this person has the dossier now."""
    claim = claims_of(actor, [dossier.pk]).get(dossier.pk)
    return claim is not None and claim.user_id == actor.user_id


def release(*, dossier: Dossier, actor: Actor) -> None:
    """Let go of a dossier; somebody else's claim stays."""
    Claim.objects.visible_to(actor).filter(dossier=dossier, user=actor.user).delete()


@transaction.atomic
def take_next(*, queue: Queue, actor: Actor, after: Place | None = None) -> Dossier | None:
    """Claim the most urgent dossier that is ready, from a place on; None where the queue ends.

    The dossier that somebody else is claiming at this moment is locked: it is passed over, not waited for.
    """
    require(may_open_assessments(actor))
    for line in queue.ahead(after):
        if not line.ready(actor, queue.today):
            continue
        dossier = (
            Dossier.objects.visible_to(actor)
            .filter(pk=line.dossier.pk)
            .select_for_update(of=("self",), skip_locked=True, no_key=True)
            .first()
        )
        if dossier and take(dossier=dossier, actor=actor) is None:
            return dossier
    return None
