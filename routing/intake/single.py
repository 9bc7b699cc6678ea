"""One incapacity that is brought by itself: checked, judged and taken in as a line of the feed."""

from collections.abc import Mapping
from datetime import date

from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from dossiers.feed.faults import Rejection
from dossiers.feed.messages import sentence
from dossiers.feed.recognitions import COLUMNS, check
from routing.intake import judging, staged
from routing.intake.imports import TAKING_IN, Busy
from routing.intake.recognitions import Intake
from tnw.accounts.models import Actor, Fund
from tnw.accounts.policies import may_feed
from tnw.core.errors import DomainError
from tnw.core.policies import require

# How long one waits for others of its kind. A whole file takes longer, and is not waited for.
PATIENCE = "3s"
_NOT_IN_TIME = "55P03"


@transaction.atomic
def take_one(fields: Mapping[str, str], *, fund: Fund, actor: Actor, today: date) -> bool:
    """Take in what a line of the feed says, each field as it stands there; gives whether it changed anything.

    The same or a lower version of a known reference changes nothing. Raises NotAllowed, Busy while a file of the fund
    is taken in, DomainError with the field and the code of the fault.
    """
    require(may_feed(actor))
    item = check(1, [fields.get(name, "") for name in COLUMNS], fund.number, today)
    if isinstance(item, Rejection):
        raise _refused(item)
    in_turn(fund)
    staged.fill(staged.RECOGNITION_TABLE, iter([staged.of_recognition(item)]))
    try:
        judging.judge(fund)
        [(column, code)] = staged.rows("select fault_column, fault_code from feed_recognitions")
        if code:
            raise _refused(Rejection(1, column, code))
        intake = Intake(fund, actor, today, None)
        taken, _unchanged = intake.take(0, 1)
    finally:
        staged.drop()
    for refused in intake.refused:
        raise _refused(refused)
    return bool(taken)


def _refused(fault: Rejection) -> DomainError:
    return DomainError(sentence(fault.code), code=fault.code, field=fault.column)


def in_turn(fund: Fund) -> None:
    """One after the other, and none in the midst of a file. Held until the transaction ends.

    Whoever judges by what stands takes it before reading that. Raises Busy while a file of the fund is taken in.
    """
    try:
        with transaction.atomic():
            [(before,)] = staged.rows("select current_setting('lock_timeout')")
            staged.rows("select set_config('lock_timeout', %s, true)", [PATIENCE])
            staged.rows("select pg_advisory_xact_lock(%s, %s)", [TAKING_IN, fund.pk])
            staged.rows("select set_config('lock_timeout', %s, true)", [before])
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != _NOT_IN_TIME:
            raise
        raise Busy(_("A feed of this fund is being taken in: try again in a moment.")) from None
