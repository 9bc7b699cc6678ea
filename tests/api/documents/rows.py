"""Who may read documents."""

from tests.api.table import Row

ROWS = {"listDocuments": Row(), "getDocument": Row(), "getDocumentContent": Row()}
