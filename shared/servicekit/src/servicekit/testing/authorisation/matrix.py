"""The matrix of one running app: who calls, what is called, what was tested."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from fastapi import FastAPI

from servicekit.auth.principal import Role
from servicekit.jobs.job import Kind as JobKind
from servicekit.testing.authorisation.declared import (
    CALLER_UNITS,
    UNIT,
    Make,
    Resource,
    Row,
    Standing,
    Thing,
)
from servicekit.testing.authorisation.judging import Caller, judge, judge_step
from servicekit.testing.authorisation.operations import (
    STATES,
    Cell,
    Kind,
    Operation,
    operations_of,
)
from servicekit.testing.tokens import Tokens

OUT_OF_SCOPE = "system without the scope"
NO_ROLE = "no role"


@dataclass
class Matrix:
    """Calls every cell of the app and says which ones do not answer as the document says."""

    app: FastAPI
    tokens: Tokens
    resources: Sequence[Resource]
    jobs: Sequence[JobKind] = ()
    """The kinds of jobs of the service, if it takes imports."""
    tested: set[Cell] = field(default_factory=set)
    _things: dict[str, list[Thing]] = field(default_factory=dict)
    _bodies: dict[str, Row] = field(default_factory=dict)
    _bearers: dict[tuple[str, str | None, str], dict[str, str]] = field(default_factory=dict)

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """By name, reads first and creations last.

        Raises:
            LookupError: nobody declares the resource of an operation.
        """
        return {each.name: each for each in operations_of(self.app, self.resources)}

    async def wrong_cells(self, name: str) -> list[str]:
        """One line for each cell of an operation that does not answer as the document says.

        Raises:
            LookupError: nobody says how its objects are made.
        """
        operation = self.operations[name]
        things = await self.things(operation) if operation.about_one else []
        wrong: list[str] = []
        for caller in self.callers(operation):
            if operation.kind is Kind.REMOVE and caller.where(operation):
                things = await make_things(operation)
            found = await judge(self, operation, caller, things)
            wrong += [f"{operation.method} {operation.path} as {caller}: {one}" for one in found]
            if caller.may:
                states = {thing.state for thing in things} or {""}
                self.tested |= {Cell(name, caller.role, caller.standing, state) for state in states}
        return wrong

    async def untested(self) -> set[Cell]:
        """The cells the document has and nobody called, once every operation was."""
        for name in self.operations.keys() - {cell.operation for cell in self.tested}:
            await self.wrong_cells(name)
        wanted = {cell for each in self.operations.values() for cell in each.cells()}
        return wanted - self.tested

    async def wrong_steps(self) -> list[str]:
        """One line for each step and state where somebody who may take the step can, and should
        not, or the other way round.

        Raises:
            LookupError: nobody says from which states a step is possible.
        """
        wrong: list[str] = []
        for operation in self.operations.values():
            if operation.is_step:
                wrong += await self.wrong_states(operation)
        return wrong

    async def wrong_states(self, operation: Operation) -> list[str]:
        """One line for each state in which a step does not do as its table says."""
        if operation.step not in operation.resource.steps:
            raise LookupError(
                f"say from which states {operation.method} {operation.path} is possible: "
                f'Resource("{operation.resource.path}", steps={{"{operation.step}": …}})'
            )
        role = next(role for role, where in sorted(operation.rules.items()) if "own" in where)
        headers = self.bearer(role, UNIT, operation.permission, who=operation.resource.steps_by)
        make = maker(operation.resource)
        found = [
            await judge_step(self.app, operation, headers, Thing(await make(state, UNIT), state))
            for state in operation.states
        ]
        return [f"{operation.method} {operation.path} {one}" for one in found if one is not None]

    def callers(self, operation: Operation) -> list[Caller]:
        """One of every role and standing, and two who may do nothing at all, though they are of
        the objects' own unit. A system's token has the operation's scope."""
        foreign = self.bearer(Role.SYSTEM, UNIT, "something_else.read")
        return [
            *(
                Caller(role, standing, self.bearer(role, unit, operation.permission))
                for role in Role
                for standing, unit in CALLER_UNITS.items()
            ),
            Caller(OUT_OF_SCOPE, Standing.OWN, foreign, may=False),
            Caller(NO_ROLE, Standing.OWN, self.bearer("", UNIT, ""), may=False),
        ]

    def bearer(self, role: str, unit: str | None, scope: str, who: str = "") -> dict[str, str]:
        """The headers of a caller. All come through one client, and are different people."""
        scope = scope if role == Role.SYSTEM else ""
        key = (role + who, unit, scope)
        if key not in self._bearers:
            claims = {"sub": f"matrix-{role or 'nobody'}{who}", "client_id": "matrix"}
            roles = [role] if role else []
            headers = self.tokens.bearer(*roles, unit=unit, scope=scope, **claims)
            self._bearers[key] = {**headers, "Accept-Language": "en"}
        return self._bearers[key]

    async def things(self, operation: Operation) -> list[Thing]:
        """An object in every state and way; made once, as the matrix does not change them."""
        path = operation.resource.path
        if path not in self._things:
            self._things[path] = await make_things(operation)
        return self._things[path]

    async def body(self, resource: Resource) -> Row | None:
        """A body that makes a new object, the last one if it was not used."""
        if resource.create is None:
            return None
        if resource.path not in self._bodies:
            self._bodies[resource.path] = await resource.create(UNIT)
        return self._bodies[resource.path]

    def use_up(self, resource: Resource) -> None:
        """The body made an object."""
        self._bodies.pop(resource.path, None)


async def make_things(operation: Operation) -> list[Thing]:
    """A new object in every state and way.

    Raises:
        LookupError: an object that was to be in a state is in another.
    """
    states = operation.states
    things = [
        Thing(await make(state, unit), state, unit, way)
        for state in states or [""]
        for way, make, unit in ways(operation.resource)
    ]
    for thing in things:
        found = {thing.row.get(name) for name in STATES} & set(states)
        if found - {thing.state}:
            raise LookupError(f"{operation.resource.path}: make({thing.state!r}) gave {found}")
    return things


def maker(resource: Resource) -> Make:
    """Raises `LookupError` where nobody says how an object is made."""
    if resource.make is None:
        raise LookupError(f'say how an object is made: Resource("{resource.path}", make=…)')
    return resource.make


def ways(resource: Resource) -> Iterable[tuple[str, Make, str | None]]:
    """How an object can belong to a unit: the name of the way, the maker, the unit."""
    yield "", maker(resource), UNIT
    for name, make in resource.ways.items():
        yield name, make, UNIT
    if resource.unitless:
        yield "no unit's", maker(resource), None
