"""The two funds of the demo on their first day: names, teams with their postal codes, and everybody who works there."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction

from dossiers.funds import open_fund
from routing.windows import open_invented
from tnw.accounts import actors, audit
from tnw.accounts.models import Fund, Role, Team, TeamArea, User
from tnw.accounts.services import create_user

PASSWORD = "stap-voor-stap-vooruit"  # noqa: S105 - invented, printed at every start, of a demo only


class Crew(NamedTuple):
    """A team: the postal codes it serves, the languages it works in, and where it receives people."""

    name: str
    areas: tuple[tuple[str, str], ...]
    languages: tuple[str, ...]
    place: str


class Worker(NamedTuple):
    """Somebody who signs in; `languages` are those of the work, `language` that of the screens."""

    login: str
    name: str
    role: str
    team: str = ""
    languages: tuple[str, ...] = ()
    language: str = "nl"


class Letterhead(NamedTuple):
    """Where a fund is found and reached, as its letters say."""

    street: str
    postal_code: str
    city: str
    phone: str
    website: str
    # Street and city in French and in German.
    french: tuple[str, str]
    german: tuple[str, str]


class House(NamedTuple):
    """A fund as it is opened. `names` are its Dutch, French and German name; `shown` the logins to be printed."""

    number: str
    institution: str
    names: tuple[str, str, str]
    letterhead: Letterhead
    crews: tuple[Crew, ...]
    workers: tuple[Worker, ...]
    shown: tuple[str, ...]

    def email(self, login: str) -> str:
        return f"{login}@fund{self.number}.example"

    def sign_ins(self) -> Iterable[tuple[str, Worker]]:
        """Address and worker, one for every role and language to be shown."""
        return [(self.email(one.login), one) for one in self.workers if one.login in self.shown]


# A leaf of each house's tree, drawn for its letterhead.
_LEAF = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'
    '<path d="{leaf}" fill="{fill}"/><path d="{veins}" fill="none" stroke="#fff" stroke-width="1.6" stroke-linecap="round"/>'
    "</svg>"
)
_LOGOS = {
    "311": _LEAF.format(
        leaf="M24 46C22 40 4 36 4 20C4 8 16 5 24 12C32 5 44 8 44 20C44 36 26 40 24 46Z",
        fill="#2f7d4f",
        veins="M24 40V17M24 34L13 25M24 34L35 25M24 26L16 18M24 26L32 18",
    ),
    "509": _LEAF.format(
        leaf="M24 2L28 11L35 8L34 17L45 19L38 25L41 33L30 32L26 38L24 47L22 38L18 32L7 33L10 25L3 19L14 17L13 8L20 11Z",
        fill="#b5482a",
        veins="M24 38V12M24 31L13 21M24 31L35 21",
    ),
}
_LINDE = Letterhead(
    "Lindelaan 3",
    "1000",
    "Brussel",
    "02 000 31 10",
    "www.fund311.example",
    ("Avenue du Tilleul 3", "Bruxelles"),
    ("Lindenallee 3", "Brüssel"),
)
_ESDOORN = Letterhead(
    "Esdoornplein 1",
    "1000",
    "Brussel",
    "02 000 50 90",
    "www.fund509.example",
    ("Place de l'Érable 1", "Bruxelles"),
    ("Ahornplatz 1", "Brüssel"),
)
_C, _D, _M, _L = Role.COORDINATOR, Role.ADVISORY_DOCTOR, Role.MEDICAL_TEAM, Role.TEAM_LEAD
_P, _A = Role.PRIVACY_OFFICER, Role.ADMINISTRATOR
_NL, _FR, _DE, _BOTH = ("nl",), ("fr",), ("de", "fr"), ("nl", "fr")

LINDE = House(
    "311",
    "300",
    ("Ziekenfonds De Linde", "Mutualité Le Tilleul", "Krankenkasse Die Linde"),
    _LINDE,
    (
        Crew("Brussel – Bruxelles", (("1000", "1299"), ("1500", "1999")), _BOTH, "Lindelaan 3, 1000 Brussel – Bruxelles"),
        Crew("Oost", (("2000", "3999"),), _NL, "Kolenmarkt 12, 2000 Antwerpen"),
        Crew("West", (("8000", "9999"),), _NL, "Lindenstraat 41, 9000 Gent"),
        # Nobody serves 1300 to 1499: those people stand on the list of what fits nowhere.
        Crew("Wallonie", (("4000", "4699"), ("4800", "7999")), _FR, "Rue du Tilleul 8, 5000 Namur"),
        Crew("Ostbelgien", (("4700", "4799"),), _DE, "Lindenweg 5, 4700 Eupen"),
    ),
    (
        Worker("coordinator", "Lieve Zandbeke", _C, "West", _NL),
        Worker("coordinator2", "Tuur Molenpoorte", _C, "West", _NL),
        Worker("coordinator3", "Nele Hooglaere", _C, "Oost", _NL),
        Worker("coordinator4", "Jef Oosterkerke", _C, "Oost", _NL),
        Worker("coordinatrice", "Solange Hautebois", _C, "Wallonie", _FR, "fr"),
        Worker("coordinateur2", "Gaspard Vieuxpré", _C, "Wallonie", _FR, "fr"),
        Worker("coordinateur3", "Maud Clairmont", _C, "Brussel – Bruxelles", _BOTH, "fr"),
        Worker("coordinator5", "Bieke Westerveken", _C, "Brussel – Bruxelles", _BOTH),
        Worker("koordinatorin", "Almut Birkenthal", _C, "Ostbelgien", _DE, "de"),
        Worker("arts", "Wannes Lindegracht", _D, "West"),
        Worker("arts2", "Hannelore Kolenbosch", _D, "Oost"),
        Worker("arts3", "Roos Claesdaele", _D, "Brussel – Bruxelles"),
        Worker("medecin", "Apolline Grandfort", _D, "Wallonie", (), "fr"),
        Worker("arzt", "Ulf Steinreuter", _D, "Ostbelgien", (), "de"),
        Worker("medisch", "Saar Verhaeghe-Moleveken", _M, "West"),
        Worker("medical", "Blaise Noirerive", _M, "Wallonie", (), "fr"),
        Worker("teamlead", "Griet Oosterdaele", _L, "West"),
        Worker("teamlead2", "Floris Zandmeersch", _L, "Oost"),
        Worker("teamlead3", "Yolande Beaulieu", _L, "Brussel – Bruxelles", (), "fr"),
        Worker("responsable", "Thibaut Montcourt", _L, "Wallonie", (), "fr"),
        Worker("teamleiterin", "Gudrun Eichenfeld", _L, "Ostbelgien", (), "de"),
        Worker("privacy", "Karel Hoogstraete", _P),
        Worker("beheer", "Mira Westerlaere", _A),
    ),
    (
        "coordinator", "coordinatrice", "koordinatorin", "arts", "medecin", "medisch", "teamlead", "privacy",
        "beheer",
    ),
)  # fmt: skip
ESDOORN = House(
    "509",
    "500",
    ("Ziekenfonds De Esdoorn", "Mutualité L'Érable", "Krankenkasse Der Ahorn"),
    _ESDOORN,
    (Crew("Alle – Tous", (("1000", "9999"),), ("nl", "fr", "de"), "Esdoornplein 1, 1000 Brussel"),),
    (
        Worker("coordinator", "Pol Claesbosch", _C, "Alle – Tous", _BOTH),
        Worker("koordinator", "Edda Waldmann", _C, "Alle – Tous", _DE, "de"),
        Worker("arts", "Fien Zandgracht", _D, "Alle – Tous"),
        Worker("medisch", "Lou Hautelieu", _M, "Alle – Tous"),
        Worker("teamlead", "Inge Molemeersch", _L, "Alle – Tous"),
        Worker("privacy", "Omer Kolenstraete", _P),
        Worker("beheer", "Siel Oosterpoorte", _A),
    ),
    ("coordinator", "arts", "privacy", "beheer"),
)
HOUSES = (LINDE, ESDOORN)


@transaction.atomic
def open_houses(live_from: date) -> None:
    """Make both funds with their teams and workers, or nothing of it."""
    for house in HOUSES:
        _open(house, live_from)
    # Hashed once: thirty times argon2 would keep the first page waiting.
    User.objects.update(password=make_password(PASSWORD))


def _open(house: House, live_from: date) -> None:
    actor = actors.system(actors.COMMAND)
    fund = open_fund(
        number=house.number,
        institution=house.institution,
        name=house.names[0],
        live_from=live_from,
        actor=actor,
    )
    with audit.acting_as(actor, fund):
        fund.name_nl, fund.name_fr, fund.name_de = house.names
        head = house.letterhead
        fund.street, fund.postal_code, fund.city, fund.phone, fund.website = head[:5]
        (fund.street_fr, fund.city_fr), (fund.street_de, fund.city_de) = head.french, head.german
        fund.email = house.email("info")
        fund.logo = _LOGOS[house.number].encode()
        fund.save()
        open_invented(fund)
        teams = {crew.name: _team(fund, crew) for crew in house.crews}
    for worker in house.workers:
        user = create_user(
            fund=fund,
            email=house.email(worker.login),
            name=worker.name,
            roles=[worker.role],
            password=None,
            actor=actor,
            team=teams.get(worker.team),
            language=worker.language,
            languages=worker.languages,
        )
        if worker.role == Role.TEAM_LEAD:
            teams[worker.team].lead = user
    with audit.acting_as(actor, fund):
        for team in teams.values():
            team.save()


def _team(fund: Fund, crew: Crew) -> Team:
    team = Team.objects.create(fund=fund, name=crew.name, languages=list(crew.languages), place=crew.place)
    for first, last in crew.areas:
        TeamArea.objects.create(team=team, first=first, last=last)
    return team
