#!/bin/bash
# Make the cluster in the empty directory $PGDATA from the newest copy and everything that was logged
# since; the next start of Postgres replays it. RESTORE_TO stops at a moment ('2026-03-01 12:00:00+08').
set -euo pipefail
: "${BACKUPS:?the directory of the backups}" "${PGDATA:?the directory to restore into}"
if [ -e "$PGDATA" ] && [ -n "$(ls -A "$PGDATA")" ]; then
  echo "$PGDATA is not empty: nothing is written over a cluster that may be the better one" >&2
  exit 1
fi
# The last copy; to be brought to a moment, the last one from before it.
until=9
if [ -n "${RESTORE_TO:-}" ]; then until=$(date -u -d "$RESTORE_TO" +%Y%m%dT%H%M%SZ); fi
base=$(printf "%s\n" "$BACKUPS"/*-*/base-* | sort -t - -k 2n -k 3 \
  | awk -F/base- -v until="$until" '$NF < until' | tail -n 1)
if [ ! -d "$base" ]; then
  echo "there is no copy in $BACKUPS${RESTORE_TO:+ from before $RESTORE_TO}" >&2
  exit 1
fi
wal=$(dirname "$base")/wal
mkdir -p "$PGDATA"
cp -a "$base/." "$PGDATA"
chmod 0700 "$PGDATA"
{
  echo "restore_command = 'cp \"$wal/%f\" \"%p\" 2>/dev/null || cp \"$wal/%f.partial\" \"%p\"'"
  echo "recovery_target_timeline = 'current'"
  if [ -n "${RESTORE_TO:-}" ]; then
    echo "recovery_target_time = '$RESTORE_TO'"
    echo "recovery_target_action = 'promote'"
  fi
} >> "$PGDATA/postgresql.auto.conf"
touch "$PGDATA/recovery.signal"
echo "restored $(basename "$base") and the log since into $PGDATA"
