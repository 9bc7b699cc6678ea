"""A feed of any size: invented people, five deadlines each."""

import random
from datetime import date, timedelta
from pathlib import Path

from dossiers.feed.recognitions import COLUMNS

TODAY = date(2026, 11, 20)
LIVE_FROM = date(2026, 10, 20)
# Some 550 starts a day make a million: so many questionnaires are to be sent on a day.
DAYS = 550
FIRST_START = TODAY - timedelta(days=DAYS - 1)
NAMES = (
    "Goossens",
    "Peeters",
    "Lambert",
    "Janssens",
    "Dubois",
    "Étienne",
    "Vermeulen",
    "François",
    "Maes",
    "Leroy",
)
REGIMES = ("employee", "employee", "unemployed", "self_employed")
SYLLABLES = ("ba", "den", "kor", "lin", "mos", "ver", "tho", "rel", "sant", "wij")


def ssin(number: int) -> str:
    """The number-th SSIN: every day of birth from 1980 on has 900 of them; right check digits, nobody's."""
    born = date(1980, 1, 1) + timedelta(days=number // 900)
    digits = f"{born:%y%m%d}{number % 900 + 1:03}"
    return f"{digits}{97 - int(('2' if born.year >= 2000 else '') + digits) % 97:02}"


def last_name(number: int) -> str:
    """As varied as names are: some thousand of them, unevenly spread."""
    return NAMES[number % 10] + "".join(SYLLABLES[number // 10**k % 10] for k in range(1, 4))


def write(path: Path, size: int, fund: str, pad: int = 0, start: date | None = None) -> Path:
    """A file of `size` lines, each with `pad` blanks more than it needs; the same for the same size.

    All begin on `start` where that is given, and follow the rules of employees.
    """
    chance = random.Random(size)
    with path.open("w", encoding="utf-8") as file:
        file.write(";".join(COLUMNS) + "\n")
        for number in range(size):
            begins = FIRST_START + timedelta(days=chance.randrange(DAYS))
            values = {
                "reference": f"{fund}-{number:07}",
                "version": 1,
                "fund": fund,
                "ssin": ssin(number),
                "last_name": last_name(chance.randrange(10_000)),
                "first_name": chance.choice(("An", "Tom", "Inès", "Luc", "Zoé", "Piet")),
                "birth_date": "",
                "language": chance.choice(("nl", "nl", "fr", "de")),
                "street": f"Kerkstraat {number % 300}" + " " * pad,
                "postal_code": chance.choice(("1000", "2000", "4000", "6000", "9000")),
                "city": "Stad",
                "email": f"p{number}@example.org",
                "phone": "",
                "regime": "employee" if start else chance.choice(REGIMES),
                "cause": chance.choice(("illness", "illness", "private_accident")),
                "statutory_civil_servant": "false",
                "employer_number": "",
                "employment_contract": "false",
                "start": start or begins,
                "end": "",
                "end_reason": "",
                "invalidity_from": "",
                "replaced_ssin": "",
            }
            file.write(";".join(str(values[name]) for name in COLUMNS) + "\n")
    return path
