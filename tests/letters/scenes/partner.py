"""The registration form for a regional service, with the consent for it."""

from datetime import date

from dossiers import career
from dossiers.career import Details
from tests.letters.stage import Play, Scene, Stage
from tests.route_a.stage import COORDINATOR
from trajects.services import partner

ADDRESS = {
    "vdab": "VDAB\nKeizerslaan 11\n1000 Brussel",
    "forem": "Le Forem\nBoulevard Tirou 104\n6000 Charleroi",
    "actiris": "Actiris\nAvenue de l’Astronomie 14\n1210 Bruxelles",
    "adg": "ADG\nVennbahnstraße 4/2\n4780 Sankt Vith",
}
CAREER = (
    ("job", Details(title="Magazijnier", organization="Logistiek De Kaai", first_day=date(2015, 9, 1))),
    (
        "job",
        Details(
            title="Winkelbediende",
            organization="Kruidenier Maes",
            first_day=date(2009, 7, 1),
            last_day=date(2015, 8, 31),
        ),
    ),
    ("training", Details(title="Heftruckbestuurder", organization="VDAB", last_day=date(2016, 2, 26))),
    ("language", Details(title="Frans", level="B1")),
    ("aim", Details(title="Administratief werk, halftijds")),
)


def drawn_up(stage: Stage, service: str = "vdab") -> Scene:
    stage.running(date(2026, 3, 2), "regional_service")
    for kind, details in CAREER:
        stage.act(career.add, COORDINATOR, kind=kind, details=details)
    stage.on(date(2026, 3, 9)).record("consent_given", purpose="consultation", party="regional_service")
    form = "Zoekt administratief werk, halftijds, in de buurt van Gent. Een oriëntatie is gewenst."
    subject = stage.act(partner.draw_up, COORDINATOR, service=service, form=form)
    return Scene(str(subject), {"address": ADDRESS[service]})


SCENES: dict[str, Play] = {"partner_form": drawn_up}
