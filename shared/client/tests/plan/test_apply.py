"""Applying the real plan over HTTP: once it creates, twice it changes nothing."""

import json
from pathlib import Path

import pytest
from kechuang import ApiError, Client, Credentials
from kechuang.cli import app
from kechuang.plan import Plan
from kechuang.plan.apply import apply_changes, plan_changes
from kechuang.plan.bodies import desired_state
from typer.testing import CliRunner

runner = CliRunner()


@pytest.fixture
def total(plan: Plan) -> int:
    return len(desired_state(plan, 2026))


def apply(client: Client, plan: Plan) -> dict[str, int]:
    return dict(apply_changes(client, plan_changes(client, plan, 2026)))


def test_a_second_apply_changes_nothing(client: Client, registry, plan: Plan, total: int) -> None:
    assert apply(client, plan) == {"create": total}
    writes = len(registry.writes)
    assert apply(client, plan) == {"keep": total}
    assert len(registry.writes) == writes


def test_only_what_differs_is_written_and_only_if_unchanged(
    client: Client, registry, plan: Plan, total: int
) -> None:
    apply(client, plan)
    registry.objects["indicators"]["six-parks-sales"]["milestones"][0]["value"] = "180"
    del registry.objects["parks"]["longhu"]
    del registry.versions["parks", "longhu"]
    registry.writes.clear()
    assert apply(client, plan) == {"create": 1, "change": 1, "keep": total - 2}
    assert registry.writes == [("indicators", "six-parks-sales", '"1"'), ("parks", "longhu", None)]


def test_a_change_made_meanwhile_is_not_overwritten(client: Client, registry, plan: Plan) -> None:
    apply(client, plan)
    stored = registry.objects["indicators"]["six-parks-sales"]
    right = stored["lead_unit"]
    stored["lead_unit"] = "st-bureau"
    changes = plan_changes(client, plan, 2026)
    stored["lead_unit"] = right
    registry.writes.clear()
    assert apply_changes(client, changes)["change"] == 0
    assert registry.writes == []


def test_an_apply_that_broke_off_carries_on(
    client: Client, registry, plan: Plan, total: int
) -> None:
    changes = plan_changes(client, plan, 2026)
    apply_changes(client, changes[:50])
    assert apply(client, plan) == {"create": total - 50, "keep": 50}


def test_a_wrong_secret_is_told(registry, plan: Plan) -> None:
    with (
        Client(registry.url, Credentials("office", "wrong")) as client,
        pytest.raises(ApiError) as caught,
    ):
        plan_changes(client, plan, 2026)
    assert (caught.value.status, caught.value.code) == (401, "invalid_client")


def test_the_command_shows_applies_and_says_when_nothing_changes(
    registry, plan_file: Path, tmp_path: Path, total: int
) -> None:
    clients = tmp_path / "clients.json"
    clients.write_text(json.dumps({"office": {"client_id": "o", "client_secret": "right"}}))
    options = [str(plan_file), "--anchor-year", "2026", "--url", registry.url]
    options += ["--clients", str(clients), "--role", "office"]

    dry = runner.invoke(app, ["plan", "diff", *options])
    assert dry.exit_code == 0, dry.output
    assert f"created {total}, changed 0, unchanged 0 (dry run" in dry.output
    assert registry.writes == []

    first = runner.invoke(app, ["plan", "apply", *options])
    assert f"created {total}, changed 0, unchanged 0" in first.output
    assert "+ indicators/six-parks-sales" in first.output

    second = runner.invoke(app, ["plan", "apply", *options])
    assert f"created 0, changed 0, unchanged {total}" in second.output
    assert "nothing to change" in second.output

    registry.objects["funds"]["ip-fund"]["name_zh"] = "旧名"
    shown = runner.invoke(app, ["plan", "apply", *options, "--dry-run"])
    assert '    name_zh: "旧名" → "知识产权专项资金"' in shown.output
    as_json = runner.invoke(app, ["plan", "apply", *options, "--json"])
    document = json.loads(as_json.stdout)
    assert (document["applied"], document["changed"], document["unchanged"]) == (True, 1, total - 1)
    assert document["changes"][0]["fields"][0]["old"] == "旧名"


def test_the_command_names_the_row_of_an_error(
    plan_file: Path, plan_text: str, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(plan_text.replace("comparator: about", "comparator: nearly"), "utf-8")
    line = plan_text[: plan_text.index("comparator: about")].count("\n") + 1
    arguments = ["plan", "validate", str(bad), "--anchor-year", "2026"]
    english = runner.invoke(app, [*arguments, "--lang", "en"])
    assert english.exit_code == 1
    assert f"bad.yaml:{line}: indicators[7].comparator: 'nearly' is not one of" in english.output
    chinese = runner.invoke(app, [*arguments, "--lang", "zh"])
    assert "“nearly”不在允许的值中" in chinese.output
    machine = json.loads(runner.invoke(app, [*arguments, "--json"]).stdout)
    assert (machine["valid"], machine["errors"][0]["line"]) == (False, line)
    good = runner.invoke(app, ["plan", "validate", str(plan_file), "--anchor-year", "2026"])
    assert good.exit_code == 0
