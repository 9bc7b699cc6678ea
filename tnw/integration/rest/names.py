"""Names as integrators see them: lowerCamelCase, whatever they are called inside."""

import re
from functools import cache


@cache
def camel(name: str) -> str:
    """`starts_on` as `startsOn`; what is one word stays as it is."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


@cache
def code_name(code: str) -> str:
    """A code outside: `self_employed` as `selfEmployed`, route `A` as `a`, deadline `T17` as `t17`."""
    return code.lower() if re.fullmatch(r"[A-Z]\d*", code) else camel(code)
