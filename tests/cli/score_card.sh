#!/usr/bin/env bash
# Score cards on files: the contract of `score card fit|apply|show|compare` and
# of `score check`.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2

python3 - <<'PY'
import math, random
random.seed(11)
with open('c.csv', 'w') as f:
    f.write('id,a,town,money_fen,debt_fen,recency,later,y\n')
    for i in range(1, 6001):
        a = random.gauss(0, 1); town = random.choice(['near', 'far', ''])
        money = random.randint(10**5, 10**6); debt = int(money * random.random())
        eta = -1 + 1.3 * a + (.8 if town == 'near' else 0)
        y = random.random() < 1 / (1 + math.exp(-eta))
        later = f'{random.random():.3f}' if y else ''
        cell = '' if i % 17 == 0 else f'{a:.4f}'
        f.write(f'{i},{cell},{town},{money},{debt},{random.randint(1, 400)},'
                f'{later},{"yes" if y else "no"}\n')
lines = open('c.csv').read().split('\n')
open('semicolon.csv', 'w').write('\n'.join(l.replace(',', ';') for l in lines))
open('bad.csv', 'w').write('\n'.join(lines[:40] + ['1,2,3'] + lines[40:]))
open('worse.csv', 'w').write('\n'.join(lines[:40] + ['1,2,3'] * 30))
PY
# value EXPRESSION: true of the last answer, the object a.
value() {
  python3 -c 'import json, sys
a = json.load(open(sys.argv[1]))
sys.exit(not eval(sys.argv[2]))' "$work/.out" "$1"
  verdict $? "$what: $1"
}

fit="gridbeat score card fit --target y --id id --train-where id<=4500"
run 0 "a card is learnt" $fit --in c.csv --max-factors 8 --out c.json --json
value "a['rows'] == 4500 and a['file'] == 'c.json'"
value "{'a', 'town'} <= {f['factor'] for f in a['factors']}"
value "[l['reason'] for l in a['left_out'] if l['column'] == 'later'] == ['alone']"
run 0 "the same from a table with semicolons" $fit --in semicolon.csv --out s.json
run 0 "the cards are equal" cmp c.json s.json
run 0 "a card is applied" gridbeat score card apply --card c.json --in c.csv --out c.out
run 0 "with parts" gridbeat score card apply --card c.json --in c.csv --parts --out p.out
python3 - <<'PY' > "$work/.out" 2> "$work/.err"
import csv
rows = list(csv.reader(open('c.out')))
assert rows[0] == ['id', 'points', 'probability'] and len(rows) == 6001
assert [r[0] for r in rows[1:]] == [str(i) for i in range(1, 6001)]
ranks = {}
for r in rows[1:]:
    assert 0 < float(r[2]) < 1 and int(r[1]) >= 0
    ranks[int(r[1])] = float(r[2])
p = [ranks[k] for k in sorted(ranks)]
assert p == sorted(p) and len(set(p)) == len(p), 'more points, likelier'
for r in list(csv.reader(open('p.out')))[1:]:
    assert sum(map(int, r[3:])) == int(r[1])
PY
verdict $? "rows in their order, more points likelier, parts add up"
run 0 "a card is shown" gridbeat score card show c.json
out "near"
out "points more double them"
run 0 "and in Chinese" gridbeat --lang zh score card show c.json
out "几率翻倍"
out "不像是事前已知"
run 0 "it is checked on later rows" gridbeat score check --card c.json --in c.csv --where "id > 4500" --json
value "a['rows'] == 1500 and .7 < a['auc'] < .9 and a['calibration_error'] < .06"
value "a['recency'] == 'recency' and not a['worse_than_recency'] and len(a['tenths']) == 10"
value "all(s['psi'] < .1 for s in a['stability'])"
for way in rolling isotonic; do
  run 0 "calibration by $way" gridbeat score check --card c.json --in c.csv --where "id > 4500" --calibrate $way --every 300 --json
  value "a['calibration_error'] < .08 and 'plain_auc' in a"
done
python3 - <<'PY'
import json
card = json.load(open('c.json'))
for f in card['factors']:
    for b in f.get('bins', f.get('groups')):
        b['points'] = 60 - b['points']
json.dump(card, open('turned.json', 'w'))
PY
run 1 "a card worse than recency says so" gridbeat score check --card turned.json --in c.csv --where "id > 4500"
out "ranks worse than recency"
run 0 "two cards side by side" gridbeat score card compare --card c.json --with turned.json --in c.csv --where "id > 4500" --json
value "a['auc_gain'] > .2 and all(not f['equal'] for f in a['factors'])"
run 0 "a bad row is told and left out" gridbeat score card apply --card c.json --in bad.csv --out b.out
out "line 41"
run 0 "the rest is as it was" cmp c.out b.out
run 3 "too many bad rows" gridbeat score card apply --card c.json --in worse.csv --out b.out
err "too many"
run 3 "a column that there is not" gridbeat score card fit --in c.csv --target z
err '"z"'
run 3 "a condition that reads" gridbeat score card fit --in c.csv --target y --train-where "(select 1 from sqlite_master)"
err "not allowed"
run 3 "a condition that loads" gridbeat score card fit --in c.csv --target y --train-where "load_extension('x')"
err "not allowed"
run 3 "a condition over no column" gridbeat score card fit --in c.csv --target y --train-where "nosuch > 3"
err "nosuch"
run 3 "an outcome that is none" gridbeat score card fit --in c.csv --target town
err "--event"
run 0 "unless it is named" gridbeat score card fit --in c.csv --target town --event near --out t.json
run 3 "nothing to learn from" gridbeat score card fit --in c.csv --target y --train-where "id < 5"
run 2 "no table" gridbeat score card fit --target y

run 0 "a customer is explained" gridbeat score card explain 77 --card c.json --in c.csv --json
value "sum(p['points'] for p in a['parts']) == a['points'] and 'moved' not in a"
sed 's/,near,/,far,/' c.csv > since.csv
near=$(grep -m1 -n ',near,' c.csv | cut -d: -f1)
run 0 "with what moved" gridbeat score card explain $((near - 1)) --card c.json --in c.csv --since since.csv --json
value "a['moved'] > 0 and [p['factor'] for p in a['parts'] if p['moved']] == ['town']"
run 2 "one who is not there" gridbeat score card explain 99999 --card c.json --in c.csv
err "99999"

zip=$GB_SHARED/data/score/calls/bank-additional.zip
if [ -f "$zip" ]; then
  run 0 "the telephone contacts of a bank" bash "$GB_SOURCE/bench/score_calls.sh" "$gridbeat_path" "$GB_SHARED"
  figure() { # name, condition on x
    python3 -c 'import sys
x = [l.split()[1] for l in open(sys.argv[1]) if l.split()[0] == sys.argv[2]]
x = x[0] if x and x[0].isalpha() else float(x[0]) if x else None
sys.exit(not eval(sys.argv[3]))' "$work/.out" "$1" "$2"
    verdict $? "$what: $1: $2"
  }
  figure calls.factors "x <= 8"
  figure calls.none.auc "x >= .695"
  figure calls.rolling.calibration_error "x <= .064"
  figure calls.left_out.duration "x == 'alone'"
  for column in emp.var.rate cons.price.idx cons.conf.idx euribor3m nr.employed; do
    figure calls.left_out.$column "x == 'unseen'"
  done
fi
done_testing
