"""What people write beside a fact, in the language they speak with the insured. Free text, kept apart and erasable."""

NOTES: dict[str, dict[str, tuple[str, ...]]] = {
    "support_offered": {
        "nl": (
            "Gebeld: de vragen over het werk waren niet duidelijk. Samen overlopen.",
            "Bericht ingesproken.",
        ),
        "fr": ("Appel : le questionnaire n'était pas arrivé, renvoyé par e-mail.", "Message laissé."),
        "de": ("Angerufen: braucht Hilfe bei den Fragen zur Arbeit, Termin vereinbart.",),
    },
    "assessment_made": {
        "nl": (
            "Behandeling loopt, belasting van de rug nog beperkt.",
            "Verslag van de behandelend arts gelezen.",
        ),
        "fr": ("Rapport du médecin traitant lu, évolution favorable.", "Traitement en cours, à revoir."),
        "de": ("Bericht des behandelnden Arztes gelesen, Besserung erkennbar.",),
    },
    "first_contact_held": {
        "nl": (
            "Wil graag opnieuw beginnen, liefst halftijds. Vervoer is een zorg.",
            "Rol uitgelegd, vragen over loon.",
        ),
        "fr": ("Souhaite reprendre, mais pas au même poste.", "Rôle expliqué, hésite encore sur la suite."),
        "de": ("Möchte zurück, aber nicht in den Schichtdienst.",),
    },
    "contact_held": {
        "nl": ("Gaat beter, sollicitatie voorbereid.", "Twijfelt, gesprek over twee weken opnieuw."),
        "fr": ("Bilan de compétences fixé.", "Moins de douleurs, prêt à essayer deux demi-jours."),
        "de": ("Praktikum gefunden, beginnt nächsten Monat.",),
    },
    "permission_refused": {
        "nl": ("Nog niet verenigbaar met de algemene gezondheidstoestand.",),
        "fr": ("Pas encore compatible avec l'état général de santé.",),
        "de": ("Mit dem allgemeinen Gesundheitszustand noch nicht vereinbar.",),
    },
    "plan_meeting_held": {
        "nl": ("Doel: administratief werk, twee halve dagen per week vanaf de herfst.",),
        "fr": ("Objectif : reprise progressive, formation en bureautique d'abord.",),
        "de": ("Ziel: leichtere Arbeit im Lager, zuerst ein Kurs.",),
    },
    "plan_reviewed": {
        "nl": (
            "Eerste doel gehaald, volgende afspraak vastgelegd.",
            "Opleiding valt zwaar, tempo aangepast.",
        ),
        "fr": ("Première étape atteinte.", "Rythme adapté, nouvel entretien fixé."),
        "de": ("Erster Schritt erreicht, weiter wie geplant.",),
    },
    "traject_suspended": {
        "nl": ("Werkgever start zelf een re-integratietraject.",),
        "fr": ("L'employeur entame son propre trajet de réintégration.",),
        "de": ("Der Arbeitgeber beginnt ein eigenes Wiedereingliederungsverfahren.",),
    },
}

NOTES["declaration_signed"] = {
    "nl": ("Identiteitskaart gezien bij de ondertekening.",),
    "fr": ("Carte d'identité vue lors de la signature.",),
    "de": ("Personalausweis bei der Unterschrift gesehen.",),
}

# Of a plan: two objectives, the end result, what the insured does and what the coordinator does.
PLANS: dict[str, tuple[str, str, str, str, str]] = {
    "nl": (
        "Weten welk werk past bij de rug", "Een proefperiode van twee halve dagen",
        "Halftijds administratief werk", "Cv bijwerken en bezorgen", "Contact opnemen met twee werkgevers",
    ),
    "fr": (
        "Savoir quel travail convient au dos", "Un essai de deux demi-jours",
        "Un travail administratif à mi-temps", "Mettre à jour et envoyer le CV", "Contacter deux employeurs",
    ),
    "de": (
        "Wissen, welche Arbeit zum Rücken passt", "Ein Versuch mit zwei halben Tagen",
        "Büroarbeit in Teilzeit", "Lebenslauf erneuern und abgeben", "Zwei Arbeitgeber anrufen",
    ),
}  # fmt: skip

# What people wrote on a questionnaire where there was room for it.
SAID: dict[str, tuple[str, ...]] = {
    "nl": (
        "Ik zou graag terug aan de slag gaan, maar niet meer staand.",
        "Lang zitten gaat niet, afwisseling wel.",
        "Ik wacht nog op een onderzoek.",
    ),
    "fr": (
        "J'aimerais reprendre, mais plus debout toute la journée.",
        "Rester assis longtemps est difficile.",
        "J'attends encore un examen.",
    ),
    "de": ("Ich möchte gern wieder anfangen, aber nicht im Stehen.", "Ich warte noch auf eine Untersuchung."),
}

JOBS: dict[str, tuple[str, ...]] = {
    "nl": (
        "Magazijnier",
        "Verkoopster",
        "Onthaalmedewerker",
        "Vrachtwagenchauffeur",
        "Poetshulp",
        "Boekhouder",
    ),
    "fr": (
        "Magasinier",
        "Vendeuse",
        "Employé d'accueil",
        "Chauffeur poids lourd",
        "Aide-ménagère",
        "Comptable",
    ),
    "de": ("Lagerist", "Verkäuferin", "Schreiner", "Buchhalterin"),
}
AIMS: dict[str, tuple[str, ...]] = {
    "nl": ("Halftijds hernemen", "Administratief werk", "Een opleiding in de zorg"),
    "fr": ("Reprendre à mi-temps", "Un travail administratif", "Une formation dans les soins"),
    "de": ("Halbtags wieder anfangen", "Büroarbeit"),
}
TRAININGS: dict[str, tuple[str, ...]] = {
    "nl": ("Heftruckattest (2015)", "Avondschool boekhouden", "EHBO"),
    "fr": ("Brevet de cariste (2015)", "Comptabilité en cours du soir", "Secourisme"),
    "de": ("Staplerschein (2015)", "Erste Hilfe"),
}
SPOKEN: dict[str, tuple[str, ...]] = {
    "nl": ("Nederlands", "Nederlands\nFrans, een beetje"),
    "fr": ("Français", "Français\nNéerlandais, un peu"),
    "de": ("Deutsch", "Deutsch\nFranzösisch, gut"),
}
SHARED_WITH_COORDINATOR: dict[str, tuple[str, ...]] = {
    "nl": ("Niet zwaar tillen, geen nachtwerk.", "Halve dagen zijn haalbaar."),
    "fr": ("Pas de charges lourdes, pas de nuit.", "Des demi-journées sont possibles."),
    "de": ("Nicht schwer heben, keine Nachtarbeit.",),
}
OF_THE_DOCTOR: dict[str, tuple[str, ...]] = {
    "nl": ("Behandeling loopt, controle over twee maanden.",),
    "fr": ("Traitement en cours, contrôle dans deux mois.",),
    "de": ("Behandlung läuft, Kontrolle in zwei Monaten.",),
}
