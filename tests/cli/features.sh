#!/usr/bin/env bash
# What FEATURES asks of the whole chain; tests/FEATURES.md says which row is
# proved by which test.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2
day=2026-03-02
value() { # python expression over the answer a
  python3 -c 'import json, sys; a = json.load(open(sys.argv[1]))
sys.exit(not eval(sys.argv[2]))' .out "$1"
  verdict $? "$what: $1"
}
# csv FILE COLUMN...: some columns of a file, in that order.
csv() {
  python3 - "$@" <<'PY'
import csv, io, sys
rows = list(csv.reader(io.TextIOWrapper(open(sys.argv[1], 'rb'), 'utf-8', 'replace')))
at = [rows[0].index(name) for name in sys.argv[2:]]
out = csv.writer(sys.stdout, lineterminator='\n')
out.writerows([row[i] if i < len(row) else '' for i in at] for row in rows)
PY
}

run 0 "a small bank" gridbeat world make --branches 2 --managers 4 \
  --customers 2000 --seed 1 --out d \
  --osm "$GB_DATA/liechtenstein-2013-08-03.osm.pbf"
gridbeat init w.gb > /dev/null
export GRIDBEAT_WORKSPACE=w.gb
run 0 "row 180: many files are brought together" gridbeat import all d --json
value 'len({f["kind"] for f in a["files"]}) >= 12'
run 0 "row 1: one command gives the dormant set" \
  gridbeat segment run dormant_6m --as-of $day --json
value 'a["members"] > 500'
run 0 "row 1: and of one branch" gridbeat segment preview dormant_6m \
  --as-of $day --as branch:b01 --json
value '0 < a["members"] < 2000'
run 0 "row 6: any tag of the bank works in a rule" gridbeat segment preview \
  --as-of $day --where "has_tag('interest', 'insurance')" --json
value '0 < a["members"] < 1000'
run 0 "row 20: customers are filtered by grade" gridbeat segment grade \
  --as-of $day --json
run 0 "row 187: a night with what ships and nothing set" gridbeat nightly run \
  --date $day --iterations 100 --no-report --json
value 'a["visits"] > 10 and a["musts_missed"] == 0'
run 0 "row 193: no target is forgotten" gridbeat nightly run \
  --date $day --iterations 100 --no-report --json
value 'sum(a["states"].values()) == a["targets"]'
targets=$(python3 -c 'import json; print(json.load(open(".out"))["targets"])')
[ "$(sqlite3 w.gb "SELECT count(*) FROM target WHERE as_of = '$day'")" = "$targets" ]
verdict $? "row 193: the table of targets has as many"
run 0 "row 33: territories are proved" gridbeat territory check --json
value 'a["n_findings"] == 0'
run 0 "row 30: connected, compact, balanced grids" gridbeat territory show --json
value 'len(a["territories"]) == 4'
value 'len({t["manager"] for t in a["territories"]}) == 4'
run 0 "row 30: what no street crosses parts them" gridbeat territory build \
  --date $day --rebuild --iterations 1000 --json
value 'a["balanced"] and a["hard_barriers"] > 0 and a["soft_barriers"] > 0'

# Row 42: every customer as though a lead that comes in; the night has counted
# them in cells by another way.
python3 - > leads.csv <<'PY'
import sqlite3, struct
db = sqlite3.connect('w.gb')
print('id,lon,lat')
for ref, geom in db.execute('SELECT ref, geom FROM customer WHERE geom IS NOT NULL'):
    print('%s,%.17g,%.17g' % ((ref,) + struct.unpack_from('<dd', geom, 43)))
PY
run 0 "row 42: leads get territory and owner as they come in" gridbeat \
  territory at --points leads.csv --out assigned.csv --date $day --json
value 'a["inside"] > 1500 and a["invalid"] == 0'
python3 - <<'PY'
import csv, sqlite3, sys
db = sqlite3.connect('w.gb')
cell = dict(db.execute('SELECT c.ref, l.ref FROM customer_cell k JOIN customer c '
    'ON c.id = k.customer_id JOIN cell l ON l.id = k.cell_id '
    'JOIN cell_set s ON s.id = k.cell_set_id AND s.is_active'))
owner = dict(db.execute("SELECT t.ref, m.ref FROM territory t JOIN territory_owner o "
    "ON o.territory_id = t.id JOIN manager m ON m.id = o.manager_id "
    "JOIN territory_version v ON v.id = t.territory_version_id AND v.state = 'active'"))
rows = list(csv.DictReader(open('assigned.csv')))
wrong = [r for r in rows if r['cell'] != cell.get(r['id'], '')
         or r['manager'] != owner.get(r['territory'], '')]
print('#', len(rows), 'leads', wrong[:3])
sys.exit(bool(wrong) or len(rows) < 1500)
PY
verdict $? "row 42: those of the night"
run 0 "row 42: in the datum that they come in" gridbeat territory at \
  --at "$(sed -n '2s/^[^,]*,//p' leads.csv)" --datum wgs84 --json
value 'a["manager"] and a["reason"] == "inside" and a["words"]'
run 1 "row 42: outside the nearest is told" gridbeat territory at --at 9.4,47.1 --json
value 'a["reason"] == "outside" and a["nearest"] and 1000 < a["distance_m"] < 20000'
run 2 "row 42: a place or a file" gridbeat territory at
run 0 "row 42: a branch sees its own alone" gridbeat territory at \
  --points leads.csv --out own.csv --as branch:b02 --json
value '0 < a["inside"] < 1500 and a["outside"] > 0'
! cut -d, -f5,9 own.csv | grep -q b01-
verdict $? "row 42: and names no other"

run 0 "row 46: sums for any node" gridbeat report orgs --date $day --json
value 'len({r["depth"] for r in a["rows"]}) >= 3'
value 'a["rows"][0]["targets"] == '"$targets"

# Row 175: exports have the rows of the plan, those of the scope alone.
run 0 "row 175: all is exported" gridbeat export plan --date $day \
  --format csv --out all.csv
for b in b01 b02; do
  run 0 "row 175: a branch is exported" gridbeat export plan --date $day \
    --format csv --out $b.csv --as branch:$b
  [ "$(csv $b.csv branch | sort -u | tr '\n' ' ')" = "$b branch " ]
  verdict $? "row 175: the scope $b sees itself alone"
done
cat b01.csv b02.csv | sort -u > parts
sort -u all.csv | cmp - parts; verdict $? "row 175: the parts are the whole"

# Row 178: branches, customers and managers alone.  Whose customer somebody is
# must be known: the shipped channels visit none that has no manager.
csv d/branches.csv branch_ref lon lat > branches.csv
csv d/managers.csv manager_ref branch_ref mode shift_start shift_end \
  > managers.csv
python3 - > customers.csv <<'PY'
import csv, io, sys
def rows(name):
    return csv.DictReader(io.TextIOWrapper(open(name, 'rb'), 'utf-8', 'replace'))
places = {p['place_ref']: p for p in rows('d/places.csv')}
names = ['customer_ref', 'branch_ref', 'manager_ref', 'lon', 'lat', 'accuracy',
         'balance_fen', 'peak_24m_fen', 'last_txn_on', 'opened_on']
out = csv.writer(sys.stdout, lineterminator='\n')
out.writerow(names)
for c in rows('d/customers.csv'):
    at = c if c['lon'] else places.get(c['place_ref'], c)
    c = dict(c, lon=at['lon'], lat=at['lat'])
    out.writerow([c[name] or '' for name in names])
PY
gridbeat init plain.gb > /dev/null
for kind in branches managers customers; do
  run 0 "row 178: $kind alone are loaded" gridbeat import $kind $kind.csv \
    --workspace plain.gb
done
gridbeat roads build --osm d/*.osm.pbf --out plain.gb.roads > /dev/null
run 0 "row 178: branches, customers, managers already plan" gridbeat \
  nightly run --workspace plain.gb --date $day --iterations 100 --no-report --json
value 'a["visits"] > 5 and sum(a["states"].values()) == a["targets"]'

# Row 174: rows that are bad go aside with their reason, the rest is loaded;
# a million of them under GB_THOROUGH (the time of a million is in bench/).
n=20000; [ -n "${GB_THOROUGH:-}" ] && n=1000000
python3 - $n > many.csv <<'PY'
import sys
print('customer_ref,branch_ref,lon,lat,accuracy,balance_fen')
for i in range(int(sys.argv[1])):
    bad = i % 100 == 7
    print('r%07d,%s,9.5,47.1,exact,%d' % (i, 'b99' if bad else 'b01', i))
PY
gridbeat init many.gb > /dev/null
gridbeat import branches branches.csv --workspace many.gb > /dev/null
run 0 "row 174: a batch of customers" gridbeat import customers many.csv \
  --workspace many.gb --reject many_bad.csv --json
value "a['files'][0]['loaded'] == $n - $n // 100"
value "a['files'][0]['rejected'] == $n // 100"
[ "$(grep -c b99 many_bad.csv)" = $((n / 100)) ]
verdict $? "row 174: each bad row is put aside"
[ "$(grep -c '^reason\|no such one\|E31' many_bad.csv)" -ge $((n / 100)) ]
verdict $? "row 174: with its reason"
printf 'customer_ref,branch_ref,balance_fen\nby_hand,b01,5\n' > one.csv
run 0 "row 174: one by hand" gridbeat import customers one.csv --workspace many.gb
done_testing
