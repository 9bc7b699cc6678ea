"""Every operation on a running server, by each kind of client: no failure, and no answer outside the contract."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.api.client import check
from tests.api.contract.fuzz import Answer, cases, refused_by_contract
from tests.api.table import operations
from tests.api.world import World
from tnw.integration.rest.shape import ROOT

RIGHT, WRONG = 2, 2
# Of each operation, how many of the calls that fit and how many of those that do not.
KINDS = {"fund": (RIGHT, WRONG), "reader": (1, 0), "vdab": (1, 1), "nobody": (1, 0)}
# What a shape refuses, the contract could have said.
BY_SHAPE = {"schemaViolation", "unknownInput", "outOfRange"}


class Server:
    """A running server with a world in it, and who calls it."""

    def __init__(self, url: str, world: World) -> None:
        self.url, self.world = f"{url}{ROOT}", world
        self.session = requests.Session()
        self.tokens = {
            "fund": world.caller("fund").token,
            "reader": world.caller("fund", only=":read").token,
            "vdab": world.caller("vdab").token,
            "nobody": "",
        }

    def ask(self, case: Any, who: str) -> Answer:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if self.tokens[who] else {}
        if "If-Match" in (case.headers or {}):
            with self.world.inside():
                headers["If-Match"] = f'"{self.world.version()}-{"0" * 16}"'
        return Answer(case.call(base_url=self.url, session=self.session, headers=headers, timeout=30))


@pytest.fixture
def server(live_server: Any) -> Iterator[Server]:
    server = Server(live_server.url, World())
    yield server
    server.session.close()


def test_no_answer_is_outside_the_contract(server: Server) -> None:
    faults: list[str] = []
    met: set[int] = set()
    for id, made in cases(server.world, right=RIGHT, wrong=WRONG).items():
        method, path, operation = operations()[id]
        fitting = [case for case in made if not refused_by_contract(case)]
        others = [case for case in made if refused_by_contract(case)]
        for who, (right, wrong) in KINDS.items():
            for case in [*fitting[:right], *others[:wrong]]:
                answer = server.ask(case, who)
                met.add(answer.status_code)
                try:
                    check(method, path.replace("{", "").replace("}", ""), answer)
                    if who == "nobody" and not operation.public:
                        assert answer.status_code == 401
                    if who == "reader" and operation.scope.endswith(":write"):
                        assert answer.status_code == 403
                    if who == "fund" and case in others:
                        assert answer.status_code >= 400, "what the contract does not take is refused"
                    if who == "fund" and case in fitting[:RIGHT]:
                        assert not answer.issues & {("body", one) for one in BY_SHAPE}, (
                            "the contract takes it"
                        )
                        assert not answer.issues & {("query", one) for one in BY_SHAPE}, (
                            "the contract takes it"
                        )
                except AssertionError as fault:
                    said = str(fault).splitlines()[:3]
                    faults.append(
                        f"{id} by {who}: {said}\n{case.as_curl_command()[:600]}\n{answer.content[-300:]!r}"
                    )
    assert not faults, f"{len(faults)} faults\n" + "\n\n".join(faults[:30])
    assert {200, 201, 400, 401, 403, 404} <= met
