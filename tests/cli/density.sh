#!/usr/bin/env bash
# Density of the points of a file: the contract of `density`.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
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

# ---- a window, radii that follow, shares, places ----
printf 'x,y\n0,0\n900,0\n900,600\n0,600\n' > window.csv
printf '{"type": "Polygon", "coordinates": [[[0, 0], [900, 0], [900, 600], [0, 600], [0, 0]]]}' > window.geojson
run 0 "a window as a ring" gridbeat density --points planar.csv --planar \
  --radius-m 110 --grid -50,-30,40,26,20 --edge window.csv --out ring.csv
run 0 "a window as GeoJSON" gridbeat density --points planar.csv --planar \
  --radius-m 110 --grid -50,-30,40,26,20 --edge window.geojson --out json.csv
run 0 "is the same" cmp ring.csv json.csv
run 0 "values rise at the edge, and outside there is none" python3 -c "
rows = lambda name: [l.split(',') for l in open(name).read().split()[1:]]
for (x, y, plain), (_, _, value) in zip(rows('epanechnikov.csv'), rows('ring.csv')):
    x, y, plain = float(x), float(y), float(plain)
    inside = 0 < x < 900 and 0 < y < 600
    near = not (110 < x < 790 and 110 < y < 490)
    if not inside: assert value == '', (x, y)
    elif near: assert float(value) >= plain, (x, y)
    else: assert abs(float(value) - plain) <= 1e-12, (x, y)"
run 3 "a window is a polygon" gridbeat density --points planar.csv --planar \
  --edge <(echo '{"type": "Point", "coordinates": [1, 2]}')
run 0 "radii that follow" gridbeat density --points planar.csv --planar \
  --radius-m 110 --step-m 20 --adaptive --json
run 0 "keep the mass" python3 -c "
import json
weight = sum(int(l.split(',')[0]) for l in open('planar.csv').read().split()[1:])
assert 0.9 < json.load(open('$work/.out'))['mass'] / weight < 1.01"
run 0 "a share of all" gridbeat density --points planar.csv --all planar.csv \
  --planar --radius-m 110 --grid -50,-30,40,26,20 --out share.csv
run 0 "is 1 where they are all" python3 -c "
values = [l.split(',')[2] for l in open('share.csv').read().split()[1:]]
assert '1' in values and set(values) <= {'1', ''}, set(values)"
run 0 "places" gridbeat density --points planar.csv --planar --radius-m 110 \
  --at window.csv --out places.csv
run 0 "leave one out" gridbeat density --points planar.csv --planar \
  --radius-m 110 --leave-one-out --out one_out.csv
run 0 "are lines of their own" python3 -c "
assert len(open('places.csv').readlines()) == 5
assert len(open('one_out.csv').readlines()) == 301"
run 2 "and no picture" gridbeat density --points planar.csv --planar \
  --leave-one-out --out one_out.png

# ---- other files ----
for end in asc geojson png; do
  run 0 "a surface as .$end" gridbeat density --points globe.csv --radius-m 90 \
    --step-m 15 --out surface.$end
done
run 0 "GDAL reads the grid as it reads the picture" python3 -c "
import json, subprocess
read = lambda f: json.loads(subprocess.check_output(['gdalinfo', '-json', f]))
grid, picture = read('surface.asc'), read('surface.png')
assert grid['size'] == picture['size'] and grid['size'][0] > 50
assert grid['geoTransform'] == picture['geoTransform'], (grid, picture)
assert read('surface.legend.png')['size'][0] > 50"
run 0 "lines lie where the level is" python3 -c "
import json
lines = json.load(open('surface.geojson'))['features']
assert len(lines) == 6
levels = [f['properties']['per_km2'] for f in lines]
assert levels == sorted(levels) and levels[0] > 0
for f in lines:
    for line in f['geometry']['coordinates']:
        assert len(line) > 3 and line[0] == line[-1]  # no line meets the border
        assert all(9.4 < x < 9.6 and 47 < y < 47.2 for x, y in line)"
python3 -c "
import json
feature = json.load(open('surface.geojson'))['features'][2]
at = feature['geometry']['coordinates'][0][::5]
open('on_line.csv', 'w').write('lon,lat\n' + ''.join(f'{x!r},{y!r}\n' for x, y in at))
open('level', 'w').write(repr(feature['properties']['per_km2']))"
run 0 "values on a line" gridbeat density --points globe.csv --radius-m 90 \
  --at on_line.csv --out on_line.out.csv
run 0 "are its level" python3 -c "
level = float(open('level').read())
values = [float(l.split(',')[2]) * 1e6 for l in open('on_line.out.csv').read().split()[1:]]
assert all(abs(v / level - 1) < 0.02 for v in values), (level, values)"

{ cat globe.csv; echo 116.4,39.9,1; } > far.csv
run 0 "one place far away is told of" gridbeat density --points far.csv --radius-m 200 --step-m 10 --out far.out.csv
out "116.400000,39.900000" "shifted"
run 0 "and the rest is as it was" gridbeat density --points globe.csv --radius-m 200 --step-m 10 --out near.out.csv
run 0 "to the byte" cmp far.out.csv near.out.csv

run 3 "too many bad rows are refused" gridbeat density --points all_bad.csv --planar
err 'line 3, column "x": "b"'
run 0 "few are told of" gridbeat density --points some_bad.csv --planar
out "not a number of metres"
run 3 "columns must be there" gridbeat density --points planar.csv
err "lon and lat are expected"
run 2 "a grid has five numbers" gridbeat density --points planar.csv --planar --grid 1,2,3
err "x0,y0,step,nx,ny"
run 2 "and not too many cells" gridbeat density --points planar.csv --planar --grid 0,0,1,100000,100000
err "100000 x 100000"
run 2 "a radius is above 0" gridbeat density --points planar.csv --planar --radius-m 0
run 2 "a file must be there" gridbeat density --points none.csv --planar
# ---- along streets ----

# Two quays 40 m apart, joined by a bridge 1.5 km to the east; a ring beyond.
python3 - <<'PY'
def node(i, x, y): return f'<node id="{i}" lat="{47.1 + y / 111190:.7f}" lon="{9.5 + x / 75840:.7f}"/>'
def way(i, name, *refs): return (f'<way id="{i}">' + ''.join(f'<nd ref="{r}"/>' for r in refs)
    + f'<tag k="highway" v="residential"/><tag k="name" v="{name}"/></way>')
nodes = [(1, 0, 0), (2, 700, 0), (3, 1500, 0), (4, 0, 40), (5, 1500, 40), (6, 1600, 0), (7, 1650, 50), (8, 1650, -50)]
open('quays.osm', 'w').write('<osm>' + ''.join(node(*n) for n in nodes)
    + way(1, 'South quay', 1, 2, 3) + way(2, 'North quay', 4, 5) + way(3, 'Bridge', 3, 5)
    + way(4, 'Lane', 3, 6) + way(5, 'Ring', 6, 7, 8, 6) + '</osm>')
open('quay.csv', 'w').write('lon,lat\n' + ''.join(f'{9.5 + x / 75840:.7f},{47.1 - 4 / 111190:.7f}\n' for x in (500, 560, 600)))
open('ring.csv', 'w').write(f'lon,lat,w\n{9.5 + 1650 / 75840:.7f},47.1,3\n9.9,47.1,1\n')
PY
run 0 "a map of two quays" gridbeat roads build --osm quays.osm --out quays.roads
run 0 "density along streets" gridbeat density --points quay.csv --streets quays.roads --kernel epanechnikov --radius-m 200 --step-m 10 --out quays.csv --json
cp .out quays.json
run 0 "is that of the double loop, and none on the other side of the water" python3 - <<'PY'
import csv, json
rows = list(csv.DictReader(open('quays.csv')))
assert {r['name'] for r in rows} == {'South quay'}
at = (500, 560, 600)
for r in rows:
    x = (float(r['lon']) - 9.5) * 75840
    plain = sum(.75 / 200 * max(0, 1 - ((x - a) / 200) ** 2) for a in at)
    assert abs(float(r['value']) - plain) < 1e-4 * .01, (x, r['value'], plain)
    assert abs((float(r['from_m']) + float(r['to_m'])) / 2 - x) < 1
a = json.load(open('quays.json'))
assert abs(a['mass'] - 3) < .01 and a['on_no_street'] == 0 and a['kernel'] == 'epanechnikov'
PY
run 0 "the Gaussian as lines" gridbeat density --points quay.csv --streets quays.roads --out quays.geojson --json
run 0 "keeps the mass, on pieces that follow each other" python3 - <<'PY'
import json
a = json.load(open('.out'))
assert abs(a['mass'] - 3) < 1e-3 and a['kernel'] == 'gaussian' and a['radius_m'] == 150
f = json.load(open('quays.geojson'))['features']
quay = [x for x in f if x['properties']['name'] == 'South quay']
assert all(p['geometry']['coordinates'][-1] == q['geometry']['coordinates'][0] for p, q in zip(quay, quay[1:]))
assert abs(max(x['properties']['per_km'] for x in f) - a['highest_per_km']) < .001
PY
run 0 "a ring has both its sides" gridbeat density --points ring.csv --streets quays.roads --radius-m 20 --step-m 5 --out ring.csv.out --json
run 0 "and who lives on no street is told of" python3 - <<'PY'
import csv, json
a = json.load(open('.out'))
assert a['on_no_street'] == 1 and abs(a['mass'] - 3) < 1e-3
rows = [r for r in csv.DictReader(open('ring.csv.out')) if r['name'] == 'Ring']
assert max(rows, key=lambda r: float(r['value']))['lon'][:6] == '9.5217'
assert float(min(rows, key=lambda r: float(r['from_m']))['value']) < 1e-3 * max(float(r['value']) for r in rows)
PY
run 0 "a share of all along streets" gridbeat density --points quay.csv --all quay.csv --streets quays.roads --radius-m 50 --out share.csv --json
run 0 "is 1 of the same" python3 -c "
import csv
rows = list(csv.DictReader(open('share.csv')))
assert len(rows) > 5 and all(abs(float(r['value']) - 1) < 1e-12 for r in rows)"
run 2 "a grid is none of streets" gridbeat density --points quay.csv --streets quays.roads --grid 9,47,10,2,2
err '"grid" does not go with "streets"'
run 2 "an index that is not there" gridbeat density --points quay.csv --streets none.roads
printf 'lon,lat\n20,10\n' > ocean.csv
run 3 "points far from all streets" gridbeat density --points ocean.csv --streets quays.roads
err 'there is no street near these points'
done_testing
