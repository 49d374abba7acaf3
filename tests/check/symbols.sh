#!/usr/bin/env bash
# What libgridbeat.so exports = what gridbeat.map lists = what the public
# headers declare with GB_API.
#
#   symbols.sh LIBRARY
set -u
source=${GB_SOURCE:-$(dirname "$0")/../..}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export LC_ALL=C

nm -D --defined-only "$1" | sed -n 's/.* [TBDRV] \(gb_[a-z0-9_]*\)@@.*/\1/p' \
  | sort > "$work/library"
nm -D --defined-only "$1" | grep -vE ' gb_| GB_[0-9]|__(asan|ubsan|tsan|gcov|llvm|start|stop)|_fini|_init' \
  > "$work/foreign"
sed -n 's/^ *\(gb_[a-z0-9_]*\);.*/\1/p' "$source/engine/gridbeat.map" \
  | sort > "$work/map"
# Statements that begin with the attribute: the name is what stands before (.
for header in "$source"/include/gridbeat/*.h; do
  ${CC:-cc} -E -P -DGB_BUILD -I "$source/include" "$header"
done | tr '\n' ' ' | tr ';' '\n' \
  | sed -n 's/.*visibility("default"))) *//p' \
  | sed -n 's/^[^(]*[ *]\(gb_[a-z0-9_]*\) *(.*/\1/p' \
  | sort -u > "$work/headers"

failed=0
tell() { # words, lines
  [ -z "$2" ] && return
  echo "$1:"; sed 's/^/  /' <<<"$2"; failed=1
}
tell "in the map twice" "$(uniq -d "$work/map")"
tell "in the map and not in the library" \
  "$(comm -23 "$work/map" "$work/library")"
tell "in the library and not in the map" \
  "$(comm -13 "$work/map" "$work/library")"
tell "declared in a header and not exported" \
  "$(comm -23 "$work/headers" "$work/library")"
tell "exported and in no header" "$(comm -13 "$work/headers" "$work/library")"
tell "exported without our prefix" "$(cat "$work/foreign")"
[ "$(wc -l < "$work/library")" -ge 20 ] || tell "too few symbols" "$1"
[ $failed = 0 ] && echo "$(wc -l < "$work/library") symbols"
exit $failed
