#!/usr/bin/env bash
# Every test that tests/FEATURES.md names exists and is run, and every row that
# has to work has one.
set -u
source=${GB_SOURCE:-$(dirname "$0")/../..}
cd "$source/tests" || exit 2
rows="1 2 3 4 5 6 8 9 10 12 13 17 20 24 26 29 30 31 32 33 34 35 36 37 38 41 42 44 45 46 49 50 69
  174 175 176 178 180 184 187 193"
failed=0 n=0
fail() { echo "$*"; failed=1; }

for row in $rows; do
  # shellcheck disable=SC2016
  grep -qE "^\| $row (‡ )?\| \`" FEATURES.md || fail "row $row has no test"
done
while IFS= read -r named; do
  file=${named%%: *} name=${named#*: }
  n=$((n + 1))
  listed=${file##*/}; listed=${listed%.*}; listed=${listed#test_}
  case $file in
    *.c) text="START_TEST($name)" ;;
    *) text="\"$name\"" ;;
  esac
  # A name may be written around a variable: "a night with $n threads".
  grep -qF -- "$text" "$file" 2> /dev/null || fail "$file has no test \"$name\""
  # The name stands twice in a C file: where it is defined and where it is run.
  case $file in
    *.c) [ "$(grep -cw -- "$name" "$file")" -ge 2 ] \
           || fail "$file: \"$name\" is never run" ;;
  esac
  grep -qF "'${listed#prop_}'" "${file%/*}/meson.build" \
    || fail "$file is not among the tests of ${file%/*}"
done < <(grep '^| [0-9]' FEATURES.md | grep -o '`[^`]*`' | tr -d '`')
[ "$n" -ge 50 ] || fail "only $n tests are named"
[ $failed = 0 ] && echo "$n tests for $(wc -w <<<"$rows") rows"
exit $failed
