"""Knows `piagen demo`: a whole example project, copied and rendered."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from piagen.cli.render import write_documents
from piagen.resources import shipped


@click.command()
@click.argument("name", default="safeguarding-hub")
@click.option(
    "-o",
    "--output",
    "folder",
    default="demo",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the answers and the documents.",
)
def demo(name: str, folder: Path) -> None:
    """Copy an example project and render its documents.

    \b
    Examples: safeguarding-hub, homelessness-duty-to-refer, early-draft.
      piagen demo homelessness-duty-to-refer
    """
    from piagen.pipeline.assess import load
    from piagen.pipeline.whole import write_whole

    examples = {path.stem: path for path in sorted(shipped("examples").glob("*.json"))}
    if name not in examples:
        raise click.BadParameter(f"“{name}” is no example. Choose one of {', '.join(examples)}.")
    target = folder / f"{name}.json"
    if target.exists() and target.read_bytes() != examples[name].read_bytes():
        click.echo(f"{target} was changed, so it is kept as it is.", err=True)
    else:
        write_whole(target, examples[name].read_bytes(), 0o600)
    click.echo(target)
    write_documents(load(target), None, "pdf", folder)
    width = shutil.get_terminal_size().columns
    click.echo(click.wrap_text(f"Open the PDFs in {folder}/.", width), err=True)
