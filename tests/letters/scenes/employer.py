"""The referral to the occupational physician, with the consent for it."""

from datetime import date

from dossiers import career
from dossiers.career import Details
from routing.services import employer as referrals
from tests.letters.stage import Play, Scene, Stage
from tests.route_a.stage import COORDINATOR
from tnw.web.demo.people import enterprise_number

PHYSICIAN = "Dr. Ilse Claes\nExterne Dienst Welzijn\nStationsplein 4\n9000 Gent"


def with_employer(stage: Stage) -> Stage:
    """Somebody with a job, whose traject runs."""
    stage.fed(date(2026, 1, 12), employment_contract="true", employer_number=enterprise_number(12_345))
    stage.running(date(2026, 3, 2))
    job = Details(title="Magazijnier", organization="Logistiek De Kaai", first_day=date(2015, 9, 1))
    stage.act(career.add, COORDINATOR, kind="job", details=job)
    return stage


def referred(stage: Stage, asks_for: str = "visit") -> Scene:
    with_employer(stage).on(date(2026, 3, 16))
    stage.act(referrals.refer, COORDINATOR, asks_for=asks_for, agreed=True)
    return Scene("1", {"address": PHYSICIAN, "text": "Twee dagen per week lijken een goed begin."})


SCENES: dict[str, Play] = {"occupational_referral": referred}
