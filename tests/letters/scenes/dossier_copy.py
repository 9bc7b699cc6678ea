"""A dossier in which much has happened, some of it taken back, and at which several people looked."""

from datetime import date

from dossiers import acts, career
from dossiers.documents import dispatching, making
from dossiers.models import Channel
from tests.letters.scenes.partner import CAREER
from tests.letters.scenes.plan import agreed
from tests.letters.stage import Play, Scene, Stage
from tests.route_a.stage import COORDINATOR, DOCTOR
from tnw.accounts import access, audit
from tnw.core import clock
from trajects.services import contacts

REPORT = "Gesproken over de cursus, die goed verloopt."


def whole(stage: Stage) -> Scene:
    plan = agreed(stage)
    stage.on(date(2026, 4, 9))
    for kind, details in CAREER:
        stage.act(career.add, COORDINATOR, kind=kind, details=details)
    stage.record("consent_given", purpose="consultation", party="employer")
    twice = stage.record("contact_held", form="phone")
    stage.on(date(2026, 4, 10)).record("consent_withdrawn", purpose="consultation", party="employer")
    stage.act(acts.void, COORDINATOR, fact_id=twice, reason="duplicate")
    stage.act(contacts.hold_contact, COORDINATOR, form="phone", report=REPORT)
    posted(stage, plan)
    for role, through, times in (
        (COORDINATOR, "page", 3),
        (DOCTOR, "assessment", 1),
        (COORDINATOR, "scan", 1),
    ):
        for _ in range(times):
            looked(stage, role, through)
    stage.on(date(2026, 4, 14))
    return Scene()


def posted(stage: Stage, plan: str) -> None:
    """The plan went by post, and came back."""
    actor, on = stage.people[COORDINATOR], stage.day
    with audit.acting_as(actor, stage.fund), clock.at(on):
        letter = making.write(
            dossier_id=stage.dossier.public_id, actor=actor, on=on, kind="reintegration_plan", subject=plan
        )
        way = dispatching.prepare(document_id=letter.public_id, actor=actor, on=on, channel=Channel.POST)
        dispatching.confirm(dispatch_id=way.public_id, actor=actor, on=on)
        dispatching.returned(dispatch_id=way.public_id, actor=actor, on=on, why="Onbekend")


def looked(stage: Stage, role: str, through: str) -> None:
    """Somebody opened the dossier."""
    with clock.at(stage.day):
        dossier = stage.dossier
        access.log(actor=stage.people[role], fund_id=stage.fund.pk, dossier_id=dossier.pk, through=through)


SCENES: dict[str, Play] = {"dossier_copy": whole}
