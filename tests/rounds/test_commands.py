"""``load_round`` on the command line."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from rounds.models import Round, _parsed
from rounds.workflow import Phase
from tests import documents
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house", "frozen_clock")]
FILE = Path(settings.BASE_DIR) / "fixtures" / "rounds" / "helse-nord-2025.yaml"
TROMS = FILE.with_name("troms-ofoten-2024.yaml")


def test_a_file_is_loaded_and_its_warnings_are_told(capsys):
    call_command("load_round", str(FILE))
    printed = capsys.readouterr()
    assert printed.out == "helse-nord-2025: versjon 1, frist 1. mars 2025.\n"
    told = printed.err.splitlines()
    assert told[:2] == [
        "Merk: frame.amount: rammen er ikke fastsatt",
        "Merk: criteria: 7 kriterier er forslag som organet må fastsette",
    ]
    # Three of the four helsefellesskap of the test have an SSU without seats.
    assert ["har i dag ingen med stemmerett" in line for line in told[2:]] == [True] * 3


def test_a_dry_run_checks_and_writes_nothing(capsys):
    call_command("load_round", str(FILE), "--dry-run")
    assert (capsys.readouterr().out, Round.objects.count()) == (f"{FILE}: i orden.\n", 0)


def test_a_historical_round_can_be_open_today():
    call_command("load_round", str(TROMS))
    assert Round.objects.get().phase_at(NOW) == Phase.CLOSED
    call_command("load_round", str(TROMS), "--open-today")
    assert Round.objects.get().phase_at(NOW) == Phase.OPEN


def test_every_error_is_printed_with_file_line_and_field(tmp_path):
    path = tmp_path / "feil.yaml"
    path.write_text(FILE.read_text(encoding="utf-8").replace("year: 2025", "year: i år"), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("load_round", str(path))
    assert str(refused.value) == (
        f"{path}, linje 9: year: skal være et helt tall\n{path}, linje 34: frame.year: skal være et helt tall"
    )


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("load_round", str(tmp_path / "mangler.yaml"))
    assert str(refused.value) == f"{tmp_path / 'mangler.yaml'}: kan ikke leses (No such file or directory)"


def test_what_the_portal_does_not_have_is_named(tmp_path):
    path = FILE.with_name("innlandet-2024.yaml")
    with pytest.raises(CommandError) as refused:
        call_command("load_round", str(path))
    assert str(refused.value) == (
        f"{path}, linje 16: owner.community: Helsefellesskapet «innlandet» finnes ikke i portalen.\n"
        f"{path}, linje 112: communities[1].community: Helsefellesskapet «innlandet» finnes ikke i portalen."
    )


def test_a_dry_run_refuses_all_that_loading_refuses(tmp_path):
    """A body that is not there, a frame that is another's: both ways give the same answer, and write nothing."""
    call_command("load_round", str(FILE))
    text = FILE.read_text(encoding="utf-8").replace("code: helse-nord-2025\n", "code: ny\n", 1)
    for change in (
        ("body: tildelingsutvalg-helse-nord", "body: ukjent"),
        ('organisation: "883658752"', "community: helgeland"),
    ):
        path = tmp_path / "runde.yaml"
        path.write_text(text.replace(*change), encoding="utf-8")
        told = []
        for options in ({}, {"dry_run": True}):
            with pytest.raises(CommandError) as refused:
                call_command("load_round", str(path), **options)
            told.append(str(refused.value))
        assert told[0] == told[1]
        assert told[0].startswith(f"{path}, linje ")
    assert list(Round.objects.values_list("code", flat=True)) == ["helse-nord-2025"]


def _old(tmp_path):
    """Helse Nord's file as it could be written before «approved» went."""
    path = tmp_path / "gammel.yaml"
    text = FILE.read_text(encoding="utf-8")
    path.write_text(text.replace("which: prioritised", "which: approved  # som før"), encoding="utf-8")
    return path


NOTICE = (
    "linje 899: stages[1].forwards.which: «approved» leses som «prioritised»: listen kan ikke låses før trinnets "
    "oppgaver er gjort, så alt som er prioritert, er godkjent"
)


def test_a_file_of_an_older_form_is_loaded_with_a_notice(tmp_path, capsys):
    call_command("load_round", str(_old(tmp_path)))
    assert capsys.readouterr().err.splitlines()[0] == f"Merk: {NOTICE}"
    assert Round.objects.get().spec.stages[0].forwards.which == "prioritised"


def test_a_stored_version_of_an_older_form_is_still_read():
    call_command("load_round", str(FILE))
    round_ = Round.objects.get()
    round_.definition["stages"][0]["forwards"]["which"] = "approved"
    documents.tamper(round_, snapshot=round_.definition)
    _parsed.clear()
    assert Round.objects.get().spec.stages[0].forwards.which == "prioritised"


def test_upgrade_round_changes_the_old_words_and_nothing_else(tmp_path, capsys):
    path = _old(tmp_path)
    call_command("upgrade_round", str(path))
    assert capsys.readouterr().out == f"{path}, {NOTICE}\n"
    text = path.read_text(encoding="utf-8")
    assert text == FILE.read_text(encoding="utf-8").replace("which: prioritised", "which: prioritised  # som før")
    call_command("upgrade_round", str(path))
    assert capsys.readouterr().out == f"{path}: har dagens form.\n"


def test_upgrade_round_names_a_file_that_it_cannot_read(tmp_path):
    path = tmp_path / "feil.yaml"
    for content, sentence in (
        (None, ": kan ikke leses (No such file or directory)"),
        ("a: [", ", linje 1: klammen som begynner her («[» eller «{»), blir ikke lukket"),
    ):
        if content is not None:
            path.write_text(content, encoding="utf-8")
        with pytest.raises(CommandError) as refused:
            call_command("upgrade_round", str(path))
        assert str(refused.value) == f"{path}{sentence}"
