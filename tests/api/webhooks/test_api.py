"""Subscriptions and deliveries over the API: a key that is told once, a log, and asking for it again."""

from collections.abc import Callable
from datetime import date

import pytest

from dossiers.models import Dossier
from tests.api.client import Caller
from tests.api.conftest import Api
from tests.api.webhooks.receiver import Receiver
from tests.api.webhooks.rows_of import everywhere, fan_out_all
from tests.api.webhooks.test_sending import signed_by
from tnw.integration.models import IdempotencyKey, WebhookDelivery, WebhookSecret, WebhookSubscription
from tnw.integration.webhooks.jobs import KEPT, forget_webhooks
from tnw.integration.webhooks.sending import sweep
from tnw.integration.webhooks.subscriptions import MOST

pytestmark = pytest.mark.django_db
START, TODAY = date(2026, 1, 5), date(2026, 11, 20)
AT = "/webhookSubscriptions"
DossierOf = Callable[..., Dossier]


@pytest.fixture
def caller(api: Api) -> Caller:
    return api.as_fund()


def path_of(answer: object) -> str:
    return str(answer.json()["href"]).partition("/v1")[2]  # type: ignore[attr-defined]


def subscribed(caller: Caller, receiver: Receiver, *types: str) -> tuple[str, str]:
    """Path and key of a new subscription."""
    made = caller.post(AT, {"url": receiver.url(), "eventTypes": list(types)})
    assert made.status_code == 201, made.content
    assert made["Location"] == made.json()["href"]
    return path_of(made), made.json()["secret"]


def test_from_subscribing_to_the_log_of_what_was_sent(
    caller: Caller, dossier_of: DossierOf, receiver: Receiver
) -> None:
    at, secret = subscribed(caller, receiver)
    read = caller.get(at)
    assert read.json()["active"] is True
    assert "secret" not in read.json()
    assert secret not in caller.get(AT).content.decode()
    receiver.says("503")
    dossier = dossier_of(start=START)
    sweep(seconds=10)
    (row,) = caller.get(f"{at}/deliveries").json()["items"]
    assert caller.get(f"{at}/deliveries?state=delivered&state=pending").json()["items"] == [row]
    assert caller.get(f"{at}/deliveries?state=delivered").json()["items"] == []
    assert (row["state"], row["eventType"], row["version"]) == ("pending", "be.tnw.incapacity.recognized", 1)
    single = caller.get(row["href"].partition("/v1")[2]).json()
    assert [(one["status"], one.get("error")) for one in single["attempts"]] == [(503, None)]
    assert single["nextTryAt"] > single["createdAt"]
    assert single["event"]["data"]["href"].endswith(f"/dossiers/{dossier.public_id}")
    assert signed_by(secret, receiver.messages[0]) == [True]


@pytest.mark.parametrize("service", ["", "vdab"])
def test_the_key_is_told_once_and_again_to_who_lost_the_answer(
    api: Api, receiver: Receiver, service: str
) -> None:
    caller = api.as_partner(service) if service else api.as_fund()
    body = {"url": receiver.url()}
    first = caller.post(AT, body, Idempotency_Key="k-1")
    again = caller.post(AT, body, Idempotency_Key="k-1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert WebhookSubscription.objects.count() == 1
    secret = first.json()["secret"]
    with everywhere():
        assert secret not in IdempotencyKey.objects.get().body
    assert secret not in WebhookSecret.objects.get().sealed


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"url": "https://user@hooks.example.org/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "https://[fd00::1]/"}, "url"),
        ({"url": "http://1.1.1.1/"}, "url"),
        ({"url": "https://nothing.invalid/"}, "url"),
        ({"url": "http://127.0.0.1:9/", "eventTypes": ["be.tnw.nothing"]}, "eventTypes"),
        ({"url": "http://127.0.0.1:9/", "secret": "mine"}, "secret"),
        ({}, "url"),
    ],
)
def test_what_is_refused_at_subscribing(caller: Caller, body: dict[str, object], name: str) -> None:
    answer = caller.post(AT, body)
    assert answer.status_code == 400
    assert [one["name"] for one in answer.json()["issues"]] == [name]
    assert not WebhookSubscription.objects.exists()


def test_a_client_subscribes_to_what_it_may_read(api: Api, receiver: Receiver) -> None:
    caller = api.as_fund("webhook:read", "webhook:write", "incapacity:read")
    mine, not_mine = "be.tnw.incapacity.recognized", "be.tnw.declaration.completed"
    at, _secret = subscribed(caller, receiver, mine)
    tries = (
        caller.post(AT, {"url": receiver.url(), "eventTypes": [mine, not_mine]}),
        caller.patch(at, {"eventTypes": [not_mine]}, If_Match=caller.get(at)["ETag"]),
    )
    for refused in tries:
        (issue,) = refused.json()["issues"]
        assert (refused.status_code, issue["name"]) == (400, "eventTypes")
        assert "scope:tnw:declaration:read" in issue["detail"]
    assert caller.get(at).json()["eventTypes"] == [mine]


def test_a_client_has_so_many_and_no_more(caller: Caller, receiver: Receiver) -> None:
    for _ in range(MOST):
        at, _secret = subscribed(caller, receiver)
    full = caller.post(AT, {"url": receiver.url()})
    assert (full.status_code, full.json()["state"], full.json()["possible"]) == (409, "full", ["remove"])
    caller.delete(at)
    assert caller.post(AT, {"url": receiver.url()}).status_code == 201


def test_changed_by_a_merge_patch_and_not_twice_at_once(caller: Caller, receiver: Receiver) -> None:
    at, _secret = subscribed(caller, receiver, "be.tnw.consent.withdrawn")
    tag = caller.get(at)["ETag"]
    changed = caller.patch(at, {"url": receiver.url("/other"), "active": False}, If_Match=tag)
    assert changed.status_code == 200
    told = changed.json()
    assert (told["active"], told["disabledReason"], told["eventTypes"]) == (
        False,
        "byClient",
        ["be.tnw.consent.withdrawn"],
    )
    assert told["url"].endswith("/other")
    assert caller.patch(at, {"active": True}, If_Match=tag).status_code == 412
    assert caller.patch(at, {"active": True}).status_code == 428
    refused = caller.patch(at, {"url": "https://192.168.0.1/"}, If_Match=changed["ETag"])
    assert refused.status_code == 400
    on = caller.patch(at, {"active": True}, If_Match=changed["ETag"])
    assert on.json()["active"] is True
    assert "disabledReason" not in on.json()


def test_switched_off_by_410_with_its_reason(
    caller: Caller, dossier_of: DossierOf, receiver: Receiver
) -> None:
    at, _secret = subscribed(caller, receiver)
    receiver.says("410")
    dossier_of(start=START)
    sweep(seconds=10)
    told = caller.get(at).json()
    assert (told["active"], told["disabledReason"]) == (False, "gone")
    refused = caller.post(f"{at}/pings").json()
    assert (refused["status"], refused["state"], refused["possible"]) == (409, "disabled", ["activate"])


def test_a_rotation_gives_a_new_key_and_keeps_the_old_for_a_day(caller: Caller, receiver: Receiver) -> None:
    at, former = subscribed(caller, receiver)
    rotated = caller.post(f"{at}/secretRotations")
    assert rotated.status_code == 201
    fresh = rotated.json()["secret"]
    ping = caller.post(f"{at}/pings")
    assert ping.json()["eventType"] == "be.tnw.webhook.pinged"
    sweep(seconds=10)
    (message,) = receiver.messages
    assert (signed_by(fresh, message), signed_by(former, message)) == ([True, False], [False, True])


def test_one_or_a_period_is_sent_again(caller: Caller, dossier_of: DossierOf, receiver: Receiver) -> None:
    at, _secret = subscribed(caller, receiver)
    for _ in range(3):
        dossier_of(start=START)
    sweep(seconds=10)
    rows = caller.get(f"{at}/deliveries").json()["items"]
    one = rows[0]["href"].partition("/v1")[2]
    assert caller.post(f"{one}/replays").json()["state"] == "pending"
    under_way = caller.post(f"{one}/replays")
    assert (under_way.status_code, under_way.json()["state"]) == (409, "pending"), "it is on its way"
    assert under_way.json()["possible"] == []
    period = {"createdFrom": rows[-1]["createdAt"], "createdTo": rows[0]["createdAt"]}
    assert caller.post(f"{at}/replays", period).json() == {"deliveries": 2}
    sweep(seconds=10)
    assert len(receiver.messages) == 6
    assert len({message["headers"]["webhook-id"] for message in receiver.messages}) == 3
    backwards = {"createdFrom": "2026-02-01T00:00:00Z", "createdTo": "2026-01-01T00:00:00Z"}
    assert caller.post(f"{at}/replays", backwards).status_code == 400


def test_the_log_goes_on_from_a_mark_and_by_state(
    caller: Caller, dossier_of: DossierOf, receiver: Receiver
) -> None:
    at, _secret = subscribed(caller, receiver)
    for _ in range(5):
        dossier_of(start=START)
    fan_out_all()
    seen: list[str] = []
    next_page: str | None = f"{at}/deliveries?pageSize=2"
    while next_page:
        page = caller.get(next_page.partition("/v1")[2] or next_page).json()
        seen += [row["id"] for row in page["items"]]
        next_page = page.get("next")
    assert len(seen) == len(set(seen)) == 5
    assert caller.get(f"{at}/deliveries?state=delivered").json()["items"] == []
    assert caller.get(f"{at}/deliveries?state=pending").json()["total"] == 5


def test_nobody_sees_what_is_anothers(
    api: Api, caller: Caller, dossier_of: DossierOf, receiver: Receiver
) -> None:
    at, _secret = subscribed(caller, receiver)
    dossier_of(start=START)
    fan_out_all()
    delivery = caller.get(f"{at}/deliveries").json()["items"][0]["href"].partition("/v1")[2]
    for other in (api.as_fund(), api.as_partner("vdab")):
        assert other.get(AT).json()["items"] == []
        for path in (at, f"{at}/deliveries", delivery):
            assert other.get(path).status_code == 404


def test_removed_it_is_told_nothing_more_and_its_log_goes(
    caller: Caller, dossier_of: DossierOf, receiver: Receiver
) -> None:
    at, _secret = subscribed(caller, receiver)
    dossier_of(start=START)
    fan_out_all()
    assert caller.delete(at).status_code == 204
    assert caller.get(at).status_code == 404
    assert caller.delete(at).status_code == 404
    assert sweep(seconds=10).delivered == 0
    assert receiver.messages == []
    assert forget_webhooks(TODAY)["all"] == {"deliveries": 1}
    assert not WebhookSubscription.objects.exists()


def test_what_is_old_is_forgotten_and_what_is_not_stays(
    caller: Caller, dossier_of: DossierOf, receiver: Receiver
) -> None:
    subscribed(caller, receiver)
    for _ in range(2):
        dossier_of(start=START)
    sweep(seconds=10)
    with everywhere():
        row = WebhookDelivery.objects.earliest("pk")
        WebhookDelivery.objects.filter(pk=row.pk).update(created_at=row.created_at - KEPT)
    assert forget_webhooks(TODAY)["all"] == {"deliveries": 1}
    with everywhere():
        assert WebhookDelivery.objects.count() == 1
