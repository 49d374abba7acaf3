#!/usr/bin/env bash
# The benches count what they counted: moves, nodes, targets, prizes.  A
# change that is meant goes into expected.txt with the commit that makes it.
#
#   tests/check/bench.sh BUILD_FOLDER
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$top/bench/counts" "$1" > "$scratch/counts" || { echo "bench/counts failed"; exit 1; }
if ! diff "$top/bench/expected.txt" "$scratch/counts"; then
  echo "If that is meant: bench/counts $1 > bench/expected.txt"
  exit 1
fi
