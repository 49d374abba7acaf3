"""Other solvers, where their programs are at hand: each takes (program, case,
path, options, seed, folder) and gives (figure, routes, CPU seconds, broken),
or None for a problem that it has no words for.  Figures are recomputed by the
case, as gridbeat's are.
"""
import json
import os

import route_instance as ri


def tool():
    import route_table
    return route_table.run


def written(case, routes, numbered=False):
    return "".join("Route #%d: %s\n" % (k + 1, " ".join(
        str(case.number[c]) for c in nodes)) for k, nodes in
        enumerate(routes) if nodes or numbered)


def hgs(program, case, path, options, seed, folder):
    """HGS-CVRP: `hgs instance solution -t s -seed n -round 1`."""
    if not path.endswith(".vrp") or case.kind != "CVRP":
        return None
    out = os.path.join(folder, "hgs.sol")
    _, cpu = tool()([program, path, out, "-t", str(int(options.seconds)),
                     "-seed", str(seed), "-round", "1", "-log", "0"])
    return case.price(open(out).read())[:2] + (cpu, [])


def vroom_problem(case):
    n = len(case.xy)
    matrix = [[case.length(i, j) for j in range(n)] for i in range(n)]
    jobs = []
    for c in case.clients:
        job = {"id": c, "location_index": c, "service": case.service.get(c, 0),
               "delivery": [int(case.demand.get(c, 0))]}
        if c in case.window:
            job["time_windows"] = [list(case.window[c])]
        jobs.append(job)
    fleet = case.vehicles
    if case.fleet_free:
        load = sum(case.demand.values())
        fleet = fleet * (int(1.3 * load / fleet[0][2]) + 10)
    vehicles = []
    for v, (depot, _, capacity, longest, shift) in enumerate(fleet):
        one = {"id": v, "profile": "car", "start_index": depot,
               "end_index": depot, "capacity": [int(capacity)]}
        if shift[1] < 10 ** 9:
            one["time_window"] = list(shift)
        if longest:
            return None     # it limits travel, not duration
        vehicles.append(one)
    return {"vehicles": vehicles, "jobs": jobs,
            "matrices": {"car": {"durations": matrix}}}


def vroom(program, case, path, options, seed, folder):
    """VROOM: `vroom -i problem -l seconds -t 1 -x 5`; it has no seed."""
    if isinstance(case, ri.VroomCase):
        problem, out = path, os.path.join(folder, "vroom.out")
    else:
        if case.patterns or case.is_prize or any(
                not case.must.get(c, True) for c in case.clients):
            return None
        data = vroom_problem(case)
        if data is None:
            return None
        problem = os.path.join(folder, "vroom.json")
        json.dump(data, open(problem, "w"))
        out = os.path.join(folder, "vroom.out")
    _, cpu = tool()([program, "-i", problem, "-o", out, "-t", "1", "-x", "5",
                     "-l", str(int(options.seconds))])
    text = open(out).read()
    if isinstance(case, ri.VroomCase):
        return case.price(text)[:2] + (cpu, [])
    routes = [[] for _ in case.vehicles]
    if case.fleet_free or not case.numbered:
        routes = []
    for route in json.loads(text)["routes"]:
        nodes = [s["id"] for s in route["steps"] if s["type"] == "job"]
        if case.numbered:
            routes[route["vehicle"]] = nodes
        else:
            routes.append(nodes)
    figure, n, broken = case.price(written(case, routes, case.numbered))
    return figure, n, cpu, broken


PYVRP = """
import sys
from pyvrp import read, solve
from pyvrp.stop import MaxRuntime
path, seconds, seed, how, out = sys.argv[1:]
data = read(path, round_func=how)
best = solve(data, MaxRuntime(float(seconds)), seed=int(seed),
             display=False).best
kinds = [r.vehicle_type() for r in best.routes()]
first = [0]
for t in data.vehicle_types():
    first.append(first[-1] + t.num_available)
lines = {}
for r in best.routes():
    lines[first[r.vehicle_type()]] = r.visits()
    first[r.vehicle_type()] += 1
with open(out, "w") as file:
    for v in sorted(lines):
        print("Route #%d: %s" % (v + 1, " ".join(map(str, lines[v]))),
              file=file)
"""


def pyvrp(program, case, path, options, seed, folder):
    """PyVRP, through a Python that has it; VRPLIB only."""
    if not path.endswith(".vrp"):
        return None
    how = {1: "round", 10: "dimacs", 1000: "exact"}[case.scale]
    out = os.path.join(folder, "pyvrp.sol")
    _, cpu = tool()([program, "-c", PYVRP, path, str(options.seconds),
                     str(seed), how, out])
    figure, n, broken = case.price(open(out).read())
    return figure, n, cpu, broken


PEERS = {"hgs": hgs, "vroom": vroom, "pyvrp": pyvrp}
