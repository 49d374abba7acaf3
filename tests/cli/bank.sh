#!/usr/bin/env bash
# A delivery into a workspace, and segments over it, by the command.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2
export GRIDBEAT_WORKSPACE=$work/bank.gb
value() { # python expression over the answer a
  python3 -c 'import json, sys; a = json.load(open(sys.argv[1]))
sys.exit(not eval(sys.argv[2]))' "$work/.out" "$1"
  verdict $? "$what: $1"
}

run 0 "a small bank" gridbeat world make --out d --customers 2000 \
  --osm "$GB_DATA/liechtenstein-2013-08-03.osm.pbf" --seed 1
run 0 "init" gridbeat init bank.gb
run 0 "import all" gridbeat import all d --reject bad --json
value 'len(a["files"]) >= 12'
value 'sum(f["rejected"] for f in a["files"]) == sum(r["rows"] for r in a["reasons"]) > 0'
value 'a["roads"]["file"].endswith("bank.gb.roads")'
[ -s bad/customers.csv ]; verdict $? "refused rows are put aside"
rm bank.gb.roads
run 0 "import all --dry-run" gridbeat import all d --dry-run
out "nothing was loaded"
[ ! -e bank.gb.roads ]; verdict $? "a dry run builds no road index"
gridbeat roads build --osm d/*.osm.pbf > /dev/null
run 0 "roads beside the workspace" gridbeat roads info
run 0 "import again" gridbeat import customers d/customers.csv --json
value 'a["files"][0]["loaded"] == 0 and a["files"][0]["changed"] == 0'
value 'a["files"][0]["unchanged"] > 1900'
run 3 "too many bad rows" \
  gridbeat import customers d/customers.csv --max-reject 0 --reject r.csv
err "error E31"
err "customers.csv:"
err "more rows like this"
err "all are in r.csv"
run 3 "too many bad rows, as data" \
  gridbeat import customers d/customers.csv --max-reject 0% --json
value 'a["error"]["details"]["files"][0]["refused"]'
value 'a["error"]["id"] == max(a["error"]["details"]["reasons"], key=lambda r: r["rows"])["code"]'
sed '1s/balance_fen/balance/; 1s/reach_sms/telephone/' d/customers.csv > h.csv
run 3 "a header with faults" gridbeat import customers h.csv
err "error E3101  h.csv:1  column balance"
err 'rename it by --map'
err "column telephone: looks like personal data"
err "nothing was loaded"
[ "$(grep -c error .err)" = 1 ]; verdict $? "it is said once"
cp -r d half; head -c 9000 d/customers.csv > half/customers.csv
run 3 "half a delivery" gridbeat import all half
err "error E3130  customers.csv: not the file"
run 2 "a parameter is missing" gridbeat segment run dormant_6m
err "see gridbeat segment run --help"
run 3 "a file that is no workspace" gridbeat workspace info --workspace h.csv
err "h.csv: not a workspace of gridbeat"
run 2 "a kind that there is not" gridbeat import custmers d/customers.csv
err 'did you mean "customers"?'
run 2 "a kind alone" gridbeat import customers
err 'needs the parameter "file"'
run 2 "a file that is not there" gridbeat import customers none.csv
run 0 "workspace info" gridbeat workspace info --json
value '1900 < a["rows"]["customers"] < 2000 and a["rows"]["plans"] == 0'
run 0 "workspace check" gridbeat workspace check
out "is sound"
run 0 "workspace backup" gridbeat workspace backup copy.gb
run 0 "the copy is sound" gridbeat workspace check --workspace copy.gb
gridbeat workspace info --json | sed 's/.*"rows"//' > rows
gridbeat workspace info --json --workspace copy.gb | sed 's/.*"rows"//' > copied
cmp rows copied; verdict $? "the copy holds the same rows"
run 2 "a backup spares what is there" gridbeat workspace backup copy.gb
err "exists already"
run 0 "a backup can be written to" \
  gridbeat import customers d/customers.csv --workspace copy.gb
run 0 "quality" gridbeat quality --json
value '"no_location" in [f["code"] for f in a["findings"]]'
run 4 "quality is not for a branch alone" gridbeat quality --as branch:b01
run 0 "workspace info in a scope" gridbeat workspace info --as branch:b01

! grep -q customers .out; verdict $? "a scope does not see the totals"

run 0 "segment list" gridbeat segment list --lang zh
out "dormant_6m"
out "睡眠客户"
run 0 "segment facts needs no workspace" \
  env -u GRIDBEAT_WORKSPACE "$gridbeat_path" segment facts
out "months_since("
run 0 "segment preview" gridbeat segment preview dormant_6m --as-of 2026-03-02
out "asleep_6m"
run 0 "a waterfall" gridbeat segment preview dormant_365d_10y \
  --as-of 2026-03-02 --json
value '[c["name"] for c in a["clauses"]] == ["asleep_365d", "at_most_10_yuan"]'
value 'a["clauses"][0]["kept"] >= a["clauses"][1]["kept"] == a["members"]'
run 0 "an expression of one's own" gridbeat segment preview \
  --as-of 2026-03-02 --where 'balance_fen >= 5000000' --limit 3 --json
value 'len(a["listed"]) == 3'
one=$(python3 -c 'import json; print(json.load(open(".out"))["listed"][0])')
run 0 "a smaller scope sees fewer" gridbeat segment preview dormant_6m \
  --as-of 2026-03-02 --as "branch:$(sed -n 2p d/branches.csv | cut -d, -f1)" \
  --json
value '0 < a["customers"] < 1900'
run 2 "a segment that there is not" \
  gridbeat segment preview dormant_6 --as-of 2026-03-02
err "dormant_6m"
run 2 "a date that there is not" \
  gridbeat segment preview dormant_6m --as-of 2026-02-30
err 'as_of = "2026-02-30": a date as 2026-03-02 expected'
run 2 "no date" gridbeat segment preview dormant_6m
err 'needs the parameter "as_of"'
run 3 "a clause that reaches for a table" gridbeat segment preview \
  --as-of 2026-03-02 --where '(SELECT count(*) FROM customer) > 0'
run 0 "segment run" gridbeat segment run dormant_6m --as-of 2026-03-02
run 0 "segment run later" gridbeat segment run dormant_6m --as-of 2026-04-02
run 0 "segment diff" gridbeat segment diff dormant_6m --from 2026-03-02 \
  --to 2026-04-02 --json
value 'a["stayed"] > 0 and a["left"] == 0'
run 4 "a run is not for a branch alone" \
  gridbeat segment run dormant_6m --as-of 2026-03-02 --as branch:b01
run 0 "segment grade" gridbeat segment grade --as-of 2026-03-02 --json
value 'sum(g["customers"] for g in a["grades"]) > 1900'
run 0 "segment select" gridbeat segment select --as-of 2026-03-02
out "targets for 2026-03-02"
run 0 "segment explain" gridbeat segment explain "$one" --as-of 2026-03-02
out "last_txn_on"
printf '{"kind": "segment", "name": "rich", "title_zh": "富", "title_en": "Rich", "clauses": [{"name": "million", "title_zh": "百万", "title_en": "A million", "sql": "balance_fen >= 100000000"}]}' > rich.json
run 0 "segment define" gridbeat segment define rich.json
out "rich is now at version 1"
run 0 "segment show" gridbeat segment show rich
out "balance_fen >= 100000000"
run 2 "segment define without rules" gridbeat segment define
done_testing
