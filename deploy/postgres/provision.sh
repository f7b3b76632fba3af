#!/bin/bash
# Every service's database, roles and passwords, by service.sql; run it as often as you like.
set -euo pipefail
# shellcheck source=/dev/null
. /run/secrets/postgres_logins
PGPASSWORD=$(cat /run/secrets/postgres_superuser)
export PGPASSWORD PGHOST=postgres PGUSER=postgres PGDATABASE=postgres
for service in targets funding parks supervision gateway; do
  migrator=${service}_migrator app=${service}_app readonly=${service}_readonly
  SERVICE=$service MIGRATOR_PASSWORD=${!migrator} APP_PASSWORD=${!app} READONLY_PASSWORD=${!readonly} \
    psql --no-psqlrc --quiet --file /provision/service.sql
done
# Reads the log and copies the cluster; no table.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set password="$(cat /run/secrets/postgres_backup)" <<'SQL'
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SELECT 'CREATE ROLE kechuang_backup LOGIN REPLICATION'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kechuang_backup') \gexec
ALTER ROLE kechuang_backup PASSWORD :'password';
SQL
