"""What the README promises: two commands, a first call, and a demo that may be played again."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from local_stack.address import read_address
from servicekit.embedded.paths import workspace_file

from tests.journeys.actors import Actors

README = "README.md"


@dataclass(frozen=True, slots=True)
class Running:
    """A system as `make run` starts it, in a process of its own."""

    data_dir: Path
    year: int

    @property
    def url(self) -> str:
        return read_address(self.data_dir)

    def demo(self) -> str:
        command = [sys.executable, "-m", "local_stack", "demo", "--data-dir", str(self.data_dir)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def running(new_directory: Callable[[], Path], year: int) -> Iterator[Running]:
    directory = new_directory() / "data"
    options = ["--data-dir", str(directory), "--port", "0", "--anchor-year", str(year)]
    with subprocess.Popen(
        [sys.executable, "-m", "local_stack", "run", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "ready after" in line:
                break
        assert "ready after" in said, said
        yield Running(directory, year)
        process.send_signal(signal.SIGTERM)
        said = process.stdout.read()
        assert process.wait(30) == 0
    assert "everything is kept in" in said


def test_the_first_call_of_the_readme_gives_the_shown_answer(running: Running) -> None:
    text = workspace_file(README).read_text("utf-8").partition("<!-- first-call -->")[2]
    shell, shown = re.findall(r"```(?:sh|json)\n(.*?)```", text, re.DOTALL)[:2]
    shell = shell.replace(".local/", f"{running.data_dir}/")
    shell = shell.replace("http://127.0.0.1:8000", running.url)
    done = subprocess.run(["bash", "-eu", "-c", shell], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    later = running.year - 2026
    for name, value in json.loads(shown).items():
        if value != "…":
            assert answer[name] == moved(value, later), name


def moved(value: Any, years: int) -> Any:
    """The README's answer for another anchor year."""
    if isinstance(value, list):
        return [moved(each, years) for each in value]
    if isinstance(value, dict) and "year" in value:
        return {**value, "year": value["year"] + years}
    return value


def test_the_demo_tells_the_loop_and_ends_with_the_board(running: Running) -> None:
    told = running.demo()
    steps = [
        "○ 红 red",
        "督办立项 item opened",
        "暂停拨付 payment held: 200000 元 → 409 payment_held",
        "签收·整改·提交·复核 acknowledged, started, submitted, verified",
        "不能销号 closing refused: 409 indicator_not_remeasured",
        "复测 measured again",
        "销号 closed",
        "解除暂停并拨付 released and paid",
        "申报 call published → 评审 scored 89.2 → 公示 announced → 立项 award 100000 元",
        "首期拨付 first tranche succeeded: 40000 元",
        "指标状态板 status board",
        "未结督办 open items 0",
    ]
    places = [told.find(step) for step in steps]
    assert -1 not in places, told
    assert places == sorted(places)
    assert len(re.findall(r"^\d{4}-\d{2}  报表审核 returns accepted 7", told, re.M)) == 12


def test_what_the_demo_writes_is_labelled(running: Running) -> None:
    clients = json.loads((running.data_dir / "clients.json").read_text("utf-8"))
    actors = Actors(running.url, clients)
    try:
        office = actors("office")
        enterprises = list(office.items("enterprises"))
        assert len(enterprises) == 7
        assert len({row["park_code"] for row in enterprises}) == 6
        named = [row["name"] for row in enterprises]
        named += [row["title"] for row in office.items("awards")]
        named += [row["title"] for row in office.items("funding-calls")]
        named += [row["title"] for row in office.items("applications")]
        named += [row["purpose"] for row in office.items("disbursements")]
        named += [row["document_no"] for row in office.items("appropriations")]
        named += [row["explanation"] for row in office.items("progress-reports")]
        assert [name for name in named if not name.startswith("【演示数据】")] == []
        assert len(list(office.items("operating-returns", state="accepted"))) == 84
        paid = list(office.items("disbursements"))
        assert len(paid) == 14
        assert {row["state"] for row in paid} == {"succeeded"}
    finally:
        actors.close()


def test_the_board_holds_the_numbers_of_every_service(running: Running) -> None:
    actors = Actors(running.url, json.loads((running.data_dir / "clients.json").read_text("utf-8")))
    try:
        board = {row["indicator_code"]: row for row in actors("leader").items("status-board")}
    finally:
        actors.close()
    fed = ["high-tech-value-added", "st-budget-share", "special-funds-total", "leverage-ratio"]
    for code in [*fed, "technology-trade-volume", "own-ip-share"]:
        assert board[code]["status"] == "green", board[code]["reason_en"]


def test_played_again_the_demo_adds_nothing(running: Running) -> None:
    told = running.demo()
    assert "returns accepted" not in told
    assert told.count("已在册 there already") == 12
    assert "未结督办 open items 0" in told


def test_without_a_running_system_the_demo_says_what_to_do(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "local_stack", "demo", "--data-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "make run" in done.stderr
    assert "Traceback" not in done.stderr
