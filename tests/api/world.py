"""A world in which every noun is there: two funds, in the first a dossier with all that one can hold, and callers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model

from dossiers.acts import head_of
from dossiers.law.facts import fact
from dossiers.ledger import Entry, record_many
from dossiers.models import Dossier
from tests import population
from tests.api.client import Caller
from tests.api.conftest import make_client, token_of
from tests.conftest import make_fund
from tests.plan.conftest import PlanCase
from tests.walls.documents import write_documents
from tests.walls.notes import write_notes
from tests.walls.routes import write_routes
from tests.walls.trajects import write_trajects
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Role, Team, TeamArea, User
from tnw.accounts.services import create_user
from tnw.core import clock
from tnw.integration.access import SCOPES
from tnw.integration.models import Client
from tnw.integration.rest.names import camel

TODAY = date(2026, 11, 20)  # a Friday
START = date(2026, 9, 1)
PEOPLE = (Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD)
EVERY = frozenset(SCOPES)


class World:
    """`fund`, `dossier` and `people` are those that the right caller may see; `case()` begins a dossier of its own."""

    def __init__(self, first: str = "311", second: str = "509") -> None:
        self.fund, self.other = make_fund(first), make_fund(second)
        with audit.acting_as(actors.system(), self.fund):
            self.team = Team.objects.create(fund=self.fund, name="Noord", languages=["nl", "fr", "de"])
            TeamArea.objects.create(team=self.team, first="1000", last="9999")
        self.users: dict[str, User] = {role: self._somebody(role) for role in PEOPLE}
        self.people: dict[str, Actor] = {role: actors.of_user(user) for role, user in self.users.items()}
        self.people["system"] = actors.system()
        with clock.at(TODAY):
            self.dossier = self._rich()
        self.clients: dict[str, Client] = {
            "fund": make_client("Core", fund=self.fund),
            "other fund": make_client("Other", fund=self.other),
            "vdab": make_client("VDAB", service="vdab", funds=(self.fund,), scopes=EVERY),
            "forem": make_client("Forem", service="forem", funds=(self.fund,), scopes=EVERY),
            "elsewhere": make_client("Elsewhere", service="vdab", funds=(self.other,), scopes=EVERY),
        }

    def _somebody(self, role: str) -> User:
        return create_user(
            fund=self.fund, email=f"{role}@fund{self.fund.number}.example", name=str(Role(role).label), roles=[role],
            password=None, actor=actors.system(actors.COMMAND), team=self.team, languages=["nl", "fr", "de"],
            language="en",
        )  # fmt: skip

    def _rich(self) -> Dossier:
        """The facts that begin each machine, and a row of whatever no fact makes."""
        actor = actors.system()
        made = population.dossier(fund=self.fund, start=START, today=TODAY, email="an@example.org")
        with audit.acting_as(actor, self.fund):
            asked = fact("contact_requested", START, "asked-1")
            record_many([Entry(made.pk, asked, note={"text": "by phone"})], fund=self.fund, actor=actor)
            write_notes(made, actor)
            write_trajects(made, actor)
            write_routes(made, self.users[Role.COORDINATOR], actor)
            write_documents(made, self.users[Role.COORDINATOR], actor)
        return made

    # --- what a row asks for

    def case(self, start: date = date(2026, 1, 5), **columns: Any) -> PlanCase:
        """A dossier that begins now, in the open wall: `.record(kind, subject, **values)`, `.act(service, role, …)`."""
        return PlanCase(self.fund, self.people, start, **columns)

    def one(self, model: type[Model]) -> Any:
        """The first row of a model in the rich dossier."""
        rows: Any = model._default_manager
        found = rows.filter(dossier=self.dossier).order_by("pk").first()
        assert found, f"The rich dossier has no {model.__name__}: the row's `before` has to make one."
        return found

    def place(self, name: str) -> str:
        """What stands for a parameter of a path: the rich dossier's own row of the noun that it names."""
        noun = name.removesuffix("Id")
        if noun == "dossier":
            return str(self.dossier.public_id)
        models = {camel(one.__name__[:1].lower() + one.__name__[1:]): one for one in _numbered()}
        assert noun in models, (
            f"No model with a public id is called {noun}: the row's `before` has to give {name}."
        )
        return str(self.one(models[noun]).public_id)

    def version(self, dossier: Dossier | None = None) -> int:
        return head_of(dossier or self.dossier)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """In the wall of the first fund, on the day of the world."""
        with audit.acting_as(self.people["system"], self.fund), clock.at(TODAY):
            yield

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever happens inside has not happened afterwards."""
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    # --- who calls

    def caller(self, who: str, *, without: str = "", only: str = "") -> Caller:
        """With all scopes, all but one ("adaptedWork:read"), or only those that end so (":read")."""
        client = self.clients[who]
        whole = client.scopes
        client.scopes = [one for one in whole if one != f"scope:tnw:{without}" and one.endswith(only)]
        token = token_of(client)
        client.scopes = whole
        return Caller(token)


def _numbered() -> list[type[Model]]:
    """The models of a dossier that have an id for the outside."""
    return [one for one in apps.get_models() if hasattr(one, "public_id") and hasattr(one, "dossier")]


def says_nothing(world: World, content: bytes) -> bool:
    """Whether an answer tells nothing of the rich dossier."""
    return str(world.dossier.public_id).encode() not in content
