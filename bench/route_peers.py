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


def clock(options):
    """The environment in which a clock tells the process's CPU time."""
    return dict(os.environ, LD_PRELOAD=options.cpu) if options.cpu else None


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
    """VROOM: `vroom -i problem -t 1 -x 5`, to its own end: a limit would be
    shared among its starts and leave each too little.  It has no seed."""
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
    _, cpu = tool()([program, "-i", problem, "-o", out, "-t", "1", "-x", "5"],
                    env=clock(options))
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
import json, sys
import numpy as np
from pyvrp import (Client, Depot, Location, ProblemData, VehicleType, solve)
from pyvrp.stop import MaxRuntime
problem, seconds, seed, out = sys.argv[1:]
p = json.load(open(problem))
n, depots = p["n"], p["depots"]
lengths = np.array(p["lengths"], dtype=np.int64).reshape(n, n)
times = np.array(p["times"], dtype=np.int64).reshape(n, n)
data = ProblemData(
    [Location(*xy) for xy in p["xy"]],
    [Client(**c) for c in p["clients"]],
    [Depot(d) for d in depots],
    [VehicleType(**v) for v in p["vehicles"]], [lengths], [times])
best = solve(data, MaxRuntime(float(seconds)), seed=int(seed),
             display=False).best
first, lines = [0], []
for t in data.vehicle_types():
    first.append(first[-1] + t.num_available)
for r in best.routes():
    visits = [a.idx for a in r.schedule() if a.is_client()]
    lines.append((first[r.vehicle_type()], visits))
    first[r.vehicle_type()] += 1
json.dump({"is_feasible": best.is_feasible(), "routes": sorted(lines)},
          open(out, "w"))
"""

# How much a unit of prize weighs against one of the way where prizes come
# first: the way is left to break ties.
PRIZE_FIRST = 10 ** 5


def pyvrp_fleet(case):
    """Alike and adjacent vehicles as one type."""
    fleet = []
    for depot, _, capacity, longest, shift in case.vehicles:
        one = {"start_depot": case.depots.index(depot),
               "end_depot": case.depots.index(depot),
               "tw_early": shift[0], "tw_late": min(shift[1], 10 ** 12)}
        if capacity is not None:
            one["capacity"] = [int(capacity)]
        if longest:
            one["shift_duration"] = int(longest)
        if fleet and {**fleet[-1], "num_available": 0} == {
                **one, "num_available": 0}:
            fleet[-1]["num_available"] += 1
        else:
            fleet.append({**one, "num_available": 1})
    if case.fleet_free:
        fleet[0]["num_available"] = len(case.clients)
    return fleet


def pyvrp_problem(case):
    n = len(case.xy)
    lengths = [case.length(i, j) for i in range(n) for j in range(n)]
    times = [case.seconds(i, j) for i in range(n) for j in range(n)] \
        if case.time_up else lengths
    clients = []
    for c in case.clients:
        early, late = case.window.get(c, (0, 10 ** 12))
        one = {"location": c, "service_duration": case.service.get(c, 0),
               "tw_early": early, "tw_late": late,
               "required": case.must.get(c, True),
               "prize": case.prize.get(c, 0)
               * (PRIZE_FIRST if case.is_prize else 1)}
        if case.demand:
            one["delivery"] = [int(case.demand.get(c, 0))]
        clients.append(one)
    return {"n": n, "xy": [list(map(float, p)) for p in case.xy],
            "depots": case.depots, "lengths": lengths, "times": times,
            "clients": clients, "vehicles": pyvrp_fleet(case)}


def pyvrp_bank(data):
    """VROOM's problem: one profile, prizes first."""
    table = data["matrices"]["car"]["durations"]
    times = [t for row in table for t in row]
    clients = []
    for job in data["jobs"]:
        windows = job.get("time_windows", [[0, 10 ** 9]])
        assert len(windows) == 1
        clients.append({
            "location": job["location_index"],
            "service_duration": job.get("service", 0),
            "tw_early": windows[0][0], "tw_late": windows[0][1],
            "required": False, "prize": job["priority"] * PRIZE_FIRST})
    depots = sorted({v["start_index"] for v in data["vehicles"]})
    fleet = [{"start_depot": depots.index(v["start_index"]),
              "end_depot": depots.index(v["end_index"]), "num_available": 1,
              "tw_early": v["time_window"][0], "tw_late": v["time_window"][1]}
             for v in data["vehicles"]]
    return {"n": len(table), "xy": [[0, 0]] * len(table), "depots": depots,
            "lengths": times, "times": times, "clients": clients,
            "vehicles": fleet}


def as_vroom(data, routes):
    """The answer in VROOM's form, which its case can price."""
    return json.dumps({"routes": [
        {"vehicle": data["vehicles"][v]["id"],
         "steps": [{"type": "job", "id": data["jobs"][c]["id"]}
                   for c in visits]} for v, visits in routes]})


def as_solution(case, routes):
    if not case.numbered:
        return written(case, [[case.clients[c] for c in visits]
                              for _, visits in routes])
    lines = [[] for _ in case.vehicles]
    for v, visits in routes:
        lines[v] = [case.clients[c] for c in visits]
    return written(case, lines, True)


def pyvrp(program, case, path, options, seed, folder):
    """PyVRP 0.14, through a Python that has it; no visits by pattern."""
    bank = isinstance(case, ri.VroomCase)
    if not bank and case.patterns:
        return None
    problem = os.path.join(folder, "pyvrp.json")
    out = os.path.join(folder, "pyvrp.out")
    json.dump(pyvrp_bank(case.data) if bank else pyvrp_problem(case),
              open(problem, "w"))
    _, cpu = tool()([program, "-c", PYVRP, problem, str(options.seconds),
                     str(seed), out], env=clock(options))
    found = json.load(open(out))
    text = as_vroom(case.data, found["routes"]) if bank else \
        as_solution(case, found["routes"])
    figure, n, broken = case.price(text)
    if not found["is_feasible"]:
        broken.append("no plan that keeps the rules was found")
    return figure, n, cpu, broken


PEERS = {"hgs": hgs, "vroom": vroom, "pyvrp": pyvrp}
