#!/usr/bin/env bash
# From a bank's files to tomorrow's routes, by the command alone.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
osm=$GB_SOURCE/data/liechtenstein-2013-08-03.osm.pbf
w=$work/bank.gb
day=2026-03-02

# ask FILE EXPRESSION: does the JSON file bear the Python expression out?
ask() {
  python3 - "$@" <<'PY'
import json, sys
d = json.load(open(sys.argv[1]))
assert eval(sys.argv[2]), json.dumps(d)[:2000]
PY
}

run 0 "a small bank is made" gridbeat world make --osm "$osm" --branches 3 \
  --managers 8 --customers 4000 --seed 1 --out "$work/delivery"
run 0 "a workspace is made" gridbeat init "$w"
run 0 "all files of a delivery are imported" \
  gridbeat import all "$work/delivery" --workspace "$w" --json
run 2 "a day that is none is refused" \
  gridbeat nightly run --workspace "$w" --date 2026-02-30
cp "$w" "$work/fresh.gb"; cp "$w.roads" "$work/fresh.gb.roads"
cp "$w" "$work/kept.gb"; cp "$w.roads" "$work/kept.gb.roads"

run 0 "a night is done" gridbeat nightly run --workspace "$w" --date $day \
  --threads 2 --iterations 1000 --json
cp "$work/.out" "$work/night.json"
run 0 "every target is in exactly one state" ask "$work/night.json" \
  'sum(d["states"].values()) == d["targets"] > 0 and d["states"]["planned"] == d["visits"] > 0'
run 0 "an hour in the field brings 10 % more than a list by balance" \
  ask "$work/night.json" 'd["value_per_h"] >= 1.10 * d["by_balance"]["value_per_h"] > 0'
run 0 "more people are met than by a list by balance, at a visit and in all" \
  ask "$work/night.json" 'd["expected_met"] > d["by_balance"]["expected_met"] > 0 and 0 < d["travel_share"] < 1'
run 0 "the same stops are not longer than by nearest neighbour" \
  ask "$work/night.json" 'd["same_stops"]["travel_s"] <= d["same_stops"]["nearest_travel_s"]'
run 0 "three surfaces are left in the workspace" python3 -c "
import sqlite3, struct
db = sqlite3.connect('$w')
layers = dict(db.execute('SELECT name, weight FROM density_layer'))
assert layers == dict(dormant='count', value='points', share='share'), layers
shares = [s for (blob,) in db.execute('SELECT per_km2 FROM density_row JOIN density_layer ON id = density_layer_id WHERE name = \"share\"')
          for s in struct.unpack('<%dd' % (len(blob) // 8), blob)]
assert 0 <= min(shares) < 0.2 < max(shares) <= 1 + 1e-9, (min(shares), max(shares))"
run 0 "every must is met" ask "$work/night.json" 'd["musts_missed"] == 0'
run 0 "each step tells its seconds, and the peak memory is told" \
  ask "$work/night.json" 'set(d["timing"]["seconds"]) >= {"select", "score", "territory", "plan", "check", "report"} and d["timing"]["peak_memory_mb"] > 0'
run 0 "a page and sheets a branch" ask "$work/night.json" 'len(d["pages"]) == 3'

run 0 "the plan is shown" gridbeat plan show --workspace "$w" --date $day --json
cp "$work/.out" "$work/plan.json"
run 0 "routes have branch, manager, date and stops" ask "$work/plan.json" \
  'all({"branch", "manager", "date", "stops"} <= set(r) and r["stops"] for r in d["routes"])'
run 0 "stops keep to time" ask "$work/plan.json" \
  'all(a["end_s"] <= b["arrive_s"] <= b["start_s"] for r in d["routes"] for a, b in zip(r["stops"], r["stops"][1:]))'
run 0 "no customer is visited twice" ask "$work/plan.json" \
  'len({s["customer"] for r in d["routes"] for s in r["stops"]}) == sum(len(r["stops"]) for r in d["routes"])'
# run writes .out anew: what is asked of has to be kept.
keep() { cp "$work/.out" "$work/kept.json"; }
visits=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["visits"])' "$work/night.json")

run 0 "stops are exported as CSV" gridbeat export plan --workspace "$w" \
  --date $day --format csv --out "$work/plan.csv"
[ "$(wc -l < "$work/plan.csv")" = $((visits + 1)) ]; verdict $? "a header and a row a stop"
run 0 "and as GeoJSON" gridbeat export plan --workspace "$w" --date $day \
  --format geojson --out "$work/plan.geojson"
run 0 "which is JSON" ask "$work/plan.geojson" \
  "sum(f['properties']['kind'] == 'stop' for f in d['features']) == $visits"

twice=$(sqlite3 "$w" "SELECT count(*) FROM plan_stop s JOIN visit v ON v.customer_id = s.customer_id
  WHERE s.is_must = 0 AND v.day >= date('$day', '-6 days') OR v.outcome <> 'absent' AND s.is_must = 0 AND v.day > date('$day', '-30 days')")
[ "$twice" = 0 ]; verdict $? "nobody is visited twice within thirty days, or seven after being out"
# The days after: who is not visited today has a day, kept free by nobody else.
later() { sqlite3 "$1" "SELECT count(*) FROM plan_state s JOIN plan p ON p.id = s.plan_id
  WHERE p.as_of = '$day' AND s.reason = 'planned_later' $2"; }
[ "$(later "$w" "")" -gt 0 ]; verdict $? "who is not visited today has a later day"
[ "$(later "$w" "AND (s.until_date <= '$day' OR s.until_date > date('$day', '+30 days')
  OR NOT json_extract(s.reason_json, '\$.start_s') BETWEEN 28800 AND 72000)")" = 0 ]
verdict $? "within the horizon, at an hour of work"
[ "$(sqlite3 "$w" "SELECT count(*) FROM plan_state s JOIN calendar_day c ON c.day = s.until_date
  AND (c.manager_id IS NULL OR c.manager_id = s.manager_id)
  WHERE s.reason = 'planned_later' AND c.is_working = 0 AND NOT EXISTS (SELECT 1 FROM calendar_day x
  WHERE x.day = s.until_date AND x.manager_id = s.manager_id AND x.is_working = 1)")" = 0 ]
verdict $? "on a day on which his manager works"
[ "$(sqlite3 "$w" "SELECT count(*) FROM plan_state s JOIN target t ON t.id = s.target_id
  JOIN appointment a ON a.customer_id = t.customer_id WHERE s.state = 'planned' AND a.day > '$day'
  AND a.day <= date('$day', '+7 days') AND NOT EXISTS (SELECT 1 FROM appointment x
  WHERE x.customer_id = a.customer_id AND x.day = '$day')")" = 0 ]
verdict $? "who has an appointment next week is not visited today"
[ "$(sqlite3 "$w" "SELECT count(*) FROM plan_state s JOIN target t ON t.id = s.target_id
  WHERE s.reason = 'promised' AND NOT EXISTS (SELECT 1 FROM appointment a
  WHERE a.customer_id = t.customer_id AND a.day = s.until_date)")" = 0 ]
verdict $? "but on the day of the appointment"
run 0 "one day alone is planned when asked for" gridbeat nightly run \
  --workspace "$work/fresh.gb" --date $day --days 1 --iterations 200 --no-report
[ "$(later "$work/fresh.gb" "")" = 0 ]; verdict $? "with no later day"
rm -f "$work"/fresh.gb*; cp "$work/kept.gb" "$work/fresh.gb"; cp "$work/kept.gb.roads" "$work/fresh.gb.roads"
run 0 "they are put off" ask "$work/night.json" 'd["states"]["deferred"] > 0'

customer=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["routes"][0]["stops"][0]["customer"])' "$work/plan.json")
run 0 "a visit is explained" gridbeat plan explain "$customer" --workspace "$w" --date $day
out "$customer"
run 2 "a stranger is not" gridbeat plan explain nobody --workspace "$w" --date $day

run 0 "and by the points of the score" gridbeat score explain "$customer" --workspace "$w" --date $day --json
keep
run 0 "which add up" ask "$work/kept.json" 'sum(p["points"] for p in d["parts"]) == d["card_points"] > 0'
run 0 "to a chance, and that to what the visit is worth" ask "$work/kept.json" \
  'd["score"] == int(d["chance"] * d["at_stake_fen"] * d["urgency"] / 250 + .5) > 0'
run 0 "stops go to a navigator" gridbeat export plan --workspace "$w" --date $day --format gpx --out "$work/plan.gpx"
run 0 "as XML with a way point a stop" python3 -c "
import sys, xml.etree.ElementTree as E
points = E.parse(sys.argv[1]).getroot().findall('{http://www.topografix.com/GPX/1/1}wpt')
assert len(points) == int(sys.argv[2])" "$work/plan.gpx" "$visits"
run 0 "and to a calendar" gridbeat export plan --workspace "$w" --date $day --format ics --out "$work/plan.ics"
[ "$(grep -c '^BEGIN:VEVENT' "$work/plan.ics")" = "$visits" ]; verdict $? "an event a stop"
run 0 "all targets are exported with their fate" gridbeat export targets --workspace "$w" --date $day --out "$work/targets.csv"
[ "$(wc -l < "$work/targets.csv")" = $(($(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["targets"])' "$work/night.json") + 1)) ]; verdict $? "a row a target"
run 0 "a customer is added by hand" gridbeat customer add by-hand-1 --branch-ref b01 --balance-fen 100 --workspace "$work/fresh.gb"
run 3 "not at a branch that is none" gridbeat customer add by-hand-2 --branch-ref b99 --balance-fen 100 --workspace "$work/fresh.gb"
err "b99"
run 3 "and not by a telephone number" gridbeat customer add 13812345678 --branch-ref b01 --balance-fen 100 --workspace "$work/fresh.gb"
run 1 "which is not echoed" grep -r 13812345678 "$work/.err"

run 0 "territories check" gridbeat territory check --workspace "$w" --json
keep
run 0 "with no finding" ask "$work/kept.json" 'd["n_findings"] == 0 and d["territories"] == 8'
run 0 "territories are shown" gridbeat territory show --workspace "$w" --json
keep
run 0 "each has one owner" ask "$work/kept.json" \
  'len({t["manager"] for t in d["territories"]}) == len(d["territories"]) == 8'
run 0 "cells are ranked by potential" gridbeat report cells --workspace "$w" --date $day --limit 5 --json
keep
run 0 "from the highest" ask "$work/kept.json" \
  'len(d["rows"]) == 5 and [r["value"] for r in d["rows"]] == sorted((r["value"] for r in d["rows"]), reverse=True)'
run 0 "with their density and whether they are hot" ask "$work/kept.json" \
  'all(r["density_per_km2"] > 0 and r["spot"] in ("none", "hot", "cold", "unknown") and r["grid"] for r in d["rows"])'
run 0 "row 11: where is the most potential? all cells" gridbeat report cells --workspace "$w" --date $day --limit 0 --out "$work/cells.csv" --json
cp "$work/.out" "$work/cells.json"
run 0 "row 11: all grids" gridbeat report cells --workspace "$w" --date $day --of grids --limit 0 --out "$work/grids.geojson" --json
cp "$work/.out" "$work/grids.json"
run 0 "row 11: all branches" gridbeat report cells --workspace "$w" --date $day --of branches --by unvisited --json
cp "$work/.out" "$work/branches.json"
run 0 "row 11: they add up to each other, and to the workspace" python3 - "$work" "$w" $day <<'PY'
import json, sqlite3, sys
cells, grids, branches = (json.load(open(sys.argv[1] + "/%s.json" % n))["rows"] for n in ("cells", "grids", "branches"))
db = sqlite3.connect(sys.argv[2])
keys = ("customers", "targets", "value", "balance_fen", "unvisited")
for key in keys:
    totals = {sum(r[key] for r in rows) for rows in (cells, grids, branches)}
    assert len(totals) == 1, (key, totals)
for rows, of in ((grids, "grid"), (branches, "branch")):
    for r in rows:
        mine = [c for c in cells if c[of] == r["ref"]]
        assert r["cells"] == len(mine) and r["hot"] == sum(c["spot"] == "hot" for c in mine)
        assert all(r[key] == sum(c[key] for c in mine) for key in keys)
assert [r["unvisited"] for r in branches] == sorted((r["unvisited"] for r in branches), reverse=True)
n, value, balance = db.execute("SELECT count(*), sum(coalesce(t.score, 0)), sum(c.balance_fen) FROM customer_cell k JOIN customer c ON c.id = k.customer_id LEFT JOIN target t ON t.customer_id = c.id AND t.as_of = ? WHERE k.cell_set_id = (SELECT id FROM cell_set WHERE is_active)", sys.argv[3:]).fetchone()
assert (n, value, balance) == tuple(sum(r[k] for r in cells) for k in ("customers", "value", "balance_fen"))
assert abs(sum(r["value_share"] for r in grids) - 1) < .001
shapes = json.load(open(sys.argv[1] + "/grids.geojson"))["features"]
assert [f["properties"]["ref"] for f in shapes] == [r["ref"] for r in grids]
assert all(f["geometry"]["type"] == "MultiPolygon" and f["geometry"]["coordinates"] for f in shapes)
assert len(open(sys.argv[1] + "/cells.csv").read().splitlines()) == len(cells) + 1
PY
run 0 "row 11: a branch sees no other" gridbeat report cells --workspace "$w" --date $day --as branch:b01 --limit 0 --json
keep
run 0 "row 11: and its sums are those of its customers" ask "$work/kept.json" \
  'sum(r["customers"] for r in d["rows"]) < sum(r["customers"] for r in json.load(open("'"$work"'/cells.json"))["rows"])'
run 0 "row 11: in words" gridbeat --lang zh report cells --workspace "$w" --date $day --limit 3
out "个中排第一"
run 2 "a day without a night has no potential to rank" gridbeat report cells --workspace "$w" --date 2031-01-01
err "the last before it are of $day"
run 2 "nor clusters" gridbeat report clusters --workspace "$w" --date 2001-01-01
err "nor before it"
run 0 "row 13: clusters of targets" gridbeat report clusters --workspace "$w" --date $day --limit 0 --out "$work/clusters.geojson" --json
keep
run 0 "row 13: none has fewer than a core needs" ask "$work/kept.json" \
  'd["clusters"] == len(d["rows"]) > 0 and all(r["targets"] >= d["min_points"] and r["area_m2"] > 0 for r in d["rows"])'
run 0 "row 13: each with its outline" ask "$work/clusters.geojson" \
  'len(d["features"]) > 0 and all(f["geometry"]["coordinates"] for f in d["features"])'
run 0 "row 13: of one branch, in parts of these" gridbeat report clusters --workspace "$w" --date $day --limit 0 --as branch:b01 --json
run 0 "row 13: no more than in all" ask "$work/.out" \
  'd["targets"] < json.load(open("'"$work"'/kept.json"))["targets"]'
for end in asc png geojson csv; do
  run 0 "row 13: a surface of the night as .$end" gridbeat report density --workspace "$w" --date $day --layer share --out "$work/share.$end"
  test -s "$work/share.$end"; verdict $? "which is written"
done
run 2 "row 13: not of a day without a night" gridbeat report density --workspace "$w" --date 2026-01-01 --out "$work/none.asc"
err 'there is no density layer "dormant" of 2026-01-01'
run 0 "hot spots are kept with a rate of false discoveries" python3 - "$w" $day <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
layers = db.execute("SELECT name, stat, level FROM spot_layer WHERE as_of = ? ORDER BY 1, 2", sys.argv[2:]).fetchall()
assert layers == [(n, s, .05) for n in ("dormant", "share", "value") for s in ("gistar", "moran")], layers
assert db.execute("SELECT count(*) FROM spot_cell WHERE (class IN ('hot', 'cold')) <> (p_fdr <= .05) AND spot_layer_id IN (SELECT id FROM spot_layer WHERE stat = 'gistar')").fetchone() == (0,)
assert db.execute("SELECT sum(value) FROM spot_cell WHERE spot_layer_id = (SELECT id FROM spot_layer WHERE name = 'dormant' AND stat = 'gistar')").fetchone()[0] > 100
PY
run 0 "sums go up the organisation" gridbeat report orgs --workspace "$w" --date $day --json
keep
run 0 "the root has all" ask "$work/kept.json" \
  'd["rows"][0]["depth"] == 0 and d["rows"][0]["targets"] == max(r["targets"] for r in d["rows"])'

run 2 "sums of a day without a night are not zero" gridbeat report orgs --workspace "$w" --date 2031-01-01
err "the last before it are of $day"

run 0 "a map page is written" gridbeat map html --workspace "$w" --branch b01 --date $day --out "$work/b01.html"
run 0 "customers on the map are counted" gridbeat map count --workspace "$w" \
  --bbox 9.4,46.9,9.7,47.4 --maturing 30d --unvisited --json
keep
run 0 "in both languages, with the number" ask "$work/kept.json" \
  'd["sentence_zh"] == "这张地图上还有%d个存款30天内到期的客户需要拜访" % d["customers"] and str(d["customers"]) in d["sentence_en"]'
run 0 "in Chinese when asked" gridbeat --lang zh map count --workspace "$w" --grid b01-g01 --maturing 30d --unvisited
out "个存款30天内到期的客户需要拜访"

run 2 "a grid that is not there is not empty" gridbeat map count --workspace "$w" --grid b01-g99
err 'no territory "b01-g99" is in force on'
run 0 "codes are words in Chinese" gridbeat --lang zh plan show --workspace "$w" --date $day
out "电动车"

# The same bytes for 1, 2 and 8 threads, and for a second night.
for n in 1 2 8; do
  cp "$work/fresh.gb" "$work/t$n.gb"; cp "$work/fresh.gb.roads" "$work/t$n.gb.roads"
  run 0 "a night with $n threads" gridbeat nightly run --workspace "$work/t$n.gb" \
    --date $day --threads $n --iterations 1000
  gridbeat export plan --workspace "$work/t$n.gb" --date $day --out "$work/t$n.csv" >/dev/null
  run 0 "gives the same bytes with $n threads" cmp "$work/plan.csv" "$work/t$n.csv"
  run 0 "and the same pages" diff -rq "$work/t1.out" "$work/t$n.out"
done
run 0 "a night with another seed" gridbeat nightly run --workspace "$work/t8.gb" \
  --date $day --seed 2 --iterations 1000 --no-report
gridbeat export plan --workspace "$work/t8.gb" --date $day --out "$work/seed.csv" >/dev/null
run 1 "gives another plan" cmp "$work/plan.csv" "$work/seed.csv"
run 0 "the night again" gridbeat nightly run --workspace "$w" --date $day --iterations 1000
gridbeat export plan --workspace "$w" --date $day --out "$work/again.csv" >/dev/null
run 0 "gives the same plan" cmp "$work/plan.csv" "$work/again.csv"
run 0 "and keeps the territories" gridbeat territory show --workspace "$w" --json
keep
run 0 "of version 1" ask "$work/kept.json" 'd["version"] == 1'

run 0 "a night for a Saturday" gridbeat nightly run --workspace "$w" --date 2026-03-07 --no-report --json
run 0 "puts the visits off until Monday" ask "$work/.out" 'd["managers_at_work"] == d["visits"] == d["musts_missed"] == 0 and d["states"]["deferred"] > 0'

# A broken table is found, and the next night mends it.
cell=$(sqlite3 "$w" "SELECT ref FROM cell JOIN territory_cell ON cell_id = cell.id LIMIT 1")
sqlite3 "$w" "DELETE FROM territory_cell WHERE cell_id = (SELECT id FROM cell WHERE ref = '$cell')"
run 1 "a cell without a territory is found" gridbeat territory check --workspace "$w"
out "$cell"
run 0 "the next night makes new territories" gridbeat nightly run --workspace "$w" --date $day --iterations 200 --no-report
run 0 "that check" gridbeat territory check --workspace "$w"

# Other readers know the file.
if command -v ogrinfo >/dev/null; then
  run 0 "OGR reads the workspace" ogrinfo -ro "$w"
  for layer in customer place branch cell territory plan_route plan_stop; do
    out "$layer ("
  done
fi
done_testing
