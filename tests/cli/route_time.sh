#!/usr/bin/env bash
# A limit of time is one of the whole command: reading, search, reasons, the
# plan written and read again.  What is held to is the processor time, so that
# other work on the machine does no harm; waiting is nowhere.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2

python3 - <<'PY'
import json, random
random.seed(5)
n = 1000
xy = [(random.randrange(300), random.randrange(300)) for _ in range(n + 1)]
with open('windows.txt', 'w') as f:
    print('w1000\n\nVEHICLE\nNUMBER     CAPACITY\n  250         200\n\nCUSTOMER\n'
          'CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE '
          'TIME\n', file=f)
    for i, (x, y) in enumerate(xy):
        early = random.randrange(1000) if i else 0
        print(i, x, y, random.randint(1, 30) if i else 0, early,
              early + 500 if i else 2000, 10 if i else 0, file=f)
n = 400 # and a day on which most are left out, with reasons
far = [[abs(a[0] - b[0]) + abs(a[1] - b[1]) for b in xy[:n + 1]]
       for a in xy[:n + 1]]
json.dump({
    'vehicles': [{'id': v, 'start_index': 0, 'end_index': 0,
                  'time_window': [28800, 64800]} for v in range(1, 11)],
    'jobs': [{'id': i, 'location_index': i, 'service': 1800,
              'priority': random.randint(1, 100)} for i in range(1, n + 1)],
    'matrices': {'car': {'durations': far}}}, open('day.json', 'w'))
PY

# spends SECONDS COMMAND...: no more CPU than that and 150 ms; 50 ms are
# promised of release builds.
spends() {
  python3 - "$@" <<'PY'
import resource, subprocess, sys
done = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
late = used.ru_utime + used.ru_stime - float(sys.argv[1])
print(f'{1000 * late:+.0f} ms', file=sys.stderr)
sys.exit(done.returncode or late > .15)
PY
}
for file in windows.txt day.json; do
  run 0 "$file ends in time" spends 1 "$gridbeat_path" route solve $file \
    --time-limit 1 --out $file.out --json
  [ -s $file.out ]; verdict $? "$what, with its plan written"
done
run 0 "a proof ends in time" spends 1 "$gridbeat_path" route bound day.json \
  --time-limit 1 --json
run 0 "a plan and its proof take the time twice" spends 1 "$gridbeat_path" \
  route solve day.json --time-limit 0.5 --bound --json

# Ended by who started it: the best so far is written.
for ended in INT:130 TERM:143; do
  signal=${ended%:*}
  "$gridbeat_path" route solve day.json --time-limit 100 --out $signal.json \
    > cut.log 2> cut.err < /dev/null &
  process=$!
  sleep 1
  kill -$signal $process
  wait $process
  [ $? = "${ended#*:}" ]; verdict $? "SIG$signal ends it with code ${ended#*:}"
  run 0 "SIG$signal leaves a plan that holds" gridbeat route check day.json \
    $signal.json
done
done_testing
