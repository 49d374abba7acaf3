#!/usr/bin/env bash
# What `meson install` leaves is enough: a C, a C++ and a Python program are
# built against it by pkg-config alone, and the command speaks both languages.
#
#   installed.sh BUILD_FOLDER
set -u
build=$1
source=${GB_SOURCE:-$(dirname "$0")/../..}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
failed=0
attempt() { # what, command...
  local what=$1; shift
  "$@" > "$work/log" 2>&1 || { echo "$what:"; cat "$work/log"; failed=1; }
}
same() { # what, expected, got
  [ "$2" = "$3" ] || { echo "$1: \"$3\", expected \"$2\""; failed=1; }
}

attempt "meson install" meson install -C "$build" --no-rebuild --destdir \
  "$work/root"
library=$(find "$work/root" -name libgridbeat.so)
[ -n "$library" ] || { echo "no libgridbeat.so is installed"; exit 1; }
if nm -D "$library" | grep -qE '__(asan|tsan|ubsan)_'; then
  echo "skipped: a library with sanitizers does not load into other programs"
  exit 77
fi
lib=$(dirname "$library")
export PKG_CONFIG_PATH=$lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$work/root
export LD_LIBRARY_PATH=$lib
unset LANGUAGE LANG
version=$(pkg-config --modversion gridbeat)
# shellcheck disable=SC2046
attempt "a C program" ${CC:-cc} -std=c11 -Wall -Wextra -Werror \
  $(pkg-config --cflags gridbeat) -o "$work/c" \
  "$source/tests/check/consumer.c" $(pkg-config --libs gridbeat)
# shellcheck disable=SC2046
attempt "a C++ program" ${CXX:-c++} -std=c++11 -Wall -Wextra -Werror \
  $(pkg-config --cflags gridbeat) -o "$work/cpp" \
  "$source/tests/check/consumer.cpp" $(pkg-config --libs gridbeat)
expected="$version: 0 没有名为“nothing”的方法"
same "the C program" "$expected" "$("$work/c" "$work/c.gb" 2>&1)"
same "the C++ program" "$expected" "$("$work/cpp" "$work/cpp.gb" 2>&1)"
same "the Python program" "$expected" \
  "$(python3 "$source/tests/check/consumer.py" "$library" "$work/py.gb" 2>&1)"
command=$(find "$work/root" -name gridbeat -type f -perm -100)
same "the command" "gridbeat $version" "$("$command" --version 2>&1)"
same "the command in Chinese" "命令：" \
  "$("$command" --help --lang zh | sed -n 3p)"
n=$(find "$work/root" -path '*/include/gridbeat/*.h' | wc -l)
same "public headers" "$(ls "$source"/include/gridbeat/*.h | wc -l)" "$n"
exit $failed
