"""The words that screens, letters and help must use, and those they must not."""

import re
from typing import NamedTuple


class Term(NamedTuple):
    """An English word of the sources, what it is called in each language, and what it must never be called.

    `word` is looked for in the source of a string, `said` in its translation, as regular expressions without regard to
    case. Where the source uses the word in another sense, `unless` matches the source.
    """

    word: str
    nl: str
    fr: str
    de: str
    unless: str = ""


# docs/words.md, as a table that fails.
TERMS: tuple[Term, ...] = (
    Term("insured persons?", "verzekerde", "assuré|personne assurée", r"versicherte|\bihr|\bsie\b|\bihm"),
    Term("advisory doctors?", "adviserend arts", "médecins?-conseil", "vertrauens(arzt|ärzt)"),
    Term(
        "medical team",
        "multidisciplinair team",
        "équipe multidisciplinaire",
        "multidisziplinären? team|multidisziplinäres team",
    ),
    Term(
        "occupational physician",
        "preventieadviseur-arbeidsarts",
        "conseiller en prévention-médecin du travail",
        "gefahrenverhütungsberaters?-arbeitsarzt",
    ),
    Term(
        "return-to-work coordinator",
        "terug-naar-werkcoördinator",
        "coordinateur retour au travail",
        "rückkehr-zur-arbeit-koordinator",
    ),
    Term(
        "regional services?",
        "regionale (arbeidsbemiddelings)?dienst",
        "services? régiona",
        "regionale[nrs]? (dienst|arbeitsvermittlungsdienst)",
    ),
    Term("incapacit(y|ies) for work", "arbeidsongeschikt", "incapacité", "arbeitsunfähig"),
    Term("invalidity", "invaliditeit", "invalidité", "invalidität"),
    Term(
        "return-to-work traject",
        "terug-naar-werktraject",
        "trajet retour au travail",
        "rückkehr-zur-arbeit-trajekt",
    ),
    Term(
        "return-to-work dossier",
        "terug-naar-werkdossier",
        "dossier retour au travail",
        "rückkehr-zur-arbeit-akte",
    ),
    Term(
        "reintegration trajects?",
        "re-integratietraject",
        "trajets? de réintégration",
        "wiedereingliederungstrajekt",
    ),
    Term(
        "reintegration plans?", "re-integratieplan", "plans? de réintégration", "wiedereingliederungspl[aä]n"
    ),
    Term(
        "engagement declarations?",
        "engagementsverklaring",
        "déclarations? d'engagement",
        "engagementerklärung",
    ),
    Term(
        "questionnaires?",
        "vragenlijst",
        "questionnaire",
        "fragebogen|fragebögen",
        unless="^(It|They|Needed|Answer)",
    ),
    Term("remaining capacities", "restcapaciteiten", "capacités restantes", "verbleibenden? fähigkeiten"),
    Term(
        "referrals?",
        "doorverwijz|doorverwe[zs]en|door te verwijzen",
        "renv(oi|oy)",
        "verwe[iy]s|verwies",
    ),
    Term("follow-up interview", "opvolggesprek", "entretien de suivi", "folgegespräch"),
    Term(
        "presumptions? of incapacity",
        "vermoedens? van arbeidsongeschiktheid",
        "présomptions? d'incapacité",
        "vermutung(en)? der arbeitsunfähigkeit",
    ),
    Term("adapted work", "aangepaste? werk", "travail adapté|reprise autorisée", "angepasste[nr]? arbeit"),
    Term("deputies", "vervang", "remplaç", "vertret"),
    Term("team lead", "teamverantwoordelijke", "responsable d'équipe", "teamleiter"),
    Term("worklist", "werklijst", "liste de travail|liste", "arbeitsliste"),
    Term(
        "registered letters?",
        "aangetekende? (brief|zending)|aangetekende brieven",
        "lettres? recommandée|recommandé",
        "einschreiben|das schreiben",
    ),
)

# What no string may say, and what it has to say instead. Words of ordinary language that only look like one of them
# are let through by the pattern itself.
FORBIDDEN: dict[str, dict[str, str]] = {
    "nl": {
        r"\b(patiënt|cliënt|klant|aangeslotene)": "verzekerde",
        r"\bherintegratie|\breïntegratie": "re-integratie",
        r"\bwerkonbekwa|\bwerkongeschikt": "arbeidsongeschikt",
        r"\bdeadline|\bvervaldatum|\bvervaldag": "uiterste datum",
        r"\badviserend(e)? geneesheer|\badviserende arts": "adviserend arts",
        r"\bmedisch team|\bmedische ploeg": "multidisciplinair team",
        r"\barbeidsgeneesheer|\bbedrijfsarts": "preventieadviseur-arbeidsarts",
        r"\bziekenkas|\bziekteverzekeraar": "ziekenfonds",
        r"\bondernemingsnr|\brijksregisternr": "het woord voluit",
        r"\bopslaan\b|\bsla op\b": "bewaren",
        r"\b(je|jij|jou|jouw|jullie)\b": "u, uw",
        r"\bgoedkeuring van de adviserend": "toelating",
        r"\bneen\b": "nee",
        r"\btoegestaan": "toegelaten",
    },
    "fr": {
        r"\bpatiente?s?\b|\bclient(e|s|es)?\b": "assuré",
        r"[a-zé]\((e|es|ne|ère|ve|trice|euse|s)\)": "une phrase sans parenthèses: l'assuré, la personne assurée",
        r"\bmutuelles?\b": "mutualité",
        r"retour à l'emploi|remise au travail": "Retour au travail",
        r"\bdeadline|\bdate butoir|\bdate limite d'action": "échéance",
        r"\bmédecin[ -]conseiller|\bmédecin contrôleur": "médecin-conseil",
        r"\béquipe médicale": "équipe multidisciplinaire",
        r"(?<!prévention-)\bmédecin du travail": "conseiller en prévention-médecin du travail",
        r"\bcourriels?\b|\bmails?\b(?<!e-mail)(?<!e-mails)": "e-mail",
        r"\bsceau": "cachet",
        r"\bcaduque": "sans objet",
        r"\bquick scan": "questionnaire",
        r"\b(tu|toi|ton|tes)\b": "vous, votre",
        r"’": "' (une seule apostrophe)",
    },
    "de": {
        r"\bpatient|\bkunde|\bklient": "versicherte Person",
        r"\bdossiers?\b": "Akte",
        r"\bvertrauensärztlicher dienst|\bamtsarzt|\bgutachter": "Vertrauensarzt",
        r"medizinische[sn]? team": "multidisziplinäres Team",
        r"\barbeitsmediziner|\bbetriebsarzt": "Gefahrenverhütungsberater-Arbeitsarzt",
        r"\bgenehmigung (des vertrauensarztes|für angepasste)": "Erlaubnis",
        r"\büberweis": "Verweisung",
        r"\beintragung": "Einschreibung",
        r"\bgestattet": "erlaubt",
        r"\bmedizinische[nrs]? untersuchung": "ärztliche Untersuchung",
        r"\banmeldeformular": "Einschreibungsformular",
        r"\bteamleitung": "Teamleiter",
        r"\bdeadline": "Frist",
        r"\bwiedereingliederungsverfahren": "Wiedereingliederungstrajekt",
        r"rückkehr an den arbeitsplatz": "Rückkehr zur Arbeit",
        r"\b(du|dein|deine)\b": "Sie, Ihr",
    },
}


# An application that uses the API is a client, in every language.
API_CLIENT = re.compile(r"\bclients?\b", re.IGNORECASE)


def wrong_words(language: str, text: str, source: str = "") -> list[str]:
    """What this text says that it must not, one sentence each."""
    if API_CLIENT.search(source):
        text = API_CLIENT.sub("", text)
    return [
        f"says {found.group()!r} for {instead}"
        for pattern, instead in FORBIDDEN[language].items()
        if (found := re.search(pattern, text, re.IGNORECASE))
    ]


def missing_words(language: str, source: str, text: str) -> list[str]:
    """Terms that the English source names and the translation calls something else."""
    return [
        f"{term.word!r} without {getattr(term, language)!r}"
        for term in TERMS
        if re.search(rf"\b{term.word}\b", source, re.IGNORECASE)
        and not (term.unless and re.search(term.unless, source))
        and not re.search(getattr(term, language), text, re.IGNORECASE)
    ]
