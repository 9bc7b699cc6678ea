"""Who may read funds."""

from tests.api.table import Row

ROWS = {
    "listFunds": Row(other_fund=200, other_partner=200),
    "getFund": Row(before=lambda world: {"fundId": world.fund.public_id}, other_partner=200, elsewhere=404),
}
