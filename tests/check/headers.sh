#!/usr/bin/env bash
# Each public header compiles alone, as C11 and as C++11, without a warning.
set -u
cd "${GB_SOURCE:-$(dirname "$0")/../..}" || exit 2
failed=0 n=0
for header in include/gridbeat/*.h; do
  n=$((n + 1))
  ${CC:-cc} -std=c11 -Wall -Wextra -pedantic -Werror -Wstrict-prototypes \
    -fsyntax-only -Iinclude -x c - <<<"#include <gridbeat/${header##*/}>" \
    || { echo "$header is no C11 by itself"; failed=1; }
  ${CXX:-c++} -std=c++11 -Wall -Wextra -pedantic -Werror \
    -fsyntax-only -Iinclude -x c++ - <<<"#include <gridbeat/${header##*/}>" \
    || { echo "$header is no C++11 by itself"; failed=1; }
  grep -q "<gridbeat/${header##*/}>" include/gridbeat/gridbeat.h \
    || [ "${header##*/}" = gridbeat.h ] \
    || { echo "$header is not in gridbeat.h"; failed=1; }
  grep -q "'${header##*/}'" include/gridbeat/meson.build \
    || { echo "$header is not installed"; failed=1; }
done
[ $failed = 0 ] && echo "$n headers compile alone"
exit $failed
