-- schema_to_2.sql - from schema version 1 to 2: the life of territories, and
-- who a customer belongs to.  Never changed once a release has it.
ALTER TABLE territory_version ADD COLUMN made_from INTEGER;
ALTER TABLE territory_version ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE territory_version ADD COLUMN bound_json TEXT;

CREATE TRIGGER territory_version_one BEFORE INSERT ON territory_version
WHEN NEW.state IN ('active', 'retired') AND NEW.from_date IS NOT NULL
AND EXISTS(SELECT 1 FROM territory_version v
           WHERE v.state IN ('active', 'retired') AND v.from_date IS NOT NULL
             AND (NEW.to_date IS NULL OR v.from_date < NEW.to_date)
             AND (v.to_date IS NULL OR NEW.from_date < v.to_date))
BEGIN
  SELECT RAISE(ABORT, 'two versions of territories on one date');
END;
CREATE TRIGGER territory_version_one_update BEFORE UPDATE ON territory_version
WHEN NEW.state IN ('active', 'retired') AND NEW.from_date IS NOT NULL
AND EXISTS(SELECT 1 FROM territory_version v WHERE v.id <> OLD.id
             AND v.state IN ('active', 'retired') AND v.from_date IS NOT NULL
             AND (NEW.to_date IS NULL OR v.from_date < NEW.to_date)
             AND (v.to_date IS NULL OR NEW.from_date < v.to_date))
BEGIN
  SELECT RAISE(ABORT, 'two versions of territories on one date');
END;

CREATE TABLE territory_measure(
  territory_version_id INTEGER NOT NULL
    REFERENCES territory_version(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,            -- 'workload_s', 'targets', 'value_fen', ...
  tolerance REAL,                -- as a ratio; NULL: none
  PRIMARY KEY(territory_version_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE territory_cell_activity(
  territory_version_id INTEGER NOT NULL
    REFERENCES territory_version(id) ON DELETE CASCADE,
  cell_id INTEGER NOT NULL REFERENCES cell(id),
  number INTEGER NOT NULL,       -- of territory_measure
  activity REAL NOT NULL,
  PRIMARY KEY(territory_version_id, cell_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE territory_activity(
  territory_id INTEGER NOT NULL REFERENCES territory(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,       -- of territory_measure
  activity REAL NOT NULL,
  fair REAL NOT NULL,
  PRIMARY KEY(territory_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE territory_rule(
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK(kind IN ('lock', 'freeze', 'apart', 'barred')),
  cell_set_id INTEGER REFERENCES cell_set(id) ON DELETE SET NULL,
  cell_ref TEXT, lon_deg REAL, lat_deg REAL,
  other_ref TEXT, other_lon_deg REAL, other_lat_deg REAL,
  territory_ref TEXT,
  manager_id INTEGER REFERENCES manager(id),
  since TEXT,                    -- the day that was given with it
  reason TEXT NOT NULL DEFAULT '',
  CHECK((cell_ref IS NULL) = (kind = 'freeze')),
  CHECK((other_ref IS NOT NULL) = (kind = 'apart')),
  CHECK((manager_id IS NOT NULL) = (kind = 'barred')),
  CHECK(kind <> 'freeze' OR territory_ref IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX territory_rule_key ON territory_rule(kind,
  coalesce(cell_ref, territory_ref), coalesce(other_ref, ''),
  coalesce(manager_id, 0), coalesce(cell_set_id, 0));

CREATE TABLE customer_relation(
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  manager_id INTEGER NOT NULL REFERENCES manager(id),
  role TEXT NOT NULL CHECK(role IN ('lead', 'assist')),
  comes_along INTEGER NOT NULL DEFAULT 0 CHECK(comes_along IN (0, 1)),
  UNIQUE(customer_id, manager_id)
) STRICT;
CREATE INDEX customer_relation_manager ON customer_relation(manager_id);
CREATE UNIQUE INDEX customer_relation_lead ON customer_relation(customer_id)
  WHERE role = 'lead';

CREATE TABLE customer_assignment(
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL UNIQUE REFERENCES customer(id),
  manager_id INTEGER NOT NULL REFERENCES manager(id),
  reason TEXT NOT NULL,
  from_date TEXT,                -- NULL: always
  to_date TEXT                   -- the first day no more; NULL: open
) STRICT;
CREATE INDEX customer_assignment_manager ON customer_assignment(manager_id);

CREATE TABLE lead(
  id INTEGER PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,
  day TEXT NOT NULL,             -- whose territories on that day
  manager_id INTEGER NOT NULL REFERENCES manager(id),
  territory_ref TEXT NOT NULL,
  cell_ref TEXT NOT NULL,
  reason TEXT NOT NULL,          -- gb_point_reason_name()
  lon_deg REAL NOT NULL, lat_deg REAL NOT NULL
) STRICT;
CREATE INDEX lead_manager ON lead(manager_id);

