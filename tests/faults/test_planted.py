"""The trials are tried too: each planted mistake is found, and named for what it is."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.checker.findings import Kind
from tests.faults.rig import Defects, Rig
from tests.faults.schedule import Fault, repeat

SEED = 41
SERVICES = ("supervision", "funding")
"""Items are issued and cancelled in one, and hold and release payments in the other."""


async def findings(
    defects: Defects, kind: Kind, faults: Sequence[Fault] = (), seconds: float = 0.0
) -> list[str]:
    """Where the checker finds something of this kind after the load."""
    with Rig.running(SERVICES, SEED, defects=defects) as rig:
        await rig.load(faults, seconds=seconds)
        report = await rig.verdict(guilty=True)
    return [finding.where for finding in report.findings if finding.kind == kind]


async def test_acknowledging_before_the_commit_loses_events() -> None:
    kills = repeat("funding-worker", kills=3, every=1.0)
    lost = await findings({"funding-worker": ["ack_before_commit"]}, "lost", kills)
    assert "supervision → funding: inbox" in lost
    assert "supervision → funding: applied" in lost


async def test_without_an_inbox_events_are_applied_twice() -> None:
    kills = repeat("funding-worker", kills=3, every=1.0)
    doubled = await findings({"funding-worker": ["no_inbox"]}, "doubled", kills)
    assert "supervision → funding: applied" in doubled


async def test_a_cursor_by_id_passes_over_what_is_committed_late() -> None:
    defects = {"supervision": ["slow_commit"], "supervision-worker": ["cursor_by_id"]}
    lost = await findings(defects, "lost", seconds=8.0)
    assert "outbox of supervision, unpublished" in lost


async def test_late_commits_are_no_defect_and_a_false_acknowledgement_is() -> None:
    with Rig.running(SERVICES, SEED, defects={"supervision": ["slow_commit"]}) as rig:
        await rig.load(seconds=4.0)
        report = await rig.verdict()
        for kind in ("issue an item", "cancel an item", "appropriate"):
            rig.history.end(rig.history.begin(kind, f"never written: {kind}"), "ok")
        accused = await rig.check()
    assert report.clean, str(report)
    assert {finding.kind for finding in accused.findings} == {"lost"}
    assert {f"issue an item → {trace}" for trace in ("item", "step", "event", "key")} <= {
        finding.where for finding in accused.findings
    }


def test_a_process_that_does_not_exist_cannot_be_broken(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no such processes: funding-wroker"):
        Rig(tmp_path, SERVICES, SEED, defects={"funding-wroker": ["no_inbox"]})
