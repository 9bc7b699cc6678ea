"""Adapted work as pages: planned, declared, permitted or refused, over (W1)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.law.calendar import last_working_day_before
from tnw.accounts.models import Role
from tnw.accounts.policies import in_role
from tnw.web.acts.act import Act, Data, Occasion, Word, may_with
from tnw.web.acts.fields import MEDICAL_READS, ActForm, NoteForm, OnForm, text
from tnw.web.fields import day
from trajects.models import AdaptedWork
from trajects.policies import adapted_work as policies
from trajects.services import adapted_work as services

STARTS_ON = _("First day of work")


class PlanForm(OnForm):
    """From when, which work, and whether permission was asked already."""

    starts_on = day(STARTS_ON)
    what = text(_("Which work"), rows=3, hint=_("With which employer, how much, and what is adapted."))
    declared = forms.BooleanField(
        label=_("It is declared too: permission was asked on this day"), required=False
    )

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        return {"on": occasion.on, "declared": True}


class ReplanForm(NoteForm):
    """The other day."""

    starts_on = day(STARTS_ON)

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        return {"on": occasion.on, "starts_on": occasion.of(AdaptedWork).starts_on}


class DeclareForm(NoteForm):
    """When it was declared."""

    def fit(self, occasion: Occasion) -> None:
        told = {
            "day": formats.date_format(last_working_day_before(occasion.of(AdaptedWork).starts_on), "d/m/Y")
        }
        self.fields["on"].help_text = (
            gettext("In time up to and including %(day)s; after it, it is late.") % told
        )


class PermitForm(OnForm):
    """For which period, and how many hours a week."""

    first_day = day(_("Permitted from"))
    last_day = day(_("Permitted until"), required=False)
    hours = forms.DecimalField(
        label=_("Hours a week"),
        max_digits=5,
        decimal_places=2,
        min_value=Decimal(0),
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    medical = text(_("Medical note"), hint=MEDICAL_READS)

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        one = occasion.of(AdaptedWork)
        return {
            "on": occasion.on,
            "first_day": one.permitted_from or one.starts_on,
            "last_day": one.permitted_to,
            "hours": one.hours,
        }


class RefuseForm(OnForm):
    """Why, for the medical file and for the insured person."""

    medical = text(_("Medical reason"), required=True, hint=MEDICAL_READS)
    insured = text(
        _("What the insured person is told"),
        required=True,
        hint=_("Read by the coordinator too: without medical details."),
    )


class EndForm(NoteForm):
    """The last day of it."""

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        last = occasion.of(AdaptedWork).permitted_to
        return {"on": min(last, occasion.on) if last else occasion.on}


def _titled(title: Word, again: Word = "", others: Word = "") -> Any:
    """With its first day; `again` where it is permitted already, `others` for whoever is not the doctor before that."""

    def named(occasion: Occasion) -> Word:
        works = occasion.dossier.adapted_works.all()
        one = next((one for one in works if one.subject == occasion.subject), None)
        if one is None:
            return title
        words = again if again and one.permitted_from else title
        if others and not one.permitted_from and not in_role(occasion.actor, Role.ADVISORY_DOCTOR):
            words = others
        told = {"title": words, "day": formats.date_format(one.starts_on, "d/m/Y")}
        return gettext("%(title)s from %(day)s") % told

    return named


def _of(occasion: Occasion, told: Data, seen: int) -> dict[str, Any]:
    return {**occasion.who, "on": told["on"], "subject": occasion.of(AdaptedWork).subject, "seen": seen}


def _act(
    slug: str, title: Any, hint: Word, button: Word, told: Word, form: type[ActForm], policy: Any, do: Any
) -> Act:
    return Act(
        slug=slug, title=title, hint=hint, button=button, told=told, form=form,
        may=may_with(policy, AdaptedWork), do=do, names=AdaptedWork,
    )  # fmt: skip


ACTS = (
    Act(
        slug="plan-adapted-work",
        title=lambda occasion: _("Plan adapted work"),
        hint=_(
            "With a traject or without one. It is declared, with the request for permission, at the latest on the last "
            "working day before it starts. A special rule holds for combining its income with the benefit: the letter "
            "explains it."
        ),
        button=_("Plan the adapted work"),
        told=_("The adapted work is planned."),
        form=PlanForm,
        may=lambda occasion: policies.may_plan(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.plan(
            **occasion.who,
            on=told["on"],
            starts_on=told["starts_on"],
            what=told["what"],
            declared=told["declared"],
            seen=seen,
        ),
        told_of=lambda _occasion, told, _result: (
            _("The adapted work is planned and declared: the advisory doctor decides on the permission.")
            if told["declared"]
            else ""
        ),
        looks_ahead=True,
    ),
    _act(
        "replan-adapted-work",
        _titled(_("Plan another first day of the adapted work")),
        _("What was declared for the former day is declared anew."),
        _("Plan this day"),
        _("The first day is changed."),
        ReplanForm,
        policies.may_replan,
        lambda occasion, told, seen: services.replan(
            **_of(occasion, told, seen), starts_on=told["starts_on"], note=told["note"]
        ),
    ),
    _act(
        "declare-adapted-work",
        _titled(_("Record the declaration of the adapted work")),
        _("The insured person declares the work and asks permission for it."),
        _("Record the declaration"),
        _("The declaration is recorded: the advisory doctor decides on the permission."),
        DeclareForm,
        policies.may_declare,
        lambda occasion, told, seen: services.declare(**_of(occasion, told, seen), note=told["note"]),
    ),
    _act(
        "permit-adapted-work",
        _titled(
            _("Permit the adapted work"),
            again=_("Change the permission for the adapted work"),
            others=_("Decide on the adapted work"),
        ),
        _("It goes together with the state of health. It may be given after the work has begun too."),
        _("Permit it"),
        _("The permission is recorded."),
        PermitForm,
        policies.may_permit,
        lambda occasion, told, seen: services.permit(
            **_of(occasion, told, seen),
            first_day=told["first_day"],
            last_day=told["last_day"],
            hours=told["hours"],
            medical=told["medical"],
        ),
    ),
    _act(
        "refuse-adapted-work",
        _titled(_("Refuse the adapted work")),
        _("It is not compatible with the state of health."),
        _("Refuse it"),
        _("The refusal is recorded."),
        RefuseForm,
        policies.may_refuse,
        lambda occasion, told, seen: services.refuse(
            **_of(occasion, told, seen), medical=told["medical"], insured=told["insured"]
        ),
    ),
    _act(
        "end-adapted-work",
        _titled(_("Record the end of the adapted work")),
        _("Its last day. What goes on under other conditions is permitted anew by the advisory doctor."),
        _("Record the end"),
        _("The end of the adapted work is recorded."),
        EndForm,
        policies.may_end,
        lambda occasion, told, seen: services.end(**_of(occasion, told, seen), note=told["note"]),
    ),
    _act(
        "cancel-adapted-work",
        _titled(_("Cancel the adapted work")),
        _("It does not begin after all."),
        _("Cancel the adapted work"),
        _("The adapted work is cancelled."),
        NoteForm,
        policies.may_cancel,
        lambda occasion, told, seen: services.cancel(**_of(occasion, told, seen), note=told["note"]),
    ),
)
