"""A real process on the test database: `python -m tests.beat.process DATABASE manage.py-command …`, or `celery …`.

TNW_TEST_BROKER names a broker of the test's own, TNW_TEST_MAIL a folder for the mails, TNW_TEST_CHUNK how many dossiers
a sweep takes at a time.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django

from tnw import settings


def start(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
    """Start such a process on the database of this test run."""
    from django.db import connection

    return subprocess.Popen(
        [sys.executable, "-m", __name__, connection.settings_dict["NAME"], *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
        cwd=settings.BASE_DIR,
    )


def done(process: "subprocess.Popen[str]") -> str:
    """What it printed, once it has ended well."""
    printed, _none = process.communicate(timeout=300)
    assert process.returncode == 0, printed
    return printed


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """The same, ended with the block."""
    process = start(*arguments, **environment)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def main(database: str, *arguments: str) -> None:
    for alias in settings.DATABASES.values():
        alias["NAME"] = database
    if broker := os.environ.get("TNW_TEST_BROKER"):
        settings.CELERY_BROKER_URL = broker
    if mail := os.environ.get("TNW_TEST_MAIL"):
        settings.EMAIL_FILE_PATH = mail  # type: ignore[assignment]  # a folder either way
    os.environ["DJANGO_SETTINGS_MODULE"] = "tnw.settings"
    if arguments[0] == "celery":
        from tnw.celery import app

        app.start(list(arguments[1:]))
    else:
        if chunk := os.environ.get("TNW_TEST_CHUNK"):
            django.setup()
            from dossiers.reminders import sweeping

            sweeping.CHUNK = int(chunk)
        sys.argv = ["manage.py", *arguments]
        from manage import main as manage

        manage()


if __name__ == "__main__":
    main(*sys.argv[1:])
