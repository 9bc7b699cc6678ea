#!/usr/bin/env python
"""Django's command line for TNW."""

import os
import signal
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tnw.settings")
    # A bare SIGTERM would skip the exit handlers that let go of the embedded servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read along has seen enough, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


if __name__ == "__main__":
    main()
