# harness.sh - for the tests of the command: sourced, prints TAP.
#
#   . "$GB_SOURCE/tests/cli/harness.sh" PATH_OF_GRIDBEAT
#   run 2 "an unknown verb is wrong use" gridbeat versoin
#   err "did you mean"       the last run's standard error has this text
#   out "0.1.0"              its standard output
#   done_testing
#
# Each check is a test of its own.  A new empty folder is $work.

set -u
gridbeat_path=$(realpath "$1")
export LC_ALL=C.UTF-8 NO_COLOR=1
unset LANGUAGE LANG GRIDBEAT_WORKSPACE
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
n_tests=0 n_failed=0 what=""

gridbeat() { "$gridbeat_path" "$@"; }
verdict() { # 0 or not, name
  n_tests=$((n_tests + 1))
  if [ "$1" = 0 ]; then
    echo "ok $n_tests - $2"
  else
    n_failed=$((n_failed + 1))
    echo "not ok $n_tests - $2"
    sed 's/^/# out: /' "$work/.out" | head -20
    sed 's/^/# err: /' "$work/.err" | head -20
  fi
}
run() { # exit code, name, command...
  local expected=$1 code
  what=$2; shift 2
  # What the last run said stays readable for this one.
  "$@" > "$work/.out.new" 2> "$work/.err.new" < /dev/null
  code=$?
  mv "$work/.out.new" "$work/.out"; mv "$work/.err.new" "$work/.err"
  [ "$code" = "$expected" ] || what="$what (exit code $code)"
  [ "$code" = "$expected" ]; verdict $? "$what"
}
out() { grep -qF -- "$1" "$work/.out"; verdict $? "$what: says \"$1\""; }
err() { grep -qF -- "$1" "$work/.err"; verdict $? "$what: errs \"$1\""; }
no_out() { [ ! -s "$work/.out" ]; verdict $? "$what: no output"; }
no_err() { [ ! -s "$work/.err" ]; verdict $? "$what: no words"; }
done_testing() {
  echo "1..$n_tests"
  [ "$n_failed" = 0 ] && [ "$n_tests" -gt 0 ]
  exit
}
