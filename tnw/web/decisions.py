"""What waits for the decision of a doctor beside the assessments, and for that of a team lead: the most urgent first.

Permission for a traject asked for by the insured (B5), advice on a training (H1), adapted work that was declared (W1),
declarations to sign (Z2); reductions to confirm (X3). Each kind is a stretch of an index of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.models import Deadline, Dossier, LedgerEntry
from dossiers.models.case import running_on
from dossiers.models.machine import Machine
from dossiers.policies import IN_PERSON_ONLY
from dossiers.reminders import still_open
from routing.models import RouteB, RouteC, RouteCState
from routing.models.route_b import BEFORE_CONTACT, RouteBState
from routing.pending import just_decided
from routing.reading import FINDINGS
from tnw.accounts.models import Actor, ActorKind, Role
from tnw.accounts.policies import in_role
from tnw.core import clock
from tnw.core.policies import Verdict
from tnw.web.cards.card import day
from tnw.web.words import BUCKETS, STATES, Word
from tnw.web.worklist.reading import bucket_of, bucket_on
from tnw.web.worklist.scope import Scope, scope_of
from trajects.fact_words import CODES
from trajects.models import AbsenceProcedure, AdaptedWork, EngagementDeclaration, TrainingProject
from trajects.models.absence import AbsenceState
from trajects.models.adapted_work import AdaptedWorkState
from trajects.models.declaration import TO_SIGN
from trajects.models.training import TrainingState

EVERYONE = "1"
SHOWN = 50
REQUESTS = 20
COUNTED = 1000
PERMISSION = "T9"
# The stretches of the list under a heading each, the most urgent first; what has no date is `open`.
GROUPS: tuple[tuple[str, Word, Word, tuple[str, ...]], ...] = (
    ("overdue", STATES["overdue"], BUCKETS["overdue"], ("overdue",)),
    ("soon", gettext_lazy("Today and this week"), BUCKETS["week"], ("today", "week")),
    ("later", STATES["later"], gettext_lazy("after this week"), ("later",)),
    ("open", gettext_lazy("Without a date"), gettext_lazy("what waits longest first"), ("open",)),
)
_PLACES = {bucket: place for place, (*_words, buckets) in enumerate(GROUPS) for bucket in buckets}


@dataclass(frozen=True, slots=True)
class Source:
    """One source of decisions: which rows wait, for whom, the act that decides, and what is told of a row.

    `since` is the kind of the fact with which it began to wait, `first` the column by which the oldest come first;
    `by` gives the day before which it is wanted, where there is one without a deadline.
    """

    title: Word
    role: str
    model: type[Machine]
    waits: Q
    act: str
    since: str
    first: str
    tells: Callable[[Any], str] = lambda _row: ""
    by: Callable[[Any], date | None] = lambda _row: None
    # An assessment has a page of its own, which claims it.
    page: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One decision: in which dossier, what, since when, by when where a deadline says so, and where it is taken."""

    dossier: Dossier
    title: Word
    told: str
    since: date | None
    deadline: Deadline | None
    bucket: str
    url: str
    by: date | None
    act: str
    subject: str
    row: int

    @property
    def urgency(self) -> "Urgency":
        """By which the list is ordered: its heading, then what is nearest, and without a date what waits longest."""
        day = self.by or self.since or date.max
        return Urgency(_PLACES[self.bucket], day, self.dossier.pk, self.act, self.row)


class Urgency(NamedTuple):
    """Where a line stands in the list, and no other with it: what comes after it is the rest."""

    group: int
    day: date
    dossier: int
    act: str
    row: int

    def __str__(self) -> str:
        return f"{self.group}_{self.day}_{self.dossier}_{self.act}_{self.row}"

    @classmethod
    def read(cls, mark: str) -> "Urgency | None":
        """A place as an address names it; None for anything else."""
        try:
            group, day, dossier, act, row = mark.split("_")
            return cls(int(group), date.fromisoformat(day), int(dossier), act, int(row))
        except ValueError:
            return None


SOURCES: tuple[Source, ...] = (
    Source(
        gettext_lazy("Permission for the traject"),
        Role.ADVISORY_DOCTOR,
        RouteB,
        Q(state=RouteBState.ASKED),
        "decide-permission",
        "permission_requested",
        "due",
        tells=lambda row: str(CODES["aim"].get(row.aim, "")),
    ),
    Source(
        gettext_lazy("Advice on a training"),
        Role.ADVISORY_DOCTOR,
        TrainingProject,
        Q(state=TrainingState.PROPOSED),
        "advise-training",
        "training_proposed",
        "proposed_on",
    ),
    Source(
        gettext_lazy("Permission for adapted work"),
        Role.ADVISORY_DOCTOR,
        AdaptedWork,
        Q(state=AdaptedWorkState.DECLARED),
        "permit-adapted-work",
        "adapted_work_declared",
        "starts_on",
        tells=lambda row: (
            (_("begun already on %(day)s") if row.starts_on < clock.today() else _("starts on %(day)s"))
            % {"day": day(row.starts_on)}
        ),
        by=lambda row: row.starts_on,
    ),
    Source(
        gettext_lazy("Registration that health stands in the way of: assess again"),
        Role.ADVISORY_DOCTOR,
        RouteC,
        Q(state=RouteCState.CONFIRMED, dossier__route_a__health_allows=False),
        "",
        "invalidity_confirmed",
        "confirmed",
        page="assess",
    ),
    Source(
        gettext_lazy("Declaration to sign"),
        Role.ADVISORY_DOCTOR,
        EngagementDeclaration,
        Q(state__in=TO_SIGN, doctor_on__isnull=True),
        "sign-as-doctor",
        "declaration_drawn_up",
        "drawn_up_on",
    ),
    Source(
        gettext_lazy("Reduction of the benefit to confirm"),
        Role.TEAM_LEAD,
        AbsenceProcedure,
        Q(state=AbsenceState.PROPOSED),
        "absence-confirm",
        "reduction_proposed",
        "absent_on",
        tells=lambda row: _("absent on %(day)s") % {"day": day(row.absent_on)},
    ),
)


# What is decided one after the other, on screens of its own.
QUEUED = ("decide-permission", "advise-training", "permit-adapted-work")
# What a doctor judges of somebody's health, beside the assessments: read with all that is known of it.
JUDGED = frozenset(source.act for source in SOURCES if source.act and source.role == Role.ADVISORY_DOCTOR)
# What waits while a decision on the same dossier is being recorded.
WAITING_FOR_A_DECISION = JUDGED | {"refuse-adapted-work", "refer"}


def may_decide(actor: Actor) -> Verdict:
    """Advisory doctors, and team leads for what they confirm: the work of a person."""
    if actor.kind != ActorKind.USER:
        return IN_PERSON_ONLY
    return in_role(actor, *{source.role for source in SOURCES})


class Decisions:
    """What waits on a day for somebody's decision; of the doctors of his team, or with `everyone` of the whole fund."""

    def __init__(
        self, actor: Actor, today: date, *, everyone: bool = False, within: Scope | None = None
    ) -> None:
        """`within` is the worklist of the same person, where it was read."""
        self.actor, self.today, self.everyone = actor, today, everyone
        self.sources = [source for source in SOURCES if in_role(actor, source.role)]
        self._scopes = (
            {}
            if everyone
            else _scopes(actor, {source.role for source in self.sources}, within or scope_of(actor, today))
        )

    def number(self) -> int:
        """How many wait, and not beyond `COUNTED` of a kind."""
        return sum(self._rows(source).values("pk")[: COUNTED + 1].count() for source in self.sources)

    def unsigned(self) -> Iterator[QuerySet[Any]]:
        """By source what waits, without what is signed: that has a page of its own as well."""
        signed = EngagementDeclaration
        return (self._rows(source) for source in self.sources if source.model is not signed)

    def lines(self, back: str) -> list[Line]:
        """The first ones; `back` is the page to which the act returns."""
        return self._sorted(self.sources, SHOWN, back)[:SHOWN]

    def ahead(self, after: Urgency | None) -> Iterator[list[Line]]:
        """What is decided one after the other, from a place on: a stretch at a time, as far as they are asked for."""
        queued, size = [source for source in self.sources if source.act in QUEUED], SHOWN
        while queued:
            # Of each as many: what stands among the first so many of all is where it belongs.
            read = self._sorted(queued, size)
            if lines := [line for line in read[:size] if not after or line.urgency > after]:
                yield lines
                after = lines[-1].urgency
            if len(read) < size:
                return
            size *= 2

    def place_of(self, dossier: Dossier, act: str, subject: str) -> Urgency | None:
        """Where a decision stands; None where it is not waited for."""
        its = [source for source in self.sources if source.act == act]
        lines = self._sorted(its, SHOWN, dossier=dossier)
        return next((line.urgency for line in lines if line.subject == subject), None)

    def _sorted(self, sources: Sequence[Source], size: int, back: str = "", **of: Dossier) -> list[Line]:
        """Of each of these sources the first so many rows, all together in the order of the list."""
        rows = [(source, row) for source in sources for row in self._ordered(source).filter(**of)[:size]]
        keys = {row.dossier_id for _source, row in rows}
        due = self._due(keys)
        since = self._since(keys)
        found = [
            self._line(source, row, due, since.get((row.dossier_id, source.since, _subject(row))), back)
            for source, row in rows
        ]
        return sorted(found, key=lambda line: line.urgency)

    def requests(self) -> Sequence[RouteB]:
        """The requests of insured persons before anything is asked of the doctor: he is informed of each (B5)."""
        if not in_role(self.actor, Role.ADVISORY_DOCTOR):
            return []
        early = Q(state__in=[*BEFORE_CONTACT, RouteBState.CONTACTED, RouteBState.WITH_PHYSICIAN])
        rows = self._of(RouteB, early, Role.ADVISORY_DOCTOR)
        return list(
            rows.select_related("dossier__incapacity__person").order_by("-requested_on", "pk")[:REQUESTS]
        )

    def _rows(self, source: Source) -> QuerySet[Any]:
        rows = self._of(source.model, source.waits, source.role)
        if source.page != "assess":
            return rows
        # What is found from the day of the confirmation on is the answer to it.
        facts = LedgerEntry.objects.visible_to(self.actor).filter(dossier=OuterRef("dossier"))
        confirmed = facts.filter(kind=source.since).order_by("-on").values("on")[:1]
        return rows.annotate(confirmed=Subquery(confirmed)).exclude(
            Exists(facts.filter(kind__in=FINDINGS, on__gte=OuterRef("confirmed")))
        )

    def _of(self, model: type[Machine], waits: Q, role: str) -> QuerySet[Any]:
        running = running_on(self.today, "dossier__") & Q(dossier__out_of_order="")
        rows = model.objects.visible_to(self.actor).filter(waits, running, self._scopes.get(role, Q()))
        # On what was decided just now nobody decides again.
        return rows.exclude(just_decided())

    def _ordered(self, source: Source) -> QuerySet[Any]:
        rows = self._rows(source).select_related("dossier__incapacity__person")
        if source.first == "due":
            its = Deadline.objects.visible_to(self.actor).filter(
                still_open(self.today), dossier=OuterRef("dossier"), rule=PERMISSION
            )
            rows = rows.annotate(due=Subquery(its.values("act_by")[:1], output_field=DateField()))
        return rows.order_by(F(source.first).asc(nulls_last=True), "dossier", "pk")

    def _due(self, keys: Iterable[int]) -> dict[int, Deadline]:
        its = Deadline.objects.visible_to(self.actor).filter(
            still_open(self.today), dossier__in=keys, rule=PERMISSION
        )
        return {one.dossier_id: one for one in its}

    def _since(self, keys: Iterable[int]) -> dict[tuple[int, str, str], date]:
        """The day of the fact with which each began to wait; of several the last."""
        entries = LedgerEntry.objects.visible_to(self.actor).filter(
            dossier__in=keys, kind__in=[source.since for source in self.sources]
        )
        told = entries.order_by("on", "seq").values_list("dossier", "kind", "subject", "on")
        return {(dossier, kind, subject): on for dossier, kind, subject, on in told}

    def _line(
        self, source: Source, row: Any, due: dict[int, Deadline], since: date | None, back: str
    ) -> Line:
        deadline = due.get(row.dossier_id) if source.model is RouteB else None
        by = deadline.act_by if deadline else source.by(row)
        return Line(
            dossier=row.dossier,
            title=source.title,
            told=source.tells(row),
            since=since,
            deadline=deadline,
            bucket=self._bucket(deadline, by),
            url=_address(source, row, back, everyone=self.everyone),
            by=by,
            act=source.act,
            subject=_subject(row),
            row=row.pk,
        )

    def _bucket(self, deadline: Deadline | None, by: date | None) -> str:
        """Late is only what a deadline says is late; what was wanted before today is wanted today."""
        if deadline:
            return bucket_of(deadline, self.today)
        return bucket_on(max(by, self.today), self.today) if by else "open"


def _address(source: Source, row: Any, back: str, *, everyone: bool) -> str:
    """Where it is decided: in the queue, on the page of an act, which returns here, or on one of its own."""
    if source.act in QUEUED:
        query = {"subject": _subject(row), "all": EVERYONE if everyone else ""}
        told = urlencode({name: value for name, value in query.items() if value})
        address = reverse("decide", args=[row.dossier.public_id, source.act])
        return f"{address}?{told}" if told else address
    if source.page:
        return reverse(source.page, args=[row.dossier.public_id])
    if source.model is EngagementDeclaration:
        return reverse("dossier_declaration", args=[row.dossier.public_id, row.subject])
    query = {"subject": _subject(row), "next": back}
    told = urlencode({name: value for name, value in query.items() if value})
    return f"{reverse('act', args=[row.dossier.public_id, source.act])}?{told}"


def _subject(row: Machine) -> str:
    return getattr(row, "subject", "")


def _scopes(actor: Actor, roles: Iterable[str], within: Scope | None) -> dict[str, Q]:
    """By role which dossiers: of the own team and of none, and those of whom this person stands in for today."""
    user = actor.user
    if user is None or within is None or (recipients := within.recipients) is None:
        return dict.fromkeys(roles, Q(pk__in=()))
    people = [user, *within.colleagues]
    found: dict[str, Q] = {}
    for role in roles:
        theirs = [one for one in people if one.has_role(role)]
        found[role] = Q(pk__in=())
        for one in theirs:
            found[role] |= (
                recipients.as_lead(one.pk, "dossier__team")
                if role == Role.TEAM_LEAD
                else recipients.of_medical_team(one, "dossier__team")
            )
    return found


def grouped(lines: Sequence[Line]) -> Iterator[tuple[str, Word, Word, list[Line]]]:
    """The lines under their headings: how it looks, its words, and what stands below it."""
    for group, title, means, buckets in GROUPS:
        if its := [line for line in lines if line.bucket in buckets]:
            yield group, title, means, its
