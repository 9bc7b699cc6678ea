"""Reading the plans of a dossier: each version as it was agreed, and what was done of it since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dossiers.law.facts import Fact, corrected, in_order
from dossiers.models import Dossier, LedgerEntry
from dossiers.notes import payloads_of
from dossiers.reading import facts_of
from tnw.accounts.models import Actor
from trajects.models import ReintegrationPlan
from trajects.models.plan import PlanState
from trajects.plans import Contents

PLAN_KEY = "plan"
_KINDS = ("plan_agreed", "action_taken", "fact_voided", "fact_corrected")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a plan; `contents` is nothing where its text was erased, and `by` who recorded it."""

    plan: ReintegrationPlan
    contents: Contents | None
    by: str

    @property
    def in_force(self) -> bool:
        return str(self.plan.state) == PlanState.AGREED


def versions_of(actor: Actor, dossier: Dossier) -> list[Version]:
    """All versions in the order in which they were agreed; the latest of each plan says what was done since."""
    plans = sorted(dossier.plans.all(), key=lambda one: (one.part, one.version))
    if not plans:
        return []
    entries = list(
        LedgerEntry.objects.visible_to(actor)
        .filter(dossier=dossier, kind__in=_KINDS)
        .select_related("actor")
        .order_by("seq")
    )
    kept = payloads_of(actor, (one for one in entries if one.kind == "plan_agreed"))
    people = {one.fact_id: one.actor.label for one in entries}
    done = actions_done(in_order(corrected(facts_of(entries))))
    found = []
    for plan in plans:
        body = kept.get(plan.fact)
        contents = Contents.of(body[PLAN_KEY]) if isinstance(body, dict) and PLAN_KEY in body else None
        if contents and plan.state != PlanState.SUPERSEDED:
            contents = with_done(contents, done)
        found.append(Version(plan, contents, people.get(plan.fact, "")))
    return found


def in_force(versions: Sequence[Version], plan: ReintegrationPlan | None) -> Version | None:
    """Of these the one that is this plan."""
    return next((one for one in versions if plan and one.plan.pk == plan.pk), None)


def actions_done(facts: Iterable[Fact]) -> set[str]:
    """The actions of plans that were recorded as taken."""
    return {one.get("plan_action", "") for one in facts if one.kind == "action_taken"} - {""}


def with_done(contents: Contents, done: set[str]) -> Contents:
    """The same, with what was done since."""
    actions = (replace(one, done=one.done or one.id in done) for one in contents.actions)
    return replace(contents, actions=tuple(actions))
