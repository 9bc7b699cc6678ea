"""`python -m tnw.core.embedded stop|urls|remove`: end the servers, print where they are, remove their data."""

import sys
from pathlib import Path

from tnw.core import embedded
from tnw.core.embedded.folder import Folder


def main(arguments: list[str]) -> int:
    """The exit code; `watch` is the watcher's own."""
    try:
        return _run(arguments)
    except embedded.EmbeddedError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command's answer
        return 1


def _run(arguments: list[str]) -> int:
    match arguments:
        case ["stop"]:
            embedded.stop()
        case ["remove"]:
            embedded.remove()
        case ["urls"]:
            for name, url in embedded.urls()._asdict().items():
                print(f"{name:<8}{url}")  # noqa: T201 - the command's answer
        case ["watch", folder, lock]:
            embedded.watch(Folder(Path(folder)), int(lock))
        case _:
            print(__doc__, file=sys.stderr)  # noqa: T201 - the command's answer
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
