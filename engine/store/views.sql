-- views.sql - what rules are written over; made anew with every migration.
--
-- The columns are documented here: a clause of a segment may name no other
-- table.  Functions for rules (months_since() ...) are the connection's own
-- and are used by clauses, never by these views: so any reader of SQLite can
-- open them.

CREATE VIEW customer_facts AS
SELECT
  c.id AS customer_id,
  c.ref AS customer_ref,
  b.ref AS branch,               -- the branch's reference
  m.ref AS manager,              -- who looks after the customer, or NULL
  p.ref AS place,                -- or NULL
  p.kind AS place_kind,          -- compound, building, market
  c.balance_fen,
  c.peak_24m_fen,
  c.last_txn_on,                 -- the last one that the customer started
  c.opened_on,
  c.do_not_visit,
  c.reach_sms,
  c.accuracy,                    -- exact, building, compound, street, ...
  c.located_by                   -- own, place, none
FROM customer c
JOIN branch b ON b.id = c.branch_id
LEFT JOIN manager m ON m.id = c.manager_id
LEFT JOIN place p ON p.id = c.place_id;
