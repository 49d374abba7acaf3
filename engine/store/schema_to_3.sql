-- schema_to_3.sql - from schema version 2 to 3: what scores learn from, and
-- what they were.  Never changed once a release has it.
ALTER TABLE visit ADD COLUMN
  at_s INTEGER CHECK(at_s BETWEEN 0 AND 86400);
ALTER TABLE target ADD COLUMN score_facts_json TEXT;
ALTER TABLE customer ADD COLUMN fees_12m_fen INTEGER;
ALTER TABLE customer ADD COLUMN promised_on TEXT;

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

-- Hot spots among the cells, and clusters of targets.
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
SELECT RecoverGeometryColumn('spot_cluster', 'geom', 4326, 'MULTIPOLYGON',
  'XY');
DROP TRIGGER IF EXISTS "tmi_spot_cluster_geom";
DROP TRIGGER IF EXISTS "tmu_spot_cluster_geom";
DROP TRIGGER IF EXISTS "tmd_spot_cluster_geom";
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

-- A branch's pages ask for what its managers and territories were given.
CREATE INDEX plan_state_manager ON plan_state(plan_id, manager_id);
CREATE INDEX plan_state_territory ON plan_state(plan_id, territory_id);
