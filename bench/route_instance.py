"""Instances of the field and their solutions, read and priced without the
engine, in exact integers: what route_table.py holds every cost against.

A Case knows lengths in units (as include/gridbeat/route_file.h tells them),
demands, windows, depots and days; price(text of a .sol) drives the routes and
says what they cost and which rule they break.
"""
import json
import math
import os
import re
from decimal import Decimal


def isqrt_units(m, ten_k, scale, rounding):
    """sqrt(m) / ten_k * scale, rounded: all of it in integers."""
    if rounding == "down":
        return math.isqrt(m * scale * scale) // ten_k
    if rounding == "nearest":
        return (math.isqrt(4 * m * scale * scale) // ten_k + 1) // 2
    low = math.isqrt(m * scale * scale) // ten_k
    return low if (low * ten_k) ** 2 == m * scale * scale else low + 1


def units(value, scale, rounding):
    scaled = Decimal(str(value)) * scale
    low = int(scaled.to_integral_value(rounding="ROUND_FLOOR"))
    if rounding == "down" or low == scaled:
        return low
    if rounding == "up":
        return low + 1
    return int((scaled + Decimal("0.5")).to_integral_value("ROUND_FLOOR"))


class Case:
    def __init__(self, name, kind):
        self.name, self.kind = name, kind
        self.xy, self.matrix = [], None
        self.demand, self.service, self.window, self.prize = {}, {}, {}, {}
        self.number, self.by_number = {}, {}   # node -> number in a .sol
        self.must, self.patterns, self.visits = {}, {}, {}
        self.depots = [0]
        self.vehicles = []   # (depot, day, capacity, longest, shift)
        self.scale, self.rounding, self.time_up = 1, "nearest", False
        self.per = 1         # units a published unit
        self.numbered = self.fleet_free = self.is_prize = False
        self.path = None

    def close(self):
        k = max(len(t.partition(".")[2]) for p in self.xy for t in p)
        self.ten_k = 10 ** k
        self.grid = [tuple(int(Decimal(t) * self.ten_k) for t in p)
                     for p in self.xy]
        for node in range(len(self.xy)):
            self.number.setdefault(node, node)
        self.clients = [c for c in range(len(self.xy))
                        if c not in self.depots]
        self.by_number = {self.number[c]: c for c in self.clients}
        return self

    def length(self, a, b, rounding=None):
        dx = self.grid[a][0] - self.grid[b][0]
        dy = self.grid[a][1] - self.grid[b][1]
        return isqrt_units(dx * dx + dy * dy, self.ten_k, self.scale,
                           rounding or self.rounding)

    def seconds(self, a, b):
        return self.length(a, b, "up" if self.time_up else None)

    # ------------------------------------------------------------ solutions

    def routes(self, text):
        """[(vehicle, [node ...])]"""
        out, used = [], set()
        for line in text.splitlines():
            m = re.match(r"Route #?(\d+)((?: \(\w+ \d+\))*) ?:(.*)", line)
            if not m:
                continue
            nodes = [self.by_number[int(w)] for w in m.group(3).split()]
            if not nodes:
                continue
            v = int(m.group(1)) - 1 if self.numbered else len(out)
            if self.fleet_free:
                v = 0
            elif v in used or v >= len(self.vehicles):
                raise ValueError("no vehicle for: " + line)
            used.add(v)
            out.append((v, nodes))
        return out

    def drive(self, vehicle, nodes, broken):
        """Length, and what is broken."""
        depot, _, capacity, longest, shift = self.vehicles[vehicle]
        load = sum(self.demand.get(c, 0) for c in nodes)
        if capacity is not None and load > capacity:
            broken.append("%s: load %s above %s" % (self.name, load, capacity))
        # A run of visits: its duration, and when it begins at the earliest
        # and at the latest.
        length, at, took, early, late = 0, depot, 0, shift[0], shift[1]
        for c in nodes + [depot]:
            length += self.length(at, c)
            took += self.seconds(at, c)
            first, last = shift if c == depot else \
                self.window.get(c, (-10 ** 15, 10 ** 15))
            if early + took > last:
                broken.append("%s: at %d late by %d" % (
                    self.name, self.number[c], early + took - last))
            wait = max(first - took - late, 0)
            early = max(first - took, early) - wait
            late = min(last - took, late)
            took += wait + (0 if c == depot else self.service.get(c, 0))
            at = c
        if longest and took > longest:
            broken.append("%s: lasts %d, above %d" % (self.name, took,
                                                      longest))
        return length

    def price(self, text):
        """(figure, number of routes, what is broken)"""
        broken, length, days = [], 0, {}
        routes = self.routes(text)
        for vehicle, nodes in routes:
            length += self.drive(vehicle, nodes, broken)
            for c in nodes:
                days.setdefault(c, []).append(self.vehicles[vehicle][1])
        for c in self.clients:
            seen = sorted(days.get(c, []))
            if self.must.get(c, True) and not seen:
                broken.append("%d is not served" % self.number[c])
            if c in self.patterns:
                if sum(1 << d for d in seen) not in self.patterns[c]:
                    broken.append("%d: days %s" % (self.number[c], seen))
            elif len(seen) > 1:
                broken.append("%d is served twice" % self.number[c])
        got = sum(self.prize.get(c, 0) for c in days)
        left = sum(self.prize.get(c, 0) for c in self.clients) - got
        return (got if self.is_prize else length + left), len(routes), broken


# ---------------------------------------------------------------- formats

def read_vrplib(path):
    head, section, rows = {}, None, {}
    for line in open(path):
        line = line.strip()
        if not line or line == "EOF":
            continue
        if re.match(r"[A-Z_]+_SECTION", line):
            section = line.split()[0]
            rows[section] = []
        elif section and re.match(r"[-+.\d]", line):
            rows[section].append(line.split())
        else:
            key, _, value = line.partition(":")
            head[key.strip()] = value.strip().strip('"').strip()
    case = Case(head.get("NAME", path), head.get("TYPE", ""))
    case.xy = [tuple(r[1:3]) for r in rows["NODE_COORD_SECTION"]]
    case.depots = [int(r[0]) - 1 for r in rows.get("DEPOT_SECTION", [["1"]])
                   if r[0] != "-1"]
    timed, many = "TIME_WINDOW_SECTION" in rows, len(case.depots) > 1
    if many or "VEHICLES_MAX_DURATION" in head:
        case.scale = 1000
    elif timed:
        case.scale, case.rounding = 10, "down"
    prized = "PRIZE_SECTION" in rows
    case.per = 1 if prized or many else case.scale
    take = lambda v: units(v, case.scale, case.rounding)
    for r in rows.get("DEMAND_SECTION", []):
        case.demand[int(r[0]) - 1] = int(r[1])
    for r in rows.get("TIME_WINDOW_SECTION", []):
        case.window[int(r[0]) - 1] = (take(r[1]), take(r[2]))
    for r in rows.get("SERVICE_TIME_SECTION", []):
        case.service[int(r[0]) - 1] = take(r[1])
    for r in rows.get("PRIZE_SECTION", []):
        case.prize[int(r[0]) - 1] = take(r[1])
        case.must[int(r[0]) - 1] = float(r[1]) == 0
    case.close()
    if "SERVICE_TIME" in head:
        case.service = {c: take(head["SERVICE_TIME"]) for c in case.clients}
    starts = [int(r[1]) - 1 for r in rows.get("VEHICLES_DEPOT_SECTION", [])]
    case.numbered = bool(starts)
    case.fleet_free = "VEHICLES" not in head
    longest = take(head.get("VEHICLES_MAX_DURATION", "0"))
    n = 1 if case.fleet_free else int(head["VEHICLES"])
    for v in range(n):
        depot = starts[v] if starts else case.depots[0]
        case.vehicles.append((depot, 0, int(head["CAPACITY"]), longest,
                              case.window.get(depot, (0, 10 ** 15))))
    return case


def read_solomon(path):
    lines = [l.split() for l in open(path) if l.split()]
    case = Case(lines[0][0], "VRPTW")
    case.scale, case.rounding, case.per = 10, "down", 10
    n, capacity = int(lines[3][0]), int(lines[3][1])
    for r in lines[6:]:
        c = len(case.xy)
        case.xy.append((r[1], r[2]))
        case.demand[c] = int(r[3])
        case.window[c] = (units(r[4], 10, "down"), units(r[5], 10, "down"))
        case.service[c] = units(r[6], 10, "down")
    case.vehicles = [(0, 0, capacity, 0, case.window[0])] * n
    return case.close()


def read_cordeau(path):
    lines = [l.split() for l in open(path) if l.split()]
    kind, m, n, t = (int(w) for w in lines[0][:4])
    case = Case(os.path.basename(path), "PVRP" if kind == 1 else "MDVRP")
    case.scale = case.per = 10000
    case.time_up = case.numbered = True
    limits, rows = lines[1:1 + t], lines[1 + t:]
    for c, r in enumerate(rows):
        case.xy.append((r[1], r[2]))
        case.number[c] = int(r[0])
        case.service[c] = units(r[3], 10000, "nearest")
        case.demand[c] = float(r[4])
        if kind == 1 and int(r[6]):
            case.patterns[c] = {
                sum(1 << d for d in range(t) if int(w) >> (t - 1 - d) & 1)
                for w in r[7:7 + int(r[6])]}
    case.depots = [0] if kind == 1 else list(range(n, n + t))
    for part in range(t):
        longest = units(limits[part][0], 10000, "down")
        for _ in range(m):
            case.vehicles.append((
                case.depots[0 if kind == 1 else part],
                part if kind == 1 else 0,
                float(limits[part][1]) or None, longest, (0, 10 ** 15)))
    return case.close()


def read_toptw(path, n_vehicles):
    lines = [l.split() for l in open(path) if l.split()]
    case = Case(os.path.basename(path), "TOPTW")
    case.is_prize = True
    rows = lines[2:]
    whole = all(float(w) == int(float(w)) for r in rows for w in r[1:3])
    case.scale, case.rounding = (10 if whole else 100), "down"
    for c, r in enumerate(rows):
        case.xy.append((r[1], r[2]))
        case.service[c] = units(r[3], case.scale, "down")
        case.prize[c] = int(float(r[4])) if c else 0
        case.must[c] = False
        case.window[c] = tuple(units(w, case.scale, "down") for w in r[-2:])
    case.vehicles = [(0, 0, None, 0, case.window[0])] * n_vehicles
    return case.close()


class VroomCase:
    """VROOM's problem with a matrix, prize = priority of what is served."""
    is_prize, per, kind = True, 1, "VROOM"

    def __init__(self, path):
        self.path, self.name = path, os.path.basename(path)
        self.data = json.load(open(path))
        self.clients = self.data["jobs"]
        self.xy = self.vehicles = self.data["vehicles"]

    def price(self, text):
        jobs = {j["id"]: j for j in self.data["jobs"]}
        fleet = {v["id"]: v for v in self.data["vehicles"]}
        broken, prize, seen, n = [], 0, set(), 0
        answer = json.loads(text)
        for route in answer["routes"]:
            v = fleet[route["vehicle"]]
            table = self.data["matrices"][v.get("profile", "car")]["durations"]
            steps = [jobs[s["id"]] for s in route["steps"]
                     if s["type"] == "job"]
            clock, at = v["time_window"][0], v["start_index"]
            for j in steps:
                clock += table[at][j["location_index"]]
                at = j["location_index"]
                open_ = [w for w in j.get("time_windows", [[0, 10 ** 9]])
                         if w[1] >= clock]
                if not open_ or j["id"] in seen:
                    broken.append("job %d" % j["id"])
                    continue
                clock = max(clock, open_[0][0]) + j.get("service", 0)
                seen.add(j["id"])
                prize += j.get("priority", 0)
            if clock + table[at][v["end_index"]] > v["time_window"][1]:
                broken.append("vehicle %d" % v["id"])
            n += bool(steps)
        return prize, n, broken
