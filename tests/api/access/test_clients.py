"""Making, changing and stopping clients: by whom, with which words where it cannot be, and with which trace."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from tests.api.access.conftest import SCOPES, ask, basic
from tests.api.access.test_assertions import key, public
from tnw.accounts import actors
from tnw.accounts.models import Actor, ActorKind, AuditEntry, Fund, Role, User
from tnw.core import scope
from tnw.core.errors import DomainError, NotAllowed
from tnw.integration import access, clients
from tnw.integration.models import Client

Made = tuple[Client, str]
MakeUser = Callable[..., User]


def entries(fund: Fund) -> list[AuditEntry]:
    with scope.funds(fund.pk):
        found = AuditEntry.objects.filter(fund=fund, content_type__model="client").order_by("pk")
        return list(found.select_related("acting"))


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "no name": ({"name": " "}, "name", "Give the client a name"),
    "a long name": ({"name": "x" * 121}, "name", "Give the client a name"),
    "a name that is taken": ({"name": "kern "}, "name", "This name is taken: kern."),
    "the name of a job": ({"name": "Feed"}, "name", "This name is taken: Feed."),
    "no scope": ({"scopes": []}, "scopes", "at least one scope"),
    "unknown scopes": ({"scopes": ["a:read", "webhook:read", "b"]}, "scopes", "There is no scope a:read, b."),
    "no fund": ({"fund": None}, "", "of one fund, or of a regional service"),
    "fund and service": ({"service": "vdab"}, "", "of one fund, or of a regional service"),
    "unknown service": ({"fund": None, "service": "onem"}, "service", "There is no regional service onem"),
    "a service without funds": ({"fund": None, "service": "vdab"}, "funds", "Name the funds"),
    "weak keys": ({"keys": public(key("weak"))}, "keys", "Key 1 is too weak"),
    "no rate": ({"calls_a_minute": 0}, "calls_a_minute", "Between 1 and 100000"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_made_is_said_at_its_field(made: Made, fund: Fund, name: str) -> None:
    changes, field, sentence = WRONG[name]
    given = {"name": "Portaal", "scopes": SCOPES, "actor": actors.system(), "fund": fund, **changes}
    with pytest.raises(DomainError) as refused, transaction.atomic():
        clients.create(**given)
    assert (refused.value.field or "") == field
    assert sentence in str(refused.value)
    assert Client.objects.count() == 1


def test_a_regional_service_gets_only_what_is_its_own(make: Callable[..., Made], fund: Fund) -> None:
    with pytest.raises(DomainError, match="does not get plan:read"):
        make(service="forem", funds=[fund], scopes=["partnerStep:write", "plan:read"])


@pytest.mark.parametrize("role", list(Role))
def test_an_administrator_keeps_those_of_the_own_fund_and_nobody_else(
    made: Made, make: Callable[..., Made], make_user: MakeUser, fund: Fund, other_fund: Fund, role: str
) -> None:
    actor = actors.of_user(make_user(role, fund=fund))
    partner, _secret = make("VDAB", service="vdab", funds=[fund], scopes=["partnerStep:read"])
    foreign, _secret = make("Elders", fund=other_fund)
    acts: list[Callable[[], object]] = [
        lambda: clients.create(name="Nieuw", scopes=SCOPES, actor=actor, fund=fund),
        lambda: clients.change(client_id=made[0].client_id, actor=actor, scopes=["plan:read"]),
        lambda: clients.rotate(client_id=made[0].client_id, actor=actor),
        lambda: clients.stop(client_id=made[0].client_id, actor=actor),
    ]
    for act in acts:
        if role == Role.ADMINISTRATOR:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()
    for stranger in (partner, foreign):
        with pytest.raises(NotAllowed):
            clients.rotate(client_id=stranger.client_id, actor=actor)
    with pytest.raises(NotAllowed):
        clients.create(name="Hun", scopes=SCOPES, actor=actor, fund=other_fund)
    with pytest.raises(NotAllowed):
        clients.create(name="Actiris", scopes=["fund:read"], actor=actor, service="actiris", funds=[fund])


def test_a_client_makes_no_clients(made: Made, fund: Fund) -> None:
    with pytest.raises(NotAllowed):
        clients.create(name="Kind", scopes=SCOPES, actor=made[0].actor, fund=fund)


@pytest.mark.usefixtures("hashed_as_in_use")
def test_every_change_is_audited_with_who_made_it_and_no_secret(fund: Fund, administrator: User) -> None:
    actor = actors.of_user(administrator)
    client, secret = clients.create(name="Kern", scopes=SCOPES, actor=actor, fund=fund)
    by = {"client_id": client.client_id, "actor": actor}
    clients.change(**by, scopes=["plan:read"], calls_a_minute=60)
    _client, other = clients.rotate(**by)
    clients.stop(**by)
    found = entries(fund)
    assert [(entry.action, set(entry.changes)) for entry in found[1:]] == [
        (AuditEntry.Action.UPDATE, {"scopes", "calls_a_minute"}),
        (AuditEntry.Action.UPDATE, {"client_secret"}),
        (AuditEntry.Action.UPDATE, {"is_active"}),
    ]
    assert found[0].action == AuditEntry.Action.CREATE
    assert {entry.acting.user for entry in found} == {administrator}
    text = json.dumps([entry.changes for entry in found])
    assert secret not in text
    assert other not in text
    assert "argon2" not in text


def test_of_a_regional_service_every_fund_has_the_trace(
    make: Callable[..., Made], fund: Fund, other_fund: Fund
) -> None:
    client, _secret = make(service="vdab", funds=[fund, other_fund], scopes=["partnerStep:read"])
    clients.rotate(client_id=client.client_id, actor=actors.system())
    for one in (fund, other_fund):
        assert [entry.action for entry in entries(one)] == [
            AuditEntry.Action.CREATE,
            AuditEntry.Action.UPDATE,
        ]


def test_a_name_is_that_of_the_actor_too(made: Made, make: Callable[..., Made]) -> None:
    make("Portaal")
    by = {"client_id": made[0].client_id, "actor": actors.system()}
    assert clients.change(**by, name="Kernsysteem").actor == Actor.objects.get(name="Kernsysteem")
    clients.change(**by, name="kernsysteem")
    with pytest.raises(DomainError, match="taken"):
        clients.change(**by, name="portaal")


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_type": "public"},
        {"authorization_grant_type": "password"},
        {"authorization_grant_type": "implicit"},
    ],
)
def test_the_database_takes_no_other_kind_of_client(made: Made, wrong: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.update(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [{"fund": None}, {"service": "vdab"}, {"kind": ActorKind.JOB}],
)
def test_the_database_takes_no_client_of_nobody_or_of_both(made: Made, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Actor.objects.filter(client=made[0]).update(**wrong)


# --- The commands


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What a command printed, by the first word of each line."""
    lines = capsys.readouterr().out.splitlines()
    return {line.split(" ", 1)[0]: line.split(" ", 1)[-1] for line in lines}


def works(answer: dict[str, str]) -> bool:
    given = basic(answer["client_id"], answer["client_secret"])
    return bool(ask({"grant_type": "client_credentials"}, Authorization=given).status_code == 200)


def test_the_command_makes_a_client_of_a_fund(fund: Fund, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_api_client", "Kern", "--fund", "311", "--scope", "adaptedWork:read", "--scope",
                 "scope:tnw:plan:read", "--calls-a-minute", "90")  # fmt: skip
    answer = told(capsys)
    assert works(answer)
    client = Client.objects.select_related("actor").get(client_id=answer["client_id"])
    assert (client.actor.fund, client.actor.kind, client.actor.name) == (fund, ActorKind.CLIENT, "Kern")
    assert client.scopes == ["scope:tnw:plan:read", "scope:tnw:adaptedWork:read"]
    assert client.calls_a_minute == 90
    call_command("rotate_api_client", answer["client_id"])
    rotated = told(capsys)
    assert rotated["client_id"] == answer["client_id"]
    assert (works(answer), works(rotated)) == (False, True)
    call_command("rotate_api_client", answer["client_id"], "--stop")
    assert "is let in no more" in capsys.readouterr().out
    assert not works(rotated)
    call_command("rotate_api_client", answer["client_id"])
    printed = capsys.readouterr().out
    assert "this client is stopped" in printed
    call_command("rotate_api_client", answer["client_id"], "--start")
    assert "is let in again" in capsys.readouterr().out
    assert printed.splitlines()[1].startswith("client_secret ")
    assert works({"client_id": answer["client_id"], "client_secret": printed.splitlines()[1].split()[1]})


def test_the_command_makes_a_client_of_a_regional_service(
    fund: Fund, other_fund: Fund, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(
        "create_api_client", "VDAB", "--service", "vdab", "--fund", "311", "--fund", "509", "--all-scopes"
    )
    client = Client.objects.select_related("actor").get(client_id=told(capsys)["client_id"])
    assert (client.actor.fund, client.actor.service) == (None, "vdab")
    assert set(client.funds.all()) == {fund, other_fund}
    assert set(client.scopes) == access.PARTNER_SCOPES


def test_the_command_reads_keys_and_then_prints_no_secret(
    fund: Fund, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(public(key("RSA", "a"))))
    call_command("create_api_client", "Kern", "--fund", "311", "--all-scopes", "--keys", str(path))
    printed = capsys.readouterr().out
    assert "client_secret" not in printed
    assert "1 key(s)" in printed


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["Kern", "--all-scopes"], "Name one --fund"),
        (["Kern", "--fund", "311", "--fund", "509", "--all-scopes"], "Name one --fund"),
        (["Kern", "--fund", "999", "--all-scopes"], "There is no fund 999 (known: 311, 509)"),
        (["Kern", "--fund", "311"], "Name --scope, once or more often, or --all-scopes. Known: absenceProcedure:read"),
        (["Kern", "--fund", "311", "--all-scopes", "--scope", "plan:read"], "or --all-scopes"),
        (["Kern", "--fund", "311", "--scope", "plans:read"], "There is no scope plans:read. Known: absenceProcedure:read"),
        (["Kern", "--service", "vdab", "--fund", "311", "--scope", "plan:read"], "does not get plan:read. Known: fund:read"),
        (["Kern", "--service", "onem", "--fund", "311", "--all-scopes"], "(known: vdab, forem, actiris, adg)"),
        (["Kern", "--service", "vdab", "--all-scopes"], "Name the funds"),
        (["Kern", "--fund", "311", "--all-scopes", "--keys", "/nothing"], "/nothing cannot be read: No such file"),
        (["Kern", "--fund", "311", "--all-scopes", "--keys", __file__], "is not JSON"),
        (["TNW", "--fund", "311", "--all-scopes"], "This name is taken: TNW."),
    ],
)  # fmt: skip
def test_the_command_says_what_is_wrong(
    fund: Fund, other_fund: Fund, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("create_api_client", *arguments)
    assert sentence in str(refused.value)
    assert refused.value.returncode == 2
    assert not Client.objects.exists()


def test_an_unknown_client_is_said(db: None) -> None:
    with pytest.raises(CommandError, match="no API client with this id"):
        call_command("rotate_api_client", "nobody")
