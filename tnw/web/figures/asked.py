"""What somebody asks figures of: up to which quarter, of whose dossiers, and told apart by what."""

from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.models.case import Regime
from routing.figures.counting import KEPT
from routing.figures.quarter import Quarter, up_to
from routing.figures.table import DIMENSIONS, Word
from routing.policies.figures import COORDINATOR, FUND, TEAM, Whose
from tnw.accounts.models import LANGUAGES, Team, User

# By what the dossiers of each can be told apart.
BY = {
    FUND: ("team", "coordinator", "regime", "language"),
    TEAM: ("coordinator", "regime", "language"),
    COORDINATOR: ("regime", "language"),
}
SHOWN = 8


class Asked(forms.Form):
    """Quarter, whose, and by what; anything else in the address is left aside."""

    until = forms.ChoiceField(label=_("Up to and including"), required=False)
    of = forms.ChoiceField(label=_("Of whom"), required=False)
    by = forms.ChoiceField(label=_("Told apart by"), required=False)

    def __init__(self, data: QueryDict, *, whose: list[Whose], today: Quarter, cut: bool) -> None:
        super().__init__(data)
        self._whose, self._today = {one.mark: one for one in whose}, today
        self._quarters = {quarter.mark: quarter for quarter in reversed(up_to(today, KEPT))}
        given = data.get("of", "")
        self.whose = self._whose.get(given) or whose[0]
        self.quarter = self._quarters.get(data.get("until", ""), today)
        by = data.get("by", "")
        self.dimension = by if cut and by in BY[self.whose.kind] else ""
        choices: dict[str, list[tuple[str, Word]]] = {
            "until": [(mark, quarter.label) for mark, quarter in self._quarters.items()],
            "of": [(mark, one.name) for mark, one in self._whose.items()],
            "by": [("", gettext("quarter")), *((name, DIMENSIONS[name]) for name in BY[self.whose.kind])],
        }
        for name, told in choices.items():
            self.fields[name].choices = told  # type: ignore[attr-defined]  # a choice field
        if not cut:
            del self.fields["by"]
        if len(whose) < 2:
            del self.fields["of"]
        self.data = QueryDict(mutable=True)
        self.data.update({"until": self.quarter.mark, "of": self.whose.mark, "by": self.dimension})

    @property
    def quarters(self) -> list[Quarter]:
        """Those to show: one where they are told apart by something else."""
        return [self.quarter] if self.dimension else up_to(self.quarter, SHOWN)

    @property
    def cut(self) -> str:
        """As the counts are kept."""
        mine = "" if self.whose.kind == FUND else self.whose.kind
        return "/".join(name for name in (mine, self.dimension) if name)

    def query(self, **instead: str) -> str:
        """The address part of what is asked, with `instead` in place of what it says."""
        told = {"until": self.quarter.mark, "of": self.whose.mark, "by": self.dimension, **instead}
        if told["until"] == self._today.mark and "until" not in instead:
            told["until"] = ""
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in told.items() if value})
        return query.urlencode()


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a dimension: as it is kept, as an address names it, and as people call it."""

    key: str | int
    mark: str
    name: str


def values_of(dimension: str, fund_id: int) -> list[Value]:
    """All values of a dimension in a fund, in their order; nobody's last."""
    if dimension == "team":
        teams = [
            Value(team.pk, f"team-{team.pk}", team.name)
            for team in Team.objects.filter(fund=fund_id).order_by("name")
        ]
        return [*teams, Value(0, "none", gettext("without a team"))]
    if dimension == "coordinator":
        people = [
            Value(user.pk, str(user.public_id), user.name)
            for user in User.objects.filter(fund=fund_id).order_by("name", "pk")
        ]
        return [*people, Value(0, "none", gettext("without a coordinator"))]
    choices = Regime.choices if dimension == "regime" else LANGUAGES
    return [Value(code, code, str(name)) for code, name in choices]
