"""The engagement declaration as pages: its text, and a refusal. It is signed on a page of its own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dossiers.models import LedgerEntry
from dossiers.notes import notes_of
from tnw.web.acts.act import Act, Occasion, may_with
from tnw.web.acts.fields import OnForm, choice, text
from trajects.fact_words import CODES
from trajects.models import EngagementDeclaration
from trajects.policies import declaration as policies
from trajects.services import declaration as services


def _text() -> forms.CharField:
    return text(
        _("Text of the declaration"),
        required=True,
        rows=10,
        hint=_("In the language of the insured person. Another text later means that all three sign anew."),
    )


class DrawUpForm(OnForm):
    """What they engage themselves to, with the aim."""

    text = _text()

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        return {"on": occasion.on, "text": services.text_for(occasion.dossier)}


class ChangeForm(OnForm):
    """Another text."""

    text = _text()

    def beforehand(self, occasion: Occasion) -> dict[str, Any]:
        return {"on": occasion.on, "text": _text_of(occasion)}


def _text_of(occasion: Occasion) -> str:
    """What the declaration says, for whom that is to see."""
    entries = list(
        LedgerEntry.objects.visible_to(occasion.actor).filter(
            dossier=occasion.dossier, subject=occasion.subject, kind="declaration_drawn_up"
        )
    )
    return "\n\n".join(text for one in notes_of(occasion.actor, entries).values() for text in one.texts)


class RefuseForm(OnForm):
    """Who refuses, and why."""

    role = choice(_("Who refuses"), [(code, CODES["role"][code]) for code in policies.RECORDED_BY])
    reason = text(
        _("Reason"),
        required=True,
        rows=3,
        hint=_(
            "Read by the coordinator, the doctor, the medical team and the team lead; where the advisory doctor "
            "refuses, by the advisory doctors and the medical team only."
        ),
    )

    def fit(self, occasion: Occasion) -> None:
        one = occasion.of(EngagementDeclaration)
        verdicts = {
            role: policies.may_refuse(occasion.actor, occasion.dossier, one, role, occasion.on)
            for role in policies.RECORDED_BY
        }
        self.close("role", verdicts)


ACTS = (
    Act(
        slug="draw-up-declaration",
        title=lambda occasion: _("Draw up the engagement declaration"),
        hint=_("The insured person, the coordinator and the advisory doctor then sign it, in any order."),
        button=_("Draw up the declaration"),
        told=_(
            "The declaration is drawn up. The insured person, the coordinator and the advisory doctor have to sign it."
        ),
        form=DrawUpForm,
        may=lambda occasion: policies.may_draw_up(occasion.actor, occasion.dossier, occasion.on),
        do=lambda occasion, told, seen: services.draw_up(
            **occasion.who, on=told["on"], text=told["text"], seen=seen
        ),
        looks_ahead=True,
    ),
    Act(
        slug="change-declaration",
        title=lambda occasion: _("Change the text of the declaration"),
        hint=_("The signatures given are void with it: all three sign anew."),
        button=_("Change the text"),
        told=_(
            "The text is changed. The insured person, the coordinator and the advisory doctor have to sign it anew."
        ),
        form=ChangeForm,
        may=may_with(policies.may_change, EngagementDeclaration),
        do=lambda occasion, told, seen: services.change(
            **occasion.who, on=told["on"], subject=occasion.subject, text=told["text"], seen=seen
        ),
        names=EngagementDeclaration,
        looks_ahead=True,
    ),
    Act(
        slug="refuse-declaration",
        title=lambda occasion: _("Record that the declaration is refused"),
        hint=_("By one of the three, with the reason. A new declaration can be drawn up after it."),
        button=_("Record the refusal"),
        told=_("The refusal is recorded. A new declaration can be drawn up."),
        form=RefuseForm,
        may=may_with(policies.may_refuse_for_any, EngagementDeclaration),
        do=lambda occasion, told, seen: services.refuse(
            **occasion.who,
            on=told["on"],
            subject=occasion.subject,
            role=told["role"],
            reason=told["reason"],
            seen=seen,
        ),
        names=EngagementDeclaration,
    ),
)
