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
done_testing
