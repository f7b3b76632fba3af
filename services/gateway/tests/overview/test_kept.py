"""An overview is shown again for a second, to whom it was made for and to nobody else."""

import asyncio
from dataclasses import replace

import pytest
from gateway.overview import kept
from gateway.overview.kept import Kept, Made, Viewer
from servicekit.auth.principal import Principal, Role

LI = Principal("li", "cockpit", frozenset({Role.LEADER}), "headquarters")
VIEWER = Viewer(LI, "zh")


class Kitchen:
    """Makes overviews and counts them; `gate` holds them back."""

    def __init__(self, *, complete: bool = True) -> None:
        self.made = 0
        self.complete = complete
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> Made:
        self.made += 1
        number = self.made
        await self.gate.wait()
        return Made(b"%d" % number, self.complete)


async def test_a_second_look_is_shown_what_the_first_one_was() -> None:
    overviews, make = Kept(), Kitchen()
    first = await overviews.get(VIEWER, make)
    assert await overviews.get(VIEWER, make) is first
    assert make.made == 1


@pytest.mark.parametrize(
    "other",
    [
        Viewer(replace(LI, subject="wang"), "zh"),
        Viewer(replace(LI, client_id="another"), "zh"),
        Viewer(replace(LI, roles=frozenset({Role.GROUP_LEAD})), "zh"),
        Viewer(replace(LI, unit="science-bureau"), "zh"),
        Viewer(replace(LI, scopes=frozenset({"overview.read"})), "zh"),
        Viewer(LI, "en"),
    ],
)
async def test_nobody_is_shown_what_was_made_for_another(other: Viewer) -> None:
    overviews, make = Kept(), Kitchen()
    assert await overviews.get(VIEWER, make) != await overviews.get(other, make)


async def test_it_is_made_again_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(kept, "monotonic", lambda: clock[0])
    overviews, make = Kept(), Kitchen()
    await overviews.get(VIEWER, make)
    clock[0] += kept.KEPT
    assert (await overviews.get(VIEWER, make)).body == b"2"


async def test_its_age_counts_from_the_first_question(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(kept, "monotonic", lambda: clock[0])
    overviews, make = Kept(), Kitchen()

    async def slowly() -> Made:
        clock[0] += kept.KEPT
        return await make()

    await overviews.get(VIEWER, slowly)
    assert (await overviews.get(VIEWER, make)).body == b"2"


async def test_those_who_come_while_it_is_made_wait_for_it() -> None:
    overviews, make = Kept(), Kitchen()
    make.gate.clear()
    looks = [asyncio.create_task(overviews.get(VIEWER, make)) for _ in range(20)]
    await asyncio.sleep(0)
    looks.pop(0).cancel()
    await asyncio.sleep(0)
    make.gate.set()
    assert {made.body for made in await asyncio.gather(*looks)} == {b"1"}


async def test_one_made_anew_is_no_older_than_its_call() -> None:
    overviews, make = Kept(), Kitchen()
    make.gate.clear()
    begun = asyncio.create_task(overviews.get(VIEWER, make))
    await asyncio.sleep(0)
    anew = asyncio.create_task(overviews.get(VIEWER, make, anew=True))
    await asyncio.sleep(0)
    make.gate.set()
    assert ((await begun).body, (await anew).body) == (b"1", b"2")
    assert (await overviews.get(VIEWER, make)).body == b"2"


async def test_one_that_lacks_a_part_is_not_kept() -> None:
    overviews, make = Kept(), Kitchen(complete=False)
    await overviews.get(VIEWER, make)
    assert (await overviews.get(VIEWER, make)).body == b"2"


async def test_one_that_failed_is_tried_again() -> None:
    overviews, make = Kept(), Kitchen()

    async def fail() -> Made:
        raise ValueError("burnt")

    with pytest.raises(ValueError, match="burnt"):
        await overviews.get(VIEWER, fail)
    assert (await overviews.get(VIEWER, make)).body == b"1"


async def test_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    overviews, make = Kept(), Kitchen()
    viewers = [Viewer(replace(LI, subject=f"{number}"), "zh") for number in range(10)]
    for viewer in viewers:
        await overviews.get(viewer, make)
    assert len(overviews._made) == 3
    assert (await overviews.get(viewers[-1], make)).body == b"10"
