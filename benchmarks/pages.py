"""How long pages take over HTTP, from a gunicorn like the one in production."""

import html
import http.cookiejar
import os
import random
import re
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from benchmarks import feed
from tnw.accounts.models import Role

PORT = 8765
BASE = f"http://127.0.0.1:{PORT}"
REQUESTS = 100
OTHERS = {"lead": Role.TEAM_LEAD, "doctor": Role.ADVISORY_DOCTOR}


class Browser:
    """Somebody signed in, who fetches page after page over one address."""

    def __init__(self, email: str, password: str) -> None:
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self._jar = jar
        page = self.get("/account/login/")
        self.post("/account/login/", page, login=email, password=password)

    def get(self, path: str) -> str:
        with self._opener.open(BASE + path, timeout=60) as answer:
            return answer.read().decode()

    def post(self, path: str, page: str, **values: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, f"no form token on the page before {path}"
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **values}).encode()
        request = urllib.request.Request(BASE + path, data, headers={"Referer": BASE + path})
        with self._opener.open(request, timeout=60) as answer:
            return answer.read().decode()


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[None]:
    """gunicorn on the bench's own data, until the block ends."""
    command = [sys.executable, "-m", "gunicorn", "tnw.wsgi", "--bind", f"127.0.0.1:{PORT}", "--workers", "1"]
    server = subprocess.Popen(
        [*command, "--no-control-socket"], env={**os.environ, **environment}, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{BASE}/health", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(30)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Median and 95th percentile of many calls, in milliseconds; the first ones only warm up."""
    for _ in range(20):
        work()
    taken = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def measure(email: str, password: str, dossiers: list[str], size: int) -> dict[str, tuple[float, float]]:
    """The pages that a coordinator opens all day, each on another dossier or name every time."""
    browser = Browser(email, password)
    chance = random.Random(1)
    search = browser.get("/search")
    form = re.sub(r"\s+", " ", search)
    return {
        "dossier page": timed(lambda: browser.get(f"/dossiers/{chance.choice(dossiers)}")),
        "search by name": timed(
            lambda: browser.post("/search", form, text=feed.last_name(chance.randrange(10_000)))
        ),
        "search by SSIN": timed(
            lambda: browser.post("/search", form, text=feed.ssin(chance.randrange(size)))
        ),
    }


def measure_worklist(email: str, password: str) -> dict[str, tuple[float, float]]:
    """The first page and a later one of the worklist, for each who has one, and what a filter costs."""
    found = {}
    for name in ("c1", *OTHERS):
        browser = Browser(f"{name}-{email}", password)
        addresses = {
            "first page": "/",
            "later page": next_page(browser, 3),
            "one language": "/?language=de",
            "one regime, later": "/?regime=self_employed&bucket=later",
            "one deadline": "/?rule=T4",
        }
        if name == "lead":
            addresses["team page"] = "/team"
        for what, address in addresses.items():
            found[f"worklist of {name}, {what}"] = timed(partial(browser.get, address))
    return found


def next_page(browser: Browser, number: int) -> str:
    """The address of the page so many pages on, or of the last one."""
    address = "/"
    for _page in range(number):
        more = re.search(r'href="(/\?[^"]*after=[^"]*)"', browser.get(address))
        if more is None:
            break
        address = html.unescape(more[1])
    return address


def measure_figures(email: str, password: str) -> dict[str, tuple[float, float]]:
    """What a team lead opens of the figures: all of them, one by coordinator, and the list behind it."""
    browser = Browser(email, password)
    addresses = {
        "overview": "/figures",
        "inflow by coordinator": "/figures/inflow?by=coordinator",
        "list of the inflow": "/figures/inflow/list",
    }
    return {f"figures, {what}": timed(partial(browser.get, address)) for what, address in addresses.items()}
