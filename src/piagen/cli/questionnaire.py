"""Knows `piagen questionnaire`: does it hold together, and what is its JSON Schema?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from piagen.errors import QuestionnaireErrors


@click.group()
def questionnaire() -> None:
    """Look at the questionnaire itself."""


@questionnaire.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
def lint(folder: Path | None) -> None:
    """Prove that ids, facts, order, options, references and citations hold together.

    \b
    Example:
      piagen questionnaire lint
    """
    from piagen.law.catalogue import load_catalogue
    from piagen.questionnaire.lint import lint as faults_of
    from piagen.questionnaire.load import load_questionnaire
    from piagen.resources import shipped

    law = load_catalogue()
    home = folder or shipped("questionnaires") / "core"
    found = load_questionnaire(home, law.options)
    faults = faults_of(found, law.cite)
    if faults:
        raise QuestionnaireErrors(faults)
    asked = sum(not question.derived for _, question in found.questions())
    click.echo(
        f"{found.title}: {len(found.sections)} sections, {len(found.tables)} tables and "
        f"{asked} questions hold together."
    )


@questionnaire.command()
def schema() -> None:
    """Print the JSON Schema (2020-12) of an answers file.

    \b
    Example:
      piagen questionnaire schema > answers.schema.json
    """
    from piagen.pipeline.assess import questionnaire as core
    from piagen.questionnaire.to_jsonschema import to_jsonschema

    click.echo(json.dumps(to_jsonschema(core()), indent=2))
