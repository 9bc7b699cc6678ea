"""An endpoint for real: a process that keeps what it gets and answers as it is told to.

`python -m tests.api.webhooks.receiver FOLDER`: it listens on a port of its own, writes it to FOLDER/port, appends every
message to FOLDER/messages as a line of JSON, and answers as FOLDER/behaviour says, anew for each message:

    200, 500, 301, 410 …   that status           slow      accepts and says nothing for longer than anybody waits
    drip                   a byte a second       early     hangs up before it answers
    short                  200, and fewer bytes than it promised        garbage   no HTTP
    long                   200, and bytes without end                   flaky     200 and 500 by turns

The first word counts; `410 /a` is for the path /a only, and 200 for all others.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).parents[3]

_lock = threading.Lock()
_turns = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: Path

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = {
            "path": self.path,
            "at": time.time(),
            "headers": dict(self.headers.items()),
            "body": body.decode(),
        }
        told, *path = (self.folder / "behaviour").read_text().split()
        behaviour = told if not path or path[0] == self.path else "200"
        with _lock, (self.folder / "messages").open("a") as log:
            log.write(json.dumps(said) + "\n")
        with contextlib.suppress(OSError):
            self.answer(behaviour)

    def answer(self, behaviour: str) -> None:
        global _turns
        self.close_connection = True
        if behaviour == "flaky":
            with _lock:
                _turns += 1
                behaviour = "200" if _turns % 2 else "500"
        if behaviour == "slow":
            time.sleep(30)
        elif behaviour == "drip":
            for byte in b"HTTP/1.1 200 OK\r\n" + b"x" * 60:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(1)
        elif behaviour == "early":
            self.connection.close()
        elif behaviour == "garbage":
            self.wfile.write(b"\x16\x03\x01 hello\r\n\r\n")
        elif behaviour == "long":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while True:
                self.wfile.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
        elif behaviour == "short":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nno more than this")
        else:
            self.send_response(int(behaviour))
            if behaviour.startswith("3"):
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *_said: Any) -> None:
        """Nothing on the screen."""


class Receiver:
    """The process, from outside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.says("200")

    def start(self) -> None:
        port = self.folder / "port"
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(self.folder)],
            cwd=BASE_DIR,
            env=dict(os.environ),
        )
        until = time.monotonic() + 60
        while not (port.exists() and port.read_text() and self.listens(int(port.read_text()))):
            assert time.monotonic() < until, "the receiver does not start"
            time.sleep(0.02)
        self.port = int(port.read_text())

    @staticmethod
    def listens(port: int) -> bool:
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", port)) == 0

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def says(self, behaviour: str) -> None:
        """How it answers from now on."""
        fresh = self.folder / "behaviour.new"
        fresh.write_text(behaviour)
        fresh.rename(self.folder / "behaviour")

    def url(self, path: str = "/hook", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What it got, the first the oldest."""
        log = self.folder / "messages"
        text = log.read_text() if log.exists() else ""
        return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(one["body"]) for one in self.messages]

    def forget(self) -> None:
        (self.folder / "messages").unlink(missing_ok=True)


def main(folder: str) -> None:
    Handler.folder = Path(folder)
    wanted = Handler.folder / "port"
    port = int(wanted.read_text()) if wanted.exists() else 0  # started again, where it was
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    wanted.write_text(str(server.server_address[1]))
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
