#!/usr/bin/env python3
"""Routes against the best known: a list of instances through the command, each
cost recomputed from its .sol without the engine (route_instance.py), the gaps
and their means; the same for a peer, in turn, where its program is given.

  bench/route_table.py GRIDBEAT [--data FOLDER] [--family NAME,...]
      [--only TEXT,...] [--time S] [--iterations N] [--seed N,...]
      [--threads N] [--cpu MODULE] [--peer hgs=PROGRAM] [--peer vroom=PROGRAM]
      [--peer pyvrp=PYTHON] [--csv FILE] [--list]

Each family has a time of its own; --time says another.  The
command's time limit is one of the clock: beside other work the CPU seconds,
which are printed, are fewer.  --cpu BUILD/bench/libcpu_clock.so makes them
equal, for one thread, for peers too.  Peers get the time limit as their own;
with `-` as GRIDBEAT they run alone.  Exits with 1 when a cost is not what the
command says, or a plan breaks a rule.
"""
import argparse
import csv
import glob
import json
import os
import resource
import subprocess
import sys
import tempfile

import route_instance as ri

# name: files, seconds, best known file
FAMILIES = {
    "x": ("cvrp_x/*.vrp", 30, "cvrp_x/BKS.csv"),
    "solomon": ("vrptw_solomon/*.txt", 10,
                "vrptw_solomon/BKS_dimacs_distance.csv"),
    "gh": ("vrptw_gh/*/*.txt", 30, "vrptw_gh/BKS_dimacs_distance.csv"),
    "gh1000": ("vrptw_gh1000_dimacs/*.vrp", 30, "vrptw_gh1000_dimacs/BKS.csv"),
    "pcvrptw": ("pcvrptw/*.vrp", 30, "pcvrptw/BKS.csv"),
    "mdvrptw": ("mdvrptw/*.vrp", 30, "mdvrptw/BKS.csv"),
    "mdvrp": ("mdvrp_cordeau/*.txt", 30, "mdvrp_cordeau/BKS.json"),
    "pvrp": ("pvrp_cordeau/p*", 30, "pvrp_cordeau/BKS.csv"),
    "toptw": ("toptw/righini/*/*.txt", 5, None),
    "optimum": ("toptw/righini/*/*.txt", 5,
                "toptw/OPT_instances_known_optimum.csv"),
    "bank": ("synthetic_bank/*.json", 10, None),
}
# What PyVRP 0.14 reached in 5 s, one and three vehicles.
TOPTW = {"c104": (410, 1030), "r112": (298, 775), "rc108": (298, 795),
         "pr06": (577, 1452), "pr10": (569, 1531)}
BANK = {"bank150_s1.vroom.json": 3016}


def stem(path):
    return os.path.splitext(os.path.basename(path))[0].lower()


def best_known(data, family):
    """name in small letters -> published value"""
    name = FAMILIES[family][2]
    if not name:
        return {}
    path = os.path.join(data, name)
    if path.endswith(".json"):
        return {k.lower(): v["best_known_cost"]
                for k, v in json.load(open(path)).items()}
    return {row["instance"].lower(): float(row["bks"])
            for row in csv.DictReader(open(path))}


def optimum_jobs(data):
    path = os.path.join(data, FAMILIES["optimum"][2])
    for row in csv.DictReader(open(path)):
        n = int(row["paths_v"])
        file = os.path.join(data, "toptw/righini", row["set"], row["instance"])
        yield file, n, float(row["optimum_total_profit"])


def jobs_of(data, family):
    """(path, number of vehicles or 0, published best or None)"""
    if family == "optimum":
        return list(optimum_jobs(data))
    paths = sorted(p for p in glob.glob(os.path.join(
        data, FAMILIES[family][0])) if "BKS" not in p)
    if family == "bank":
        return [(p, 0, BANK.get(os.path.basename(p))) for p in paths]
    if family == "toptw":
        return [(p, n, TOPTW[stem(p)][k]) for p in paths if stem(p) in TOPTW
                for k, n in enumerate((1, 3))]
    known = best_known(data, family)
    return [(p, 0, known.get(stem(p))) for p in paths]


def load(path, n_vehicles):
    if path.endswith(".json"):
        return ri.VroomCase(path)
    if path.endswith(".vrp"):
        return ri.read_vrplib(path)
    if "toptw" in path:
        return ri.read_toptw(path, n_vehicles or 1)
    if "cordeau" in path:
        return ri.read_cordeau(path)
    return ri.read_solomon(path)


def run(words, answers=(0,), **more):
    """Standard output, CPU seconds; raises where the program fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, **more)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    if done.returncode not in answers:
        raise RuntimeError(" ".join(words) + ": " + done.stderr.strip()[-500:]
                           + done.stdout[-300:])
    return done.stdout, cpu


def gridbeat(program, case, path, n_vehicles, options, seed, folder):
    out = os.path.join(folder, "gridbeat.sol")
    words = [program, "route", "solve", path, "--seed", str(seed),
             "--threads", str(options.threads), "--json", "--out", out]
    if options.iterations:
        words += ["--iterations", str(options.iterations)]
    else:
        words += ["--time-limit", "%g" % options.seconds]
    if n_vehicles:
        words += ["--vehicles", str(n_vehicles)]
    more = dict(os.environ, LD_PRELOAD=options.cpu) if options.cpu else None
    # 5: there is a plan, and something that had to be in it is not.
    text, cpu = run(words, answers=(0, 5), env=more)
    answer = json.loads(text)
    figure, routes, broken = case.price(open(out).read())
    told = answer["prize" if case.is_prize else "cost"]
    if told != figure:
        broken.append("%s: the command says %s, its solution is %s" %
                      (case.name, told, figure))
    return figure, routes, cpu, broken


def report(options, peers, family, job, seed, rows):
    import route_peers
    path, n_vehicles, best = job
    case = load(path, n_vehicles)
    best = None if best is None else round(best * case.per)
    with tempfile.TemporaryDirectory() as folder:
        own = [] if options.gridbeat == "-" else ["gridbeat"]
        for name in own + list(peers):
            try:
                if name == "gridbeat":
                    got = gridbeat(options.gridbeat, case, path, n_vehicles,
                                   options, seed, folder)
                else:
                    got = route_peers.PEERS[name](peers[name], case, path,
                                                  options, seed, folder)
            except (RuntimeError, ValueError, KeyError) as error:
                got = (None, 0, 0, [str(error)])
            if got is None:     # not its kind of problem
                continue
            figure, routes, cpu, broken = got
            gap = None
            if best and figure is not None:
                gap = 100 * (figure - best) / best
                gap = -gap if case.is_prize else gap
            rows.append((family, case.name, n_vehicles, name, seed, best,
                         figure, gap, routes, cpu, broken))
            show(rows[-1])


def show(row):
    family, name, n_vehicles, who, seed, best, figure, gap, routes, cpu, bad \
        = row
    print("| %s | %s%s | %s | %d | %s | %s | %s | %d | %.1f |" % (
        family, name, "" if not n_vehicles else " x %d" % n_vehicles, who,
        seed, "-" if best is None else best,
        "-" if figure is None else figure,
        "-" if gap is None else "%.3f" % gap, routes, cpu), flush=True)
    for line in bad[:3]:
        print("    BROKEN: " + line, file=sys.stderr, flush=True)


def means(rows):
    print("\n| family | solver | runs | broken | mean gap % | worst | CPU s |\n"
          "| --- | --- | --- | --- | --- | --- | --- |")
    keys = list(dict.fromkeys((r[0], r[3]) for r in rows))
    for family, who in keys:
        mine = [r for r in rows if (r[0], r[3]) == (family, who)]
        gaps = [r[7] for r in mine if r[7] is not None and not r[-1]]
        if gaps:
            print("| %s | %s | %d | %d | %.3f | %.3f | %.1f |" % (
                family, who, len(mine), sum(1 for r in mine if r[-1]),
                sum(gaps) / len(gaps), max(gaps),
                sum(r[9] for r in mine) / len(mine)))


def arguments():
    here = os.path.dirname(os.path.abspath(__file__))
    take = argparse.ArgumentParser(description=__doc__,
                                   formatter_class=argparse.
                                   RawDescriptionHelpFormatter)
    take.add_argument("gridbeat")
    take.add_argument("--data", default=os.path.join(
        here, "../../shared/data/route"))
    take.add_argument("--family", default=",".join(FAMILIES))
    take.add_argument("--only", default="", help="names that contain one")
    take.add_argument("--time", type=float)
    take.add_argument("--iterations", type=int)
    take.add_argument("--seed", default="1")
    take.add_argument("--threads", type=int, default=1)
    take.add_argument("--peer", action="append", default=[])
    take.add_argument("--cpu", type=os.path.abspath, metavar="MODULE")
    take.add_argument("--csv")
    take.add_argument("--list", action="store_true")
    return take.parse_args()


def main():
    options = arguments()
    peers = dict(p.split("=", 1) for p in options.peer)
    parts = [p.lower() for p in options.only.split(",") if p]
    rows = []
    print("| family | instance | solver | seed | best known | found | gap % |"
          " routes | CPU s |\n" + "| --- " * 9 + "|")
    for family in options.family.split(","):
        options.seconds = options.time or FAMILIES[family][1]
        for job in jobs_of(options.data, family):
            name = os.path.basename(job[0]).lower()
            if parts and not any(p in name for p in parts):
                continue
            if options.list:
                print(family, *job)
                continue
            for seed in options.seed.split(","):
                report(options, peers, family, job, int(seed), rows)
    if rows:
        means(rows)
    if options.csv:
        with open(options.csv, "w", newline="") as file:
            out = csv.writer(file)
            out.writerow("family instance vehicles solver seed best found gap"
                         " routes cpu_s broken".split())
            out.writerows(r[:-1] + ("; ".join(r[-1]),) for r in rows)
    return any(r[3] == "gridbeat" and r[-1] for r in rows)


if __name__ == "__main__":
    sys.exit(main())
