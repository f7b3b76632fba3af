"""The trials are tried too: each planted mistake is found, and named for what it is."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from tests.faults import planted, planted_audit, planted_money, planted_requests
from tests.faults.checker.findings import Kind
from tests.faults.rig import Defects, Rig
from tests.faults.schedule import Fault, repeat
from tests.faults.system import TWO_SERVICES
from tests.prepared import Prepared
from tests.table import Caught

SEED = 41
Findings = Callable[..., Awaitable[list[str]]]


@pytest.fixture
def findings(prepared: Prepared) -> Findings:
    """`await findings(defects, kind, faults, seconds)`: where the checker finds something of this
    kind after the load."""

    async def find(
        defects: Defects, kind: Kind, faults: Sequence[Fault] = (), seconds: float = 0.0
    ) -> list[str]:
        with Rig.running(TWO_SERVICES, SEED, defects=defects, prepared=prepared) as rig:
            await rig.load(faults, seconds=seconds)
            report = await rig.verdict(guilty=True)
        return [finding.where for finding in report.findings if finding.kind == kind]

    return find


async def test_acknowledging_before_the_commit_loses_events(
    findings: Findings, caught: Caught
) -> None:
    kills = repeat("funding-worker", kills=3, every=1.0)
    lost = await findings({"funding-worker": ["ack_before_commit"]}, "lost", kills)
    assert "supervision → funding: inbox" in lost
    assert "supervision → funding: applied" in lost
    caught("ack_before_commit", f"lost, {len(lost)} times: {lost[0]}")


async def test_without_an_inbox_events_are_applied_twice(
    findings: Findings, caught: Caught
) -> None:
    # Each falls somewhere else, so that one falls between a commit and its acknowledgement, however
    # long the machine takes to apply what has collected meanwhile.
    kills = [one for every in (1.5, 2.5, 3.5) for one in repeat("funding-worker", 1, every)]
    doubled = await findings({"funding-worker": ["no_inbox"]}, "doubled", kills)
    assert "supervision → funding: applied" in doubled
    caught("no_inbox", f"doubled, {len(doubled)} times: supervision → funding: applied")


async def test_a_cursor_by_id_passes_over_what_is_committed_late(
    findings: Findings, caught: Caught
) -> None:
    defects = {"supervision": ["slow_commit"], "supervision-worker": ["cursor_by_id"]}
    lost = await findings(defects, "lost", seconds=8.0)
    assert "outbox of supervision, unpublished" in lost
    caught("cursor_by_id", f"lost, {len(lost)} times: outbox of supervision, unpublished")


async def test_late_commits_are_no_defect_and_a_false_acknowledgement_is(
    prepared: Prepared,
) -> None:
    slow: Defects = {"supervision": ["slow_commit"]}
    with Rig.running(TWO_SERVICES, SEED, defects=slow, prepared=prepared) as rig:
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
        Rig(tmp_path, TWO_SERVICES, SEED, defects={"funding-wroker": ["no_inbox"]})


def test_every_known_mistake_is_looked_for_by_a_trial() -> None:
    """At least twenty, and none that is only written down."""
    known = {
        *planted.DEFECTS,
        *planted_requests.DEFECTS,
        *planted_money.DEFECTS,
        *planted_audit.DEFECTS,
    }
    trials = [file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py")]
    assert {name for name in known if not any(f'"{name}"' in text for text in trials)} == set()
    assert len(known - {"slow_commit", "by_the_second", "pruned_by_the_second"}) >= 20
