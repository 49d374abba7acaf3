#!/usr/bin/env python3
"""Who buys again: the behaviour commands held to time.

    bench/behaviour_return.py GRIDBEAT [END [OPTION OF score return fit]...]

CDNOW up to END (1998-04-01) is all that the commands see: the files hold no later
row.  Who buys in the 90 days after it, of the customers silent for 182 days and of
all, is what they are held to.  Ties count half.  Prints `name value unit` lines.
"""
import csv, datetime, gzip, os, subprocess, sys, tempfile

WITHIN, DORMANT = 90, 182
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      '../../shared/data/score/cdnow/CDNOW_master.txt.gz')

def auc(scores, outcomes):
    order = sorted(range(len(scores)), key=lambda i: scores[i])
    ranks, i = 0.0, 0
    while i < len(order):
        j = i
        while j < len(order) and scores[order[j]] == scores[order[i]]:
            j += 1
        ranks += sum(outcomes[k] for k in order[i:j]) * (i + j + 1) / 2
        i = j
    hits = sum(outcomes)
    return (ranks - hits * (hits + 1) / 2) / (hits * (len(scores) - hits))

def say(name, value, unit):
    print(f'{name} {value:.5f} {unit}')

def hold(name, chances, truth):
    """chances: id -> p.  AUC, Brier, and how many came to one foretold."""
    ids = sorted(chances)
    p, y = [chances[i] for i in ids], [truth[i] for i in ids]
    say(f'behaviour.{name}.auc', auc(p, y), 'ratio')
    say(f'behaviour.{name}.brier', sum((a - b) ** 2 for a, b in zip(p, y)) / len(p), 'ratio')
    say(f'behaviour.{name}.foretold_by_came', sum(p) / sum(y), 'ratio')

def column(path, name):
    with open(path, encoding='utf-8') as f:
        return {r['id']: float(r[name]) for r in csv.DictReader(f)}

def main():
    gridbeat, options = sys.argv[1], sys.argv[3:]
    end_day = datetime.date.fromisoformat((sys.argv[2:] or ['1998-04-01'])[0])
    if not os.path.exists(SOURCE):
        print(f'# {SOURCE} is not there: skipped')
        return
    rows = [line.split() for line in gzip.open(SOURCE, 'rt')][1:]
    day = lambda text: datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    until = end_day + datetime.timedelta(WITHIN)
    last, truth = {}, {}
    for who, date, _, _ in rows:
        if day(date) <= end_day:
            last[who] = max(last.get(who, day(date)), day(date))
        elif day(date) <= until:
            truth[who] = 1
    truth = {who: truth.get(who, 0) for who in last}
    silent = {who for who in last if (end_day - last[who]).days >= DORMANT}
    say('behaviour.customers', len(last), 'customers')
    say('behaviour.silent', len(silent), 'customers')
    say('behaviour.silent.came', sum(truth[w] for w in silent), 'customers')
    with tempfile.TemporaryDirectory() as work:
        at = lambda name: os.path.join(work, name)
        run = lambda *words: subprocess.run([gridbeat, *words, '--quiet'], check=True,
                                            stdout=subprocess.DEVNULL)
        with open(at('log.csv'), 'w', encoding='utf-8') as f:
            f.write('id,date,amount\n')
            f.writelines(f'{who},{date},{amount}\n' for who, date, _, amount in rows
                         if day(date) <= end_day)
        end = ('--end', end_day.isoformat())
        run('score', 'summary', at('log.csv'), *end, '--out', at('sum.csv'))
        for model in 'bgnbd', 'mbgnbd', 'paretonbd':
            run('score', 'fit', '--model', model, at('sum.csv'), '--out', at('model.json'))
            run('score', 'predict', at('sum.csv'), '--fitted', at('model.json'), '--within',
                str(WITHIN / 7), '--out', at('p.csv'))
            p = column(at('p.csv'), 'p_any')
            hold(f'{model}.all', p, truth)
            hold(f'{model}.silent', {w: p[w] for w in silent}, truth)
        for name, dormant in ('silent', DORMANT), ('all', 0):
            run('score', 'return', 'fit', at('log.csv'), *end, '--within-days', str(WITHIN),
                '--dormant-days', str(dormant), '--out', at('return.json'), *options)
            run('score', 'return', 'predict', at('log.csv'), *end, '--fitted',
                at('return.json'), '--out', at('p.csv'))
            p = column(at('p.csv'), 'p')
            if set(p) != (silent if name == 'silent' else set(last)):
                sys.exit('score return predict told of other customers')
            hold(f'return.{name}', p, truth)
    say('behaviour.recency.silent.auc',
        auc([last[w].toordinal() for w in sorted(silent)],
            [truth[w] for w in sorted(silent)]), 'ratio')

main()
