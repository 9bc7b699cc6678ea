"""The ledger's only door: all of it is recorded, or nothing is; what the law cannot read stays outside (F4)."""

from datetime import date, timedelta

import pytest
from django.db import connection

from dossiers.law.facts import Fact, Values, fact
from dossiers.ledger import Entry, record, record_many
from dossiers.models import Deadline, Dossier, Incapacity, LedgerEntry, LedgerPayload, Outbox
from tests import population
from tests.ledger.conftest import START, TODAY, Record, asked, assessed, chain, rows
from tnw.accounts import audit
from tnw.accounts.models import Actor, Fund
from tnw.core import clock, trace
from tnw.core.errors import DomainError

pytestmark = pytest.mark.django_db


def said(kind: str, on: object = START, id: object = "x", subject: object = "", **values: object) -> Fact:
    """A fact that nobody looked at yet."""
    return Fact(kind, on, id, subject, Values(sorted(values.items())))  # type: ignore[arg-type]


REFUSED = [
    (said("nothing_of_the_kind"), "kind", "unknown_kind"),
    (said("contact_requested", id=""), "id", "required"),
    (said("contact_requested", id="a\x1fb"), "id", "wrong_type"),
    (said("contact_requested", id="a\nb"), "id", "wrong_type"),
    (said("contact_requested", id="a\x00b"), "id", "wrong_type"),
    (said("contact_requested", id="x" * 201), "id", "wrong_type"),
    (said("contact_requested", subject="x" * 201), "subject", "wrong_type"),
    (said("contact_requested", on="2026-03-02"), "on", "wrong_type"),
    (said("contact_requested", on=date(1899, 12, 31)), "on", "out_of_range"),
    (said("contact_requested", on=TODAY + timedelta(1)), "on", "in_future"),
    (said("contact_requested", aim="training"), "aim", "unknown_value"),
    (said("training_proposed"), "subject", "required"),
    (said("assessment_made"), "category", "required"),
    (said("assessment_made", category=None), "category", "required"),
    (said("assessment_made", category="4"), "category", "wrong_type"),
    (said("assessment_made", category=True), "category", "wrong_type"),
    (said("assessment_made", category=4.0), "category", "wrong_type"),
    (said("assessment_made", category=5), "category", "unknown_code"),
    (said("questionnaire_sent", channel="pigeon", language="nl"), "channel", "unknown_code"),
    (said("questionnaire_sent", channel="Post", language="nl"), "channel", "unknown_code"),
    (said("questionnaire_received", complete="true", channel="post"), "complete", "wrong_type"),
    (said("incapacity_corrected", version=2), "version", "nothing_to_change"),
    (said("incapacity_ended", on=date(2200, 1, 1), reason="other"), "on", "out_of_range"),
    (said("incapacity_end_withdrawn"), "version", "required"),
    (said("fact_voided", version=1), "fact", "required"),
    (said("fact_voided", fact="recognized-1", reason="He told me so."), "reason", "wrong_type"),
    (said("fact_voided", fact="nobody"), "fact", "unknown_fact"),
    (said("fact_corrected", fact="nobody", to={"on": START}), "fact", "unknown_fact"),
    (said("fact_corrected", fact="recognized-1", to={}), "to", "wrong_type"),
    (said("fact_corrected", fact="recognized-1", to={"colour": "red"}), "colour", "unknown_value"),
    (said("fact_corrected", fact="recognized-1", to={"regime": "king"}), "regime", "unknown_code"),
    (said("fact_corrected", fact="recognized-1", to={"on": TODAY + timedelta(1)}), "on", "in_future"),
    (said("contact_requested", id="recognized-1"), "id", "duplicate_id"),
]


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (LedgerEntry, LedgerPayload, Outbox, Deadline))


def test_what_is_refused_is_told_and_takes_all_with_it(
    dossier: Dossier, record: Record, in_fund: Fund
) -> None:
    Dossier.objects.update(unswept=False)
    before = counts(), rows(dossier)
    for refused, field, code in REFUSED:
        with pytest.raises(DomainError) as error:
            record(dossier, asked(1), refused, asked(2), note={"text": "x"})
        assert (error.value.field, error.value.code) == (field, code), refused
        assert str(error.value), refused
        assert (counts(), rows(dossier)) == before, refused
    assert not Dossier.objects.get().unswept


def test_a_refusal_on_one_dossier_takes_the_others_with_it(
    fund: Fund, dossier: Dossier, record: Record, job: Actor
) -> None:
    other = population.dossier(fund=fund, start=START, today=TODAY)
    with audit.acting_as(job, fund), clock.at(TODAY):
        before = counts()
        with pytest.raises(DomainError):
            record_many(
                [Entry(other.pk, asked(1)), Entry(dossier.pk, assessed(1, 9, START))], fund=fund, actor=job
            )
        assert counts() == before


def test_an_id_counts_once_in_a_dossier_also_within_one_recording(
    fund: Fund, dossier: Dossier, record: Record, in_fund: Fund
) -> None:
    with pytest.raises(DomainError) as refused:
        record(dossier, asked(1), asked(1, START + timedelta(1)))
    assert refused.value.code == "duplicate_id"
    record(dossier, asked(1))
    with pytest.raises(DomainError):
        record(dossier, asked(1))
    other = population.dossier(fund=fund, start=START, today=TODAY)
    record(other, asked(1))
    assert LedgerEntry.objects.filter(fact_id="asked-1").count() == 2


def test_a_dossier_that_is_not_there_is_refused(fund: Fund, dossier: Dossier, job: Actor) -> None:
    with audit.acting_as(job, fund), clock.at(TODAY):
        with pytest.raises(DomainError) as refused:
            record_many([Entry(dossier.pk, asked(1)), Entry(10**9, asked(1))], fund=fund, actor=job)
        assert refused.value.code == "dossier_unknown"
        assert not LedgerEntry.objects.filter(fact_id="asked-1").exists()


def test_nothing_to_record_is_nothing(fund: Fund, dossier: Dossier, job: Actor) -> None:
    with audit.acting_as(job, fund):
        before = counts()
        record_many([], fund=fund, actor=job)
        assert counts() == before


def test_an_end_may_lie_ahead_and_nothing_else(dossier: Dossier, record: Record, in_fund: Fund) -> None:
    ahead = fact("incapacity_ended", TODAY + timedelta(30), "end", version=2, reason="resumed")
    record(dossier, ahead)
    assert Incapacity.objects.get().end == TODAY + timedelta(29)


def test_what_is_recorded_says_who_when_and_in_which_work(fund: Fund, dossier: Dossier, job: Actor) -> None:
    with audit.acting_as(job, fund), clock.at(TODAY, hour=14), trace.new() as trace_id:
        record(dossier, asked(1), fund=fund, actor=job)
        entry = chain(dossier)[-1]
        assert (entry.actor, entry.trace_id, entry.at) == (job, trace_id, clock.now())
        assert (entry.kind, entry.on, entry.fact_id, entry.subject, entry.values) == (
            "contact_requested", START, "asked-1", "", {},
        )  # fmt: skip


def test_the_door_fills_in_defaults_and_keeps_what_the_law_reads(
    dossier: Dossier, record: Record, in_fund: Fund
) -> None:
    record(
        dossier,
        said("plan_agreed"),
        said("adapted_work_planned", id="y", subject="1", starts_on="2026-12-01"),
        said("reduction_confirmed", id="z", **{"from": date(2026, 3, 3), "percent": "2.50"}),
    )
    assert [entry.values for entry in chain(dossier)[1:]] == [
        {"version": 1},
        {"starts_on": "2026-12-01"},
        {"from": "2026-03-03", "percent": "2.50"},
    ]


def test_text_of_any_script_comes_back_as_it_went_in(dossier: Dossier, record: Record, in_fund: Fund) -> None:
    strange = "Zoë \\N \\. 'x' \"y\" {a} %s \t\n\r\u2028 名 🙂"
    named = asked(1)._replace(subject="Zoë \\N 'x' %s 名 🙂")
    record(dossier, named, note={"text": strange, "na\\me": ["\\n", None, 1, True]})
    entry, payload = chain(dossier)[-1], LedgerPayload.objects.get()
    assert entry.subject == named.subject
    assert payload.body == {"text": strange, "na\\me": ["\\n", None, 1, True]}


def test_each_entry_has_its_row_in_the_outbox(dossier: Dossier, record: Record, in_fund: Fund) -> None:
    record(dossier, asked(1), assessed(1, 4, START))
    record(dossier, asked(2))
    assert list(Outbox.objects.order_by("seq").values_list("dossier", "seq", "fund")) == [
        (entry.dossier_id, entry.seq, entry.fund_id) for entry in chain(dossier)
    ]


def test_recording_asks_for_the_next_sweep(dossier: Dossier, record: Record, in_fund: Fund) -> None:
    Dossier.objects.update(unswept=False)
    record(dossier, asked(1))
    assert Dossier.objects.get().unswept


def test_recording_brings_deadlines_and_summary_up_to_date(
    dossier: Dossier, record: Record, in_fund: Fund
) -> None:
    assert {row.rule for row in Deadline.objects.all()} == {"T1", "T4", "T17"}
    record(dossier, assessed(1, 4, date(2026, 6, 1)))
    t4 = Deadline.objects.get(rule="T4")
    assert (t4.falls_on, t4.closed_on, t4.outcome, t4.closed_by_fact) == (
        date(2026, 7, 1), date(2026, 6, 1), "met", "assessed-1",
    )  # fmt: skip
    assert Deadline.objects.filter(rule="T23", opened_by="assessed-1").exists()
    record(
        dossier,
        said("incapacity_corrected", id="c", on=TODAY, version=2, start="2026-03-09", regime="self_employed"),
    )
    found = Incapacity.objects.get()
    assert (found.start, found.regime) == (date(2026, 3, 9), "self_employed")
    assert Deadline.objects.get(rule="T4").falls_on == date(2026, 7, 8)


def test_a_recomputation_keeps_the_keys(dossier: Dossier, record: Record, in_fund: Fund) -> None:
    """What points to a row, a reminder, still does when its date has moved."""
    before = dict(Deadline.objects.values_list("id", "falls_on"))
    record(dossier, said("incapacity_corrected", id="c", on=TODAY, version=2, start="2026-03-09"))
    after = dict(Deadline.objects.values_list("id", "falls_on"))
    assert set(before) == set(after)
    assert all(after[key] > before[key] for key in before)


def test_what_did_not_move_is_not_written(dossier: Dossier, record: Record, in_fund: Fund) -> None:
    def versions() -> set[tuple[int, str]]:
        with connection.cursor() as cursor:
            cursor.execute("select id, xmin::text from dossiers_deadline")
            return set(cursor.fetchall())

    before = versions()
    record(dossier, fact("career_noted", START, "career"))
    assert versions() == before
