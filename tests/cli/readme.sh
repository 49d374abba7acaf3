#!/usr/bin/env bash
# What README.md tells a newcomer to type does what it says: the commands of
# "The first five minutes", "Territories" and so on, as they stand there, on a
# small bank; and a way is told as it is printed there.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2
gridbeat world make --osm "$GB_DATA/liechtenstein-2013-08-03.osm.pbf" \
  --branches 2 --managers 4 --customers 2000 --seed 1 --out delivery > /dev/null

# The indented lines of a section, without the blanks.
commands_of() { # file, heading
  awk -v heading="$2" '/^#/ { is_in = index($0, heading) > 0 }
    is_in && /^    gridbeat / { sub(/^ +/, ""); print }' "$1"
}
# The word that stands for a customer becomes one who is visited.
follow() { # file, heading, word
  local line n=0
  while read -r line; do
    n=$((n + 1))
    case $line in *"$3"*)
      line=${line/"$3"/$(gridbeat plan show --workspace bank.gb \
        --date 2026-03-02 --json | python3 -c 'import json, sys
print(json.load(sys.stdin)["routes"][0]["stops"][0]["customer"])')} ;;
    esac
    # shellcheck disable=SC2086
    run 0 "$1: $line" $line
    no_err
    last=$line
  done < <(commands_of "$GB_SOURCE/$1" "$2")
  [ "$n" -ge 5 ]; verdict $? "$1 has its commands"
}

follow README.md "The first five minutes" CUSTOMER
case $last in *"territory check"*) true ;; *) false ;; esac
verdict $? "the last one checks the territories"
[ -s b01.html ]; verdict $? "the map page is there"

# The summary of a night fits a screen, in both languages.
for lang in en zh; do
  run 0 "a night in $lang" gridbeat nightly run --workspace bank.gb \
    --date 2026-03-02 --iterations 100 --lang $lang
  [ "$(wc -l < .out)" -le 25 ]; verdict $? "25 lines at most"
  out "bank.out/2026-03-02"
done

follow README.md "Who is worth a visit" CUSTOMER

rm -rf bank.*
follow README.zh-CN.md "用自己的文件" 客户编号
out "个存款30天内到期的客户需要拜访"

follow README.md "Territories" CUSTOMER
[ -s moved.html ]; verdict $? "the page of what changes hands is there"
rm moved.html
follow README.zh-CN.md "责任网格的版本" 客户编号
[ -s moved.html ]; verdict $? "and again"

awk -F, 'NR == 1 || $10 < "2025-09-01"' delivery/customers.csv > dormant.csv
while read -r line; do
  # shellcheck disable=SC2086
  run 0 "$line" $line
done < <(commands_of "$GB_SOURCE/README.md" "Where customers are thick"
         commands_of "$GB_SOURCE/README.zh-CN.md" "客户密度")
[ -s dormant.png ] && [ -s dormant.legend.png ] && [ -s heaps.geojson ]
verdict $? "density and heaps are there"

ln -s "$GB_DATA" data
follow README.md "Routes" CUSTOMER
follow README.zh-CN.md "路线" 客户编号
printf 'id,lon,lat\nv,9.5209,47.1410\ns,9.5100,47.1660\n' > places.csv
follow README.md "Travel times" CUSTOMER
awk '/^#/ { is_in = /Travel times/ } /^```/ { is_text = !is_text; next }
  is_in && is_text' "$GB_SOURCE/README.md" | cmp - .out
verdict $? "the way is the one in README.md"
[ -s reach.geojson ] && [ -s nearest.csv ] && [ "$(wc -l < times.csv)" = 5 ]
verdict $? "areas, catchments and the table are there"
follow README.zh-CN.md "路网与行程时间" 客户编号
done_testing
