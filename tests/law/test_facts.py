"""The door of F4, and the table behind it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from dossiers.law.facts import Fact, FactRefused, Values, check, check_correction, from_plain
from dossiers.law.kinds import KINDS, Value
from tests.law.build import d, f, recognized

TODAY = d("2023-06-01")
DAY = d("2023-05-31")


def refusal(kind: str, subject: str = "", /, on: Any = DAY, id: Any = "x", **values: Any) -> tuple[str, str]:
    with pytest.raises(FactRefused) as refused:
        check(kind, on=on, id=id, subject=subject, values=values, today=TODAY)
    return refused.value.field, refused.value.code


def sample(value: Value) -> Any:
    plain = {
        "text": "abc",
        "slug": "mistake",
        "int": 1,
        "bool": True,
        "date": "2023-05-01",
        "moment": "2023-06-05T10:00:00+02:00",
        "decimal": "2.5",
        "changes": {"on": "2023-05-01"},
    }
    return value.codes[0] if value.codes else plain[value.type]


@pytest.mark.parametrize("kind", KINDS)
def test_f4_every_kind_passes_with_all_its_values_and_comes_back_from_the_ledger(kind: str) -> None:
    values = {value.name: sample(value) for value in KINDS[kind].values}
    fact = check(kind, on=DAY, id="x", subject="s1", values=values, today=TODAY)
    assert from_plain(kind, DAY, "x", "s1", fact.values.plain()) == fact
    assert hash(fact) == hash(from_plain(kind, DAY, "x", "s1", fact.values.plain()))
    for value in KINDS[kind].values:
        if value.required:
            left_out = {name: given for name, given in values.items() if name != value.name}
            assert refusal(kind, "s1", **left_out) == (value.name, "required")
        if value.codes:
            wrong = 9 if value.type == "int" else "no_such_code"
            assert refusal(kind, "s1", **{**values, value.name: wrong}) == (value.name, "unknown_code")
        assert refusal(kind, "s1", **{**values, value.name: [1]}) == (value.name, "wrong_type")
    assert refusal(kind, "s1", **values, nonsense=1) == ("nonsense", "unknown_value")
    if KINDS[kind].subject:
        assert refusal(kind, **values) == ("subject", "required")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("declaration_")])
def test_z2_there_can_be_several_declarations_and_a_fact_names_its_own(kind: str) -> None:
    values = {value.name: sample(value) for value in KINDS[kind].values}
    assert refusal(kind, **values) == ("subject", "required")


def test_f4_an_unknown_kind_is_refused() -> None:
    assert refusal("coffee_drunk") == ("kind", "unknown_kind")


def test_no_fact_is_dated_ahead_but_the_end_of_an_incapacity() -> None:
    ahead = d("2023-06-02")
    assert refusal("referral_made", on=ahead) == ("on", "in_future")
    assert check("referral_made", on=TODAY, id="x", today=TODAY).on == TODAY
    ended = check("incapacity_ended", on=ahead, id="x", values={"reason": "resumed"}, today=TODAY)
    assert (ended.on, ended.get("version")) == (ahead, 1)


@pytest.mark.parametrize(
    ("kind", "values", "refused"),
    [
        ("assessment_made", {"category": True}, ("category", "wrong_type")),
        ("assessment_made", {"category": "4"}, ("category", "wrong_type")),
        ("assessment_made", {"category": 0}, ("category", "unknown_code")),
        ("invalidity_recognized", {"version": -1}, ("version", "wrong_type")),
        ("assessment_made", {"category": 5}, ("category", "unknown_code")),
        ("questionnaire_received", {"complete": 1, "channel": "post"}, ("complete", "wrong_type")),
        ("invalidity_recognized", {"from": "2023-02-30"}, ("from", "wrong_type")),
        ("invalidity_recognized", {"from": "20230201"}, ("from", "wrong_type")),
        ("invalidity_recognized", {"from": "0001-01-01"}, ("from", "out_of_range")),
        ("invalidity_recognized", {"from": datetime(2023, 2, 1, tzinfo=UTC)}, ("from", "wrong_type")),
        ("invalidity_recognized", {"version": 10**12}, ("version", "out_of_range")),
        ("incapacity_corrected", {"version": 2}, ("version", "nothing_to_change")),
        ("fact_voided", {"fact": "x", "reason": "It was Jan"}, ("reason", "wrong_type")),
        ("fact_corrected", {"fact": "x", "to": {}}, ("to", "wrong_type")),
        ("fact_corrected", {"fact": "x", "to": {"a": [1]}}, ("to", "wrong_type")),
        ("fact_corrected", {"fact": "a\x00b", "to": {"on": "2023-01-01"}}, ("fact", "wrong_type")),
        ("route_closed", {"route": "a", "reason": "declined"}, ("route", "unknown_code")),
        ("reduction_confirmed", {"from": "2023-05-01", "percent": "NaN"}, ("percent", "wrong_type")),
        ("reduction_confirmed", {"from": "2023-05-01", "percent": -1}, ("percent", "wrong_type")),
    ],
)
def test_f4_wrong_values(kind: str, values: dict[str, Any], refused: tuple[str, str]) -> None:
    assert refusal(kind, **values) == refused


def test_ids_days_and_subjects_have_a_shape_too() -> None:
    assert refusal("referral_made", id="") == ("id", "required")
    assert refusal("referral_made", id=7) == ("id", "wrong_type")
    assert refusal("referral_made", id="x" * 201) == ("id", "wrong_type")
    assert refusal("referral_made", id="\ud800") == ("id", "wrong_type")
    assert refusal("referral_made", "\n") == ("subject", "wrong_type")
    assert refusal("referral_made", on="2023-05-31") == ("on", "wrong_type")
    assert refusal("referral_made", on=datetime(2023, 5, 31, tzinfo=UTC)) == ("on", "wrong_type")
    assert refusal("referral_made", on=d("1899-12-31")) == ("on", "out_of_range")


def test_defaults_are_filled_in_and_nothing_else_is() -> None:
    reviewed = check("plan_reviewed", on=DAY, id="x", today=TODAY)
    assert dict(reviewed.values) == {"with_interview": False}
    contact = check(
        "first_contact_held", on=DAY, id="x", values={"form": "phone", "route": None}, today=TODAY
    )
    assert dict(contact.values) == {"form": "phone"}


def test_types_become_what_the_table_says() -> None:
    values = {"from": "2023-05-01", "percent": 2.5}
    reduced = check("reduction_confirmed", on=DAY, id="x", values=values, today=TODAY)
    assert dict(reduced.values) == {"from": d("2023-05-01"), "percent": Decimal("2.5")}
    assert reduced.values.plain() == {"from": "2023-05-01", "percent": "2.5"}


def test_values_read_like_a_mapping_and_do_not_change() -> None:
    values = Values.of({"b": 2, "a": 1, "c": None})
    assert tuple(values) == (("a", 1), ("b", 2))
    assert (values["a"], values.get("b"), values.get("c"), values.get("c", 3)) == (1, 2, None, 3)
    assert (values[0], "a" in values, "c" in values) == (("a", 1), True, False)
    with pytest.raises(KeyError):
        values["c"]
    with pytest.raises(AttributeError):
        recognized().kind = "other"  # type: ignore[misc]


class TestCorrectionsAtTheDoor:
    TARGET = f("2023-05-21", "assessment_made", "a1", category=4)

    def to(self, **changes: Any) -> Fact:
        values = {"fact": "a1", "to": changes}
        return check("fact_corrected", on=DAY, id="c1", values=values, today=TODAY)

    def refused(self, correction: Fact, target: Fact) -> tuple[str, str]:
        with pytest.raises(FactRefused) as refused:
            check_correction(correction, target, today=TODAY)
        return refused.value.field, refused.value.code

    def test_gives_the_fact_as_it_will_read(self) -> None:
        read = check_correction(self.to(on="2023-05-20", category=3), self.TARGET, today=TODAY)
        assert (read.on, read.get("category"), read.id) == (d("2023-05-20"), 3, "a1")

    def test_is_checked_against_the_kind_of_its_target(self) -> None:
        assert self.refused(self.to(category=5), self.TARGET) == ("category", "unknown_code")
        assert self.refused(self.to(category="x"), self.TARGET) == ("category", "wrong_type")
        assert self.refused(self.to(category=None), self.TARGET) == ("category", "required")
        assert self.refused(self.to(route="A"), self.TARGET) == ("route", "unknown_value")
        assert self.refused(self.to(on="2023-06-02"), self.TARGET) == ("on", "in_future")

    def test_names_another_fact_that_is_no_correction(self) -> None:
        other = f("2023-05-21", "assessment_made", "a2", category=4)
        assert self.refused(self.to(category=3), other) == ("fact", "unknown_fact")
        itself = f("2023-05-21", "fact_voided", "a1", fact="a0")
        assert self.refused(self.to(category=3), itself) == ("fact", "unknown_fact")
        assert self.refused(self.TARGET, other) == ("kind", "unknown_kind")

    def test_a_void_needs_no_more_than_its_target(self) -> None:
        values = {"fact": "a1", "reason": "wrong_person"}
        voided = check("fact_voided", on=DAY, id="v1", values=values, today=TODAY)
        assert check_correction(voided, self.TARGET, today=TODAY) == self.TARGET
