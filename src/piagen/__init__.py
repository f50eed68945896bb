"""One set of answers, three documents: assessment, protocol and agreement.

The public surface is what this module names; everything else may change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from piagen.version import VERSION

if TYPE_CHECKING:
    from piagen.errors import (
        CannotWrite,
        PiagenError,
        Problem,
        ShapeErrors,
        TemplateFault,
        UnusableFile,
    )
    from piagen.pipeline.assess import Loaded, Review, check, load
    from piagen.pipeline.batch.options import Options, Result
    from piagen.pipeline.batch.run import batch
    from piagen.pipeline.documents import Rendered, render

__version__ = VERSION

__all__ = [
    "CannotWrite",
    "Loaded",
    "Options",
    "PiagenError",
    "Problem",
    "Rendered",
    "Result",
    "Review",
    "ShapeErrors",
    "TemplateFault",
    "UnusableFile",
    "__version__",
    "batch",
    "check",
    "load",
    "render",
]

_HOMES = {
    "CannotWrite": "errors",
    "Loaded": "pipeline.assess",
    "Options": "pipeline.batch.options",
    "PiagenError": "errors",
    "Problem": "errors",
    "Rendered": "pipeline.documents",
    "Result": "pipeline.batch.options",
    "Review": "pipeline.assess",
    "ShapeErrors": "errors",
    "TemplateFault": "errors",
    "UnusableFile": "errors",
    "batch": "pipeline.batch.run",
    "check": "pipeline.assess",
    "load": "pipeline.assess",
    "render": "pipeline.documents",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
    """Import a public name when it is first used, so that `piagen --help` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"piagen has no public name “{name}”.")
    from importlib import import_module

    return getattr(import_module(f"piagen.{_HOMES[name]}"), name)
