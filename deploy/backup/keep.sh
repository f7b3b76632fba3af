#!/bin/bash
# What runs beside Postgres: the log without end, a copy at the start when there is none and then
# every $BASE_EVERY seconds. It ends, to be started again, when the log can no longer be followed.
# shellcheck source=deploy/backup/place.sh
. "$(dirname "$0")/place.sh"
here=$(dirname "$0")
"$here/wal.sh" &
wal=$!
trap 'kill "$wal"; wait "$wal"; exit 0' TERM INT
while kill -0 "$wal" 2> /dev/null; do
  newest=$(find "$(place)" -maxdepth 1 -name 'base-*' -mmin "-$((${BASE_EVERY:-86400} / 60))" | head -n 1)
  [ -n "$newest" ] || "$here/base.sh"
  date +%s > /tmp/kept
  sleep 10 &
  wait -n "$!" "$wal" || true
done
wait "$wal"
