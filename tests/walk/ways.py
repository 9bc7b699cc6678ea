"""From the first act of each route to each result of a traject (Z8): which button on which page, and what is filled in.

Told once, and gone by three walkers: over the pages as they are rendered, by mouse, and by keyboard alone.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.urls import reverse

from dossiers.law.facts import Fact, fact
from dossiers.models import Dossier
from tests import population
from tnw.accounts.models import Fund, Role
from tnw.core import clock
from tnw.web.demo.people import enterprise_number

DOCTOR, FEED = Role.ADVISORY_DOCTOR, "feed"


class Step(NamedTuple):
    """One act: the page that offers it, and the form; of numbers filled in, each is a day, so many from today.

    What the feed says is a step too: then `told` are columns of its line.
    """

    act: str
    told: Mapping[str, Any] = {}
    by: str = Role.COORDINATOR
    page: str = "dossier"
    after: int = 1  # days, since the step before

    def fields(self) -> dict[str, Any]:
        today = clock.today()
        return {
            name: today + timedelta(value) if type(value) is int else value
            for name, value in self.told.items()
        }


def leads_to(step: Step, key: object) -> str:
    """What the address of its form ends with, or goes on from: a queue has screens of its own."""
    if step.act == "assess":
        return reverse("assess", args=[key])
    return reverse("decide" if step.page == "decisions" else "act", args=[key, step.act])


def in_queue(step: Step) -> bool:
    """Whether it is decided in a queue: it can be taken back then, and is recorded ten seconds later."""
    return step.act == "assess" or step.page == "decisions"


class Way(NamedTuple):
    """A route: what the feed says of somebody, what is known, and its acts until the traject runs."""

    start: date
    opens: date
    columns: Mapping[str, Any]
    steps: tuple[Step, ...]
    facts: tuple[Fact, ...] = ()


TALK = {"how": "in_person", "report": "Een gesprek van een half uur.", "role_explained": True}
CONTRACT = {"employment_contract": "true", "employer_number": enterprise_number(4_321)}
ASKED = (
    fact("questionnaire_sent", date(2023, 3, 20), "q-1", channel="post", language="nl"),
    fact("questionnaire_received", date(2023, 3, 27), "q-2", channel="post", complete=True),
)
ROUTES: dict[str, Way] = {
    "A": Way(
        date(2023, 1, 9),
        date(2023, 4, 24),
        CONTRACT,
        (
            Step("assess", {"category": "4", "refer": True}, DOCTOR),
            Step("first-contact", {**TALK, "consent": "given", "first_step": "guidance"}, after=14),
        ),
    ),
    "B": Way(
        date(2023, 1, 9),
        date(2023, 4, 3),
        CONTRACT,
        (
            Step("request-contact", {"note": "Belde zelf."}, page="dossier_traject"),
            Step("first-contact-b", {**TALK, "consent": "given"}, after=14),
            Step("ask-permission", {"aim": "guidance"}),
            Step("decide-permission", {"decision": "granted"}, DOCTOR, "decisions", after=2),
        ),
        ASKED,
    ),
    "C": Way(
        date(2022, 1, 10),
        date(2023, 6, 5),
        {**CONTRACT, "invalidity_from": "2023-01-10"},
        (
            Step("report-registration", {"service": "vdab", "registered_on": -5}, page="dossier_traject"),
            Step("confirm-invalidity"),
            Step("registration-consent", {"consent": "given", "how": "phone", "report": "Stemt toe."}),
        ),
    ),
}


def ends(result: str, page: str = "dossier_traject") -> Step:
    return Step("end-traject", {"result": result}, page=page, after=30)


# What a result of the list rests on, and the end itself.
RESULTS: dict[str, tuple[Step, ...]] = {
    **{
        result: (ends(result),)
        for result in (
            "resumed_own_employer", "resumed_other_employer", "resumed_self_employed", "medically_not_possible", "no_result",
        )
    },
    "stopped_by_insured": (Step("stop-traject", {"note": "Wil niet meer."}, page="dossier_traject"),),
    "adapted_work": (
        Step(
            "plan-adapted-work",
            {"starts_on": 10, "what": "Halftijds in de winkel.", "declared": True},
            page="dossier_traject",
        ),
        Step("permit-adapted-work", {"decision": "permitted", "hours": "19"}, DOCTOR, "decisions"),
        ends("adapted_work"),
    ),
    "training_finished": (
        Step("propose-training", {"what": "Lasser, in Gent."}, page="dossier_traject"),
        Step("advise-training", {"favorable": "yes"}, DOCTOR, "decisions"),
        Step("submit-training", page="dossier_traject"),
        Step("training-review", {"favorable": "yes"}, page="dossier_traject"),
        Step(
            "training-decision", {"approved": "yes", "first_day": 5, "last_day": 40}, page="dossier_traject"
        ),
        Step("complete-training", {"success": "yes"}, page="dossier_traject", after=40),
        ends("training_finished"),
    ),
    "incapacity_ended": (
        Step("feed", {"end": -1, "end_reason": "pension"}, FEED),
        ends("incapacity_ended", "dossier")._replace(after=0),
    ),
}  # fmt: skip


class Somebody:
    """Whoever goes a way: known through the feed, which may say more of them later."""

    def __init__(self, fund: Fund, way: Way, **columns: Any) -> None:
        self.fund, self.way = fund, way
        self.line = population.line(fund=fund.number, start=way.start, **way.columns, **columns)
        self.dossier = population.known(fund, self.line, way.facts, way.opens)

    def told(self, step: Step) -> None:
        """The feed says more."""
        version = int(self.line["version"]) + 1
        self.line |= {name: str(value) for name, value in (step.fields() | {"version": version}).items()}
        assert not population.take_in(self.fund, [self.line], clock.today())["rejected"]


def result_of(dossier: Dossier) -> tuple[str, ...]:
    """How each traject of a dossier stands: its route and result, or its state while it has none."""
    return tuple(f"{one.route} {one.result or one.state}" for one in dossier.trajects.order_by("pk"))
