"""The plan of a formal part: its draft, the interview for it, what is agreed, and looking at it again (Z3 to Z6)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers import acts
from dossiers.acts import Done
from dossiers.models import Dossier
from dossiers.models.health import Sight
from dossiers.policies import may_read
from tnw.accounts.models import Actor, new_uuid
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import require
from trajects.models import Appointment, PlanDraft
from trajects.models.appointment import AppointmentState, Purpose
from trajects.plans import Contents, Interview, Part, to_finish
from trajects.policies import contacts as contacts_policies
from trajects.policies import plan as policies
from trajects.policies.reintegration import running_part
from trajects.reading import planned
from trajects.services import contacts
from trajects.versions import PLAN_KEY, in_force, versions_of

_UPON = "upon"


class WrittenMeanwhile(DomainError):
    """Somebody else saved another draft since this one was read: `saved` is what stands."""

    code = "written_meanwhile"

    def __init__(self, saved: PlanDraft) -> None:
        super().__init__(
            _("Meanwhile %(name)s saved another draft. Nothing of yours is lost: choose which to keep."),
            name=saved.saved_by.label,
        )
        self.saved = saved


class AgreedMeanwhile(DomainError):
    """Another version was agreed since the draft was begun: it is written upon that one."""

    code = "agreed_meanwhile"


class Incomplete(DomainError):
    """The plan lacks what it has to have (Z4); `parts` are what, `lacks` names each."""

    code = "incomplete"

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts, self.lacks = parts, [one.lacks for one in parts]
        named = "; ".join(str(one) for one in self.lacks)
        super().__init__(_("The plan cannot be agreed yet. It lacks: %(what)s."), what=named)


# --- the draft


def upon(dossier: Dossier) -> str:
    """Which version a draft becomes, and of which formal part: a draft of another is none any more."""
    part = running_part(dossier)
    return f"{part.number}.{policies.next_version(dossier)}" if part else ""


def draft_of(actor: Actor, dossier: Dossier) -> PlanDraft | None:
    """What is being written of the next version, for whoever may read it."""
    if not may_read(actor, Sight.CASE):
        return None
    draft = _kept(actor, dossier)
    return draft if draft and draft.contents.get(_UPON) == upon(dossier) else None


def beginning(actor: Actor, dossier: Dossier) -> Contents:
    """What a new draft begins with: the version in force, with what was done of it; and the interview that is planned."""
    last = in_force(versions_of(actor, dossier), policies.plan_in_force(dossier))
    contents = last.contents if last and last.contents else Contents()
    return replace(contents, next=_planned_interview(dossier))


def _planned_interview(dossier: Dossier) -> Interview:
    following = next((one for one in planned(dossier, Purpose.FOLLOW_UP) if one.at > clock.now()), None)
    if following is None:
        return Interview()
    at = following.at.astimezone(clock.BRUSSELS)
    return Interview(at.date(), at.time(), following.form)


@transaction.atomic
def save_draft(
    *, dossier_id: UUID, actor: Actor, on: date, contents: Contents, revision: int, version: str = ""
) -> PlanDraft | None:
    """Save what was written upon `revision` of the draft (0: there was none).

    Saving what stands there already changes nothing, nor does what is in force begin a draft. `version` is what
    `upon` said when the page was opened: what was agreed since is not overwritten.

    Raises NotAllowed, WrittenMeanwhile, AgreedMeanwhile, DomainError.
    """
    dossier = acts.begin(dossier_id, actor)
    require(policies.may_write_plan(actor, dossier, on))
    now = upon(dossier)
    if version and version != now:
        raise AgreedMeanwhile(_("Meanwhile another version of the plan was agreed. Open this page anew."))
    row = _kept(actor, dossier)
    current = row is not None and row.contents.get(_UPON) == now
    if row is not None and current:
        if Contents.of(row.contents) == contents:
            return row
        if row.revision != revision:
            raise WrittenMeanwhile(row)
    elif contents == beginning(actor, dossier):
        return None
    if row is None:
        row = PlanDraft(fund_id=dossier.fund_id, dossier=dossier, revision=0)
    row.contents = {**contents.plain(), _UPON: now}
    row.revision += 1
    row.saved_by, row.saved_at = actor, clock.now()
    row.save()
    return row


@transaction.atomic
def discard_draft(*, dossier_id: UUID, actor: Actor, on: date, revision: int) -> None:
    """Throw a draft away. Raises NotAllowed, WrittenMeanwhile, DomainError."""
    dossier = acts.begin(dossier_id, actor)
    require(policies.may_write_plan(actor, dossier, on))
    row = _kept(actor, dossier)
    if row is None:
        return
    if row.revision != revision:
        raise WrittenMeanwhile(row)
    row.delete()


def _kept(actor: Actor, dossier: Dossier) -> PlanDraft | None:
    drafts = PlanDraft.objects.visible_to(actor).filter(dossier=dossier)
    return drafts.select_related("saved_by__user").first()


# --- the acts


@transaction.atomic
def hold_meeting(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    form: str,
    report: str,
    subject: str = "",
    party: str = "",
    outcome: str = "",
    seen: int | None = None,
) -> None:
    """The interview for the plan was held, as planned or without an appointment (T11). Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_hold_meeting(actor, dossier, on))
    held = _held(dossier, actor, on, Purpose.PLAN_MEETING, form, subject, party, report, outcome)
    acts.record(dossier, actor, held, Done("plan_meeting_held", on, instead_of=["plan_meeting_held"]))


@transaction.atomic
def agree(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    contents: Contents,
    revision: int | None = None,
    seen: int | None = None,
) -> int:
    """Agree the plan, or its next version, with the appointment for the next interview; gives the version (Z4, Z6).

    `revision` is that of the draft which was read; where somebody saved another since, nothing is agreed.
    Raises NotAllowed, Incomplete, WrittenMeanwhile, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_agree(actor, dossier, on))
    version = policies.next_version(dossier)
    acts.record(dossier, actor, *_agreed(dossier, actor, on, contents, version, revision))
    return version


@transaction.atomic
def review(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    done: str,
    found: str,
    with_interview: bool = False,
    form: str = "",
    subject: str = "",
    changes: Contents | None = None,
    revision: int | None = None,
    following: Interview | None = None,
    seen: int | None = None,
) -> None:
    """Look at the plan again (T12): what was done, what was found; with or without an interview, or a changed version.

    `following` is the next interview; a changed version brings its own. Raises NotAllowed, Incomplete, DomainError.
    """
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_review(actor, dossier, on))
    told = []
    if with_interview:
        if not form:
            raise DomainError(_("Say how the interview was held."), code="required", field="form")
        told.append(_held(dossier, actor, on, Purpose.FOLLOW_UP, form, subject, "", "", ""))
    told.append(
        Done(
            "plan_reviewed",
            on,
            {"with_interview": with_interview},
            note=acts.note(done=done, found=found),
            instead_of=["plan_reviewed"],
        )
    )
    if changes is not None:
        require(policies.may_agree(actor, dossier, on))
        told += _agreed(dossier, actor, on, changes, policies.next_version(dossier), revision)
    elif following is not None:
        told += _next_interview(dossier, on, following)
    acts.record(dossier, actor, *told)


def _held(
    dossier: Dossier, actor: Actor, on: date, purpose: str, form: str, subject: str, party: str,
    report: str, outcome: str,
) -> Done:  # fmt: skip
    """The contact itself, of its appointment where there was one."""
    if subject:
        planned = contacts.appointment_of(dossier, subject, purpose)
        require(contacts_policies.may_tell_outcome(actor, dossier, planned, on))
        party = party or planned.party
    contacts.require_party(dossier, party)
    values = {"form": form, "party": party or None}
    return Done("contact_held", on, values, subject, acts.note(text=report, outcome=outcome))


def _agreed(
    dossier: Dossier, actor: Actor, on: date, contents: Contents, version: int, revision: int | None
) -> list[Done]:
    contents = contents.tidy()
    if parts := to_finish(contents):
        raise Incomplete(parts)
    draft = _kept(actor, dossier)
    current = draft is not None and draft.contents.get(_UPON) == upon(dossier)
    if draft and current and revision is not None and draft.revision != revision:
        raise WrittenMeanwhile(draft)
    if draft:
        draft.delete()
    told = Done("plan_agreed", on, {"version": version}, note={PLAN_KEY: contents.plain()})
    return [told, *_next_interview(dossier, on, contents.next)]


def _next_interview(dossier: Dossier, on: date, following: Interview) -> list[Done]:
    """The appointment for it, unless one is planned at that moment already."""
    at = following.moment
    if at is None or not following.form:
        raise DomainError(
            _("Say when and how the next follow-up interview takes place."), code="required", field="next"
        )
    there = Appointment.objects.filter(
        fund=dossier.fund_id,
        dossier=dossier,
        purpose=Purpose.FOLLOW_UP,
        state=AppointmentState.PLANNED,
        at=at,
    )
    if there.exists():
        return []
    if at <= clock.now():
        raise DomainError(
            _("The next follow-up interview lies ahead: choose a later moment."), code="in_past", field="next"
        )
    values: dict[str, Any] = {"purpose": Purpose.FOLLOW_UP.value, "at": at, "form": following.form}
    place = acts.note(place=following.place)
    return [Done("appointment_made", on, values, str(new_uuid()), place)]


@transaction.atomic
def mark_action_done(
    *,
    dossier_id: UUID,
    actor: Actor,
    on: date,
    plan_action: str,
    kind: str = "other",
    note: str = "",
    seen: int | None = None,
) -> None:
    """An action of the plan in force is done: it is an action in the dossier. Raises NotAllowed, DomainError."""
    dossier = acts.begin(dossier_id, actor, seen=seen)
    require(policies.may_mark_done(actor, dossier, on))
    version = in_force(versions_of(actor, dossier), policies.plan_in_force(dossier))
    action = version.contents.action(plan_action) if version and version.contents else None
    if action is None:
        raise DomainError(
            _("There is no such action in the plan."), code="unknown_action", field="plan_action"
        )
    if action.done:
        raise DomainError(
            _("This action is recorded as done already."), code="done_already", field="plan_action"
        )
    told = acts.note(action=action.text, text=note)
    acts.record(
        dossier, actor, Done("action_taken", on, {"kind": kind, "plan_action": plan_action}, note=told)
    )
