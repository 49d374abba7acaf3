#!/usr/bin/env bash
# Hot spots among areas, and clusters of points: their contracts.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2

python3 - <<'PY'
import random
random.seed(7)
n = 12   # a raster with a warm corner
with open('areas.gal', 'w') as gal, open('values.csv', 'w') as out:
    gal.write(f'0 {n * n} raster id\n')
    out.write('name,id,value\n')
    for i in range(n * n):
        r, c = divmod(i, n)
        near = [f'a{y * n + x}' for y in range(r - 1, r + 2)
                for x in range(c - 1, c + 2)
                if 0 <= y < n and 0 <= x < n and (y, x) != (r, c)]
        gal.write(f'a{i} {len(near)}\n{" ".join(near)}\n')
        warm = 6 if r < 4 and c < 4 else 0
        out.write(f'"one, two",a{i},{random.gauss(10, 2) + warm!r}\n')
lines = open('values.csv').read().split('\n')
open('blank.csv', 'w').write('\n'.join(
    [lines[0], '"x",a0,'] + lines[2:]))
open('some_bad.csv', 'w').write('\n'.join(
    [lines[0], '"x",a0,hot'] + lines[2:]) + '"x",a5,1\n"x",b9,1\n')
open('short.gal', 'w').write('2\na 1\nb\nb 1\n')
open('twice.gal', 'w').write('2\na 0\na 0\n')
open('more.gal', 'w').write('1\na 0\nb 0\n')
open('odd.gal', 'w').write('many\n')
with open('points.csv', 'w') as out:
    out.write('x,y\n')
    for cx, cy, k in ((0, 0, 80), (2000, 500, 40)):
        for _ in range(k):
            out.write(f'{random.gauss(cx, 40)!r},{random.gauss(cy, 40)!r}\n')
    out.write('9000,9000\n')
PY

# Gi* by its definition, with R's p.adjust for the last column.
cat > holds.py <<'PY'
import csv, math
words = open('areas.gal').read().split()[4:]
near, at = {}, 0
while at < len(words):
    k = int(words[at + 1])
    near[words[at]] = words[at + 2:at + 2 + k]
    at += 2 + k
x = {r['id']: float(r['value']) for r in csv.DictReader(open('values.csv'))}
n = len(x)
mean = sum(x.values()) / n
s = math.sqrt(sum((v - mean) ** 2 for v in x.values()) / n)
rows = list(csv.DictReader(open('out.csv')))
assert list(rows[0]) == 'id,stat,z,p,p_fdr,class'.split(',')
assert [r['id'] for r in rows] == list(near)
p = []
for r in rows:
    j = near[r['id']] + [r['id']]
    z = (sum(x[a] for a in j) - len(j) * mean) / (
        s * math.sqrt((n * len(j) - len(j) ** 2) / (n - 1)))
    assert abs(float(r['z']) - z) < 1e-9
    assert abs(float(r['p']) - math.erfc(abs(z) / math.sqrt(2))) < 1e-12
    p.append(float(r['p']))
for r in rows:
    least = min(v * n / sum(q <= v for q in p)
                for v in p if v >= float(r['p']))
    assert abs(float(r['p_fdr']) - min(1, least)) < 1e-12
    assert r['class'] == ('none' if float(r['p_fdr']) > .05 else
                          'hot' if float(r['z']) > 0 else 'cold')
assert sum(r['class'] == 'hot' for r in rows) >= 4
PY

run 0 "a table of areas is written" gridbeat hotspots --values values.csv \
  --weights areas.gal --stat gistar --fdr --out out.csv
out "hot"
run 0 "it is the definition" python3 holds.py
run 0 "Moran, in Chinese" gridbeat hotspots --values values.csv \
  --weights areas.gal --stat moran --lang zh
out "高"
run 0 "a blank value is unknown" gridbeat hotspots --values blank.csv \
  --weights areas.gal --out out.csv
run 0 "and has no figures" grep -qx 'a0,,,,,unknown' out.csv
run 0 "bad rows are told of" gridbeat hotspots --values some_bad.csv \
  --weights areas.gal
out "hot" "the area has a value already" "there is no such area"
run 3 "too many are refused" gridbeat hotspots --values some_bad.csv \
  --weights areas.gal --max-reject 1%
err "line 2" "not a number"
run 3 "a file of weights that ends early" gridbeat hotspots \
  --values values.csv --weights short.gal
err "short.gal: line 5" "ends before"
run 3 "that names an area twice" gridbeat hotspots --values values.csv \
  --weights twice.gal
err '"a" is there twice'
run 3 "that goes on" gridbeat hotspots --values values.csv --weights more.gal
err "goes on behind its last area"
run 3 "that is something else" gridbeat hotspots --values values.csv \
  --weights odd.gal
err "line 1"

run 0 "clusters are found" gridbeat clusters --points points.csv --planar \
  --radius-m 40 --min-points 5 --out clusters.csv --outlines outlines.geojson
run 0 "two of them, the larger first, and noise" python3 -c "
import csv, json
rows = list(csv.DictReader(open('clusters.csv')))
assert len(rows) == 121 and rows[-1]['cluster'] == '0'
first = [r['cluster'] for r in rows[:80]]
assert first.count('1') > 60 and '2' not in first
shapes = json.load(open('outlines.geojson'))['features']
assert [f['properties']['cluster'] for f in shapes][:2] == [1, 2]
assert shapes[0]['properties']['points'] == sum(
    r['cluster'] == '1' for r in rows)"
run 0 "no point, no cluster" gridbeat clusters --points points.csv --planar \
  --min-points 500
run 2 "a radius is above 0" gridbeat clusters --points points.csv --planar \
  --radius-m -1
done_testing
