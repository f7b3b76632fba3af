#!/bin/bash
# Let the backup follow the log over the network; run once, when the cluster is made.
set -euo pipefail
echo "host replication kechuang_backup samenet scram-sha-256" >> "$PGDATA/pg_hba.conf"
