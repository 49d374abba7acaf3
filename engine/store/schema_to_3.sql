-- schema_to_3.sql - from schema version 2 to 3: what scores learn from, and
-- what they were.  Never changed once a release has it.
ALTER TABLE visit ADD COLUMN
  at_s INTEGER CHECK(at_s BETWEEN 0 AND 86399);
