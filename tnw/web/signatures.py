"""Declarations on their way to three signatures: what waits for somebody, for others, and for the seal."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, Q, QuerySet
from django.urls import reverse

from dossiers.models import Deadline
from dossiers.models.case import running_on
from dossiers.reading import as_row
from dossiers.reminders import Recipients
from tnw.accounts.models import Actor, User
from tnw.accounts.policies import in_role
from tnw.web.dossier import Line as Waits
from tnw.web.dossier import lines
from tnw.web.presumption import between
from tnw.web.words import Word
from tnw.web.worklist.scope import Scope, scope_of
from trajects import signatures
from trajects.fact_words import CODES
from trajects.models import EngagementDeclaration
from trajects.models.declaration import TO_SIGN, DeclarationState
from trajects.policies.declaration import COORDINATOR, DOCTOR, INSURED, RECORDED_BY
from trajects.presumption import RULE, bands
from trajects.services import outside, sealing

SHOWN = 100
SEALS_SHOWN = 20
INTERVIEW = "T11"
# The column with the day on which a role signed.
DAYS = {COORDINATOR: "coordinator_on", DOCTOR: "doctor_on"}


@dataclass(frozen=True, slots=True)
class Line:
    """A declaration in a list: which of mine it waits for, of whom else, and who signed."""

    one: EngagementDeclaration
    mine: bool
    missing: list[Word]
    given: list[Word]
    ended: Word = ""  # why the insured did not sign at the provider

    @property
    def url(self) -> str:
        return page_of(self.one)


@dataclass(slots=True)
class Waiting:
    """What waits for whoever looks, for others, and for the seal of the fund."""

    mine: list[Line] = field(default_factory=list)
    others: list[Line] = field(default_factory=list)
    seal: list[Line] = field(default_factory=list)


def page_of(one: EngagementDeclaration) -> str:
    return reverse("dossier_declaration", args=[one.dossier.public_id, one.subject])


def waiting(actor: Actor, today: date) -> Waiting:
    """Of the own dossiers, those of the own team for a doctor, and those of whom one stands in for; the oldest first."""
    found = Waiting()
    scopes = _scopes(actor, today)
    roles = list(scopes)
    concerned = Q(pk__in=())
    for scope in scopes.values():
        concerned |= scope
    rows = _to_sign(actor, today).filter(concerned)
    own = {role: set(rows.filter(scope).values_list("pk", flat=True)) for role, scope in scopes.items()}
    shown = list(rows.order_by("drawn_up_on", "pk")[:SHOWN])
    ended = _ended(actor, shown)
    for one in shown:
        mine = {role for role in roles if one.pk in own[role] and not one.signed[role]}
        others = [role for role, given in one.signed.items() if not given and role not in mine]
        line = Line(
            one,
            bool(mine),
            [CODES["role"][role] for role in others],
            [CODES["role"][role] for role, given in one.signed.items() if given],
            ended.get((one.dossier_id, one.subject), ""),
        )
        if mine:
            found.mine.append(line)
        elif others:
            found.others.append(line)
    found.seal = [Line(one, False, [], []) for one in _without_seal(actor, concerned)]
    return found


def _ended(actor: Actor, shown: list[EngagementDeclaration]) -> dict[tuple[int, str], Word]:
    """Why the insured did not sign at the provider, of those whose signature is missing."""
    to_sign = [one for one in shown if not one.signed[INSURED]]
    if actor.user is None or not to_sign:
        return {}
    return outside.ended(
        actor.user.fund, [one.dossier_id for one in to_sign], [one.subject for one in to_sign]
    )


def follows(actor: Actor, one: EngagementDeclaration, today: date) -> tuple[list[Waits], str]:
    """What the third signature set going: the interview that is still to be held, and the presumption."""
    if one.state != DeclarationState.COMPLETE or one.completed_on is None:
        return [], ""
    its = Deadline.objects.visible_to(actor).filter(dossier=one.dossier, anchor_on=one.completed_on)
    interview, presumed = (list(its.filter(rule=rule)) for rule in (INTERVIEW, RULE))
    shown = lines(
        [(each, as_row(each)) for each in interview],
        regime=one.dossier.incapacity.regime,
        moves=(),
        reminded={},
        today=today,
    )
    spans = [between(band) for band in bands(presumed, (), one.dossier.incapacity)]
    return [line for line in shown if line.waits], ", ".join(spans)


def next_of(actor: Actor, today: date, after: EngagementDeclaration) -> str:
    """The page of what waits for the same person after this one; empty where nothing does."""
    one = to_sign(actor, today).exclude(pk=after.pk).order_by("drawn_up_on", "pk").first()
    return page_of(one) if one else ""


def to_sign(actor: Actor, today: date, within: Scope | None = None) -> QuerySet[EngagementDeclaration]:
    """What waits for the signature of whoever looks."""
    missing = Q(pk__in=())
    for role, scope in _scopes(actor, today, within).items():
        missing |= scope & Q(**{f"{DAYS[role]}__isnull": True})
    return _to_sign(actor, today).filter(missing)


def _to_sign(actor: Actor, today: date) -> QuerySet[EngagementDeclaration]:
    """What is open for signature, in dossiers where something can be recorded."""
    running = running_on(today, "dossier__") & Q(dossier__out_of_order="")
    return _rows(actor).filter(running, state__in=TO_SIGN)


def _rows(actor: Actor) -> QuerySet[EngagementDeclaration]:
    return EngagementDeclaration.objects.visible_to(actor).select_related("dossier__incapacity__person")


def _without_seal(actor: Actor, concerned: Q) -> Iterable[EngagementDeclaration]:
    """Signed by all three here, and not sealed."""
    complete = _rows(actor).filter(concerned, state=DeclarationState.COMPLETE)
    rows = complete.filter(Exists(signatures.unsealed()))
    return [
        one
        for one in rows.order_by("completed_on", "pk")[:SEALS_SHOWN]
        if sealing.waits(one.dossier, one.subject)
    ]


def _scopes(actor: Actor, today: date, within: Scope | None = None) -> dict[str, Q]:
    """By role in which one signs: which dossiers. `within` is the worklist of the same person, where it was read."""
    roles = [role for role in (COORDINATOR, DOCTOR) if in_role(actor, RECORDED_BY[role])]
    user = actor.user
    if user is None:
        return {}
    within = within or scope_of(actor, today)
    if within is None:
        return {}
    people = [user, *within.colleagues]
    found: dict[str, Q] = {}
    for role in roles:
        theirs = [one for one in people if one.has_role(RECORDED_BY[role])]
        found[role] = _of(role, theirs, within.recipients)
    return found


def _of(role: str, people: list[User], recipients: Recipients | None) -> Q:
    if role == COORDINATOR:
        return Q(dossier__coordinator__in=[one.pk for one in people])
    found = Q(pk__in=())
    if recipients:
        for one in people:
            found |= recipients.of_medical_team(one, "dossier__team")
    return found
