"""What can be decided in a queue, by the word in its row: how it is done again from what was typed, told, and found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from dossiers.models import Dossier
from tnw.accounts.models import Actor
from tnw.core import clock
from tnw.core.errors import DomainError
from tnw.core.policies import require
from tnw.web.acts import occasions
from tnw.web.assessing import doing
from tnw.web.assessing.forms import AssessmentForm
from tnw.web.queues.judgements import JUDGEMENTS, Judgement, form_of

ASSESS = "assess"
# Where in a queue somebody is goes along with what he typed.
WAY = ("after", "all")
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Decided:
    """What somebody decided: in which dossier, about what, with what typed, having seen the ledger up to where."""

    dossier: Dossier
    actor: Actor
    subject: str
    values: Values
    seen: int


@dataclass(frozen=True)
class Kind:
    """One kind of decision. `do` raises what its service raises, `page` names the address of its screen."""

    do: Callable[[Decided], object]
    told: Callable[[Values], str]
    page: str
    slug: str = ""

    def address(self, public_id: UUID, subject: str, values: Values) -> str:
        """Its screen."""
        query = {"subject": subject, **{name: values.get(name, "") for name in WAY}}
        told = urlencode({name: value for name, value in query.items() if value})
        address = reverse(self.page, args=[public_id, *([self.slug] if self.slug else [])])
        return f"{address}?{told}" if told else address


def _assess(one: Decided) -> None:
    act = one.values.get("act", "")
    form = AssessmentForm(one.values, dossier=one.dossier, today=clock.today(), act=act)
    _fits(form)
    doing.do(one.dossier, one.actor, act, form.cleaned_data, one.seen)


def _judge(judgement: Judgement) -> Callable[[Decided], object]:
    def judge(one: Decided) -> object:
        found = occasions.find(judgement.act, one.dossier, one.actor, clock.today(), one.subject)
        if found is None:
            raise DomainError(_("What was to be decided on is not there any more."), code="gone")
        require(judgement.act.allowed(found))
        form = form_of(judgement, found, one.values)
        _fits(form)
        return judgement.do(found, form.cleaned_data, one.seen)

    return judge


def _fits(form: forms.Form) -> None:
    """It did when it was decided. Raises DomainError with the first thing that does not."""
    for sentences in form.errors.values():
        raise DomainError(str(sentences[0]), code="does_not_fit")


KINDS: dict[str, Kind] = {
    ASSESS: Kind(_assess, doing.told, ASSESS),
    **{
        slug: Kind(_judge(one), lambda values, one=one: str(one.told(values)), "decide", slug)  # type: ignore[misc]
        for slug, one in JUDGEMENTS.items()
    },
}
