#!/usr/bin/env bash
# The commands of routes: files in, plans, proofs and reasons out.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2
shared=$GB_SHARED/data/route

value() { # EXPRESSION: true of the last answer, the object a.
  python3 -c 'import json, sys
a = json.load(open(sys.argv[1]))
sys.exit(not eval(sys.argv[2]))' "$work/.out" "$1"
  verdict $? "$what: $1"
}
# town CLIENTS CAPACITY: a file of CVRPLIB, places by chance.
town() {
  python3 - "$@" <<'PY'
import random, sys
n, capacity = map(int, sys.argv[1:])
random.seed(n)
print(f'NAME : town{n}\nTYPE : CVRP\nDIMENSION : {n + 1}')
print(f'EDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : {capacity}')
print('NODE_COORD_SECTION')
for i in range(n + 1):
    print(i + 1, random.randrange(1000), random.randrange(1000))
print('DEMAND_SECTION')
for i in range(n + 1):
    print(i + 1, random.randint(1, 20) if i else 0)
print('DEPOT_SECTION\n1\n-1\nEOF')
PY
}
# driven FILE SOLUTION: what the routes of a CVRP cost, by a way of its own;
# fails when a client is missing or a vehicle is too full.
driven() {
  python3 - "$@" <<'PY'
import math, sys
xy, load, section, capacity = {}, {}, '', 0
for line in open(sys.argv[1]):
    word = line.replace(':', ' ').split()
    if not word:
        continue
    if word[0].isalpha() or word[0].endswith('SECTION'):
        section = word[0]
        if section == 'CAPACITY':
            capacity = int(word[1])
    elif section == 'NODE_COORD_SECTION':
        xy[int(word[0]) - 1] = float(word[1]), float(word[2])
    elif section == 'DEMAND_SECTION':
        load[int(word[0]) - 1] = int(word[1])
routes = [[int(c) for c in line.split(':')[1].split()]
          for line in open(sys.argv[2]) if line.startswith('Route')]
far = lambda a, b: int(math.dist(xy[a], xy[b]) + .5)
assert sorted(c for r in routes for c in r) == sorted(set(xy) - {0})
assert all(sum(load[c] for c in r) <= capacity for r in routes)
print(sum(far(a, b) for r in routes for a, b in zip([0] + r, r + [0])))
PY
}

town 30 100 > t.vrp
run 0 "a town is planned" gridbeat route solve t.vrp --iterations 2000 \
  --seed 3 --threads 1 --out t.sol --json
value 'a["status"] == "GB_OK" and a["feasible"] and a["n_unserved"] == 0'
value 'sorted(c for r in a["routes"] for c in r["clients"]) == list(range(1, 31))'
value 'sum(r["cost"] for r in a["routes"]) == a["cost"] > 0 and a["cpu_s"] > 0'
value 'a["file"] == "t.sol" and a["certified"] and a["outcome"] == "iteration_limit"'
value 'all(r["load"][0] <= 100 for r in a["routes"])'
cost=$(python3 -c 'import json; print(json.load(open(".out"))["cost"])')
[ "$(driven t.vrp t.sol)" = "$cost" ]
verdict $? "its cost is that of its routes, by another way"
for t in 2 8; do
  gridbeat route solve t.vrp --iterations 2000 --seed 3 --threads $t \
    --out t$t.sol > .log
  cmp t.sol t$t.sol; verdict $? "$t threads give the bytes of one"
done
run 0 "a plan to start from" gridbeat route solve t.vrp --start t.sol \
  --iterations 50 --json
value "a['cost'] <= $cost"
run 0 "a limit of time" gridbeat route solve t.vrp --time-limit 1
out "ended by"
run 0 "the plan as VROOM has it" gridbeat route solve t.vrp --iterations 50 \
  --write vroom --json
value 'len(json.loads(a["document"])["routes"]) == a["n_routes"]'
run 0 "the solution is checked" gridbeat route check t.vrp t.sol
out "all is right"
run 0 "in Chinese as well" gridbeat route check t.vrp t.sol --lang zh
out "全部正确"

# What is wrong with a solution is told, and its exit code says so.
sed 's/^Cost.*/Cost 7/' t.sol > boast.sol
run 1 "a cost that it has not" gridbeat route check t.vrp boast.sol
out "the solution tells 7 of itself"
sed '1d' t.sol > lost.sol
run 1 "a route is missing" gridbeat route check t.vrp lost.sol --json
value 'not a["valid"] and a["musts_unserved"] > 0 and a["n_unserved"] > 0'
{ grep '^Route' t.sol | grep -o '[0-9 ]*$' | tr -d '\n' | sed 's/^/Route #1:/'
  echo; } > full.sol
run 1 "a vehicle is too full" gridbeat route check t.vrp full.sol --json
value 'not a["valid"] and "load" in a["findings"][0]["text"]'
sed 's/^Route #1: \([0-9]*\)/Route #1: \1 \1/' t.sol > twice.sol
run 3 "a client is there twice" gridbeat route check t.vrp twice.sol
err "twice"
sed 's/^Route #1: /Route #1: 31 /' t.sol > none.sol
run 3 "a client that there is not" gridbeat route check t.vrp none.sol

# Interrupted: the best so far is written.
"$gridbeat_path" route solve t.vrp --time-limit 100 --out cut.sol \
  > cut.log 2> cut.err < /dev/null &
process=$!
sleep 1
kill -INT $process
wait $process
[ $? = 130 ]; verdict $? "an interrupt ends it with code 130"
grep -q "cut.sol" cut.err; verdict $? "and tells where the best plan is"
driven t.vrp cut.sol > .log; verdict $? "which holds"

# Our own JSON: a must that cannot be met is told last of all, by code and by
# key; those left out are listed up to ten.
python3 - > day.json <<'PY'
import json
n = 16
far = lambda a, b: 600 * abs(a - b)
print(json.dumps({
    "format": "gridbeat-route", "version": 1, "name": "a day",
    "locations": [{"name": f"L{i}", "lon_deg": 9.5 + i / 100, "lat_deg": 47.1}
                  for i in range(n + 1)],
    "profiles": [{"seconds": [[far(a, b) for b in range(n + 1)]
                              for a in range(n + 1)]}],
    "vehicles": [{"name": "Li", "start_location": 0, "end_location": 0,
                  "shift_start_s": 28800, "shift_end_s": 39600,
                  "cost_per_s_milli": 1}],
    "clients": [{"name": f"C{i}", "location": i, "service_s": 1200,
                 "prize": 100} for i in range(1, n)]
    + [{"name": "Wang", "location": n, "service_s": 1200, "must": True,
        "windows_s": [[28800, 30000]]}]}))
PY
run 5 "a must that cannot be met" gridbeat route solve day.json \
  --iterations 500 --out plan.json
out "WARNING: 1 who must be served"
out "... and"
[ "$(tail -1 .out | cut -c1-7)" = WARNING ]; verdict $? "it is told last"
run 5 "and in Chinese" gridbeat route solve day.json --iterations 500 --lang zh
out "警告"
run 5 "and as data" gridbeat route solve day.json --iterations 500 --json
value 'not a["feasible"] and a["musts_unserved"] == 1 and a["status"] == "GB_OK"'
value '[u["kind"] for u in a["unserved"] if u["must"]] == ["impossible"]'
value '[u["constraint"] for u in a["unserved"] if u["client"] == "Wang"] != ["none"]'
value 'len(a["unserved"]) == a["n_unserved"] > 10'
run 5 "its plan is checked" gridbeat route check day.json plan.json
out "WARNING: 1 who must be served"
run 5 "the problem in the call" gridbeat route solve --problem "$(cat day.json)" \
  --iterations 500 --write geojson --json
value 'json.loads(a["document"])["type"] == "FeatureCollection"'
run 0 "a problem of another format as ours" gridbeat route convert t.vrp \
  --out t.json
gridbeat route solve t.json --iterations 2000 --seed 3 --json > t.out
[ "$(python3 -c 'import json; print(json.load(open("t.out"))["cost"])')" = "$cost" ]
verdict $? "$what: it is solved to the same cost"
sed 's/"service_s"/"service"/' day.json > misspelt.json
run 3 "a key that there is not" gridbeat route solve misspelt.json
err "did you mean"

# Why each is served as he is, or not at all.
run 0 "reasons of all" gridbeat route reasons day.json plan.json --json
value 'len(a["served"]) + len(a["unserved"]) == 16'
value 'all(u["text"] for u in a["unserved"] + a["served"])'
value 'all(s["left_out"]["change"] <= 0 for s in a["served"])'
value '[u["must"] for u in a["unserved"] if u["client"] == "Wang"] == [True]'
value '[(u["constraint"], u["mend"], u["prize"]) for u in a["unserved"] if u["client"] == "C9"] == [("shift", 1200, 100)]'
run 0 "of one who is served" gridbeat route reasons day.json plan.json C1
out "Li at "
run 0 "of one who is not, in Chinese" gridbeat route reasons day.json \
  plan.json C9 --lang zh
out "Li 要到 11:20"
run 2 "of one who is not there" gridbeat route reasons day.json plan.json C77
err 'did you mean "C7"?'

# The day has begun.
run 5 "a client cancels" gridbeat route replan day.json plan.json \
  --cancel C2 --max-changes 2 --json
value '("C2", "out", True) in [(d["client"], d["kind"], d["forced"]) for d in a["diff"]]'
value '"C2" not in [c for r in a["routes"] for c in r["clients"]]'
value 'a["n_counted"] <= 2'
run 5 "changes as JSON" gridbeat route replan day.json plan.json --changes \
  '{"changes": [{"kind": "window", "client": "C1", "early_s": "8:00", "late_s": "8:30"}]}' --json
value 'all(s["start_s"] <= 30600 for r in a["routes"] for s in r["stops"] if s["client"] == "C1")'
run 2 "a change that there is not" gridbeat route replan day.json plan.json \
  --changes '{"changes": [{"kind": "cancle", "client": "C1"}]}'
run 2 "a client who is not there" gridbeat route replan day.json plan.json \
  --cancel C99
err 'no client "C99"'
run 2 "a clock that is none" gridbeat route replan day.json plan.json \
  --clock noon
err "a time of day"
run 0 "windows for a customer who calls" gridbeat route suggest day.json \
  plan.json C1 --json
value '1 <= len(a["windows"]) <= 3 and a["windows"][0]["vehicle"] == "Li"'
value 'all(w["early_s"] <= w["start_s"] <= w["late_s"] for w in a["windows"])'
run 1 "nobody has room" gridbeat route suggest day.json plan.json Wang \
  --from 8:00 --until 9:00
out "nobody has room"

# How much better could any plan be.
town 8 60 > small.vrp
run 0 "a small town is proven" gridbeat route solve small.vrp \
  --iterations 2000 --bound --json
value 'a["closed"] and a["gap"] == 0 and a["bound"] == a["cost"]'
run 0 "and by itself" gridbeat route bound small.vrp --time-limit 20 \
  --out small.sol
out "no plan is better: proven"
run 0 "its plan is measured" gridbeat route bound small.vrp small.sol \
  --time-limit 20 --json
value 'a["closed"] and a["bound"] == a["plan"]'
cost=$(python3 -c 'import json; print(json.load(open(".out"))["plan"])')
[ "$(driven small.vrp small.sol)" = "$cost" ]
verdict $? "$what: by another way as well"

# Wrong use.
run 2 "an option that there is not" gridbeat route solve t.vrp --vehicle 3
err 'did you mean "--vehicles"?'
run 2 "no problem at all" gridbeat route solve
err "a problem is needed"
run 2 "a problem in the call that is no JSON" gridbeat route solve \
  --problem '{"vehicles": '
err "problem, line 1"
run 2 "a file that is not there" gridbeat route solve none.vrp
err "none.vrp"
head -c 300 t.vrp > half.vrp
run 3 "a file that ends too early" gridbeat route solve half.vrp
err "half.vrp"
run 3 "a plan that cannot be written" gridbeat route solve t.vrp \
  --iterations 10 --out nowhere/t.sol

# Published costs are met: the rounding of each family.
if [ -d "$shared" ]; then
  run 0 "the best known plan of an X instance costs what is told" gridbeat \
    route check "$shared/cvrp_x/X-n101-k25.vrp" "$shared/cvrp_x/X-n101-k25.sol" --json
  value 'a["cost"] == a["told"] == 27591'
fi
done_testing
