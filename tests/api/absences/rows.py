"""Who may read absence procedures."""

from tests.api.table import Row

ROWS = {"listAbsenceProcedures": Row(), "getAbsenceProcedure": Row()}
