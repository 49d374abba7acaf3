#!/usr/bin/env python3
"""Days of a bank's sales, drawn from a seed: VROOM's JSON with a matrix.

    python3 bench/route_days.py FOLDER SEED...

Each seed gives a day of its own: 1 to 10 managers of one to three branches, 60
to 250 clients who may be left out, in town and in villages, some with
appointments, some prizes far above the rest.  What is chosen on days like
these is not fitted to a single one.
"""
import json
import math
import os
import random
import sys

SHIFT_S = 8 * 3600


def window(rng, share):
    """Any time of the day, a half of it, or an hour or two."""
    luck = rng.random()
    if luck > share:
        return [0, SHIFT_S + 3600]
    if luck > share * 0.35:
        return rng.choice([[0, 14400], [14400, SHIFT_S + 3600]])
    begin = 3600 * rng.randrange(0, 7)
    return [begin, begin + 3600 * rng.choice([1, 2])]


def places(rng, n, side_m, in_town):
    """Towns with much around them, and some clients anywhere."""
    towns = [(rng.uniform(0, side_m), rng.uniform(0, side_m))
             for _ in range(rng.randrange(2, 6))]
    points = []
    for _ in range(n):
        if rng.random() < in_town:
            x, y = rng.choice(towns)
            points.append((rng.gauss(x, side_m / 14),
                           rng.gauss(y, side_m / 14)))
        else:
            points.append((rng.uniform(0, side_m), rng.uniform(0, side_m)))
    return points


def day(seed):
    rng = random.Random(seed)
    n_managers = rng.choice([1, 2, 4, 6, 8, 10, 10])
    n = max(40, min(250, n_managers * rng.choice([15, 20, 30])))
    n_branches = 1 if n_managers < 4 else rng.choice([1, 2, 2, 3])
    side_m = rng.choice([12000, 25000, 45000])
    in_town, appointed = rng.uniform(0, 0.8), rng.choice([0.2, 0.5, 0.8])
    points = places(rng, n_branches, side_m, 0)
    points += places(rng, n, side_m, in_town)
    speed = rng.choice([7, 9, 12])  # metres a second
    durations = [[0 if a == b
                  else 60 + round(1.3 * math.dist(points[a], points[b])
                                  / speed * rng.uniform(0.95, 1.1))
                  for b in range(len(points))] for a in range(len(points))]
    jobs = [{"id": c + 1, "location_index": n_branches + c,
             "service": rng.choice([900, 1200, 1800, 1800, 2700, 3600]),
             "priority": max(1, min(100, round(rng.lognormvariate(2.8, 0.7)))),
             "time_windows": [window(rng, appointed)]} for c in range(n)]
    vehicles = [{"id": v + 1, "start_index": v % n_branches,
                 "end_index": v % n_branches, "time_window": [0, SHIFT_S]}
                for v in range(n_managers)]
    return {"vehicles": vehicles, "jobs": jobs,
            "matrices": {"car": {"durations": durations}}}


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for seed in sys.argv[2:]:
        problem = day(int(seed))
        for vehicle in problem["vehicles"]:
            vehicle["profile"] = "car"
        path = os.path.join(sys.argv[1], "day_%s.vroom.json" % seed)
        with open(path, "w", encoding="ascii") as out:
            json.dump(problem, out, separators=(",", ":"))


if __name__ == "__main__":
    main()
