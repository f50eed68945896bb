"""Wheel, editable install and public surface hold what they should."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import piagen
from piagen.resources import Kind, shipped

ROOT = Path(__file__).resolve().parents[2]
KINDS: tuple[Kind, ...] = ("templates", "questionnaires", "examples")
INSTALLED = Path(piagen.__file__).is_relative_to(sysconfig.get_path("purelib"))


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.skipif(not INSTALLED, reason="make test runs on the wheel")
@pytest.mark.parametrize("kind", KINDS)
def test_the_wheel_holds_every_data_file_as_it_is_in_the_repository(kind: Kind) -> None:
    assert files(shipped(kind)) == files(ROOT / kind)


@pytest.mark.skipif(not INSTALLED, reason="make test runs on the wheel")
def test_the_wheel_holds_every_module_and_the_law() -> None:
    assert files(Path(piagen.__file__).parent).keys() >= files(ROOT / "src" / "piagen").keys()


def test_an_editable_install_reads_the_folders_of_the_checkout(tmp_path: Path) -> None:
    """A new file is seen at once, and no stale copy of the data lands beside the packages."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    packages = next((tmp_path / "venv" / "lib").glob("python*/site-packages"))
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "--no-deps", "-e", str(ROOT)],
        check=True,
        capture_output=True,
    )
    code = "from piagen.resources import shipped; print(shipped('templates'))"
    said = subprocess.run(
        [python, "-I", "-c", code],
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(said.stdout.strip()) == ROOT / "templates"
    assert not (packages / "piagen").exists()


def test_the_public_surface_is_what_it_says() -> None:
    for name in piagen.__all__:
        assert getattr(piagen, name) is not None
    with pytest.raises(AttributeError, match="no public name"):
        piagen.unheard_of  # noqa: B018
    assert (Path(piagen.__file__).parent / "py.typed").is_file()


def test_python_m_piagen_is_the_command() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "piagen", "--version"], check=True, capture_output=True, text=True
    )
    assert said.stdout.strip() == f"piagen, version {piagen.__version__}"
