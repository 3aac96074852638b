-- The table of a dbd: set, for SQLite.  docs/sets.md says how it is used.
--
--   sqlite3 /var/lib/cors/origins.db <origins.sqlite.sql
--
--   DBDriver  sqlite3
--   DBDParams /var/lib/cors/origins.db
--   DBDMin    0
--   CorsOriginSet tenants "dbd:SELECT origin FROM cors_api" \
--       "version=SELECT version FROM cors_version"
--
-- The user that httpd runs as must be able to read the file, and to write
-- neither the file nor its folder.

BEGIN;

-- One row for each origin of a service.  The checks refuse much of what mod_cors
-- would leave out: a slash at the end, capital letters, a port that is the
-- default.
CREATE TABLE cors_origin (
    service text NOT NULL,
    origin  text NOT NULL
        CHECK (length(origin) <= 326)
        CHECK (origin GLOB '[a-z]*://?*')
        CHECK (origin NOT GLOB '*[^]a-z0-9+.:/_*[-]*')
        CHECK (origin NOT GLOB '*://*/*')
        CHECK (origin NOT GLOB 'http://*:80' AND origin NOT GLOB 'https://*:443'),
    added   text NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (service, origin)
) WITHOUT ROWID;

-- A number that changes with every change of the table: as long as it is the
-- same, servers don't read the rows.
CREATE TABLE cors_version (
    only_row integer PRIMARY KEY CHECK (only_row = 1),
    version  integer NOT NULL
);
INSERT INTO cors_version VALUES (1, 1);

CREATE TRIGGER cors_inserted AFTER INSERT ON cors_origin
BEGIN UPDATE cors_version SET version = version + 1; END;
CREATE TRIGGER cors_updated AFTER UPDATE ON cors_origin
BEGIN UPDATE cors_version SET version = version + 1; END;
CREATE TRIGGER cors_deleted AFTER DELETE ON cors_origin
BEGIN UPDATE cors_version SET version = version + 1; END;

CREATE VIEW cors_api AS
    SELECT origin FROM cors_origin WHERE service = 'api';

COMMIT;
