"""What invented people are made of: first names, family names, streets and places. Nobody in particular."""

from typing import NamedTuple

WOMEN = {
    "nl": ["An", "Zoë", "Griet", "Lies", "Hilde", "Noor", "Fatma", "Ingrid", "Karlijn", "Mieke", "Tine", "Yasmina"],
    "fr": ["Anaïs", "Chloé", "Élodie", "Inès", "Maëlle", "Nadia", "Odile", "Sabine", "Solène", "Véronique", "Leïla"],
    "de": ["Anke", "Bärbel", "Greta", "Heike", "Jutta", "Käthe", "Lena", "Renate", "Silke", "Ulrike"],
}  # fmt: skip
MEN = {
    "nl": ["Bram", "Dirk", "Joris", "Koen", "Lowie", "Mehmet", "Nico", "Pieter", "Rik", "Stijn", "Wout", "Youssef"],
    "fr": ["Aurélien", "Benoît", "Cédric", "Didier", "François", "Hakim", "Jérôme", "Loïc", "Mathieu", "Rémi"],
    "de": ["Bernd", "Detlef", "Günther", "Heinz", "Jörg", "Jürgen", "Kurt", "Matthias", "Rüdiger", "Wolfgang"],
}  # fmt: skip
# A family name is a beginning and an end.
BEGINNINGS = {
    "nl": [
        "Van den",
        "Ver",
        "Van der",
        "Claes",
        "Hoog",
        "Kolen",
        "Linde",
        "Mole",
        "Ooster",
        "Wester",
        "Zand",
    ],
    "fr": ["Beau", "Clair", "Delà", "Fonte", "Grand", "Haute", "Mont", "Noire", "Rosé", "Saint", "Vieux"],
    "de": ["Alten", "Birken", "Eichen", "Grün", "Hohen", "König", "Lich", "Mühl", "Röder", "Stein", "Wald"],
}
ENDS = {
    "nl": [
        "beke",
        "bosch",
        "daele",
        "gracht",
        "haeghe",
        "kerke",
        "laere",
        "meersch",
        "poorte",
        "straete",
        "veken",
    ],
    "fr": ["bois", "champ", "court", "fort", "lieu", "mare", "mont", "pré", "rive", "val", "ville"],
    "de": ["bach", "berg", "feld", "gärtner", "hauser", "hof", "mann", "meier", "reuter", "thal", "weiler"],
}
STREETS = {
    "nl": ["Beukenlaan", "Kapelstraat", "Molenweg", "Nieuwstraat", "Schoolstraat", "Vaartkaai"],
    "fr": ["Avenue des Tilleuls", "Chemin du Moulin", "Place du Marché", "Rue de l'École", "Rue Neuve"],
    "de": ["Am Bach", "Gartenweg", "Hauptstraße", "Kirchgasse", "Mühlenweg"],
}


class Place(NamedTuple):
    """A town, how many of the insured live there, and which languages they speak, each by weight."""

    postal_code: str
    city: str
    weight: int
    languages: dict[str, int]


_DUTCH, _FRENCH, _GERMAN = {"nl": 95, "fr": 5}, {"fr": 96, "nl": 3, "de": 1}, {"de": 85, "fr": 15}
_BOTH = {"fr": 62, "nl": 38}
PLACES = (
    Place("1000", "Brussel", 6, _BOTH),
    Place("1030", "Schaarbeek", 4, _BOTH),
    Place("1070", "Anderlecht", 4, _BOTH),
    Place("1500", "Halle", 2, _DUTCH),
    Place("2000", "Antwerpen", 9, _DUTCH),
    Place("2300", "Turnhout", 4, _DUTCH),
    Place("2800", "Mechelen", 5, _DUTCH),
    Place("3000", "Leuven", 5, _DUTCH),
    Place("3500", "Hasselt", 5, _DUTCH),
    Place("3600", "Genk", 4, _DUTCH),
    Place("4000", "Liège", 6, _FRENCH),
    Place("4700", "Eupen", 4, _GERMAN),
    Place("4780", "Sankt Vith", 2, _GERMAN),
    Place("4800", "Verviers", 3, _FRENCH),
    Place("5000", "Namur", 4, _FRENCH),
    Place("6000", "Charleroi", 5, _FRENCH),
    Place("7000", "Mons", 4, _FRENCH),
    Place("7500", "Tournai", 2, _FRENCH),
    Place("8000", "Brugge", 5, _DUTCH),
    Place("8500", "Kortrijk", 5, _DUTCH),
    Place("9000", "Gent", 8, _DUTCH),
    Place("9300", "Aalst", 4, _DUTCH),
    # No team of fund 311 serves these.
    Place("1300", "Wavre", 2, _FRENCH),
    Place("1400", "Nivelles", 1, _FRENCH),
    Place("59100", "Roubaix", 1, {"fr": 100}),
)
