"""Knows `piagen questionnaire`: does it hold together, and what is its JSON Schema?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from piagen.cli import settings
from piagen.errors import QuestionnaireErrors


@click.group()
def questionnaire() -> None:
    """Look at the questionnaire itself."""


@questionnaire.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.pass_context
def lint(context: click.Context, folder: Path | None) -> None:
    """Prove that ids, facts, order, options, references and citations hold together.

    Without a folder, it is the questionnaire that your projects are asked, with the patches of the
    overlays in piagen.toml.

    \b
    Example:
      piagen questionnaire lint
    """
    from piagen.law.catalogue import load_catalogue
    from piagen.pipeline.assess import questionnaire as asked_of
    from piagen.questionnaire.lint import lint as faults_of
    from piagen.questionnaire.load import load_questionnaire

    law = load_catalogue()
    found = load_questionnaire(folder, law.options) if folder else asked_of(settings.of(context))
    faults = faults_of(found, law.cite)
    if faults:
        raise QuestionnaireErrors(faults)
    asked = sum(not question.derived for _, question in found.questions())
    click.echo(
        f"{found.title}: {len(found.sections)} sections, {len(found.tables)} tables and "
        f"{asked} questions hold together."
    )


@questionnaire.command()
@click.pass_context
def schema(context: click.Context) -> None:
    """Print the JSON Schema (2020-12) of an answers file.

    \b
    Example:
      piagen questionnaire schema > answers.schema.json
    """
    from piagen.pipeline.assess import questionnaire as asked_of
    from piagen.questionnaire.to_jsonschema import to_jsonschema

    click.echo(json.dumps(to_jsonschema(asked_of(settings.of(context))), indent=2))
