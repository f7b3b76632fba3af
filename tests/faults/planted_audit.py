"""Known mistakes with the audit trail, to prove that the trial would notice them: see `planted`."""

import hashlib
from collections.abc import Callable
from typing import Any

from servicekit.sealing import sealer, verify

from tests.faults.planted import Plant


def chain_without_the_one_before(plant: Plant) -> None:
    """Every row is hashed, and none is tied to the one before it."""

    def alone(_before: bytes, content: bytes) -> bytes:
        return hashlib.sha256(content).digest()

    plant(sealer, "chained", alone)
    plant(verify, "chained", alone)


def exported_not_compared(plant: Plant) -> None:
    """What was told off the machine is not looked at: the database vouches for itself."""

    def nothing(_self: verify.Look, _exported: Any) -> None: ...

    plant(verify.Look, "take", nothing)


def signature_not_checked(plant: Plant) -> None:
    """A checkpoint is believed whoever signed it."""

    def believed(*_: Any) -> bool:
        return True

    plant(verify.Checkpoint, "is_signed_by", believed)


def sealed_after_the_last_id(plant: Plant) -> None:
    """The sealer goes on after the last id it sealed."""
    look = sealer.Sealer.look

    async def onwards(self: sealer.Sealer) -> bool:
        more = await look(self)
        last = await self._database.fetch(
            "SELECT entry_id FROM audit_seal ORDER BY entry_id DESC LIMIT 1", ()
        )
        self._floor = last[0]["entry_id"] if last else self._floor
        return more

    plant(sealer.Sealer, "look", onwards)


DEFECTS: dict[str, Callable[[Plant], None]] = {
    defect.__name__: defect
    for defect in (
        chain_without_the_one_before,
        exported_not_compared,
        signature_not_checked,
        sealed_after_the_last_id,
    )
}
