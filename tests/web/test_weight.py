"""What a page weighs on its way to the browser, packed: all of the first one, and what each after it adds."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from tests import population
from tests.web.conftest import Place
from tnw.accounts.models import Role
from tnw.core import clock

FIRST = 200_000
AFTER = 40_000
LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
# The letter for our own languages; the others come where a name needs them.
FETCHED = re.compile(r'url\("\.\./([^"]*latin\.woff2)"\)')

Browse = Callable[..., Client]


class Window:
    """A browser that keeps what it has fetched, and counts what comes."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.kept: set[str] = set()
        self.coming: list[str] = []

    def opens(self, path: str) -> int:
        """The bytes of a page and of what it brings that was not there yet."""
        self.coming = []
        response = self.client.get(path, headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200, path
        page = self.client.get(path).content.decode()
        return len(response.content) + sum(self._fetches(found) for found in LINKED.findall(page))

    def _fetches(self, path: str) -> int:
        if path in self.kept:
            return 0
        self.kept.add(path)
        response = self.client.get(path, headers={"Accept-Encoding": "gzip"})
        size = len(b"".join(response.streaming_content))  # type: ignore[attr-defined]  # a file
        self.coming.append(f"{path} {size}")
        if not path.endswith(".css"):
            return size
        found = finders.find(path.removeprefix("/static/"))
        assert isinstance(found, str)
        with open(found, encoding="utf-8") as file:
            return size + sum(self._fetches(f"/static/{name}") for name in FETCHED.findall(file.read()))


def test_the_first_page_and_those_after_it(browse: Browse, own: Place) -> None:
    start = clock.today() - timedelta(days=150)
    lines = [population.line(start=start, fund=own.fund.number) for _more in range(60)]
    population.take_in(own.fund, lines, clock.today())
    window = Window(browse(Role.TEAM_LEAD))
    first = window.opens(reverse("home"))
    assert first <= FIRST, window.coming
    for name in ("dossier", "dossier_traject", "dossier_history", "dossier_letters"):
        assert window.opens(reverse(name, args=[own.dossier.public_id])) <= AFTER, window.coming
    for name in ("home", "team", "silent", "rules", "components"):
        assert window.opens(reverse(name)) <= AFTER, window.coming
    assert any("latin.woff2" in name for name in window.kept)
