"""An example of a questionnaire, for a fund to begin with. No official wording is published: its title says so."""

from typing import Any, NamedTuple

from dossiers.law.rules import LAW_FROM

LANGUAGES = ("nl", "fr", "de")


class Texts(NamedTuple):
    """The same in Dutch, French and German."""

    nl: str
    fr: str
    de: str

    def of(self, name: str) -> dict[str, str]:
        return dict(zip((f"{name}_{language}" for language in LANGUAGES), self, strict=True))


T = Texts
NO_HELP = T("", "", "")
TITLE = T(
    "Voorbeeld van een vragenlijst, geen officiële tekst",
    "Exemple de questionnaire, pas de texte officiel",
    "Beispiel eines Fragebogens, kein amtlicher Wortlaut",
)
NOTE = "An example to begin with. Copy it to a draft, write your own, publish that."


class Option(NamedTuple):
    code: str
    texts: Texts
    weight: int = 0


class Asked(NamedTuple):
    section: str
    code: str
    kind: str
    texts: Texts
    help: Texts = NO_HELP
    weight: int = 0
    required: bool = True
    options: tuple[Option, ...] = ()
    career: str = ""


ZERO_TO_TEN = T(
    "0 is helemaal niet, 10 is helemaal wel.",
    "0 signifie pas du tout, 10 tout à fait.",
    "0 bedeutet gar nicht, 10 voll und ganz.",
)
SEVERAL = T(
    "U mag meer dan één antwoord aankruisen.",
    "Vous pouvez cocher plusieurs réponses.",
    "Sie dürfen mehrere Antworten ankreuzen.",
)
LINES = T(
    "Schrijf elk op een eigen regel.",
    "Écrivez chaque élément sur une ligne.",
    "Schreiben Sie jedes in eine eigene Zeile.",
)

QUESTIONS: tuple[Asked, ...] = (
    Asked(
        "health", "health_now", "scale",
        T("Hoe goed voelt u zich vandaag?", "Comment vous sentez-vous aujourd'hui ?", "Wie gut fühlen Sie sich heute?"),
        T(
            "0 is heel slecht, 10 is heel goed.",
            "0 signifie très mal, 10 très bien.",
            "0 ist sehr schlecht, 10 ist sehr gut.",
        ),
        weight=20,
    ),
    Asked(
        "health", "health_course", "choice",
        T(
            "Hoe ging het de voorbije vier weken met uw gezondheid?",
            "Comment votre santé a-t-elle évolué ces quatre dernières semaines ?",
            "Wie hat sich Ihre Gesundheit in den letzten vier Wochen entwickelt?",
        ),
        options=(
            Option("better", T("beter dan voordien", "mieux qu'avant", "besser als zuvor"), 10),
            Option("same", T("zoals voordien", "comme avant", "wie zuvor"), 5),
            Option("worse", T("slechter dan voordien", "moins bien qu'avant", "schlechter als zuvor")),
        ),
    ),
    Asked(
        "health", "treatment", "yes_no",
        T(
            "Wacht u nog op een onderzoek, een ingreep of een behandeling?",
            "Attendez-vous encore un examen, une intervention ou un traitement ?",
            "Warten Sie noch auf eine Untersuchung, einen Eingriff oder eine Behandlung?",
        ),
        weight=-10,
    ),
    Asked(
        "health", "limits", "multiple",
        T("Wat valt u nu moeilijk?", "Qu'est-ce qui vous est difficile en ce moment ?", "Was fällt Ihnen derzeit schwer?"),
        SEVERAL,
        options=(
            Option("sitting", T("lang zitten", "rester longtemps assis", "langes Sitzen")),
            Option("standing", T("lang staan of stappen", "rester longtemps debout ou marcher", "langes Stehen oder Gehen")),
            Option("lifting", T("tillen of dragen", "soulever ou porter", "Heben oder Tragen")),
            Option("concentrating", T("me concentreren", "me concentrer", "mich konzentrieren")),
            Option("pressure", T("werken onder druk", "travailler sous pression", "Arbeiten unter Druck")),
            Option("travelling", T("me verplaatsen", "me déplacer", "mich fortbewegen")),
            Option("nothing", T("niets hiervan", "rien de tout cela", "nichts davon")),
        ),
    ),
    Asked(
        "work", "has_work", "yes_no",
        T(
            "Hebt u nog een arbeidsovereenkomst, of bent u nog zelfstandige?",
            "Avez-vous encore un contrat de travail, ou êtes-vous encore indépendant ?",
            "Haben Sie noch einen Arbeitsvertrag oder sind Sie noch selbständig?",
        ),
        weight=10,
    ),
    Asked(
        "work", "last_work", "text",
        T(
            "Wat was uw laatste werk? Beschrijf kort wat u deed.",
            "Quel était votre dernier travail ? Décrivez brièvement ce que vous faisiez.",
            "Was war Ihre letzte Arbeit? Beschreiben Sie kurz, was Sie taten.",
        ),
        career="job",
    ),
    Asked(
        "work", "employer_contact", "choice",
        T(
            "Hebt u contact met uw werkgever?",
            "Êtes-vous en contact avec votre employeur ?",
            "Haben Sie Kontakt zu Ihrem Arbeitgeber?",
        ),
        options=(
            Option("regular", T("ja, geregeld", "oui, régulièrement", "ja, regelmäßig"), 10),
            Option("sometimes", T("ja, af en toe", "oui, de temps en temps", "ja, hin und wieder"), 5),
            Option("none", T("nee", "non", "nein")),
            Option("no_employer", T("ik heb geen werkgever", "je n'ai pas d'employeur", "ich habe keinen Arbeitgeber")),
        ),
    ),
    Asked(
        "work", "adaptations", "multiple",
        T(
            "Wat zou u helpen om weer te werken?",
            "Qu'est-ce qui vous aiderait à retravailler ?",
            "Was würde Ihnen helfen, wieder zu arbeiten?",
        ),
        SEVERAL,
        required=False,
        options=(
            Option("hours", T("minder of andere uren", "moins d'heures ou d'autres heures", "weniger oder andere Stunden")),
            Option("tasks", T("andere taken", "d'autres tâches", "andere Aufgaben")),
            Option("place", T("een aangepaste werkplek", "un poste de travail adapté", "ein angepasster Arbeitsplatz")),
            Option("home", T("thuiswerk", "le télétravail", "Arbeit von zu Hause")),
            Option("employer", T("een andere werkgever", "un autre employeur", "ein anderer Arbeitgeber")),
            Option("training", T("een opleiding", "une formation", "eine Ausbildung")),
        ),
    ),
    Asked(
        "training", "education", "choice",
        T(
            "Wat is uw hoogste diploma?",
            "Quel est votre diplôme le plus élevé ?",
            "Welches ist Ihr höchster Abschluss?",
        ),
        options=(
            Option("none", T("geen diploma", "aucun diplôme", "kein Abschluss")),
            Option("primary", T("lager onderwijs", "enseignement primaire", "Primarschule")),
            Option("lower", T("lager secundair", "secondaire inférieur", "Unterstufe der Sekundarschule")),
            Option("upper", T("hoger secundair", "secondaire supérieur", "Oberstufe der Sekundarschule")),
            Option("higher", T("hoger onderwijs", "enseignement supérieur", "Hochschule")),
        ),
    ),
    Asked(
        "training", "trainings", "text",
        T(
            "Welke opleidingen hebt u gevolgd, en wanneer ongeveer?",
            "Quelles formations avez-vous suivies, et quand environ ?",
            "Welche Ausbildungen haben Sie gemacht, und wann ungefähr?",
        ),
        LINES,
        required=False,
        career="training",
    ),
    Asked(
        "training", "languages", "text",
        T(
            "In welke talen kunt u werken, en hoe goed kent u ze?",
            "Dans quelles langues pouvez-vous travailler, et à quel niveau ?",
            "In welchen Sprachen können Sie arbeiten, und wie gut beherrschen Sie sie?",
        ),
        LINES,
        career="language",
    ),
    Asked(
        "career", "years_worked", "number",
        T(
            "Hoeveel jaar hebt u in totaal gewerkt?",
            "Combien d'années avez-vous travaillé au total ?",
            "Wie viele Jahre haben Sie insgesamt gearbeitet?",
        ),
    ),
    Asked(
        "career", "jobs", "text",
        T(
            "Welke beroepen hebt u uitgeoefend, en wanneer ongeveer?",
            "Quels métiers avez-vous exercés, et quand environ ?",
            "Welche Berufe haben Sie ausgeübt, und wann ungefähr?",
        ),
        LINES,
        required=False,
        career="job",
    ),
    Asked(
        "expectation", "aims", "text",
        T(
            "Welk werk of welke opleiding zou u nu willen doen?",
            "Quel travail ou quelle formation souhaiteriez-vous faire maintenant ?",
            "Welche Arbeit oder welche Ausbildung möchten Sie jetzt machen?",
        ),
        LINES,
        required=False,
        career="aim",
    ),
    Asked(
        "expectation", "resumption", "choice",
        T(
            "Wanneer denkt u weer te kunnen werken?",
            "Quand pensez-vous pouvoir retravailler ?",
            "Wann glauben Sie, wieder arbeiten zu können?",
        ),
        options=(
            Option("soon", T("binnen drie maanden", "dans les trois mois", "innerhalb von drei Monaten"), 20),
            Option("half_year", T("binnen drie tot zes maanden", "dans trois à six mois", "in drei bis sechs Monaten"), 15),
            Option("later", T("later", "plus tard", "später"), 5),
            Option("unknown", T("dat weet ik niet", "je ne sais pas", "das weiß ich nicht"), 5),
            Option("never", T("niet meer", "plus jamais", "gar nicht mehr")),
        ),
    ),
    Asked(
        "expectation", "confidence", "scale",
        T(
            "Hebt u er vertrouwen in dat u weer zult werken?",
            "Êtes-vous confiant de pouvoir retravailler ?",
            "Sind Sie zuversichtlich, dass Sie wieder arbeiten werden?",
        ),
        ZERO_TO_TEN,
        weight=20,
    ),
    Asked(
        "expectation", "wants_help", "yes_no",
        T(
            "Wilt u hierover met een Terug-naar-werkcoördinator spreken?",
            "Souhaitez-vous en parler avec un coordinateur Retour au travail ?",
            "Möchten Sie darüber mit einem Rückkehr-zur-Arbeit-Koordinator sprechen?",
        ),
        weight=5,
    ),
    Asked(
        "expectation", "own_words", "text",
        T("Wat wilt u ons nog zeggen?", "Que souhaitez-vous encore nous dire ?", "Was möchten Sie uns noch sagen?"),
        required=False,
    ),
)  # fmt: skip


def write(
    version_model: Any, question_model: Any, option_model: Any, fund_id: int, using: str = "default"
) -> None:
    """Give a fund without a questionnaire the example, published from the first day of the law."""
    versions = version_model.objects.using(using)
    if versions.filter(fund_id=fund_id).exists():
        return
    version = versions.create(fund_id=fund_id, number=1, note=NOTE, **TITLE.of("title"))
    questions = question_model.objects.using(using).bulk_create(
        question_model(
            version=version,
            position=place,
            code=asked.code,
            section=asked.section,
            kind=asked.kind,
            required=asked.required,
            weight=asked.weight,
            career=asked.career,
            **asked.texts.of("text"),
            **asked.help.of("help"),
        )
        for place, asked in enumerate(QUESTIONS, 1)
    )
    option_model.objects.using(using).bulk_create(
        option_model(
            question=question,
            position=place,
            code=option.code,
            weight=option.weight,
            **option.texts.of("text"),
        )
        for question, asked in zip(questions, QUESTIONS, strict=True)
        for place, option in enumerate(asked.options, 1)
    )
    versions.filter(pk=version.pk).update(valid_from=min(LAW_FROM.values()))
