"""The reintegration plan on paper, as it was agreed, for the insured (Z4, Z6)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dossiers.documents.kinds import About, Kind, Matter
from dossiers.documents.letter import (
    Block,
    Letter,
    Missing,
    bullets,
    day,
    details,
    heading,
    moment,
    paragraph,
    paragraphs,
    table,
)
from dossiers.documents.words import closing, salutation
from dossiers.models import Dossier
from tnw.accounts.models import Role
from trajects.models import ReintegrationPlan
from trajects.models.appointment import Form
from trajects.models.plan import PlanState
from trajects.plans import Contents
from trajects.versions import Version, versions_of


def _agreed(dossier: Dossier, _today: date) -> list[About]:
    """Every version, the one in force last."""
    plans = sorted(dossier.plans.all(), key=lambda one: (one.part, one.version))
    return [About(one.fact, title(one)) for one in plans]


def title(plan: ReintegrationPlan) -> str:
    """Which plan it is."""
    return _("Version %(number)d of %(day)s") % {"number": plan.version, "day": day(plan.agreed_on)}


def plan(matter: Matter) -> Letter:
    """One version of the plan, with what was done of it since."""
    version = next(
        one for one in versions_of(matter.actor, matter.dossier) if one.plan.fact == matter.subject
    )
    if version.contents is None:
        raise Missing(_("the text of the plan"))
    blocks = [
        salutation(),
        paragraph(_standing(version)),
        *told(version.contents),
        *paragraphs(matter.said.get("text", "")),
        paragraph(
            _(
                "We look at this plan together every three months. You can ask at any moment to change it: call or "
                "write to your return-to-work coordinator."
            )
        ),
    ]
    return Letter(_("Your reintegration plan"), blocks, closing(matter), about=[title(version.plan)])


def _standing(version: Version) -> str:
    if version.plan.state == PlanState.SUPERSEDED:
        text = _(
            "This is the plan as we agreed it on %(day)s. Meanwhile a later version has come in its place."
        )
    else:
        text = _(
            "This is the plan that we agreed with you on %(day)s. Keep it: it says what each of us does."
        )
    return text % {"day": day(version.plan.agreed_on)}


def told(contents: Contents) -> list[Block]:
    """All that a plan says."""
    who, what, by_when = _("Who"), pgettext("plan", "What"), pgettext("plan", "By when")
    state = pgettext("plan", "State")
    aims = [
        _("%(objective)s (by %(day)s)") % {"objective": one.text, "day": day(one.target)}
        if one.target
        else one.text
        for one in contents.objectives
    ]
    steps = [
        [
            one.text,
            one.who,
            day(one.due) if one.due else "",
            pgettext("plan", "done") if one.done else pgettext("plan", "to do"),
        ]
        for one in contents.actions
    ]
    at = contents.next.moment
    form = str(Form(contents.next.form).label) if contents.next.form else ""
    return [
        heading(_("The end result aimed for")),
        *paragraphs(contents.result),
        heading(_("Objectives on the way there")),
        bullets(aims),
        heading(_("Who does what")),
        table([what, who, by_when, state], steps, [6, 3, 3, 2]),
        heading(_("The next follow-up interview")),
        details(
            (pgettext("letter", "When"), moment(at) if at else ""),
            (_("How"), form),
            (pgettext("letter", "Where"), contents.next.place),
        ),
    ]


KINDS = (
    Kind(
        "reintegration_plan",
        gettext_lazy("Reintegration plan"),
        plan,
        nothing=gettext_lazy("No reintegration plan is agreed yet."),
        about=_agreed,
        roles=(Role.COORDINATOR,),
        asks={"text": gettext_lazy("What you want to add")},
        many=True,
    ),
)
