"""The filters of the worklist: codes in the address, a condition on deadlines, words on the screen."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.law.calendar import add_months
from dossiers.law.rules import FORMAL_PART, INCAPACITY, ROUTE_A, ROUTE_B, ROUTE_C, RULES
from dossiers.models.case import Regime
from dossiers.reminders import OF_DOCTORS
from tnw.accounts.models import LANGUAGES, Role, User
from tnw.web import words
from tnw.web.worklist.scope import FOLLOWED_UP, Scope

ROUTES = {
    ROUTE_A: _("Route A: the advisory doctor's initiative"),
    ROUTE_B: _("Route B: the insured asks"),
    ROUTE_C: _("Route C: through the regional service"),
    INCAPACITY: _("The incapacity itself"),
    FORMAL_PART: _("The formal part of a traject"),
}
NOBODY = "none"
EVERYBODY = "all"
TURNS = {
    "coordinator": Role.COORDINATOR.label,
    "doctor": Role.ADVISORY_DOCTOR.label,
    "insured": _("Insured person"),
}
TURN_OF = {
    "coordinator": Q(rule__in=sorted({rule.id for rule in RULES} - OF_DOCTORS)),
    "insured": Q(rule__in=sorted({rule.id for rule in RULES if rule.whose == "insured"})),
    "doctor": Q(rule__in=sorted(OF_DOCTORS)),
}


def _turn(turn: str, today: date) -> Q:
    """Whose turn it is. What the insured has to do is the coordinator's to follow up, once late by what opens then (T3)."""
    found = TURN_OF.get(turn, Q())
    return found & ~Q(rule__in=FOLLOWED_UP, falls_on__lt=today) if turn == "coordinator" else found


def _in_its_month(today: date) -> Q:
    """All but the medical contacts of months that have not begun: open for long, they fall on the last day of theirs."""
    return ~Q(rule="T17") | Q(falls_on__lt=add_months(today, 1))


def _rules() -> list[tuple[str, str]]:
    """Each rule once, by its title."""
    return list({rule.id: gettext(rule.title) for rule in RULES}.items())


class Chosen(NamedTuple):
    """A filter that is on, what it leaves, and the address part without it."""

    label: str
    value: str
    without: str


class Filters(forms.Form):
    """What to see of the worklist; each may be left open."""

    bucket = forms.ChoiceField(label=_("When"), required=False)
    turn = forms.ChoiceField(label=_("Who has to act"), required=False)
    rule = forms.ChoiceField(label=_("Deadline"), required=False)
    route = forms.ChoiceField(label=_("Route"), required=False)
    regime = forms.ChoiceField(label=_("Regime"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    coordinator = forms.ChoiceField(label=_("Coordinator"), required=False)
    whose = forms.ChoiceField(label=_("For whom"), required=False)

    def __init__(self, data: QueryDict, *, scope: Scope, fund_id: int, **kwargs: object) -> None:
        super().__init__(data, **kwargs)  # type: ignore[arg-type]  # handed on as they come
        self.scope = scope
        self._people: dict[str, int] = {}
        everything = ("", gettext("all"))
        choices: dict[str, list[tuple[str, object]]] = {
            "bucket": [
                *((code, words.STATES[code]) for code in words.BUCKETS),
                ("soon", gettext("Today and this week")),
            ],
            "turn": list(TURNS.items()),
            "rule": list(_rules()),
            "route": list(ROUTES.items()),
            "regime": list(Regime.choices),
            "language": list(LANGUAGES),
        }
        if scope.leads:
            people = User.objects.filter(fund_id=fund_id, roles__contains=[Role.COORDINATOR])
            named = list(people.order_by("name").values_list("public_id", "name", "pk"))
            self._people = {str(public_id): pk for public_id, _name, pk in named}
            choices["coordinator"] = [(NOBODY, gettext("without a coordinator"))]
            choices["coordinator"] += [(str(public_id), name) for public_id, name, _pk in named]
        if scope.colleagues:
            choices["whose"] = [("mine", gettext("my own work"))]
            choices["whose"] += [
                (str(user.public_id), gettext("for %(name)s") % {"name": user.name})
                for user in scope.colleagues
            ]
        if scope.own_first:
            choices["turn"] = [(EVERYBODY, gettext("everybody"))]
            choices["turn"] += [(turn, label) for turn, label in TURNS.items() if turn != "coordinator"]
        for name in list(self.fields):
            if name in choices:
                first = ("", TURNS["coordinator"]) if name == "turn" and scope.own_first else everything
                self.fields[name].choices = [first, *choices[name]]  # type: ignore[attr-defined]  # a choice field
            else:
                del self.fields[name]
        self.full_clean()

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen and exists, by the name of its filter; anything else in the address is left aside."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def query(self, **instead: str) -> str:
        """The address part of this choice, with `instead` in place of what it says; empty takes a filter off."""
        query = QueryDict(mutable=True)
        for name, value in {**self.chosen, **instead}.items():
            if value:
                query[name] = value
        return query.urlencode()

    @property
    def kept(self) -> str:
        """What of it is remembered for the next time: all but the part of the list that was looked at for a moment."""
        return self.query(bucket="")

    def named(self) -> Iterator[Chosen]:
        """Each filter that is on, in words."""
        for name, value in self.chosen.items():
            field = self.fields[name]
            words = dict(field.choices)  # type: ignore[attr-defined]  # a choice field
            yield Chosen(str(field.label), str(words[value]), self.query(**{name: ""}))

    @property
    def by_person(self) -> bool:
        """Whether a choice needs the person behind each deadline."""
        return bool({"regime", "language"} & self.chosen.keys())

    def of_dossiers(self) -> Q | None:
        """The same choice as a condition on dossiers; None where it is about deadlines only."""
        chosen, found = self.chosen, Q()
        if {"bucket", "rule", "route", "turn"} & chosen.keys():
            return None
        if regime := chosen.get("regime"):
            found &= Q(incapacity__regime=regime)
        if language := chosen.get("language"):
            found &= Q(incapacity__person__language=language)
        if coordinator := chosen.get("coordinator"):
            found &= Q(coordinator=None if coordinator == NOBODY else self._people.get(coordinator, 0))
        return found

    def condition(self, today: date) -> Q:
        """The choice as a condition on deadlines, without the bucket."""
        chosen, found = self.chosen, Q()
        if rule := chosen.get("rule"):
            found &= Q(rule=rule)
        else:
            turn = chosen.get("turn", "coordinator" if self.scope.own_first else EVERYBODY)
            found &= _turn(turn, today) & _in_its_month(today)
        if route := chosen.get("route"):
            found &= Q(rule__in=sorted({rule.id for rule in RULES if rule.scope == route}))
        if regime := chosen.get("regime"):
            found &= Q(dossier__incapacity__regime=regime)
        if language := chosen.get("language"):
            found &= Q(dossier__incapacity__person__language=language)
        if coordinator := chosen.get("coordinator"):
            nobody = coordinator == NOBODY
            found &= (
                Q(for_coordinator=None) if nobody else Q(for_coordinator=self._people.get(coordinator, 0))
            )
        return found
