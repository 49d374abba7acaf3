#!/usr/bin/env bash
# Density of the points of a file: the contract of `density`.
. "$GB_SOURCE/tests/cli/harness.sh" "$1"
cd "$work" || exit 2

python3 - <<'PY'
import random
random.seed(6)
rows = [(random.uniform(0, 900), random.uniform(0, 600), random.randint(1, 4))
        for _ in range(300)]
open('planar.csv', 'w').write(
    'w,x,y\n' + ''.join(f'{w},{x!r},{y!r}\n' for x, y, w in rows))
open('turned.csv', 'w').write(
    'x,y,w\n' + ''.join(f'{x!r},{y!r},{w}\n' for x, y, w in reversed(rows)))
open('bare.csv', 'w').write(''.join(f'{x!r},{y!r},{w}\n' for x, y, w in rows))
open('globe.csv', 'w').write(
    'lon,lat,w\n' + ''.join(f'{9.5 + x / 76000!r},{47.1 + y / 111200!r},{w}\n'
                            for x, y, w in rows))
open('some_bad.csv', 'w').write(
    'x,y\n' + ''.join(f'{x!r},{y!r}\n' for x, y, w in rows) + '12,a\n')
open('all_bad.csv', 'w').write('x,y\n1,2\nb,2\n')
PY

# holds FILE KERNEL RADIUS: each line by the double loop.
cat > holds.py <<'PY'
import csv, math, sys
name, kernel, r = sys.argv[1], sys.argv[2], float(sys.argv[3])
points = [(float(p['x']), float(p['y']), float(p['w']))
          for p in csv.DictReader(open('planar.csv'))]
shape = {'epanechnikov': lambda t: 2 * max(0, 1 - t),
         'quartic': lambda t: 3 * max(0, 1 - t) ** 2,
         'gaussian': lambda t: math.exp(-t / 2) / 2}[kernel]
rows = [tuple(map(float, l.split(','))) for l in open(name).read().split()[1:]]
assert open(name).readline() == 'x,y,value\n'
assert [r[:2] for r in rows] == [(-50 + 40 * i, -30 + 40 * j)
                                 for j in range(20) for i in range(26)]
plain = [sum(w * shape(((x - px) ** 2 + (y - py) ** 2) / r ** 2)
             for px, py, w in points) / (math.pi * r * r) for x, y, v in rows]
assert max(abs(v - p) for (x, y, v), p in zip(rows, plain)) <= 1e-9 * max(plain)
PY

for kernel in epanechnikov quartic gaussian; do
  run 0 "$kernel: a grid is written" gridbeat density --points planar.csv \
    --planar --kernel $kernel --radius-m 110 --grid -50,-30,40,26,20 --out $kernel.csv
  out "300"
  run 0 "$kernel: it is the double loop" python3 holds.py $kernel.csv $kernel 110
  run 0 "$kernel: the order of the points and threads do not show" \
    gridbeat density --points turned.csv --planar --kernel $kernel \
    --radius-m 110 --grid -50,-30,40,26,20 --threads 3 --out turned.out.csv
  run 0 "$kernel: to the byte" cmp $kernel.csv turned.out.csv
done
run 0 "a file without a header" gridbeat density --points bare.csv --planar \
  --radius-m 110 --grid -50,-30,40,26,20 --out bare.out.csv
run 0 "is the same" cmp epanechnikov.csv bare.out.csv

run 0 "degrees are projected" gridbeat density --points globe.csv \
  --radius-m 200 --step-m 10 --json
run 0 "and the mass is kept" python3 -c "
import json
d = json.load(open('$work/.out'))
weight = sum(int(l.split(',')[0]) for l in open('planar.csv').read().split()[1:])
assert abs(d['mass'] / weight - 1) < 1e-3 and d['epsg'] == 32632, d"
run 0 "a grid by its corner in degrees" gridbeat density --points globe.csv \
  --grid 9.5,47.1,20,3,2 --out globe.out.csv
run 0 "is told in degrees" python3 -c "
rows = [l.split(',') for l in open('globe.out.csv').read().split()[1:]]
assert len(rows) == 6 and abs(float(rows[0][0]) - 9.5) < 1e-9
assert 20 / 77000 < float(rows[1][0]) - 9.5 < 20 / 75000, rows"

run 3 "too many bad rows are refused" gridbeat density --points all_bad.csv --planar
err 'line 3, column "x": "b"'
run 0 "few are told of" gridbeat density --points some_bad.csv --planar
out "not a number of metres"
run 3 "columns must be there" gridbeat density --points planar.csv
err "lon and lat are expected"
run 2 "a grid has five numbers" gridbeat density --points planar.csv --planar --grid 1,2,3
err "x0,y0,step,nx,ny"
run 2 "a radius is above 0" gridbeat density --points planar.csv --planar --radius-m 0
run 2 "a file must be there" gridbeat density --points none.csv --planar
done_testing
