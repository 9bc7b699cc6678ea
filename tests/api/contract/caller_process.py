"""A process of its own that calls the API on the test database, when it is told to: one line in, one line out."""

import json
import os
import subprocess
import sys
from typing import Any, Self

from django.conf import settings
from django.db import connection

SCRIPT = """
import json, sys, django
django.setup()
from datetime import date
from django.db import connection
from django.test import Client
from tnw.core import clock
connection.settings_dict["NAME"] = sys.argv[1]
connection.ensure_connection()
browser = Client(raise_request_exception=False, SERVER_NAME="localhost")
print("ready", flush=True)
for line in sys.stdin:
    told = json.loads(line)
    with clock.at(date(2026, 11, 20)):
        answer = browser.generic(
            told["method"], told["path"], told["body"].encode(), content_type=told["media"], headers=told["headers"]
        )
    body, headers = answer.content.decode(), dict(answer.headers)
    print(json.dumps({"status": answer.status_code, "body": body, "headers": headers}), flush=True)
"""


class CallerProcess:
    """`send` a call, do something else, then `answer`."""

    def __enter__(self) -> Self:
        database = str(connection.settings_dict["NAME"])
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, database],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tnw.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line() == "ready"
        return self

    def __exit__(self, *raised: object) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=20)

    def send(
        self, method: str, path: str, body: Any, headers: dict[str, str], media: str = "application/json"
    ) -> None:
        told = {"method": method, "path": path, "body": json.dumps(body), "headers": headers, "media": media}
        assert self.process.stdin
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._line())
        return told

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()
