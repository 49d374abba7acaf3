/*
 * What a pricing claims that no route of a kind surpasses, against every order
 * of every set of clients with every place for the breaks (route_oracle.h), for
 * any multipliers of clients, groups, musts and cuts.  A plan that is known
 * hides a claim that is too low from a test of the bound; nothing does here.
 *
 * Times are short, so that some seconds matter: labels take in one another's
 * clocks, and prizes change while one drives.
 */
#include "base_rng.h"
#include "route_bound_master.h"
#include "route_hold.h"

enum { MOST_SETS = 1 << ORACLE_CLIENTS, DUALS_A_CASE = 24,
       DUALS_AN_HOURLY_CASE = 100, MOST_CUTS = 3 };

typedef struct setting {
    gb_context *ctx;
    base_run run;
    route_case it;
    base_rng rng;
    uint64_t seed;
    rb_model model;
    rb_memory memory;
    rb_pricer pricer;
    rb_duals duals;
    rb_cut cuts[MOST_CUTS];
    uint64_t cut_memory[MOST_CUTS];
    uint32_t n_cuts;
    oracle_route routes[CASE_VEHICLES][MOST_SETS];
    bool is_hourly; /* prizes change, nobody waits for them */
    bool is_whole;  /* all is remembered, by labels and cuts */
    uint32_t n_claims, n_strict; /* where something gains */
    uint32_t n_equal, n_strict_equal;
} setting;

static uint32_t below(setting *s, uint32_t bound)
{
    return (uint32_t)base_rng_below(&s->rng, bound);
}

/* --- cases ----------------------------------------------------------------- */

static void shorten_matrix(int32_t *seconds, size_t n, int32_t by)
{
    for (size_t i = 0; i < n; i++)
        if (seconds[i] != GB_ROUTE_UNREACHABLE)
            seconds[i] /= by;
}

static void shorten_windows(route_case *it, int32_t by)
{
    for (uint32_t c = 0; c < it->problem.n_clients; c++)
        for (uint32_t i = it->first_window[c]; i < it->first_window[c + 1];
             i++) {
            gb_route_window *w = &it->windows[i];

            w->early_s /= by;
            w->late_s /= by;
            if (i == it->first_window[c])
                continue;
            if (w->early_s <= w[-1].late_s)
                w->early_s = w[-1].late_s + 1;
            if (w->late_s < w->early_s)
                w->late_s = w->early_s;
        }
}

static void shorten_vehicle(gb_route_vehicle *v, gb_route_break *breaks,
                            int32_t by)
{
    v->shift_start_s /= by;
    v->shift_end_s /= by;
    v->max_duration_s /= by;
    v->max_travel_s /= by;
    for (uint32_t k = 0; k < v->n_breaks; k++) {
        breaks[k].early_s /= by;
        breaks[k].late_s /= by;
        breaks[k].length_s /= by;
    }
}

/* All times divided, what is in order kept in order. */
static void shorten(route_case *it, int32_t by)
{
    const size_t n = it->problem.n_locations;

    for (uint32_t f = 0; f < 2; f++) {
        shorten_matrix(it->seconds[f], n * n, by);
        for (uint32_t b = 0; b < CASE_BANDS; b++)
            shorten_matrix(it->band[f][b], n * n, by);
    }
    shorten_windows(it, by);
    for (uint32_t k = 0; k < CASE_LOCATIONS; k++)
        it->access_s[k] /= by;
    for (uint32_t c = 0; c < it->problem.n_clients; c++) {
        it->service_s[c] /= by;
        it->release_s[c] /= by;
    }
    for (uint32_t k = 1; k < CASE_SLOTS; k++) {
        it->slot_start_s[k] /= by;
        if (it->slot_start_s[k] <= it->slot_start_s[k - 1])
            it->slot_start_s[k] = it->slot_start_s[k - 1] + 1;
    }
    for (uint32_t b = 0; b < CASE_BANDS; b++)
        it->band_start_s[b] /= by;
    for (uint32_t v = 0; v < it->problem.n_vehicles; v++)
        shorten_vehicle(&it->vehicles[v], it->breaks[v], by);
}

/* Few prizes, so that many are the same. */
static void level_prizes(route_case *it, int64_t step)
{
    for (uint32_t i = 0; i < CASE_CLIENTS * CASE_SLOTS; i++)
        it->slot_prize[i] -= it->slot_prize[i] % step;
    for (uint32_t i = 0; i < CASE_KINDS * CASE_CLIENTS * CASE_SLOTS; i++)
        it->kind_prize[i] -= it->kind_prize[i] % step;
}

/* In whichever order. */
static void make_two_breaks(setting *s, gb_route_vehicle *v,
                            gb_route_break *breaks)
{
    v->n_breaks = 2;
    for (uint32_t k = 0; k < 2; k++) {
        breaks[k].early_s = v->shift_start_s + (int32_t)below(s, 1000);
        breaks[k].late_s = breaks[k].early_s + (int32_t)below(s, 3000);
        breaks[k].length_s = (int32_t)below(s, 800);
    }
}

/* Most clients are worth as much at any time, so that orders of them differ by
 * the clock alone; the others make a difference of it. */
static void make_steps(setting *s)
{
    route_case *it = &s->it;

    for (uint32_t c = 0; c < it->problem.n_clients; c++) {
        const bool is_flat = below(s, 3) > 0;

        for (uint32_t k = 0; k < CASE_SLOTS; k++)
            it->slot_prize[c * CASE_SLOTS + k]
                = is_flat ? 20 : 90 * (int64_t)below(s, 2);
    }
    for (uint32_t v = 0; v < it->problem.n_vehicles; v++) {
        it->vehicles[v].cost_per_m_milli = below(s, 4);
        it->vehicles[v].max_clients = 0;
        it->vehicles[v].n_breaks = 0; /* fewer orders: more cases */
        if (below(s, 2) == 0)
            make_two_breaks(s, &it->vehicles[v], it->breaks[v]);
    }
    if (below(s, 2))
        it->problem.client_first_window = NULL;
}

/* What the labels leave out of a vehicle (GB_ROUTE_RELAXED_...) goes. */
static void plain_vehicles(route_case *it)
{
    for (uint32_t v = 0; v < it->problem.n_vehicles; v++) {
        it->vehicles[v].cost_per_s_milli = 0;
        it->vehicles[v].max_duration_s = 0;
    }
}

/* A small change of what a route feels: one that it does not, as well. */
static void change_vehicle(setting *s, gb_route_vehicle *v,
                           gb_route_break *breaks)
{
    const uint32_t n = s->it.problem.n_locations;

    switch (below(s, 12)) {
    case 0: v->shift_end_s += v->shift_end_s / 4; break;
    case 1: v->shift_start_s -= v->shift_end_s / 4; break;
    case 2: v->prize_kind = 1 - v->prize_kind; break;
    case 3: breaks[below(s, 2)].length_s /= 2; break;
    case 4: breaks[below(s, 2)].late_s += 200; break;
    case 5: v->n_breaks = v->n_breaks ? v->n_breaks - 1 : 0; break;
    case 6: v->start_location = below(s, n); break;
    case 7: v->end_location = below(s, n); break;
    case 8: v->fixed_cost /= 2; break;
    case 9: v->max_clients = 0; break;
    case 10: v->profile = 1 - v->profile; break;
    default: v->must_use = !v->must_use; break;
    }
}

/* Vehicles that differ in one thing, if in any: are they of one kind? */
static void make_alike(setting *s)
{
    route_case *it = &s->it;

    for (uint32_t v = 1; v < it->problem.n_vehicles; v++) {
        it->vehicles[v] = it->vehicles[0];
        memcpy(it->breaks[v], it->breaks[0], sizeof it->breaks[0]);
        it->vehicles[v].breaks = it->breaks[v];
        change_vehicle(s, &it->vehicles[v], it->breaks[v]);
    }
}

static void make_case(setting *s, int part, int i)
{
    static const int32_t SHORTER[] = { 1, 6, 20, 40, 80 };
    const uint32_t first[CASE_VEHICLES + 1] = { 0 };
    gb_route_order order = GB_ROUTE_ORDER_INIT;
    gb_route_solution *none;

    s->seed = test_seed() + 10000 * (uint64_t)(part + 1) + (uint64_t)i;
    s->rng = base_rng_seeded(s->seed ^ 0x5bd1e995);
    route_case_make_part(&s->it, &ROUTE_CASE_PARTS[part], s->seed,
                         i % 8 == 0 || s->is_hourly ? 7 : 5,
                         s->is_hourly ? 2 : 3);
    if (s->is_hourly && below(s, 4))
        make_steps(s);
    if (below(s, 3) == 0)
        make_alike(s);
    shorten(&s->it, SHORTER[s->is_hourly ? 2 + below(s, 3) : below(s, 5)]);
    if (!s->is_hourly && below(s, 3) == 0)
        level_prizes(&s->it, 25 + 25 * below(s, 2));
    if (below(s, 4))
        plain_vehicles(&s->it);
    order.first = order.items = first; /* is it valid? */
    assert_ok(s->ctx,
              gb_route_evaluate(s->ctx, &s->it.problem, &order, &none));
    gb_route_solution_free(none);
}

/* --- multipliers ----------------------------------------------------------- */

static int64_t draw_dual(setting *s, uint32_t way)
{
    const int64_t sign = below(s, 2) ? 1 : -1;

    switch (way) {
    case 0:
        return 0;
    case 1:
        return sign * below(s, 50001);
    case 2:
        return below(s, 100001);
    case 3: /* a set of clients, whatever they are worth */
        return sign * 1000000000;
    case 4:
        return sign * 1000 * below(s, 60);
    case 5:
        return -(int64_t)below(s, 100001);
    default:
        return below(s, 3) ? sign * below(s, 30001)
                           : sign * INT64_C(1000000000000000);
    }
}

static void draw_cuts(setting *s)
{
    const uint32_t n = s->model.n_customers;

    s->n_cuts = n >= 3 && below(s, 3) == 0 ? 1 + below(s, MOST_CUTS) : 0;
    memset(s->duals.cuts, 0, sizeof s->duals.cuts);
    for (uint32_t k = 0; k < s->n_cuts; k++) {
        const uint32_t first = below(s, n);

        s->cut_memory[k] = s->is_whole ? UINT64_MAX : base_rng_next(&s->rng);
        s->cuts[k].memory = &s->cut_memory[k];
        for (uint32_t i = 0; i < 3; i++) {
            s->cuts[k].customers[i] = (first + i) % n;
            s->cut_memory[k] |= UINT64_C(1) << ((first + i) % n);
        }
        s->duals.cuts[k] = below(s, 4) ? below(s, 60001) : 0;
    }
}

static void draw_duals(setting *s)
{
    const uint32_t way = s->is_hourly && below(s, 2) ? 7 : below(s, 8);
    const int64_t same = draw_dual(s, 1);

    /* The last way: the same for all, so that many routes gain as much. */
    for (uint32_t r = 0; r < s->model.n_rows; r++)
        s->duals.rows[r] = way < 7 ? draw_dual(s, way) : same;
    if (below(s, 2))
        s->duals.rows[s->model.n_rows - 1] = 0;
    draw_cuts(s);
}

/* --- the truth ------------------------------------------------------------- */

static uint32_t musts_of(const gb_route_problem *p, uint32_t c)
{
    const uint32_t group
        = p->client_group ? p->client_group[c] : GB_ROUTE_NONE;

    return (p->client_must && p->client_must[c])
        + (group != GB_ROUTE_NONE && p->group_must && p->group_must[group]);
}

static uint32_t day_index(const setting *s, uint32_t v)
{
    uint32_t d = 0;

    while (s->model.days[d] != s->it.vehicles[v].day)
        d++;
    return d;
}

/* What the multipliers add to a visit of this vehicle. */
static int64_t reward_of(const setting *s, uint32_t v, uint32_t c)
{
    const gb_route_problem *p = &s->it.problem;
    const rb_customer *u = &s->model.customers[s->model.customer_of[c]];
    const bool is_bundled
        = p->client_bundle && p->client_bundle[c] != GB_ROUTE_NONE;
    int64_t sum = -s->duals.rows[u->row + (is_bundled ? day_index(s, v) : 0)];

    if (u->group != GB_ROUTE_NONE)
        sum -= s->duals.rows[u->group];
    return sum + (int64_t)musts_of(p, c) * s->duals.rows[s->model.n_rows - 1];
}

/* A cut of three counts a route once if two or three of them are on it. */
static int64_t price_of_cuts(const setting *s, uint32_t set)
{
    int64_t sum = 0;

    for (uint32_t k = 0; k < s->n_cuts; k++) {
        uint32_t n = 0;

        for (uint32_t c = 0; c < s->it.problem.n_clients; c++)
            for (uint32_t i = 0; (set >> c & 1) && i < 3; i++)
                n += s->cuts[k].customers[i] == s->model.customer_of[c];
        sum += n >= 2 ? s->duals.cuts[k] : 0;
    }
    return sum;
}

/* The most that a route of this vehicle gains; 0: none gains. */
static int64_t find_truth(const setting *s, uint32_t v)
{
    const gb_route_problem *p = &s->it.problem;
    int64_t best = 0;

    for (uint32_t set = 1; set < 1u << p->n_clients; set++) {
        const oracle_route *route = &s->routes[v][set];
        int64_t value = s->model.counts_musts ? 0 : route->value_milli;

        if (route->n_items == 0)
            continue;
        for (uint32_t c = 0; c < p->n_clients; c++) {
            if (!(set >> c & 1))
                continue;
            value += reward_of(s, v, c);
            if (s->model.counts_musts)
                value += 1000 * (int64_t)musts_of(p, c);
        }
        value -= price_of_cuts(s, set);
        if (value > best)
            best = value;
    }
    return best;
}

/* Whether labels can tell all that a route has to keep to. */
static bool is_told_by_labels(const setting *s, uint32_t v)
{
    const gb_route_problem *p = &s->it.problem;
    const gb_route_vehicle *vehicle = &s->it.vehicles[v];

    return vehicle->cost_per_s_milli == 0 && vehicle->max_duration_s == 0
        && s->it.profiles[vehicle->profile].n_bands == 0
        && !p->client_release_s && !p->client_after;
}

/* --- claims ---------------------------------------------------------------- */

/* How the pricing goes about it: what it claims must hold in any way. */
static rb_effort draw_effort(setting *s)
{
    static const int32_t SPANS[] = { 0, 0, 1, 8, 30, 60, 200, 600 };
    static const uint32_t REMEMBERED[] = { 0, 1, 2, 4, 32 };
    rb_effort effort = { .n_remembered = REMEMBERED[below(s, 5)],
                         .most_remembered = RB_MOST_NEAR,
                         .patience = RB_FIRST_PATIENCE,
                         .slack = SPANS[below(s, 8)],
                         .is_sure = true };

    if (below(s, 5) == 0) {
        effort.lift = below(s, 1025);
        effort.patience = 1 + below(s, 40);
    }
    return effort;
}

/* What a route gains that the caller may have, or 0. */
static int64_t draw_known(setting *s, int64_t truth)
{
    switch (below(s, 4)) {
    case 0:
        return truth;
    case 1:
        return truth - truth / 7;
    default:
        return 0;
    }
}

static void hold_vehicle(setting *s, uint32_t v, const rb_effort *effort,
                         int64_t known, int64_t truth, int64_t claimed)
{
    const rb_pricer *p = &s->pricer;
    const bool is_strict = p->wants_strict && !p->graph.is_loose;
    const bool is_early_best
        = p->graph.is_load || p->graph.last_jump == -RB_NEVER;
    const bool is_exact = !p->is_quick && s->is_whole
        && effort->patience == RB_FIRST_PATIENCE && effort->lift == 0
        && (is_strict ? effort->slack == 0 : is_early_best)
        && is_told_by_labels(s, v);

    ck_assert_msg(
        claimed >= truth,
        "seed %llu, vehicle %u: %lld claimed, a route gains %lld (strict %d, "
        "span %d, remembered %u, lift %u, patience %llu, known %lld)",
        (unsigned long long)s->seed, v, (long long)claimed, (long long)truth,
        is_strict, effort->slack, effort->n_remembered, effort->lift,
        (unsigned long long)effort->patience, (long long)known);
    s->n_claims += truth > 0;
    s->n_strict += truth > 0 && is_strict;
    if (!is_exact)
        return;
    ck_assert_msg(claimed == truth,
                  "seed %llu, vehicle %u: %lld claimed, %lld at best (strict "
                  "%d, known %lld)",
                  (unsigned long long)s->seed, v, (long long)claimed,
                  (long long)truth, is_strict, (long long)known);
    s->n_equal += truth > 0;
    s->n_strict_equal += truth > 0 && is_strict;
}

/* All vehicles of a kind are priced as one. */
static void hold_kind(setting *s, uint32_t kind)
{
    const rb_effort effort = draw_effort(s);
    const uint32_t first = s->model.kinds[kind].vehicle;
    const int64_t known = draw_known(s, find_truth(s, first));
    rb_price_end end;
    int64_t claimed;

    s->pricer.efforts[kind] = effort;
    s->pricer.wants_strict = s->is_hourly || below(s, 4) > 0;
    s->pricer.is_quick = below(s, 10) == 0;
    s->pricer.most_labels = below(s, 12) ? 1000000 : 1 + below(s, 60);
    assert_ok(s->ctx,
              rb_price(&s->run, &s->pricer, kind, &s->duals, s->cuts,
                       s->n_cuts, true, known, &end, &claimed));
    if (end != RB_PRICE_DONE || s->pricer.graph.drops_limits)
        return;
    if (s->pricer.most_labels < 1000000)
        s->pricer.is_quick = true; /* nothing that is exact */
    for (uint32_t v = 0; v < s->it.problem.n_vehicles; v++)
        if (s->model.kind_of[v] == kind)
            hold_vehicle(s, v, &effort, known, find_truth(s, v), claimed);
}

static void hold_claims(setting *s)
{
    const uint32_t n = s->model.n_customers;
    const int n_duals = s->is_hourly ? DUALS_AN_HOURLY_CASE : DUALS_A_CASE;

    s->is_whole = below(s, 2) == 0;
    assert_ok(s->ctx, rb_memory_init(s->ctx, &s->model,
                                     s->is_whole ? n : 1 + below(s, n),
                                     &s->memory));
    assert_ok(s->ctx, rb_pricer_init(s->ctx, &s->model, &s->memory,
                                     &s->pricer));
    for (int i = 0; i < n_duals; i++) {
        s->model.counts_musts = below(s, 10) == 0;
        draw_duals(s);
        for (uint32_t k = 0; k < s->model.n_kinds; k++)
            hold_kind(s, k);
    }
    rb_pricer_clear(&s->pricer);
    rb_memory_clear(s->model.mem, &s->memory);
}

static void hold_case(setting *s)
{
    for (uint32_t v = 0; v < s->it.problem.n_vehicles; v++)
        oracle_routes(&s->it.problem, v, s->routes[v]);
    assert_ok(s->ctx, rb_model_build(s->ctx, &s->it.problem, &s->model));
    s->duals.rows = calloc(s->model.n_rows, sizeof *s->duals.rows);
    ck_assert_ptr_nonnull(s->duals.rows);
    hold_claims(s);
    free(s->duals.rows);
    rb_model_clear(&s->model);
}

static void hold_cases(setting *s, int part, int from, int n)
{
    int n_done = 0;

    for (int i = from; n_done < n; i++) {
        make_case(s, part, i);
        if (s->is_hourly
            && (s->it.problem.n_slots == 0 || s->it.problem.n_clients < 4))
            continue;
        hold_case(s);
        n_done++;
    }
    if (getenv("GB_TELL"))
        fprintf(stderr,
                "%s: %u claims, %u equal; %u without waits, %u equal\n",
                ROUTE_CASE_PARTS[part].name, s->n_claims, s->n_equal,
                s->n_strict, s->n_strict_equal);
}

static setting *begin(void)
{
    static setting s;

    s = (setting){ .ctx = test_context() };
    base_run_begin(&s.run, s.ctx, (base_limits){ 0 });
    return &s;
}

static void end(setting *s)
{
    assert_ok(s->ctx, base_run_end(&s->run, GB_OK));
    gb_context_free(s->ctx);
}

START_TEST(no_route_gains_more_than_a_pricing_claims)
{
    setting *s = begin();

    hold_cases(s, _i, 0, test_cases(60));
    ck_assert_uint_gt(s->n_claims, 0);
    end(s);
}
END_TEST

/* Where prizes change by the hour nobody waits for a better one, and labels
 * stand for spans of the clock. */
START_TEST(claims_without_waits_on_purpose_hold)
{
    setting *s = begin();

    s->is_hourly = true;
    hold_cases(s, 0, 1005000, test_cases(550)); /* other seeds */
    ck_assert_uint_gt(3 * s->n_strict, s->n_claims);
    ck_assert_uint_gt(20 * s->n_strict_equal, s->n_strict);
    end(s);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_bound_price");
    TCase *model = tcase_create("model");

    tcase_set_timeout(model, 120);
    tcase_add_loop_test(model, no_route_gains_more_than_a_pricing_claims, 0,
                        CASE_PARTS);
    tcase_add_test(model, claims_without_waits_on_purpose_hold);
    suite_add_tcase(suite, model);
    return suite;
}
