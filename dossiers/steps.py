"""What can be done next in a dossier: each app tells its own steps, the page composes *what now* of them."""

from typing import NamedTuple

from tnw.core.policies import Verdict


class Step(NamedTuple):
    """An act that lies ahead: whether this person may do it now and if not why not, whose it is, and what it serves.

    `act` is its code, `subject` the appointment or the like that it is about, `rules` the deadlines that wait for it.
    `main` steps carry the dossier on; the others are there when they are needed. `of` is the machine (`Machine.NAME`)
    on whose card of the traject tab the step stands, beside what it is about.
    """

    act: str
    verdict: Verdict
    whose: str
    rules: tuple[str, ...] = ()
    subject: str = ""
    main: bool = True
    of: str = ""
