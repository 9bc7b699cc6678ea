"""A training: advised and applied for, approved, refused."""

from tests.letters.stage import Play, Scene, Stage
from tests.training.stage import Training

SAID = {
    "address": "RIZIV\nDienst voor uitkeringen\nGalileelaan 5/01\n1210 Brussel",
    "provider": "VDAB, Gent",
    "period": "7 april tot 30 september 2026, 30 uur per week",
    "goal": "Lasser bij een constructiebedrijf in de streek",
    "costs": "€ 1.250, door niemand gedragen",
}


def advised(stage: Stage) -> Training:
    one = Training(stage)
    one.on("2026-03-02").propose("Lasser, in Gent", proposed_by="regional_service")
    one.on("2026-03-05").advise(favorable=True)
    return one


def decided(stage: Stage, *days: str) -> Training:
    one = advised(stage)
    one.submit()
    one.on("2026-03-20").review()
    one.on("2026-03-31").decide(*days)
    return one


def application(stage: Stage) -> Scene:
    return Scene(advised(stage).subject, SAID)


def approved(stage: Stage) -> Scene:
    return Scene(decided(stage, "2026-04-07", "2026-09-30").subject)


def refused(stage: Stage) -> Scene:
    why = "De opleiding leidt niet naar werk waarvoor in de streek vraag is."
    return Scene(decided(stage).subject, {"why": why})


SCENES: dict[str, Play] = {
    "training_application": application,
    "training_approved": approved,
    "training_refused": refused,
}
