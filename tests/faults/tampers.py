"""What an owner of the database can do to an audit trail, drawn from a seed. Each is done on a
connection whose transaction is rolled back afterwards, and none is refused by the database."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from servicekit import new_secrets
from servicekit.sealing import verify
from servicekit.sealing.checkpoint import Checkpoint, Signer
from servicekit.sealing.content import COLUMNS, digest, genesis, id_at, moment

HOUR = 3_600_000
COPY = """INSERT INTO audit_entry SELECT ($2::uuid), $3::timestamptz, actor, client_id, unit, roles,
 action, object_type, object_id, outcome, before_digest, after_digest, detail, request_id,
 correlation_id FROM audit_entry WHERE id = $1"""

ENTRY_AT = "SELECT entry_id FROM audit_seal WHERE seq = $1"
CHAIN_AT = "SELECT chain FROM audit_seal WHERE seq = $1"


@dataclass
class Hand:
    """The owner's hand: its connection, what it draws and a key of its own."""

    owner: asyncpg.Connection
    drawn: random.Random
    service: str
    now_ms: int

    async def do(self, sql: str, *args: object) -> None:
        await self.owner.execute(sql, *args)

    async def size(self) -> int:
        return await self.value("SELECT max(seq) FROM audit_seal")

    async def value(self, sql: str, *args: object) -> Any:
        return await self.owner.fetchval(sql, *args)

    async def seal(self, upto: int | None = None) -> int:
        """The number of some seal."""
        return self.drawn.randint(1, upto or await self.size())

    async def row(self) -> UUID:
        """The id of some sealed row."""
        return await self.value(ENTRY_AT, await self.seal())

    async def two(self) -> tuple[int, int]:
        first, second = sorted(self.drawn.sample(range(1, await self.size() + 1), 2))
        return first, second

    async def rechain(self) -> None:
        """Number and chain the seals anew over the rows as they are now: all of it agrees."""
        rows = await self.owner.fetch(
            f"SELECT s.seq AS old, {COLUMNS} FROM audit_seal s JOIN audit_entry e"
            " ON e.id = s.entry_id ORDER BY s.seq"
        )
        chain, made = genesis(self.service), []
        for seq, row in enumerate(rows, 1):
            content = digest(row)
            chain = verify.chained(chain, content)
            made.append((seq, UUID(row["id"]), content, chain))
        await self.do("DELETE FROM audit_seal")
        await self.owner.executemany("INSERT INTO audit_seal VALUES ($1, $2, $3, $4, now())", made)

    async def sign_all(self, key: str) -> None:
        """Put checkpoints in the place of those there are, over the chain as it is now."""
        signer = Signer(key)
        for row in await self.owner.fetch("SELECT seq, line FROM audit_checkpoint"):
            told = Checkpoint.of(row["line"])
            chain = await self.value(CHAIN_AT, row["seq"])
            await self.do("DELETE FROM audit_checkpoint WHERE seq = $1", row["seq"])
            if told is not None and chain is not None:
                made = signer.sign(self.service, row["seq"], chain.hex(), told.through, told.time)
                sql = "INSERT INTO audit_checkpoint VALUES ($1, $2)"
                await self.do(sql, made.seq, made.line)

    async def forge(self, milliseconds: int) -> UUID:
        """A row like some other, noted at that time."""
        made = UUID(int=id_at(milliseconds).int | self.drawn.getrandbits(74) | 7 << 76 | 2 << 62)
        like = await self.row()
        told = moment(milliseconds)
        sql = COPY.replace("$3::timestamptz", "$3::text::timestamptz")
        await self.do(sql, like, made, told)
        return made

    def long_ago(self) -> int:
        return self.now_ms - self.drawn.randint(HOUR // 3, 2000 * HOUR)


Tamper = Callable[[Hand], Awaitable[object]]


async def text_edited(hand: Hand) -> None:
    columns = ("actor", "client_id", "unit", "action", "object_type", "object_id", "outcome")
    columns += ("before_digest", "after_digest", "request_id", "correlation_id")
    column = hand.drawn.choice(columns)
    new = hand.drawn.choice([f"coalesce({column}, '') || ' '", f"coalesce({column}, '') || 'x'"])
    await hand.do(f"UPDATE audit_entry SET {column} = {new} WHERE id = $1", await hand.row())


async def text_emptied(hand: Hand) -> None:
    column = hand.drawn.choice(("after_digest", "actor", "object_id", "request_id"))
    await hand.do(f"ALTER TABLE audit_entry ALTER COLUMN {column} DROP NOT NULL")
    new = hand.drawn.choice(["NULL", "''"])
    await hand.do(f"UPDATE audit_entry SET {column} = {new} WHERE id = $1", await hand.row())


async def null_made_empty(hand: Hand) -> None:
    sql = "SELECT id FROM audit_entry WHERE unit IS NULL ORDER BY id"
    row = hand.drawn.choice(await hand.owner.fetch(sql))
    await hand.do("UPDATE audit_entry SET unit = '' WHERE id = $1", row["id"])


async def roles_edited(hand: Hand) -> None:
    new = hand.drawn.choice(["roles || 'ops'::text", "'{}'", "roles[2:]", "roles || NULL::text"])
    await hand.do(f"UPDATE audit_entry SET roles = {new} WHERE id = $1", await hand.row())


async def detail_edited(hand: Hand) -> None:
    changes = ["""coalesce(detail, '{}') || '{"note": 1}'""", "'{}'", "'null'"]
    changes += ["""jsonb_set(coalesce(detail, '{}'), '{amount}', '"1"')"""]
    sql = f"UPDATE audit_entry SET detail = {hand.drawn.choice(changes)} WHERE id = $1"
    await hand.do(sql, await hand.row())


async def time_edited(hand: Hand) -> None:
    by = hand.drawn.choice(["1 microsecond", "-1 microsecond", "8 hours", "-4000 years"])
    new = hand.drawn.choice([f"occurred_at + interval '{by}'", "'infinity'", "'-infinity'"])
    await hand.do(f"UPDATE audit_entry SET occurred_at = {new} WHERE id = $1", await hand.row())


async def id_edited(hand: Hand) -> None:
    await hand.do("UPDATE audit_entry SET id = $2 WHERE id = $1", await hand.row(), uuid4())


async def rows_swapped(hand: Hand) -> None:
    first, second = await hand.two()
    one, other = [await hand.value(ENTRY_AT, seq) for seq in (first, second)]
    for was, becomes in ((one, UUID(int=1)), (other, one), (UUID(int=1), other)):
        await hand.do("UPDATE audit_entry SET id = $2 WHERE id = $1", was, becomes)


async def row_removed(hand: Hand) -> None:
    await hand.do("DELETE FROM audit_entry WHERE id = $1", await hand.row())


async def row_removed_with_its_seal(hand: Hand) -> None:
    row = await hand.row()
    await hand.do("DELETE FROM audit_entry WHERE id = $1", row)
    await hand.do("DELETE FROM audit_seal WHERE entry_id = $1", row)


async def row_removed_and_seals_renumbered(hand: Hand) -> None:
    """And the last one's number is kept by a copy of the one that was there, so that as many are
    left as were signed."""
    seq, last = await hand.seal(await hand.size() - 1), await hand.size()
    sql = "DELETE FROM audit_entry WHERE id = (SELECT entry_id FROM audit_seal WHERE seq = $1)"
    await hand.do(sql, seq)
    await hand.do("DELETE FROM audit_seal WHERE seq = $1", seq)
    await hand.do("UPDATE audit_seal SET seq = -seq WHERE seq < $1", seq)
    await hand.do("UPDATE audit_seal SET seq = 1 - seq WHERE seq < 0")
    filled = await hand.forge(hand.now_ms - 3 * HOUR)
    (row,) = await hand.owner.fetch(f"SELECT {COLUMNS} FROM audit_entry e WHERE id = $1", filled)
    content = digest(row)
    chain = verify.chained(genesis(hand.service), content)
    sql = "INSERT INTO audit_seal VALUES (1, $1, $2, $3, now())"
    await hand.do(sql, filled, content, chain)
    assert await hand.size() == last


async def row_removed_and_all_chained_anew(hand: Hand) -> None:
    await row_removed_with_its_seal(hand)
    await hand.rechain()


async def row_put_in(hand: Hand) -> None:
    await hand.forge(hand.long_ago())


async def row_put_in_for_tomorrow(hand: Hand) -> None:
    await hand.forge(hand.now_ms + hand.drawn.randint(1, 1000) * HOUR)


async def row_put_in_and_sealed(hand: Hand) -> None:
    """As the sealer itself would seal it."""
    row = await hand.forge(hand.long_ago())
    sql = "INSERT INTO audit_seal VALUES ($1, $2, '', '', now())"
    await hand.do(sql, await hand.size() + 1, row)
    await hand.rechain()


async def row_put_in_the_middle(hand: Hand) -> None:
    row, seq = await hand.forge(hand.long_ago()), await hand.seal()
    await hand.do("UPDATE audit_seal SET seq = -seq WHERE seq >= $1", seq)
    await hand.do("INSERT INTO audit_seal VALUES ($1, $2, '', '', now())", seq, row)
    await hand.do("UPDATE audit_seal SET seq = 1 - seq WHERE seq < 0")
    await hand.rechain()


async def seals_swapped(hand: Hand) -> None:
    first, second = await hand.two()
    for was, becomes in ((first, 0), (second, first), (0, second)):
        await hand.do("UPDATE audit_seal SET seq = $2 WHERE seq = $1", was, becomes)


async def seal_edited(hand: Hand) -> None:
    column = hand.drawn.choice(("digest", "chain"))
    change = f"set_byte({column}, {hand.drawn.randrange(32)}, 255 - get_byte({column}, 0))"
    new = hand.drawn.choice([f"{column} || '\\x00'", "'\\x'", change])
    sql = f"UPDATE audit_seal SET {column} = {new} WHERE seq = $1 RETURNING {column}"
    seq = await hand.seal()
    before = await hand.value(f"SELECT {column} FROM audit_seal WHERE seq = $1", seq)
    if await hand.value(sql, seq) == before:
        await hand.do(f"UPDATE audit_seal SET {column} = '\\x' WHERE seq = $1", seq)


async def row_edited_with_its_digest(hand: Hand) -> None:
    row = await hand.row()
    await hand.do("UPDATE audit_entry SET outcome = 'denied' WHERE id = $1", row)
    (now,) = await hand.owner.fetch(f"SELECT {COLUMNS} FROM audit_entry e WHERE id = $1", row)
    await hand.do("UPDATE audit_seal SET digest = $2 WHERE entry_id = $1", row, digest(now))


async def row_edited_with_its_seal(hand: Hand) -> None:
    """And the chain up to it; those after it stay."""
    seq = await hand.seal()
    row = await hand.value(ENTRY_AT, seq)
    await hand.do("UPDATE audit_entry SET outcome = 'denied' WHERE id = $1", row)
    (now,) = await hand.owner.fetch(f"SELECT {COLUMNS} FROM audit_entry e WHERE id = $1", row)
    before = await hand.value(CHAIN_AT, seq - 1)
    content = digest(now)
    chain = verify.chained(before or genesis(hand.service), content)
    sql = "UPDATE audit_seal SET digest = $2, chain = $3 WHERE seq = $1"
    await hand.do(sql, seq, content, chain)


async def seal_removed(hand: Hand) -> None:
    await hand.do("DELETE FROM audit_seal WHERE seq = $1", await hand.seal())


async def rows_cut(hand: Hand) -> None:
    sql = "DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_seal WHERE seq >= $1)"
    await hand.do(sql, await hand.seal())


async def rows_and_seals_cut(hand: Hand) -> int:
    seq = await hand.seal()
    sql = "DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_seal WHERE seq >= $1)"
    await hand.do(sql, seq)
    await hand.do("DELETE FROM audit_seal WHERE seq >= $1", seq)
    return seq


async def everything_cut(hand: Hand) -> None:
    """Rows, seals and checkpoints: what is left agrees with itself, as an older copy does."""
    seq = await rows_and_seals_cut(hand)
    await hand.do("DELETE FROM audit_checkpoint WHERE seq >= $1", seq)


async def older_copy_put_back_and_gone_on_with(hand: Hand) -> None:
    last = await hand.size()
    await everything_cut(hand)
    while (size := await hand.value("SELECT count(*) FROM audit_seal") or 0) < last:
        made, told = uuid4(), moment(hand.now_ms)
        values = "($1, $2::text::timestamptz, 'a', 'c', NULL, '{}', 'x', 't', 'o', 'ok', NULL, NULL"
        await hand.do(f"INSERT INTO audit_entry VALUES {values}, NULL, 'r', 'r')", made, told)
        await hand.do("INSERT INTO audit_seal VALUES ($1, $2, '', '', now())", size + 1, made)
    await hand.rechain()


async def everything_emptied(hand: Hand) -> None:
    await hand.do("TRUNCATE audit_entry, audit_seal, audit_checkpoint")


async def all_rewritten(hand: Hand) -> None:
    await hand.do("UPDATE audit_entry SET actor = 'nobody' WHERE id = $1", await hand.row())
    await hand.rechain()


async def all_rewritten_without_checkpoints(hand: Hand) -> None:
    await all_rewritten(hand)
    await hand.do("DELETE FROM audit_checkpoint")


async def all_rewritten_and_signed_by_another(hand: Hand) -> None:
    await all_rewritten(hand)
    await hand.sign_all(new_secrets.audit_key())


async def all_rewritten_and_signed_in_the_name_of_the_key(hand: Hand) -> None:
    """The checkpoints name the right key, and are signed by another."""
    await all_rewritten(hand)
    own = Signer(new_secrets.audit_key())
    for row in await hand.owner.fetch("SELECT seq, line FROM audit_checkpoint"):
        told = Checkpoint.of(row["line"])
        assert told is not None
        chain = await hand.value(CHAIN_AT, row["seq"])
        made = own.sign(hand.service, row["seq"], chain.hex(), told.through, told.time)
        line = made.line.replace(made.key, told.key)
        await hand.do("UPDATE audit_checkpoint SET line = $2 WHERE seq = $1", row["seq"], line)


async def checkpoint_edited(hand: Hand) -> None:
    row = hand.drawn.choice(await hand.owner.fetch("SELECT seq, line FROM audit_checkpoint"))
    told = Checkpoint.of(row["line"])
    assert told is not None
    later = row["line"].replace(told.through, moment(hand.now_ms - 5 * HOUR))
    new = hand.drawn.choice([later, row["line"][:-9], "", row["line"].replace(told.key, "0" * 16)])
    await hand.do("UPDATE audit_checkpoint SET line = $2 WHERE seq = $1", row["seq"], new)


async def checkpoint_removed(hand: Hand) -> None:
    row = hand.drawn.choice(await hand.owner.fetch("SELECT seq FROM audit_checkpoint"))
    await hand.do("DELETE FROM audit_checkpoint WHERE seq = $1", row["seq"])


async def checkpoint_moved(hand: Hand) -> None:
    row = hand.drawn.choice(await hand.owner.fetch("SELECT seq FROM audit_checkpoint"))
    await hand.do("UPDATE audit_checkpoint SET seq = seq + 100000 WHERE seq = $1", row["seq"])


async def table_hidden(hand: Hand) -> None:
    """Whoever reads is shown something else than what is there."""
    table = hand.drawn.choice(["audit_entry", "audit_seal", "audit_checkpoint"])
    if hand.drawn.random() < 0.5:
        await hand.do(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    else:
        await hand.do(f"ALTER TABLE {table} RENAME TO hidden")
        await hand.do(f"CREATE VIEW {table} AS SELECT * FROM hidden")


TAMPERS: dict[str, tuple[Tamper, set[str]]] = {
    tamper.__name__: (tamper, set(signs.split()))
    for tamper, signs in (
        (text_edited, "edited"),
        (text_emptied, "edited"),
        (null_made_empty, "edited"),
        (roles_edited, "edited"),
        (detail_edited, "edited"),
        (time_edited, "edited"),
        (id_edited, "removed"),
        (rows_swapped, "edited"),
        (row_removed, "removed"),
        (row_removed_with_its_seal, "seal_gap cut_tail"),
        (row_removed_and_seals_renumbered, "seal_edited"),
        (row_removed_and_all_chained_anew, "rewritten cut_tail"),
        (row_put_in, "unsealed"),
        (row_put_in_for_tomorrow, "unsealed"),
        (row_put_in_and_sealed, "backdated"),
        (row_put_in_the_middle, "rewritten"),
        (seals_swapped, "seal_edited"),
        (seal_edited, "seal_edited"),
        (row_edited_with_its_digest, "seal_edited"),
        (row_edited_with_its_seal, "seal_edited rewritten"),
        (seal_removed, "seal_gap cut_tail"),
        (rows_cut, "removed"),
        (rows_and_seals_cut, "cut_tail"),
        (everything_cut, "cut_tail"),
        (older_copy_put_back_and_gone_on_with, "rewritten"),
        (everything_emptied, "cut_tail"),
        (all_rewritten, "rewritten"),
        (all_rewritten_without_checkpoints, "rewritten"),
        (all_rewritten_and_signed_by_another, "unknown_key"),
        (all_rewritten_and_signed_in_the_name_of_the_key, "bad_signature"),
        (checkpoint_edited, "bad_signature unknown_key"),
        (checkpoint_removed, "checkpoint_removed"),
        (checkpoint_moved, "bad_signature"),
        (table_hidden, "no_table"),
    )
}
"""Name → what is done, and what it is found by: one of these kinds of findings."""
