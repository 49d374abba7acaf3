#!/usr/bin/env bash
# What a card is worth on the telephone contacts of a bank (UCI Bank Marketing,
# 41,188 in date order): fitted on the first four fifths, checked on the last.
#
#   score_calls.sh GRIDBEAT SHARED
#
# `duration` is in the table, although it is known only afterwards, and so are
# the macro-economic columns, which drift: the fit has to find both.
set -u
gridbeat=$(realpath "$1")
zip=$2/data/score/calls/bank-additional.zip
[ -f "$zip" ] || { echo "$zip is absent" >&2; exit 0; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
python3 - "$(realpath "$zip")" <<'PY' || exit 1
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    open('calls.csv', 'wb').write(
        z.read('bank-additional/bank-additional-full.csv'))
PY
"$gridbeat" score card fit --in calls.csv --target y --out card.json \
  --train-where 'rowid <= 32950' --max-factors 8 --json > fit.json || exit 1
for way in none rolling isotonic; do
  "$gridbeat" score check --card card.json --in calls.csv \
    --where 'rowid > 32950' --calibrate $way --json > $way.json || exit 1
done
python3 - <<'PY'
import json
fit = json.load(open('fit.json'))
print('calls.factors', len({f['factor'] for f in fit['factors']}), 'count')
for left in fit['left_out']:
    print(f"calls.left_out.{left['column']} {left['reason']} reason")
for way in 'none', 'rolling', 'isotonic':
    a = json.load(open(f'{way}.json'))
    for key in 'auc', 'ks', 'brier', 'calibration_error':
        print(f'calls.{way}.{key} {a[key]:.4f} ratio')
PY
