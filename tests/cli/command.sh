#!/usr/bin/env bash
# The command as such: help, version, languages, errors, exit codes, colours.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"

run 0 "--version tells the version" gridbeat --version
out "gridbeat 0."
run 0 "--help lists the commands" gridbeat --help
out "workspace info"
out "--time-limit"
no_err
run 2 "no command is wrong use" gridbeat
err "usage: gridbeat"
no_out

# Every verb and every noun has --help and --version.
gridbeat methods --json > "$work/methods.json"
names=$(python3 -c 'import json, sys
for m in json.load(open(sys.argv[1]))["methods"]: print(m["name"])' \
  "$work/methods.json")
for name in $names; do
  words=${name//./ }
  # shellcheck disable=SC2086
  run 0 "$words --help" gridbeat $words --help
  out "usage: gridbeat $words"
  # shellcheck disable=SC2086
  run 0 "$words --version" gridbeat $words --version
  out "gridbeat 0."
  # shellcheck disable=SC2086
  run 0 "$words --help in Chinese" gridbeat $words --help --lang zh
  out "用法："
done
for noun in $(sed -n 's/\..*//p' <<<"$names" | sort -u); do
  run 0 "$noun --help" gridbeat "$noun" --help
done
run 0 "help VERB is VERB --help" gridbeat help workspace info
out "usage: gridbeat workspace info"

run 2 "an unknown verb is wrong use" gridbeat versoin
err 'error E2100  there is no command "versoin"'
err 'did you mean "version"?'
no_out
run 2 "an unknown noun is wrong use" gridbeat workspace inof
err 'did you mean "workspace info"?'
run 2 "an unknown option is wrong use" gridbeat version --sed 1
err 'did you mean "--seed"?'
run 2 "a global option is meant as well" gridbeat version --jsn
err 'did you mean "--json"?'
run 2 "a word too many is wrong use" gridbeat version again
err 'what is "again" for?'
run 2 "a missing value is wrong use" gridbeat version --seed
err 'the option --seed needs a value'
run 2 "a flag takes no value" gridbeat version --json=1
err 'takes no value'
run 2 "an option of a method before it is wrong use" gridbeat --out F version
err 'stands before the command'
run 2 "a wrong value is named with what is expected" \
  gridbeat version --threads many
err 'error E2100  threads = "many": a whole number expected'
run 2 "a word that is no UTF-8" gridbeat init "$work/"$'\xff.gb'
err 'word 2 of the command is not UTF-8'
long=$(printf '雪%.0s' {1..500})
run 2 "a message that is cut within a letter" \
  gridbeat workspace info --workspace "$work/$long"
err 'error E2204'
run 2 "a message that is cut within another" \
  gridbeat workspace info --workspace "$work/a$long"
err 'error E2204'
run 2 "and another" gridbeat workspace info --workspace "$work/aa$long"
err 'error E2204'
run 2 "a language that there is not" gridbeat version --lang tlh
err 'language "tlh" is unknown'
run 2 "a method without its workspace" gridbeat workspace info
err 'needs a workspace'
err '--workspace FILE'
run 4 "what the scope forbids" gridbeat init "$work/s.gb" --as branch:B1
err 'error E4104'
run 2 "a scope that cannot be read" gridbeat version --as team:1
err 'scope "team:1"'

run 2 "errors in Chinese" gridbeat versoin --lang zh
err '错误 E2100  没有名为“versoin”的命令'
err '您是不是要找“version”？'
run 2 "errors of the library in Chinese" gridbeat version --threads x --lang=zh
err '应为整数'
run 0 "LANGUAGE without a Chinese locale" \
  env LANGUAGE=zh_CN:en "$gridbeat_path" --help
out "用法："
run 0 "LC_ALL names a Chinese locale" \
  env LC_ALL=zh_CN.UTF-8 "$gridbeat_path" --help
out "用法："
run 0 "the C locale is English, as gettext has it" \
  env LC_ALL=C LANGUAGE=zh_CN "$gridbeat_path" --help
out "usage:"
run 0 "--lang beats the environment" \
  env LC_ALL=zh_CN.UTF-8 "$gridbeat_path" --help --lang en
out "usage:"

run 0 "init makes a workspace" gridbeat init "$work/a b.gb"
out "a b.gb"
no_err
run 0 "GRIDBEAT_WORKSPACE names it" \
  env GRIDBEAT_WORKSPACE="$work/a b.gb" "$gridbeat_path" workspace info
out "schema version"
run 0 "--workspace beats it" env GRIDBEAT_WORKSPACE=/nowhere \
  "$gridbeat_path" workspace info --workspace "$work/a b.gb"
run 0 "--quiet says nothing" \
  gridbeat workspace info --workspace "$work/a b.gb" --quiet
no_out
no_err
run 2 "a workspace that is not there" gridbeat workspace info -w "$work/none"
err 'error E2204'
err 'gridbeat init FILE'
run 2 "init spares what is there" gridbeat init "$work/a b.gb"
printf 'no database at all, but long enough to be looked at\n' > "$work/junk"
run 3 "a file that is no workspace is refused" \
  gridbeat workspace info -w "$work/junk"

run 0 "--json is the answer as it is" gridbeat version --json
out '{"gridbeat": 1, "method": "version", "status": "GB_OK", "code": 0, '
run 2 "--json has errors as data" gridbeat version --seed -1 --json
out '"status": "GB_ERR_ARGUMENT", "code": 2, "error": {"id": "E2100"'
err 'error E2100'
run 0 "-- ends the options" gridbeat init -- "$work/--odd.gb"

# A terminal has colours, and has none with NO_COLOR.
if command -v script > /dev/null; then
  on_terminal() { # command line
    TERM=xterm script -qec "$1" /dev/null < /dev/null > "$work/.out" 2>&1
    : > "$work/.err"
    what=$2
  }
  unset NO_COLOR
  on_terminal "'$gridbeat_path' versoin" "an error on a terminal"
  out $'\033[1;31m'
  export NO_COLOR=1
  on_terminal "'$gridbeat_path' versoin" "an error with NO_COLOR"
  ! grep -q $'\033' "$work/.out"; verdict $? "NO_COLOR: no colours"
fi
run 2 "no colours in a file" env -u NO_COLOR "$gridbeat_path" versoin
! grep -q $'\033' "$work/.err"; verdict $? "no colours in a file"

# SIGINT ends a long command with 130, and leaves nothing half made.  Without
# --foreground it comes twice, and the second one kills.
run 130 "an interrupted command" timeout --foreground --preserve-status -s INT 0.5 \
  "$gridbeat_path" world make --customers 20000000 --out "$work/world" \
  --osm "$GB_DATA/liechtenstein-2013-08-03.osm.pbf"
err "cancelled"
ls -d "$work"/world* > /dev/null 2>&1
[ $? != 0 ]; verdict $? "nothing is left of it"

# Whatever takes over a second draws a line on a terminal, and only there.
if command -v script > /dev/null; then
  TERM=xterm timeout --preserve-status -s INT 2 script -qec "'$gridbeat_path' \
    world make --customers 20000000 --out '$work/world' \
    --osm '$GB_DATA/liechtenstein-2013-08-03.osm.pbf'" /dev/null \
    < /dev/null > "$work/.out" 2>&1
  what="progress on a terminal"; : > "$work/.err"
  out $'\r\033[K'
  out " %"
fi

# Columns stand under each other where Chinese takes two cells a letter.
gridbeat methods --lang zh > "$work/table"
python3 - "$work/table" <<'PY'
import sys, unicodedata
def cells(text):
    return sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)
lines = open(sys.argv[1], encoding='utf-8').read().splitlines()
starts = {cells(line) - cells(line.split('  ', 1)[1].lstrip()) for line in lines}
sys.exit(len(starts) != 1)
PY
verdict $? "a Chinese table stands in columns"

gridbeat completion > "$work/completion"
bash -c '. "$1"; COMP_WORDS=(gridbeat workspace in); COMP_CWORD=2; _gridbeat
         echo "${COMPREPLY[*]}"' - "$work/completion" > "$work/.out" 2> "$work/.err"
what="completion of a noun"; out "info"; no_err
bash -c '. "$1"; COMP_WORDS=(gridbeat init --time); COMP_CWORD=2; _gridbeat
         echo "${COMPREPLY[*]}"' - "$work/completion" > "$work/.out" 2> "$work/.err"
what="completion of an option"; out "--timezone"; no_err

run 3 "a full disk is noticed" bash -c '"$1" --help > /dev/full' - "$gridbeat_path"
done_testing
