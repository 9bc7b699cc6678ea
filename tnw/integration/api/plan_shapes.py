"""What a plan says, as it goes out and comes in: the draft and each version alike (Z4, Z6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from dossiers.models import Dossier
from tnw.accounts.models import Actor, new_uuid
from tnw.integration.rest import Code, Link, Shape, invalid
from tnw.integration.rest.problem import EXT_INPUT, INPUT
from trajects.models import PlanDraft, ReintegrationPlan, ReintegrationTraject
from trajects.models.appointment import Form
from trajects.models.plan import PlanState
from trajects.models.reintegration import ReintegrationState
from trajects.plans import ROWS, SHORT, TEXT, Action, Contents, Interview, Objective, Part, to_finish
from trajects.services import plan as services
from trajects.versions import Version, versions_of

TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
OPTIONAL: dict[str, Any] = {"required": False, "allow_null": True}
# What a plan has to have (Z4), by the code of its part, as it is called here.
NEEDED = {"objectives": "objectives", "result": "end_result", "actions": "actions", "next": "next_interview"}


def named(parts: Iterable[Part]) -> list[str]:
    """What a plan lacks, as it is called here, each once."""
    codes = {one.code for one in parts}
    return [name for code, name in NEEDED.items() if code in codes]


# --- out


class PlanObjective(Shape):
    """An intermediate result, and the day by which it is aimed for."""

    text = serializers.CharField(required=False)
    target_date = serializers.DateField(source="target", required=False)


class PlanAction(Shape):
    """What somebody does by a day; its id stays the same from version to version."""

    id = serializers.UUIDField(required=False)
    text = serializers.CharField(required=False)
    who = serializers.CharField(required=False)
    due_date = serializers.DateField(source="due", required=False)
    done = serializers.BooleanField()


class PlanInterview(Shape):
    """The next follow-up interview: when, in Belgian time, how and where."""

    on = serializers.DateField(required=False)
    time = serializers.RegexField(TIME, required=False)
    form = Code(Form, required=False)
    place = serializers.CharField(required=False)


class PlanTexts(Shape):
    """What a plan says."""

    end_result = serializers.CharField(required=False, help_text="The end result aimed for.")
    objectives = PlanObjective(many=True, required=False)
    actions = PlanAction(many=True, required=False)
    next_interview = PlanInterview(required=False)


class VersionInForce(Shape):
    """The version that was agreed last."""

    number = serializers.IntegerField()
    href = Link("/plans/{place}/versions/{number}")
    agreed_on = serializers.DateField()


class DraftOfPlan(Shape):
    """What is being written of the next version."""

    revision = serializers.IntegerField(help_text="Rises each time that another text is saved.")
    saved_at = serializers.DateTimeField()


class PlanSummary(Shape):
    """The plan of one formal part: which version is in force, and whether a next one is being written."""

    id = serializers.UUIDField(source="part.public_id")
    href = Link("/plans/{part.public_id}")
    dossier = Link("/dossiers/{part.dossier.public_id}")
    reintegration_traject = Link("/reintegrationTrajects/{part.public_id}")
    state = Code(
        ["to_be_made", "agreed", "evaluated"], help_text="Evaluated: nothing of it changes any more."
    )
    version_in_force = VersionInForce(required=False)
    draft = DraftOfPlan(source="row", required=False)


class Plan(PlanSummary, PlanTexts):
    """The plan of a formal part: what its draft says, or what a draft would begin with, and what that lacks (Z4)."""

    missing = serializers.ListField(
        child=Code(list(NEEDED.values())),
        required=False,
        help_text="What has to be there before it can be agreed.",
    )


class PlanVersionSummary(Shape):
    """A version of the plan, as it was agreed."""

    number = serializers.IntegerField(source="plan.version")
    href = Link("/plans/{place}/versions/{plan.version}")
    state = Code(PlanState, source="plan.state")
    agreed_on = serializers.DateField(source="plan.agreed_on")


class PlanVersion(PlanVersionSummary, PlanTexts):
    """A version of the plan with what it says, and what was done of it; nothing of it where its text was erased."""


# --- in


class PlanObjectiveChange(Shape):
    """An intermediate result, and the day by which it is aimed for."""

    text = serializers.CharField(required=False, max_length=TEXT)
    target_date = serializers.DateField(source="target", required=False)


class PlanActionChange(Shape):
    """What somebody does by a day."""

    id = serializers.UUIDField(
        required=False, help_text="Of an action that stands there; a new one gets its own."
    )
    text = serializers.CharField(required=False, max_length=TEXT)
    who = serializers.CharField(required=False, max_length=SHORT)
    due_date = serializers.DateField(source="due", required=False)


class PlanInterviewPatch(Shape):
    """Of the next follow-up interview what changes."""

    on = serializers.DateField(**OPTIONAL)
    time = serializers.RegexField(TIME, **OPTIONAL)
    form = Code(Form, **OPTIONAL)
    place = serializers.CharField(max_length=SHORT, **OPTIONAL)


class PlanContents(Shape):
    """What changes in the draft; a list that is sent takes the place of the list that stands there."""

    end_result = serializers.CharField(max_length=TEXT, help_text="The end result aimed for.", **OPTIONAL)
    objectives = serializers.ListField(
        child=PlanObjectiveChange(), max_length=ROWS, help_text="All of them.", **OPTIONAL
    )
    actions = serializers.ListField(
        child=PlanActionChange(), max_length=ROWS, help_text="All of them.", **OPTIONAL
    )
    next_interview = PlanInterviewPatch(help_text="Of this, what is left out stays.", **OPTIONAL)


def changed(before: Contents, change: Mapping[str, Any]) -> Contents:
    """A draft with what a merge patch says of it. Raises Problem where it names an action that is not there."""
    after = before
    if "end_result" in change:
        after = replace(after, result=change["end_result"] or "")
    if "objectives" in change:
        after = replace(after, objectives=tuple(Objective(**one) for one in change["objectives"] or ()))
    if "actions" in change:
        after = replace(after, actions=_actions(before, change["actions"] or ()))
    if "next_interview" in change:
        told = change["next_interview"]
        after = replace(after, next=before.next if told == {} else _interview(before.next, told))
    # As it is kept and read again.
    return Contents.of(after.plain()).tidy()


def _interview(before: Interview, change: Mapping[str, Any] | None) -> Interview:
    if change is None:
        return Interview()
    plain = before.plain()
    for name, value in change.items():
        plain["at" if name == "time" else name] = value.isoformat() if name == "on" and value else value
    return Interview.of(plain)


def _actions(before: Contents, rows: Any) -> tuple[Action, ...]:
    found: list[Action] = []
    for number, row in enumerate(rows):
        told = dict(row)
        known = str(told.pop("id", ""))
        stands = before.action(known)
        if known and stands is None:
            raise invalid(
                f"actions[{number}].id",
                _("There is nothing with this id."),
                type=INPUT + "referencedResourceNotFound",
            )
        if any(known and one.id == known for one in found):
            raise invalid(
                f"actions[{number}].id", _("This stands there twice."), type=EXT_INPUT + "rejectedInput"
            )
        found.append(Action(id=known or str(new_uuid()), done=stands is not None and stands.done, **told))
    return tuple(found)


# --- reading


class _Says:
    contents: Contents | None

    @property
    def end_result(self) -> str | None:
        return self.contents.result if self.contents else None

    @property
    def objectives(self) -> tuple[Objective, ...] | None:
        return self.contents.objectives if self.contents else None

    @property
    def actions(self) -> tuple[Action, ...] | None:
        return self.contents.actions if self.contents else None

    @property
    def next_interview(self) -> dict[str, Any] | None:
        if self.contents is None or self.contents.next == Interview():
            return None
        one = self.contents.next
        at = one.at.isoformat("minutes") if one.at else None
        return {"on": one.on, "time": at, "form": one.form, "place": one.place}


@dataclass
class ToldVersion(_Says):
    """A version, and under which id its plan is known."""

    place: UUID
    plan: ReintegrationPlan
    contents: Contents | None


@dataclass
class ToldPlan(_Says):
    """A plan: its formal part, its versions, its draft, and what that says."""

    part: ReintegrationTraject
    versions: list[ToldVersion]
    row: PlanDraft | None
    contents: Contents | None

    @property
    def last(self) -> ToldVersion | None:
        return self.versions[-1] if self.versions else None

    @property
    def state(self) -> str:
        return str(self.last.plan.state) if self.last else "to_be_made"

    @property
    def version_in_force(self) -> dict[str, Any] | None:
        if self.last is None:
            return None
        plan = self.last.plan
        return {"number": plan.version, "place": self.part.public_id, "agreed_on": plan.agreed_on}

    @property
    def missing(self) -> list[str] | None:
        if self.part.state == ReintegrationState.ENDED or self.contents is None:
            return None
        return named(to_finish(self.contents))

    @property
    def mark(self) -> int:
        """Of the draft, another number whenever it was written anew; without one, of the version in force."""
        if self.row:
            return self.row.pk % 10**6 * 10**4 + self.row.revision % 10**4
        return self.last.plan.version if self.last else 0


def told(actor: Actor, dossier: Dossier, part: ReintegrationTraject, versions: list[Version]) -> ToldPlan:
    """The plan of a formal part; `versions` are all of its dossier."""
    mine = [
        ToldVersion(part.public_id, one.plan, one.contents)
        for one in versions
        if one.plan.part == part.number
    ]
    if part.state == ReintegrationState.ENDED:
        return ToldPlan(part, mine, None, mine[-1].contents if mine else None)
    draft = services.draft_of(actor, dossier)
    contents = Contents.of(draft.contents) if draft else services.beginning(actor, dossier)
    return ToldPlan(part, mine, draft, contents)


def told_of(actor: Actor, part: ReintegrationTraject) -> ToldPlan:
    """The plan of a formal part."""
    return told(actor, part.dossier, part, versions_of(actor, part.dossier))
