"""Knows where answers to an organisation's own questions are printed, if nowhere else."""

from __future__ import annotations

from dataclasses import replace

from piagen.questionnaire.model import Questionnaire
from piagen.rendering.manifest import Manifest, SectionPlan

ID = "own-answers"


def with_own_answers(manifest: Manifest, asked: Questionnaire) -> Manifest:
    """Return the document with an appendix for what its organisation asks beside our questions.

    Without such a question, or where the organisation's own sections print each, it stays as it is.

    Args:
        manifest: the document.
        asked: the questionnaire, with the organisation's patches.
    """
    homeless = tuple(
        question.path
        for question in asked.leaves.get("extra", {}).values()
        if manifest.id in question.reach.documents and manifest.section_of(question) is None
    )
    if not homeless:
        return manifest
    plan = SectionPlan(
        id=ID,
        title="Further answers",
        kind="appendix",
        template="_partials/own_answers.html.j2",
        answers=homeless,
        when=None,
        otherwise=None,
    )
    # The last part lists what was cited in those before it.
    *before, last = manifest.sections
    return replace(manifest, sections=(*before, plan, last))
