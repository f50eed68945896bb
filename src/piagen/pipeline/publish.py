"""Knows the last step of a published edition: it is searched, and kept back if anything leaked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from piagen.config import Config
from piagen.errors import Leaked
from piagen.pipeline.assess import Loaded, questionnaire
from piagen.rendering.leaks import LEAST, folded, leaks, still_there
from piagen.rendering.published import Published
from piagen.rendering.published_answers import publish
from piagen.rendering.published_text import SURFACES, Surface, html_surfaces
from piagen.rendering.rendition import Format

_NAMED = ("assessment.author", "assessment.owner")
"""Names that have their role in an answer of its own: elsewhere they are always the person."""


def search(
    document: str,
    published: Published,
    *,
    filename: str,
    html: str,
    content: bytes,
    format: Format,
    again: Callable[[Callable[[str], bool]], str],
) -> None:
    """Search a finished document for everything that is withheld from it.

    Both the file and the HTML from which it was made are searched: a text that a page break cuts in
    two is whole in the HTML, and what is in the file alone is found there.

    Args:
        document: the id of the document, for the message.
        published: what is withheld, and what is published.
        filename: what the file is called.
        html: what the file was made from.
        content: the file.
        format: its kind.
        again: returns the HTML of the same document from answers in which every text is blanked for
            which the function given is true; called only if something was found.

    Raises:
        Leaked: a text that is withheld, and that no published answer holds, stands in it.
    """
    surfaces = chain(
        [Surface("the name of the file", filename)],
        html_surfaces(html.encode()),
        SURFACES[format](content) if format != "html" else (),
    )
    withheld = [(left.at, left.text) for left in published.left_out if left.text is not None]
    found = leaks(withheld, published.texts.values(), surfaces)
    if not found:
        return
    pieces = {leak.piece for leak in found} | {leak.piece[::-1] for leak in found}
    own = again(lambda text: any(piece in folded(text) for piece in pieces))
    found = still_there(found, own)
    if found:
        raise Leaked(document, tuple(dict.fromkeys((leak.at, leak.where) for leak in found)))


def repeated(loaded: Loaded, config: Config | None = None) -> Mapping[str, Sequence[str]]:
    """Return the withheld texts that an answer which is published holds as well.

    No leak, because somebody chose to publish that answer; yet perhaps not what they meant.

    Args:
        loaded: the answers.
        config: what the organisation has set: it may ask questions of its own.

    Returns:
        By the stored path of each withheld answer, those of the published ones that repeat it. Of
        the answers that the questionnaire withholds, names alone are looked for: a role that is
        named twice says nothing.

    Raises:
        Unpublishable: `withheld` names a place that is not there.
    """
    published = publish(questionnaire(config), loaded.answers)
    texts = {at: folded(text) for at, text in published.texts.items()}
    found: dict[str, list[str]] = {}
    for left in published.left_out:
        if left.text is None or len(left.text) < LEAST or not folded(left.text):
            continue
        if left.at in _NAMED or left.chosen:
            there = [at for at, text in texts.items() if folded(left.text) in text]
            if there:
                found[left.at] = there
    return found
