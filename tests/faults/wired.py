"""A trial's system whose door, APIs and NATS are each reached over a wire."""

from local_stack.environment import Environments
from servicekit.embedded.ports import LOOPBACK

from tests.faults.system import TrialStack
from tests.faults.wires import DOOR, WiredEnvironments, Wires, ports_of


class WiredStack(TrialStack):
    """Made by `Rig.running(kind=WiredStack)`; `wires` are there while it runs."""

    _wires: Wires | None = None

    @property
    def wires(self) -> Wires:
        assert self._wires is not None, "the stack is not started"
        return self._wires

    def _make_environments(self) -> Environments:
        made = super()._make_environments()
        made.nats.choose_ports()
        self._wires = Wires(ports_of(made))
        return WiredEnvironments.of(made, self._wires.ports)

    def stop(self) -> None:
        super().stop()
        if self._wires is not None:
            self._wires.close()
            self._wires = None

    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.wires.ports[DOOR]}"
