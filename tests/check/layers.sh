#!/usr/bin/env bash
# The layers, where meson cannot hold them: no quoted include with a slash
# (it would walk round the include folders), each module includes only what
# stands below it, a dependency is known only where it is wrapped, tools and
# API tests know public headers alone.
set -u
cd "${GB_SOURCE:-$(dirname "$0")/../..}" || exit 2
failed=0
complain() { echo "$1"; failed=1; }

# module: the modules whose headers it may include, besides its own
declare -A below=(
  [base]="" [geo]="base" [lp]="base" [roads]="base geo"
  [score]="base geo roads" [grid]="base geo roads lp" [route]="base lp"
  [visit]="base geo" [world]="base geo roads" [store]="base geo"
  [plan]="base geo lp roads score grid route visit store"
  [report]="base geo roads store plan"
  [call]="base geo lp roads score grid route visit world store plan report"
)
# a dependency's header: the modules that may include it
declare -A wrapped=(
  [geos_c.h]="geo" [proj.h]="geo" [glpk.h]="lp" [sqlite3.h]="store"
  [spatialite.h]="store" [csv.h]="base" [readosm.h]="roads"
  [xxhash.h]="roads grid" [png.h]="call"
  [jansson.h]="call geo plan report roads score store"
)
# a public header whose name is not that of its module
declare -A home=([route_file]="route" [route_json]="route" [cells]="grid" [workspace]="store" [segment]="store" [gridbeat]="call")

is_in() { # word, list
  case " $2 " in *" $1 "*) return 0 ;; esac
  return 1
}

hold_module() { # module
  local module=$1 file header name
  while IFS=: read -r file _ header; do
    header=${header#*[\"<]}
    name=${header##*/}; name=${name%.h}
    case $header in
      gridbeat/*) name=${home[$name]:-$name} ;;
      *_*.h) [ -e "engine/${name%%_*}/$header" ] || {
               [ -n "${wrapped[$header]:-}" ] \
                 && ! is_in "$module" "${wrapped[$header]}" \
                 && complain "$file: $header belongs to ${wrapped[$header]}"
               continue; }
             name=${name%%_*} ;;
      spatialite/*) name=spatialite; header=spatialite.h ;;
    esac
    if [ -n "${wrapped[$header]:-}" ]; then
      is_in "$module" "${wrapped[$header]}" \
        || complain "$file: $header belongs to ${wrapped[$header]}"
    elif [ -n "${below[$name]+known}" ] && [ "$name" != "$module" ]; then
      is_in "$name" "${below[$module]}" \
        || complain "$file: $module may not include $header"
    fi
  done < <(grep -rnoE '^# *include *["<][^">]+' "engine/$module" \
             --include='*.[ch]')
}

while read -r line; do
  complain "a quoted include with a slash: $line"
done < <(grep -rn '^# *include *"[^"]*/' engine tools include tests bench \
           --include='*.[ch]' --include='*.in')

n=0
for folder in engine/*/; do
  module=$(basename "$folder")
  ls "$folder"*.[ch] >/dev/null 2>&1 || continue
  [ -n "${below[$module]+known}" ] || { complain "engine/$module: no layer"
                                        continue; }
  hold_module "$module"
  n=$((n + 1))
done

# The tests' own headers are those that lie under tests/.
while IFS=: read -r file _ header; do
  header=${header#*\"}
  case $file in
    tools/*) [[ $header == cli*.h ]] && continue ;;
    tests/*) [ -n "$(find tests -name "$header")" ] && continue ;;
  esac
  complain "only public headers here: $file: $header"
done < <(grep -noE '^# *include *"[^"]+' tools/*.[ch] tests/api/*.c)
while read -r line; do
  complain "only public headers here: $line"
done < <(grep -n '^# *include *<[^>]*/' tools/*.[ch] | grep -vE '<(gridbeat|sys)/')

[ "$n" -ge 10 ] || complain "only $n modules found"
[ $failed = 0 ] && echo "$n modules keep to their layers"
exit $failed
