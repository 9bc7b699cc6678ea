"""The pages as somebody of each role sees them."""

from tests.web.conftest import browse as browse
from tests.web.conftest import own as own
from tests.web.conftest import static_files_from_their_sources as static_files_from_their_sources
