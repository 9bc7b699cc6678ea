"""From the ledger to deliveries: who is told of what, in chunks, by any number of workers, and what nobody is told."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from dossiers.law.facts import Fact, fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier, LedgerEntry, Outbox
from tests.api.conftest import make_client
from tests.api.webhooks.rows_of import events_of, fan_out_all, told
from tests.employer.conftest import begin as begin
from tests.employer.conftest import case as case
from tests.employer.stage import Work
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import scope
from tnw.integration.access import PREFIX as SCOPE
from tnw.integration.models import Client, WebhookDelivery, WebhookSubscription
from tnw.integration.webhooks import outbox, subscriptions

pytestmark = pytest.mark.django_db
START = date(2026, 1, 5)
Subscribe = Callable[..., tuple[WebhookSubscription, str]]


def record(dossier: Dossier, *facts: Fact) -> None:
    with audit.acting_as(actors.system(), dossier.fund):
        entries = [Entry(dossier.pk, one) for one in facts]
        record_many(entries, fund=dossier.fund, actor=actors.system())


def waiting() -> int:
    with scope.funds(*Fund.objects.values_list("pk", flat=True)):
        return Outbox.objects.count()


def test_each_entry_becomes_one_event_for_each_who_listens(
    dossier_of: Callable[..., Dossier], core: Client, subscribe: Subscribe
) -> None:
    one = subscribe(core, "http://127.0.0.1:1/a")[0]
    two = subscribe(core, "http://127.0.0.1:1/b", "be.tnw.questionnaire.sent")[0]
    dossier = dossier_of(
        start=START, facts=[fact("questionnaire_sent", START, "s", channel="post", language="nl")]
    )
    fan_out_all()
    assert events_of(one) == ["incapacity.recognized", "questionnaire.sent"]
    assert events_of(two) == ["questionnaire.sent"]
    assert waiting() == 0
    of_one, of_two = told(one)[1], told(two)[0]
    assert (of_one.version, of_one.dossier_id, of_one.fund_id) == (2, dossier.pk, dossier.fund_id)
    assert of_one.event == of_two.event, "one happening, one id, whoever is told"
    assert of_one.body == of_two.body
    body = json.loads(of_one.body)
    assert body["data"]["version"] == 2
    assert body["data"]["href"].endswith(f"/dossiers/{dossier.public_id}")
    fan_out_all()
    assert len(told(one)) == 2


def test_the_link_is_that_of_the_noun(
    dossier_of: Callable[..., Dossier], core: Client, subscribe: Subscribe
) -> None:
    one = subscribe(core, "http://127.0.0.1:1/a", "be.tnw.adaptedWork.planned")[0]
    dossier = dossier_of(
        start=START,
        facts=[
            fact("adapted_work_planned", START, "w1", "work-1", starts_on=date(2026, 2, 2)),
            fact("adapted_work_planned", START, "w2", "work-2", starts_on=date(2026, 3, 2)),
        ],
    )
    fan_out_all()
    with scope.funds(dossier.fund_id):
        works = [dossier.adapted_works.get(subject=subject) for subject in ("work-1", "work-2")]
    assert [json.loads(row.body)["subject"] for row in told(one)] == [
        f"/adaptedWorks/{work.public_id}" for work in works
    ]


def test_only_the_own_fund_and_only_what_the_scopes_allow(
    dossier_of: Callable[..., Dossier], fund: Fund, other_fund: Fund, core: Client, subscribe: Subscribe
) -> None:
    stranger = make_client("Other", fund=other_fund)
    reader = make_client("Portal", fund=fund, scopes=frozenset({f"{SCOPE}questionnaire:read"}))
    stopped = make_client("Stopped", fund=fund)
    subs = [
        subscribe(client, f"http://127.0.0.1:1/{n}")[0]
        for n, client in enumerate([stranger, reader, stopped, core])
    ]
    Client.objects.filter(pk=stopped.pk).update(is_active=False)
    subscriptions.change(subscription=subs[3], active=False)
    dossier_of(start=START, facts=[fact("questionnaire_sent", START, "s", channel="post", language="nl")])
    fan_out_all()
    assert [events_of(one) for one in subs] == [[], ["questionnaire.sent"], [], []]


def test_no_body_says_more_than_where_to_look(
    dossier_of: Callable[..., Dossier], core: Client, subscribe: Subscribe
) -> None:
    one = subscribe(core, "http://127.0.0.1:1/a")[0]
    dossier = dossier_of(start=START, last_name="Verhaegen", first_name="Godelieve", email="g@example.org")
    reasons = [
        (fact("assessment_made", START, "a", category=2), "depression"),
        (fact("questionnaire_waived", START, "w", reason="medical"), "in hospital"),
        (fact("contact_requested", START, "c"), "by phone"),
        (fact("permission_requested", START, "p", aim="training"), "a course"),
        (fact("permission_refused", START, "r"), "not fit"),
        (fact("route_closed", START, "x", route="B", reason="health"), "too ill"),
    ]
    with audit.acting_as(actors.system(), dossier.fund):
        entries = [Entry(dossier.pk, said, note={"text": text}) for said, text in reasons]
        record_many(entries, fund=dossier.fund, actor=actors.system())
        person = dossier.incapacity.person
    fan_out_all()
    rows = told(one)
    assert len(rows) == 1 + len(reasons)
    words = {"category", "reason", "medical", "health", "training", "refused", "Verhaegen", "Godelieve", "example.org/g",
             person.ssin, dossier.incapacity.reference} | {text for _said, text in reasons}  # fmt: skip
    for row in rows:
        assert set(json.loads(row.body)["data"]) == {"href", "dossier", "version"}
        assert not [word for word in words if word in row.body], row.type


# --- chunks, and several workers


def test_it_goes_through_in_chunks_and_in_order(
    dossier_of: Callable[..., Dossier], core: Client, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "CHUNK", 3)
    one = subscribe(core, "http://127.0.0.1:1/a")[0]
    dossiers = [dossier_of(start=START) for _ in range(4)]
    for dossier in dossiers:
        record(dossier, *(fact("contact_held", START, f"c{n}", form="phone") for n in range(3)))
    with CaptureQueriesContext(connection) as asked:
        fan_out_all()
    assert len([one for one in asked if "dossiers_outbox" in one["sql"] and "skip locked" in one["sql"]]) == 7
    rows = [(row.dossier_id, row.version) for row in told(one)]
    assert rows == [(dossier.pk, seq) for dossier in dossiers for seq in (1, 2, 3, 4)]
    assert waiting() == 0


def test_without_anybody_who_listens_it_is_emptied_all_the_same(dossier_of: Callable[..., Dossier]) -> None:
    dossier_of(start=START)
    assert waiting() == 1
    fan_out_all()
    assert (waiting(), WebhookDelivery.objects.count()) == (0, 0)


def test_what_is_rolled_back_was_never_told(
    dossier_of: Callable[..., Dossier], core: Client, subscribe: Subscribe
) -> None:
    one = subscribe(core, "http://127.0.0.1:1/a")[0]
    dossier = dossier_of(start=START)
    fan_out_all()
    with transaction.atomic():
        record(dossier, fact("contact_held", START, "c", form="phone"))
        transaction.set_rollback(True)
    fan_out_all()
    assert events_of(one) == ["incapacity.recognized"]


# --- what stands in no ledger


def test_told_of_beside_the_ledger(
    fund: Fund, other_fund: Fund, core: Client, vdab: Client, subscribe: Subscribe
) -> None:
    of_fund, of_vdab = subscribe(core, "http://127.0.0.1:1/a")[0], subscribe(vdab, "http://127.0.0.1:1/b")[0]
    elsewhere = subscribe(make_client("Other", fund=other_fund), "http://127.0.0.1:1/c")[0]
    with scope.funds(fund.pk):
        outbox.tell("incapacityFeed.completed", "/incapacityFeeds/1", client=core, fund=fund)
        outbox.tell("partnerRegistration.processed", "/partnerRegistrations/1", service="vdab")
    assert events_of(of_fund) == ["incapacityFeed.completed"]
    assert events_of(of_vdab) == ["partnerRegistration.processed"]
    assert events_of(elsewhere) == []
    assert [(row.fund_id, row.dossier_id, row.version) for row in told(of_vdab)] == [(None, None, None)]
    body = json.loads(told(of_vdab)[0].body)
    assert set(body["data"]) == {"href"}


# --- regional services


def registered(case: Work, service: str = "vdab") -> str:
    subject = f"registration-{service}"
    case.record("registration_reported", subject, service=service, registered_on=case.day)
    return subject


def test_c1_a_service_is_told_of_its_own_registration_and_of_nothing_else(
    case: Work, vdab: Client, fund: Fund, core: Client, subscribe: Subscribe
) -> None:
    forem = make_client("Forem", service="forem", funds=(fund,), scopes=frozenset(vdab.scopes))
    elsewhere = make_client("VDAB 2", service="vdab", funds=(), scopes=frozenset(vdab.scopes))
    mine, theirs, far = (subscribe(one, "http://127.0.0.1:1/x")[0] for one in (vdab, forem, elsewhere))
    all_of_it = subscribe(core, "http://127.0.0.1:1/x")[0]
    case.on(date(2026, 2, 2))
    subject = registered(case)
    case.record("contact_requested")
    case.record("invalidity_denied", subject, reason="not_in_invalidity")
    case.record("assessment_made", category=3)
    fan_out_all()
    assert events_of(mine) == ["partnerRegistration.reported", "partnerRegistration.invalidityAnswered"]
    assert (events_of(theirs), events_of(far)) == ([], [])
    assert len(events_of(all_of_it)) == 5
    with scope.funds(fund.pk):
        registration = case.dossier.routes_c.get()
    for row in told(mine):
        body = json.loads(row.body)
        assert body["subject"] == f"/partnerRegistrations/{registration.public_id}"
        assert "dossier" not in body["data"], "the dossier is not the service's"
        assert body["data"]["version"] == row.version


def test_r1_a_registration_that_a_traject_supersedes_is_told_closed(
    case: Work, vdab: Client, subscribe: Subscribe
) -> None:
    mine = subscribe(vdab, "http://127.0.0.1:1/x")[0]
    case.on(date(2026, 4, 6))
    registered(case)
    case.started()
    fan_out_all()
    assert events_of(mine) == ["partnerRegistration.reported", "partnerRegistration.closed"]


def test_z5_a_referral_is_told_under_the_consent_for_it(
    case: Work, vdab: Client, subscribe: Subscribe
) -> None:
    mine = subscribe(vdab, "http://127.0.0.1:1/x")[0]
    case.started("regional_service").on(date(2026, 4, 20))
    form = case.draw_up()
    fan_out_all()
    assert events_of(mine) == [], "what is drawn up has not left the house"
    case.consent("given", party="regional_service")
    case.send(form)
    case.on(date(2026, 5, 4)).answered(form)
    fan_out_all()
    assert events_of(mine) == ["partnerReferral.sent", "partnerReferral.answered"]
    # Withdrawn: what is on its way is not told any more, nor what comes after, nor by asking for it again.
    delivered = told(mine)[0]
    finished(delivered)
    case.on(date(2026, 5, 11)).consent("withdrawn", party="regional_service")
    case.end_partner(form)
    fan_out_all()
    assert [row.state for row in told(mine)] == ["delivered", "withdrawn"]
    with scope.funds(case.fund.pk):
        rows = subscriptions.deliveries_of(vdab)
        assert subscriptions.replay(client=vdab, deliveries=rows, now=delivered.created_at) == 0
    assert [row.state for row in told(mine)] == ["withdrawn", "withdrawn"]


def test_t19_the_end_of_the_traject_ends_a_referral(case: Work, vdab: Client, subscribe: Subscribe) -> None:
    mine = subscribe(vdab, "http://127.0.0.1:1/x")[0]
    case.started("regional_service").on(date(2026, 4, 20)).consent("given", party="regional_service")
    form = case.draw_up()
    case.send(form)
    case.record("traject_ended", result="no_result")
    fan_out_all()
    assert events_of(mine) == ["partnerReferral.sent", "partnerReferral.ended"]


def test_a_correction_of_the_consent_is_seen_too(case: Work, vdab: Client, subscribe: Subscribe) -> None:
    mine = subscribe(vdab, "http://127.0.0.1:1/x")[0]
    case.started("regional_service").on(date(2026, 4, 20))
    given = case.record("consent_given", purpose="consultation", party="regional_service")
    form = case.draw_up()
    case.send(form)
    fan_out_all()
    assert [row.state for row in told(mine)] == ["pending"]
    case.record("fact_voided", in_order=False, fact=given, reason="error")
    fan_out_all()
    assert [row.state for row in told(mine)] == ["withdrawn"]


def finished(row: WebhookDelivery) -> None:
    with scope.funds(row.fund_id or 0):
        WebhookDelivery.objects.filter(pk=row.pk).update(state="delivered", finished_at=row.created_at)


def test_the_ledger_keeps_what_the_outbox_forgets(dossier_of: Callable[..., Dossier]) -> None:
    dossier = dossier_of(start=START)
    fan_out_all()
    with scope.funds(dossier.fund_id):
        assert LedgerEntry.objects.filter(dossier=dossier).count() == 1
