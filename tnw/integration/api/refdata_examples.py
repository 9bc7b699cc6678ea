"""Reference data as the contract shows it."""

from typing import Any

ROOT = "http://localhost:8000/api/tnw/v1"
_FUND = f"{ROOT}/funds/0190a5e0-7777-7000-8000-000000000007"
EXAMPLES: dict[str, dict[str, Any]] = {
    "codeLists": {
        "id": "refusers",
        "codes": [{"code": "worker", "name": {"nl": "werknemer", "fr": "travailleur", "de": "Arbeitnehmer"}}],
    },
    "factKinds": {
        "id": "supportOffered", "name": {"nl": "Hulp aangeboden", "fr": "Aide proposée", "de": "Hilfe angeboten"},
        "values": [{"name": "channel", "type": "code", "required": True, "codes": ["phone"], "codeList": "channels"}],
    },
    "deadlineRules": {
        "id": "t2", "kind": "legal", "whose": "insured",
        "name": {"nl": "De vragenlijst terugsturen", "fr": "Renvoyer le questionnaire", "de": "Den Fragebogen zurücksenden"},
        "versions": [],
    },
    "registrationWindows": {
        "id": "0190a5e0-9999-5000-8000-000000000009", "fund": _FUND, "service": "vdab",
        "windows": [{"startDate": "2023-03-01", "endDate": "2024-03-31"}],
    },
    "eventTypes": {"id": "be.tnw.plan.agreed", "scope": "scope:tnw:plan:read"},
    "questionnaires": {
        "id": "0190a5e0-aaaa-5000-8000-00000000000a", "fund": _FUND, "number": 1, "validFrom": "2026-01-01",
        "title": {"nl": "Vragenlijst", "fr": "Questionnaire", "de": "Fragebogen"},
        "questions": [
            {
                "code": "wantsHelp", "section": "expectation", "type": "yesNo", "required": True,
                "text": {"nl": "Wil u hulp?", "fr": "Voulez-vous de l'aide ?", "de": "Möchten Sie Hilfe?"},
            }
        ],
    },
}  # fmt: skip
