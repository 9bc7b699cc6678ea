"""Why a date falls where it falls, and what the law says, in the reader's language.

Every sentence is written whole, per anchor and period, so that each language keeps its own grammar.
"""

from dossiers.explanations.explanation import Explanation, explain
from dossiers.explanations.table import RuleInWords, rules_on

__all__ = ["Explanation", "RuleInWords", "explain", "rules_on"]
