-- views.sql - what rules are written over; made anew with every migration.
--
-- The facts of a customer, for any reader of SQLite.  Clauses of rules are
-- evaluated over a view of the same name that has these and more columns
-- (store_segment_words.c): those that depend on the as-of date.

CREATE VIEW customer_facts AS
SELECT
  c.id AS customer_id,
  c.ref AS customer_ref,
  b.ref AS branch_ref,
  o.ref AS org_ref,              -- of the branch, or NULL
  m.ref AS manager_ref,          -- who looks after the customer, or NULL
  p.ref AS place_ref,            -- or NULL
  p.kind AS place_kind,          -- compound, building, market
  c.balance_fen,
  max(coalesce(c.peak_24m_fen, c.balance_fen), c.balance_fen) AS peak_24m_fen,
  c.last_txn_on,                 -- the last one that the customer started
  c.opened_on,
  c.do_not_visit,
  c.reach_sms,
  c.accuracy,                    -- exact, building, compound, street, ...
  c.located_by,                  -- own, place, none
  c.geom IS NOT NULL AS has_location,
  g.grade                        -- of the last grading, or NULL
FROM customer c
JOIN branch b ON b.id = c.branch_id
LEFT JOIN org o ON o.id = b.org_id
LEFT JOIN manager m ON m.id = c.manager_id
LEFT JOIN place p ON p.id = c.place_id
LEFT JOIN customer_grade g ON g.customer_id = c.id;
