#!/usr/bin/env bash
# Behaviour models at the command: from transactions to chances, by files.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2

python3 - <<'PY'
import datetime
begin = datetime.date(2025, 1, 6)
with open('log.csv', 'w') as f:
    f.write('id,date,amount,started_by\n')
    for c in range(300):
        for k in range(1 + c % 7):
            date = begin + datetime.timedelta(c % 60 + k * (11 + c % 31))
            f.write(f'c{c},{date},{10 + (c * 7 + k * 13) % 40},customer\n')
        f.write(f'c{c},2025-12-01,1,bank\n')
PY
run 0 "transactions are summed up" gridbeat score summary log.csv \
  --end 2025-12-31 --out sum.csv
out "300 customers with 1,"
out "300 rows passed over"
run 0 "the heading is that of the models" head -1 sum.csv
out "id,x,t_x,T,m"
for model in bgnbd mbgnbd paretonbd gammagamma; do
  run 0 "$model is fitted" gridbeat score fit --model $model --in sum.csv \
    --out $model.json --json
  python3 - "$work/.out" $model <<'PY'
import json, math, sys
answer = json.load(open(sys.argv[1]))
assert answer['model'] == sys.argv[2] and answer['converged'] is True
assert all(v > 0 for v in answer['params'].values()) and answer['params']
assert math.isfinite(answer['loglik']) and answer['n'] > 200
PY
  verdict $? "$model has the keys of the contract"
done
run 0 "chances are foretold" gridbeat score predict sum.csv --fitted mbgnbd.json \
  --spend gammagamma.json --within 13 --out p.csv
run 0 "each customer has his" python3 -c '
import csv
rows = list(csv.DictReader(open("p.csv")))
assert len(rows) == 300
for r in rows:
    any_, alive = float(r["p_any"]), float(r["p_alive"])
    expected, spend = float(r["expected"]), float(r["spend"])
    assert 0 <= any_ <= alive <= 1 and expected >= any_ - 1e-12
    assert abs(float(r["value"]) - expected * spend) < 1e-9
'
sed '1s/$/,"where, then"/; 1!s/$/,"a ""b"", c"/' sum.csv > wide.csv
run 0 "the other columns are kept on request" gridbeat score predict wide.csv \
  --fitted mbgnbd.json --within 13 --keep --out kept.csv
run 0 "as they were, before the new ones" python3 -c '
import csv
wide, kept = ([*csv.reader(open(f))] for f in ("wide.csv", "kept.csv"))
assert len(wide) == len(kept) == 301
assert kept[0] == wide[0] + ["p_any", "p_alive", "expected"]
assert all(k[:6] == w and len(k) == 9 for w, k in zip(wide, kept))
assert wide[1][5] == "a \"b\", c"
'
run 0 "parameters may stand in the call" gridbeat score predict sum.csv --within 13 \
  --fitted '{"model": "bgnbd", "params": {"r": 1, "alpha": 2, "a": 1, "b": 3}}'
out "id,p_any,p_alive,expected"
run 3 "a parameter that is missing is named" gridbeat score predict sum.csv \
  --within 13 --fitted '{"model": "bgnbd", "params": {"r": 1, "alpha": 2, "a": 1}}'
err '"b"'
run 0 "who comes back is learnt" gridbeat score return fit log.csv \
  --end 2025-07-01 --within-days 30 --dormant-days 20 --out return.json
out "silence"
run 0 "and foretold" gridbeat score return predict log.csv --end 2025-07-01 \
  --fitted return.json --out back.csv
run 0 "for those who are silent" python3 -c '
import csv
rows = list(csv.DictReader(open("back.csv")))
assert 50 < len(rows) <= 300
assert all(0 < float(r["p"]) < 1 and float(r["silent_days"]) >= 20 for r in rows)
'
printf 'x,t_x,T\n1,2,3\nabc,1,2\n0,5,9\n3,1,2\n' > bad.csv
run 3 "too many bad rows are refused" gridbeat score fit --model bgnbd bad.csv
err 'line 3: x "abc"'
run 0 "fewer are told of" gridbeat score fit --model bgnbd bad.csv --max-reject 50%
out "who has no repeats has 0 here"
out "2 rows are bad"
run 3 "a column that is missing is named" gridbeat score fit --model gammagamma bad.csv
err '"m"'
run 0 "in Chinese too" gridbeat --lang zh score fit --model bgnbd bad.csv --max-reject 50%
out "2 行有误"
done_testing
