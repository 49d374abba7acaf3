#!/usr/bin/env bash
# A night and an import that are interrupted, killed, limited: the workspace is
# whole, and doing it again gives the bytes of an unbroken run.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2
day=2026-03-02
now_ms() { date +%s%3N; }
# Another start for each round.
fresh() { rm -f w.gb*; cp "$1.gb" w.gb; cp done.gb.roads w.gb.roads; }
whole() { # what was done
  run 0 "$1: the workspace is sound" gridbeat workspace check --workspace w.gb
  [ "$(sqlite3 w.gb 'PRAGMA integrity_check')" = ok ]
  verdict $? "$1: integrity"
}
night() { gridbeat nightly run --workspace w.gb --date $day --iterations 50 \
  --no-report "$@"; }
show() { # workspace, folder
  mkdir -p "$2"
  gridbeat export plan --workspace "$1" --date $day --out "$2/plan.csv" > /dev/null \
    && gridbeat territory show --workspace "$1" --json > "$2/territories.json"
}
same() { # what was done
  show w.gb broken && cmp unbroken/plan.csv broken/plan.csv \
    && cmp unbroken/territories.json broken/territories.json
  verdict $? "$1: the plan and the territories of an unbroken run"
}

run 0 "a small bank" gridbeat world make --branches 2 --managers 4 \
  --customers 3000 --seed 1 --out d \
  --osm "$GB_DATA/liechtenstein-2013-08-03.osm.pbf"
gridbeat init empty.gb > /dev/null
cp empty.gb done.gb
before=$(now_ms)
run 0 "an unbroken import" gridbeat import all d --workspace done.gb
import_ms=$(($(now_ms) - before))
fresh done
before=$(now_ms)
run 0 "an unbroken night" night
night_ms=$(($(now_ms) - before))
show w.gb unbroken
[ "$(wc -l < unbroken/plan.csv)" -gt 10 ]; verdict $? "has a plan"

# A night with ten thousand times the rounds would take hours.
fresh done
"$gridbeat_path" nightly run --workspace w.gb --date $day \
  --iterations 100000000 --no-report > .out 2> .err &
child=$!
sleep "$(((night_ms + 1500) / 1000)).5"
kill -0 $child 2> /dev/null; verdict $? "a long night goes on"
before=$(now_ms)
kill -INT $child
(sleep 30; kill -KILL $child 2> /dev/null) &
wait $child
code=$?
took_ms=$(($(now_ms) - before))
kill $! 2> /dev/null
[ $code = 130 ]; verdict $? "SIGINT ends it with 130 (was $code)"
[ $took_ms -lt 10000 ]; verdict $? "at once, if the disk is (was $took_ms ms)"
what="an interrupted night"; err "cancelled"
whole "an interrupted night"
run 0 "the night after it" night
same "the night after it"

# The limit is of all routes; the steps before them take what they take.
fresh done
before=$(now_ms)
run 0 "a night with a limit" gridbeat nightly run --workspace w.gb \
  --date $day --iterations 100000000 --time-limit 2s --no-report
took_ms=$(($(now_ms) - before))
[ $took_ms -lt $((2 * night_ms + 6000)) ]
verdict $? "which it keeps ($took_ms ms; without rounds $night_ms ms)"
run 0 "a limited plan" gridbeat plan show --workspace w.gb --date $day

# Killed at twelve moments spread over the run, six of each.  A round that had
# ended before is no failure of the program: what counts is what follows.
killed=0
kill_after() { # seconds, command...
  local delay=$1; shift
  "$@" > .out 2> .err &
  child=$!
  sleep "$delay"
  kill -KILL $child 2> /dev/null && killed=$((killed + 1))
  wait $child 2> /dev/null
}
seconds() { printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)); }
for k in 1 2 3 4 5 6; do
  fresh empty
  kill_after "$(seconds $((import_ms * k / 7)))" \
    "$gridbeat_path" import all d --workspace w.gb
  whole "an import killed at $k/7"
  run 0 "import again" gridbeat import all d --workspace w.gb
  if [ $((k % 3)) = 0 ]; then
    run 0 "a night after import again" night
    same "import killed at $k/7 and done again"
  fi
done
for k in 1 2 3 4 5 6; do
  fresh done
  kill_after "$(seconds $((night_ms * k / 7)))" \
    "$gridbeat_path" nightly run --workspace w.gb --date $day \
    --iterations 50 --no-report
  whole "a night killed at $k/7"
  run 0 "the night again" night
  same "a night killed at $k/7 and done again"
done
[ $killed -ge 6 ]; verdict $? "most were killed while they ran ($killed of 12)"
done_testing
