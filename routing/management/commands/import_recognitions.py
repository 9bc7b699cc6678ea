"""`manage.py import_recognitions FILE --fund F`: a fund's feed of recognized incapacities comes in."""

from dossiers.models.imports import ImportKind
from routing.management.importing import ImportCommand


class Command(ImportCommand):
    help = (
        "Takes in a fund's feed of recognized incapacities. Exit 0: all taken in; 1: some lines refused; "
        "2: the file refused whole. Killed and started again it ends as if it had not been."
    )
    kind = ImportKind.RECOGNITIONS
