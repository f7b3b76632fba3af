"""Reads YAML into plain values and remembers the line of each.

Scalars stay text: a number written `2.0` keeps its digits until the schema asks for a Decimal.
"""

from dataclasses import dataclass, field
from pathlib import Path as FilePath

import yaml

from kechuang.plan.errors import Finding, Path, PlanError, PlanInvalid
from kechuang.plan.messages import explain

MAX_BYTES = 4 * 1024 * 1024
MAX_NODES = 200_000
MAX_DEPTH = 40

Value = None | str | list["Value"] | dict[str, "Value"]


@dataclass(slots=True)
class SourceFile:
    """The values of a file, and the line of every path in it."""

    value: Value
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it (for a field that is missing)."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1


def read_source(file: FilePath) -> SourceFile:
    """Parse `file`. Raises PlanInvalid for what is not readable as one YAML document."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise _invalid(1, "file_unreadable", {"reason": error.strerror or str(error)}) from error
    if len(raw) > MAX_BYTES:
        raise _invalid(1, "file_too_large", {"limit": str(MAX_BYTES)})
    return parse_source(raw)


def parse_source(raw: bytes) -> SourceFile:
    """Parse the bytes of a plan file; see `read_source`."""
    try:
        node = yaml.compose(raw.decode("utf-8"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise _invalid(raw.count(b"\n", 0, error.start) + 1, "not_utf8", {}) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise _invalid(line, "bad_yaml", {"reason": str(error.problem)}) from error
    except yaml.YAMLError as error:
        raise _invalid(1, "bad_yaml", {"reason": str(error).splitlines()[0]}) from error
    except RecursionError as error:
        raise _invalid(1, "too_deep", {"limit": str(MAX_DEPTH)}) from error
    if not isinstance(node, yaml.MappingNode):
        raise _invalid(1, "not_a_mapping", {})
    reader = _Reader()
    value = reader.value(node, ())
    if reader.errors:
        raise PlanInvalid(reader.errors)
    return SourceFile(value, reader.lines)


class _Reader:
    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.errors: list[PlanError] = []
        self.count = 0

    def value(self, node: yaml.Node, path: Path) -> Value:
        # Aliases are walked again at every use, so a small file could ask for billions of nodes.
        self.count += 1
        if self.count > MAX_NODES:
            raise _invalid(node.start_mark.line + 1, "too_many_nodes", {"limit": str(MAX_NODES)})
        if len(path) > MAX_DEPTH:
            raise _invalid(node.start_mark.line + 1, "too_deep", {"limit": str(MAX_DEPTH)})
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._error(line, path, "key_not_text", {})
                continue
            key = str(key_node.value)
            if key in found:
                self._error(line, (*path, key), "duplicate_key", {"key": key})
                continue
            self.lines[(*path, key)] = line
            found[key] = self.value(value_node, (*path, key))
        return found

    def _error(self, line: int, path: Path, code: str, params: dict[str, str]) -> None:
        self.errors.append(explain(Finding(path, code, params), line))


def _invalid(line: int, code: str, params: dict[str, str]) -> PlanInvalid:
    return PlanInvalid([explain(Finding((), code, params), line)])
