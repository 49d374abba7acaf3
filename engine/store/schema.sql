-- schema.sql - the workspace, schema version 3 (schema_to_2.sql and
-- schema_to_3.sql bring the first one there).
--
-- One SpatiaLite file that any reader of SpatiaLite opens.  Read from the top:
-- who works (org to calendar_day), what is sold and said (product to holding),
-- where (place, area, customer), whom (segment, grade, target), how dense, the
-- ground (cell, territory), the plan.
--
-- Habits:
--   * id is ours, small and stable inside a file; ref is the CRM's, opaque;
--   * dates are 'YYYY-MM-DD', times of day whole seconds after midnight,
--     money whole fen, flags 0 or 1; the unit is part of the name;
--   * NULL means unknown;
--   * geom of customers, places, branches, areas, routes and stops is WGS 84
--     (4326); that of cells and territories is the workspace's projected
--     system (setting 'epsg'), so that shared borders are exact.  The geometry
--     columns are registered by store_schema.c, which also makes the spatial
--     indexes, after the first load;
--   * nothing here holds a wall-clock time but import_run and step_run, so the
--     same inputs make the same rows.

-- What the workspace as a whole is set to: epsg, timezone, as_of, datum, ...
CREATE TABLE setting(
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A log of loads: the only place, with step_run, that knows the clock.
CREATE TABLE import_run(
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,              -- UTC, 'YYYY-MM-DDTHH:MM:SSZ'
  kind TEXT NOT NULL,
  file TEXT NOT NULL,            -- its name, without folders
  sha256 TEXT,                   -- where a manifest told it
  datum TEXT,
  n_rows INTEGER NOT NULL,
  n_loaded INTEGER NOT NULL,     -- new
  n_changed INTEGER NOT NULL,
  n_unchanged INTEGER NOT NULL,
  n_rejected INTEGER NOT NULL
) STRICT;

CREATE TABLE import_reason(
  import_run_id INTEGER NOT NULL REFERENCES import_run(id) ON DELETE CASCADE,
  code INTEGER NOT NULL,         -- 3107: error E3107
  column_name TEXT NOT NULL DEFAULT '',
  n_rows INTEGER NOT NULL,
  first_line INTEGER NOT NULL,
  PRIMARY KEY(import_run_id, code, column_name)
) STRICT, WITHOUT ROWID;

-- Steps of a night that were finished, for resume and for the curious.
CREATE TABLE step_run(
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  step TEXT NOT NULL,            -- select, score, territory, plan, ...
  as_of TEXT NOT NULL,
  input_digest TEXT NOT NULL DEFAULT '', -- equal digest: nothing to do again
  summary_json TEXT NOT NULL DEFAULT '{}'
) STRICT;

-- The bank's levels, a tree of any depth.
CREATE TABLE org(
  id INTEGER PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,
  parent_id INTEGER REFERENCES org(id),
  level TEXT,
  name TEXT
) STRICT;
CREATE INDEX org_parent ON org(parent_id);

CREATE TABLE branch(
  id INTEGER PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,
  org_id INTEGER REFERENCES org(id),
  name TEXT,
  datum TEXT NOT NULL,           -- what the file came in; geom is WGS 84
  geom BLOB NOT NULL             -- POINT 4326
) STRICT;
CREATE INDEX branch_org ON branch(org_id);

CREATE TABLE manager(
  id INTEGER PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,
  branch_id INTEGER NOT NULL REFERENCES branch(id),
  mode TEXT NOT NULL CHECK(mode IN ('foot', 'ebike', 'car')),
  shift_start_s INTEGER NOT NULL,
  shift_end_s INTEGER NOT NULL CHECK(shift_end_s > shift_start_s),
  break_from_s INTEGER,          -- the break lies within [from, to]
  break_to_s INTEGER,
  break_s INTEGER,
  hired_on TEXT
) STRICT;
CREATE INDEX manager_branch ON manager(branch_id);

-- manager_id NULL: everybody.  A day without a line works Monday to Friday; a
-- manager's line beats everybody's.
CREATE TABLE calendar_day(
  id INTEGER PRIMARY KEY,
  day TEXT NOT NULL,
  manager_id INTEGER REFERENCES manager(id),
  is_working INTEGER NOT NULL CHECK(is_working IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX calendar_day_key ON calendar_day(day, coalesce(manager_id, 0));

CREATE TABLE product(
  id INTEGER PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,
  name TEXT,
  kind TEXT NOT NULL CHECK(kind IN ('deposit', 'wealth', 'fund', 'insurance',
                                    'loan', 'card', 'pos', 'ebank')),
  complexity TEXT NOT NULL DEFAULT 'standard'
    CHECK(complexity IN ('standard', 'complex'))
) STRICT;

CREATE TABLE tag(
  id INTEGER PRIMARY KEY,
  tag TEXT NOT NULL UNIQUE,
  title_zh TEXT,
  title_en TEXT,
  allowed_values TEXT            -- separated by ';'; NULL: the tag has none
) STRICT;

-- A compound, building or market: many customers, one access time.
CREATE TABLE place(
  id INTEGER PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK(kind IN ('compound', 'building', 'market')),
  name TEXT,
  access_s INTEGER NOT NULL DEFAULT 0, -- once a visit to the place
  datum TEXT NOT NULL,
  gate BLOB,                     -- POINT 4326 where one enters; NULL: geom
  geom BLOB NOT NULL             -- POINT 4326
) STRICT;

-- The polygon of a place that has one: territories never cut it.
CREATE TABLE place_outline(
  id INTEGER PRIMARY KEY,
  place_id INTEGER NOT NULL UNIQUE REFERENCES place(id),
  datum TEXT NOT NULL,
  geom BLOB NOT NULL             -- MULTIPOLYGON 4326
) STRICT;

-- Named polygons for rules: within_area('...').
CREATE TABLE area(
  id INTEGER PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,
  name TEXT,
  datum TEXT NOT NULL,
  geom BLOB NOT NULL             -- MULTIPOLYGON 4326
) STRICT;

CREATE TABLE customer(
  id INTEGER PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE,
  branch_id INTEGER NOT NULL REFERENCES branch(id),
  place_id INTEGER REFERENCES place(id),
  manager_id INTEGER REFERENCES manager(id), -- who looks after the customer
  balance_fen INTEGER NOT NULL,
  peak_24m_fen INTEGER,
  last_txn_on TEXT,              -- the last one that the customer started
  opened_on TEXT,
  do_not_visit INTEGER NOT NULL DEFAULT 0 CHECK(do_not_visit IN (0, 1)),
  reach_sms INTEGER CHECK(reach_sms IN (0, 1)),
  window_from_s INTEGER,         -- when a visit is welcome
  window_to_s INTEGER,
  service_s INTEGER,
  accuracy TEXT NOT NULL CHECK(accuracy IN ('exact', 'building', 'compound',
                                            'street', 'district', 'none')),
  located_by TEXT NOT NULL CHECK(located_by IN ('own', 'place', 'none')),
  datum TEXT,                    -- of the file, where the location is its own
  geom BLOB,                     -- POINT 4326; that of the place without one
  fees_12m_fen INTEGER,          -- what he paid us in the last twelve months
  promised_on TEXT               -- by when he asked to be seen, or was told
) STRICT;
CREATE INDEX customer_branch ON customer(branch_id);
CREATE INDEX customer_place ON customer(place_id) WHERE place_id IS NOT NULL;
CREATE INDEX customer_manager ON customer(manager_id)
  WHERE manager_id IS NOT NULL;

-- value '': the tag alone.
CREATE TABLE customer_tag(
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  tag_id INTEGER NOT NULL REFERENCES tag(id),
  value TEXT NOT NULL DEFAULT '',
  PRIMARY KEY(customer_id, tag_id, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_tag_tag ON customer_tag(tag_id, value);

-- Products held, past ones too: closed_on is set when it ended.
CREATE TABLE holding(
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  product_id INTEGER NOT NULL REFERENCES product(id),
  amount_fen INTEGER,
  opened_on TEXT NOT NULL,
  matures_on TEXT,
  closed_on TEXT,
  UNIQUE(customer_id, product_id, opened_on)
) STRICT;
CREATE INDEX holding_matures ON holding(matures_on)
  WHERE matures_on IS NOT NULL;

-- A visit that must take place.
CREATE TABLE appointment(
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  day TEXT NOT NULL,
  from_s INTEGER NOT NULL,
  to_s INTEGER NOT NULL CHECK(to_s > from_s),
  manager_id INTEGER REFERENCES manager(id), -- NULL: whose the customer is
  UNIQUE(customer_id, day, from_s)
) STRICT;
CREATE INDEX appointment_day ON appointment(day);

-- A rule set is a name; its versions are never changed, only followed.  Those
-- that ship with the library are stored when they are first used.
CREATE TABLE segment(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK(kind IN ('segment', 'grades', 'channels', 'must')),
  title_zh TEXT,
  title_en TEXT
) STRICT;

CREATE TABLE segment_version(
  id INTEGER PRIMARY KEY,
  segment_id INTEGER NOT NULL REFERENCES segment(id),
  version INTEGER NOT NULL,
  is_shipped INTEGER NOT NULL CHECK(is_shipped IN (0, 1)),
  rules_json TEXT NOT NULL,      -- as in gridbeat/segment.h
  UNIQUE(segment_id, version)
) STRICT;

CREATE TABLE segment_run(
  id INTEGER PRIMARY KEY,
  segment_version_id INTEGER NOT NULL REFERENCES segment_version(id),
  as_of TEXT NOT NULL,
  n_seen INTEGER NOT NULL,       -- customers looked at
  n_unknown INTEGER NOT NULL,    -- neither in nor out: data are missing
  n_members INTEGER NOT NULL,
  n_entered INTEGER NOT NULL,    -- against the run before of that segment
  n_left INTEGER NOT NULL,
  waterfall_json TEXT NOT NULL DEFAULT '[]',
  UNIQUE(segment_version_id, as_of)
) STRICT;

-- Members of a segment over time: a row a stay.  Entered at `since`, left at
-- `until` (NULL: still in); a customer may come back, with another row.
CREATE TABLE segment_member(
  segment_id INTEGER NOT NULL REFERENCES segment(id),
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  since TEXT NOT NULL,
  until TEXT,
  PRIMARY KEY(segment_id, customer_id, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX segment_member_customer ON segment_member(customer_id);

-- The grade of every customer, from the last grading, with its reason.
CREATE TABLE customer_grade(
  customer_id INTEGER PRIMARY KEY REFERENCES customer(id),
  segment_version_id INTEGER NOT NULL REFERENCES segment_version(id),
  grade TEXT NOT NULL,           -- 'A', 'B', 'C', ... any number, any name
  clause TEXT NOT NULL,          -- the name of the clause that gave it
  since TEXT NOT NULL            -- the as-of date on which it was given
) STRICT;

-- Visits that took place, as far as counts need them.
CREATE TABLE visit(
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  manager_id INTEGER REFERENCES manager(id),
  day TEXT NOT NULL,
  outcome TEXT CHECK(outcome IN ('met', 'absent', 'refused')),
  at_s INTEGER CHECK(at_s BETWEEN 0 AND 86400), -- when somebody stood there
  UNIQUE(customer_id, day)
) STRICT;
CREATE INDEX visit_customer ON visit(customer_id, day);

-- What the visits taught about when customers are met: the last plan's.
CREATE TABLE presence_run(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  as_of TEXT NOT NULL,           -- visits before this day
  n_visits INTEGER NOT NULL,     -- with their hour
  n_met INTEGER NOT NULL,
  n_untimed INTEGER NOT NULL,    -- visits that say nothing: without hour
  half_life_days REAL NOT NULL,
  slots_json TEXT NOT NULL,      -- borders in seconds after midnight
  profiles_json TEXT NOT NULL,   -- names of the card's profiles
  strengths_json TEXT NOT NULL   -- visits that each level leans on
) STRICT;

-- By how much a unit's odds of a meeting are other than those of the level
-- above it: in all (from_s -1), and further in a slot on a kind of day.
CREATE TABLE presence_odds(
  level TEXT NOT NULL CHECK(level IN ('all', 'segment', 'place', 'customer')),
  unit_id INTEGER NOT NULL,      -- 0; the profile's number; place; customer,
                                 -- of the customers those who are targets
  day_kind TEXT NOT NULL CHECK(day_kind IN ('any', 'workday', 'off')),
  from_s INTEGER NOT NULL,       -- where the slot begins; -1: all day
  visits REAL NOT NULL,          -- weighed by age
  met REAL NOT NULL,
  odds REAL NOT NULL CHECK(odds > 0),
  PRIMARY KEY(level, unit_id, day_kind, from_s)
) STRICT, WITHOUT ROWID;

-- Whom a segment selected on a date, with what follows from it.
CREATE TABLE target(
  id INTEGER PRIMARY KEY,
  as_of TEXT NOT NULL,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  segment_version_id INTEGER NOT NULL REFERENCES segment_version(id),
  grade TEXT,                    -- NULL: no grading clause held
  grade_clause TEXT,             -- the name of the clause that gave it
  channel TEXT,                  -- visit, sms, none; NULL: not routed yet
  channel_rule TEXT,             -- the name of the rule that routed it
  assist TEXT,                   -- a channel that helps, or NULL
  suggest TEXT,                  -- "assign_manager", or NULL
  must_rule TEXT,                -- the rule that makes it a must, or NULL
  score INTEGER,                 -- prize points; NULL: not scored yet
  score_parts_json TEXT,         -- {"value": 310, "dormancy": 120, ...}
  score_facts_json TEXT,         -- what the card saw: {"balance_fen": 1, ...}
  UNIQUE(as_of, customer_id)
) STRICT;
CREATE INDEX target_customer ON target(customer_id);

-- What a visit to a target is worth, and why: beside `score`, which is the
-- points.  Parts: {"contribution": {"balance": 1200, ...}, "at_stake": {...},
-- "loyalty": {...}, "urgency": {...}}.
CREATE TABLE target_value(
  target_id INTEGER PRIMARY KEY REFERENCES target(id) ON DELETE CASCADE,
  card_points INTEGER NOT NULL,  -- what score_parts_json adds up to
  chance REAL,                   -- as used; NULL: the card has no scale
  card_chance REAL,              -- as the card has it, before calibration
  contribution_fen INTEGER NOT NULL, -- a year, now
  at_stake_fen INTEGER NOT NULL, -- a year, decided by the visit
  urgency REAL NOT NULL,
  loyalty INTEGER,               -- 0 to 1000; NULL: the card has no model
  box TEXT,                      -- of the matrix, or NULL
  parts_json TEXT NOT NULL
) STRICT;

-- The same of every customer, from the last run of `score matrix`.
CREATE TABLE customer_value(
  customer_id INTEGER PRIMARY KEY REFERENCES customer(id),
  as_of TEXT NOT NULL,
  contribution_fen INTEGER NOT NULL,
  at_stake_fen INTEGER NOT NULL,
  loyalty INTEGER,
  box TEXT
) STRICT;

-- Customers parted into tiers under a name; by a number, or by rules.
CREATE TABLE tiering(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE tier_run(
  id INTEGER PRIMARY KEY,
  tiering_id INTEGER NOT NULL REFERENCES tiering(id),
  as_of TEXT NOT NULL,
  definition_json TEXT NOT NULL, -- {"by": "score", "tiers": "A=20%,B", ...}
  tiers_json TEXT NOT NULL,      -- the highest first, with counts and borders
  n_ranked INTEGER NOT NULL,     -- customers whose number is known
  n_none INTEGER NOT NULL,       -- looked at, and in no tier
  UNIQUE(tiering_id, as_of)
) STRICT;

-- A row a stay in a tier, as segment_member; value, rank and clause are those
-- of the last run within it.
CREATE TABLE tier_stay(
  tiering_id INTEGER NOT NULL REFERENCES tiering(id),
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  since TEXT NOT NULL,
  until TEXT,
  tier TEXT NOT NULL,
  value REAL,                    -- the number; NULL of rules
  rank INTEGER,                  -- 1 the highest; NULL of rules
  clause TEXT,                   -- that gave the tier; NULL of numbers
  PRIMARY KEY(tiering_id, customer_id, since)
) STRICT, WITHOUT ROWID;

-- The cards that targets were scored by, each text once, and when.
CREATE TABLE score_card(
  id INTEGER PRIMARY KEY,
  json TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE score_run(
  as_of TEXT PRIMARY KEY,
  score_card_id INTEGER NOT NULL REFERENCES score_card(id)
) STRICT, WITHOUT ROWID;

-- What was tried on whom, drawn by chance, and what came of it: offered to
-- the plan for a visit, or held out to compare those with.  A customer has one
-- at a time.
CREATE TABLE trial(
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  day TEXT NOT NULL,             -- when it was drawn
  until TEXT NOT NULL,           -- the last day that counts
  segment TEXT NOT NULL,
  strategy TEXT NOT NULL,        -- how he was to be approached
  grade TEXT NOT NULL,
  is_held_out INTEGER NOT NULL CHECK(is_held_out IN (0, 1)),
  propensity REAL NOT NULL CHECK(propensity > 0 AND propensity <= 1),
                                 -- with which it was drawn as it was
  score INTEGER NOT NULL,
  chance REAL CHECK(chance BETWEEN 0 AND 1), -- foretold, uncalibrated
  is_visited INTEGER CHECK(is_visited IN (0, 1)), -- by `until`
  is_met INTEGER CHECK(is_met IN (0, 1)),
  is_active INTEGER CHECK(is_active IN (0, 1)), -- started a transaction
  settled_on TEXT,               -- NULL: open; settled, is_active NULL: not
                                 -- to be known
  UNIQUE(customer_id, day)
) STRICT;
CREATE INDEX trial_open ON trial(customer_id) WHERE settled_on IS NULL;

-- What came of a visit: the same for each by itself.
CREATE TABLE visit_result(
  visit_id INTEGER PRIMARY KEY REFERENCES visit(id) ON DELETE CASCADE,
  until TEXT NOT NULL,
  segment TEXT NOT NULL,         -- '': none that day
  strategy TEXT NOT NULL,
  score INTEGER,
  chance REAL CHECK(chance BETWEEN 0 AND 1),
  is_active INTEGER CHECK(is_active IN (0, 1)),
  settled_on TEXT
) STRICT;
CREATE INDEX visit_result_open ON visit_result(until) WHERE settled_on IS NULL;

-- A kernel density of dormant customers: values on the cells, or a raster.
CREATE TABLE density_layer(
  id INTEGER PRIMARY KEY,
  as_of TEXT NOT NULL,
  name TEXT NOT NULL,
  kernel TEXT NOT NULL,
  bandwidth_m REAL NOT NULL,
  n_points INTEGER NOT NULL,
  weight TEXT NOT NULL DEFAULT 'count', -- what a customer weighs: count, fen
  epsg INTEGER,                  -- of the raster; NULL for values on cells
  min_x_m REAL, min_y_m REAL,    -- its south-west corner
  pixel_m REAL, n_columns INTEGER, n_rows INTEGER,
  UNIQUE(as_of, name)
) STRICT;

-- A raster row, from the south: n_columns little-endian doubles, a km2.
CREATE TABLE density_row(
  density_layer_id INTEGER NOT NULL
    REFERENCES density_layer(id) ON DELETE CASCADE,
  row INTEGER NOT NULL,
  per_km2 BLOB NOT NULL,
  PRIMARY KEY(density_layer_id, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE density_cell(
  density_layer_id INTEGER NOT NULL
    REFERENCES density_layer(id) ON DELETE CASCADE,
  cell_id INTEGER NOT NULL REFERENCES cell(id) ON DELETE CASCADE,
  per_km2 REAL NOT NULL,
  PRIMARY KEY(density_layer_id, cell_id)
) STRICT, WITHOUT ROWID;

-- Hot and cold spots among the cells (gridbeat/spots.h): one measure by one
-- statistic.
CREATE TABLE spot_layer(
  id INTEGER PRIMARY KEY,
  as_of TEXT NOT NULL,
  name TEXT NOT NULL,            -- of what: 'dormant', 'value', 'share'
  stat TEXT NOT NULL CHECK(stat IN ('gistar', 'moran')),
  level REAL NOT NULL,           -- the rate of false discoveries
  UNIQUE(as_of, name, stat)
) STRICT;

CREATE TABLE spot_cell(
  spot_layer_id INTEGER NOT NULL
    REFERENCES spot_layer(id) ON DELETE CASCADE,
  cell_id INTEGER NOT NULL REFERENCES cell(id) ON DELETE CASCADE,
  value REAL,                    -- what was compared; NULL: unknown
  z REAL, p REAL, p_fdr REAL,    -- p two-sided, then corrected
  class TEXT NOT NULL,
  PRIMARY KEY(spot_layer_id, cell_id)
) STRICT, WITHOUT ROWID;

-- Heaps of targets (DBSCAN), numbered by size.
CREATE TABLE spot_cluster(
  id INTEGER PRIMARY KEY,
  as_of TEXT NOT NULL,
  number INTEGER NOT NULL,       -- 1, 2, ...
  radius_m REAL NOT NULL,
  min_points INTEGER NOT NULL,
  area_m2 REAL NOT NULL,         -- of the outline
  geom BLOB NOT NULL,            -- MULTIPOLYGON 4326, the outline
  UNIQUE(as_of, number)
) STRICT;

CREATE TABLE spot_cluster_target(
  spot_cluster_id INTEGER NOT NULL
    REFERENCES spot_cluster(id) ON DELETE CASCADE,
  target_id INTEGER NOT NULL UNIQUE REFERENCES target(id) ON DELETE CASCADE,
  PRIMARY KEY(spot_cluster_id, target_id)
) STRICT, WITHOUT ROWID;

-- One making of the basic areas: from the user's polygons or from the roads.
CREATE TABLE cell_set(
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL CHECK(source IN ('given', 'roads', 'raster')),
  is_active INTEGER NOT NULL DEFAULT 0 CHECK(is_active IN (0, 1)),
  input_digest TEXT NOT NULL DEFAULT '',
  region BLOB                    -- MULTIPOLYGON that the cells part, as saved
) STRICT;
CREATE UNIQUE INDEX cell_set_active ON cell_set(is_active) WHERE is_active;

CREATE TABLE cell(
  id INTEGER PRIMARY KEY,
  cell_set_id INTEGER NOT NULL REFERENCES cell_set(id) ON DELETE CASCADE,
  ref TEXT NOT NULL,
  area_m2 REAL,
  geom BLOB NOT NULL,            -- MULTIPOLYGON in the workspace's epsg
  UNIQUE(cell_set_id, ref)
) STRICT;

-- Shared borders, each pair once: cell_id < neighbour_id.
CREATE TABLE cell_neighbour(
  cell_id INTEGER NOT NULL REFERENCES cell(id) ON DELETE CASCADE,
  neighbour_id INTEGER NOT NULL REFERENCES cell(id) ON DELETE CASCADE,
  border_m REAL NOT NULL,
  PRIMARY KEY(cell_id, neighbour_id),
  CHECK(cell_id < neighbour_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cell_neighbour_back ON cell_neighbour(neighbour_id);

-- The customers' own places on the ground, kept so that "who is in this
-- territory" needs no geometry.
CREATE TABLE customer_cell(
  cell_set_id INTEGER NOT NULL REFERENCES cell_set(id) ON DELETE CASCADE,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  cell_id INTEGER NOT NULL REFERENCES cell(id) ON DELETE CASCADE,
  PRIMARY KEY(cell_set_id, customer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_cell_cell ON customer_cell(cell_id);

-- Territories come in versions; one is active on any date.
CREATE TABLE territory_version(
  id INTEGER PRIMARY KEY,
  cell_set_id INTEGER NOT NULL REFERENCES cell_set(id),
  state TEXT NOT NULL
    CHECK(state IN ('draft', 'approved', 'active', 'retired')),
  from_date TEXT,                -- of an approved or later one
  to_date TEXT,                  -- the first day that it holds no more
  input_digest TEXT NOT NULL DEFAULT '',
  options_json TEXT NOT NULL DEFAULT '{}',
  measure TEXT NOT NULL DEFAULT 'workload_s', -- what was balanced
  made_from INTEGER,             -- the version that it was made out of
  note TEXT NOT NULL DEFAULT '', -- by which edit, for what reason
  bound_json TEXT,               -- what no plan can be below; NULL: not asked
  CHECK(to_date IS NULL OR from_date < to_date)
) STRICT;
CREATE UNIQUE INDEX territory_version_active ON territory_version(state)
  WHERE state = 'active';

CREATE TABLE territory(
  id INTEGER PRIMARY KEY,
  territory_version_id INTEGER NOT NULL
    REFERENCES territory_version(id) ON DELETE CASCADE,
  ref TEXT NOT NULL,             -- 'b01-g03': stable between versions
  branch_id INTEGER NOT NULL REFERENCES branch(id),
  colour INTEGER,                -- index; neighbours differ
  activity REAL,                 -- in the version's measure
  area_m2 REAL,
  exceeds_json TEXT,             -- why the tolerance could not be kept
  geom BLOB,                     -- MULTIPOLYGON in the workspace's epsg
  UNIQUE(territory_version_id, ref)
) STRICT;

-- A partition by construction: a cell has one territory in a version.
CREATE TABLE territory_cell(
  territory_version_id INTEGER NOT NULL
    REFERENCES territory_version(id) ON DELETE CASCADE,
  cell_id INTEGER NOT NULL REFERENCES cell(id),
  territory_id INTEGER NOT NULL REFERENCES territory(id) ON DELETE CASCADE,
  PRIMARY KEY(territory_version_id, cell_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX territory_cell_territory ON territory_cell(territory_id);
-- The version of the row is that of its territory.
CREATE TRIGGER territory_cell_version BEFORE INSERT ON territory_cell
WHEN NEW.territory_version_id IS NOT
  (SELECT territory_version_id FROM territory WHERE id = NEW.territory_id)
BEGIN
  SELECT RAISE(ABORT, 'territory of another version');
END;

-- Exactly one manager on any date: spans of one territory do not overlap.
CREATE TABLE territory_owner(
  territory_id INTEGER NOT NULL REFERENCES territory(id) ON DELETE CASCADE,
  manager_id INTEGER NOT NULL REFERENCES manager(id),
  from_date TEXT NOT NULL,
  to_date TEXT,                  -- the first day no more; NULL: open
  PRIMARY KEY(territory_id, from_date),
  CHECK(to_date IS NULL OR from_date < to_date)
) STRICT, WITHOUT ROWID;
CREATE INDEX territory_owner_manager ON territory_owner(manager_id);
CREATE TRIGGER territory_owner_one BEFORE INSERT ON territory_owner
WHEN EXISTS(SELECT 1 FROM territory_owner o
            WHERE o.territory_id = NEW.territory_id
              AND (NEW.to_date IS NULL OR o.from_date < NEW.to_date)
              AND (o.to_date IS NULL OR NEW.from_date < o.to_date))
BEGIN
  SELECT RAISE(ABORT, 'territory with two owners on one date');
END;
CREATE TRIGGER territory_owner_one_update BEFORE UPDATE ON territory_owner
WHEN EXISTS(SELECT 1 FROM territory_owner o
            WHERE o.territory_id = NEW.territory_id
              AND o.from_date <> OLD.from_date
              AND (NEW.to_date IS NULL OR o.from_date < NEW.to_date)
              AND (o.to_date IS NULL OR NEW.from_date < o.to_date))
BEGIN
  SELECT RAISE(ABORT, 'territory with two owners on one date');
END;

-- Any date has one version at most: spans of those that are or were in force
-- do not overlap.
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

-- What a version was balanced by; number 0 counts first.
CREATE TABLE territory_measure(
  territory_version_id INTEGER NOT NULL
    REFERENCES territory_version(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,            -- 'workload_s', 'targets', 'value_fen', ...
  tolerance REAL,                -- as a ratio; NULL: none
  PRIMARY KEY(territory_version_id, number)
) STRICT, WITHOUT ROWID;

-- What each cell weighed when the version was made, where it is not 0.
CREATE TABLE territory_cell_activity(
  territory_version_id INTEGER NOT NULL
    REFERENCES territory_version(id) ON DELETE CASCADE,
  cell_id INTEGER NOT NULL REFERENCES cell(id),
  number INTEGER NOT NULL,       -- of territory_measure
  activity REAL NOT NULL,
  PRIMARY KEY(territory_version_id, cell_id, number)
) STRICT, WITHOUT ROWID;

-- What a territory has, and what it should have.
CREATE TABLE territory_activity(
  territory_id INTEGER NOT NULL REFERENCES territory(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,       -- of territory_measure
  activity REAL NOT NULL,
  fair REAL NOT NULL,
  PRIMARY KEY(territory_id, number)
) STRICT, WITHOUT ROWID;

-- What people have decided about territories, for all versions to come.  A
-- cell is kept with a place in it, so that it is found again among cells that
-- are made anew.
--   lock    the cell stays in territory_ref, or NULL: where it is
--   freeze  no cell leaves or enters territory_ref
--   apart   cell and other are never in one territory
--   barred  the cell is never the manager's
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

-- Several managers of one customer: one leads, others assist.
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

-- Whose a customer is, whatever the territories say; with the reason.
CREATE TABLE customer_assignment(
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL UNIQUE REFERENCES customer(id),
  manager_id INTEGER NOT NULL REFERENCES manager(id),
  reason TEXT NOT NULL,
  from_date TEXT,                -- NULL: always
  to_date TEXT                   -- the first day no more; NULL: open
) STRICT;
CREATE INDEX customer_assignment_manager ON customer_assignment(manager_id);

-- Leads that were given to somebody on arrival.
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

-- A plan of working days.  A new plan for the same days replaces the draft.
CREATE TABLE plan(
  id INTEGER PRIMARY KEY,
  from_date TEXT NOT NULL,
  to_date TEXT NOT NULL,         -- the last day, included
  as_of TEXT NOT NULL,           -- of its targets
  state TEXT NOT NULL DEFAULT 'draft'
    CHECK(state IN ('draft', 'published', 'replaced')),
  territory_version_id INTEGER REFERENCES territory_version(id),
  seed INTEGER NOT NULL DEFAULT 0,
  input_digest TEXT NOT NULL DEFAULT '',
  options_json TEXT NOT NULL DEFAULT '{}',
  summary_json TEXT NOT NULL DEFAULT '{}',
  CHECK(from_date <= to_date)
) STRICT;
CREATE INDEX plan_dates ON plan(from_date, to_date);

-- A manager's day.
CREATE TABLE plan_route(
  id INTEGER PRIMARY KEY,
  plan_id INTEGER NOT NULL REFERENCES plan(id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  manager_id INTEGER NOT NULL REFERENCES manager(id),
  branch_id INTEGER NOT NULL REFERENCES branch(id),
  mode TEXT NOT NULL,
  leave_s INTEGER NOT NULL,
  back_s INTEGER NOT NULL,
  break_start_s INTEGER,
  break_end_s INTEGER,
  travel_s INTEGER NOT NULL,
  travel_m INTEGER NOT NULL,
  service_s INTEGER NOT NULL,    -- service and access
  wait_s INTEGER NOT NULL,
  prize INTEGER NOT NULL,
  figures_json TEXT NOT NULL DEFAULT '{}', -- beside the lists to beat
  geom BLOB,                     -- LINESTRING 4326 along the roads
  UNIQUE(plan_id, day, manager_id)
) STRICT;
CREATE INDEX plan_route_manager ON plan_route(manager_id, day);

CREATE TABLE plan_stop(
  id INTEGER PRIMARY KEY,
  plan_route_id INTEGER NOT NULL REFERENCES plan_route(id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,          -- 1, 2, ... visits of one place share a stop_no
  stop_no INTEGER NOT NULL,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  place_id INTEGER REFERENCES place(id),
  travel_s INTEGER NOT NULL,     -- from the stop before
  travel_m INTEGER NOT NULL,
  arrive_s INTEGER NOT NULL,
  start_s INTEGER NOT NULL,      -- of service, after waiting and access
  end_s INTEGER NOT NULL,
  prize INTEGER NOT NULL,
  is_must INTEGER NOT NULL CHECK(is_must IN (0, 1)),
  geom BLOB NOT NULL,            -- POINT 4326
  UNIQUE(plan_route_id, seq),
  CHECK(arrive_s <= start_s AND start_s <= end_s)
) STRICT;
CREATE INDEX plan_stop_customer ON plan_stop(customer_id);

-- Every target in exactly one state, with the reason.
CREATE TABLE plan_state(
  plan_id INTEGER NOT NULL REFERENCES plan(id) ON DELETE CASCADE,
  target_id INTEGER NOT NULL REFERENCES target(id),
  state TEXT NOT NULL
    CHECK(state IN ('planned', 'other_channel', 'deferred', 'crowded_out',
                    'impossible', 'set_aside')),
  reason TEXT NOT NULL,          -- a code: see plan.h
  reason_json TEXT NOT NULL DEFAULT '{}', -- its numbers
  until_date TEXT,               -- of 'deferred'
  manager_id INTEGER REFERENCES manager(id), -- whose target it is
  territory_id INTEGER REFERENCES territory(id),
  plan_stop_id INTEGER REFERENCES plan_stop(id),
  PRIMARY KEY(plan_id, target_id),
  CHECK((state = 'planned') = (plan_stop_id IS NOT NULL)),
  CHECK((state = 'deferred') = (until_date IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_state_target ON plan_state(target_id);
CREATE INDEX plan_state_manager ON plan_state(plan_id, manager_id);
CREATE INDEX plan_state_territory ON plan_state(plan_id, territory_id);
CREATE INDEX plan_state_stop ON plan_state(plan_stop_id)
  WHERE plan_stop_id IS NOT NULL;
