"""All worked examples come in through the commands that a fund uses, and show_dossier tells what they expect."""

import csv
import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from dossiers import reading
from dossiers.explanations import explain
from dossiers.law.deadlines import deadlines
from dossiers.law.facts import from_plain
from dossiers.law.kinds import KINDS, Value
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from tests import population
from tests.conftest import make_fund
from tests.law.build import d, f
from tests.law.examples import live_from_of, read_cases
from tnw.accounts import actors, audit
from tnw.accounts.models import AccessLog, Fund
from tnw.core import clock

FACTS = ("reference", "id", "kind", "on", "subject", "details")


def show(reference: str, fund: str, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("show_dossier", reference, fund=fund, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def _missing(value: Value, on: str) -> object:
    """A value that an example leaves out because its rule does not need it."""
    if value.name == "complete":
        return True
    if value.codes:
        return value.codes[0]
    return {"date": on, "moment": f"{on}T09:00:00+02:00", "bool": False, "int": 1, "decimal": 1}.get(
        value.type, "x"
    )


def _history(path: Path, reference: str, case: dict[str, Any]) -> Path:
    """A file of facts as a fund would bring it in."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(FACTS)
        for number, told in enumerate(case["facts"], start=1):
            details = {name: told[name] for name in told if name not in ("id", "kind", "on", "subject")}
            for value in KINDS[told["kind"]].values:
                if value.required and value.name not in details:
                    details[value.name] = _missing(value, told["on"])
            subject = told.get("subject", "the one" if KINDS[told["kind"]].subject else "")
            line = [reference, told.get("id", f"fact-{number}"), told["kind"], told["on"], subject]
            writer.writerow([*line, json.dumps(details)])
    return path


def test_all_worked_examples_through_the_real_door(db: None, tmp_path: Path) -> None:
    funds: dict[date, Fund] = {}
    wrong: dict[str, object] = {}
    for number, case in enumerate(read_cases()):
        live_from = max(live_from_of(case), date(2022, 1, 1))
        fund = funds.get(live_from) or funds.setdefault(
            live_from, make_fund(f"{311 + len(funds)}", live_from)
        )
        reference, today = f"case-{number}", d(case["today"])
        one = population.line(
            reference=reference, fund=fund.number, start=case["start"], regime=case["regime"]
        )
        feed = population.write(tmp_path / f"{number}.csv", [one])
        history = _history(tmp_path / f"{number}-facts.csv", reference, case)
        call_command("import_recognitions", feed, fund=fund.number, today=today, stdout=StringIO())
        call_command("import_facts", history, fund=fund.number, today=today, stdout=StringIO())
        told = show(reference, fund.number, today=today)["deadlines"]
        found = Counter((one["deadline"], one["falls_on"], one["act_by"], one["state"]) for one in told)
        expected = Counter((e["deadline"], e["falls_on"], e["act_by"], e["state"]) for e in case["expect"])
        if found != expected or not all(one["why"] and one["ground"] for one in told):
            wrong[case["case"]] = (found, expected)
    assert wrong == {}
    assert len(funds) == 2


def _recorded(fund: Fund, **more: Any) -> Dossier:
    """A dossier with an action, a plan paused, and a start that was corrected later."""
    facts = [
        f("2026-03-20", "questionnaire_sent", "q1", channel="post", language="nl"),
        f("2026-03-21", "action_taken", "a1", kind="phone_call"),
        f("2026-04-01", "declaration_completed", "d1", "d"),
        f("2026-04-10", "traject_suspended", "s1", "pause", reason="illness"),
        f("2026-04-20", "traject_resumed", "s2", "pause"),
    ]
    made = population.dossier(
        fund=fund, start=date(2026, 1, 5), facts=facts, today=date(2026, 5, 1), reference="mine", **more
    )
    actor = actors.system(actors.FEED)
    moved = f("2026-05-04", "incapacity_corrected", "corrected-2", version=2, start=d("2026-01-12"))
    with audit.acting_as(actor, fund), clock.at(date(2026, 5, 4)):
        record_many([Entry(made.pk, moved)], fund=fund, actor=actor)
    return made


def test_the_json_is_exactly_this(fund: Fund) -> None:
    _recorded(fund)
    told = show("mine", "311", today=date(2026, 5, 5), language="en")
    assert list(told) == ["reference", "states", "facts", "deadlines"]
    assert told["reference"] == "mine"
    assert told["states"] == {"route_a": "questionnaire_sent"}
    by_id = {one["id"]: one for one in told["facts"]}
    assert list(by_id) == ["recognized-1", "q1", "a1", "d1", "s1", "s2", "corrected-2"]
    assert by_id["q1"] == {
        "id": "q1",
        "kind": "questionnaire_sent",
        "on": "2026-03-20",
        "channel": "post",
        "language": "nl",
    }
    # A value of a name that the fact itself needs stands apart.
    assert by_id["a1"] == {
        "id": "a1",
        "kind": "action_taken",
        "on": "2026-03-21",
        "details": {"kind": "phone_call"},
    }
    assert by_id["s1"]["subject"] == "pause"
    assert by_id["recognized-1"]["start"] == "2026-01-05"
    assert all(
        list(one) == ["deadline", "falls_on", "act_by", "state", "why", "ground"] for one in told["deadlines"]
    )
    t11 = next(one for one in told["deadlines"] if one["deadline"] == "T11")
    assert t11 == {
        "deadline": "T11",
        "falls_on": "2026-05-11",
        "act_by": "2026-05-11",
        "state": "open",
        "why": "Counted from the last signature under the engagement declaration, on 01/04/2026: "
        "one month, so 01/05/2026; 10 days of suspension make it 11/05/2026. "
        "Paused on 10/04/2026 (illness) and resumed on 20/04/2026: 10 days, so 01/05/2026 became 11/05/2026.",
        "ground": "Royal decree of 3 July 1996, section VIquater (art. 215octies and following), as replaced by the "
        "royal decree of 19 January 2022 (not yet verified in the Belgian Official Gazette)",
    }


def test_what_has_not_opened_is_left_out_and_dates_stand_as_on_that_day(fund: Fund) -> None:
    _recorded(fund)
    told = {one["deadline"]: one for one in show("mine", "311", today=date(2026, 3, 31))["deadlines"]}
    assert "T11" not in told
    told = {one["deadline"]: one for one in show("mine", "311", today=date(2026, 4, 12))["deadlines"]}
    assert (told["T11"]["falls_on"], told["T11"]["state"]) == ("2026-05-01", "paused")


def test_the_rows_that_are_kept_say_what_the_law_says_of_the_facts(fund: Fund) -> None:
    made = _recorded(fund)
    actor = actors.system(actors.COMMAND)
    with audit.acting_as(actor, fund):
        law = deadlines(reading.facts_of(reading.entries_of(actor, made)), fund.live_from)
        kept = [row for _deadline, row in reading.deadlines_of(actor, made, date.max)]
        assert sorted(kept) == sorted(law)
        for deadline, row in reading.deadlines_of(actor, made, date.max):
            assert explain(deadline, regime="employee") == explain(row, regime="employee")


def test_a_fact_in_json_can_be_read_again_by_the_law(fund: Fund) -> None:
    made = _recorded(fund)
    actor = actors.system(actors.COMMAND)
    with audit.acting_as(actor, fund):
        for entry in reading.entries_of(actor, made):
            told = reading.plain(entry)
            own = told.pop("details", {})
            values = {name: told[name] for name in told if name not in ("id", "kind", "on", "subject")} | own
            again = from_plain(told["kind"], d(told["on"]), told["id"], told.get("subject", ""), values)
            assert reading.facts_of([entry]) == (again,)


def test_a_moved_date_names_what_moved_it_who_recorded_it_and_when(fund: Fund) -> None:
    made = _recorded(fund)
    actor = actors.system(actors.COMMAND)
    with audit.acting_as(actor, fund):
        moves = {one.rule: one for one in reading.moves(reading.entries_of(actor, made), fund.live_from)}
    assert set(moves) == {"T1", "T4", "T17"}
    t4 = moves["T4"]
    assert (t4.old_date, t4.new_date) == (d("2026-05-04"), d("2026-05-11"))
    assert (t4.cause.id, t4.recorded_by.name) == ("corrected-2", actors.FEED)
    assert t4.recorded_at.astimezone(clock.BRUSSELS).date() == date(2026, 5, 4)
    assert t4.key == ("T4", "recognized-1", 1)


def test_the_text_for_people_holds_the_reasons_and_no_name(fund: Fund) -> None:
    _recorded(fund, last_name="Vandenbroucke", first_name="Roosmarijn")
    out = StringIO()
    call_command("show_dossier", "mine", fund="311", today=date(2026, 5, 5), language="en", stdout=out)
    text = " ".join(out.getvalue().split())
    assert "Dossier mine, as it stands on 05/05/2026" in text
    assert "one month, so 01/05/2026; 10 days of suspension make it 11/05/2026." in text
    assert (
        "Moved from 04/05/2026 to 11/05/2026 by the correction corrected-2, recorded on 04/05/2026 by feed."
        in text
    )
    assert "T11 11/05/2026 Hold the interview to draw up the plan [Open]" in text
    assert "Set by law: Royal decree of 3 July 1996" in text
    assert 'questionnaire_sent [q1] channel="post", language="nl"' in text
    assert "Roosmarijn" not in text
    assert "Vandenbroucke" not in text


def test_it_speaks_the_language_asked_for(fund: Fund) -> None:
    _recorded(fund)
    whys = {
        language: show("mine", "311", language=language)["deadlines"][0]["why"]
        for language in ("nl", "fr", "de", "en")
    }
    assert len(set(whys.values())) == 4
    assert show("mine", "311")["deadlines"][0]["why"] == whys["nl"]


def test_whoever_looks_is_in_the_access_log(fund: Fund) -> None:
    made = _recorded(fund)
    show("mine", "311", today=date(2026, 5, 5))
    with audit.acting_as(actors.system(actors.COMMAND), fund):
        line = AccessLog.objects.get(dossier_id=made.pk)
    assert (line.through, line.actor.name, line.fund_id) == ("show_dossier", actors.COMMAND, fund.pk)
    assert abs(line.at - clock.now()) < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("reference", "number", "message"),
    [
        ("mine", "999", "There is no fund 999"),
        ("theirs", "311", "Fund 311 has no dossier with the reference 'theirs'."),
        ("mine", "509", "Fund 509 has no dossier with the reference 'mine'."),
    ],
)
def test_what_does_not_exist_is_told_and_exits_2(
    fund: Fund,
    other_fund: Fund,
    dossier_of: Callable[..., Dossier],
    reference: str,
    number: str,
    message: str,
) -> None:
    dossier_of(start=date(2026, 1, 5), reference="mine", today=date(2026, 5, 5))
    with pytest.raises(CommandError, match=message) as refused:
        show(reference, number)
    assert refused.value.returncode == 2
    with audit.acting_as(actors.system(actors.COMMAND), fund):
        assert not AccessLog.objects.exists()


def test_the_deadlines_of_one_dossier_are_read_with_few_queries(
    fund: Fund, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    _recorded(fund)
    with override("nl"), django_assert_max_num_queries(16):
        show("mine", "311", today=date(2026, 5, 5))
