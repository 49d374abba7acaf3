#!/usr/bin/env bash
# VROOM's JSON at the command: a day of places without matrices, whose travel
# times a road index knows; the answer is held to VROOM's rules by a checker
# written apart.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2
data=$GB_SOURCE/data

python3 - "$data/bank-day.vroom.json" <<'PY'
import json, sys
day = json.load(open(sys.argv[1]))
day.pop('matrices')
for v in day['vehicles']:
    v.pop('start_index'); v.pop('end_index')
for j in day['jobs']:
    j.pop('location_index')
json.dump(day, open('places.json', 'w'))
for v in day['vehicles']:
    v['profile'] = 'boat'
json.dump(day, open('boats.json', 'w'))
day['jobs'][0]['location'] = [0, 0]
for v in day['vehicles']:
    v['profile'] = 'foot'
json.dump(day, open('sea.json', 'w'))
PY

# held FILE ANSWER: what is wrong with an answer, by VROOM's rules.
held() {
  python3 - "$@" <<'PY'
import json, sys
day, answer = (json.load(open(p)) for p in sys.argv[1:])
jobs = {j['id']: j for j in day['jobs']}
vehicles = {v['id']: v for v in day['vehicles']}
durations = day.get('matrices', {}).get('car', {}).get('durations')
served, wrong = [], []
for route in answer['routes']:
    v, steps = vehicles[route['vehicle']], route['steps']
    clock, travel, at = steps[0]['arrival'], 0, v.get('start_index')
    breaks = {b['id']: b for b in v.get('breaks', [])}
    legs = [v.get('start_index')]
    for step in steps[1:]:
        clock += step['duration'] - travel
        travel = step['duration']
        if step['arrival'] != clock:
            wrong.append(('arrival', route['vehicle'], step, clock))
        clock += step['waiting_time']
        what = (jobs[step['id']] if step['type'] == 'job' else
                breaks.pop(step['id']) if step['type'] == 'break' else {})
        windows = what.get('time_windows', [[0, 1 << 40]])
        if not any(a <= clock <= b for a, b in windows):
            wrong.append(('window', route['vehicle'], step))
        clock += step['setup'] + step['service']
        if step['type'] == 'job':
            served.append(step['id'])
            legs.append(what.get('location_index'))
    legs.append(v.get('end_index'))
    if durations and sum(durations[a][b] for a, b in zip(legs, legs[1:])) != travel:
        wrong.append(('travel', route['vehicle']))
    begin, end = v['time_window']
    if steps[0]['arrival'] < begin or clock > end or breaks:
        wrong.append(('shift or breaks', route['vehicle'], breaks))
left = [u['id'] for u in answer['unassigned']]
if sorted(served + left) != sorted(jobs):
    wrong.append('jobs')
if sum(jobs[j].get('priority', 0) for j in served) != answer['summary']['priority']:
    wrong.append('priority')
print(len(served), 'served;', wrong)
sys.exit(bool(wrong))
PY
}

run 0 "a day with matrices is solved" \
  gridbeat route solve "$data/bank-day.vroom.json" --iterations 2000 --out day.json
run 0 "its answer is right by VROOM's rules" held "$data/bank-day.vroom.json" day.json

run 3 "without matrices there is nobody to ask" gridbeat route solve places.json
err 'or a road index'
run 0 "a road index of the country" \
  gridbeat roads build --osm "$data/liechtenstein-2013-08-03.osm.pbf" --out l.roads
run 0 "it knows the travel times" \
  gridbeat route solve places.json --roads l.roads --iterations 2000 --out places.out
run 0 "that answer is right, too" held places.json places.out
run 0 "and the check agrees" gridbeat route check places.json places.out --roads l.roads
out "all is right"
run 3 "a way of travel that it has not" gridbeat route solve boats.json --roads l.roads
err 'the profile "boat"'
run 3 "a place off its map" gridbeat route solve sea.json --roads l.roads
err '[0.000000, 0.000000]: there is no street within 1000 m'
done_testing
