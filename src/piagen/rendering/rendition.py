"""Knows the ways in which one document can be made: kind of file, edition, language."""

from __future__ import annotations

from typing import Literal, get_args

from piagen.frozen import frozen

Format = Literal["pdf", "html", "docx"]
Edition = Literal["full", "published"]
Language = Literal["en", "cy"]


@frozen
class Rendition:
    """One way of making a document.

    Attributes:
        format: the kind of file.
        edition: for whom: everything, or what may be published.
        language: of the fixed text, as ISO 639-1; answers keep their own.
    """

    format: Format = "pdf"
    edition: Edition = "full"
    language: Language = "en"

    def __post_init__(self) -> None:
        """Refuse what there is not.

        Raises:
            ValueError: there is no such format, edition or language.
        """
        for word, kinds in (("format", Format), ("edition", Edition), ("language", Language)):
            known, given = get_args(kinds), getattr(self, word)
            if given not in known:
                raise ValueError(f"“{given}” is no {word}; choose one of {', '.join(known)}.")

    def carries_answers(self, document: str) -> bool:
        """Tell whether the answers are attached: to the full assessment as a PDF, and nothing else.

        An agreement goes to partners, who must not get the assessment's security detail with it.

        Args:
            document: the id of the document.
        """
        return document == "pia" and self.edition == "full" and self.format == "pdf"

    @property
    def suffix(self) -> str:
        """What the name of the file ends in: `_published_cy.pdf`."""
        edition = "" if self.edition == "full" else f"_{self.edition}"
        language = "" if self.language == "en" else f"_{self.language}"
        return f"{edition}{language}.{self.format}"
