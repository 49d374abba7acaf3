#!/usr/bin/env python3
"""The picture of travel in README.md: what an e-bike reaches in 5, 10 and 15
minutes, and a way with its turns.  Needs ogr2ogr for the streets behind it.

    data/demo-reach.py PATH_OF_GRIDBEAT OUT.svg
"""
import json, math, os, subprocess, sys, tempfile

MAP = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                   "liechtenstein-2013-08-03.osm.pbf")
FROM, TO = "9.5209,47.1410", "9.5100,47.1660"
SIZE = 640, 660
FILLS = {15: "#fde6c0", 10: "#f9c784", 5: "#f29f4b"}


def ask(gridbeat, folder):
    """The streets, areas and way as lists of lines."""
    at = lambda name: os.path.join(folder, name)
    run = lambda *words: subprocess.run(words, check=True,
                                        stdout=subprocess.DEVNULL)
    roads = ("--roads", at("l.roads"), "--mode", "ebike", "--from", FROM)
    run(gridbeat, "roads", "build", "--osm", MAP, "--out", at("l.roads"))
    run(gridbeat, "roads", "reach", *roads, "--minutes", "5,10,15",
        "--out", at("reach.geojson"))
    run(gridbeat, "roads", "path", *roads, "--to", TO, "--format", "geojson",
        "--out", at("way.geojson"))
    run("ogr2ogr", "-q", "-where", "highway IS NOT NULL", "-select", "highway",
        at("streets.geojson"), MAP, "lines")
    return [json.load(open(at(name), encoding="utf-8"))
            for name in ("streets.geojson", "reach.geojson", "way.geojson")]


def draw(streets, reach, way):
    areas = {f["properties"]["minutes"]: f["geometry"]["coordinates"]
             for f in reach["features"]}
    shown = [p for polygon in areas[15] for p in polygon[0]]
    west, east = min(p[0] for p in shown), max(p[0] for p in shown)
    south, north = min(p[1] for p in shown), max(p[1] for p in shown)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = min((SIZE[0] - 40) / ((east - west) * narrow),
                (SIZE[1] - 40) / (north - south))

    def pixel(p):
        return (SIZE[0] / 2 + (p[0] - (west + east) / 2) * narrow * scale,
                SIZE[1] / 2 - (p[1] - (south + north) / 2) * scale)

    def path(lines, end=""):
        return "".join("M" + " ".join("%.1f,%.1f" % pixel(p) for p in line)
                       + end for line in lines)

    def street(feature):
        main = feature["properties"]["highway"].split("_")[0] in (
            "motorway", "trunk", "primary", "secondary")
        return '<path d="%s" stroke-width="%s"/>' % (
            path([feature["geometry"]["coordinates"]]), 2 if main else 0.7)

    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d">'
           '<rect width="100%%" height="100%%" fill="#fbfbf9"/>' % SIZE]
    out += ['<path fill="%s" d="%s"/>'
            % (FILLS[m], path([r for p in areas[m] for r in p], "Z"))
            for m in (15, 10, 5)]
    out += ['<g fill="none" stroke="#8c8c84">']
    out += [street(f) for f in streets["features"]]
    line = way["geometry"]["coordinates"]
    out += ['</g><path fill="none" stroke="#1f5fbf" stroke-width="5" '
            'stroke-linejoin="round" d="%s"/>' % path([line])]
    out += ['<circle cx="%.1f" cy="%.1f" r="8" fill="%s" stroke="#fff" '
            'stroke-width="2"/>' % (*pixel(p), colour)
            for p, colour in ((line[0], "#1f5fbf"), (line[-1], "#b3261e"))]
    out += ['<g font-family="sans-serif" font-size="17" fill="#333">']
    for i, m in enumerate((5, 10, 15)):
        out += ['<rect x="20" y="%d" width="26" height="18" fill="%s"/>'
                '<text x="54" y="%d">%d min</text>'
                % (20 + 28 * i, FILLS[m], 35 + 28 * i, m)]
    told = way["properties"]
    out += ['<path d="M20,113h26" stroke="#1f5fbf" stroke-width="5"/>'
            '<text x="54" y="119">%.1f km, %d:%02d</text></g>'
            % (told["metres"] / 1000, *divmod(told["seconds"], 60)),
            '<text x="%d" y="%d" text-anchor="end" font-family="sans-serif" '
            'font-size="12" fill="#777">© OpenStreetMap contributors</text>'
            '</svg>' % (SIZE[0] - 10, SIZE[1] - 10)]
    return "\n".join(out) + "\n"


with tempfile.TemporaryDirectory() as folder:
    svg = draw(*ask(sys.argv[1], folder))
with open(sys.argv[2], "w", encoding="utf-8") as file:
    file.write(svg)
