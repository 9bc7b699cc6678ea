"""People of each role in a fund whose wall is open, and cases that begin on a fixed day."""

from tests.route_a.conftest import begin as begin
from tests.route_a.conftest import case as case
from tests.web.conftest import browse as browse
from tests.web.conftest import stand as stand
from tests.web.conftest import static_files_from_their_sources as static_files_from_their_sources
