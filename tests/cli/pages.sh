#!/usr/bin/env bash
# What a supervisor looks at: map pages, route sheets, territory sheets, and
# exports, opened and printed by a browser where there is one.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
osm=$GB_SOURCE/data/liechtenstein-2013-08-03.osm.pbf
w=$work/bank.gb day=2026-03-02
chromium=$(command -v chromium || command -v chromium-browser || true)

# ask FILE EXPRESSION [FILE]: does the page or JSON file bear it out?  `d` is
# the JSON, or the data of the page; `dom` the page's text; `e` the second.
cat > "$work/ask.py" <<'PY'
import html, json, re, sqlite3, sys
def data(path):
    text = open(path, encoding="utf-8").read()
    if text.lstrip().startswith("<"):
        found = re.search(r'id="data">(.*?)</script>', text, re.S)
        return (json.loads(found.group(1)) if found else None), text
    return json.loads(text), text
def points(d, flat):
    x, y = d["origin"]
    for dx, dy in zip(flat[::2], flat[1::2]):
        x += dx; y += dy
        yield x / 1e6, y / 1e6
def at(d, item):
    return next(points(d, item["at"]))
d, dom = data(sys.argv[1])
e, _ = data(sys.argv[3]) if len(sys.argv) > 3 else (None, "")
def told(name):
    return html.unescape(re.search(r'<html[^>]* data-%s="([^"]*)"' % name, dom).group(1))
def sql(text):
    import os
    return sqlite3.connect("file:%s?mode=ro" % os.environ["BANK"], uri=True).execute(text).fetchall()
value = eval(sys.argv[2])
if value is not True:
    sys.exit("%s: %.500s" % (sys.argv[2], value))
PY
export BANK=$w
ask() { python3 "$work/ask.py" "$@"; }

# browse PAGE HASH: the page as it stands when it is ready, in $work/dom; what
# the console said in $work/console.
browse() {
  timeout 120 "$chromium" --headless=new --no-sandbox --disable-gpu \
    --user-data-dir="$work/profile" --virtual-time-budget=3000 \
    --window-size=1400,900 --enable-logging=stderr --dump-dom \
    "file://$1#${2:-}" > "$work/dom" 2> "$work/browser"
  grep CONSOLE "$work/browser" > "$work/console"
  grep -q 'data-ready="1"' "$work/dom" || return 1
  [ ! -s "$work/console" ]
}
print_pdf() { # page, pdf
  timeout 120 "$chromium" --headless=new --no-sandbox --disable-gpu \
    --user-data-dir="$work/profile" --virtual-time-budget=3000 \
    --window-size=1400,900 --no-pdf-header-footer --print-to-pdf="$2" \
    "file://$1" 2> "$work/browser"
}

run 0 "a small bank is made" gridbeat world make --osm "$osm" --branches 2 \
  --managers 6 --customers 4000 --seed 1 --out "$work/delivery"
gridbeat init "$w" >/dev/null
run 0 "its files are imported" gridbeat import all "$work/delivery" --workspace "$w" --json
run 0 "a night is done" gridbeat nightly run --workspace "$w" --date $day --iterations 500 --json
pages=$work/bank.out/$day
page=$pages/map-b01.html
gridbeat plan show --workspace "$w" --date $day --branch b01 --json > "$work/plan.json"
gridbeat territory show --workspace "$w" --branch b01 --json > "$work/territories.json"

# ---- the data of the page ----

run 0 "the page has the routes of the plan" ask "$page" \
  'sorted(r["manager"] for r in d["routes"]) == sorted(r["manager"] for r in e["routes"]) and len(d["routes"]) > 0' "$work/plan.json"
run 0 "and all its visits in order" ask "$page" \
  '{r["manager"]: [c for s in r["stops"] for c in s["refs"]] for r in d["routes"]} == {r["manager"]: [s["customer"] for s in r["stops"]] for r in e["routes"]}' "$work/plan.json"
run 0 "and the territories of the branch" ask "$page" \
  'sorted(g["ref"] for g in d["territories"]) == sorted(g["territory"] for g in e["territories"])' "$work/territories.json"
run 0 "the counts of the states are those of the targets with a location" ask "$page" \
  '(lambda c: [c.count(i) for i in range(6)] == [sql("SELECT count(*) FROM plan_state s JOIN target t ON t.id = s.target_id JOIN customer c ON c.id = t.customer_id JOIN manager m ON m.id = s.manager_id JOIN branch b ON b.id = m.branch_id WHERE b.ref = %r AND c.geom IS NOT NULL AND s.state = %r" % ("b01", n))[0][0] for n in ("planned", "other_channel", "deferred", "crowded_out", "impossible", "set_aside")])([t["state"] for t in d["targets"]])'
run 0 "each target that is not visited has a reason in both languages" ask "$page" \
  'all(len(d["reasons"][t["why"]]) == 2 and all(d["reasons"][t["why"]]) for t in d["targets"] if t["state"])'
run 0 "every text of the page is there in both languages" python3 - "$GB_SOURCE/engine/report/page" <<'PY'
import json, re, sys
texts = json.load(open(sys.argv[1] + "/texts.json", encoding="utf-8"))
script = open(sys.argv[1] + "/map.js", encoding="utf-8").read()
asked = set(re.findall(r"\bt\('(\w+)'", script)) | set(re.findall(r"name: '(\w+)'", script)) | set(re.findall(r"^    (l_\w+): \{", script, re.M))
assert len(asked) > 30 and not asked - set(texts), asked - set(texts)
for key, pair in texts.items():
    assert len(pair) == 2 and all(pair), key
    assert re.findall(r"\{\d\}", pair[0]) == re.findall(r"\{\d\}", pair[1]), key
PY
run 0 "the same workspace gives the same page (row 13)" gridbeat map html --workspace "$w" --branch b01 --date $day --out "$work/again.html"
run 0 "byte by byte" cmp "$page" "$work/again.html"
run 0 "the density states its bandwidth and lies where dormant customers are (row 13)" ask "$page" \
  '(lambda q, sw, ne: q["radius_m"] > 0 and (lambda at_targets: sum(at_targets) / len(at_targets) > 2 * sum(q["values"]) / len(q["values"]))([q["values"][min(q["n_y"] - 1, int((y - sw[1]) / (ne[1] - sw[1]) * q["n_y"])) * q["n_x"] + min(q["n_x"] - 1, int((x - sw[0]) / (ne[0] - sw[0]) * q["n_x"]))] for x, y in (at(d, t) for t in d["targets"]) if sw[0] < x < ne[0] and sw[1] < y < ne[1]]))(d["density"], next(points(d, d["density"]["south_west"])), next(points(d, d["density"]["north_east"])))'
run 0 "coarse locations are told apart from exact ones (row 31)" ask "$page" \
  'sorted(t["ref"] for t in d["targets"] if t.get("coarse")) == sorted(r for (r,) in sql("SELECT ref FROM customer WHERE accuracy IN (\"street\", \"district\")") if r in {t["ref"] for t in d["targets"]}) != []'
run 0 "a target lies where its customer is (row 31)" ask "$page" \
  '(lambda by_ref: all(abs(by_ref[r][0] - x) < 2e-6 and abs(by_ref[r][1] - y) < 2e-6 for r, s in [(r, s) for r, s in sql("SELECT ref, hex(geom) FROM customer WHERE geom IS NOT NULL") if r in by_ref] for x, y in [__import__("struct").unpack("<dd", bytes.fromhex(s)[43:59])]))({t["ref"]: at(d, t) for t in d["targets"]})'
run 0 "no customer is left out, however many there are (row 35)" ask "$page" \
  'sum(p["n"] for p in d["places"]) >= len(d["targets"]) > 0'
run 0 "a page stays below 2 MB" test "$(stat -c %s "$page")" -lt 2000000

# ---- names that are code ----

evil='</script><img src=x onerror=alert(1)>'
cp "$w" "$work/evil.gb"; cp "$w.roads" "$work/evil.gb.roads"
python3 - "$work/evil.gb" "$evil" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE branch SET name = ?", (sys.argv[2],))
db.execute("DROP TRIGGER IF EXISTS ggu_place_geom")
db.execute("DROP TRIGGER IF EXISTS ggu_place_gate")
for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'place'").fetchall():
    db.execute('DROP TRIGGER "%s"' % name)
db.execute("UPDATE place SET name = ?, ref = ref || ?", (sys.argv[2], sys.argv[2]))
db.commit()
PY
run 0 "a map of names that are code" gridbeat map html --workspace "$work/evil.gb" --branch b01 --date $day --out "$work/evil.html"
run 1 "has none of it as an element" grep -qF "<img src=x" "$work/evil.html"
run 0 "and says the name as it is" ask "$work/evil.html" "d['branch']['name'] == '$evil'"
run 0 "sheets of such names" gridbeat report sheets --workspace "$work/evil.gb" --branch b01 --date $day --out "$work/evil-sheets.html"
run 1 "have none of it as an element either" grep -qF "<img src=x" "$work/evil-sheets.html"
run 0 "but as text" grep -qF "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" "$work/evil-sheets.html"
run 0 "a territory sheet of such names" gridbeat territory sheet --workspace "$work/evil.gb" --manager m001 --date $day --out "$work/evil-territory.html"
run 1 "has none of it either" grep -qF "<img src=x" "$work/evil-territory.html"
run 0 "GeoJSON of such names" gridbeat export plan --workspace "$work/evil.gb" --date $day --format geojson --out "$work/evil.geojson"
run 0 "is JSON that holds them" ask "$work/evil.geojson" \
  "any(f['properties'].get('place', '').endswith('$evil') for f in d['features'])"

# ---- files that cannot be written, days and branches that are not there ----

run 2 "an unknown branch is told" gridbeat map html --workspace "$w" --branch b99 --date $day --out "$work/none.html"
err 'there is no branch "b99"'
run 2 "a day without a plan is told" gridbeat map html --workspace "$w" --branch b01 --date 2026-03-03 --out "$work/none.html"
run 2 "an unknown manager is told" gridbeat territory sheet --workspace "$w" --manager nobody --date $day --out "$work/none.html"
err 'there is no manager "nobody"'
run 1 "and nothing is left behind" test -e "$work/none.html"

# ---- sheets ----

managers=$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["routes"]))' "$work/plan.json")
sheets=$pages/sheets-b01.html
run 0 "route sheets have a section a manager" test "$(grep -c '<section>' "$sheets")" = "$managers"
run 0 "and say whose map it is" grep -q "OpenStreetMap" "$sheets"
run 0 "and a column to write the result" grep -q 'class="done"' "$sheets"
run 0 "a territory sheet is written (row 34)" gridbeat territory sheet --workspace "$w" --manager m001 --date $day --out "$work/territory.html"
run 0 "with the border and the targets of the plan (row 34)" python3 - "$work/territory.html" "$w" <<'PY'
import re, sqlite3, sys
text = open(sys.argv[1], encoding="utf-8").read()
db = sqlite3.connect(sys.argv[2])
n = db.execute("SELECT count(*) FROM plan_state s JOIN manager m ON m.id = s.manager_id WHERE m.ref = 'm001' AND s.territory_id IS NOT NULL").fetchone()[0]
assert 'class="edge" d="M' in text and "OpenStreetMap" in text
assert re.search(r'<b class="">%d</b>' % n, text), n
planned = db.execute("SELECT count(*) FROM plan_state s JOIN manager m ON m.id = s.manager_id WHERE m.ref = 'm001' AND s.state = 'planned'").fetchone()[0]
assert re.search(r'<b class="planned">%d</b>' % planned, text), planned
PY

if [ -z "$chromium" ]; then
  echo "# skipped: no chromium to open the pages with"
  done_testing
fi

# ---- the page in a browser ----

run 0 "the page opens without a word on the console" browse "$page"
cp "$work/dom" "$work/page.dom"
run 0 "draws all routes, stops, grids and targets" ask "$work/page.dom" \
  '[int(told("routes")), len(re.findall(r"leaflet-marker-icon stop", dom)), int(told("territories")), int(told("targets"))] == [len(d["routes"]), sum(len(r["stops"]) for r in d["routes"]), len(d["territories"]), len(d["targets"])]'
run 0 "labels each grid" ask "$work/page.dom" 'len(re.findall(r"leaflet-tooltip name", dom)) == len(d["territories"])'
run 0 "shows other channels only when asked" ask "$work/page.dom" '"other_channel" not in told("layers") and "crowded_out" in told("layers")'
run 0 "has a count by each state" ask "$work/page.dom" \
  'all("<span class=\"n\">{:,}</span>".format([t["state"] for t in d["targets"]].count(i)) in dom for i in range(6))'

# Row 37: the sentence of the page is that of `map count` for the same box.
same_sentence() { # what, hash
  run 0 "$1: the page opens" browse "$page2" "lang=zh&$2"
  local box n
  box=$(python3 "$work/ask.py" "$work/dom" 'print(told("bbox")) is None' && true)
  n=$(sed -n 's/.*data-maturing="\([0-9]*\)".*/\1/p' "$work/dom" | head -1)
  gridbeat map count --workspace "$w" --date $day --bbox "$box" --maturing 30d --unvisited --json > "$work/count.json"
  run 0 "$1: has the number of the count, in the words of row 37" ask "$work/dom" \
    "e['customers'] == $n and '>' + e['sentence_zh'] + '<' in dom and e['sentence_zh'] == '这张地图上还有%d个存款30天内到期的客户需要拜访' % $n" "$work/count.json"
}
page2=$page
same_sentence "all of the branch" ""
run 0 "there is something to count" ask "$work/dom" 'int(told("maturing")) > 0'
middle=$(python3 "$work/ask.py" "$page" 'print("%.6f/%.6f" % at(d, d["branch"])[::-1]) is None')
same_sentence "round the branch" "at=16/$middle"
same_sentence "the country" "at=10/$middle"
whole=$(sed -n 's/.*data-maturing="\([0-9]*\)".*/\1/p' "$work/dom" | head -1)
sqlite3 "$w" "INSERT INTO visit(customer_id, day) SELECT customer_id, '2026-02-20' FROM holding h JOIN product p ON p.id = h.product_id WHERE p.kind = 'deposit' AND h.matures_on BETWEEN '2026-03-02' AND '2026-04-01' AND h.customer_id % 2"
run 0 "after visits the page is written anew" gridbeat map html --workspace "$w" --branch b01 --date $day --out "$work/visited.html"
run 0 "it marks those visited (row 36)" ask "$work/visited.html" 'any(m.get("visited") for m in d["marks"])'
page2=$work/visited.html
same_sentence "after visits" "at=10/$middle"
run 0 "who was visited waits no more" ask "$work/dom" "0 < int(told('maturing')) < $whole"

# Rows 12, 35 and 36: layers are switched one by one.
run 0 "all layers at once" browse "$work/visited.html" "on=l_density,l_potential,l_customers,l_maturing,l_visited,other_channel"
run 0 "stock, density, value, maturing, visited lie over each other (row 36)" ask "$work/dom" \
  '{"l_density", "l_potential", "l_customers", "l_maturing", "l_visited", "other_channel", "l_routes", "l_territories"} <= set(told("layers").split(","))'
run 0 "the cells of the highest fifth differ in colour and in pattern (row 12)" ask "$work/dom" \
  '(lambda dark, hatched: dark == hatched > 0 and dark < len(d["cells"]) / 3)(len(re.findall(r"class=\"fifth4[^>]*fill=\"#084594\"", dom)), len(re.findall(r"class=\"hatched[^>]*fill=\"url\(#hatch\)\"", dom)))'
run 0 "with a legend (row 12)" ask "$work/dom" '"highest fifth, hatched" in dom and "kernel bandwidth" in dom'
run 0 "hot spots, clusters and the other surfaces" browse "$work/visited.html" "on=l_spots,l_spots_share,l_clusters,l_density_value,l_density_share"
run 0 "are switched like the others (row 36)" ask "$work/dom" \
  '{"l_spots", "l_spots_share", "l_clusters", "l_density_value", "l_density_share"} <= set(told("layers").split(","))'
run 0 "hot cells differ in colour and in pattern (row 12)" ask "$work/dom" \
  '(lambda kind: all(len(re.findall(r"class=\"spot_%s[^>]*fill=\"%s\"" % (k, f), dom)) == len(re.findall(r"fill=\"url\(#spots_%s\)\"" % k, dom)) == sum(c["spots"][m][0] == i for c in d["cells"] for m in (0, 2)) for k, f, i in kind))((("hot", "#e66101", 1), ("cold", "#5e3c99", 2)))'
run 0 "each cluster has its number of targets (row 13)" ask "$work/dom" \
  'sorted(int(x.replace(",", "")) for x in re.findall(r"leaflet-marker-icon heap[^>]*>([\d,]+)<", dom)) == sorted(k["targets"] for k in d["clusters"]["items"]) != []'
run 0 "hot, cold and clusters stand in the legend" ask "$work/dom" '"hot: more here and around" in dom and "cold: fewer here" in dom and "within %d m of one another" % d["clusters"]["radius_m"] in dom'
run 0 "without layers" browse "$page" "off=l_routes,l_territories,l_streets,planned"
run 0 "none of them is drawn" ask "$work/dom" \
  'not re.search(r"leaflet-marker-icon stop|leaflet-tooltip name", dom) and not {"l_routes", "l_territories"} & set(told("layers").split(","))'
run 0 "customers from far away" browse "$page" "on=l_customers&at=9/$middle"
run 0 "are all there, in few circles (row 35)" ask "$work/dom" \
  '(lambda n: sum(n) == sum(p["n"] for p in d["places"]) and len(n) < len(d["places"]) / 10)([int(x) for x in re.findall(r"leaflet-marker-icon count[^>]*>(\d+)<", dom)])'
coarse=$(python3 "$work/ask.py" "$page" 'print("%.6f/%.6f" % at(d, [p for p in d["places"] if p.get("coarse") == p["n"]][0])[::-1]) is None')
run 0 "near by a coarse location" browse "$page" "on=l_customers&at=18/$coarse"
run 0 "is drawn as one (row 31)" ask "$work/dom" 'bool(re.search(r"leaflet-marker-icon count coarse", dom))'

# Languages, one route, names.
run 0 "in Chinese" browse "$page" "lang=zh"
run 0 "all labels are Chinese" ask "$work/dom" \
  'all(x in dom for x in ("<html lang=\"zh-CN\"", "责任网格", "睡眠客户密度", "当日路线", "图例", ">English<")) and "Responsibility grids" not in dom.split("<script")[0]'
run 0 "one route" browse "$page" "route=m001"
run 0 "stands out and the others step back" ask "$work/dom" \
  '(lambda front, back: front == sum(len(r["stops"]) for r in d["routes"] if r["manager"] == "m001") and front + back == sum(len(r["stops"]) for r in d["routes"]))(len(re.findall(r"marker-icon stop[^\"]* front", dom)), len(re.findall(r"marker-icon stop[^\"]* back", dom)))'
run 0 "names that are code are but text in the browser" browse "$work/evil.html" "lang=zh"
run 0 "no element came of them" ask "$work/dom" '"<img src=\"x\"" not in dom and "&lt;/script&gt;&lt;img src=x" in dom'

# ---- on paper ----

if ! command -v pdfinfo >/dev/null; then
  echo "# skipped: no pdfinfo to count the pages with"
  done_testing
fi
n_pages() { pdfinfo "$1" | sed -n 's/^Pages: *//p'; }
run 0 "sheets are printed" print_pdf "$sheets" "$work/sheets.pdf"
n=$(n_pages "$work/sheets.pdf")
[ "$n" -ge "$managers" ] && [ "$n" -le $((2 * managers)) ]; verdict $? "a page or two a manager ($n for $managers)"
pdfinfo "$work/sheets.pdf" | grep -q '(A4)'; verdict $? "of A4"
run 0 "a territory sheet is printed (row 34)" print_pdf "$work/territory.html" "$work/territory.pdf"
[ "$(n_pages "$work/territory.pdf")" = 1 ]; verdict $? "on one page (row 34)"
run 0 "the map is printed" print_pdf "$page" "$work/map.pdf"
[ "$(n_pages "$work/map.pdf")" = 2 ]; verdict $? "on two pages: the map, and its figures"
done_testing
