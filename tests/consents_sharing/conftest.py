"""Insured people with an employer, and the fund's wall open."""

from tests.employer.conftest import begin as begin
from tests.employer.conftest import case as case
