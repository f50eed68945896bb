"""Knows what can be wrong with the templates of an organisation before a document is made."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import fields
from functools import cache
from pathlib import Path

from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateNotFound
from jinja2.meta import find_undeclared_variables

from piagen.errors import Problem, TemplateFault
from piagen.rendering.context import DocumentContext
from piagen.rendering.environment import environment
from piagen.resources import shipped

TEMPLATE = ".j2"
_SPECIAL = {"loop", "self", "super", "caller", "varargs", "kwargs"}
_REFERRING = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


def template_faults(
    root: Path, roots: tuple[Path, ...], named: Set[str], place: str
) -> Iterator[Problem]:
    """Yield every fault of the templates in a folder, in the order of their names.

    Args:
        root: the template folder of an overlay.
        roots: all template folders, first the one that wins.
        named: the templates that the overlay's `sections.toml` files name.
        place: what the folder is called in messages.
    """
    trees: dict[str, nodes.Template] = {}
    for path in sorted(root.rglob(f"*{TEMPLATE}")):
        name = path.relative_to(root).as_posix()
        try:
            source, _, _ = environment((root,)).loader.get_source(  # type: ignore[union-attr]
                environment((root,)), name
            )
            environment(roots).compile(source, name, str(path))
            trees[name] = environment(()).parse(source)
        except TemplateSyntaxError as error:
            says = f"{str(error.message).rstrip('.')}."
            yield Problem(f"{place}/{name}", says, line=error.lineno)
        except TemplateFault as error:
            yield Problem(f"{place}/{name}", str(error).partition(": ")[2] or str(error))
    used = named | {to for tree in trees.values() for to, _ in _references(tree)}
    for name, tree in trees.items():
        at = f"{place}/{name}"
        if not (shipped("templates") / name).is_file() and name not in used | _skeletons():
            says = (
                "no document uses this: piagen has no template of this name, and nothing in the "
                "overlay names it. Mend its name; piagen templates list has those there are."
            )
            yield Problem(at, says)
        yield from _of_names(name, tree, at)
        yield from _of_references(tree, roots, at)
        yield from _of_blocks(tree, roots, at)


def _of_names(name: str, tree: nodes.Template, at: str) -> Iterator[Problem]:
    unknown = find_undeclared_variables(tree) - _known()
    for found in tree.find_all(nodes.Name):
        if found.ctx == "load" and found.name in unknown:
            unknown = unknown - {found.name}
            says = f"there is no “{found.name}”. Mend its spelling, or set it first."
            yield Problem(at, says, line=found.lineno)


def _of_references(tree: nodes.Template, roots: tuple[Path, ...], at: str) -> Iterator[Problem]:
    for to, line in _references(tree):
        if not _is_there(to, roots):
            says = f"there is no template “{to}”. piagen templates list has those there are."
            yield Problem(at, says, line=line)


def _of_blocks(tree: nodes.Template, roots: tuple[Path, ...], at: str) -> Iterator[Problem]:
    """A block that the extended template lacks would never be printed."""
    parent = next((to for to in tree.find_all(nodes.Extends)), None)
    if parent is None or not isinstance(parent.template, nodes.Const):
        return
    theirs = _blocks(parent.template.value, roots)
    for block in tree.find_all(nodes.Block) if theirs else ():
        if block.name not in theirs:
            says = (
                f"“{parent.template.value}” has no block “{block.name}”, so this is never "
                f"printed. It has {', '.join(sorted(theirs))}."
            )
            yield Problem(at, says, line=block.lineno)


def _blocks(name: str, roots: tuple[Path, ...]) -> frozenset[str]:
    """The blocks of a template and of those that it extends."""
    found: set[str] = set()
    seen: set[str] = set()
    while name not in seen and _is_there(name, roots):
        seen.add(name)
        tree = _tree(name, roots)
        found |= {block.name for block in tree.find_all(nodes.Block)}
        for extends in tree.find_all(nodes.Extends):
            if isinstance(extends.template, nodes.Const):
                name = extends.template.value
    return frozenset(found)


def _references(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Yield each template that is named as it is, with its line; a computed one cannot be told."""
    for node in tree.find_all(_REFERRING):
        template = node.template  # type: ignore[attr-defined]  # all four have it
        named = template.items if isinstance(template, nodes.List) else [template]
        if getattr(node, "ignore_missing", False):
            continue
        for one in named:
            if isinstance(one, nodes.Const) and isinstance(one.value, str):
                yield one.value, node.lineno


def _is_there(name: str, roots: tuple[Path, ...]) -> bool:
    made = environment(roots)
    try:
        made.loader.get_source(made, name)  # type: ignore[union-attr]  # it always has one
    except (TemplateNotFound, TemplateFault):
        return False
    return True


def _tree(name: str, roots: tuple[Path, ...]) -> nodes.Template:
    made = environment(roots)
    source, _, _ = made.loader.get_source(made, name)  # type: ignore[union-attr]
    try:
        return environment(()).parse(source)
    except TemplateSyntaxError:  # told where it stands
        return nodes.Template([])


@cache
def _known() -> frozenset[str]:
    """What a template may name: the context, and what the templates that ship set on the way."""
    names = {field.name for field in fields(DocumentContext)} | set(vars(DocumentContext))
    names = {name for name in names if not name.startswith("_")} | _SPECIAL
    roots = (shipped("templates"),)
    for path in sorted(roots[0].rglob(f"*{TEMPLATE}")):
        tree = _tree(path.relative_to(roots[0]).as_posix(), roots)
        names |= find_undeclared_variables(tree)
        names |= {n.name for n in tree.find_all(nodes.Name) if n.ctx in ("store", "param")}
        names |= {macro.name for macro in tree.find_all(nodes.Macro)}
    return frozenset(names)


@cache
def _skeletons() -> frozenset[str]:
    """The file that a document may have in place of the common skeleton."""
    folder = shipped("templates")
    return frozenset(f"{path.parent.name}/document.html.j2" for path in folder.glob("*/*.toml"))
