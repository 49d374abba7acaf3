#!/usr/bin/env bash
# Every text has its translation: those of the library in engine/po/zh.po,
# those of the command in tools/po/zh_CN.po and en.po.
#
#   texts.sh [--update] [engine|tools]
#
# Extracts all texts, and fails on one that is missing or fuzzy, and on a
# translation that msgfmt refuses.  --update merges the texts into the
# catalogues, so that only the empty msgstr are left to be written.
set -u
cd "${GB_SOURCE:-$(dirname "$0")/../..}" || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
update=no which="engine tools" failed=0
for word in "$@"; do
  case $word in
    --update) update=yes ;;
    *) which=$word ;;
  esac
done

extract() { # engine or tools: writes $work/NAME.pot
  local keys="-kGB_N -kbase_fail:3 -kbase_log:3 -kbase_run_phase:2"
  local files
  [ "$1" = tools ] && keys="-k_ -kN_ -kngettext:1,2"
  files=$(find "$1" -name '*.c' -o -name '*.h' | LC_ALL=C sort)
  # shellcheck disable=SC2086
  xgettext --from-code=UTF-8 --language=C --sort-by-file --no-wrap \
    --package-name=gridbeat --output="$work/$1.pot" -k $keys $files
  [ -f "$work/$1.pot" ] || : > "$work/$1.pot"
  sed -i '/^"POT-Creation-Date/d; s/charset=CHARSET/charset=UTF-8/' \
    "$work/$1.pot"
}

hold() { # catalogue, texts
  local options="--no-fuzzy-matching --no-wrap --quiet" lacking
  if [ "$update" = yes ]; then
    # The places of the texts would change with every edit of the source.
    # shellcheck disable=SC2086
    msgmerge $options --no-location --sort-output -o "$1" "$1" "$2" || failed=1
    msgattrib --no-obsolete --no-wrap --no-location -o "$1" "$1"
  fi
  msgfmt --check-format -o /dev/null "$1" || failed=1
  # shellcheck disable=SC2086
  msgmerge $options -o "$work/merged.po" "$1" "$2" || failed=1
  lacking=$(msgattrib --no-wrap --no-obsolete --untranslated "$work/merged.po";
            msgattrib --no-wrap --no-obsolete --only-fuzzy "$work/merged.po")
  if [ -n "$lacking" ]; then
    echo "$1: without a translation:"
    grep -vE '^(#[.,]|"|msgid ""$|msgstr|$)' <<<"$lacking"
    failed=1
  fi
}

for part in $which; do
  extract "$part"
  case $part in
    engine) hold engine/po/zh.po "$work/engine.pot" ;;
    tools) for lang in zh_CN en; do
             hold "tools/po/$lang.po" "$work/tools.pot"
           done ;;
  esac
done
exit $failed
