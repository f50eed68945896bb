"""Knows `piagen demo`: a whole example project, copied and rendered."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from piagen.cli import output
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
    Examples: safeguarding-hub, homelessness-duty-to-refer, shared-care-record,
    serious-violence-hub, early-draft; and one with the faults that real papers
    have, faulty/safer-families-panel.
      piagen demo homelessness-duty-to-refer
    """
    from piagen.pipeline.assess import check, load
    from piagen.pipeline.whole import write_whole

    examples = _examples()
    if name not in examples:
        raise click.BadParameter(f"“{name}” is no example. Choose one of {', '.join(examples)}.")
    target = folder / examples[name].name
    if target.exists() and target.read_bytes() != examples[name].read_bytes():
        click.echo(f"{target} was changed, so it is kept as it is.", err=True)
    else:
        write_whole(target, examples[name].read_bytes(), 0o600)
    click.echo(target)
    loaded = load(target)
    write_documents(loaded, None, "pdf", folder)
    width = shutil.get_terminal_size().columns
    click.echo(click.wrap_text(f"Open the PDFs in {folder}/.", width), err=True)
    review = check(loaded)
    if review.errors:  # it did what it is for, so this is no failure
        click.echo(output.drafts_in_words(target, review), err=True)


def _examples() -> dict[str, Path]:
    """Return each example by name, the sound ones first; a folder is part of the name."""
    home = shipped("examples")
    found = (*sorted(home.glob("*.json")), *sorted(home.glob("*/*.json")))
    return {path.relative_to(home).with_suffix("").as_posix(): path for path in found}
