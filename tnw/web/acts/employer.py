"""The occupational physician and the traject at the employer as acts (A7, B4, Z7, Z9)."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from dossiers.law.kinds import DECISIONS, REFERRAL_ASKS, REQUESTERS, VISIT_OUTCOMES
from routing.policies import employer as referring
from routing.services import employer as referrals
from tnw.web.acts.act import Act, Data, Occasion, Word
from tnw.web.acts.fields import NOT_MEDICAL, NoteForm, OnForm, choice, text
from tnw.web.cards.employer import DECIDED, DECIDED_BEFORE
from trajects.fact_words import CODES
from trajects.policies import employer as policies
from trajects.policies.sharing import EMPLOYER_REFERRAL, OCCUPATIONAL_PHYSICIAN, may_share
from trajects.services import employer as services


class AnswerForm(NoteForm):
    """What the insured person says to the proposal."""

    elsewhere = {"agreed": "answer"}
    answer = choice(
        _("Does the insured person agree?"),
        [("yes", _("yes: the consent for this referral is recorded")), ("no", _("no"))],
    )


class ReferForm(OnForm):
    """What it asks for; without a consent that stands, whether the insured agrees."""

    asks_for = choice(_("The referral asks for"), [(code, CODES["asks_for"][code]) for code in REFERRAL_ASKS])
    agreed = forms.BooleanField(
        label=_("The insured person agrees to this referral: the consent is recorded with it"),
        required=False,
    )
    note = text(_("Support given with it"), rows=3, hint=NOT_MEDICAL)

    def fit(self, occasion: Occasion) -> None:
        if may_share(occasion.dossier, OCCUPATIONAL_PHYSICIAN, EMPLOYER_REFERRAL):
            del self.fields["agreed"]


class VisitForm(OnForm):
    """What came of it."""

    outcome = choice(_("Outcome"), [(code, CODES["outcome"][code]) for code in VISIT_OUTCOMES])
    note = text(_("Report"), hint=NOT_MEDICAL)


class StartForm(NoteForm):
    """Who asked for it."""

    requested_by = choice(_("Asked by"), [(code, CODES["requested_by"][code]) for code in REQUESTERS])


class EndForm(NoteForm):
    """The decision of the occupational physician, by its day, and what became of the employer's plan."""

    decision = choice(_("Decision of the occupational physician"), ())
    refused_by = choice(
        _("Plan of the employer refused by"),
        [("", _("nobody, or there was no plan")), ("worker", CODES["refused_by"]["worker"]),
         ("employer", CODES["refused_by"]["employer"])],
        required=False,
    )  # fmt: skip
    plan_carried_out = forms.BooleanField(label=_("A plan of the employer was carried out"), required=False)

    def fit(self, occasion: Occasion) -> None:
        one = policies.running(occasion.dossier)
        began = (one.started_on if one else None) or date.max
        letters = ((letter, _label(letter, began)) for letter in DECISIONS)
        self.offer("decision", ((letter, label) for letter, label in letters if label))


def _label(letter: str, began: date) -> Word:
    """One that began before the change may have ended before it, too."""
    now = DECIDED.get(letter, "")
    if began >= policies.CHANGED:
        return now
    before = DECIDED_BEFORE[letter]
    return f"{now} · {before}" if now else before


def _refer(occasion: Occasion, told: Data, seen: int) -> object:
    return referrals.refer(
        **occasion.who,
        on=told["on"],
        asks_for=told["asks_for"],
        agreed=bool(told.get("agreed")),
        note=told["note"],
        seen=seen,
    )


ACTS = (
    Act(
        slug="propose-referral",
        title=lambda occasion: _("Propose a referral to the occupational physician"),
        hint=_("The insured person agrees or not; nothing goes to the occupational physician before."),
        button=_("Record the proposal"),
        told=_("The proposal is recorded."),
        form=NoteForm,
        may=lambda occasion: referring.may_propose(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: referrals.propose(
            **occasion.who, on=told["on"], note=told["note"], seen=seen
        ),
        looks_ahead=True,
    ),
    Act(
        slug="answer-referral",
        title=lambda occasion: _("Record the answer to the proposed referral"),
        hint=_("With the agreement of the insured person the referral can be made."),
        button=_("Record the answer"),
        told=_("The answer is recorded."),
        form=AnswerForm,
        may=lambda occasion: referring.may_answer(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: referrals.answer(
            **occasion.who, on=told["on"], agreed=told["answer"] == "yes", note=told["note"], seen=seen
        ),
    ),
    Act(
        slug="refer-physician",
        title=lambda occasion: _("Refer to the occupational physician"),
        hint=_(
            "For a visit before resumption or for a traject at the employer. In route B the route waits there."
        ),
        button=_("Refer"),
        told=_("The insured person is referred to the occupational physician."),
        form=ReferForm,
        may=lambda occasion: referring.may_refer(occasion.actor, occasion.dossier, occasion.on),
        do=_refer,
        looks_ahead=True,
    ),
    Act(
        slug="record-visit",
        title=lambda occasion: _("Record the visit before resumption"),
        hint=_("What came of the visit to the occupational physician, as the insured person tells it."),
        button=_("Record the visit"),
        told=_("The visit is recorded."),
        form=VisitForm,
        may=lambda occasion: policies.may_record_visit(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.record_visit(
            **occasion.who, on=told["on"], outcome=told["outcome"], note=told["note"], seen=seen
        ),
    ),
    Act(
        slug="no-employer-traject",
        title=lambda occasion: _("Record that no traject at the employer is asked for"),
        hint=_("The insured person decides so, after the visit or without one. What waited for it goes on."),
        button=_("Record the decision"),
        told=_("The decision is recorded."),
        form=NoteForm,
        may=lambda occasion: policies.may_not_ask(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.decide_not_to_ask(
            **occasion.who, on=told["on"], note=told["note"], seen=seen
        ),
    ),
    Act(
        slug="start-employer-traject",
        title=lambda occasion: _("Record a traject at the employer"),
        hint=_("Whoever asked for it, the employer too. While it runs the formal part is suspended."),
        button=_("Record the start"),
        told=_("The traject at the employer is recorded."),
        form=StartForm,
        may=lambda occasion: policies.may_start(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.start(
            **occasion.who, on=told["on"], requested_by=told["requested_by"], note=told["note"], seen=seen
        ),
    ),
    Act(
        slug="end-employer-traject",
        title=lambda occasion: _("Record the end of the traject at the employer"),
        hint=_("With the decision of the occupational physician. The formal part that it suspended goes on."),
        button=_("Record the end"),
        told=_("The end of the traject at the employer is recorded."),
        form=EndForm,
        may=lambda occasion: policies.may_end(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.end(
            **occasion.who,
            on=told["on"],
            decision=told["decision"],
            refused_by=told["refused_by"],
            plan_carried_out=told["plan_carried_out"],
            note=told["note"],
            seen=seen,
        ),
    ),
)
