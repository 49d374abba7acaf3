#!/usr/bin/env bash
# What customers bring, how loyal they are, which strategy suits them, and
# what a visit is worth: rows 14, 15, 16 and 27 of FEATURES.
. "${GB_SOURCE:?}/tests/cli/harness.sh" "$1"
osm=$GB_SOURCE/data/liechtenstein-2013-08-03.osm.pbf
shipped=$GB_SOURCE/engine/score/card_shipped.json
day=2026-03-02
cd "$work" || exit 2
export GRIDBEAT_WORKSPACE=$work/bank.gb

# ask FILE EXPRESSION: does the JSON file bear the Python expression out?
ask() {
  python3 - "$@" <<'PY'
import json, sys
d = json.load(open(sys.argv[1]))
assert eval(sys.argv[2]), json.dumps(d)[:2000]
PY
}
keep() { cp .out kept.json; }

run 0 "a small bank is made" gridbeat world make --osm "$osm" --branches 3 \
  --managers 6 --customers 2000 --seed 5 --out delivery
# Fees and promises are columns that a bank may deliver.
python3 - <<'PY'
import csv, hashlib
before = hashlib.sha256(open('delivery/customers.csv', 'rb').read()).hexdigest()
with open('delivery/customers.csv', encoding='utf-8', errors='surrogateescape') as f:
    rows = list(csv.reader(f))
with open('delivery/customers.csv', 'w', encoding='utf-8', errors='surrogateescape', newline='') as f:
    w = csv.writer(f, lineterminator='\n')
    w.writerow(rows[0] + ['fees_12m_fen', 'promised_on'])
    for i, row in enumerate(rows[1:]):
        w.writerow(row + [str(i * 7 % 9000) if i % 3 else '',
                          f'2026-03-{2 + i % 20:02d}' if i % 5 == 0 else ''])
after = hashlib.sha256(open('delivery/customers.csv', 'rb').read()).hexdigest()
told = open('delivery/manifest.json').read()
open('delivery/manifest.json', 'w').write(told.replace(before, after))
PY
run 0 "a workspace is made" gridbeat init bank.gb
run 0 "all files of a delivery are imported" gridbeat import all delivery --json

run 0 "customers are counted by contribution and loyalty (row 16)" \
  gridbeat score matrix --date $day --json
keep
total=$(sqlite3 bank.gb 'SELECT count(*) FROM customer')
run 0 "each is in one box, and each box has a strategy" ask kept.json \
  "len(d['boxes']) == 9 and sum(b['customers'] for b in d['boxes']) == d['customers'] == $total and all(b['channel'] and b['every_days'] and b['advice'] for b in d['boxes'])"
run 0 "what they bring adds up" ask kept.json \
  'sum(b["contribution_fen"] for b in d["boxes"]) == d["contribution_fen"] > 0'
in_branches=0
for b in b01 b02 b03; do
  n=$(gridbeat score matrix --date $day --as branch:$b --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["customers"])')
  in_branches=$((in_branches + n))
done
[ "$in_branches" = "$total" ]; verdict $? "each branch sees its own, and all together see all"
run 0 "it is read in Chinese" gridbeat --lang zh score matrix --date $day
out "低成本唤醒"
out "短信"
run 0 "and in English" gridbeat score matrix --date $day
out "wake at low cost"

run 0 "values are kept for rules" gridbeat score values --date $day --out values.csv
[ "$(wc -l < values.csv)" = $((total + 1)) ]; verdict $? "a row a customer"
run 0 "contribution and loyalty are those of the card, by hand (rows 14 and 15)" \
  python3 - bank.gb "$shipped" values.csv $day <<'PY'
import csv, datetime, json, sqlite3, sys
from decimal import Decimal, ROUND_HALF_UP
db = sqlite3.connect(sys.argv[1]); card = json.load(open(sys.argv[2]))
on = datetime.date.fromisoformat(sys.argv[4])

def months(text):
    if not text:
        return None
    d = datetime.date.fromisoformat(text)
    n = (on.year - d.year) * 12 + on.month - d.month
    last = (on.replace(day=28) + datetime.timedelta(4)).replace(day=1) - datetime.timedelta(1)
    return n - (on.day < d.day and on != last)

def at(curve, x):
    if x <= curve[0][0]:
        return curve[0][1]
    for (x0, y0), (x1, y1) in zip(curve, curve[1:]):
        if x < x1:
            return y0 + (x - x0) / (x1 - x0) * (y1 - y0)
    return curve[-1][1]

def whole(x):  # half away from 0, as llround
    return int(Decimal(x).quantize(0, ROUND_HALF_UP))

facts = {}
for ref, cid, bal, peak, txn, opened, fees in db.execute(
        'SELECT ref, id, balance_fen, max(coalesce(peak_24m_fen, balance_fen), balance_fen), last_txn_on, opened_on, fees_12m_fen FROM customer'):
    held = db.execute("SELECT h.product_id, h.amount_fen, CASE WHEN p.kind = 'deposit' THEN h.matures_on END FROM holding h JOIN product p ON p.id = h.product_id "
                      'WHERE customer_id = ? AND h.opened_on <= ? AND (closed_on IS NULL OR closed_on > ?)', (cid, str(on), str(on))).fetchall()
    due = sorted((m, a or 0) for _, a, m in held if m and m >= str(on))
    days = (datetime.date.fromisoformat(due[0][0]) - on).days if due else None
    facts[ref] = dict(balance_fen=bal, peak_24m_fen=peak, lift_fen=max(0, peak - bal),
        months_dormant=months(txn), tenure_months=months(opened), fees_12m_fen=fees,
        n_products=len({p for p, _, _ in held}), days_to_maturity=days,
        maturing_fen=sum(a for m, a in due if m == due[0][0]) if due and days <= 30 else 0,
        tags={t for t, in db.execute('SELECT tag FROM customer_tag JOIN tag g ON g.id = tag_id WHERE customer_id = ?', (cid,))})
n = 0
for row in csv.DictReader(open(sys.argv[3], encoding='utf-8')):
    f = facts[row['customer_ref']]
    now = stake = 0
    for p in card['contribution']['parts']:
        if 'tag' in p:
            fen = p['fen'] if p['tag'] in f['tags'] else 0
        elif 'column' not in p:
            fen = p['fen']
        elif f[p['column']] is None:
            fen = p.get('missing_fen', 0)
        elif 'curve' in p:
            fen = at(p['curve'], f[p['column']])
        else:
            fen = max(-p.get('most_fen', 1e15), min(p.get('most_fen', 1e15), f[p['column']] * p['fen_per_unit']))
        now += whole(fen * p.get('now', 1)); stake += whole(fen * p.get('at_stake', 1))
    weight = loyal = 0
    for p in card['loyalty']['parts']:
        weight += p['weight']
        if 'tag' in p:
            x = 1000 if p['tag'] in f['tags'] else 0
        elif 'ratio' in p:
            a, b = (f[k] for k in p['ratio'])
            x = at(p['curve'], a / b) if b > 0 else p.get('missing', 0)
        else:
            x = p.get('missing', 0) if f[p['column']] is None else at(p['curve'], f[p['column']])
        loyal += p['weight'] * x
    got = int(row['contribution_fen']), int(row['at_stake_fen']), int(row['loyalty'])
    assert got == (now, stake, whole(loyal / weight)), (row, now, stake, loyal / weight, f)
    n += 1
assert n == len(facts)
PY
kept_box=$(python3 -c 'import json; print(next(b["customers"] for b in json.load(open("kept.json"))["boxes"] if b["box"] == "keep"))')
run 0 "a rule names a box" gridbeat segment preview --where "box = 'keep' AND loyalty >= 350" --as-of $day --json
keep
run 0 "and finds who is in it" ask kept.json "d['members'] == $kept_box > 0"

run 0 "a night prices visits" gridbeat nightly run --date $day --days 5 --iterations 100 --no-report --json
one() { sqlite3 bank.gb "SELECT $1 FROM target_value v JOIN target t ON t.id = v.target_id WHERE t.as_of = '$day'"; }
[ "$(one 'count(*) > 300 AND max(abs(t.score - round(v.chance * v.at_stake_fen * v.urgency / 250))) <= 1')" = 1 ]
verdict $? "every target's points are chance x what is at stake x urgency"
[ "$(one "sum(v.contribution_fen <> (SELECT sum(value) FROM json_each(v.parts_json, '\$.contribution'))
  OR v.at_stake_fen <> (SELECT sum(value) FROM json_each(v.parts_json, '\$.at_stake'))
  OR v.loyalty <> (SELECT sum(value) FROM json_each(v.parts_json, '\$.loyalty'))
  OR v.card_points <> (SELECT sum(value) FROM json_each(t.score_parts_json)))")" = 0 ]
verdict $? "of parts that add up, for everybody"
# Who matures next week is worth more then than today.
due=$(sqlite3 bank.gb "SELECT c.ref FROM target_value v JOIN target t ON t.id = v.target_id JOIN customer c ON c.id = t.customer_id
  WHERE json_extract(v.parts_json, '\$.urgency.maturity') > 1.2 AND c.promised_on IS NULL AND t.as_of = '$day' LIMIT 1")
run 0 "a target is explained by value (row 27)" gridbeat score value "$due" --date $day --json
cp .out today.json
run 0 "and nearer to the maturity" gridbeat score value "$due" --date 2026-03-05 --json
cp .out later.json
run 0 "it is more urgent" python3 -c "
import json
a, b = json.load(open('today.json')), json.load(open('later.json'))
assert 1 < a['urgency'] < b['urgency'], (a, b)
assert a['points'] == int(a['chance'] * a['at_stake_fen'] * a['urgency'] / a['fen_per_point'] + .5)
assert sum(p['at_stake_fen'] for p in a['contribution']) == a['at_stake_fen']
assert sum(p['now_fen'] for p in a['contribution']) == a['contribution_fen']
assert sum(p['points'] for p in a['loyalty_parts']) == a['loyalty']"
run 0 "with the strategy, in Chinese" gridbeat --lang zh score value "$due" --date $day
out "可挽回资金"
out "策略"
promised=$(sqlite3 bank.gb "SELECT ref FROM customer WHERE promised_on = '$day' LIMIT 1")
run 0 "who was promised to be seen today" gridbeat score value "$promised" --date $day --json
keep
run 0 "is twice as urgent" ask kept.json 'next(p["factor"] for p in d["urgency_parts"] if p["part"] == "promise") == 2'
run 2 "a stranger has no value" gridbeat score value nobody --date $day
err "nobody"

# The head office edits the card: other weights, another matrix.
python3 - "$shipped" <<'PY'
import json, sys
card = json.load(open(sys.argv[1]))
c = card['contribution']
c['fen_per_point'] = 500
next(p for p in c['parts'] if p['name'] == 'fees')['at_stake'] = 1
m = card['matrix']
m['contribution'] = [dict(name='low', title_en='low', title_zh='低', below=50000), dict(name='high', title_en='high', title_zh='高')]
m['loyalty'] = [dict(name='low', title_en='low', title_zh='低', below=500), dict(name='high', title_en='high', title_zh='高')]
box = lambda n: dict(name=n, title_en=n, title_zh=n, channel='call')
m['boxes'] = [[box('a'), box('b')], [box('c'), box('d')]]
json.dump(card, open('own.json', 'w'), ensure_ascii=False)
card['matrix']['boxes'].pop()
json.dump(card, open('broken.json', 'w'), ensure_ascii=False)
PY
run 0 "a matrix of two by two" gridbeat score matrix --date $day --card own.json --json
keep
run 0 "has four boxes" ask kept.json \
  "[b['box'] for b in d['boxes']] == ['a', 'b', 'c', 'd'] and sum(b['customers'] for b in d['boxes']) == $total"
run 0 "other weights make other points" gridbeat score value "$due" --date $day --card own.json --json
run 0 "half as many, but for the fees" python3 -c "
import json
a, b = json.load(open('today.json')), json.load(open('.out'))
fee = lambda d: sum(p['at_stake_fen'] for p in d['contribution'] if p['part'] == 'fees')
assert b['at_stake_fen'] - fee(b) == a['at_stake_fen'] - fee(a)
assert b['points'] == int(b['chance'] * b['at_stake_fen'] * b['urgency'] / 500 + .5)"
run 3 "a matrix with a row too few is refused" gridbeat score matrix --date $day --card broken.json
err 'matrix: "boxes" needs 2 rows'
run 0 "a card is shown with its values" gridbeat score card show own.json --json
done_testing
