"""What people write beside a fact, in the language they speak with the insured. Free text, kept apart and erasable."""

NOTES: dict[str, dict[str, tuple[str, ...]]] = {
    "support_offered": {
        "nl": (
            "Gebeld: de vragen over het werk waren niet duidelijk. Samen overlopen.",
            "Bericht ingesproken.",
        ),
        "fr": ("Appel : le questionnaire n'était pas arrivé, renvoyé par courriel.", "Message laissé."),
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
