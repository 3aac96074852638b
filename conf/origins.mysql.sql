-- The table of a dbd: set, for MySQL from 8.0.16 on and MariaDB.  docs/sets.md
-- says how it is used.
--
--   mysql cors <origins.mysql.sql
--   mysql -e "CREATE USER cors IDENTIFIED BY '...';
--       GRANT SELECT ON cors.cors_api TO cors;
--       GRANT SELECT ON cors.cors_version TO cors"
--
--   DBDriver  mysql
--   DBDParams host=...,dbname=cors,user=cors,pass=...
--   DBDMin    0
--   CorsOriginSet tenants "dbd:SELECT origin FROM cors_api" \
--       "version=SELECT version FROM cors_version"

-- One row for each origin of a service.  The checks refuse what mod_cors would
-- leave out: a slash at the end, capital letters, a port that is the default.
CREATE TABLE cors_origin (
    service varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    origin  varchar(326) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    added   timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (service, origin),
    CHECK (origin REGEXP '^[a-z][a-z0-9+.-]*://([*][.])?([[][0-9a-f:]+]|[a-z0-9_-]+([.][a-z0-9_-]+)*)(:([1-9][0-9]{0,4}|[*]))?$'),
    CHECK (origin NOT LIKE 'http://%:80'),
    CHECK (origin NOT LIKE 'https://%:443')
);

-- A number that changes with every change of the table: as long as it is the
-- same, servers don't read the rows.  MySQL runs no trigger for TRUNCATE: write
-- DELETE FROM cors_origin.
CREATE TABLE cors_version (
    only_row int PRIMARY KEY CHECK (only_row = 1),
    version  bigint NOT NULL
);
INSERT INTO cors_version VALUES (1, 1);

CREATE TRIGGER cors_inserted AFTER INSERT ON cors_origin
    FOR EACH ROW UPDATE cors_version SET version = version + 1;
CREATE TRIGGER cors_updated AFTER UPDATE ON cors_origin
    FOR EACH ROW UPDATE cors_version SET version = version + 1;
CREATE TRIGGER cors_deleted AFTER DELETE ON cors_origin
    FOR EACH ROW UPDATE cors_version SET version = version + 1;

-- All that httpd may see: the origins of one service, and the number.
CREATE VIEW cors_api AS
    SELECT origin FROM cors_origin WHERE service = 'api';
