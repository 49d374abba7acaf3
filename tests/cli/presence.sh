#!/usr/bin/env bash
# When customers are met: the contract of `score presence`.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2

# Workers are out in the daytime, pensioners in from morning to noon; each
# customer has his own luck besides.
python3 - <<'PY'
import datetime, random
random.seed(3)
start = datetime.date(2025, 1, 1)
people = [(f'c{k}', random.choice(['worker', 'pensioner']),
           random.gauss(0, .12)) for k in range(300)]
rows = []
for _ in range(6000):
    who, group, own = random.choice(people)
    day = start + datetime.timedelta(random.randrange(365))
    hour = random.randrange(8, 20)
    at_home = .8 if hour < 12 else .5
    if group == 'worker':
        at_home = .2 if hour < 17 and day.weekday() < 5 else .7
    outcome = 'met' if random.random() < at_home + own else 'absent'
    rows.append(f'{who},{day},{hour:02d}:{random.randrange(60):02d},{outcome},'
                f'p{int(who[1:]) % 80},{group}\n')
head = 'customer,date,at,outcome,place,segment\n'
open('visits.csv', 'w').write(head + ''.join(rows))
open('late.csv', 'w').write(head + ''.join(rows) +
                            'c0,2025-12-31,22:30,met,p0,worker\n' +
                            'c0,2025-12-31,09:61,met,p0,worker\n' +
                            'c0,2025-12-31,09:01,asleep,p0,worker\n')
# One who was missed on three mornings.
twice = ''.join(f'new,2026-01-0{d},09:00,absent,,pensioner\n' for d in (5, 6, 7))
open('missed.csv', 'w').write(head + ''.join(rows) + twice)
PY

run 0 "chances are learnt" gridbeat score presence --in visits.csv \
  --check-after 2025-09-30 --out chances.csv --json
run 0 "later visits are foretold better than by their share" python3 -c "
import json
d = json.load(open('$work/.out'))
c = d['check']
assert d['visits'] == 6000 and d['customers'] == 300 and c['visits'] > 1000
assert c['brier'] < .93 * c['plain_brier'], c
assert c['log_loss'] < .93 * c['plain_log_loss'], c
assert sum(r['visits'] for r in d['by_attempt']) == 6000"
run 0 "a chance for each customer, kind of day and slot" python3 -c "
import csv
rows = list(csv.DictReader(open('chances.csv')))
assert len(rows) == 300 * 2 * 6
assert list(rows[0]) == 'customer,day_kind,from,to,chance'.split(',')
assert all(0 < float(r['chance']) < 1 for r in rows)"
run 0 "the same again" gridbeat score presence --in visits.csv --out again.csv
run 0 "to the byte" cmp chances.csv again.csv
run 0 "one who was missed in the morning" gridbeat score presence \
  --in missed.csv --out missed.out.csv
run 0 "is looked for later" python3 -c "
import csv
was = {}
for r in csv.DictReader(open('missed.out.csv')):
    if r['day_kind'] == 'workday':
        was.setdefault(r['customer'], []).append(float(r['chance']))
new = was['new']
assert max(new) > new[0] and new.index(max(new)) > 0, new"
run 0 "bad rows and odd hours are told of" gridbeat score presence --in late.csv
out "a time of day as 09:30 is needed" "met, refused or absent is needed" "at other hours"
run 3 "too many are refused" gridbeat score presence --in late.csv --max-reject 0
err "line 6003"
run 2 "slots rise" gridbeat score presence --in visits.csv --slots 10:00,09:00
err "09:00"
run 0 "in Chinese" gridbeat score presence --in visits.csv --lang zh
out "工作日"

# ---- of a workspace ----

osm=$GB_SOURCE/data/liechtenstein-2013-08-03.osm.pbf
export GRIDBEAT_WORKSPACE=$work/bank.gb
run 0 "a bank" gridbeat world make --osm "$osm" --branches 2 --managers 5 \
  --customers 4000 --seed 5 --out bank --truth truth.csv
run 0 "a workspace" gridbeat init bank.gb
run 0 "takes its visits with their hours" gridbeat import all bank --json
run 0 "nothing is untimed" gridbeat score presence --json
run 0 "row 26: visits foretell better than the card" python3 -c "
import json
d = json.load(open('$work/.out'))
c = d['check']
assert d['untimed'] == 0 and d['visits'] > 1000, d['visits']
assert c['brier'] < c['card_brier'] < c['plain_brier'], c
assert c['log_loss'] < c['card_log_loss'], c
assert len(d['profiles']) == 36
assert sum(r['visits'] for r in d['profiles']) == d['visits']
assert sum(r['visits'] for r in d['by_attempt']) == d['visits']
assert all(r['low'] <= r['met'] <= r['high'] for r in d['by_attempt'])
off = {r['from_s']: r['off'] - r['workday'] for r in d['profiles']
       if r['profile'] == 'worker'}
assert sum(off.values()) > .1, off  # at home on days off"
run 0 "in words" gridbeat score presence
out "Met, by profile of the card and hour:"
out "by the card alone"
out "pensioner"
run 0 "in Chinese" gridbeat score presence --lang zh
out "上次见面后第几次上门见到"
out "退休"
out "其他"
cat > seven.csv <<'CSV'
customer,date,at,outcome
a,2026-01-01,09:00,absent
a,2026-01-02,09:00,absent
a,2026-01-03,09:00,met
a,2026-01-04,09:00,absent
CSV
run 0 "a file needs no workspace" gridbeat score presence --in seven.csv --json
run 0 "after a meeting tries count anew" python3 -c "
import json
r = json.load(open('$work/.out'))['by_attempt']
assert [(x['visits'], x['met']) for x in r] == [(2, 0), (1, 0), (1, 1)], r"

# Somebody whom nobody has tried yet: missed on three workday mornings, the
# next plan and the answer look elsewhere, and each miss tells more.
who=$(sqlite3 bank.gb "SELECT c.ref FROM customer c
  JOIN customer_tag t ON t.customer_id = c.id JOIN tag g ON g.id = t.tag_id
  WHERE g.tag = '退休' AND c.place_id IS NOT NULL AND NOT EXISTS(
    SELECT 1 FROM visit v JOIN customer w ON w.id = v.customer_id
    WHERE w.place_id = c.place_id) ORDER BY c.ref LIMIT 1")
hours() { # its chance by slot on a workday
  gridbeat score presence --customer "$who" --json | python3 -c "
import json, sys
print(*(round(r['workday'], 6) for r in json.load(sys.stdin)['of']['hours']))"
}
before=$(hours)
best=$(gridbeat score presence --customer "$who" --json | python3 -c "
import json, sys
print(json.load(sys.stdin)['of']['best_from_s'])")
at=$(printf '%02d:%02d' $((best / 3600 )) $((best / 60 % 60)))
{ echo customer_ref,date,at,outcome
  for day in 23 25 27; do echo "$who,2026-02-$day,$at,absent"; done
} > missed.csv
run 0 "three misses at the best hour" gridbeat import visits missed.csv
run 0 "row 26: a failed visit suggests another hour" python3 -c "
import json, subprocess, sys
before = [float(x) for x in '$before'.split()]
after = [float(x) for x in '$(hours)'.split()]
odds = lambda p: p / (1 - p)
moved = [odds(a) / odds(b) for a, b in zip(after, before)]
tried = before.index(max(before))
assert all(m < 1 for m in moved), moved       # less likely at any hour
assert moved[tried] == min(moved), moved      # and most at this one
assert after.index(max(after)) != tried, (before, after)"
run 0 "row 27: when to meet one customer, and why" gridbeat score presence \
  --customer "$who"
out "step by step from the card"
out "His visits:"
out "best on a workday:"
out "2026-02-25"
run 4 "whoever keeps to a scope reads no files" gridbeat score presence \
  --in seven.csv --as branch:b01
run 0 "but the visits of the scope" gridbeat score presence --as branch:b01 \
  --json
run 0 "which are some of all" python3 -c "
import json
assert 100 < json.load(open('$work/.out'))['visits'] < 3000"
run 2 "whom nobody knows" gridbeat score presence --customer nobody
err "there is no customer"

# A plan goes by what was learnt, unless it is told to keep to the card.
night() { gridbeat nightly run --date 2026-03-02 --no-report --days 2 \
  --iterations 200 --json "$@"; }
run 0 "a night by the card" night --presence card
cp .out card.json
run 0 "and as learnt" night
cp .out learnt.json
run 0 "tells what it learnt from" python3 -c "
import json
learnt, card = (json.load(open(f'{n}.json')) for n in ('learnt', 'card'))
assert learnt['presence']['visits'] > 1000 and 'presence' not in card
assert learnt['expected_met'] != card['expected_met']"
run 0 "and keeps it" sqlite3 bank.gb "SELECT r.n_visits = (SELECT count(*)
  FROM visit) AND o.visits > 0 FROM presence_run r, presence_odds o
  WHERE o.level = 'all' AND o.from_s = -1"
[ "$(cat "$work/.out")" = 1 ]; verdict $? "with the visits of all"

# What a stop is worth is what the answer says: by the kind of the day, which
# is that of everybody: on this Saturday managers work, and others do not.
cat > agree.py <<'PY'
import json, sqlite3, subprocess, sys
gridbeat, day, kind = sys.argv[1:]
rows = sqlite3.connect("bank.gb").execute(
    "SELECT c.ref, s.start_s, s.prize, t.score FROM plan_stop s "
    "JOIN plan_route r ON r.id = s.plan_route_id AND r.day = ?1 "
    "JOIN customer c ON c.id = s.customer_id "
    "JOIN target t ON t.customer_id = c.id AND t.as_of = ?1 "
    "WHERE t.score > 20 ORDER BY s.id", (day,)).fetchall()
assert len(rows) > 20, len(rows)
others = 0
for ref, start_s, prize, score in rows[:: len(rows) // 12]:
    of = json.loads(subprocess.run(
        [gridbeat, "score", "presence", "--customer", ref, "--date", day,
         "--json"], capture_output=True, check=True).stdout)["of"]
    hour = [h for h in of["hours"] if h["from_s"] <= start_s < h["to_s"]][0]
    assert abs(prize - score * hour[kind]) < 1, (ref, prize, score, hour)
    others += abs(prize - score * hour["card"]) > 1
assert others > 0
PY
run 0 "stops of a workday are worth what visits taught" \
  python3 agree.py "$gridbeat_path" 2026-03-02 workday
sqlite3 bank.gb "SELECT ref FROM manager" | sed 's/.*/2026-03-07,&,1/' \
  | sed '1i date,manager_ref,is_working' > saturday.csv
run 0 "managers work on a Saturday" gridbeat import calendar saturday.csv
run 0 "a night for it" gridbeat nightly run --date 2026-03-07 --no-report \
  --days 2 --iterations 200 --json
run 0 "stops of a day off go by days off" \
  python3 agree.py "$gridbeat_path" 2026-03-07 off
done_testing
