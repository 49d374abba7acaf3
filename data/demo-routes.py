#!/usr/bin/env python3
"""The bank's day of ROUTES.md and its picture in README.md: four managers on
e-bikes, 72 customers at streets of Vaduz, Triesen and Schaan, drawn by chance.

    data/demo-routes.py PATH_OF_GRIDBEAT day DAY.json    makes the problem
    data/demo-routes.py PATH_OF_GRIDBEAT draw OUT.svg    plans and draws it

Needs ogr2ogr for the streets.
"""
import csv, json, math, os, random, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
MAP = os.path.join(HERE, "liechtenstein-2013-08-03.osm.pbf")
DAY = os.path.join(HERE, "bank-day.vroom.json")
BOX = 9.498, 47.098, 9.532, 47.176  # west, south, east, north
BRANCHES = [(9.5209, 47.1410), (9.5100, 47.1660)]
N_CLIENTS = 72
SIZE = 640, 860
LEGEND = 590  # pixels from above
COLOURS = ["#1f5fbf", "#c05621", "#2f855a", "#805ad5"]


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def streets(folder):
    """Lines of streets with their class."""
    name = os.path.join(folder, "streets.geojson")
    run("ogr2ogr", "-q", "-where", "highway IS NOT NULL", "-select", "highway",
        name, MAP, "lines")
    with open(name, encoding="utf-8") as file:
        return [(f["properties"]["highway"], f["geometry"]["coordinates"])
                for f in json.load(file)["features"]]


def is_within(place):
    return (BOX[0] < place[0] < BOX[2]) and (BOX[1] < place[1] < BOX[3])


def times(gridbeat, folder, places):
    """Seconds and metres of every pair, by e-bike."""
    table, listed = (os.path.join(folder, n) for n in ("t.csv", "p.csv"))
    with open(listed, "w", encoding="utf-8") as file:
        file.write("id,lon,lat\n")
        file.writelines("%d,%.6f,%.6f\n" % (i, *p)
                        for i, p in enumerate(places))
    run(gridbeat, "roads", "table", "--roads", os.path.join(folder, "l.roads"),
        "--mode", "ebike", "--from", listed, "--out", table)
    n = len(places)
    seconds, metres = ([[0] * n for _ in places] for _ in "ab")
    with open(table, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            at = int(row["from"]), int(row["to"])
            seconds[at[0]][at[1]] = int(row["seconds"])
            metres[at[0]][at[1]] = int(row["metres"])
    return seconds, metres


def make(gridbeat, out, folder):
    random.seed(5)
    spots = sorted({tuple(round(x, 6) for x in p) for kind, line in
                    streets(folder) if kind in ("residential", "tertiary")
                    for p in line if is_within(p)})
    places = BRANCHES + random.sample(spots, N_CLIENTS)
    seconds, metres = times(gridbeat, folder, places)
    jobs = []
    for c in range(1, N_CLIENTS + 1):
        job = {"id": c, "location_index": c + 1,
               "location": list(places[c + 1]),
               "service": random.choice((1200, 1500, 1800, 2400)),
               "priority": random.choice((1, 2, 3, 5, 8, 13, 20))}
        if c % 5 == 0:
            begin = random.choice((30600, 34200, 50400, 54000))
            job["time_windows"] = [[begin, begin + 5400]]
        jobs.append(job)
    vehicles = [{"id": m + 1, "start_index": m // 2, "end_index": m // 2,
                 "start": list(places[m // 2]), "end": list(places[m // 2]),
                 "time_window": [30600, 61200],
                 "breaks": [{"id": 1, "service": 3600,
                             "time_windows": [[41400, 45000]]}]}
                for m in range(4)]
    write = lambda rows: "[" + ",\n".join(
        json.dumps(row, separators=(",", ":")) for row in rows) + "]"
    with open(out, "w", encoding="utf-8") as file:
        file.write('{"vehicles": %s,\n"jobs": %s,\n"matrices": {"car": '
                   '{"durations": %s,\n"distances": %s}}}\n'
                   % tuple(map(write, (vehicles, jobs, seconds, metres))))


def ways(gridbeat, folder, places):
    """The way along the streets through some places."""
    line = []
    for a, b in zip(places, places[1:]):
        name = os.path.join(folder, "way.geojson")
        run(gridbeat, "roads", "path", "--roads",
            os.path.join(folder, "l.roads"), "--mode", "ebike", "--from",
            "%f,%f" % tuple(a), "--to", "%f,%f" % tuple(b), "--format",
            "geojson", "--out", name)
        with open(name, encoding="utf-8") as file:
            line += json.load(file)["geometry"]["coordinates"]
    return line


def draw(gridbeat, folder):
    with open(DAY, encoding="utf-8") as file:
        day = json.load(file)
    at = {j["id"]: j["location"] for j in day["jobs"]}
    start = {v["id"]: v["start"] for v in day["vehicles"]}
    plan = json.loads(subprocess.run(
        [gridbeat, "route", "solve", DAY, "--iterations", "40000", "--json"],
        check=True, stdout=subprocess.PIPE).stdout)
    scale = min(SIZE[0] / ((BOX[2] - BOX[0]) * .68),
                SIZE[1] / (BOX[3] - BOX[1]))

    def pixel(p):
        return (SIZE[0] / 2 + (p[0] - (BOX[0] + BOX[2]) / 2) * .68 * scale,
                SIZE[1] / 2 - (p[1] - (BOX[1] + BOX[3]) / 2) * scale)

    def path(line):
        return "M" + " ".join("%.1f,%.1f" % pixel(p) for p in line)

    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d">'
           '<rect width="100%%" height="100%%" fill="#fbfbf9"/>'
           '<g fill="none" stroke="#d0d0c8">' % SIZE]
    for kind, line in streets(folder):
        main = kind.split("_")[0] in ("motorway", "trunk", "primary",
                                      "secondary")
        out += ['<path d="%s" stroke-width="%s"/>'
                % (path(line), 2.5 if main else 1)]
    out += ["</g>"]
    for k, route in enumerate(plan["routes"]):
        home = start[route["vehicle"]]
        places = [home] + [at[c] for c in route["clients"]] + [home]
        out += ['<path fill="none" stroke="%s" stroke-width="3.5" '
                'stroke-opacity=".75" stroke-linejoin="round" d="%s"/>'
                % (COLOURS[k], path(ways(gridbeat, folder, places)))]
    for client in plan["unserved"]:
        out += ['<circle cx="%.1f" cy="%.1f" r="5" fill="#fff" '
                'stroke="#999" stroke-width="2"/>'
                % pixel(at[client["client"]])]
    out += ['<g font-family="sans-serif" text-anchor="middle" fill="#fff">']
    for k, route in enumerate(plan["routes"]):
        for i, client in enumerate(route["clients"]):
            x, y = pixel(at[client])
            out += ['<circle cx="%.1f" cy="%.1f" r="9" fill="%s" '
                    'stroke="#fff"/><text x="%.1f" y="%.1f" '
                    'font-size="11">%d</text>'
                    % (x, y, COLOURS[k], x, y + 4, i + 1)]
    for x, y in map(pixel, BRANCHES):
        out += ['<rect x="%.1f" y="%.1f" width="20" height="20" fill="#222" '
                'stroke="#fff" stroke-width="2"/>' % (x - 10, y - 10)]
    out += ['</g><g font-family="sans-serif" font-size="15" fill="#333">']
    clock = lambda s: "%d:%02d" % (s // 3600, s // 60 % 60)
    for k, route in enumerate(plan["routes"]):
        out += ['<path d="M16,%dh24" stroke="%s" stroke-width="5"/>'
                '<text x="48" y="%d">%d: %d visits, %s-%s, %.1f km</text>'
                % (LEGEND + 24 * k, COLOURS[k], LEGEND + 5 + 24 * k,
                   route["vehicle"],
                   route["n_clients"], clock(route["depart_s"]),
                   clock(route["end_s"]), route["distance_m"] / 1000)]
    out += ['<circle cx="28" cy="%d" r="5" fill="#fff" stroke="#999" '
            'stroke-width="2"/><text x="48" y="%d">not served: %d</text></g>'
            % (LEGEND + 24 * len(plan["routes"]),
               LEGEND + 5 + 24 * len(plan["routes"]), plan["n_unserved"]),
            '<text x="%d" y="%d" text-anchor="end" font-family="sans-serif" '
            'font-size="12" fill="#777">© OpenStreetMap contributors</text>'
            '</svg>' % (SIZE[0] - 10, SIZE[1] - 10)]
    return "\n".join(out) + "\n"


gridbeat, task, out = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    run(gridbeat, "roads", "build", "--osm", MAP, "--out",
        os.path.join(folder, "l.roads"))
    if task == "day":
        make(gridbeat, out, folder)
    else:
        with open(out, "w", encoding="utf-8") as file:
            file.write(draw(gridbeat, folder))
