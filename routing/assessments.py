"""The assessment queue: which dossiers wait for a doctor on a day, the most urgent first (A4, T4 to T6, T14, T23)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dossiers.keyset import ORDER, Place, beyond
from dossiers.law.calendar import add_months
from dossiers.models import Deadline, Dossier
from dossiers.models.deadline import ASSESSED
from dossiers.reminders import Mark, Recipients, marks, still_open
from routing.models import Claim
from routing.pending import being_recorded, just_decided
from tnw.accounts.models import MEDICAL, Actor, Deputy, Role, Team
from tnw.accounts.policies import in_role
from tnw.core import clock
from trajects.models import Appointment, Traject
from trajects.models.appointment import AppointmentState, Purpose
from trajects.models.traject import TrajectState

REFER = "T23"
RULES = tuple(ASSESSED)
BESIDE = ("T17",)
SHOWN = 25
COUNTED = 1000
# So many teams are read each by its own stretch of the index; more are rare, and one question.
BRANCHES = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A dossier that waits: for what, the most urgent first, and what else is to be known before it is opened."""

    place: Place
    dossier: Dossier
    waits_for: Sequence[Deadline]
    beside: Sequence[Deadline]
    mark: Mark | None
    claim: Claim | None
    examination: datetime | None
    # Somebody has decided on it just now; it is recorded in a moment.
    decided: bool

    @property
    def first(self) -> Deadline:
        return self.waits_for[0]

    @property
    def to_refer(self) -> bool:
        """Assessed already: nothing but the referral is waited for."""
        return asks_referral(self.waits_for)

    def ready(self, actor: Actor, today: date) -> bool:
        """Whether this person can decide now: nobody else is at it or has just decided, no examination comes first.

        What was assessed today and not referred is not brought up again the same day.
        """
        taken = self.claim is not None and self.claim.user_id != actor.user_id
        if self.to_refer and (self.first.opens_on == today or not in_role(actor, Role.ADVISORY_DOCTOR)):
            return False
        return not taken and not self.decided and self.examination is None


def asks_referral(waiting: Iterable[Deadline]) -> bool:
    """Whether of what a doctor meets on this screen nothing but the referral is waited for."""
    return {deadline.rule for deadline in waiting if deadline.rule in RULES} == {REFER}


class Stretch(NamedTuple):
    """Lines of the queue one after another, and after which place it goes on; None where it ends."""

    lines: list[Line]
    last: Place | None


def can_be_met(actor: Actor) -> Q:
    """All but a referral while a traject runs: that waits until it ends (R1)."""
    running = Traject.objects.visible_to(actor).filter(
        dossier=OuterRef("dossier"), state=TrajectState.RUNNING
    )
    return ~Q(Exists(running), rule=REFER)


def in_view(today: date) -> Q:
    """What waits on a day and is near: T4 from the third month on, anything else a month before its day."""
    near = Q(surfaces_on__isnull=True, act_by__lte=add_months(today, 1))
    return still_open(today) & (Q(surfaces_on__lte=today) | near)


class Queue:
    """What waits on a day for the doctors of somebody's team, or with `everyone` for those of the whole fund."""

    def __init__(
        self, actor: Actor, today: date, *, everyone: bool = False, recipients: Recipients | None = None
    ) -> None:
        """`recipients` are those of the fund on that day, where they were read already."""
        self.actor, self.today = actor, today
        self._scopes = [Q()] if everyone else _of_teams(actor, today, recipients)

    def number(self) -> int:
        """How many dossiers wait, without those just decided, and not beyond `COUNTED`."""
        waiting = (deadlines.exclude(just_decided()) for deadlines in self._questions())
        first, *rest = (deadlines.values("dossier")[: COUNTED + 1] for deadlines in waiting)
        return first.union(*rest).count()

    def stretch(self, after: Place | None = None, size: int = SHOWN) -> Stretch:
        """The next dossiers after a place, or the first ones."""
        pieces = [
            deadlines.filter(beyond(after)).order_by(*ORDER).values_list(*ORDER, "dossier")[: size + 1]
            for deadlines in self._questions()
        ]
        found = list(pieces[0].union(*pieces[1:], all=True).order_by(*ORDER)[: size + 1])
        shown = [(Place(*at), dossier) for *at, dossier in found[:size]]
        last = shown[-1][0] if len(found) > size else None
        return Stretch(list(self._lines(shown)), last)

    def place_of(self, dossier: Dossier) -> Place | None:
        """Where a dossier stands; None where nothing is waited for."""
        waiting = waiting_of(self.actor, [dossier.pk], self.today).get(dossier.pk, [])
        return next((Place.of(one) for one in waiting if one.rule in RULES), None)

    def ahead(self, after: Place | None, size: int = 10) -> Iterator[Line]:
        """Line after line from a place on, read as far as they are asked for."""
        while True:
            lines, last = self.stretch(after, size)
            yield from lines
            if last is None:
                return
            after = last

    def _questions(self) -> Iterator[QuerySet[Deadline]]:
        """What nothing closes, for each team on its own; and what is known to close later. Each has an index."""
        waiting = Deadline.objects.visible_to(self.actor).filter(
            in_view(self.today), can_be_met(self.actor), rule__in=RULES
        )
        closing = Q()
        for scope in self._scopes:
            yield waiting.filter(scope, closed_on__isnull=True)
            closing |= scope
        yield waiting.filter(closing, closed_on__gt=F("act_by")).filter(closed_on__gt=self.today)

    def _lines(self, places: Sequence[tuple[Place, int]]) -> Iterator[Line]:
        """A dossier stands where its most urgent deadline does, and nowhere else."""
        keys = [dossier for _place, dossier in places]
        if not keys:
            return
        waiting = waiting_of(self.actor, keys, self.today)
        dossiers = (
            Dossier.objects.visible_to(self.actor).select_related("incapacity__person", "team").in_bulk(keys)
        )
        told = marks(self.actor, [one for them in waiting.values() for one in them], self.today)
        claims = claims_of(self.actor, keys)
        examined = examinations_of(self.actor, keys)
        decided = being_recorded(list(dossiers.values()))
        for place, key in places:
            waits_for = [one for one in waiting.get(key, ()) if one.rule in RULES]
            if key in dossiers and waits_for and Place.of(waits_for[0]) == place:
                yield Line(
                    place,
                    dossiers[key],
                    waits_for,
                    [one for one in waiting[key] if one.rule in BESIDE],
                    next((told[one.pk] for one in waits_for if one.pk in told), None),
                    claims.get(key),
                    examined.get(key),
                    key in decided,
                )


def waiting_of(actor: Actor, dossiers: Iterable[int], today: date) -> dict[int, list[Deadline]]:
    """By dossier the deadlines that a doctor meets on this screen, the most urgent first."""
    found: dict[int, list[Deadline]] = {}
    deadlines = Deadline.objects.visible_to(actor).filter(
        in_view(today), can_be_met(actor), dossier__in=list(dossiers), rule__in=(*RULES, *BESIDE)
    )
    for deadline in deadlines.order_by(*ORDER):
        found.setdefault(deadline.dossier_id, []).append(deadline)
    return found


def claims_of(actor: Actor, dossiers: Iterable[int]) -> dict[int, Claim]:
    """Who is at which of these dossiers now."""
    claims = Claim.objects.visible_to(actor).filter(dossier__in=list(dossiers), until__gt=clock.now())
    return {claim.dossier_id: claim for claim in claims.select_related("user")}


def examinations_of(actor: Actor, dossiers: Iterable[int]) -> dict[int, datetime]:
    """For which of these dossiers a medical examination is planned, and when."""
    planned = Appointment.objects.visible_to(actor).filter(
        dossier__in=list(dossiers),
        purpose=Purpose.MEDICAL_EXAMINATION,
        state=AppointmentState.PLANNED,
        at__gt=clock.now(),
    )
    return dict(planned.order_by("-at").values_list("dossier", "at"))


def _of_teams(actor: Actor, today: date, recipients: Recipients | None) -> list[Q]:
    """The own team, those without a doctor, and those for whom this person stands in today: each is one condition."""
    user = actor.user
    if user is None:
        return [Q(pk__in=())]
    doctors = set((recipients or Recipients(user.fund, today)).doctors_of)
    absent = Deputy.objects.on(today).filter(deputy=user, user__is_active=True).select_related("user")
    own = {user.team_id, *(period.user.team_id for period in absent if period.user.has_role(*MEDICAL))}
    teams = set(Team.objects.filter(fund=user.fund_id).values_list("pk", flat=True))
    looked_after = sorted((teams & own) | (teams - doctors))
    alone = [Q(for_team__isnull=True), *(Q(for_team=team) for team in looked_after[:BRANCHES])]
    return alone + ([Q(for_team__in=rest)] if (rest := looked_after[BRANCHES:]) else [])
