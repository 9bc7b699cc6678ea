"""Sending what is due: in order within a dossier, each by one sender, every endpoint at its own pace.

A sweep claims a few deliveries of an endpoint for as long as a lease, and commits. Threads then send them, with no
database and no wall, and the sweep writes down what came of it. The endpoints do not wait for each other: each has a
line of its own, over which one delivery at a time goes until the first was taken, then several. A line that fails ends.
While one is waited for, what comes in for the others goes out.
"""

import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from tnw.accounts.models import Fund
from tnw.core import clock, scope
from tnw.integration.webhooks import queue, secrets
from tnw.integration.webhooks.events import MEDIA_TYPE
from tnw.integration.webhooks.outbox import CHUNK, fan_out
from tnw.integration.webhooks.post import Answer, post
from tnw.integration.webhooks.queue import Claimed, Endpoint

NOT_BEGUN_BELOW = timedelta(seconds=45)  # of a lease that is left: a resolver can be slow too
THREADS = 16
LOOK = 1.0  # seconds, after which it is asked what came in meanwhile
WIDTH = 4  # deliveries at once to an endpoint that takes them, each of another dossier
FAILURES, WASTED_MS = 5, 8_000  # after so many one after the other, or so much time lost in them, a line ends


class Sent(NamedTuple):
    """What a sweep did: deliveries made of what was in the outbox, those that were taken, tries that failed."""

    made: int
    delivered: int
    failed: int


@dataclass
class Line:
    """The way to one endpoint during a sweep."""

    endpoint: Endpoint
    waiting: deque[Claimed] = field(default_factory=deque)
    under_way: int = 0
    width: int = 1
    failures: int = 0
    wasted_ms: int = 0
    dry: bool = False  # nothing was left to claim, and nothing changed since
    over: bool = False

    def next(self, until: datetime) -> Claimed | None:
        """What can be sent now; nothing while it is busy, and once it is over."""
        if self.over or self.under_way >= self.width:
            return None
        now = clock.utc()
        if now >= until or (self.waiting and self.waiting[0].leased_until - now < NOT_BEGUN_BELOW):
            self.give_back()
        if not self.waiting and not self.dry and now < until:
            self.waiting.extend(queue.claim(self.endpoint, now))
            self.dry = not self.waiting
        return self.waiting.popleft() if self.waiting else None

    def went(self, answer: Answer) -> None:
        """An endpoint that takes what it gets gets more at once; one that does not is left alone for now."""
        self.dry = False
        if answer.good:
            if self.width == 1:
                queue.recovered(self.endpoint.subscription_id)
            self.failures, self.width = 0, WIDTH
            return
        self.failures, self.width = self.failures + 1, 1
        self.wasted_ms += answer.took_ms
        if self.over:
            return
        if self.failures >= FAILURES or self.wasted_ms >= WASTED_MS or answer.status == queue.GONE:
            self.over = True
            self.give_back()
            queue.rest(self.endpoint.subscription_id, clock.utc())

    def end(self, claimed: Claimed) -> None:
        """Nothing more goes over it, nor what was about to."""
        self.over = True
        self.waiting.appendleft(claimed)
        self.give_back()

    def give_back(self) -> None:
        """What was claimed and not begun is anybody's again."""
        queue.release(list(self.waiting))
        self.waiting.clear()


def sweep(*, seconds: float) -> Sent:
    """Tell on what is in the outbox, and send what is due; nothing is begun after so many seconds.

    Any number of these may run at once.
    """
    with scope.funds(*Fund.objects.values_list("pk", flat=True)):
        return _send_due(fan_out(), clock.utc() + timedelta(seconds=seconds))


def _send_due(made: int, until: datetime) -> Sent:
    lines = [Line(endpoint) for endpoint in queue.due(clock.utc())]
    looked = time.monotonic()
    counts = [0, 0]
    running: dict[Future[Answer], tuple[Line, Claimed]] = {}
    with ThreadPoolExecutor(THREADS, "webhook") as pool:
        while True:
            for line in lines:
                while len(running) < THREADS and (claimed := line.next(until)):
                    if (told := _signed(line.endpoint, claimed)) is None:
                        line.end(claimed)
                        break
                    line.under_way += 1
                    running[pool.submit(post, line.endpoint.url, *told)] = (line, claimed)
            if not running:
                break
            done, _rest = wait(running, timeout=LOOK, return_when=FIRST_COMPLETED)
            for future in done:
                line, claimed = running.pop(future)
                answer = future.result()
                queue.record(line.endpoint, claimed, answer, clock.utc())
                line.under_way -= 1
                line.went(answer)
                counts[not answer.good] += 1
            lines = lines[1:] + lines[:1]  # who waits for a thread is not always the last
            if time.monotonic() - looked >= LOOK and clock.utc() < until:
                made += fan_out(limit=CHUNK)
                _look_again(lines)
                looked = time.monotonic()
    return Sent(made, *counts)


def _look_again(lines: list[Line]) -> None:
    """Give what is due by now its line; one that ended stays ended until the next sweep."""
    known = {line.endpoint.subscription_id: line for line in lines}
    for endpoint in queue.due(clock.utc()):
        if (line := known.get(endpoint.subscription_id)) is not None:
            line.dry = False
        else:
            lines.append(Line(endpoint))


def _signed(endpoint: Endpoint, claimed: Claimed) -> tuple[dict[str, str], bytes] | None:
    """Headers and body of one try, signed for its moment with every key in force; None where it was removed meanwhile."""
    now, id, body = clock.utc(), str(claimed.event), claimed.body.encode()
    moment = int(now.timestamp())
    if not (keys := secrets.in_force(endpoint.subscription_id, now)):
        return None
    headers = {
        "Content-Type": MEDIA_TYPE,
        "User-Agent": "TNW-Webhooks/1",
        "webhook-id": id,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(secrets.signature(key, id, moment, body) for key in keys),
    }
    return headers, body
