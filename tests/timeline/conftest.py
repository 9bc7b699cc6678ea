"""People of each role, and dossiers that have come as far as each state."""

from tests.web.conftest import browse as browse
from tests.web.conftest import stand as stand
from tests.web.conftest import static_files_from_their_sources as static_files_from_their_sources
