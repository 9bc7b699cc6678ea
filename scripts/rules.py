"""`make rules`: which tests prove each rule of docs/domain.md; exit code 1 where a rule has none.

A test names its rules in its name (`test_z4_…`, `test_h1_to_h3_…`), in the id of a case (`[T11-late]`), or in its
docstring (`(Z4, Z6)`).
"""

import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# A row of a table, or a point of a list; S0 to S4 are the sources.
DEFINED = re.compile(r"^(?:\| |- )(?:\*\*)?([A-RT-Z]\d+)(?:\*\*)?(?= )", re.MULTILINE)
NAMED = re.compile(r"(?<![A-Za-z0-9])([A-Z]\d{1,2})(?:(?:–|-| to )([A-Z]\d{1,2}))?(?![A-Za-z0-9])")


class Collected:
    """What pytest finds, without running it."""

    def __init__(self) -> None:
        self.items: list[pytest.Item] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.items = list(items)


def defined(text: str) -> list[str]:
    """The ids of all rules, in the order of the page."""
    return list(dict.fromkeys(DEFINED.findall(text)))


def named(item: pytest.Item) -> Iterator[str]:
    """The ids that a test names, a range unrolled."""
    name, _, case = item.name.partition("[")
    function = getattr(item, "function", None)
    words = name.upper().replace("_TO_", " to ").replace("_", " ")
    for text in (words, case.replace("_", " "), getattr(function, "__doc__", None) or ""):
        for first, last in NAMED.findall(text):
            yield first
            if last and last[0] == first[0]:
                yield from (f"{first[0]}{number}" for number in range(int(first[1:]) + 1, int(last[1:]) + 1))


def main() -> int:
    rules = defined((ROOT / "docs" / "domain.md").read_text(encoding="utf-8"))
    collected = Collected()
    with redirect_stdout(io.StringIO()) as told:
        code = pytest.main(["--collect-only", "-qq", str(ROOT / "tests")], [collected])
    if code:
        print(told.getvalue(), file=sys.stderr)
        return 2
    tests: dict[str, dict[str, int]] = {rule: defaultdict(int) for rule in rules}
    for item in collected.items:
        for rule in set(named(item)) & tests.keys():
            tests[rule][item.nodeid.partition("[")[0]] += 1
    for rule, names in tests.items():
        print(f"{rule}: {sum(names.values()) or 'NONE'}")
        for name, cases in sorted(names.items()):
            print(f"    {name}" + (f" ({cases} cases)" if cases > 1 else ""))
    if missing := [rule for rule, names in tests.items() if not names]:
        print(f"Without a test: {', '.join(missing)}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
