#!/usr/bin/env bash
# Territories of the areas of a file: the contract of `territory solve`.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2

# board WIDTH: a board of squares of 1 km, each with 10 people.
board() {
  python3 - "$1" <<'PY'
import sys
w = int(sys.argv[1])
edges = [(r * w + c, r * w + c + d) for r in range(w) for c in range(w)
         for d, ok in ((1, c + 1 < w), (w, r + 1 < w)) if ok]
print(f'TG1 board n={w * w} m={len(edges)} k=4 components=1')
print('# id geoid lon lat pop land_km2 area_src boundary_perim')
for a in range(w * w):
    r, c = divmod(a, w)
    outer = (r in (0, w - 1)) + (c in (0, w - 1))
    print(a, f'S{a}', 9 + c / 72, 47 + r / 111.2, 10, 1.0, 1000000, 1000 * outer)
print('# i j shared_perim')
for i, j in edges:
    print(i, j, 1000)
PY
}
# holds FILE PLAN K T: the plan by a way of its own.
holds() {
  python3 - "$@" <<'PY'
import sys
text = open(sys.argv[1]).read().split('\n')
plan = [int(x) for x in open(sys.argv[2])]
k, t = int(sys.argv[3]), float(sys.argv[4])
n = int(text[0].split('n=')[1].split()[0])
pop = [float(l.split()[4]) for l in text[2:2 + n]]
edges = [tuple(map(int, l.split()[:2])) for l in text[3 + n:] if l and l[0] != '#']
assert len(plan) == n and set(plan) == set(range(k))
load = [sum(p for p, o in zip(pop, plan) if o == x) for x in range(k)]
assert all(abs(l / (sum(pop) / k) - 1) <= t + 1e-9 for l in load), load
root = list(range(n))
def find(a):
    while root[a] != a: a = root[a]
    return a
for i, j in edges:
    if plan[i] == plan[j]: root[find(i)] = find(j)
assert len({find(a) for a in range(n)}) == k
print(sum(plan[i] != plan[j] for i, j in edges))
PY
}
# value EXPRESSION: true of the last answer, the object a.
value() {
  python3 -c 'import json, sys
a = json.load(open(sys.argv[1]))
sys.exit(not eval(sys.argv[2]))' "$work/.out" "$1"
  verdict $? "$what: $1"
}

board 8 > b.tg
for objective in cut border moment; do
  run 0 "territory solve for the least $objective" \
    gridbeat territory solve b.tg --territories 4 --tolerance 0 \
    --objective $objective --iterations 100000 --seed 3 --threads 1 \
    --out $objective.plan --json
  value 'a["status"] == "GB_OK" and a["valid"] and a["parts"] == 4'
  value 'a["cpu_s"] > 0 and a["worst_deviation"] == 0'
  cut=$(holds b.tg $objective.plan 4 0)
  verdict $? "$what: the plan holds by another way"
  [ $objective = moment ] && continue
  value 'a["cut"] == 16 and a["border_m"] == 16000'
  [ "$cut" = 16 ]; verdict $? "$what: its cut by another way"
done
# A square of 16 has no cell at its middle: its moment is .00051, and there are
# plans of less than four.
run 0 "the moment is about the best own areas" gridbeat territory solve b.tg \
  --territories 4 --tolerance 0 --objective moment --iterations 100000 --json
value 'a["objective"] <= 0.00203'
run 0 "the moment is what is told" \
  gridbeat territory solve b.tg --objective moment --iterations 50000 --json
value 'a["goal"] == "moment" and a["objective"] == a["moment"]'
value 'len(a["document"].split()) == 64'
for t in 2 8; do
  gridbeat territory solve b.tg --territories 4 --tolerance 0 \
    --objective moment --iterations 100000 --seed 3 --threads $t --out t$t.plan \
    > .log
  cmp moment.plan t$t.plan; verdict $? "$t threads give the bytes of one"
done
run 0 "a limit of time" gridbeat territory solve b.tg --territories 4 \
  --tolerance .01 --objective border --time-limit 1 --threads 2 --out time.plan
out "border"
holds b.tg time.plan 4 .01 > /dev/null
verdict $? "$what: the plan holds"

# What no plan can be below.
run 0 "a bound with the plan" gridbeat territory solve b.tg --territories 4 \
  --tolerance 0 --objective moment --iterations 50000 --bound --time-limit 20 \
  --out bound.plan --json
value '0 < a["bound"] <= a["objective"] * (1 + 1e-9) and a["gap"] >= 0'
value 'a["proof"]["lower"] == a["bound"]'
holds b.tg bound.plan 4 0 > /dev/null
verdict $? "$what: the plan holds"
board 4 > s.tg
run 0 "a small board is closed" gridbeat territory bound s.tg \
  --territories 4 --tolerance 0 --objective moment --out s.plan --json
value 'a["closed"] and a["gap"] == 0 and a["lower"] == a["plan"]'
value 'not a["infeasible"] and a["proof"] == "branched"'
holds s.tg s.plan 4 0 > /dev/null
verdict $? "$what: the best plan holds"
run 0 "its plan is measured" gridbeat territory bound s.tg \
  --territories 4 --tolerance 0 --objective moment --plan s.plan --json
value 'a["closed"] and not a["better_plan"]'
run 0 "the least cut of a board" gridbeat territory bound s.tg \
  --territories 4 --tolerance 0 --objective cut --json
value 'a["closed"] and a["lower"] == 8'
run 0 "a bound in words" gridbeat territory bound s.tg --territories 4 \
  --tolerance 0 --objective moment
out "no plan is better: proven"
run 5 "no plan at all" gridbeat territory bound s.tg --territories 3 \
  --tolerance 0 --objective moment
out "no plan keeps the rules: proven"
head -15 s.plan > short.plan
run 3 "a plan of other areas" gridbeat territory bound s.tg \
  --territories 4 --tolerance 0 --objective moment --plan short.plan
unset GRIDBEAT_WORKSPACE
run 2 "neither file nor workspace" \
  gridbeat territory bound --objective moment

# Two measures, tolerances of the file, and distances on a plane.
python3 - > d.dat <<'PY'
w = 6
e = [(r * w + c, r * w + c + d) for r in range(w) for c in range(w)
     for d, ok in ((1, c + 1 < w), (w, r + 1 < w)) if ok]
print(w * w)
for a in range(w * w):
    print(a, a % w, a // w, 2, 3)
print(len(e))
for i, j in e:
    print(i, j)
print(4, 4, 0.01, 0.01)
PY
run 0 "a design is solved for the least median" gridbeat territory solve \
  d.dat --iterations 100000 --out d.plan --json
value 'a["goal"] == "median" and a["worst_deviation"] == 0'
value 'a["objective_unit"] == "x m" and a["moment"] is None'
python3 - <<'PY'
import math
o = [int(x) for x in open('d.plan')]
assert len(o) == 36 and all(o.count(t) == 9 for t in range(4))
far = lambda a, b: math.hypot(a % 6 - b % 6, a // 6 - b // 6)
own = [[a for a in range(36) if o[a] == t] for t in range(4)]
s = sum(min(sum(far(a, c) for a in p) for c in p) for p in own)
assert abs(s - 4 * (4 + 4 * math.sqrt(2))) < 1e-9, s
PY
verdict $? "$what: four squares of nine"

# Who knows which area: two owners, four areas in a row.
cat > known.dat <<'EOT'
4
0 0 0 3
1 1 0 3
2 2 0 3
3 3 0 4
6
0 1
1 0
1 2
2 1
2 3
3 2
2 2 0
3 3 1 1
1 1 3 3
0 1 2 3
1 0 1 2
2 1 0 1
3 2 1 0
EOT
run 0 "a design with familiarity" gridbeat territory solve known.dat \
  --iterations 20000 --out known.plan --json
value '[a[k] for k in ("imbalance", "familiarity", "compactness")] == [1, 4, 2]'
value 'a["objective"] == 1000 + 2000 + 2 and a["valid"] and a["parts"] == 2'
[ "$(tr -d '\n' < known.plan)" = 1100 ]
verdict $? "$what: who knows an area has it"
run 2 "as many people as rows" gridbeat territory solve known.dat \
  --territories 3
err "2 people"

# The capacitated p-median: nodes on a board, without adjacency.
python3 - > p.txt <<'PY'
import random
random.seed(5)
print(40, 4, sep='\t', end='\t\t\n')
for a in range(40):
    print(random.randrange(100), random.randrange(100), 70, random.randint(1, 9))
PY
for t in 1 2; do
  run 0 "a p-median" gridbeat territory solve p.txt --iterations 200000 \
    --seed 3 --threads $t --out p$t.plan --json
done
cmp p1.plan p2.plan; verdict $? "two threads give the plan of one"
value 'a["valid"] and a["goal"] == "median" and len(a["medians"]) == 4'
value 'a["objective"] == int(a["objective"]) and 0 < a["bound"] <= a["objective"]'
python3 - "$work/.out" <<'PY'
import json, math, sys
node = [list(map(int, l.split())) for l in list(open('p.txt'))[1:]]
plan = [int(l) for l in open('p2.plan')]
far = lambda a, b: int(math.hypot(node[a][0] - node[b][0], node[a][1] - node[b][1]))
cost = 0
for c in range(4):
    own = [a for a in range(40) if plan[a] == c]
    assert own and sum(node[a][3] for a in own) <= 70
    cost += min(sum(far(a, m) for a in own) for m in own)
assert cost == json.load(open(sys.argv[1]))["objective"], cost
PY
verdict $? "$what: the plan costs what is told"
run 0 "straight distances" gridbeat territory solve p.txt \
  --iterations 20000 --distances straight --json
value 'a["objective"] != int(a["objective"])'
run 0 "a p-median for people" gridbeat territory solve p.txt \
  --iterations 20000 --out p.plan
out "no plan is below"
run 2 "a p-median has no tolerance" gridbeat territory solve p.txt \
  --tolerance .1
printf '3 1\n0 0 9 4\n1 1 9 4\n2 1 9 4\n' > short.txt
run 5 "capacities that do not do" gridbeat territory solve short.txt
err "1 medians hold 9"
printf '3 2\n0 0 9 6\n1 1 9 6\n2 1 9 6\n' > packed.txt
run 5 "capacities that do in sum alone" gridbeat territory solve packed.txt \
  --iterations 10000 --out packed.plan
[ ! -e packed.plan ]; verdict $? "$what: no plan is written"
printf '2 1\n0 0 9 1\n1 1 9 x\n' > broken.txt
run 3 "a broken node is named" gridbeat territory solve broken.txt
err "broken.txt:3: a demand is"

run 5 "what cannot be is told with a mend" gridbeat territory solve b.tg \
  --territories 5 --tolerance .01 --iterations 20000 --out no.plan
out "a tolerance of"
[ ! -e no.plan ]; verdict $? "$what: no plan is written"
run 5 "more territories than areas" \
  gridbeat territory solve b.tg --territories 65 --tolerance .1
printf 'TG1 t n=2 m=1\n# id pop\n0 1\n1 1\n# i j\n0 1\n' > bare.tg
run 2 "no number of territories anywhere" gridbeat territory solve bare.tg
err "territories"
run 2 "no moment without places" gridbeat territory solve bare.tg \
  --territories 2 --objective moment
err "no places"
run 0 "areas without places" gridbeat territory solve bare.tg \
  --territories 2 --out bare.plan
printf 'TG1 t n=2 m=1\n# id pop\n0 1\n1 x\n# i j\n0 1\n' > bad.tg
run 3 "a broken line is named" gridbeat territory solve bad.tg --territories 2
err "bad.tg:4: pop is"
run 3 "in Chinese as well" gridbeat --lang zh territory solve bad.tg \
  --territories 2
err "bad.tg:4"
run 2 "a file that is not there" gridbeat territory solve none.tg
run 3 "a plan that cannot be written" gridbeat territory solve bare.tg \
  --territories 2 --out nowhere/plan
done_testing
