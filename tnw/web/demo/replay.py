"""The months of the demo, day by day: the feed comes in, people do what they do, and the jobs of the beat run."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta

from django.db import connection, transaction

from dossiers.law.calendar import ONE_DAY
from dossiers.models import Dossier, LedgerEntry, Reminder
from dossiers.models.imports import ImportKind
from routing.intake.imports import import_file
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund
from tnw.core import clock, scope, trace
from tnw.core.tasks import app as queue
from tnw.web.demo import feed, memory
from tnw.web.demo.acts import Refused, Staff, perform
from tnw.web.demo.course import Act
from tnw.web.demo.memory import Memory
from tnw.web.demo.population import LARGE, SMALL, Plan
from tnw.web.demo.services.signing import provider_at_work
from tnw.web.jobs import JOBS, OF_DEADLINES

# Before the last week no mail goes out: nobody was there to read it.
MAIL_FROM = timedelta(days=7)
MAIL = "daily-digest"
# Once, at the end: quarters are closed as they were recorded by then, whenever the job runs.
OF_FIGURES = ("close-quarters", "count-figures")

Say = Callable[[str], object]


class Days:
    """What the script of one fund holds, by day."""

    def __init__(self, plan: Plan, fund: Fund, until: date) -> None:
        self.fund = fund
        self.staff = Staff(fund)
        self.refused: list[Refused] = []
        self.lines: dict[date, list[dict[str, str]]] = {}
        self.acts: dict[date, list[tuple[str, Act]]] = {}
        for life in plan.lives(fund.number, until):
            for day, line in feed.lines(life):
                self.lines.setdefault(day, []).append(line)
            for act in life.acts:
                self.acts.setdefault(act.day, []).append((life.person.reference, act))

    def feed_comes(self, day: date) -> None:
        """The file of the night through the real import; no file where there is nothing new."""
        lines = self.lines.get(day, []) + feed.faulty(self.fund.number, day)
        if lines:
            actor = actors.system(actors.FEED)
            path = feed.write(memory.folder() / f"{self.fund.number}-{day}.csv", lines)
            with audit.acting_as(actor, self.fund):
                import_file(path, fund=self.fund, actor=actor, kind=ImportKind.RECOGNITIONS, today=day)
            path.unlink()

    def people_act(self, day: date) -> None:
        if acts := self.acts.get(day):
            self.refused += perform(self.staff, acts)


def replay(story: Memory, until: date, say: Say) -> list[Refused]:
    """Play every day that is missing, up to and including `until`; what a former start left half is done again.

    Gives what people wanted to do and could not.
    """
    funds = Fund.objects.filter(number__in=(LARGE, SMALL)).order_by("number")
    played = [Days(story.plan, fund, until) for fund in funds]
    _set_commits("off")
    # A worker would do today what is asked of it on a day that is past.
    eager, queue.conf.task_always_eager = queue.conf.task_always_eager, True
    try:
        with provider_at_work():
            for day in _missing(story, until):
                play(played, day, mail=until - day < MAIL_FROM)
                _flush()
                story.through = day
                story.save()
                if day == until or (day + ONE_DAY).day == 1:
                    say(_summary(day, [days.fund for days in played]))
            for name in OF_FIGURES:
                JOBS[name](until)
    finally:
        queue.conf.task_always_eager = eager
        _set_commits("on")
    return [one for days in played for one in days.refused]


def play(played: list[Days], day: date, *, mail: bool) -> None:
    """One day: the feed at night, people in the morning, the jobs of the beat at noon."""
    with _hour(day, 3), trace.new():
        for days in played:
            days.feed_comes(day)
    with _hour(day, 10), trace.new():
        for days in played:
            days.people_act(day)
    with _hour(day, 12), trace.new():
        for name, job in OF_DEADLINES.items():
            if mail or name != MAIL:
                job(day)


def _hour(day: date, hour: int) -> AbstractContextManager[None]:
    """The clock stands at this hour of a day that is past; today it runs."""
    return clock.at(day, hour) if day < clock.today() else nullcontext()


def _set_commits(how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('synchronous_commit', %s, false)", [how])


@transaction.atomic
def _flush() -> None:
    """Everything committed so far is on disk: a day asks the disk once, not fifty times."""
    with connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit = on")
        cursor.execute("select pg_logical_emit_message(true, 'demo', '')")


def _missing(story: Memory, until: date) -> Iterator[date]:
    day = story.through + ONE_DAY if story.through else story.plan.first_day
    while day <= until:
        yield day
        day += ONE_DAY


def _summary(day: date, funds: list[Fund]) -> str:
    with scope.funds(*(fund.pk for fund in funds)):
        dossiers, facts = Dossier.objects.count(), LedgerEntry.objects.count()
        return (
            f"{day:%d/%m/%Y}  {dossiers:4} dossiers  {facts:5} facts  {Reminder.objects.count():5} reminders"
        )
