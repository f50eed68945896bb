"""Lists what an installed piagen is made of, and fails on a licence that is not on the list.

Run by `make check`; it reads what is installed, and asks nobody.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution

from packaging.requirements import Requirement

ALLOWED = re.compile(
    r"MIT|MIT-0|MIT-CMU|HPND|BSD|BSD-[0-9]-Clause|0BSD|ISCL?|Apache|Apache-2\.0|PSF|PSF-2\.0|OFL-1\.1"
    r"|MPL|MPL-[0-9.]+|Unlicense|Zlib|Python"
)
"""Licences that let a council use, change and pass on the whole."""

READ = {"resvg_py": "MIT"}
"""What the licence file says of those whose metadata names none; read by a person."""

_CLASSIFIER = re.compile(r"^License :: (?:OSI Approved :: )?(.+)$")


def needed(name: str, extras: frozenset[str] = frozenset()) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what a distribution needs where it is installed now, with the extras asked of it."""
    for line in distribution(name).requires or ():
        wanted = Requirement(line)
        marker = wanted.marker
        if marker is None or any(marker.evaluate({"extra": e}) for e in extras or {""}):
            yield wanted.name, frozenset(wanted.extras)


def installed(root: str = "piagen") -> list[Distribution]:
    """Return every distribution that the root needs to run, by name."""
    waiting: list[tuple[str, frozenset[str]]] = [(root, frozenset())]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += needed(*one)
    names = sorted({name.lower() for name, _ in seen} - {root})
    return [distribution(name) for name in names]


def licences(found: Distribution) -> list[str]:
    """Return the licences of which one may be chosen, as the distribution names them."""
    expression = found.metadata["License-Expression"]
    if expression:
        return [part.strip(" ()") for part in expression.split(" OR ")]
    matches = map(_CLASSIFIER.match, found.metadata.get_all("Classifier") or ())
    named = [match[1] for match in matches if match and match[1] != "OSI Approved"]
    read = READ.get(found.metadata["Name"], "none")
    return named or [(found.metadata["License"] or read).splitlines()[0]]


def allowed(licence: str) -> bool:
    """Tell whether a licence is on the list: `MIT`, or `Mozilla Public License 1.1 (MPL 1.1)`."""
    short = re.search(r"\((.+)\)$", licence)
    parts = re.split(r" AND ", short[1].split()[0] if short else licence)
    return all(ALLOWED.fullmatch(part.split()[0]) for part in parts)


def faults(found: Iterable[Distribution]) -> list[str]:
    """Return the names of those that offer no licence of the list."""
    return [one.metadata["Name"] for one in found if not any(map(allowed, licences(one)))]


def main() -> int:
    """Print the list and return 1 if there is a fault."""
    found = installed()
    for one in found:
        print(f"{one.metadata['Name']} {one.version}: {' or '.join(licences(one))}")
    wrong = faults(found)
    for name in wrong:
        print(f"{name}: no licence of it is allowed in docs/licences.py", file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
