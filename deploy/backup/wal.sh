#!/bin/bash
# Follow the write-ahead log until told to stop, every record written through before it is confirmed.
# With `synchronous_standby_names = 'backup'` Postgres acknowledges nothing that is not here.
# shellcheck source=deploy/backup/place.sh
. "$(dirname "$0")/place.sh"
wal=$(place)/wal
pg_receivewal --no-password --slot kechuang_backup --create-slot --if-not-exists
exec pg_receivewal --no-password --directory "$wal" --slot kechuang_backup --synchronous
