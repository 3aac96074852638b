-- The table of a dbd: set, for PostgreSQL.  docs/sets.md says how it is used.
--
--   psql -f origins.postgresql.sql
--   psql -c "ALTER ROLE cors PASSWORD '...'"
--
--   DBDriver  pgsql
--   DBDParams "host=... dbname=... user=cors password=... connect_timeout=2"
--   DBDMin    0
--   CorsOriginSet tenants "dbd:SELECT origin FROM cors_api" \
--       "version=SELECT version FROM cors_version"

BEGIN;

-- One row for each origin of a service.  The checks refuse what mod_cors would
-- leave out: a slash at the end, capital letters, a port that is the default.
CREATE TABLE cors_origin (
    service text NOT NULL,
    origin  text NOT NULL
        CHECK (octet_length(origin) <= 326)
        CHECK (origin ~ '^[a-z][a-z0-9+.-]*://(\*\.)?(\[[0-9a-f:]+\]|[a-z0-9_-]+(\.[a-z0-9_-]+)*)(:([1-9][0-9]{0,4}|\*))?$')
        CHECK (origin !~ '^(http://.*:80|https://.*:443)$'),
    added   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service, origin)
);

-- A number that changes with every change of the table: as long as it is the
-- same, servers don't read the rows.
CREATE TABLE cors_version (
    only_row boolean PRIMARY KEY CHECK (only_row),
    version  bigint NOT NULL
);
INSERT INTO cors_version VALUES (true, 1);

-- Runs with the rights of its owner: whoever may change the origins needs none
-- for the number.
CREATE FUNCTION cors_changed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE cors_version SET version = version + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER cors_changed
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cors_origin
    FOR EACH STATEMENT EXECUTE PROCEDURE cors_changed();

-- All that httpd may see: the origins of one service, and the number.
CREATE VIEW cors_api AS
    SELECT origin FROM cors_origin WHERE service = 'api';
CREATE ROLE cors LOGIN;
GRANT SELECT ON cors_api, cors_version TO cors;

COMMIT;
