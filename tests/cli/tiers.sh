#!/usr/bin/env bash
# Tiers, grades, tags, and why somebody has his score, as users have them.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
cd "$work" || exit 2
day=2026-03-02 later=2026-03-16
value() { # python expression over the answer a
  python3 -c 'import json, sys; a = json.load(open(sys.argv[1]))
sys.exit(not eval(sys.argv[2]))' .out "$1"
  verdict $? "$what: $1"
}

run 0 "a small bank" gridbeat world make --branches 2 --managers 4 \
  --customers 2000 --seed 1 --out d \
  --osm "$GB_DATA/liechtenstein-2013-08-03.osm.pbf"
gridbeat init w.gb > /dev/null
export GRIDBEAT_WORKSPACE=w.gb
gridbeat import all d > /dev/null

# ---- tags: rows 21, 22, 23 ----
run 0 "row 23: the sample dictionary ships" gridbeat tag define --sample --json
value 'a["changed"] == 0 and a["new"] == 3'
run 0 "row 23: the three are in the demo and filter rightly" gridbeat tag list --json
value '{t["tag"]: t["customers"] > 0 for t in a["tags"]}.items() >= {"待发展POS机商户": True, "高流水餐饮店": True, "可合作异业联盟": True}.items()'
run 0 "row 23: as rules count them" gridbeat segment preview --as-of $day \
  --where "has_tag('高流水餐饮店')" --json
value 'a["members"] == '"$(sqlite3 w.gb "SELECT count(*) FROM customer_tag ct
  JOIN tag g ON g.id = ct.tag_id WHERE g.tag = '高流水餐饮店'")"
run 0 "row 22: a tag of the bank's own" gridbeat tag define 商圈 \
  --values '东城;西城' --title-en 'Trading area'
cat > tagged.csv <<'CSV'
customer_ref,branch_ref,balance_fen,tags
t1,b01,5,商圈=东城;待发展POS机商户
t2,b01,5,商圈=东程
t3,b01,5,待发展POS机商互
CSV
run 3 "row 21: an import stops at what the dictionary does not have" \
  gridbeat import customers tagged.csv --reject bad.csv
run 0 "row 21: the rest is loaded when the bank wants that" \
  gridbeat import customers tagged.csv --reject bad.csv --max-reject 90% --json
value 'sorted((r["code"], r["first_line"]) for r in a["reasons"]) == [("E3119", 4), ("E3120", 3)]'
value '["待发展POS机商户" in r["reason"] for r in a["reasons"] if r["code"] == "E3119"] == [True]'
value '[r["mend"] for r in a["reasons"] if r["code"] == "E3120"] == ["the nearest that is allowed: 东城"]'
run 0 "row 22: it is of use in rules at once" gridbeat segment preview \
  --as-of $day --where "tag_value('商圈') = '东城'" --json
value 'a["members"] == 1'
run 0 "and counted by value" gridbeat tag list 商圈 --json
value 'a["values"] == [{"value": "东城", "customers": 1}]'
run 3 "a value in use cannot go" gridbeat tag define 商圈 --values 西城
err "1 customers"
run 0 "nothing is amiss" gridbeat tag check
sqlite3 w.gb "UPDATE tag SET allowed_values = '西城;东域' WHERE tag = '商圈';
  UPDATE customer SET do_not_visit = do_not_visit"
run 1 "row 21: what is amiss is named, with the nearest legal value" gridbeat tag check --json
value '[(f["tag"], f["value"], f["customers"], f["nearest"]) for f in a["findings"]] == [("商圈", "东城", 1, "东域")]'
run 2 "one of a tag, a file and the sample" gridbeat tag define
sqlite3 w.gb "DELETE FROM customer_tag WHERE customer_id = (SELECT id FROM customer WHERE ref = 't1');
  DELETE FROM customer WHERE ref = 't1'"

# ---- tiers, row 7 ----
run 2 "tiers by points need points" gridbeat score tier --date $day
err "score them first"
run 2 "of an unknown name nothing is known" gridbeat score tier mine --date $day
run 0 "a night" gridbeat nightly run --date $day --no-report --iterations 100 --json
value '[t["tier"] for t in a["steps"]["tier"]["score"]["tiers"]] == ["A", "B", "C"]'
run 0 "every night gives tiers by points" gridbeat score tier show --date $day --json
value 'sum(t["customers"] for t in a["tiers"]) == '"$(sqlite3 w.gb \
  "SELECT count(*) FROM target WHERE as_of = '$day' AND score IS NOT NULL")"
value 'all(m["rank"] >= 1 and "place" in m["why"] for m in a["members"])'
run 0 "row 7: by thresholds of any number" gridbeat score tier rich --date $day \
  --by 'peak_24m_fen / 100' --tiers 'S>=500000,A>=200000,B>=50000,C' --json
value '[t["customers"] for t in a["tiers"]] == [int(n) for n in "'"$(sqlite3 w.gb \
  "WITH c AS (SELECT max(coalesce(peak_24m_fen, balance_fen), balance_fen) / 100 AS p
   FROM customer) SELECT (SELECT count(*) FROM c WHERE p >= 500000) || ' ' ||
   (SELECT count(*) FROM c WHERE p >= 200000 AND p < 500000) || ' ' ||
   (SELECT count(*) FROM c WHERE p >= 50000 AND p < 200000) || ' ' ||
   (SELECT count(*) FROM c WHERE p < 50000)")"'".split()]'
run 0 "row 7: by rules, with the clause that gave it" \
  gridbeat score tier abc --rules abc --date $day --json
value 'sum(c["customers"] for c in a["clauses"]) == a["customers"]'
run 0 "row 7: with counts, and the reason of each" \
  gridbeat score tier show rich --date $day --tier A --limit 3
out "A begins at 200000"
run 0 "row 7: in Chinese" env LC_ALL=zh_CN.UTF-8 LANGUAGE=zh "$gridbeat_path" \
  score tier show abc --date $day --limit 3 --lang zh
run 0 "row 7: a tier is of use in rules" gridbeat segment preview --as-of $day \
  --where "tier_of('rich') = 'S'" --json
value 'a["members"] == '"$(sqlite3 w.gb "SELECT count(*) FROM tier_stay s
  JOIN tiering g ON g.id = s.tiering_id WHERE g.name = 'rich' AND tier = 'S'")"
run 0 "row 7: a branch sees its own alone" gridbeat score tier show rich \
  --date $day --limit 5000 --as branch:b01 --json
value 'not any("place" in m["why"] or "rank" in m for m in a["members"])'
value 'sum(t["customers"] for t in a["tiers"]) == len(a["members"]) == '"$(sqlite3 w.gb \
  "SELECT count(*) FROM customer c JOIN branch b ON b.id = c.branch_id WHERE b.ref = 'b01'")"
run 4 "and gives none" gridbeat score tier rich --date $day --as branch:b01

run 0 "a last tier with a threshold begins there" gridbeat score tier closed \
  --date $day --by 'peak_24m_fen / 100' --tiers 'S>=500000,A>=200000'
run 0 "and who is below is in none" gridbeat score tier show closed --date $day --tier A --limit 2
out "A begins at 200000"

# ---- what moved ----
sqlite3 w.gb "UPDATE customer SET peak_24m_fen = 60000000, balance_fen = 100
  WHERE id IN (SELECT customer_id FROM tier_stay s JOIN tiering g
    ON g.id = s.tiering_id AND g.name = 'rich' WHERE tier = 'C' LIMIT 5)"
run 0 "the next night goes on by itself" gridbeat nightly run --date $later \
  --no-report --iterations 100 --json
value 'set(a["steps"]["tier"]) == {"abc", "closed", "rich", "score"}'
value 'a["steps"]["tier"]["rich"]["up"] == 5'
run 0 "drift: entered, left, stayed, up, down, from and to" \
  gridbeat score tier drift rich --since $day --date $later --json
value 'a["up"] == 5 and {"from": "C", "to": "S", "kind": "up", "kind_words": "up", "customers": 5} in a["moves"]'
value 'sum(m["customers"] for m in a["moves"]) == a["entered"] + a["left"] + a["stayed"] + a["up"] + a["down"]'
value 'len([m for m in a["movers"] if m["tier"] == "S"]) == 5 and not a["redefined"]'
run 0 "drift of the targets" gridbeat score tier drift --since $day --date $later --json
value 'a["entered"] + a["stayed"] + a["up"] + a["down"] == '"$(sqlite3 w.gb \
  "SELECT count(*) FROM target WHERE as_of = '$later' AND score IS NOT NULL")"
run 2 "a day without a run is named" gridbeat score tier drift rich \
  --since 2026-01-01 --date $later
err "runs from $day to $later: 2"
run 0 "another definition is told" gridbeat score tier rich --date 2026-03-17 \
  --by balance_fen --tiers 'A=10%,B' --keep 1%
run 0 "with what moved for that reason" gridbeat score tier drift rich \
  --since $later --date 2026-03-17
out "defined otherwise"
run 3 "what is no tiering is refused" gridbeat score tier rich --date $day --by balance_fen --tiers 'A=20'
run 0 "tiers are listed" gridbeat score tier list
out "A=10%,B"

# ---- grades: rows 18 and 19 ----
run 0 "row 18: every customer has one grade, and the clause that gave it" \
  gridbeat segment grade --as-of $later --json
value '[g["grade"] for g in a["grades"]] == ["A", "B", "C"] and sum(g["customers"] for g in a["grades"]) == a["customers"] == sum(c["customers"] for c in a["clauses"])'
[ "$(sqlite3 w.gb "SELECT count(*) FROM customer c LEFT JOIN customer_grade g ON g.customer_id = c.id WHERE g.clause IS NULL")" = 0 ]
verdict $? "row 18: in the workspace"
run 0 "row 18: the rules are shown" gridbeat segment show abc --json
python3 - <<'PY'
import json
rules = json.load(open('.out'))['rules']
rules['clauses'].insert(0, {"name": "by_hand", "grade": "A", "sql": "balance_fen >= 90000000"})
json.dump(rules, open('abc.json', 'w'), ensure_ascii=False)
names = ['钻石', '白金', '黄金', '白银', '青铜', '普通', '观察']
edges = [50000000, 20000000, 10000000, 5000000, 2000000, 500000]
seven = {"kind": "grades", "name": "seven", "title_zh": "七级", "title_en": "Seven grades",
  "clauses": [{"name": f"g{i + 1}", "grade": n, "sql": f"peak_24m_fen >= {e}", "title_en": f"from {e // 100} yuan", "title_zh": f"{e // 100} 元起"}
              for i, (n, e) in enumerate(zip(names, edges))]
             + [{"name": "g7", "grade": names[6], "sql": "TRUE", "title_en": "all others", "title_zh": "其余"}]}
json.dump(seven, open('seven.json', 'w'), ensure_ascii=False)
PY
run 0 "row 18: and edited" gridbeat segment define abc.json --json
value 'a["version"] == 2'
run 0 "row 19: seven grades of any names" gridbeat segment define seven.json
run 0 "row 19: in a night" gridbeat nightly run --date 2026-03-23 --grades seven \
  --report --out pages --iterations 100 --json
value '{g["name"] for g in a["steps"]["select"]["grades"]} <= {"钻石", "白金", "黄金", "白银", "青铜", "普通", "观察"}'
run 0 "row 19: in rules" gridbeat segment preview --as-of 2026-03-23 --where "grade IN ('钻石', '白金')" --json
value '0 < a["members"] == '"$(sqlite3 w.gb "SELECT count(*) FROM customer_grade WHERE grade IN ('钻石', '白金')")"
run 0 "row 19: in the plan" gridbeat export plan --date 2026-03-23 --format csv --out plan.csv
grep -qE '钻石|白金|黄金|白银' pages/sheets-b01.html; verdict $? "row 19: on the route sheets"
run 0 "row 19: as tiers, with what moved" gridbeat score tier abc --date 2026-03-23 --rules seven --json
value 'len(a["tiers"]) == 7 and a["otherwise"] > 0'
run 0 "row 19: and in the reasons" gridbeat score explain \
  "$(sqlite3 w.gb "SELECT c.ref FROM target t JOIN customer c ON c.id = t.customer_id WHERE t.as_of = '2026-03-23' AND t.grade = '白银' LIMIT 1")" \
  --date 2026-03-23
out "from 50000 yuan"

# ---- row 25: who is about to leave ----
run 0 "row 25: the early-sleep list stands beside the dormant one" \
  gridbeat segment diff early_sleep --from $later --to 2026-03-23 --json
value 'a["stayed"] > 0 and a["stayed"] + a["entered"] == '"$(sqlite3 w.gb "SELECT count(*) FROM segment_member m JOIN segment s ON s.id = m.segment_id WHERE s.name = 'early_sleep' AND until IS NULL")"
run 0 "row 25: whose money goes though they are awake" gridbeat segment preview falling --as-of 2026-03-23 --json
value '0 < a["members"] < a["customers"] / 2'
run 0 "row 25: told with the night" gridbeat nightly run --date 2026-03-23 --no-report --iterations 100
out "falling asleep, three to six months"

# ---- why somebody has his score: rows 9 and 27 ----
moved=$(sqlite3 w.gb "SELECT c.ref FROM target a JOIN target b
  ON b.customer_id = a.customer_id JOIN customer c ON c.id = a.customer_id
  WHERE a.as_of = '$day' AND b.as_of = '$later' AND b.score > a.score LIMIT 1")
run 0 "row 9: the features that moved the score are named" \
  gridbeat score explain "$moved" --date $later --json
value 'a["since"] == "'$day'" and a["moved"] > 0'
value 'sum(p["points"] for p in a["parts"]) == a["card_points"]'
value 'sum(p["moved"] for p in a["parts"]) == a["card_moved"]'
value 'sum(p["at_stake_fen"] for p in a["value_parts"]) == a["at_stake_fen"]'
value 'sum(p["moved_fen"] for p in a["value_parts"]) == a["at_stake_fen"] - a["was_at_stake_fen"] != 0'
value 'a["score"] == int(a["chance"] * a["at_stake_fen"] * a["urgency"] / 250 + .5)'
value 'all(p["value"] and p["bin"] for p in a["parts"] if p["factor"] in ("balance", "dormancy", "products"))'
run 0 "row 27: why on the list: segment, grade, tier, channel" \
  gridbeat score explain "$moved" --date $later
out "No own transaction for 6 whole months"
out "begins at"
run 0 "row 27: in Chinese" gridbeat score explain "$moved" --date $later --lang zh
out "满 6 个月无主动交易"
run 0 "the first night has nothing before it" gridbeat score explain "$moved" --date $day --json
value 'a["first"] and "moved" not in a and not any("moved" in p for p in a["parts"])'
run 2 "a day without a score is named" gridbeat score explain "$moved" \
  --date $later --since 2026-03-05
err "2026-03-05"
run 2 "another branch sees nothing" gridbeat score explain "$moved" --date $later \
  --as branch:$(sqlite3 w.gb "SELECT b.ref FROM branch b WHERE b.id <> (SELECT branch_id FROM customer WHERE ref = '$moved') LIMIT 1")
python3 - <<'PY'
import json, subprocess, os
card = json.load(open(os.environ['GB_SOURCE'] + '/engine/score/card_shipped.json'))
card['card'] = 'of our own'
card['factors'] = [f for f in card['factors'] if f['name'] in ('dormancy', 'products')]
card['factors'][0]['title_en'] = 'how long he slept'
card['factors'][0]['title_zh'] = '睡了多久'
card['factors'][0]['bins'][-1]['points'] = 1
json.dump(card, open('card.json', 'w'), ensure_ascii=False)
PY
run 0 "a card of the bank" gridbeat score run --date $later --card card.json
run 0 "its titles are those of the card of the day" \
  gridbeat score explain "$moved" --date $later --json
value 'a["card"] == "of our own" and any(p["title"] == "how long he slept" for p in a["parts"])'
value 'a["card_moved"] == sum(p["moved"] for p in a["parts"])'
done_testing
