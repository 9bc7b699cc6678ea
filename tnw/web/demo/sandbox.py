"""The sandbox of integrators: API clients of the demo, and the fund's people who do their part when they are asked."""

import os
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

from dossiers.documents.printing import picture
from dossiers.models import Dossier
from dossiers.scans import Upload
from routing.services import route_b
from tnw.accounts import actors, audit
from tnw.accounts.models import Actor, Fund, Role
from tnw.core import clock
from tnw.integration import clients
from tnw.integration.access import PARTNER_SCOPES, SCOPES
from tnw.integration.models import Client
from tnw.web.demo import memory
from tnw.web.demo.acts import Staff
from trajects.models import EngagementDeclaration
from trajects.models.reintegration import Condition
from trajects.policies.employer import has_employer
from trajects.services import declaration, reintegration, signing

# The fund in which integrators may do as they like.
FUND = "509"
PORTAL, SERVICE = "Sandbox portal", "Sandbox VDAB"
REPORT = "Sandbox."


def env_file() -> Path:
    """Where address, clients and secrets stand, for a shell to read."""
    return memory.folder() / "sandbox.env"


@transaction.atomic
def open_clients() -> dict[str, str]:
    """The clients of the sandbox with new secrets at every start: nobody can look up the old ones."""
    fund = Fund.objects.get(number=FUND)
    actor = actors.system(actors.COMMAND)
    told: dict[str, str] = {}
    for prefix, name, whose in (
        ("CLIENT", PORTAL, {"fund": fund, "scopes": sorted(SCOPES)}),
        ("PARTNER", SERVICE, {"service": "vdab", "funds": [fund], "scopes": sorted(PARTNER_SCOPES)}),
    ):
        known = Client.objects.filter(name=name).first()
        if known is None:
            known, secret = clients.create(name=name, actor=actor, **whose)
        else:
            known, secret = clients.rotate(client_id=known.client_id, actor=actor)
        told |= {f"{prefix}_ID": known.client_id, f"{prefix}_SECRET": secret}
    return told


def write(told: dict[str, str]) -> Path:
    """Write them down for a shell, for nobody else to read."""
    path = env_file()
    path.touch(mode=0o600)
    os.chmod(path, 0o600)
    path.write_text("".join(f"export {name}='{value}'\n" for name, value in told.items()))
    return path


class Desk(NamedTuple):
    """The coordinator and the doctor of a dossier, today."""

    dossier: Dossier
    coordinator: Actor
    doctor: Actor

    @classmethod
    def of(cls, dossier: Dossier) -> "Desk":
        staff = Staff(dossier.fund)
        return cls(
            dossier, staff.actor(dossier, Role.COORDINATOR), staff.actor(dossier, Role.ADVISORY_DOCTOR)
        )

    def to_signed_declaration(self) -> None:
        """From the request for a contact to the declaration with three signatures. Raises DomainError."""
        today = clock.today()
        coordinator: dict[str, Any] = {
            "dossier_id": self.dossier.public_id,
            "actor": self.coordinator,
            "on": today,
        }
        doctor: dict[str, Any] = {**coordinator, "actor": self.doctor}
        with audit.acting_as(self.coordinator, self.dossier.fund):
            route_b.hold_first_contact(
                **coordinator, form="in_person", report=REPORT, role_explained=True, consent="given"
            )
            route_b.ask_permission(**coordinator, aim="guidance")
        with audit.acting_as(self.doctor, self.dossier.fund):
            route_b.grant(**doctor)
        with audit.acting_as(self.coordinator, self.dossier.fund):
            condition = Condition.NOT_REFERRED if has_employer(self.dossier) else Condition.NO_CONTRACT
            reintegration.start(**coordinator, condition=condition, agreed=True)
            subject = declaration.draw_up(**coordinator, text=declaration.text_for(self.dossier))
            self._sign(subject)
        assert EngagementDeclaration.objects.get(dossier=self.dossier, subject=subject).state == "complete"

    def _sign(self, subject: str) -> None:
        on: dict[str, Any] = {"dossier_id": self.dossier.public_id, "on": clock.today(), "subject": subject}
        document = signing.to_read(actor=self.coordinator, **on)
        read = {**on, "sha256": document.sha256}
        page = Upload("declaration.png", picture(bytes(document.content), 1))
        signing.record_signature(
            actor=self.coordinator, method=signing.PAPER, statement=REPORT, evidence=page, **read
        )
        for role, actor in (("coordinator", self.coordinator), ("advisory_doctor", self.doctor)):
            with audit.acting_as(actor, self.dossier.fund):
                signing.sign(actor=actor, role=role, confirmed_at=clock.now(), second_factor=True, **read)
