"""The embedded servers, with real processes: whoever is killed, the next start works and nothing stays behind."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from tnw.core import embedded
from tnw.core.embedded.folder import Folder, server_user

JOIN = (
    "import sys; from tnw.core import embedded; embedded.ensure(); print('up', flush=True); sys.stdin.read()"
)
FORK = (
    "import os, sys; from tnw.core import embedded; embedded.ensure()\n"
    "if os.fork(): os._exit(0)\n"
    "print('up', flush=True); sys.stdin.read()"
)
REJOIN = (
    "import sys; from tnw.core import embedded; embedded.ensure(); print('up', flush=True)\n"
    "sys.stdin.readline(); embedded.ensure(recheck=True); print('again', flush=True); sys.stdin.read()"
)
RECONNECT = (
    "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tnw.settings'; django.setup()\n"
    "from django.db import connection; from tnw.core import embedded\n"
    "connection.ensure_connection(); embedded.stop(); connection.close()\n"
    "connection.ensure_connection(); print('up', flush=True)"
)
# An ordinary user who can still read a checkout and a Python below /root.
READER = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "env"]
ORDINARY = ["setpriv", "--reuid=1", "--regid=1", "--clear-groups", *READER]
RUNNERS = {"root": [], "ordinary": ORDINARY} if os.geteuid() == 0 else {"ordinary": []}

Joiner = Callable[..., "subprocess.Popen[str]"]


PATIENCE = 120  # seconds: for what a busy machine comes to late


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="tnw-", dir="/tmp"))
    monkeypatch.setenv("TNW_DATA", str(path))
    yield path
    try:
        assert_all_ended(path)
    finally:
        shutil.rmtree(path)


@pytest.fixture
def start(folder: Path) -> Iterator[Joiner]:
    """Start a process that uses the servers until its standard input ends."""
    users = []

    def start(
        data: Path = folder, code: str = JOIN, runner: list[str] | None = None
    ) -> "subprocess.Popen[str]":
        user = subprocess.Popen(
            [*(runner or []), sys.executable, "-c", code],
            cwd=embedded.PROJECT,
            env={**os.environ, "TNW_DATA": str(data)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        users.append(user)
        return user

    yield start
    for user in users:
        leave(user)


def join(start: Joiner, data: Path | None = None, **how: object) -> "subprocess.Popen[str]":
    user = start(**how) if data is None else start(data, **how)
    assert said(user) == "up"
    return user


def said(user: "subprocess.Popen[str]") -> str:
    assert user.stdout
    return user.stdout.readline().strip()


def leave(user: "subprocess.Popen[str]", sig: int | None = None) -> None:
    with contextlib.suppress(ProcessLookupError):
        if sig is not None:
            os.killpg(user.pid, sig)
    assert user.stdin
    assert user.stdout
    user.stdin.close()
    if not user.stdout.closed:
        user.stdout.read()
        user.stdout.close()
    user.wait(timeout=PATIENCE)


def living(data: Path) -> dict[int, str]:
    """Every process that has something of the folder open, by its command line."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if any(os.readlink(fd).startswith(f"{data}/") for fd in (process / "fd").iterdir()):
                found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
    return found


def assert_all_ended(data: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while (left := living(data)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left


def pid_of(data: Path, words: str) -> int:
    """Of the one process with these words. A child that was only just made still has its parent's."""
    until = time.monotonic() + PATIENCE
    while len(found := [pid for pid, command in living(data).items() if words in command]) != 1:
        assert time.monotonic() < until, found
        time.sleep(0.05)
    return found[0]


def postmaster(data: Path) -> int:
    return pid_of(data, "pginstall18/bin/postgres")


def query(sql: str, url: str | None = None) -> list[tuple[object, ...]]:
    with contextlib.closing(psycopg2.connect(url or embedded.urls().owner)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []


def test_addresses_need_no_servers_and_make_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TNW_DATA", str(tmp_path / "data"))
    assert all(str(embedded.run_dir()) in url for url in embedded.urls())
    assert not (tmp_path / "data").exists()
    monkeypatch.setenv("TNW_DATA", "elsewhere")
    assert embedded.data_dir() == embedded.PROJECT / "elsewhere"
    monkeypatch.delenv("TNW_DATA")
    assert embedded.data_dir() == embedded.PROJECT / ".tnw"


def test_a_lone_user_finds_servers_and_leaves_none(folder: Path, start: Joiner) -> None:
    user = join(start)
    roles = "select rolname, rolsuper, rolcreatedb, rolbypassrls from pg_roles where rolname like 'tnw%' order by 1"
    assert query(roles) == [("tnw_app", False, False, False), ("tnw_owner", False, True, False)]
    assert query("select current_user", embedded.urls().app) == [("tnw_app",)]
    assert query("select pg_get_userbyid(datdba) from pg_database where datname = 'tnw'") == [("tnw_owner",)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        query("create table mine (x int)", embedded.urls().app)
    with redis.Redis.from_url(embedded.urls().redis) as broker:
        assert broker.ping()
    leave(user)
    assert "watch" not in " ".join(living(folder).values())
    assert_all_ended(folder)


def test_servers_stay_until_the_last_has_left(folder: Path, start: Joiner) -> None:
    first, second = join(start), join(start)
    server = postmaster(folder)
    leave(first)
    third = join(start)
    assert postmaster(folder) == server
    leave(second, signal.SIGKILL)
    assert query("select 1") == [(1,)]
    assert postmaster(folder) == server
    leave(third)


@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_servers_end_when_every_user_is_killed(folder: Path, start: Joiner, sig: int) -> None:
    users = [join(start), join(start)]
    for user in users:
        leave(user, sig)
    assert_all_ended(folder)


def test_a_killed_watcher_has_a_successor(folder: Path, start: Joiner) -> None:
    first = join(start)
    os.kill(pid_of(folder, " watch "), signal.SIGKILL)
    leave(first, signal.SIGKILL)
    server = postmaster(folder)
    second = join(start)
    assert postmaster(folder) == server
    leave(second, signal.SIGKILL)
    assert_all_ended(folder)


def test_a_forked_child_is_a_user(folder: Path, start: Joiner) -> None:
    child = join(start, code=FORK)
    child.wait(timeout=PATIENCE)  # the parent: it has gone without letting go
    time.sleep(0.3)
    assert query("select 1") == [(1,)]
    leave(child)
    assert_all_ended(folder)


def test_servers_end_when_users_are_killed_during_a_recovery(folder: Path, start: Joiner) -> None:
    user = join(start)
    os.kill(pid_of(folder, "postgres: walwriter"), signal.SIGKILL)
    leave(user, signal.SIGKILL)
    assert_all_ended(folder)


def test_killed_servers_are_mended_by_the_next_start(folder: Path, start: Joiner) -> None:
    first = join(start)
    query("create table kept as select 7 as x")
    os.kill(postmaster(folder), signal.SIGKILL)
    os.kill(pid_of(folder, "redis-server"), signal.SIGKILL)
    second = join(start)
    assert query("select x from kept") == [(7,)]
    leave(first)
    assert query("select x from kept") == [(7,)]
    leave(second)


def test_a_user_of_killed_servers_can_have_them_back(folder: Path, start: Joiner) -> None:
    user = join(start, code=REJOIN)
    query("create table kept as select 7 as x")
    os.kill(postmaster(folder), signal.SIGKILL)
    assert user.stdin
    user.stdin.write("\n")
    user.stdin.flush()
    assert said(user) == "again"
    assert query("select x from kept") == [(7,)]


def test_a_connection_brings_stopped_servers_back(start: Joiner, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    join(start, code=RECONNECT)


def come_to(stage: Path, folder: Path) -> None:
    """Wait until it is there; who slept while it came and went finds the start at its end, which is a stage too."""
    deadline = time.monotonic() + PATIENCE
    while not stage.exists() and not (folder / "run/redis.sock").exists():
        assert time.monotonic() < deadline, stage
        time.sleep(0.001)


@pytest.mark.parametrize(
    "stage", ["pg.new", "pg.new/base/1", "pg/roles.sql", "pg/postmaster.pid", "run/redis.sock"]
)
def test_a_first_start_that_is_killed_half_way(folder: Path, start: Joiner, stage: str) -> None:
    user = start()
    come_to(folder / stage, folder)
    leave(user, signal.SIGKILL)
    second = join(start)
    assert query("select 1", embedded.urls().app) == [(1,)]
    assert not (folder / "pg.new").exists()
    leave(second)


def test_control_c_during_a_first_start(folder: Path, start: Joiner) -> None:
    user = start()
    come_to(folder / "pg.new", folder)
    leave(user, signal.SIGINT)
    assert_all_ended(folder)
    join(start)
    assert query("select 1") == [(1,)]


def test_six_first_starts_at_once_share_one_pair(folder: Path, start: Joiner) -> None:
    users = [start() for _ in range(6)]
    assert [said(user) for user in users] == ["up"] * 6
    assert postmaster(folder)
    assert pid_of(folder, "redis-server")
    assert pid_of(folder, " watch ")
    for user in users:
        leave(user)


def test_two_folders_do_not_meet(folder: Path, start: Joiner) -> None:
    other = folder / "other"
    first, second = join(start), join(start, other)
    query("create table here ()")
    leave(first)
    assert postmaster(other)
    leave(second)
    assert_all_ended(other)


@pytest.mark.parametrize("name", ["long" * 30, "blank, 'quote' and %20"])
def test_a_path_that_no_socket_address_carries(
    folder: Path, start: Joiner, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    data = folder / name
    monkeypatch.setenv("TNW_DATA", str(data))
    user = join(start, data)
    assert query("select 1") == [(1,)]
    with redis.Redis.from_url(embedded.urls().redis) as broker:
        assert broker.ping()
    leave(user)
    assert_all_ended(data)
    shutil.rmtree(embedded.run_dir())


@pytest.mark.parametrize("runner", RUNNERS)
def test_root_and_an_ordinary_user(folder: Path, start: Joiner, runner: str) -> None:
    if RUNNERS[runner]:
        os.chown(folder, 1, 1)
    folder.chmod(0o700)
    join(start, runner=RUNNERS[runner])
    owner = (folder / "pg").stat().st_uid
    assert owner == (server_user().pw_uid if not RUNNERS[runner] else 1)
    assert query("select 1") == [(1,)]


def test_a_stale_pid_file_harms_no_stranger(folder: Path, start: Joiner) -> None:
    leave(join(start))
    user = server_user()
    drop = (
        []
        if os.geteuid()
        else ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    )
    with subprocess.Popen([*drop, "sleep", "3600"]) as stranger:
        stale = f"{stranger.pid}\n{folder}/pg\n{int(time.time())}\n5432\n{folder}/run\n\n  1 1\nready\n"
        (folder / "pg" / "postmaster.pid").write_text(stale)
        (folder / "run" / ".s.PGSQL.5432.lock").write_text(stale)
        embedded.stop()
        leave(join(start))
        assert_all_ended(folder)
        assert stranger.poll() is None
        stranger.kill()


def test_somebody_elses_folder_is_refused(folder: Path) -> None:
    theirs = folder / "theirs"
    if os.geteuid() == 0:
        theirs.mkdir()
        os.chown(theirs, 1, 1)
    else:
        theirs = Path("/usr")
    with pytest.raises(embedded.EmbeddedError, match="belongs to another user"):
        Folder(theirs).prepare()


def command(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tnw.core.embedded", *words],
        cwd=embedded.PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_commands(folder: Path, start: Joiner) -> None:
    user = join(start)
    assert str(folder) in command("urls").stdout
    refused = command("remove")
    assert refused.returncode == 1
    assert "in use" in refused.stderr
    assert command("stop").returncode == 0
    assert "postgres" not in " ".join(living(folder).values())
    leave(user)
    assert command("remove").returncode == 0
    assert not (folder / "pg").exists()
    assert command("else").returncode == 2
