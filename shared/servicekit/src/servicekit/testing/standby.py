"""A second Postgres that follows the first one."""

from pathlib import Path

from servicekit.embedded.account import Account
from servicekit.embedded.postgres import PORT, SUPERUSER, PostgresServer, program, run


def standby_of(primary: PostgresServer, data_dir: Path, log: Path) -> PostgresServer:
    """A copy of a running primary, which follows it once it is started.

    Raises:
        PostgresFailed: it could not be copied.
    """
    account = Account.for_postgres()
    account.own(data_dir)
    connection = f"host={primary.socket_dir} port={PORT} user={SUPERUSER}"
    whole = ["--write-recovery-conf", "--checkpoint", "fast", "--wal-method", "stream"]
    run(
        [program("pg_basebackup"), "--pgdata", str(data_dir), "--dbname", connection, *whole],
        account=account,
        env={"PGPASSWORD": primary.password},
    )
    standby = PostgresServer(data_dir, log, primary.password, durable=primary.durable)
    standby.prepare()
    return standby
