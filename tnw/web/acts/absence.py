"""What follows on an absence in route A as pages: letter, proposal, confirmation, new date, withdrawal (X1 to X3)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.law.facts import TEXT_LIMIT
from dossiers.scans import LARGEST, Upload
from tnw.web.absences import NOTHING_REDUCED, percent_in_words, period_in_words, step_in_words
from tnw.web.acts.act import Act, Data, Occasion, may_with, unless_waiting
from tnw.web.acts.fields import FOR_THE_DOCTOR, NoteForm, OnForm, text
from trajects.letters.absence import OF_STEP
from trajects.models import AbsenceProcedure
from trajects.policies import absence as policies
from trajects.services import absence as services


class ScanField(forms.FileField):
    """A scan, as the services take it; what may be kept is theirs to say."""

    def clean(self, data: Any, initial: Any = None) -> Upload | None:
        given = super().clean(data, initial)
        if not isinstance(given, UploadedFile):
            return None
        # One byte more than may be kept is enough to refuse it.
        return Upload(given.name or "", given.read(LARGEST + 1))


def scan_field() -> ScanField:
    return ScanField(
        label=gettext_lazy("Scan of the proof of posting"),
        required=False,
        help_text=gettext_lazy("PDF, PNG or JPEG, 10 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )


class LetterForm(OnForm):
    """When it was posted, under which number, and the scan of its proof."""

    proof = forms.CharField(
        label=gettext_lazy("Number of the registered letter"),
        max_length=TEXT_LIMIT,
        help_text=gettext_lazy("The number on the proof of posting."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scan = scan_field()

    def fit(self, occasion: Occasion) -> None:
        told = {"step": step_in_words(occasion.dossier, occasion.of(AbsenceProcedure))}
        self.fields["on"].help_text = _("The day on which it was posted. Step: %(step)s.") % told


class ReasonForm(OnForm):
    """When, and why."""

    note = text(gettext_lazy("Reason"), required=True, rows=3, hint=FOR_THE_DOCTOR)


class ProposeForm(NoteForm):
    """With what it would come to now."""

    def fit(self, occasion: Occasion) -> None:
        self.fields["on"].help_text = _reduction(occasion)


class ConfirmForm(OnForm):
    """Seen by another person, with period and percentage."""

    seen_by_me = forms.BooleanField(
        label=gettext_lazy("I have seen the letters with their proof, the period and the percentage"),
        error_messages={"required": gettext_lazy("Tick this once you have seen them.")},
    )

    def fit(self, occasion: Occasion) -> None:
        self.fields["seen_by_me"].help_text = _reduction(occasion)


def _reduction(occasion: Occasion) -> str:
    """Period and percentage as they are now."""
    row = occasion.of(AbsenceProcedure)
    return _("%(step)s: %(period)s, %(percent)s.") % {
        "step": step_in_words(occasion.dossier, row),
        "period": period_in_words(policies.period(occasion.dossier, row)),
        "percent": percent_in_words(policies.percentage(occasion.dossier, row)),
    }


def _noted(service: Callable[..., object]) -> Callable[[Occasion, Data, int], object]:
    return lambda occasion, told, seen: service(
        **occasion.who, on=told["on"], subject=occasion.subject, note=told["note"], seen=seen
    )


ACTS = (
    Act(
        slug="absence-letter",
        title=lambda occasion: _("Record the registered letter after an absence"),
        hint=gettext_lazy(
            "Each absence without a valid reason has its registered letter: a warning after the first, the "
            "announcement of a reduction after the second and each later one. Without its number and those of the "
            "letters before it no reduction can be proposed."
        ),
        button=gettext_lazy("Record the letter"),
        told=gettext_lazy("The registered letter is recorded."),
        form=LetterForm,
        may=unless_waiting(may_with(policies.may_send_letter, AbsenceProcedure), *OF_STEP.values()),
        do=lambda occasion, told, seen: services.send_letter(
            **occasion.who,
            on=told["on"],
            subject=occasion.subject,
            proof=told["proof"],
            scan=told["scan"],
            seen=seen,
        ),
        names=AbsenceProcedure,
    ),
    Act(
        slug="absence-propose",
        title=lambda occasion: _("Propose a reduction of the benefit"),
        hint=NOTHING_REDUCED,
        button=gettext_lazy("Propose the reduction"),
        told=gettext_lazy("The reduction is proposed; the team lead decides on it."),
        form=ProposeForm,
        may=may_with(policies.may_propose, AbsenceProcedure),
        do=_noted(services.propose),
        names=AbsenceProcedure,
    ),
    Act(
        slug="absence-confirm",
        title=lambda occasion: _("Confirm the reduction of the benefit"),
        hint=NOTHING_REDUCED,
        button=gettext_lazy("Confirm the reduction"),
        told=gettext_lazy("The reduction is confirmed."),
        form=ConfirmForm,
        may=may_with(policies.may_confirm, AbsenceProcedure),
        do=lambda occasion, told, seen: services.confirm(
            **occasion.who, on=told["on"], subject=occasion.subject, seen=seen
        ),
        names=AbsenceProcedure,
        beside=("absence",),
    ),
    Act(
        slug="absence-refuse",
        title=lambda occasion: _("Do not confirm the reduction"),
        hint=gettext_lazy("It goes back to whoever proposed it, who can propose it again or withdraw it."),
        button=gettext_lazy("Do not confirm it"),
        told=gettext_lazy("The reduction is not confirmed."),
        form=ReasonForm,
        may=may_with(policies.may_decide, AbsenceProcedure),
        do=_noted(services.refuse),
        names=AbsenceProcedure,
    ),
    Act(
        slug="absence-new-date",
        title=lambda occasion: _("Record that a new date was asked for"),
        hint=gettext_lazy(
            "The insured person contacted the fund for a new date. A reduction after a second absence ends on that day."
        ),
        button=gettext_lazy("Record it"),
        told=gettext_lazy("It is recorded that a new date was asked for."),
        form=NoteForm,
        may=may_with(policies.may_ask_new_date, AbsenceProcedure),
        do=_noted(services.ask_new_date),
        names=AbsenceProcedure,
    ),
    Act(
        slug="absence-withdraw",
        title=lambda occasion: _("Withdraw what follows on the absence"),
        hint=gettext_lazy(
            "The absence then counts no more, and those after it move up a step. A valid reason is recorded beside the "
            "appointment instead."
        ),
        button=gettext_lazy("Withdraw it"),
        told=gettext_lazy("What followed on the absence is withdrawn."),
        form=ReasonForm,
        may=may_with(policies.may_withdraw, AbsenceProcedure),
        do=_noted(services.withdraw),
        names=AbsenceProcedure,
    ),
)
