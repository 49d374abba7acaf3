#!/usr/bin/env bash
# Territories of a small bank: several measures at once, one branch alone,
# several territories a manager, and a rebuild that moves little.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2
day=2026-03-02
value() { # python expression over the answer a, and b the one before
  python3 -c 'import json, os, sys
a = json.load(open(sys.argv[1]))
b = json.load(open("before.json")) if os.path.exists("before.json") else None
sys.exit(not eval(sys.argv[2]))' .out "$1"
  verdict $? "$what: $1"
}
keep() { cp .out before.json; }
of_cells() { # CSV of cell, territory of a version
  sqlite3 w.gb "SELECT c.ref, t.ref FROM territory_cell x JOIN cell c ON c.id = x.cell_id
    JOIN territory t ON t.id = x.territory_id WHERE x.territory_version_id = $1 ORDER BY 1"
}
in_force() { # of the last answer
  local v
  v=$(python3 -c 'import json; print(json.load(open(".out"))["version"])')
  gridbeat territory approve "$v" > /dev/null
  gridbeat territory activate "$v" --date $day > /dev/null
}

run 0 "a small bank" gridbeat world make --branches 2 --managers 8 \
  --customers 4000 --seed 3 --out d \
  --osm "$GB_DATA/liechtenstein-2013-08-03.osm.pbf"
gridbeat init w.gb > /dev/null
export GRIDBEAT_WORKSPACE=w.gb
run 0 "is loaded" gridbeat import all d -q
gridbeat segment select --as-of $day -q
gridbeat cells build --date $day -q
run 2 "nothing is in force yet" gridbeat territory rebuild --date $day
err "there are no territories to start from on $day"

few="--date $day --iterations 20000"
run 0 "three measures at once" gridbeat territory build $few \
  --measure workload=40%,targets=45%,customers=60% --json
value 'len(a["grids"]) == 8 and sum(g["cells"] for g in a["grids"]) == a["cells"]'
value '[m["measure"] for m in a["measures"]] == ["workload", "targets", "customers"]'
value 'a["balanced"] == all(m["max_deviation"] <= m["tolerance"] + 1e-6 for m in a["measures"])'
keep
for threads in 2 8; do
  run 0 "on $threads threads" gridbeat territory build $few --threads $threads \
    --measure workload=40%,targets=45%,customers=60% --json
  value 'a["grids"] == b["grids"] and a["findings"] == b["findings"]'
done
run 2 "an unknown measure is refused" gridbeat territory build $few --measure hours
err "there are workload, targets, value and customers"
run 0 "one measure" gridbeat territory build $few --tolerance 40% --json
in_force; keep

run 0 "a rebuild of what keeps the tolerance moves nothing" gridbeat territory \
  rebuild $few --tolerance 40% --json
value 'b["balanced"] and a["chosen"] == a["forced"] == 0 and a["moves"] == []'
run 0 "a manager leaves" gridbeat territory rebuild $few --tolerance 40% \
  --left m004 --json
value 'a["forced"] == next(g["cells"] for g in b["grids"] if g["manager"] == "m004")'
value 'not any(g["manager"] == "m004" for g in a["grids"]) and len(a["grids"]) == 7'
value 'len(a["moves"]) == a["forced"] + a["chosen"]'
value 'all(m["from_manager"] == "m004" for m in a["moves"] if m["reason"] == "left")'
value 'all(m["to"] and m["to_manager"] for m in a["moves"])'
value 'a["chosen"] <= 0.15 * a["cells"]'
in_force; keep
run 0 "and comes back: gets one that hangs together" gridbeat territory rebuild \
  $few --tolerance 40% --json
value 'len(a["grids"]) == 8 and any(g["manager"] == "m004" and g["cells"] > 0 for g in a["grids"])'
value 'any(m["reason"] == "joined" for m in a["moves"])'
value 'not any("falls into" in f["text"] for f in a["findings"])'
run 0 "no more than the budget moves" gridbeat territory rebuild $few \
  --tolerance 3% --max-moved 1% --json
value 'a["chosen"] <= a["budget"] == a["cells"] // 100'
run 0 "one goes on with what another one left" gridbeat territory rebuild $few \
  --tolerance 40% --left m005 --json
value 'len(a["handovers"]) <= 1'
run 2 "an unknown manager is told" gridbeat territory rebuild $few --left m999
err 'there is no manager "m999"'

was=$(python3 -c 'import json; print(json.load(open("before.json"))["version"])')
run 0 "one branch alone" gridbeat territory build $few --branch b01 --json
now=$(python3 -c 'import json; print(json.load(open(".out"))["version"])')
[ "$(of_cells "$was" | grep '|b02')" = "$(of_cells "$now" | grep '|b02')" ]
verdict $? "the other one keeps its cells"
run 0 "two territories each" gridbeat territory build $few --grids-per-manager 2 --json
value 'len(a["grids"]) == 16 and len({g["manager"] for g in a["grids"]}) == 8'
run 0 "so many a branch, dealt out" gridbeat territory build $few \
  --grids-per-branch 9 --json
value 'len(a["grids"]) == 18 and all(g["manager"] for g in a["grids"])'
value 'len({g["manager"] for g in a["grids"]}) == 8'
run 0 "borders of imported areas are soft" gridbeat territory build $few \
  --borders all --json
run 2 "an unknown area is told" gridbeat territory build $few --borders nowhere
err 'there is no area "nowhere"'
run 0 "a day without targets takes those of the last day that had some" \
  gridbeat territory rebuild --date 2030-01-01 --iterations 20000 --json
value 'sum(g["work_s"] for g in a["grids"]) > 0'
run 2 "before the first selection there is nothing to share out" \
  gridbeat territory build --date 2001-01-01
err 'there are no targets on 2001-01-01 or before'
done_testing
