"""The presumption of incapacity as bands of dates: after the declaration (T13), and during a training (H2)."""

from datetime import date, timedelta

import pytest

from dossiers import machines
from dossiers.law.deadlines import deadlines
from dossiers.law.facts import Fact, corrected, fact, in_order
from dossiers.models import Incapacity
from trajects.models import TrainingProject
from trajects.presumption import Band, bands, presumed

D = date.fromisoformat
START = D("2026-01-05")


def recognized(**values: object) -> Fact:
    told = {"start": START, "regime": "employee", "cause": "illness", "contract": False, **values}
    return fact("incapacity_recognized", START, "i-1", "", **told)


def trained(first: str, last: str, subject: str = "a") -> list[Fact]:
    day, made = D("2026-02-02"), []
    for kind, values in (
        ("training_proposed", {}),
        ("training_advised", {"favorable": True}),
        ("training_submitted", {}),
        ("training_reviewed", {"favorable": True}),
        ("training_decided", {"approved": True, "from": D(first), "to": D(last)}),
    ):
        made.append(fact(kind, day, f"{kind}-{subject}", subject, **values))
        day += timedelta(1)
    return made


FORMAL = [
    fact("contact_requested", D("2026-01-26"), "b-1"),
    fact("questionnaire_received", D("2026-01-27"), "b-2", complete=True, channel="post"),
    fact("first_contact_held", D("2026-01-28"), "b-3", route="B", form="phone"),
    fact("permission_requested", D("2026-01-29"), "b-4", aim="training"),
    fact("permission_granted", D("2026-01-30"), "b-5"),
    fact("traject_started", D("2026-02-02"), "t-1", route="B"),
    fact("reintegration_started", D("2026-02-03"), "r-1", condition=1),
    fact("declaration_drawn_up", D("2026-02-04"), "d-1", "d"),
]


def signed(on: str) -> list[Fact]:
    roles = ("insured", "coordinator", "advisory_doctor")
    signatures = [
        fact("declaration_signed", D(on), f"s-{role}", "d", role=role, method="paper") for role in roles
    ]
    return [*FORMAL, *signatures, fact("declaration_completed", D(on), "d-2", "d")]


def of(facts: list[Fact]) -> list[tuple[str, str, str, str]]:
    """Cause, first day, last day, and from when its end is near."""
    return [(band.cause, f"{band.since}", f"{band.until}", f"{band.warned_on}") for band in banded(facts)]


def banded(facts: list[Fact], end: date | None = None) -> list[Band]:
    ended = {"end": end, "end_reason": "resumed"} if end else {}
    told = [recognized(**ended), *facts]
    rows = deadlines(told, D("2022-01-01"))
    folded = machines.fold(TrainingProject, in_order(corrected(told))).made
    trainings = [one for one in folded if isinstance(one, TrainingProject)]
    one = Incapacity(start=START, end=end)
    return bands(rows, trainings, one)


BANDS: dict[str, tuple[list[Fact], list[tuple[str, str, str, str]]]] = {
    "nothing": ([], []),
    "six months after the last signature": (
        signed("2026-02-10"), [("declaration", "2026-02-10", "2026-08-10", "2026-07-10")],
    ),
    "of 31 August, by the law's own counting": (
        signed("2026-08-31"), [("declaration", "2026-08-31", "2027-02-28", "2027-01-31")],
    ),
    "voided: the day before is the last": (
        [*signed("2026-02-10"), fact("declaration_voided", D("2026-03-20"), "v", "d")],
        [("declaration", "2026-02-10", "2026-03-19", "2026-02-19")],
    ),
    "the formal part ended": (
        [*signed("2026-02-10"), fact("reintegration_ended", D("2026-05-04"), "e", result="no_result")],
        [("declaration", "2026-02-10", "2026-05-03", "2026-04-03")],
    ),
    "voided on the day of the signature": (
        [*signed("2026-02-10"), fact("declaration_voided", D("2026-02-10"), "v", "d")], [],
    ),
    "a training": (
        trained("2026-04-07", "2026-09-30"), [("training", "2026-04-07", "2026-09-30", "2026-08-30")],
    ),
    "a training that ended early": (
        [*trained("2026-04-07", "2026-09-30"), fact("training_completed", D("2026-07-01"), "c", "a", success=True)],
        [("training", "2026-04-07", "2026-07-01", "2026-06-01")],
    ),
    "a training told of after its last day": (
        [*trained("2026-04-07", "2026-06-30"), fact("training_completed", D("2026-07-10"), "c", "a", success=False)],
        [("training", "2026-04-07", "2026-06-30", "2026-05-30")],
    ),
    "broken off before it began": (
        [*trained("2026-04-07", "2026-06-30"), fact("training_broken_off", D("2026-04-01"), "c", "a")], [],
    ),
    "not decided yet": (trained("2026-04-07", "2026-06-30")[:-1], []),
    "the end of the traject leaves the training alone": (
        [
            *signed("2026-02-10"), *trained("2026-04-07", "2026-09-30"),
            fact("traject_ended", D("2026-05-04"), "e", result="no_result"),
        ],
        [
            ("declaration", "2026-02-10", "2026-05-03", "2026-04-03"),
            ("training", "2026-04-07", "2026-09-30", "2026-08-30"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BANDS)
def test_h2_t13_z3_bands(name: str) -> None:
    facts, expected = BANDS[name]
    assert of(facts) == expected


def test_h2_t13_the_end_of_the_incapacity_ends_all() -> None:
    facts = [*signed("2026-02-10"), *trained("2026-04-07", "2026-09-30")]
    assert [(band.cause, band.until) for band in banded(facts, D("2026-06-15"))] == [
        ("declaration", D("2026-06-15")), ("training", D("2026-06-15")),
    ]  # fmt: skip


# Days, and until when somebody is presumed incapable on each.
CHAINS: dict[str, tuple[list[Fact], dict[str, str]]] = {
    "before, in and after": (
        signed("2026-02-10"),
        {"2026-02-09": "", "2026-02-10": "2026-08-10", "2026-08-10": "2026-08-10", "2026-08-11": ""},
    ),
    "a training beside it ends later": (
        [*signed("2026-02-10"), *trained("2026-04-07", "2026-12-18")],
        {"2026-03-01": "2026-12-18", "2026-12-18": "2026-12-18", "2026-12-19": ""},
    ),
    "a training within it": (
        [*signed("2026-02-10"), *trained("2026-04-07", "2026-05-29")],
        {"2026-05-01": "2026-08-10", "2026-08-10": "2026-08-10"},
    ),
    "a training that follows the day after": (
        [*signed("2026-02-10"), *trained("2026-08-11", "2026-12-18")], {"2026-08-01": "2026-12-18"},
    ),
    "a training with a day between": (
        [*signed("2026-02-10"), *trained("2026-08-12", "2026-12-18")],
        {"2026-08-01": "2026-08-10", "2026-08-11": "", "2026-08-12": "2026-12-18"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHAINS)
def test_h2_t13_until_when(name: str) -> None:
    facts, days = CHAINS[name]
    found = {}
    for day in days:
        band = presumed(banded(facts), D(day))
        found[day] = f"{band.until}" if band else ""
    assert found == days


def test_t13_its_end_is_near_a_month_before() -> None:
    (band,) = banded(signed("2026-02-10"))
    days = ("2026-07-09", "2026-07-10", "2026-08-10", "2026-08-11")
    assert [band.ends_soon(D(day)) for day in days] == [False, True, True, False]
