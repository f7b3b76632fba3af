#!/bin/bash
# One whole copy of the cluster, verified against its manifest; the newest $KEEP_BASES stay, with the
# log since the oldest of them.
# shellcheck source=deploy/backup/place.sh
. "$(dirname "$0")/place.sh"
place=$(place)
rm -rf "$place"/.new
pg_basebackup --no-password --pgdata "$place/.new" --checkpoint fast --manifest-checksums SHA256
pg_verifybackup --quiet "$place/.new"
# Named by its end: it can be brought to any moment after that, to none before.
copy=$place/base-$(date -u +%Y%m%dT%H%M%SZ)
mv "$place/.new" "$copy"
mapfile -t bases < <(printf "%s\n" "$place"/base-* | sort -r)
for old in "${bases[@]:${KEEP_BASES:-7}}"; do rm -rf "$old"; done
oldest=$(printf "%s\n" "$place"/base-* | sort | head -n 1)
first=$(sed -n 's/^START WAL LOCATION: .* (file \([0-9A-F]*\))$/\1/p' "$oldest/backup_label")
pg_archivecleanup "$place/wal" "$first"
echo "$(basename "$copy"): $(du -sh "$copy" | cut -f 1), verified"
