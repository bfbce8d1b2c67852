"""``manage.py seed --preset``: the cycle that comes decides as the preset has it."""

import pytest
from django.core.management import CommandError, call_command

from charter.models import Cycle
from mvp_program.seeding import reading
from mvp_program.seeding.days import keep_first_day
from mvp_program.seeding.presets import load_presets
from mvp_program.seeding.putting import Tally
from mvp_program.seeding.reading import SeedError, read_entry
from mvp_program.seeding.rounds import stage_values
from selection.models import Preset


def test_the_next_cycle_takes_the_stages_and_settings_of_a_preset(program, capsys):
    call_command("seed", "--preset", "working-group")
    cycle = Cycle.objects.order_by("-opens_at")[0]
    (stage,) = cycle.stages.all()
    assert (stage.kind, stage.rule["rounds"], cycle.carry_over_allowed) == ("vote", 4, True)
    assert cycle.places.exists()
    assert cycle.name in capsys.readouterr().out


def test_an_unknown_preset_is_a_sentence_that_names_the_known(program):
    with pytest.raises(CommandError, match="Known are: ballot"):
        call_command("seed", "--preset", "bingo")


def test_a_misspelt_key_of_a_rule_names_file_line_and_key(program, tmp_path, monkeypatch):
    text = (reading.FOLDER / "presets" / "ballot.yaml").read_text()
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "ballot.yaml").write_text(text.replace("accept: 3", "acept: 3"))
    monkeypatch.setattr(reading, "FOLDER", tmp_path)
    monkeypatch.setattr("mvp_program.seeding.presets.FOLDER", tmp_path)
    with pytest.raises(SeedError, match=r"seeds/presets/ballot.yaml, line \d+: “acept” is not known here"):
        load_presets(keep_first_day(), Tally())


def test_a_stage_says_on_which_days_before_its_end_it_reminds(tmp_path):
    def days(text):
        stage = "{kind: council, public_name: A, internal_name: A, reviewer_role: council_member, reviews_needed: 0"
        rest = ", rule: {advance: agree_or_override}" + text + "}"
        (tmp_path / "one.yaml").write_text(stage + rest)
        return stage_values(read_entry("one", folder=tmp_path), {}).get("reminder_days")

    assert [days(""), days(", reminder_days: []"), days(", reminder_days: [5, 1]")] == [None, [], [5, 1]]
    for bad in ("5", "[0]", "[91]", "[two]", "[true]"):
        with pytest.raises(SeedError, match="whole numbers from 1 to 90"):
            days(f", reminder_days: {bad}")


def test_loading_presets_twice_changes_nothing(program):
    before = list(Preset.objects.order_by("pk").values())
    tally = Tally()
    load_presets(keep_first_day(), tally)
    assert (tally.nothing, list(Preset.objects.order_by("pk").values())) == (True, before)
