#!/usr/bin/env bash
# gridbeat world make: the demo bank.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
osm=$GB_SOURCE/data/liechtenstein-2013-08-03.osm.pbf

run 0 "the demo bank is made" gridbeat world make --osm "$osm" --branches 6 \
  --managers 24 --customers 2000 --seed 1 --out "$work/bank"
out "$work/bank"
out "2,000"
run 0 "its manifest is JSON" python3 -c '
import hashlib, json, sys
folder = sys.argv[1]
manifest = json.load(open(folder + "/manifest.json"))
for f in manifest["files"]:
    data = open(folder + "/" + f["file"], "rb").read()
    assert hashlib.sha256(data).hexdigest() == f["sha256"], f
    if f["file"].endswith(".geojson"):
        assert len(json.loads(data)["features"]) == f["rows"], f
    elif f["file"].endswith(".csv"):
        assert data.count(b"\n") == f["rows"] + 1, f
print(len(manifest["files"]), manifest["as_of"], manifest["datum"])' \
  "$work/bank"
out "14 2026-03-02 wgs84"
run 0 "the sample tags of the bank are in GB18030" \
  iconv -f GB18030 -t UTF-8 "$work/bank/tags.csv"
out "待发展POS机商户"
out "高流水餐饮店"
out "可合作异业联盟"
run 0 "and customers carry them" cut -d, -f17 "$work/bank/customers.csv"
out "待发展POS机商户"
out "退休"
run 0 "the area of the brief is there" cat "$work/bank/areas.geojson"
out "翠湖一号"

# What was spoilt is refused, and nothing else.
run 0 "a workspace" gridbeat init "$work/bank.gb"
run 0 "takes the delivery" gridbeat import all "$work/bank" \
  --workspace "$work/bank.gb" --json
cp "$work/.out" "$work/import.json"
run 0 "but for the spoilt rows" python3 -c '
import json, sys
answer = json.load(open(sys.argv[1]))
for f in answer["files"]:
    assert f["loaded"] + f["rejected"] == f["rows"], f
    assert f["rejected"] <= 0.02 * f["rows"], f
    if f["kind"] not in ("places", "customers", "holdings"):
        assert f["rejected"] == 0, f
    if f["kind"] == "customers":
        assert f["rejected"] == 20, f
columns = {r["column"] for r in answer["reasons"] if r["file"] == "customers.csv"}
assert {"lat", "lon", "branch_ref", "customer_ref", "last_txn_on"} <= columns, columns' \
  "$work/import.json"
run 0 "rules that ship find merchants in it" gridbeat segment preview \
  cross_sell_pos --as-of 2026-03-02 --workspace "$work/bank.gb" --json
cp "$work/.out" "$work/preview.json"
run 0 "a hundred or so" python3 -c '
import json, sys
assert 50 < json.load(open(sys.argv[1]))["members"] < 200' "$work/preview.json"

run 0 "the same seed again" gridbeat world make --osm "$osm" --branches 6 \
  --managers 24 --customers 2000 --seed 1 --out "$work/again" --threads 8
run 0 "gives the same bytes" diff -r "$work/bank" "$work/again"
run 0 "another seed" gridbeat world make --osm "$osm" --branches 6 \
  --managers 24 --customers 2000 --seed 2 --out "$work/again"
run 1 "gives other bytes" diff -rq "$work/bank" "$work/again"

run 0 "options of the contract" gridbeat world make --osm "$osm" --as-of \
  2025-11-30 --datum gcj02 --customers 300 --out "$work/again" --json
out '"customers": 300'
run 2 "a map is needed" gridbeat world make --out "$work/x"
run 2 "fewer managers than branches" gridbeat world make --osm "$osm" \
  --branches 9 --managers 3 --out "$work/x"
err "at least one a branch"
run 2 "a file of another name" gridbeat world make --osm "$0" --out "$work/x"
cp "$0" "$work/none.osm"
run 3 "a map that is none" gridbeat world make --osm "$work/none.osm" \
  --out "$work/x"
no_out
mkdir "$work/mine" && touch "$work/mine/letter"
run 2 "a folder with other things is left alone" gridbeat world make \
  --osm "$osm" --customers 300 --out "$work/mine"
err "letter"
run 0 "as it was" ls "$work/mine"
out "letter"

done_testing
