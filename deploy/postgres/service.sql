-- The database and the roles of one service. Run by psql as a superuser, as often as you like:
--
--   SERVICE=targets MIGRATOR_PASSWORD=… APP_PASSWORD=… READONLY_PASSWORD=… psql -f service.sql
--
-- <service>_owner     owns everything, cannot log in
-- <service>_migrator  logs in to change the schema, acts as the owner
-- <service>_app       reads and writes rows; migrations take UPDATE and DELETE away from it on
--                     the journal and the audit trail
-- <service>_readonly  reads
-- DATABASE names the database when it is not called like the service.
\set ON_ERROR_STOP on
\set QUIET on
\getenv service SERVICE
\getenv migrator_password MIGRATOR_PASSWORD
\getenv app_password APP_PASSWORD
\getenv readonly_password READONLY_PASSWORD
\set database :service
\getenv database DATABASE

-- Passwords must not reach the server's log when a statement is slow or fails.
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';

-- Roles belong to the cluster: two runs at once must not make the same one twice.
SELECT pg_advisory_lock(hashtext('provision')) \g /dev/null

SELECT format('CREATE ROLE %I %s', :'service' || role, kind)
FROM (VALUES ('_owner', 'NOLOGIN'), ('_migrator', 'LOGIN'),
             ('_app', 'LOGIN'), ('_readonly', 'LOGIN')) AS wanted (role, kind)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'service' || role)
\gexec

SELECT format('ALTER ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L',
              :'service' || role, password)
FROM (VALUES ('_migrator', :'migrator_password'), ('_app', :'app_password'),
             ('_readonly', :'readonly_password')) AS login (role, password)
\gexec

SELECT format('GRANT %I TO %I', :'service' || '_owner', :'service' || '_migrator')
\gexec
-- What a migration makes belongs to the owner, whoever ran it.
SELECT format('ALTER ROLE %I SET role = %L', :'service' || '_migrator', :'service' || '_owner')
\gexec
SELECT format('ALTER ROLE %I SET default_transaction_read_only = on', :'service' || '_readonly')
\gexec

SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'service' || '_owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec
SELECT format('ALTER DATABASE %I OWNER TO %I', :'database', :'service' || '_owner')
\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'database')
\gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I, %I, %I', :'database',
              :'service' || '_migrator', :'service' || '_app', :'service' || '_readonly')
\gexec
REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;

\connect :"database"
SET log_statement = 'none';
\set owner :service _owner
\set app :service _app
\set readonly :service _readonly

ALTER SCHEMA public OWNER TO :"owner";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"app", :"readonly";

ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
    GRANT SELECT ON TABLES TO :"readonly";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
    GRANT SELECT ON SEQUENCES TO :"readonly";
