"""A paid training as pages: proposed, advised, submitted, reviewed, decided, over (H1 to H3)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import formats
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dossiers.law.kinds import PROPOSERS
from dossiers.notes import notes_of
from dossiers.reading import entries_of
from tnw.web.acts.act import Act, Data, Occasion, Word, may_with, unless_waiting
from tnw.web.acts.fields import FOR_THE_DOCTOR, MEDICAL_READS, ActForm, NoteForm, OnForm, choice, text
from tnw.web.fields import day
from trajects.fact_words import CODES
from trajects.models import TrainingProject
from trajects.policies import training as policies
from trajects.services import training as services

YES_OR_NO = {"yes": True, "no": False}


class ProposeForm(OnForm):
    """Who proposes which training."""

    proposed_by = choice(_("Proposed by"), [(code, CODES["proposed_by"][code]) for code in PROPOSERS])
    what = text(
        _("Which training"),
        required=True,
        hint=_("The training, where it is given, and the work it leads to. Read by the doctor too."),
    )

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        return {"on": occasion.on, "proposed_by": "insured"}


class OfTrainingForm(OnForm):
    """Says which training it is about; what was written of it stands at the first question."""

    asked = ""

    def fit(self, occasion: Occasion) -> None:
        if self.asked and (said := "\n".join(_said(occasion))):
            self.fields[self.asked].help_text = format_html("{} <b>{}</b>", _("Proposed:"), said)


class AdviseForm(OfTrainingForm):
    """Whether it fits the state of health."""

    asked = "favorable"
    favorable = choice(
        _("Compatible with the state of health?"),
        [("yes", _("Yes: favourable advice")), ("no", _("No: unfavourable advice"))],
    )
    medical = text(_("Medical reason"), hint=MEDICAL_READS)
    insured = text(
        _("What the insured person is told"),
        hint=_(
            "Read by the coordinator too: without medical details. Needed where the advice is unfavourable."
        ),
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("favorable") == "no":
            why = _("Say why: an unfavourable advice needs its medical reason.")
            self.ask(told, {"medical": why, "insured": _("Say what the insured person is told of it.")})
        return told


class ReviewForm(NoteForm):
    """What the team of RIZIV found."""

    favorable = choice(_("Review"), [("yes", _("Favourable")), ("no", _("Unfavourable"))])


class DecideForm(NoteForm):
    """What the HCGRI decided, and for which days."""

    approved = choice(
        _("Decision of the HCGRI"),
        [("yes", pgettext_lazy("training", "Approved")), ("no", pgettext_lazy("training", "Refused"))],
    )
    first_day = day(_("First day of the training"), required=False)
    last_day = day(_("Last day of the training"), required=False)

    def fit(self, occasion: Occasion) -> None:
        self.fields["last_day"].help_text = _(
            "Both days where it is approved: the incapacity is presumed from the first up to and including the last."
        )


class LetterForm(OnForm):
    """The proof of the letter: its number and its day."""

    proof = forms.CharField(
        label=_("Number of the registered letter"),
        max_length=60,
        help_text=_("As it stands on the receipt of the post."),
        error_messages={"required": _("Give the number of the registered letter.")},
    )


class CompleteForm(NoteForm):
    """With success or without."""

    success = choice(
        _("With success?"),
        [("yes", _("Yes: the remaining capacities are assessed anew")), ("no", _("No"))],
    )

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        one = occasion.row
        last = one.ends_on if isinstance(one, TrainingProject) else None
        return {"on": min(last, occasion.on) if last else occasion.on}


class BreakOffForm(OnForm):
    """Why."""

    reason = text(_("Reason"), required=True, rows=3, hint=FOR_THE_DOCTOR)


def _said(occasion: Occasion) -> list[str]:
    """What was written when it was proposed, for whoever may read it."""
    told = [
        entry
        for entry in entries_of(occasion.actor, occasion.dossier)
        if entry.kind == "training_proposed" and entry.subject == occasion.subject
    ]
    return [text for note in notes_of(occasion.actor, told).values() for text in note.texts]


def _titled(title: Word) -> Any:
    """With the day of the proposal, which tells several trainings apart."""

    def named(occasion: Occasion) -> Word:
        trainings = occasion.dossier.trainings.all()
        one = next((one for one in trainings if one.subject == occasion.subject), None)
        if one is None or len(trainings) < 2:
            return title
        told = {"title": title, "day": formats.date_format(one.proposed_on, "d/m/Y")}
        return gettext("%(title)s (proposed on %(day)s)") % told

    return named


def _of(occasion: Occasion, told: Data, seen: int) -> dict[str, Any]:
    """What every service of a training asks."""
    return {**occasion.who, "on": told["on"], "subject": occasion.of(TrainingProject).subject, "seen": seen}


def _act(
    slug: str,
    title: Word,
    hint: Word,
    button: Word,
    told: Word,
    form: type[ActForm],
    may: Any,
    do: Any,
    letters: Sequence[str] = (),
) -> Act:
    allowed = may_with(may, TrainingProject)
    return Act(
        slug=slug, title=_titled(title), hint=hint, button=button, told=told, form=form,
        may=unless_waiting(allowed, *letters) if letters else allowed, do=do, names=TrainingProject,
    )  # fmt: skip


ACTS = (
    Act(
        slug="propose-training",
        title=lambda occasion: _("Propose a training"),
        hint=_(
            "The advisory doctor then says whether it fits the state of health; after that it goes to RIZIV."
        ),
        button=_("Record the proposal"),
        told=_("The training is proposed: the advisory doctor gives advice."),
        form=ProposeForm,
        may=lambda occasion: policies.may_propose(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.propose(
            **occasion.who, on=told["on"], proposed_by=told["proposed_by"], what=told["what"], seen=seen
        ),
        looks_ahead=True,
    ),
    _act(
        "advise-training",
        _("Give advice on the training"),
        _(
            "Whether the training is compatible with the state of health. As long as it is not submitted, it may change."
        ),
        _("Give this advice"),
        _("The advice is recorded."),
        AdviseForm,
        policies.may_advise,
        lambda occasion, told, seen: services.advise(
            **_of(occasion, told, seen),
            favorable=YES_OR_NO[told["favorable"]],
            medical=told["medical"],
            insured=told["insured"],
        ),
    ),
    _act(
        "submit-training",
        _("Submit the training to RIZIV"),
        _("Record that the application was sent."),
        _("Record that it was submitted"),
        _("The training is submitted to RIZIV."),
        NoteForm,
        policies.may_submit,
        lambda occasion, told, seen: services.submit(**_of(occasion, told, seen), note=told["note"]),
        letters=["training_application"],
    ),
    _act(
        "training-review",
        _("Record the review of the training by RIZIV"),
        _("What the team of RIZIV found. The HCGRI decides after it."),
        _("Record the opinion of RIZIV"),
        _("The opinion of RIZIV is recorded."),
        ReviewForm,
        policies.may_review,
        lambda occasion, told, seen: services.review(
            **_of(occasion, told, seen), favorable=YES_OR_NO[told["favorable"]], note=told["note"]
        ),
    ),
    _act(
        "training-decision",
        _("Record the decision on the training"),
        _("Approved, the fund pays for the training. Refused, the insured person gets a registered letter."),
        _("Record the decision"),
        _("The decision is recorded."),
        DecideForm,
        policies.may_decide,
        lambda occasion, told, seen: services.decide(
            **_of(occasion, told, seen),
            approved=YES_OR_NO[told["approved"]],
            first_day=told["first_day"],
            last_day=told["last_day"],
            note=told["note"],
        ),
    ),
    _act(
        "training-letter",
        _("Record the registered letter on the training"),
        _("The proof that the decision was sent: the day of the letter, and its number."),
        _("Record the letter"),
        _("The registered letter is recorded."),
        LetterForm,
        policies.may_send_letter,
        lambda occasion, told, seen: services.send_letter(**_of(occasion, told, seen), proof=told["proof"]),
        letters=["training_approved", "training_refused"],
    ),
    _act(
        "complete-training",
        _("Record the end of the training"),
        _("The presumption of incapacity for the training ends with it."),
        _("Record the end"),
        _("The end of the training is recorded."),
        CompleteForm,
        policies.may_complete,
        lambda occasion, told, seen: services.complete(
            **_of(occasion, told, seen), success=YES_OR_NO[told["success"]], note=told["note"]
        ),
    ),
    _act(
        "break-off-training",
        _("Break off the training"),
        _("It is given up. The presumption of incapacity for the training ends with it."),
        _("Break off the training"),
        _("The training is broken off."),
        BreakOffForm,
        policies.may_break_off,
        lambda occasion, told, seen: services.break_off(**_of(occasion, told, seen), reason=told["reason"]),
    ),
)
