#!/usr/bin/env bash
# The life of territories: versions, rules, moves by hand, handovers, leads and
# whose customer somebody is.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2
day=2026-03-02
value() { # python expression over the answer a
  python3 -c 'import json, sys; a = json.load(open(sys.argv[1]))
sys.exit(not eval(sys.argv[2]))' .out "$1"
  verdict $? "$what: $1"
}
sql() { sqlite3 -separator ' ' w.gb "$1"; }

gridbeat world make --branches 2 --managers 4 --customers 1000 --seed 1 \
  --out d --osm "$GB_DATA/liechtenstein-2013-08-03.osm.pbf" > /dev/null
gridbeat init w.gb > /dev/null
export GRIDBEAT_WORKSPACE=w.gb
gridbeat import all d > /dev/null 2>&1
run 0 "a night" gridbeat nightly run --date $day --iterations 100 --no-report
run 0 "show has the figures of each territory" gridbeat territory show --json
value 'a["state"] == "active" and a["from"] == "2026-03-02"'
value 'all(abs(m["deviation"] - (m["activity"] / m["fair"] - 1)) < 1e-9 for t in a["territories"] for m in t["measures"])'
value 'all(0 < t["compactness"] < 1 and t["parts"] == 1 for t in a["territories"])'
value 'all([o["manager"] for o in t["owners"]] == [t["manager"]] for t in a["territories"])'
[ "$(sql "SELECT count(*) FROM customer_cell")" = \
  "$(python3 -c 'import json; print(sum(t["customers"] for t in json.load(open(".out"))["territories"]))')" ]
verdict $? "$what: every customer is counted once"

# A cell that may move: at the border to another, and its own holds without it.
cp .out show.json
move() {
  sql "SELECT DISTINCT a.ref, s.ref, t.ref, m.ref FROM cell_neighbour n
    JOIN cell a ON a.id IN (n.cell_id, n.neighbour_id)
    JOIN cell z ON z.id = n.cell_id + n.neighbour_id - a.id
    JOIN territory_cell x ON x.cell_id = a.id
    JOIN territory_cell y ON y.cell_id = z.id
    JOIN territory s ON s.id = x.territory_id
    JOIN territory t ON t.id = y.territory_id
    JOIN territory_owner o ON o.territory_id = t.id
    JOIN manager m ON m.id = o.manager_id
    WHERE s.id <> t.id ORDER BY a.ref" |
  while read -r cell from to manager; do
    gridbeat territory edit --move "$cell" --to "$to" --dry-run > /dev/null 2>&1 \
      && echo "$cell $from $to $manager" && break
  done
}
read -r cell from to manager < <(move)
run 0 "an edit shows what it does" gridbeat territory edit --move "$cell" \
  --to "$to" --dry-run --json
value 'a["dry_run"] and a["version"] is None and len(a["territories"]) == 2'
value 'sum(t["cells"] - t["cells_before"] for t in a["territories"]) == 0'
value 'all({"before", "after", "deviation"} <= set(m) for t in a["territories"] for m in t["measures"])'
[ "$(sql "SELECT count(*) FROM territory_version")" = 1 ]
verdict $? "$what: and stores nothing"

run 0 "a cell is locked" gridbeat territory lock --cell "$cell" --reason school --json
value 'a["rules"][0]["reason"] == "school"'
run 5 "a locked cell does not move" gridbeat territory edit --move "$cell" --to "$to"
err "locked"
run 3 "a lock elsewhere contradicts it" gridbeat territory lock --cell "$cell" --territory "$to"
err "$cell"
run 0 "it is unlocked" gridbeat territory unlock --cell "$cell" --json
value 'a["n"] == 0'
run 0 "a cell is barred to a manager" gridbeat territory forbid --cell "$cell" --manager "$manager"
run 5 "and does not go to him" gridbeat territory edit --move "$cell" --to "$to"
err "barred to $manager"
run 0 "the bar is taken back" gridbeat territory forbid --cell "$cell" --manager "$manager" --remove
run 2 "half a rule is wrong use" gridbeat territory forbid --cell "$cell"
far=$(sql "SELECT c.ref FROM cell c JOIN territory_cell x ON x.cell_id = c.id
  JOIN territory t ON t.id = x.territory_id WHERE t.ref = '$from' AND NOT EXISTS
  (SELECT 1 FROM cell_neighbour n JOIN territory_cell y
   ON y.cell_id = n.cell_id + n.neighbour_id - c.id
   WHERE c.id IN (n.cell_id, n.neighbour_id) AND y.territory_id <> t.id) LIMIT 1")
run 5 "what would be cut off is refused with the mend" gridbeat territory edit \
  --move "$far" --to "$to" --json
value 'len(a["error"]["details"]["go_along"]) > 0'

run 0 "an edit makes a draft" gridbeat territory edit --move "$cell" --to "$to" --json
value 'a["version"] == 2 and a["made_from"] == 1'
run 0 "a diff lists the cell that changes hands" gridbeat territory diff active 2 --json
value 'a["n_moved"] == 1 and len(a["managers"]) == 2 and a["share_changing_hands"] < .1'
run 0 "and as CSV" gridbeat territory diff 1 2 --out diff.csv
[ "$(sed -n 2p diff.csv | cut -d, -f1-3)" = "$cell,$from,$to" ]
verdict $? "$what: with both territories"
run 2 "a draft does not come into force" gridbeat territory activate 2 --on 2026-03-09
err "draft"
run 0 "it is approved" gridbeat territory approve 2
run 2 "a day is needed" gridbeat territory activate 2
run 0 "and comes into force on a day" gridbeat territory activate 2 --on 2026-03-09
run 2 "what is in force is not put aside" gridbeat territory retire 2
run 0 "history has both" gridbeat territory history --cell "$cell" --json
value '[v["state"] for v in a["versions"]] == ["retired", "active"]'
value '[(o["from"], o["to"]) for o in a["owned"]] == [("2026-03-02", "2026-03-09"), ("2026-03-09", None)]'
run 0 "a date stands for a version" gridbeat territory diff @2026-03-08 @2026-03-09 --json
value 'a["n_changing_hands"] == 1'
sql "UPDATE territory_version SET state = 'draft', from_date = NULL WHERE id = 2;
  UPDATE territory_version SET state = 'active', to_date = NULL WHERE id = 1;
  DELETE FROM territory_cell WHERE territory_version_id = 2 AND cell_id =
    (SELECT id FROM cell WHERE ref = '$cell' ORDER BY id DESC LIMIT 1)"
run 3 "a version with a gap is not approved" gridbeat territory approve 2
err "$cell is in no territory"
run 0 "it is put aside" gridbeat territory retire 2

# Whose customer: an override beats the territory, survives new ones, and is told.
mine=$(sql "SELECT m.ref FROM territory t JOIN territory_owner o ON o.territory_id = t.id
  JOIN manager m ON m.id = o.manager_id WHERE t.ref = '$from' AND t.territory_version_id = 1")
customer=$(sql "SELECT c.ref FROM plan_state s JOIN target g ON g.id = s.target_id
  JOIN customer c ON c.id = g.customer_id JOIN manager m ON m.id = s.manager_id
  WHERE s.state IN ('planned', 'crowded_out') AND m.ref = '$mine' ORDER BY c.ref LIMIT 1")
printf 'customer_ref,manager_ref,reason,from,until\n%s,%s,asked for him,,\n%s,m999,no,,\n' \
  "$customer" "$manager" "$customer" > assign.csv
run 0 "row 45: overrides are imported, with their reason" gridbeat import \
  assignments assign.csv --max-reject 1 --json
value 'a["files"][0]["loaded"] == 1 and a["files"][0]["rejected"] == 1'
run 0 "row 45: again they change nothing" gridbeat import assignments \
  assign.csv --max-reject 1 --json
value 'a["files"][0]["unchanged"] == 1'
run 0 "row 45: who lies outside of the manager's grid is listed" gridbeat territory check --json
value 'a["n_findings"] == 0 and a["n_outside"] == 1'
value 'a["outside"][0]["manager"] == "'"$manager"'" and a["outside"][0]["owner"] == "'"$mine"'"'
run 0 "row 45: the override survives new grids" gridbeat nightly run --date $day \
  --iterations 100 --no-report --rebuild
whose() {
  sql "SELECT m.ref FROM plan_state s JOIN target g ON g.id = s.target_id
    JOIN customer c ON c.id = g.customer_id JOIN manager m ON m.id = s.manager_id
    WHERE c.ref = '$1'"
}
[ "$(whose "$customer")" = "$manager" ]
verdict $? "row 45: and the plan keeps to it"
printf 'customer_ref,manager_ref,role\n%s,%s,lead\n%s,%s,assist\n%s,%s,lead\n' \
  "$customer" "$manager" "$customer" "$mine" "$customer" m001 > relations.csv
run 0 "row 44: several managers of one customer, of whom one leads" \
  gridbeat import relations relations.csv --max-reject 1 --json
value 'a["files"][0]["loaded"] == 2 and a["reasons"][0]["code"] == "E3131"'
run 0 "row 44: both are told of" gridbeat plan explain "$customer" --date $day --json
value 'a["assigned"]["by"] == "assignment" and a["assigned"]["reason"] == "asked for him"'
value 'len(a["assist"]) == 1'
gridbeat nightly run --date $day --iterations 100 --no-report > /dev/null
[ "$(whose "$customer" | wc -l)" = 1 ]
verdict $? "row 44: one visit is planned"

# Leads
at=$(python3 - "$customer" <<'PY'
import sqlite3, struct, sys
blob, = sqlite3.connect('w.gb').execute('SELECT geom FROM customer WHERE ref = ?', sys.argv[1:]).fetchone()
print('%.12g,%.12g' % struct.unpack_from('<dd', blob, 43))
PY
)
run 0 "row 42: a lead is given and remembered" gridbeat lead assign L1 --at "$at" --save --json
value 'a["leads"][0]["reason"] == "inside" and a["saved"] == 1'
run 0 "row 42: it is listed" gridbeat lead list --json
value 'a["leads"][0]["lead"] == "L1"'
run 1 "row 42: one outside has nobody" gridbeat lead assign L2 --at 9.4,47.1
run 3 "a telephone number is no reference" gridbeat lead assign 13800138000 --at "$at" --save
! grep -q 13800138000 .err; verdict $? "$what: and is not said again"

# Handover
run 0 "row 41: a pack without a change" gridbeat territory handover --from m001 \
  --to m002 --on $day --out pack --dry-run --json
value 'a["dry_run"] and a["visits"] > 0'
cp .out dry.json
run 0 "row 41: what one has goes to the other" gridbeat territory handover \
  --from m001 --to m002 --on $day --out pack --json
value 'a["territories"] == json.load(open("dry.json"))["territories"]'
for file in handover.html handover.json cells.csv appointments.csv stops.csv \
  visits.csv contacts.csv; do
  [ -s "pack/$file" ]; verdict $? "row 41: the pack has $file"
done
python3 - <<'PY'
import json, re
pack = json.load(open('pack/handover.json'))
assert len(pack['cells']) == sum(t['cells'] for t in pack['territories'])
assert all(t['outline']['type'] == 'MultiPolygon' for t in pack['territories'])
assert any(c['best_weekday'] or c['window_from_s'] for c in pack['contacts'])
text = open('pack/handover.html', encoding='utf-8').read()
assert not re.search(r'(?<!\d)1[3-9]\d{9}(?!\d)', text)
PY
verdict $? "row 41: grid, history and best contact times, nothing personal"
run 0 "row 32: one owner on any date" gridbeat territory check --json
value 'a["n_findings"] == 0'
[ "$(sql "SELECT count(DISTINCT m.ref) FROM territory_owner o JOIN manager m ON m.id = o.manager_id
  JOIN territory t ON t.id = o.territory_id JOIN territory_version v
  ON v.id = t.territory_version_id AND v.state = 'active' WHERE o.to_date IS NULL")" = 3 ]
verdict $? "row 32: three of four have some"
run 2 "there is nothing to hand over twice" gridbeat territory handover --from m001 --to m002 --on $day
run 0 "in Chinese" gridbeat territory show --lang zh
out "责任网格"

# A workspace of the first version
gzip -dc "$GB_SOURCE/tests/unit/old/schema_1.gb.gz" > old.gb
run 3 "a workspace of an earlier schema says what brings it up" gridbeat \
  workspace info --workspace old.gb
err "workspace migrate"
run 0 "it is migrated" gridbeat workspace migrate --workspace old.gb
run 0 "and read" gridbeat workspace info --workspace old.gb
done_testing
