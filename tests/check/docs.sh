#!/usr/bin/env bash
# The pages say what the sources do: the columns of data/FORMATS.md, those and
# the functions of data/RULES.md, the keys of data/ROUTE_JSON.md, the functions of
# tests/fuzz/README.md, and links between pages.
#
#   docs.sh PATH_OF_GRIDBEAT
set -u
gridbeat=$(realpath "$1")
cd "${GB_SOURCE:-$(dirname "$0")/../..}" || exit 2
facts=$(mktemp) || exit 2
trap 'rm -f "$facts"' EXIT
"$gridbeat" segment facts --json > "$facts" || exit 1
python3 - "$facts" "$gridbeat" <<'PY'
import fnmatch, glob, json, os, re, subprocess, sys, tempfile

gridbeat = sys.argv[2]

failed = False
def hold(page, what, told, true):
    global failed
    for name in sorted(set(true) - set(told)):
        print(f'{page}: {what} "{name}" is not told of'); failed = True
    for name in sorted(set(told) - set(true)):
        print(f'{page}: {what} "{name}" is not there'); failed = True
def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read()
def rows(text):
    for line in text.splitlines():
        if line.startswith('| ') and not line.startswith('| ---'):
            yield [cell.strip() for cell in line.strip().strip('|').split(' | ')]

# FORMATS.md: each kind's columns, which of them must be there, and choices.
source = read('engine/store/store_import_kind.c')
arrays = {name: {m[1]: (m[3] == 'MUST', m[4] if m[2] == 'CHOICE' else None)
                 for m in re.finditer(r'\{ "(\w+)", IMPORT_(\w+), (MUST|MAY),\s+(NULL|"[^"]*")', body)}
          for name, body in re.findall(r'import_column (\w+)\[\] = \{(.*?)\n\};', source, re.S)}
kinds = {m[1]: arrays[m[2]] for m in re.finditer(r'\{ "(\w+)", "\w+", COLUMNS\((\w+)\)', source)}
page = read('data/FORMATS.md')
told = {}
for kind, text in ((r[0], r[1]) for r in rows(page) if len(r) > 1):
    columns = {}
    text = re.split(r'propert(?:y|ies) ', text)[-1]        # of GeoJSON
    bare = re.sub(r'\([^()]*\)', lambda m: '#' * len(m[0]), text)
    bare = re.split('[:;]', bare)[0]
    for m in re.finditer(r'(?:^|, )(\w+)(\*?)( #+)?(?=,|$|\s)', bare):
        columns[m[1]] = (m[2] == '*', text[m.end(2):m.end()].strip(' ()'))
    told[kind.split()[0]] = columns
for kind, columns in kinds.items():
    mine = told.get(kind)
    if mine is None:
        print(f'data/FORMATS.md: kind {kind} is not told of'); failed = True
        continue
    if any(must for must, _ in mine.values()):
        hold('data/FORMATS.md', f'{kind}: must column',
             [c for c in mine if mine[c][0]], [c for c in columns if columns[c][0]])
    hold('data/FORMATS.md', f'{kind}: column', mine, columns)
    for name, (_, choices) in columns.items():
        if choices and name in mine:
            hold('data/FORMATS.md', f'{kind}.{name}: choice',
                 re.split(r', ', mine[name][1]), choices.strip('"').split())
if len(kinds) < 14:
    print('the kinds of files are not found'); failed = True

# RULES.md: the columns and functions of rules.
facts = json.load(open(sys.argv[1]))
page = read('data/RULES.md')
columns, _, functions = page.partition('## Functions')
hold('data/RULES.md', 'column',
     [c for r in rows(columns) for c in r[0].split(', ') if r[0] != 'column'],
     [c['name'] for c in facts['columns']])
hold('data/RULES.md', 'function',
     [f for r in rows(functions)
      if r[0] != 'function' and r[1] != 'as in SQLite'
      for f in re.findall(r'\w+', re.sub(r"\([^()]*\)|'[^']*'", ' ', r[0]))],
     [f['name'].split('(')[0] for f in facts['functions']])

# ROUTE_JSON.md: the keys of our own JSON, and its example is solved.
page = read('data/ROUTE_JSON.md')
own = page.partition("## VROOM's")[0]
source = read('engine/route/route_json_own.c')
keys = re.findall(r'\{ "(\w+)",', source)
source += read('engine/route/route_json_read.c')
source += read('engine/route/route_json_row.c')
for body in re.findall(r'(?:KEYS|keys)\[\w*\] = \{(.*?)\};', source, re.S):
    keys += re.findall(r'"(\w+)"', body)
told = [c for r in rows(own) if r[0] != 'key' for c in r[0].split(', ')]
hold('data/ROUTE_JSON.md', 'key', told, set(keys) - {'routes'})
example = re.search(r'^    \{"format".*?\n\n', own, re.S | re.M)[0]
with tempfile.NamedTemporaryFile('w', suffix='.json') as f:
    f.write(example); f.flush()
    plan = json.loads(subprocess.run(
        [gridbeat, 'route', 'solve', f.name, '--iterations', '20', '--json'],
        capture_output=True).stdout)
    if plan.get('prize') != 40:
        print('data/ROUTE_JSON.md: its example is not solved'); failed = True

# fuzz/README.md: every public function has its line.
page = read('tests/fuzz/README.md')
patterns = re.findall(r'`(gb_\w+\*?)`', page)
public = re.findall(r'gb_\w+(?=;)', read('engine/gridbeat.map'))
for name in public:
    if not any(fnmatch.fnmatchcase(name, p) for p in patterns):
        print(f'tests/fuzz/README.md: {name} is not told of'); failed = True
for p in patterns:
    if not any(fnmatch.fnmatchcase(name, p) for name in public):
        print(f'tests/fuzz/README.md: {p} is not there'); failed = True
hold('tests/fuzz/README.md', 'target',
     set(re.findall(r'`(\w+)`', '\n'.join(r[0] for r in rows(page.split('## Public')[0])))),
     [os.path.basename(p)[5:-2] for p in glob.glob('tests/fuzz/fuzz_*.c')])

# Links, and files that README names, are there.
for path in ['README.md', 'README.zh-CN.md', 'bench/README.md'] + glob.glob('data/*.md'):
    text = read(path)
    links = re.findall(r'\]\(([^)#:]+)\)', text)
    links += [w for w in re.findall(r'`([\w./]+/[\w./]+\.\w+)`', text)]
    for link in links:
        if not any(os.path.exists(os.path.join(base, link)) for base in (os.path.dirname(path), '.', 'engine')):
            print(f'{path}: there is no {link}'); failed = True
sys.exit(failed)
PY
