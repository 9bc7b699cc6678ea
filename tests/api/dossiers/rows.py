"""Who may read dossiers."""

from tests.api.table import Row

ROWS = {
    "listDossiers": Row(other_fund=200),
    "getDossier": Row(),
    "queryDossiers": Row(
        lambda world, _places: {"reference": world.dossier.incapacity.reference}, other_fund=200
    ),
}
