#include "base_rng.h"

#include "route_case.h"
#include "test.h"

#include <gridbeat/route_replan.h>

enum { MOST_CHANGES = 6, MOST_ITEMS = CASE_CLIENTS + 8 * CASE_VEHICLES };

static uint32_t draw_random(void *source, uint32_t bound)
{
    return (uint32_t)base_rng_below(source, bound);
}

/* A plan and something that happens to it. */
typedef struct scene {
    route_case it;
    gb_route_solution *now;
    uint32_t first[CASE_VEHICLES + 1], items[MOST_ITEMS];
    gb_route_order order;
    gb_route_change changes[MOST_CHANGES];
    size_t n_changes;
    gb_route_replan_options options;
} scene;

static gb_route_stop stop_of(const gb_route_solution *s, uint32_t v,
                             uint32_t i)
{
    gb_route_stop stop = { .size = sizeof stop };

    ck_assert(gb_route_solution_stop(s, v, i, &stop));
    return stop;
}

static uint32_t n_items_of(const gb_route_solution *s, uint32_t v)
{
    gb_route_totals totals = { .size = sizeof totals };

    ck_assert(gb_route_solution_totals(s, v, &totals));
    return totals.n_items;
}

static uint32_t vehicle_of(const gb_route_solution *s, uint32_t c)
{
    uint32_t vehicle, item;

    ck_assert(gb_route_solution_find(s, c, &vehicle, &item));
    return vehicle;
}

static int32_t start_of(const gb_route_solution *s, uint32_t c)
{
    uint32_t vehicle, item;

    ck_assert(gb_route_solution_find(s, c, &vehicle, &item));
    return vehicle == GB_ROUTE_NONE ? 0 : stop_of(s, vehicle, item).start_s;
}

/* Is that time of vehicle v in the past? */
static bool is_past(const scene *s, uint32_t v, int32_t at_s)
{
    const uint32_t day = s->it.vehicles[v].day;

    return day < s->options.clock_day
        || (day == s->options.clock_day && at_s < s->options.clock_s);
}

static bool has_begun(const scene *s, uint32_t c)
{
    const uint32_t v = vehicle_of(s->now, c);

    return v != GB_ROUTE_NONE && is_past(s, v, start_of(s->now, c));
}

static void draw_change(scene *s, base_rng *rng)
{
    const gb_route_change none = GB_ROUTE_CHANGE_INIT;
    gb_route_change *change = &s->changes[s->n_changes];
    const gb_route_problem *p = &s->it.problem;
    const uint32_t c = (uint32_t)base_rng_below(rng, p->n_clients);

    *change = none;
    change->kind = 1 + (int32_t)base_rng_below(rng, 8);
    change->client = c;
    change->vehicle = (uint32_t)base_rng_below(rng, p->n_vehicles);
    change->from = (uint32_t)base_rng_below(rng, p->n_locations);
    change->to = (uint32_t)base_rng_below(rng, p->n_locations);
    change->profile = base_rng_below(rng, 2) ? GB_ROUTE_NONE : 0;
    change->seconds = (int32_t)base_rng_below(rng, 2500);
    change->early_s = (int32_t)base_rng_below(rng, 9000);
    change->late_s
        = change->early_s + 100 + (int32_t)base_rng_below(rng, 4000);
    if (change->kind == GB_ROUTE_CHANGE_ROAD && base_rng_below(rng, 2))
        change->seconds = GB_ROUTE_UNREACHABLE;
    if ((change->kind == GB_ROUTE_CHANGE_CANCEL
         || change->kind == GB_ROUTE_CHANGE_WINDOW)
        && has_begun(s, c))
        return;
    if (change->kind == GB_ROUTE_CHANGE_ADD
        && vehicle_of(s->now, c) != GB_ROUTE_NONE)
        return;
    s->n_changes++;
}

static void set_scene(gb_context *ctx, scene *s, uint64_t seed)
{
    const gb_route_order no_order = GB_ROUTE_ORDER_INIT;
    const gb_route_replan_options defaults = GB_ROUTE_REPLAN_OPTIONS_INIT;
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    base_rng rng = base_rng_seeded(seed);
    route_case_size size;
    size_t n;

    memset(s, 0, sizeof *s);
    size.n_clients = (uint32_t)base_rng_between(&rng, 1, 24);
    size.n_vehicles = (uint32_t)base_rng_between(&rng, 1, 4);
    size.features = base_rng_below(&rng, 2)
        ? 0
        : (uint32_t)base_rng_below(&rng, CASE_HAS_ALL + 1);
    route_case_make(&s->it, size, draw_random, &rng);
    options.max_iterations = 60;
    options.seed = seed;
    assert_ok(ctx, gb_route_solve(ctx, &s->it.problem, &options, &s->now));
    assert_ok(ctx, gb_route_solution_order(s->now, s->first, s->items,
                                           MOST_ITEMS, &n));
    s->order = no_order;
    s->order.first = s->first;
    s->order.items = s->items;
    s->options = defaults;
    s->options.clock_s = (int32_t)base_rng_below(&rng, 9000);
    if (base_rng_below(&rng, 4) == 0)
        s->options.clock_s = 0;
    s->options.clock_day = (uint32_t)base_rng_below(&rng, 2)
        * s->it.vehicles[0].day;
    s->options.lock = (int32_t)base_rng_below(&rng, 3);
    s->options.max_changes = (uint32_t)base_rng_below(&rng, 4);
    if (base_rng_below(&rng, 4) == 0)
        s->options.max_changes = UINT32_MAX;
    s->options.tolerance_s = (int32_t)base_rng_below(&rng, 1200) - 100;
    s->options.max_iterations = 80;
    s->options.seed = seed;
    for (size_t i = 0, m = base_rng_below(&rng, MOST_CHANGES); i < m; i++)
        draw_change(s, &rng);
}

static gb_status replan(gb_context *ctx, const scene *s,
                        gb_route_solution **out, gb_route_diff **diff)
{
    return gb_route_replan(ctx, &s->it.problem, &s->order, s->changes,
                           s->n_changes, &s->options, out, diff);
}

static int32_t tolerance_of(const scene *s)
{
    return s->options.tolerance_s == 0 ? 900 : s->options.tolerance_s;
}

/* --- what each answer is held to --- */

static void hold_frozen(const scene *s, const gb_route_solution *then,
                        uint64_t seed)
{
    for (uint32_t v = 0; v < s->it.problem.n_vehicles; v++)
        for (uint32_t i = 0; i < n_items_of(s->now, v); i++) {
            const gb_route_stop was = stop_of(s->now, v, i);
            gb_route_stop is;

            if (!is_past(s, v, was.start_s))
                break;
            /* Breaks alone are no route. */
            if (n_items_of(then, v) == 0) {
                ck_assert_int_eq(was.kind, GB_ROUTE_STOP_BREAK);
                continue;
            }
            is = stop_of(then, v, i);
            ck_assert_msg(is.kind == was.kind && is.client == was.client
                              && is.start_s == was.start_s,
                          "seed %llu: vehicle %u, item %u began at %d s, now "
                          "%d s",
                          (unsigned long long)seed, v, i, was.start_s,
                          is.start_s);
        }
}

/* Nobody is on the road to somebody new before the clock. */
static void hold_clock(const scene *s, const gb_route_solution *then,
                       uint64_t seed)
{
    for (uint32_t v = 0; v < s->it.problem.n_vehicles; v++) {
        bool is_first = true;

        for (uint32_t i = 0; i < n_items_of(then, v); i++) {
            const gb_route_stop is = stop_of(then, v, i);

            if (is.kind == GB_ROUTE_STOP_BREAK)
                continue;
            if (has_begun(s, is.client)
                && vehicle_of(s->now, is.client) == v)
                continue;
            ck_assert_msg(!is_past(s, v, is.start_s),
                          "seed %llu: client %u begins at %d s, it is %d s",
                          (unsigned long long)seed, is.client, is.start_s,
                          s->options.clock_s);
            /* The first of them may be whom v was on the way to. */
            if (!is_first || vehicle_of(s->now, is.client) != v)
                ck_assert_msg(!is_past(s, v, is.arrival_s - is.travel_s),
                              "seed %llu: vehicle %u left for client %u "
                              "before",
                              (unsigned long long)seed, v, is.client);
            is_first = false;
        }
    }
}

static void hold_changes(const scene *s, const gb_route_solution *then)
{
    bool is_gone[CASE_CLIENTS] = { false };

    for (size_t k = 0; k < s->n_changes; k++) {
        const gb_route_change *change = &s->changes[k];

        if (change->kind == GB_ROUTE_CHANGE_CANCEL)
            is_gone[change->client] = true;
        if (change->kind == GB_ROUTE_CHANGE_ADD)
            is_gone[change->client] = false;
        if (change->kind == GB_ROUTE_CHANGE_ABSENT)
            for (uint32_t i = 0; i < n_items_of(then, change->vehicle); i++) {
                const gb_route_stop is = stop_of(then, change->vehicle, i);

                ck_assert(is.kind == GB_ROUTE_STOP_BREAK
                          || has_begun(s, is.client));
            }
    }
    for (uint32_t c = 0; c < s->it.problem.n_clients; c++)
        ck_assert(!is_gone[c] || vehicle_of(then, c) == GB_ROUTE_NONE);
}

static bool is_absent(const scene *s, uint32_t v)
{
    for (size_t k = 0; k < s->n_changes; k++)
        if (s->changes[k].kind == GB_ROUTE_CHANGE_ABSENT
            && s->changes[k].vehicle == v)
            return true;
    return false;
}

/* The diff against the two solutions, and the budget and the locks. */
static void hold_diff(const scene *s, const gb_route_solution *then,
                      const gb_route_diff *diff, uint64_t seed)
{
    gb_route_diff_summary sum = { .size = sizeof sum };
    gb_route_difference d = { .size = sizeof d };
    size_t at = 0;
    uint32_t n_counted = 0;

    ck_assert(gb_route_diff_summarize(diff, &sum));
    for (uint32_t c = 0; c < s->it.problem.n_clients; c++) {
        const uint32_t was = vehicle_of(s->now, c), is = vehicle_of(then, c);
        const int32_t moved_s
            = was == is ? start_of(then, c) - start_of(s->now, c) : 0;
        bool counts;

        if (was == is && moved_s == 0)
            continue;
        ck_assert(gb_route_diff_get(diff, at++, &d));
        ck_assert_uint_eq(d.client, c);
        ck_assert_uint_eq(d.vehicle_before, was);
        ck_assert_uint_eq(d.vehicle_after, is);
        ck_assert_int_eq(d.start_before_s, start_of(s->now, c));
        ck_assert_int_eq(d.start_after_s, start_of(then, c));
        counts = !d.is_forced
            && (was != is
                || (tolerance_of(s) >= 0 && abs(moved_s) > tolerance_of(s)));
        ck_assert(counts == d.is_counted);
        n_counted += counts;
        if (s->options.lock != GB_ROUTE_LOCK_NONE && was != GB_ROUTE_NONE
            && !is_absent(s, was))
            ck_assert_msg(is == was || (is == GB_ROUTE_NONE && d.is_forced),
                          "seed %llu: client %u was locked to vehicle %u",
                          (unsigned long long)seed, c, was);
    }
    ck_assert(!gb_route_diff_get(diff, at, &d));
    ck_assert_uint_eq(sum.n_differences, at);
    ck_assert_uint_eq(sum.n_counted, n_counted);
    ck_assert_msg(n_counted <= s->options.max_changes,
                  "seed %llu: %u changes, %u allowed",
                  (unsigned long long)seed, n_counted,
                  s->options.max_changes);
}

/* With the order locked, those who stay follow each other as before. */
static void hold_order(const scene *s, const gb_route_solution *then,
                       uint64_t seed)
{
    if (s->options.lock != GB_ROUTE_LOCK_ALL)
        return;
    for (uint32_t v = 0; v < s->it.problem.n_vehicles; v++) {
        int64_t last = -1;

        for (uint32_t i = 0; i < n_items_of(then, v); i++) {
            const gb_route_stop is = stop_of(then, v, i);
            uint32_t vehicle, item;
            bool is_named = false;

            if (is.kind == GB_ROUTE_STOP_BREAK)
                continue;
            ck_assert(gb_route_solution_find(s->now, is.client, &vehicle,
                                             &item));
            if (vehicle != v)
                continue;
            /* Those who could not stay may be anywhere. */
            if (item < last)
                is_named = true;
            ck_assert_msg(!is_named || s->n_changes > 0, "seed %llu",
                          (unsigned long long)seed);
            if (!is_named)
                last = item;
        }
    }
}

static void assert_equal(const scene *s, const gb_route_solution *a,
                         const gb_route_solution *b)
{
    for (uint32_t v = 0; v < s->it.problem.n_vehicles; v++) {
        ck_assert_uint_eq(n_items_of(a, v), n_items_of(b, v));
        for (uint32_t i = 0; i < n_items_of(a, v); i++) {
            const gb_route_stop x = stop_of(a, v, i), y = stop_of(b, v, i);

            ck_assert_mem_eq(&x, &y, sizeof x);
        }
    }
}

START_TEST(a_replan_keeps_what_it_promises)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(1500);
    int n_refused = 0, n_changed = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = test_seed() + (uint64_t)i;
        static scene s;
        gb_route_solution *then = NULL, *again = NULL;
        gb_route_diff *diff = NULL;
        gb_route_findings *findings;
        gb_route_diff_summary sum = { .size = sizeof sum };
        gb_status status;

        set_scene(ctx, &s, seed);
        status = replan(ctx, &s, &then, &diff);
        ck_assert_msg(status == GB_OK || status == GB_ERR_INFEASIBLE,
                      "seed %llu: %s", (unsigned long long)seed,
                      gb_last_error(ctx));
        if (status) {
            n_refused++;
            gb_route_solution_free(s.now);
            continue;
        }
        assert_ok(ctx, gb_route_check(ctx, gb_route_diff_problem(diff), then,
                                      &findings));
        ck_assert_msg(gb_route_findings_count(findings) == 0,
                      "seed %llu: %s", (unsigned long long)seed,
                      gb_route_findings_text(findings, 0));
        gb_route_findings_free(findings);
        hold_frozen(&s, then, seed);
        hold_clock(&s, then, seed);
        hold_changes(&s, then);
        hold_diff(&s, then, diff, seed);
        hold_order(&s, then, seed);
        ck_assert(gb_route_diff_summarize(diff, &sum));
        n_changed += sum.n_counted > 0;
        assert_ok(ctx, replan(ctx, &s, &again, NULL));
        assert_equal(&s, then, again);
        gb_route_solution_free(again);
        gb_route_solution_free(then);
        gb_route_diff_free(diff);
        gb_route_solution_free(s.now);
    }
    ck_assert_int_lt(n_refused, n_cases / 10);
    ck_assert_int_gt(n_changed, n_cases / 20);
    gb_context_free(ctx);
}
END_TEST

/* --- only what must change --- */

static bool is_named(const scene *s, uint32_t c)
{
    for (size_t k = 0; k < s->n_changes; k++)
        if (s->changes[k].client == c
            && (s->changes[k].kind == GB_ROUTE_CHANGE_CANCEL
                || s->changes[k].kind == GB_ROUTE_CHANGE_ADD
                || s->changes[k].kind == GB_ROUTE_CHANGE_WINDOW))
            return true;
    return false;
}

/* Could the answer's routes be driven with c's promise kept? */
static bool could_keep(gb_context *ctx, const scene *s,
                       const gb_route_solution *then,
                       const gb_route_problem *changed, uint32_t c)
{
    static gb_route_window windows[4 * CASE_CLIENTS];
    uint32_t window_of[CASE_CLIENTS + 1] = { 0 };
    uint32_t first[CASE_VEHICLES + 1], items[MOST_ITEMS], n = 0;
    gb_route_problem held = *changed;
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_solution *kept = NULL;
    const gb_route_window promise = { start_of(s->now, c) - tolerance_of(s),
                                      start_of(s->now, c) + tolerance_of(s) };
    const uint32_t from = changed->client_first_window[c];
    const uint32_t to = changed->client_first_window[c + 1];
    size_t needed;

    for (uint32_t b = 0; b < changed->n_clients; b++) {
        for (uint32_t w = changed->client_first_window[b];
             w < changed->client_first_window[b + 1]; w++) {
            gb_route_window one = changed->windows[w];

            if (b == c && one.early_s < promise.early_s)
                one.early_s = promise.early_s;
            if (b == c && one.late_s > promise.late_s)
                one.late_s = promise.late_s;
            if (one.early_s <= one.late_s)
                windows[n++] = one;
        }
        if (b == c && from == to)
            windows[n++] = promise;
        else if (b == c && n == window_of[b])
            return false;
        window_of[b + 1] = n;
    }
    held.client_first_window = window_of;
    held.windows = windows;
    assert_ok(ctx, gb_route_solution_order(then, first, items, MOST_ITEMS,
                                           &needed));
    order.first = first;
    order.items = items;
    if (gb_route_evaluate(ctx, &held, &order, &kept))
        return false;
    gb_route_solution_free(kept);
    return true;
}

START_TEST(without_a_budget_only_those_change_who_must)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(1000);
    int n_moved = 0, n_kept = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = test_seed() + 30000 + (uint64_t)i;
        static scene s;
        gb_route_solution *then;
        gb_route_diff *diff;
        gb_route_difference d = { .size = sizeof d };

        set_scene(ctx, &s, seed);
        s.options.max_changes = 0;
        s.options.tolerance_s = 400;
        if (replan(ctx, &s, &then, &diff)) {
            gb_route_solution_free(s.now);
            continue;
        }
        for (size_t k = 0; gb_route_diff_get(diff, k, &d); k++) {
            ck_assert(!d.is_counted);
            if (!d.is_forced || is_named(&s, d.client)
                || d.kind != GB_ROUTE_DIFFERENCE_TIME
                || abs(d.start_after_s - d.start_before_s) <= 400
                || is_absent(&s, d.vehicle_before))
                continue;
            n_moved++;
            n_kept += could_keep(ctx, &s, then, gb_route_diff_problem(diff),
                                 d.client);
            ck_assert_msg(n_kept == 0,
                          "seed %llu: client %u need not have moved from %d "
                          "to %d s",
                          (unsigned long long)seed, d.client,
                          d.start_before_s, d.start_after_s);
        }
        gb_route_solution_free(then);
        gb_route_diff_free(diff);
        gb_route_solution_free(s.now);
    }
    ck_assert_int_gt(n_moved, n_cases / 20);
    gb_context_free(ctx);
}
END_TEST

START_TEST(where_nothing_happens_nothing_changes)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(300);

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = test_seed() + 9000 + (uint64_t)i;
        static scene s;
        gb_route_solution *then;
        gb_route_diff *diff;
        gb_route_diff_summary sum = { .size = sizeof sum };

        set_scene(ctx, &s, seed);
        s.n_changes = 0;
        s.options.max_changes = 0;
        if (s.options.tolerance_s < 0)
            s.options.tolerance_s = 600;
        ck_assert_msg(replan(ctx, &s, &then, &diff) == GB_OK, "seed %llu: %s",
                      (unsigned long long)seed, gb_last_error(ctx));
        ck_assert(gb_route_diff_summarize(diff, &sum));
        ck_assert_msg(sum.n_differences == 0, "seed %llu: %u differences",
                      (unsigned long long)seed, sum.n_differences);
        gb_route_solution_free(then);
        gb_route_diff_free(diff);
        gb_route_solution_free(s.now);
    }
    gb_context_free(ctx);
}
END_TEST

/* --- suggestions --- */

static int64_t value_of(gb_context *ctx, scene *s, uint32_t c)
{
    gb_route_solution *then;
    gb_route_summary sum = { .size = sizeof sum };

    s->options.max_changes = 0;
    assert_ok(ctx, replan(ctx, s, &then, NULL));
    ck_assert(gb_route_solution_summary(then, &sum));
    ck_assert(c == GB_ROUTE_NONE || vehicle_of(then, c) != GB_ROUTE_NONE);
    gb_route_solution_free(then);
    return sum.value_milli;
}

/* A client with that window, added to the plan, changes its value so. */
static void hold_price(gb_context *ctx, scene *s, uint32_t c,
                       const gb_route_suggestion *w, uint64_t seed)
{
    const gb_route_change none = GB_ROUTE_CHANGE_INIT;
    int64_t before, after;

    s->options.lock = GB_ROUTE_LOCK_NONE;
    s->n_changes = 0;
    before = value_of(ctx, s, GB_ROUTE_NONE);
    s->changes[0] = s->changes[1] = none;
    s->changes[0].kind = GB_ROUTE_CHANGE_ADD;
    s->changes[1].kind = GB_ROUTE_CHANGE_WINDOW;
    s->changes[0].client = s->changes[1].client = c;
    s->changes[1].early_s = w->early_s;
    s->changes[1].late_s = w->late_s;
    s->n_changes = 2;
    after = value_of(ctx, s, c);
    ck_assert_msg(after - before == w->gain_milli,
                  "seed %llu: client %u at %d s: %lld, told %lld",
                  (unsigned long long)seed, c, w->start_s,
                  (long long)(after - before), (long long)w->gain_milli);
}

/* What the client brings in that window, by a replan that may change nobody;
 * false: nobody has room for it then. */
static bool gain_in(gb_context *ctx, scene *s, uint32_t c, int32_t early_s,
                    int32_t late_s, int64_t before, int64_t *gain)
{
    const gb_route_change none = GB_ROUTE_CHANGE_INIT;
    gb_route_solution *then;
    gb_route_summary sum = { .size = sizeof sum };
    bool is_served;

    s->options.max_changes = 0;
    s->changes[0] = s->changes[1] = none;
    s->changes[0].kind = GB_ROUTE_CHANGE_ADD;
    s->changes[1].kind = GB_ROUTE_CHANGE_WINDOW;
    s->changes[0].client = s->changes[1].client = c;
    s->changes[1].early_s = early_s;
    s->changes[1].late_s = late_s;
    s->n_changes = 2;
    assert_ok(ctx, replan(ctx, s, &then, NULL));
    ck_assert(gb_route_solution_summary(then, &sum));
    is_served = vehicle_of(then, c) != GB_ROUTE_NONE;
    gb_route_solution_free(then);
    *gain = sum.value_milli - before;
    return is_served;
}

/* Every window of the day, one by one: none that is not among the best brings
 * more than they do, and fewer than three are told only where there are not. */
static void hold_best(gb_context *ctx, scene *s, uint32_t c, int32_t step_s,
                      const gb_route_suggestion *found, size_t n,
                      uint64_t seed)
{
    int64_t before, gain;
    int32_t last_s = 0;
    size_t n_possible = 0;

    s->options.lock = GB_ROUTE_LOCK_NONE;
    s->n_changes = 0;
    before = value_of(ctx, s, GB_ROUTE_NONE);
    for (uint32_t v = 0; v < s->it.problem.n_vehicles; v++)
        if (s->it.vehicles[v].shift_end_s > last_s)
            last_s = s->it.vehicles[v].shift_end_s;
    for (int32_t t = 0; t <= last_s; t += step_s) {
        bool is_told = false;

        if (!gain_in(ctx, s, c, t, t + step_s - 1, before, &gain))
            continue;
        n_possible++;
        for (size_t k = 0; k < n; k++)
            is_told |= found[k].early_s == t;
        ck_assert_msg(is_told || (n == 3 && gain <= found[2].gain_milli),
                      "seed %llu: client %u from %d s brings %lld, %zu told, "
                      "the last of %lld",
                      (unsigned long long)seed, c, t, (long long)gain, n,
                      n ? (long long)found[n - 1].gain_milli : 0);
    }
    ck_assert_msg(n == (n_possible < 3 ? n_possible : 3),
                  "seed %llu: %zu windows told, there are %zu",
                  (unsigned long long)seed, n, n_possible);
}

/* The plan without the client; false: not drivable without it. */
static bool leave_out(gb_context *ctx, scene *s, uint32_t c)
{
    gb_route_solution *without = NULL;
    uint32_t n = 0;

    for (uint32_t v = 0, i = 0; v < s->it.problem.n_vehicles; v++) {
        for (; i < s->first[v + 1]; i++)
            if (s->items[i] != c)
                s->items[n++] = s->items[i];
        s->first[v + 1] = n;
    }
    if (gb_route_evaluate(ctx, &s->it.problem, &s->order, &without))
        return false;
    gb_route_solution_free(s->now);
    s->now = without;
    return true;
}

/* Musts come before value. */
static bool has_musts(const route_case *it)
{
    bool has = it->problem.client_must || it->problem.group_must;

    for (uint32_t v = 0; v < it->problem.n_vehicles; v++)
        has |= it->vehicles[v].must_use;
    return has;
}

START_TEST(a_suggested_window_keeps_all_promises_and_costs_what_it_says)
{
    gb_context *ctx = test_context();
    const int n_cases = test_cases(300);
    int n_found = 0, n_priced = 0, n_held = 0;

    for (int i = 0; i < n_cases; i++) {
        const uint64_t seed = test_seed() + 20000 + (uint64_t)i;
        static scene s;
        gb_route_suggest_options options = GB_ROUTE_SUGGEST_OPTIONS_INIT;
        gb_route_suggestion found[3] = { { .size = sizeof *found } };
        size_t n;
        uint32_t c;
        gb_status status;

        set_scene(ctx, &s, seed);
        options.clock_s = s.options.clock_s;
        options.clock_day = s.options.clock_day;
        options.tolerance_s = tolerance_of(&s);
        options.step_s = 1200;
        c = (uint32_t)(seed % s.it.problem.n_clients);
        if (seed % 3 && !has_begun(&s, c) && !leave_out(ctx, &s, c)) {
            gb_route_solution_free(s.now);
            continue;
        }
        status = gb_route_suggest(ctx, &s.it.problem, &s.order, c, &options,
                                  found, 3, &n);
        ck_assert_msg(status == GB_OK
                          || (status == GB_ERR_INFEASIBLE
                              && vehicle_of(s.now, c) != GB_ROUTE_NONE),
                      "seed %llu: %s", (unsigned long long)seed,
                      gb_last_error(ctx));
        for (size_t k = 0; status == GB_OK && k < n; k++) {
            const gb_route_suggestion *w = &found[k];

            n_found++;
            ck_assert_int_ge(w->start_s, w->early_s);
            ck_assert_int_le(w->start_s, w->late_s);
            ck_assert_int_eq(w->early_s % 1200, 0);
            ck_assert(!is_past(&s, w->vehicle, w->start_s));
            ck_assert_uint_eq(w->day, s.it.vehicles[w->vehicle].day);
            ck_assert(k == 0 || w->gain_milli <= found[k - 1].gain_milli
                      || has_musts(&s.it));
            if (vehicle_of(s.now, c) == GB_ROUTE_NONE
                && (!s.it.problem.client_first_window
                    || s.it.first_window[c] == s.it.first_window[c + 1])
                && (n_priced++, true))
                hold_price(ctx, &s, c, w, seed);
        }
        if (status == GB_OK && vehicle_of(s.now, c) == GB_ROUTE_NONE
            && (!s.it.problem.client_first_window
                || s.it.first_window[c] == s.it.first_window[c + 1])
            && !has_musts(&s.it) && (n_held++, true))
            hold_best(ctx, &s, c, 1200, found, n, seed);
        gb_route_solution_free(s.now);
    }
    ck_assert_int_gt(n_priced, n_cases / 20);
    ck_assert_int_gt(n_found, n_cases / 2);
    ck_assert_int_gt(n_held, n_cases / 40);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_replan");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 300);
    suite_add_tcase(suite, tc);
    tcase_add_test(tc, a_replan_keeps_what_it_promises);
    tcase_add_test(tc, without_a_budget_only_those_change_who_must);
    tcase_add_test(tc, where_nothing_happens_nothing_changes);
    tcase_add_test(tc,
                   a_suggested_window_keeps_all_promises_and_costs_what_it_says);
    return suite;
}
