#!/usr/bin/env bash
# Road indexes by the command: build, info, nearest, table.
. "$GB_SOURCE/tests/cli/harness.sh" "$1"
map=$GB_DATA/liechtenstein-2013-08-03.osm.pbf
cd "$work" || exit 2

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

run 0 "roads nearest" gridbeat roads nearest --roads l.roads --at 9.5209,47.1410
out " away"
run 1 "nothing within reach" \
  gridbeat roads nearest --roads l.roads --at 9.9,47.1410
out "no street within reach"
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
run 0 "no columns at all" gridbeat roads table --roads l.roads \
  --from a.csv --to empty.csv --out e.csv
[ "$(cat e.csv)" = from,to,seconds,metres ]; verdict $? "only the header"
done_testing
