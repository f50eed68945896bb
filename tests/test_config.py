"""piagen.toml is found upwards, and is used whole or refused with every fault at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from piagen.config import MOST_BYTES, Config, Move, UnusableConfig, find, read


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "piagen.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults_of(folder: Path, text: str | bytes) -> tuple[str, ...]:
    with pytest.raises(UnusableConfig) as refused:
        read(written(folder, text))
    assert str(folder / "piagen.toml") in str(refused.value)
    assert all(fault in str(refused.value) for fault in refused.value.faults)
    return refused.value.faults


def test_it_holds_the_regulator_and_the_moves_in_order(tmp_path):
    path = written(
        tmp_path,
        "regulator = 'Information Commission'\n"
        "[rules.LB001]\nseverity = 'warning'\nreason = 'We read it ourselves.'\n"
        "[rules.DF002]\nseverity = 'error'\nreason = 'It went wrong once.'\n",
    )
    assert read(path) == Config(
        path=path,
        regulator="Information Commission",
        moves=(
            Move("LB001", "warning", "We read it ourselves."),
            Move("DF002", "error", "It went wrong once."),
        ),
    )


def test_an_empty_file_sets_nothing(tmp_path):
    path = written(tmp_path, "")
    assert read(path) == Config(path=path)


def test_the_nearest_upwards_is_found(tmp_path):
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    above = written(tmp_path, "")
    assert find(deep) == above
    nearer = written(tmp_path / "a", "")
    assert find(deep) == nearer
    assert find(tmp_path) == above


def test_a_folder_of_that_name_is_no_settings(tmp_path):
    written(tmp_path, "")
    (tmp_path / "a" / "piagen.toml").mkdir(parents=True)
    assert find(tmp_path / "a") == tmp_path / "piagen.toml"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("regulator = 3", "regulator: give the name as text, or leave it out."),
        ("regulator = ' '", "regulator: give the name as text, or leave it out."),
        ("rules = 3", "rules: write one table for each rule: [rules.DF001]."),
        ("[rules]\nDF001 = 'error'", "rules.DF001: give a severity and a reason."),
        ("colour = 3", "colour: this is not a setting. Take it out, or mend its spelling."),
        ("[rules.A1]\nseverity = 'x'\nreason = 'y'", "rules.A1.severity: choose one of error, "
         "warning, advice."),
        ("[rules.A1]\nseverity = 3\nreason = 'y'", "rules.A1.severity: choose one of error, "
         "warning, advice."),
        ("[rules.A1]\nseverity = 'error'", "rules.A1.reason: say why you change it; the documents "
         "print that."),
        ("[rules.A1]\nseverity = 'error'\nreason = ''", "rules.A1.reason: say why you change it; "
         "the documents print that."),
        ("[rules.A1]\nseverity = 'error'\nreason = 'y'\nwho = 'z'", "rules.A1.who: this is not a "
         "setting. Take it out, or mend its spelling."),
    ],
)  # fmt: skip
def test_a_fault_is_named(tmp_path, text, fault):
    assert faults_of(tmp_path, text) == (fault,)


def test_every_fault_is_named_at_once(tmp_path):
    assert len(faults_of(tmp_path, "colour = 3\nregulator = 4\n[rules.A1]\nwho = 'z'")) == 5


@pytest.mark.parametrize("text", ["rules = [", b"a = '\xff'", "a = 1\na = 2"])
def test_what_is_no_toml_is_refused(tmp_path, text):
    (fault,) = faults_of(tmp_path, text)
    assert fault.startswith("It is not TOML: ")


def test_a_file_too_large_to_be_settings_is_refused(tmp_path):
    (fault,) = faults_of(tmp_path, "#" * (MOST_BYTES + 1))
    assert "larger than 1 MB" in fault


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnusableConfig, match="It cannot be read"):
        read(tmp_path / "gone.toml")


def test_a_name_gives_no_orders_to_the_terminal(tmp_path):
    faults = faults_of(tmp_path, '"\\u001b[2J" = 1\n[rules."\\u001b"]\n"\\u202e" = 1')
    assert not set("".join(faults)) & set("\u001b\u202e")
