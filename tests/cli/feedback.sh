#!/usr/bin/env bash
# What came of visits: the contract of `score settle`, `outcomes`, `calibrate`,
# `trials` and `policies`, on a truth that is planted.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2

# ---- strategies from a log ----

# Success by age and action; what was drawn depends on age, so that means by
# action are wrong.  Always visiting brings .21, by age .20, always sms .08.
python3 - <<'PY'
import random
random.seed(5)
success = {'young': {'visit': .12, 'sms': .10, 'none': .04},
           'old': {'visit': .30, 'sms': .06, 'none': .05}}
drawn = {'young': {'visit': .6, 'sms': .2, 'none': .2},
         'old': {'visit': .2, 'sms': .5, 'none': .3}}
rows = []
for i in range(8000):
    age = random.choice(['young', 'old'])
    action = random.choices(list(drawn[age]), list(drawn[age].values()))[0]
    came = int(random.random() < success[age][action])
    rows.append(f"c{i // 2},{age},{action},{drawn[age][action]},{came},"
                f"{'visit' if age == 'old' else 'sms'},visit=.5;sms=.5\n")
head = 'customer,age,action,propensity,reward,by_age,coin\n'
open('log.csv', 'w').write(head + ''.join(rows))
open('wrong.csv', 'w').write(head + ''.join(
    ','.join(r.split(',')[:3] + ['.3333'] + r.split(',')[4:]) for r in rows))
open('bad.csv', 'w').write(head + ''.join(rows[:200]) +
                           'c,old,visit,0,1,visit,sms\n' +
                           'c,old,,.5,1,visit,sms\n' +
                           'c,old,visit,.5,much,visit,sms\n' +
                           'c,old,visit,.5,1,visit,\n')
PY
run 0 "strategies are compared" gridbeat score policies --in log.csv \
  --policies by_age,coin --strata age --json
run 0 "each near the truth, within its interval" python3 -c "
import json
d = json.load(open('$work/.out'))
s = {x['strategy']: x for x in d['strategies']}
truth = {'by_age': .20, 'coin': .145, 'always visit': .21, 'always sms': .08,
         'always none': .045}
assert d['rows'] == 8000 and d['customers'] == 4000 and set(s) == set(truth)
for name, t in truth.items():
    for way in ('robust', 'inverse', 'normalised'):
        assert s[name][way]['low'] <= t <= s[name][way]['high'], (name, way)
    assert s[name]['robust']['se'] < s[name]['inverse']['se'], name
    assert not s[name]['warnings']
means = {a['action']: a['mean'] for a in d['actions']}
assert abs(means['visit'] - .21) > .03  # the log's own mean misleads
assert s['by_age']['verdict'] == 'more' and s['always none']['verdict'] == 'less'"
run 0 "again" gridbeat score policies --in log.csv --policies by_age,coin --strata age --json
# In plain Python, row by row.
run 0 "the figures are those of the formulas" python3 -c "
import csv, json, math
s = {x['strategy']: x for x in json.load(open('$work/.out'))['strategies']}
rows = list(csv.DictReader(open('log.csv')))
w = [(r['by_age'] == r['action']) / float(r['propensity']) for r in rows]
y = [float(r['reward']) for r in rows]
near = lambda a, b: abs(a - b) <= 2e-5 * abs(b) + 1e-9
assert near(s['by_age']['inverse']['value'], sum(a * b for a, b in zip(w, y)) / len(y))
assert near(s['by_age']['normalised']['value'], sum(a * b for a, b in zip(w, y)) / sum(w))
assert near(s['by_age']['mean_weight'], sum(w) / len(w))"
run 0 "for people" gridbeat score policies --in log.csv --policies by_age --strata age
out "would bring, a row"
out "doubly robust"
run 0 "in Chinese" gridbeat score policies --in log.csv --lang zh
out "双重稳健"
out "一律 visit"
run 0 "propensities that are not those drawn by" gridbeat score policies --in wrong.csv --policies by_age
out "the mean weight is not 1"
run 3 "too many bad rows" gridbeat score policies --in bad.csv --policies by_age,coin --max-reject 1%
err "line 202"
run 0 "bad rows are told of" gridbeat score policies --in bad.csv --policies by_age,coin
out "a probability above 0, at most 1, is needed"
out "what was done is needed"
out "what the strategy would do is needed"
run 3 "a column that is not there" gridbeat score policies --in log.csv --policies by_height
err "by_height"

# ---- a night that holds some out ----

osm="$GB_SOURCE/data/liechtenstein-2013-08-03.osm.pbf"
run 0 "a bank" gridbeat world make --osm "$osm" --branches 2 --managers 6 \
  --customers 9000 --seed 3 --out delivery
run 0 "its workspace" gridbeat init bank.gb
run 0 "is filled" gridbeat import all delivery --workspace bank.gb
run 0 "a night holds three in ten out" gridbeat nightly run --workspace bank.gb \
  --date 2026-03-02 --held-out 30% --no-report --days 1 --json
sql() { python3 -c "
import sqlite3, sys
print(*sqlite3.connect('bank.gb').execute(sys.argv[1]).fetchone())" "$1"; }
run 0 "they are set aside, each with a reason and a day" sql "
SELECT 1 / (count(*) > 100 AND count(*) = (SELECT sum(is_held_out) FROM trial)
            AND min(s.state) = 'set_aside' AND max(s.state) = 'set_aside'
            AND min(s.reason_json) = '{\"until\":\"2026-04-01\"}')
FROM plan_state s WHERE s.reason = 'held_out'"
run 0 "no must among them, none of them planned" sql "
SELECT 1 / (count(*) = 0) FROM plan_state s JOIN target t ON t.id = s.target_id
JOIN trial x ON x.customer_id = t.customer_id AND x.is_held_out
WHERE s.state = 'planned' OR t.must_rule IS NOT NULL"
run 0 "their share is that asked for" sql "
SELECT 1 / (abs(avg(is_held_out) - .3) < 4 * sqrt(.21 / count(*))) FROM trial"
sql "SELECT count(*), sum(is_held_out), total(customer_id * is_held_out) FROM trial" > first
run 0 "the same night again" gridbeat plan run --workspace bank.gb --date 2026-03-02 --days 1
sql "SELECT count(*), sum(is_held_out), total(customer_id * is_held_out) FROM trial" > second
run 0 "holds out the same ones" cmp first second
ref=$(sql "SELECT c.ref FROM trial t JOIN customer c ON c.id = t.customer_id WHERE t.is_held_out")
run 0 "why not him" gridbeat plan explain "$ref" --workspace bank.gb --date 2026-03-02
out "held out at random until 2026-04-01"
run 0 "the next night, not told again" gridbeat nightly run --workspace bank.gb \
  --date 2026-03-03 --days 1 --no-report
run 0 "goes on with them" sql "
SELECT 1 / (count(*) = (SELECT count(*) FROM trial WHERE day = '2026-03-02' AND is_held_out))
FROM plan_state s JOIN target t ON t.id = s.target_id
JOIN trial x ON x.customer_id = t.customer_id AND x.day = '2026-03-02' AND x.is_held_out
WHERE s.reason = 'held_out' AND t.as_of = '2026-03-03'"

# Of those offered 60 % are met; 8 in 100 come back by themselves, 40 of those
# met; the card foretold half of that.
python3 - <<'PY'
import datetime, random, sqlite3
random.seed(1)
db = sqlite3.connect('bank.gb')
day0 = datetime.date(2026, 3, 2)
for trial, customer, held in db.execute('SELECT id, customer_id, is_held_out '
        "FROM trial WHERE day = '2026-03-02' ORDER BY id").fetchall():
    met = not held and random.random() < .6
    day = day0 + datetime.timedelta(random.randrange(10))
    if not held:
        db.execute('INSERT OR REPLACE INTO visit(customer_id, day, outcome) '
                   'VALUES(?, ?, ?)', (customer, str(day), 'met' if met else 'absent'))
    if random.random() < (.4 if met else .08):
        back = day + datetime.timedelta(random.randrange(20))
        db.execute('UPDATE customer SET last_txn_on = ? WHERE id = ?', (str(back), customer))
    db.execute('UPDATE trial SET chance = ? WHERE id = ?', (.25 if customer % 2 else .15, trial))
db.commit()
PY
run 0 "half way" gridbeat score settle --workspace bank.gb --date 2026-03-12
run 0 "what is not over is not counted" gridbeat score outcomes --workspace bank.gb --json
run 0 "as those who come back are known first" python3 -c "
import json
d = json.load(open('$work/.out'))
assert not d['trials'] and d['trials_open'] > 300"
run 0 "when all is over" gridbeat score settle --workspace bank.gb --date 2026-04-20
out "trials settled"
run 0 "what visits brought" gridbeat score outcomes --workspace bank.gb --json
run 0 "is the truth, within its interval" python3 -c "
import json
d = json.load(open('$work/.out'))
t = d['trials'][0]
assert t['held_out'] > 100 and t['offered'] > 300
assert t['gain']['low'] < .6 * .32 < t['gain']['high'] and t['gain']['low'] > 0, t
assert abs(t['per_met'] - .32) < .15 and abs(t['met'] - .6) < .08, t
assert abs(t['held_out_active'] - .08) < .08
groups = [g for g in d['groups'] if g['segment'] == 'dormant_6m']
met = sum(g['met'] for g in groups)
assert abs(sum(g['active'] for g in groups) / met - .4) < 4 * (.24 / met) ** .5
for g in d['groups']:
    assert g['rate']['low'] < g['rate']['value'] < g['rate']['high']"
run 0 "for people" gridbeat score outcomes --workspace bank.gb
out "active: the customer started a transaction within 30 days after it"
out "visits bring more"
run 0 "in Chinese" gridbeat score outcomes --workspace bank.gb --lang zh
out "激活：其后 30 天内客户主动发起交易"
run 0 "foretold against real" gridbeat score calibrate --workspace bank.gb --json
run 0 "half of it was foretold, and the next night knows" python3 -c "
import json, math
d = json.load(open('$work/.out'))
assert abs(d['real'] - .4) < .08 and abs(d['foretold'] - .2) < .02
s = d['shift']
assert .5 < s['low'] < s['value'] < s['high'] < 1.6, s
assert d['rolling']['brier'] < d['brier'], d
assert abs(sum(t['visits'] for t in d['tenths']) - d['visits']) < 1"
run 0 "a night later" gridbeat nightly run --workspace bank.gb \
  --date 2026-04-20 --days 1 --no-report --json
run 0 "row 69: chances are shifted by what came, the card's are kept" python3 -c "
import json, math, sqlite3
shift = json.load(open('$work/.out'))['steps']['score']['chance_shift']
assert .5 < shift < 1.6, shift
rows = sqlite3.connect('bank.gb').execute(
    'SELECT x.chance, v.card_chance, v.chance, x.strategy, v.box FROM trial x '
    'JOIN target t ON t.as_of = x.day AND t.customer_id = x.customer_id '
    'JOIN target_value v ON v.target_id = t.id '
    \"WHERE x.day = '2026-04-20'\").fetchall()
odds = lambda p: math.log(p / (1 - p))
assert len(rows) > 50
for kept, card, used, strategy, box in rows:
    assert kept == card and abs(odds(used) - odds(card) - shift) < 1e-6, (kept, card, used)
    assert strategy == box"
run 0 "in words" gridbeat score calibrate --workspace bank.gb
out "the next night shifts the log odds by"
run 0 "trials go out as a log" gridbeat score trials --workspace bank.gb --out trials.csv
run 0 "which strategies are compared from" gridbeat score policies --in trials.csv \
  --strata segment,grade --json
run 0 "with the same answer" python3 -c "
import json
s = {x['strategy']: x for x in json.load(open('$work/.out'))['strategies']}
gain = s['always visit']['robust']['value'] - s['always held_out']['robust']['value']
assert abs(gain - .192) < .06, gain
assert s['always held_out']['verdict'] == 'less'"

# ---- nobody held out ----

run 0 "nobody is held out any more" gridbeat plan run --workspace bank.gb \
  --date 2026-03-02 --days 1 --held-out 0 --json
run 0 "all may be visited" python3 -c "
import json
assert json.load(open('$work/.out'))['held_out'] == 0"
run 2 "more than half" gridbeat plan run --workspace bank.gb --date 2026-03-02 --held-out 60%
err "more than half"
done_testing
