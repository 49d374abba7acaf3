#!/usr/bin/env bash
# Road indexes by the command: build, info, nearest, table.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
map=$GB_DATA/liechtenstein-2013-08-03.osm.pbf
cd "$work" || exit 2
# A ring of streets, and one that hangs on nothing.
cat > island.osm <<'XML'
<osm>
<node id='1' lon='0' lat='0'/><node id='2' lon='0.003' lat='0'/>
<node id='3' lon='0' lat='0.001'/><node id='4' lon='0.003' lat='0.001'/>
<node id='5' lon='0.001' lat='0.002'/><node id='6' lon='0.002' lat='0.002'/>
<way id='1'><nd ref='1'/><nd ref='2'/><nd ref='4'/><nd ref='3'/><nd ref='1'/>
<tag k='highway' v='residential'/><tag k='name' v='Main'/></way>
<way id='2'><nd ref='5'/><nd ref='6'/>
<tag k='highway' v='residential'/><tag k='name' v='Isle'/></way>
</osm>
XML

run 0 "roads build" gridbeat roads build --osm "$map" --out l.roads
out "of them streets"
run 0 "the same map gives the same bytes" \
  gridbeat roads build --osm "$map" --out again.roads
cmp l.roads again.roads; verdict $? "two builds are equal"
run 0 "roads info" gridbeat roads info --roads l.roads --json
out '"mode": "ebike"'
run 2 "roads build without a place for the index" \
  gridbeat roads build --osm "$map"
err "--out FILE"
run 3 "a map that is not there" gridbeat roads build --osm none.pbf --out x
[ ! -e x ]; verdict $? "nothing is left of it"
head -c 1000000 l.roads > torn.roads
run 8 "a torn index is refused" gridbeat roads info --roads torn.roads
run 2 "an index that is not there" gridbeat roads info --roads none.roads
err "gridbeat roads build"
run 0 "roads info for people" gridbeat roads info --roads l.roads
out "residential"
out "morning_peak"
run 2 "neither a map nor tables" gridbeat roads build --out x
err 'either "osm" or "links"'
run 2 "nodes without links" \
  gridbeat roads build --osm "$map" --nodes n.csv --out x
err '"nodes" goes with "links"'
run 2 "OpenStreetMap in another datum" \
  gridbeat roads build --osm "$map" --datum gcj02 --out x
err "is wgs84"

# value EXPRESSION: true of the last answer, the object a.
value() {
  python3 -c 'import json, sys
a = json.load(open(sys.argv[1]))
sys.exit(not eval(sys.argv[2]))' "$work/.out" "$1"
  verdict $? "$what: $1"
}

run 0 "roads nearest" gridbeat roads nearest --roads l.roads --at 9.5209,47.1410
out " away"
run 0 "roads nearest as JSON" \
  gridbeat roads nearest --roads l.roads --at 9.5209,47.1410 --json
value 'a["found"] and a["state"] == "ok" and a["class"] and "name" in a'
value 'a["end_only"] in (True, False) and 0 <= a["along_m"] <= a["link_m"] + 1'
run 1 "nothing within reach" \
  gridbeat roads nearest --roads l.roads --at 9.9,47.1410
out "no street within reach"
out "beyond the limit"
run 0 "a nearer street that leads nowhere" \
  gridbeat roads build --osm island.osm --out i.roads
run 0 "and what is said of it" gridbeat roads nearest --roads i.roads \
  --mode car --at 0.0015,0.0021 --json
value 'a["word"] == "component" and a["nearer"]["name"] == "Isle"'
value 'a["name"] == "Main" and a["distance_m"] > a["nearer"]["distance_m"]'
run 2 "a place off the globe" \
  gridbeat roads nearest --roads l.roads --at 190,47
err "lon,lat in degrees expected"

printf '\xef\xbb\xbfname,lon,id,lat\r\n"Vaduz, ""main""",9.5209,v,47.1410\r\n\r\nfar,9.9,f,47.1\n,abc,bad,\n' > a.csv
printf 'id,lon,lat\n"s,1",9.5230,47.1660\n"t",9.5105,47.0680' > b.csv
run 0 "roads table" gridbeat roads table --roads l.roads --mode car \
  --from a.csv --to b.csv --out t.csv --stats s.json --threads 2
out "f, bad"
python3 - <<'PY'
import csv, json, sys
rows = list(csv.reader(open("t.csv", newline="")))
stats = json.load(open("s.json"))
ok = (rows[0] == ["from", "to", "seconds", "metres"]
      and [r[:2] for r in rows[1:]] == [[f, t] for f in ("v", "f", "bad")
                                        for t in ("s,1", "t")]
      and all(100 < int(r[2]) < 3000 and 1000 < int(r[3]) < 20000
              for r in rows[1:3])
      and all(r[2:] == ["", ""] for r in rows[3:])
      and stats["rows"] == 3 and stats["cols"] == 2 and stats["threads"] == 2
      and stats["set_aside"] == ["f", "bad"]
      and all(stats[k] >= 0 for k in ("snap_ms", "search_ms", "write_ms",
                                      "cpu_ms")))
if not ok:
    print("#", rows, stats)
sys.exit(not ok)
PY
verdict $? "the table has rows x columns lines, empty where set aside"
run 0 "one thread" gridbeat roads table --roads l.roads --mode car \
  --from a.csv --to b.csv --out t1.csv
cmp t.csv t1.csv; verdict $? "threads do not change the table"
printf 'ref,lon,lat\n' > c.csv
run 3 "a file without the columns" gridbeat roads table --roads l.roads \
  --from c.csv --to b.csv --out u.csv
err "c.csv:1: the columns id, lon and lat are expected"
printf 'id,lon,lat\n1,2,3\n"x,1,2\n' > d.csv
run 3 "a quote that is not closed" gridbeat roads table --roads l.roads \
  --from d.csv --to b.csv --out u.csv
err "d.csv:3: a quote is not closed"
ls u.csv* > /dev/null 2>&1; [ $? != 0 ]; verdict $? "nothing is left of them"
run 3 "a folder that is not there" gridbeat roads table --roads l.roads \
  --from a.csv --to b.csv --out none/t.csv
printf 'id,lon,lat\n' > empty.csv
run 0 "a table as binary" gridbeat roads table --roads l.roads --mode car \
  --from a.csv --to b.csv --out t.bin --format binary
python3 - <<'PY'
import csv, struct, sys
b = open("t.bin", "rb").read()
magic, version, mode, rows, cols, at, zero = struct.unpack_from("<8sIIQQQQ", b)
ids = b[48:at].split(b"\0")[:rows + cols]
cells = struct.unpack_from("<%di" % (2 * rows * cols), b, at)
told = []
for r in range(rows):
    for c in range(cols):
        s, m = cells[2 * r * cols + c], cells[2 * r * cols + cols + c]
        told.append([ids[r].decode(), ids[rows + c].decode()]
                    + (["", ""] if s == 2147483647 else [str(s), str(m)]))
ok = (magic == b"GBTABLE\0" and version == 1 and mode == 2 and at % 8 == 0
      and len(b) == at + 8 * rows * cols
      and told == list(csv.reader(open("t.csv", newline="")))[1:])
sys.exit(not ok)
PY
verdict $? "it says what the CSV says"
run 0 "from places to themselves" gridbeat roads table --roads l.roads \
  --mode car --from b.csv --out same.csv
[ "$(sed -n '2p;5p' same.csv)" = '"s,1","s,1",0,0
t,t,0,0' ]; verdict $? "a place is at itself at once"
run 0 "no columns at all" gridbeat roads table --roads l.roads \
  --from a.csv --to empty.csv --out e.csv
[ "$(cat e.csv)" = from,to,seconds,metres ]; verdict $? "only the header"

# ---- ways ----
from=9.5209,47.1410 to=9.5230,47.1660
run 0 "roads path" gridbeat roads path --roads l.roads --mode car \
  --from $from --to $to
out "Set out to the"
out "Arrive"
run 0 "in Chinese" gridbeat roads path --roads l.roads --mode car \
  --from $from --to $to --lang zh
out "出发"
out "到达目的地"
run 0 "as JSON" gridbeat roads path --roads l.roads --mode car \
  --from $from --to $to --json
value 'a["seconds"] == sum(s["seconds"] for s in a["steps"])'
value 'a["metres"] == sum(s["metres"] for s in a["steps"])'
value 'a["steps"][-1]["point"] == len(a["line"]) - 1'
printf 'id,lon,lat\na,9.5209,47.1410\n' > one.csv
printf 'id,lon,lat\nb,9.5230,47.1660\n' > other.csv
gridbeat roads table --roads l.roads --mode car --from one.csv --to other.csv \
  --out one_to_one.csv > /dev/null
value '"a,b,%d,%d" % (a["seconds"], a["metres"]) in open("one_to_one.csv").read()'
run 0 "as GeoJSON" gridbeat roads path --roads l.roads --mode ebike \
  --from $from --to $to --format geojson
value 'a["type"] == "Feature" and a["geometry"]["type"] == "LineString"'
value 'len(a["geometry"]["coordinates"]) > 10 and a["properties"]["steps"]'
run 0 "into a file" gridbeat roads path --roads l.roads --mode ebike \
  --from $from --to $to --format geojson --out way.geojson
python3 -m json.tool way.geojson > /dev/null
verdict $? "it is JSON"
run 0 "a cue sheet" gridbeat roads path --roads l.roads --from $from \
  --to $to --format cue --out cue.html
grep -q "<td" cue.html; verdict $? "it has rows"
run 0 "at an hour" gridbeat roads path --roads l.roads --mode car \
  --from $from --to $to --depart 08:00
out "leave at 08:00, arrive at 08:"
run 2 "no hour" gridbeat roads path --roads l.roads --from $from --to $to \
  --depart 25:00
err "a time of day as 08:30 expected"
run 2 "an hour and a band" gridbeat roads path --roads l.roads --from $from \
  --to $to --depart 08:00 --band day
err "not both"
run 3 "no such band" gridbeat roads path --roads l.roads --from $from \
  --to $to --band dawn
err "morning_peak"
run 1 "no street at the end" gridbeat roads path --roads l.roads \
  --from $from --to 9.9,47.1
out "no street within reach of the end"
run 0 "within one place" gridbeat roads path --roads l.roads --from $from \
  --to $from --format geojson
value 'len(a["geometry"]["coordinates"]) == 2'

# ---- reach, catchments ----
run 0 "roads reach" gridbeat roads reach --roads l.roads --mode ebike \
  --from $from --minutes 2,5 --out r.geojson
out "written: r.geojson"
python3 - <<'PY'
import json, sys
a = json.load(open("r.geojson"))
f = a["features"]
def turned(ring):
    return sum(p[0] * q[1] - q[0] * p[1] for p, q in zip(ring, ring[1:]))
ok = ([x["properties"]["minutes"] for x in f] == [5, 2]
      and all(x["geometry"]["type"] == "MultiPolygon" for x in f)
      and all(r[0] == r[-1] and len(r) >= 4 for x in f
              for p in x["geometry"]["coordinates"] for r in p)
      and all(turned(p[0]) > 0 and all(turned(r) < 0 for r in p[1:])
              for x in f for p in x["geometry"]["coordinates"])
      and f[0]["properties"]["street_m"] > f[1]["properties"]["street_m"] > 0
      and f[0]["properties"]["area_m2"] > f[1]["properties"]["area_m2"] > 0)
sys.exit(not ok)
PY
verdict $? "areas with closed rings, the wider first"
run 2 "minutes that do not ascend" gridbeat roads reach --roads l.roads \
  --from $from --minutes 5,2
err "do not ascend"
run 2 "minutes that are none" gridbeat roads reach --roads l.roads \
  --from $from --minutes 5,x
run 1 "from nowhere" gridbeat roads reach --roads l.roads --from 9.9,47.1 \
  --minutes 5
run 0 "roads catchments" gridbeat roads catchments --roads l.roads \
  --mode car --centres b.csv --points a.csv --out c.out.csv
[ "$(sed -n '1p;3p;4p' c.out.csv)" = 'point,centre,seconds
f,,
bad,,' ]; verdict $? "what no centre reaches is empty"
grep -Eq '^v,("s,1"|t),[0-9]+$' c.out.csv
verdict $? "the nearest centre has the point"

# ---- verify, customise ----
run 0 "roads verify" gridbeat roads verify --roads l.roads --pairs 50
out "whole and right"
run 8 "a torn index does not pass" gridbeat roads verify --roads torn.roads
printf '{"car": {"speed_kmh": {"secondary": 10}}}' > slow.json
run 0 "roads customise" gridbeat roads customise --roads l.roads \
  --profile slow.json --mode car --out slow.roads
run 0 "what was customised is right" gridbeat roads verify \
  --roads slow.roads --pairs 50
gridbeat roads path --roads slow.roads --mode car --from $from --to $to \
  --json > slow.txt
run 0 "the profile at once" gridbeat roads path --roads l.roads --mode car \
  --from $from --to $to --profile slow.json --json
value 'a["seconds"] == json.load(open("slow.txt"))["seconds"]'
run 2 "nothing to customise" gridbeat roads customise --roads l.roads \
  --out x.roads
run 0 "the profile that is built in" gridbeat roads profile --out shipped.json
run 0 "is that of the index" gridbeat roads profile --roads l.roads
cmp .out shipped.json; verdict $? "to the byte"
run 0 "the profile of what was customised" gridbeat roads profile \
  --roads slow.roads --out changed.json
run 0 "makes it again" gridbeat roads customise --roads l.roads \
  --profile changed.json --mode car --out slow2.roads
cmp slow.roads slow2.roads; verdict $? "to the byte, too"
printf '{"car": {"speed_kmh": {"secondery": 10}}}' > typo.json
run 3 "a profile with a typing error" gridbeat roads customise \
  --roads l.roads --profile typo.json --out x.roads
err "secondary"
[ ! -e x.roads ]; verdict $? "nothing is left of it"

# ---- a map of one's own ----
demo=$GB_DATA/links-demo
run 0 "a map of tables" gridbeat roads build --links "$demo/links.csv" \
  --nodes "$demo/nodes.csv" --turns "$demo/turns.csv" --out own.roads
out "rows read"
[ ! -e own.roads.rejects.csv ]; verdict $? "nothing was refused"
{ cat "$demo/links.csv"; echo 'not,a,row'; } > bad.csv
run 0 "a row that is wrong" gridbeat roads build --links bad.csv \
  --nodes "$demo/nodes.csv" --turns "$demo/turns.csv" --out own.roads
out "own.roads.rejects.csv"
[ "$(wc -l < own.roads.rejects.csv)" = 2 ]
verdict $? "the row is in the list beside the index"
done_testing
