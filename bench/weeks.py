#!/usr/bin/env python3
"""weeks.py - what plans bring over some weeks of working days.

  weeks.py [--truth FILE] GRIDBEAT WORKSPACE NIGHTS DATE
           [ARGUMENT OF `nightly run`]...

Plans night after night on a copy of the workspace, and lets each visit come
out as the truth of the synthetic bank has it (`world make --truth FILE`), or
without one as the plan's own chance of meeting somebody says: who is met is
not visited again for thirty days, who is not, for seven.  Chances are drawn
from customer and date alone, so that two ways of planning meet the same
people: so `--presence card` against `--presence learnt`.
Prints a line a night, then the sums: `name value unit`.
"""
import csv, datetime, hashlib, json, os, shutil, sqlite3, subprocess, sys
import resource, tempfile


def chance(ref, day):
    text = f"{ref} {day}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:6], "big") / 2 ** 48


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode not in (0, 5):
        sys.exit(f"{' '.join(words)}: {done.stderr}")
    return done.stdout


def works(path, day):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    row = db.execute("SELECT is_working FROM calendar_day WHERE day = ? AND "
                     "manager_id IS NULL", (day,)).fetchone()
    db.close()
    return row[0] if row else datetime.date.fromisoformat(day).weekday() < 5


def stops_of(path, day):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = db.execute(
        "SELECT c.ref, m.ref, s.prize, t.score, c.id, s.start_s FROM plan p "
        "JOIN plan_route r ON r.plan_id = p.id AND r.day = ?1 "
        "JOIN plan_stop s ON s.plan_route_id = r.id "
        "JOIN customer c ON c.id = s.customer_id "
        "JOIN manager m ON m.id = r.manager_id "
        "JOIN target t ON t.customer_id = c.id AND t.as_of = ?1 "
        "WHERE p.as_of = ?1", (day,)).fetchall()
    later = dict(db.execute(
        "SELECT t.customer_id, s.until_date FROM plan_state s "
        "JOIN plan p ON p.id = s.plan_id JOIN target t ON t.id = s.target_id "
        "WHERE p.as_of = ? AND s.reason = 'planned_later'", (day,)))
    db.close()
    return rows, later


def truth_of(path):
    """Who is there: by customer and kind of day, hours in thousandths."""
    with open(path) as file:
        return {(row["customer_ref"], row["day_kind"]):
                [int(row[f"h{h:02d}"]) / 1000 for h in range(8, 20)]
                for row in csv.DictReader(file)}


def main():
    truth = None
    if sys.argv[1] == "--truth":
        truth = truth_of(sys.argv[2])
        del sys.argv[1:3]
    gridbeat, source, nights, day = sys.argv[1:5]
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "bank.gb")
    sums = dict.fromkeys(("visits", "points", "field_s", "travel_s", "met",
                          "met_points", "kept", "foretold", "expected"), 0)
    night_s, said = 0, {}
    for suffix in ("", ".roads"):
        shutil.copy(source + suffix, path + suffix)
    for _ in range(int(nights)):
        while not works(path, day):
            day = str(datetime.date.fromisoformat(day)
                      + datetime.timedelta(1))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        night = json.loads(run(gridbeat, "nightly", "run", "--workspace", path,
                               "--date", day, "--no-report", "--json",
                               *sys.argv[5:]))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        night_s += after.ru_utime - before.ru_utime
        stops, later = stops_of(path, day)
        visits = os.path.join(folder, "visits.csv")
        met = 0
        with open(visits, "w") as out:
            out.write("customer_ref,date,at,manager_ref,outcome\n")
            for ref, manager, prize, score, number, start_s in stops:
                is_met = chance(ref, day) * score < prize
                if truth:
                    hour = min(max(start_s // 3600, 8), 19) - 8
                    is_met = chance(ref, day) < truth[ref, "workday"][hour]
                sums["expected"] += prize / score if score else 0
                met += is_met
                sums["met_points"] += score if is_met else 0
                sums["kept"] += said.get(number) == day
                out.write(f"{ref},{day},{start_s // 3600:02d}:"
                          f"{start_s // 60 % 60:02d},{manager},"
                          f"{'met' if is_met else 'absent'}\n")
        sums["foretold"] += sum(d == day for d in said.values())
        said = later
        run(gridbeat, "import", "visits", visits, "--workspace", path)
        sums["visits"] += night["visits"]
        sums["points"] += night["value"]
        sums["field_s"] += night["field_s"]
        sums["travel_s"] += night["same_stops"]["travel_s"]
        sums["met"] += met
        print(f"weeks.{day}: {night['visits']} visits, {met} met, "
              f"{night['value']} points, {night['value_per_h']} an hour, "
              f"{night['field_s'] / 3600:.1f} h, {len(later)} later, "
              f"{night['musts_missed']} missed", flush=True)
        day = str(datetime.date.fromisoformat(day) + datetime.timedelta(1))
    hours = sums["field_s"] / 3600
    print(f"weeks.visits {sums['visits']} -")
    print(f"weeks.points {sums['points']} points")
    print(f"weeks.field {hours:.1f} h")
    print(f"weeks.points_per_h {sums['points'] / hours:.2f} points/h")
    print(f"weeks.met {sums['met']} -")
    print(f"weeks.met_expected {sums['expected']:.0f} -")
    print(f"weeks.met_per_h {sums['met'] / hours:.3f} -/h")
    print(f"weeks.met_points_per_h {sums['met_points'] / hours:.2f} points/h")
    print(f"weeks.travel {sums['travel_s'] / 3600:.1f} h")
    print(f"weeks.kept_days {sums['kept']} of {sums['foretold']}")
    print(f"weeks.night_cpu {night_s / int(nights):.2f} s")
    shutil.rmtree(folder)


main()
