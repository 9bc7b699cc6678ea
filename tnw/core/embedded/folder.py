"""The data folder of the embedded servers: where things lie in it, and the locks that the kernel keeps."""

import contextlib
import errno
import fcntl
import hashlib
import os
import pwd
import re
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOCKET_FOLDER = re.compile(
    r"[A-Za-z0-9_./-]{1,80}"
)  # the kernel takes 107 bytes, with the name of the socket
PATIENCE = 120.0  # seconds for a server to come up, or for a killed one's last process to end


class EmbeddedError(RuntimeError):
    """The embedded servers cannot be started or stopped; the message says what to do."""


@dataclass(frozen=True)
class Folder:
    """One data folder, whose servers are shared by all who name it."""

    path: Path

    @property
    def run(self) -> Path:
        """Where the sockets are: `run` in the folder, or under /tmp where no address carries that path."""
        run = self.path / "run"
        if not SOCKET_FOLDER.fullmatch(str(run)):
            digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]
            run = Path("/tmp", f"tnw-{os.geteuid()}-{digest}")  # noqa: S108 - owner and mode are checked
        return run

    def prepare(self) -> None:
        """Make the folders, and refuse those that another user could read or has made."""
        self.path.mkdir(parents=True, exist_ok=True)
        if self.path.stat().st_uid != os.geteuid():
            raise EmbeddedError(f"{self.path} belongs to another user: name one of your own in TNW_DATA.")
        self.run.mkdir(mode=0o700, exist_ok=True)
        status, owner = self.run.lstat(), server_user().pw_uid
        if (
            not stat.S_ISDIR(status.st_mode)
            or status.st_mode & 0o077
            or status.st_uid not in (os.geteuid(), owner)
        ):
            raise EmbeddedError(f"{self.run} is not private to this user: remove it.")
        if status.st_uid != owner:
            os.chown(self.run, owner, -1)

    @contextlib.contextmanager
    def starting(self) -> Iterator[None]:
        """One process at a time starts or stops the servers."""
        with open(self.path / "start.lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def taken(self, lock: str) -> Iterator[int | None]:
        """The lock's descriptor, to be inherited by what lives on, or None where a living process has it."""
        fd = os.open(self.path / lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
            else:
                yield fd
        finally:
            os.close(fd)

    def wait(self, lock: str, complaint: str) -> Iterator[None]:
        """Yield every 20 ms for as long as patience lasts, and once more; then complain, naming the lock."""
        deadline, late = time.monotonic() + PATIENCE, False
        while not late:
            late = time.monotonic() > deadline
            yield
            time.sleep(0.02)
        raise EmbeddedError(
            f"{complaint} in {PATIENCE:.0f} s; {self.path / lock} shows which process holds on."
        )

    def listens(self, name: str) -> bool:
        """Whether a server accepts connections on this socket."""
        with socket.socket(socket.AF_UNIX) as client:
            client.setblocking(False)  # one that hangs lets its queue run full
            return client.connect_ex(str(self.run / name)) in (0, errno.EAGAIN)

    def execute(self, command: list[str], keep: int | None = None, **environment: str) -> int:
        """Run a command that may leave a server behind, which inherits the lock `keep`; the exit code."""
        with open(self.path / "setup.log", "ab") as log:  # a pipe would be kept open by the server
            return subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
                start_new_session=True,  # Ctrl-C is meant for us, not for what we start
                pass_fds=() if keep is None else (keep,),
                check=False,
            ).returncode

    def last_words(self, log: str) -> str:
        """The end of a log, for an error message."""
        with contextlib.suppress(OSError):
            return "\n".join((self.path / log).read_text(errors="replace").splitlines()[-5:])
        return ""


def server_user() -> pwd.struct_passwd:
    """Who runs PostgreSQL: it refuses root."""
    if os.geteuid():
        return pwd.struct_passwd(("", "", os.geteuid(), os.getegid(), "", "", ""))
    return pwd.getpwnam(os.environ.get("TNW_PG_USER", "nobody"))
