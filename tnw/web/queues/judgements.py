"""What a doctor decides in a queue beside the assessments: the form of each, what its keys choose, how it is recorded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dossiers.policies import IN_PERSON_ONLY
from tnw.accounts.models import Actor, ActorKind, Role
from tnw.accounts.policies import in_role
from tnw.core.policies import Verdict
from tnw.web.acts.act import Act, Data, Occasion, Word
from tnw.web.acts.adapted_work import PermitForm
from tnw.web.acts.fields import ActForm, choice, text
from tnw.web.acts.registry import ACTS

PERMITTED, REFUSED = "permitted", "refused"


class WorkForm(PermitForm):
    """Permitted for a period and so many hours a week, or refused in two texts: on one screen, as it is decided."""

    decision = choice(
        _("Decision"),
        [
            (PERMITTED, _("Permitted, for the period and the hours below")),
            (REFUSED, _("Refused: not compatible with the state of health")),
        ],
    )
    insured = text(
        _("What the insured person is told"),
        hint=_(
            "Needed for a refusal, as is the medical note. Read by the coordinator too: without medical details."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["decision", "first_day", "last_day", "hours", "medical", "insured", "on"])
        for name in ("first_day", "hours"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("decision") == PERMITTED:
            for name in ("first_day", "hours"):
                if told.get(name) is None and name not in self.errors:
                    self.add_error(name, forms.ValidationError(self.fields[name].error_messages["required"]))
        elif told.get("decision") == REFUSED:
            why = _("Say why: a refusal needs its medical reason.")
            self.ask(told, {"medical": why, "insured": _("Say what the insured person is told of it.")})
        return told


@dataclass(frozen=True)
class Judgement:
    """One kind of decision; `chosen` is the field from which the keys 1 and 2 choose, the day stands last.

    `then` is, for each choice, the field that it asks for first.
    """

    act: Act
    form: type[ActForm]
    chosen: str
    then: tuple[str, ...]
    do: Callable[[Occasion, Data, int], object]

    def told(self, values: Mapping[str, Any]) -> Word:
        """What was decided, in the words of the choice."""
        field = self.form.base_fields[self.chosen]
        assert isinstance(field, forms.ChoiceField)
        return str(dict(field.choices).get(values.get(self.chosen, ""), ""))  # type: ignore[arg-type]  # a list of pairs


def _decide_work(occasion: Occasion, told: Data, seen: int) -> object:
    act = ACTS["permit-adapted-work" if told["decision"] == PERMITTED else "refuse-adapted-work"]
    return act.do(occasion, told, seen)


def _as_on_its_page(slug: str, chosen: str, *then: str) -> Judgement:
    act = ACTS[slug]
    return Judgement(act, act.form, chosen, then, act.do)


JUDGEMENTS: dict[str, Judgement] = {
    one.act.slug: one
    for one in (
        _as_on_its_page("decide-permission", "decision", "", "reason"),
        _as_on_its_page("advise-training", "favorable", "", "medical"),
        Judgement(ACTS["permit-adapted-work"], WorkForm, "decision", ("hours", "medical"), _decide_work),
    )
}


def may_judge(actor: Actor) -> Verdict:
    """Advisory doctors: the decision of a person."""
    if actor.kind != ActorKind.USER:
        return IN_PERSON_ONLY
    return in_role(actor, Role.ADVISORY_DOCTOR)


def form_of(judgement: Judgement, occasion: Occasion, values: Any = None, typed: Any = None) -> ActForm:
    """The form of a judgement: bound to `values`, or with what was `typed` before in it."""
    form = judgement.form(values, occasion=occasion)
    if typed is not None:
        form.initial.update({name: typed.get(name, "") for name in form.fields})
    names = [name for name in form.fields if name != "on"]
    form.order_fields([judgement.chosen, *names, "on"])
    return form
