#!/bin/bash
# Where the backups of this cluster lie: $BACKUPS/<system>-<timeline>, with `wal` and `base-<time>`.
# A restored cluster is on a timeline of its own, and so are its backups. Sourced by the others.
# Connection: PGHOST, PGUSER, PGPASSWORD or PASSWORD_FILE, a role with REPLICATION.
set -euo pipefail
: "${BACKUPS:?the directory of the backups}"
if [ -n "${PASSWORD_FILE:-}" ]; then
  PGPASSWORD=$(cat "$PASSWORD_FILE")
  export PGPASSWORD
fi
export PGAPPNAME=backup

place() {
  local system timeline
  IFS='|' read -r system timeline _ < <(
    psql --no-psqlrc -At "replication=yes dbname=postgres" -c IDENTIFY_SYSTEM)
  mkdir -p "$BACKUPS/$system-$timeline/wal"
  echo "$BACKUPS/$system-$timeline"
}
