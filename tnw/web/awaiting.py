"""What waits for somebody in person and has no line in the list of deadlines: told at home, each with its page."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import ngettext_lazy

from routing.assessments import COUNTED as QUEUED
from routing.assessments import Queue
from routing.policies.route_a import may_open_assessments
from tnw.accounts.models import Actor
from tnw.web import signatures
from tnw.web.decisions import COUNTED, Decisions, may_decide
from tnw.web.worklist.scope import Scope
from trajects.policies.signing import may_sign_any

WORDS = {
    "assessments": ngettext_lazy("dossier to assess", "dossiers to assess", "number"),
    "decisions": ngettext_lazy("decision to take", "decisions to take", "number"),
    "signatures": ngettext_lazy("declaration to sign", "declarations to sign", "number"),
}
MOST = {"assessments": QUEUED, "decisions": COUNTED, "signatures": signatures.SHOWN}


@dataclass(frozen=True, slots=True)
class Pile:
    """So much that waits, what it is, and the page on which it is done."""

    number: int
    more: bool
    words: str | Promise
    url: str


def piles(actor: Actor, scope: Scope, today: date) -> Iterator[Pile]:
    """What waits for this person, and for those for whom he stands in; nothing of what is done."""
    numbers = _numbers(actor, scope, today)
    for name, words in WORDS.items():
        if number := numbers[name]:
            shown = min(number, MOST[name])
            yield Pile(shown, number > shown, words % {"number": shown}, reverse(name))


def _numbers(actor: Actor, scope: Scope, today: date) -> Counter[str]:
    """How many of each, as its page counts them, and not beyond what that counts."""
    found: Counter[str] = Counter()
    if may_open_assessments(actor):
        found["assessments"] = Queue(actor, today, recipients=scope.recipients).number()
    pieces: list[QuerySet[Any]] = []
    if may_decide(actor):
        decisions = Decisions(actor, today, within=scope)
        pieces += [_marked(rows, "decisions") for rows in decisions.unsigned()]
    if may_sign_any(actor):
        pieces.append(_marked(signatures.to_sign(actor, today, within=scope), "signatures"))
    if pieces:
        found.update(pieces[0].union(*pieces[1:], all=True))
    return found


def _marked(rows: QuerySet[Any], name: str) -> QuerySet[Any]:
    """The name of the page once for each row, and for one more than it counts."""
    marked = rows.order_by().annotate(pile=Value(name, CharField()))
    return marked.values_list("pile", flat=True)[: MOST[name] + 1]
