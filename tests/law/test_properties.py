"""Properties of the law over any dossier: F1, F2, F3, T18, T19."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.law.calendar import act_by
from dossiers.law.deadlines import Row, _deadlines
from dossiers.law.facts import Fact, Values
from tests.law.build import recognized
from tests.law.examples import facts_of, live_from_of, read_cases

FROM = date(2023, 1, 20)
CASES = read_cases()
STATES = {"not_open", "open", "overdue", "paused", "met", "met_late", "fallen_away", "missed"}

routes = st.sampled_from(["A", "B", "C"])
subjects = st.sampled_from(["", "s1", "s2"])
days = st.integers(0, 500).map(lambda n: FROM + timedelta(days=n))
near = st.integers(0, 12).map(lambda n: FROM + timedelta(days=30 * n))

SAID: dict[str, st.SearchStrategy[dict]] = {
    "incapacity_corrected": st.fixed_dictionaries({"version": st.integers(2, 4), "start": near}),
    "incapacity_excluded": st.just({"reason": "work_accident"}),
    "incapacity_ended": st.fixed_dictionaries({"version": st.integers(1, 4)}),
    "incapacity_end_withdrawn": st.fixed_dictionaries({"version": st.integers(1, 4)}),
    "questionnaire_waived": st.just({"reason": "medical"}),
    "contact_requested": st.just({}),
    "questionnaire_sent": st.just({}),
    "questionnaire_received": st.fixed_dictionaries({"complete": st.booleans()}),
    "support_offered": st.just({}),
    "assessment_made": st.fixed_dictionaries({"category": st.integers(1, 4)}),
    "referral_made": st.just({}),
    "referral_withdrawn": st.just({}),
    "registration_reported": st.just({"service": "vdab"}),
    "invalidity_confirmed": st.just({}),
    "invalidity_denied": st.just({}),
    "medical_contact_held": st.just({}),
    "first_contact_held": st.one_of(st.just({}), st.fixed_dictionaries({"route": routes})),
    "contact_held": st.just({}),
    "permission_requested": st.just({}),
    "permission_granted": st.just({}),
    "permission_refused": st.just({}),
    "traject_started": st.fixed_dictionaries({"route": routes}),
    "declaration_completed": st.just({}),
    "declaration_voided": st.just({}),
    "traject_suspended": st.just({}),
    "traject_resumed": st.just({}),
    "plan_meeting_held": st.just({}),
    "plan_agreed": st.just({}),
    "plan_reviewed": st.just({}),
    "training_completed": st.fixed_dictionaries({"success": st.booleans()}),
    "adapted_work_planned": st.fixed_dictionaries({"starts_on": days}),
    "adapted_work_declared": st.just({}),
    "adapted_work_cancelled": st.just({}),
    "route_closed": st.fixed_dictionaries({"route": routes}),
    "reintegration_ended": st.just({}),
    "traject_ended": st.just({}),
}
ONLY_MEET = (
    "support_offered",
    "invalidity_confirmed",
    "invalidity_denied",
    "medical_contact_held",
    "first_contact_held",
    "permission_granted",
    "plan_meeting_held",
    "adapted_work_declared",
)


@st.composite
def happenings(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(SAID)) -> tuple[str, date, str, Values]:
    kind = draw(st.sampled_from(kinds))
    return kind, draw(st.one_of(days, near)), draw(subjects), Values.of(draw(SAID[kind]))


@st.composite
def dossiers(draw: st.DrawFn) -> tuple[Fact, ...]:
    """A recognition, up to fifteen facts of any kind, and some corrections of them."""
    told = draw(st.lists(happenings(), max_size=15))
    facts = [Fact(kind, on, f"f{n}", subject, values) for n, (kind, on, subject, values) in enumerate(told)]
    regime = draw(st.sampled_from(["employee", "unemployed", "self_employed"]))
    end = draw(st.one_of(st.none(), st.integers(120, 600).map(lambda n: FROM + timedelta(days=n))))
    facts.append(recognized(draw(near), regime, end=end))
    for n, (number, on) in enumerate(draw(st.lists(st.tuples(st.integers(0, 15), days), max_size=3))):
        values = Values.of({"fact": f"f{number}", "version": n + 1, "to": Values((("on", on),))})
        facts.append(Fact("fact_corrected", on, f"c{n}", "", values))
    for number in draw(st.lists(st.integers(0, 15), max_size=1)):
        facts.append(Fact("fact_voided", FROM, "v", "", Values.of({"fact": f"f{number}", "version": 1})))
    return tuple(facts)


live_days = st.one_of(st.just(date.min), days)
law = _deadlines.__wrapped__  # without what it remembers
settled = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@settled
@given(dossiers(), live_days, st.randoms(use_true_random=False))
def test_f1_any_order_of_recording_gives_the_same_rows(
    facts: tuple[Fact, ...], live: date, random: object
) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert law(tuple(shuffled), live) == law(facts, live)


@settled
@given(dossiers(), live_days, st.randoms(use_true_random=False))
def test_ids_given_in_another_order_change_no_date(
    facts: tuple[Fact, ...], live: date, random: object
) -> None:
    """The content of a fact breaks ties, not its id: an id may tell in which order facts were recorded."""
    plain = [item for item in facts if not item.kind.startswith("fact_")]
    ids = [item.id for item in plain]
    random.shuffle(ids)  # type: ignore[attr-defined]
    renamed = tuple(item._replace(id=id) for item, id in zip(plain, ids, strict=True))
    nameless = [
        sorted(row._replace(opened_by="", closed_by_fact="") for row in law(one, live) if row.closed_on)
        for one in (tuple(plain), renamed)
    ]
    assert nameless[0] == nameless[1]


@settled
@given(dossiers(), live_days)
def test_f3_recomputation_changes_nothing_and_keys_are_unique(facts: tuple[Fact, ...], live: date) -> None:
    rows = law(facts, live)
    assert law(facts, live) == rows
    assert len({row.key for row in rows}) == len(rows)


@settled
@given(dossiers(), live_days, happenings(ONLY_MEET))
def test_f2_a_fact_that_only_meets_takes_no_meeting_away(
    facts: tuple[Fact, ...], live: date, told: tuple[str, date, str, Values]
) -> None:
    kind, on, subject, values = told
    before = law(facts, live)
    after = {row.key: row for row in law((*facts, Fact(kind, on, "new", subject, values)), live)}
    for row in before:
        if row.outcome in ("met", "met_late"):
            assert after[row.key].outcome in ("met", "met_late")
        if row.outcome == "met":
            assert after[row.key].outcome == "met" or row.rule == "T10"


@settled
@given(dossiers(), live_days)
def test_f3_rows_agree_with_their_own_dates(facts: tuple[Fact, ...], live: date) -> None:
    for row in law(facts, live):
        assert row.act_by == act_by(row.falls_on) <= row.falls_on
        assert (row.closed_on is None) == (row.outcome is None) == (row.closed_by == "")
        if row.closed_on is not None:
            assert row.closed_on >= row.opens_on
        _check_states(row)


def _check_states(row: Row) -> None:
    edges = [row.opens_on, row.falls_on, row.closed_on or row.falls_on]
    edges += [day for pause in row.pauses for day in (pause.since, pause.until, pause.old_date) if day]
    for day in sorted({edge + timedelta(days=n) for edge in edges for n in (-1, 0, 1)}):
        state = row.state(day)
        assert state in STATES
        assert (state == "not_open") == (day < row.opens_on)
        closed = row.closed_on is not None and day >= max(row.closed_on, row.opens_on)
        assert (state in ("met", "met_late", "fallen_away", "missed")) == closed
        if state == "overdue":
            assert day > row.falls_on_at(day)
        if state == "paused":
            assert any(p.since <= day and (p.until is None or day < p.until) for p in row.pauses)
    moved = sum(pause.days for pause in row.pauses)
    if row.pauses:
        assert row.falls_on - row.pauses[0].old_date == timedelta(days=moved)


@given(st.sampled_from(CASES), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_worked_examples_in_any_order_of_recording(case: dict, random: object) -> None:
    facts = list(facts_of(case))
    live = live_from_of(case)
    expected = law(tuple(facts), live)
    random.shuffle(facts)  # type: ignore[attr-defined]
    assert law(tuple(facts), live) == expected


@settled
@given(dossiers(), st.integers(0, 500).map(lambda n: FROM + timedelta(days=n)))
def test_what_comes_later_does_not_change_what_a_day_looked_like(facts: tuple[Fact, ...], day: date) -> None:
    """But for corrections, and for an end or an exclusion told ahead."""
    began = [item for item in facts if item.kind == "incapacity_recognized"]
    if began[0].on > day:
        return
    told = [item for item in facts if not item.kind.startswith(("fact_", "incapacity_"))]
    seen = []
    for known in ([item for item in told if item.on <= day], told):
        rows = [row for row in law((*began, *known), date.min) if row.state(day) != "not_open"]
        seen.append({row.key: (row.state(day), row.falls_on_at(day)) for row in rows})
    assert seen[0] == seen[1]
