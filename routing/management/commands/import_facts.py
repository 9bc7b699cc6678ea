"""`manage.py import_facts FILE --fund F`: a fund's history comes in."""

from dossiers.models.imports import ImportKind
from routing.management.importing import ImportCommand


class Command(ImportCommand):
    help = (
        "Takes in history as facts (columns reference, id, kind, on, subject, details as JSON). Exit 0: all taken "
        "in; 1: some lines refused; 2: the file refused whole. Twice changes nothing."
    )
    kind = ImportKind.FACTS
