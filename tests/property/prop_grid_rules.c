/*
 * All rules of territories, mixed, against all partitions of small graphs and
 * against a check that is written for this test alone.
 */
#include <gridbeat/grid.h>

#include "grid_obey.h"
#include "grid_reason.h"
#include "grid_start.h"
#include "random_areas.h"
#include "test.h"

enum { MOST = 10, KINDS = 32 };

/* --- plainly ------------------------------------------------------------- */

static bool is_open(const gb_areas *areas, size_t arc)
{
    return areas->barriers[arc] != GB_BARRIER_HARD;
}

/* Parts of a territory, by repeated colouring. */
static size_t count_parts(const gb_areas *areas, const uint32_t *owner,
                          uint32_t t)
{
    bool met[RANDOM_AREAS_MOST] = { false };
    size_t parts = 0;

    for (size_t s = 0; s < areas->n_areas; s++) {
        bool grows = true;

        if (owner[s] != t || met[s])
            continue;
        parts++;
        met[s] = true;
        while (grows) {
            grows = false;
            for (size_t a = 0; a < areas->n_areas; a++)
                for (size_t i = areas->first_neighbour[a];
                     met[a] && i < areas->first_neighbour[a + 1]; i++) {
                    const uint32_t b = areas->neighbours[i];

                    if (owner[a] == t && owner[b] == t && !met[b]
                        && is_open(areas, i))
                        met[b] = grows = true;
                }
        }
    }
    return parts;
}

/* |activity / target - 1|; 0 where there is none at all. */
static double deviation_of(const random_areas *in, const uint32_t *owner,
                           size_t t, size_t m)
{
    const size_t n = in->areas.n_areas, k = in->rules.n_territories;
    const double *column = in->areas.activity + m * n;
    double total = 0, shares = 0, sum = 0, target;

    for (size_t a = 0; a < n; a++) {
        total += column[a];
        sum += owner[a] == t ? column[a] : 0;
    }
    for (size_t u = 0; u < k; u++)
        shares += in->rules.shares ? in->rules.shares[u] : 1;
    target = total * (in->rules.shares ? in->rules.shares[t] : 1) / shares;
    return target > 0 ? fabs(sum / target - 1) : 0;
}

static bool is_frozen(const random_areas *in, uint32_t t)
{
    return in->rules.frozen && in->previous && t < in->rules.n_territories
        && in->rules.frozen[t];
}

/* How many findings of each kind a check has to have. */
static void count_faults(const random_areas *in, const uint32_t *owner,
                         size_t *kinds)
{
    const gb_territory_rules *r = &in->rules;
    const size_t n = in->areas.n_areas, k = r->n_territories;
    size_t moved = 0;

    memset(kinds, 0, KINDS * sizeof *kinds);
    for (uint32_t t = 0; t < k; t++) {
        const size_t parts = count_parts(&in->areas, owner, t);

        kinds[GB_FINDING_EMPTY] += parts == 0;
        kinds[GB_FINDING_SPLIT] += parts > 1 ? parts - 1 : 0;
        for (size_t m = 0; m < in->areas.n_measures; m++)
            kinds[GB_FINDING_BALANCE]
                += deviation_of(in, owner, t, m) > r->tolerances[m] + 1e-9;
        if (r->seeds && r->seeds[t] != GB_GRID_NONE)
            kinds[GB_FINDING_LOCK] += owner[r->seeds[t]] != t
                && !(r->locks && r->locks[r->seeds[t]] == t);
    }
    for (size_t a = 0; a < n; a++) {
        kinds[GB_FINDING_UNOWNED] += owner[a] >= k;
        kinds[GB_FINDING_LOCK] += r->locks && r->locks[a] != GB_GRID_NONE
            && r->locks[a] != owner[a];
        if (!in->previous || in->previous[a] == owner[a])
            continue;
        kinds[GB_FINDING_FROZEN] += is_frozen(in, in->previous[a]);
        kinds[GB_FINDING_FROZEN] += is_frozen(in, owner[a]);
        moved += in->previous[a] < k;
    }
    kinds[GB_FINDING_MOVED] = in->max_moved > 0 && moved > in->max_moved;
    for (size_t i = 0; i < r->n_apart; i++)
        kinds[GB_FINDING_APART]
            += owner[r->apart[2 * i]] == owner[r->apart[2 * i + 1]]
            && owner[r->apart[2 * i]] < k;
    for (size_t i = 0; i < r->n_barred; i++)
        kinds[GB_FINDING_BARRED]
            += owner[r->barred[2 * i]] == r->barred[2 * i + 1];
}

/* Without the balance where `any_balance`. */
static bool is_valid_plan(const random_areas *in, const uint32_t *owner,
                          bool any_balance)
{
    size_t kinds[KINDS];

    count_faults(in, owner, kinds);
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i] > 0 && !(any_balance && i == GB_FINDING_BALANCE))
            return false;
    return true;
}

/* About the best own area of each territory. */
static double median_of(const random_areas *in, const uint32_t *owner)
{
    const gb_areas *areas = &in->areas;
    double median = 0;

    for (uint32_t t = 0; t < in->rules.n_territories; t++) {
        double least = (double)INFINITY;

        for (size_t c = 0; c < areas->n_areas; c++) {
            double sum = 0;

            for (size_t a = 0; owner[c] == t && a < areas->n_areas; a++)
                sum += owner[a] == t
                    ? areas->activity[a]
                        * hypot(areas->centres[a].x_m - areas->centres[c].x_m,
                                areas->centres[a].y_m - areas->centres[c].y_m)
                    : 0;
            if (owner[c] == t)
                least = fmin(least, sum);
        }
        median += least < (double)INFINITY ? least : 0;
    }
    return median;
}

static double objective_of(const random_areas *in, const uint32_t *owner,
                           gb_territory_objective objective)
{
    const gb_areas *areas = &in->areas;
    double border = 0, cut = 0, moment = 0;

    if (objective == GB_TERRITORY_MEDIAN)
        return median_of(in, owner);
    for (size_t a = 0; a < areas->n_areas; a++)
        for (size_t i = areas->first_neighbour[a];
             i < areas->first_neighbour[a + 1]; i++)
            if (owner[areas->neighbours[i]] != owner[a]) {
                border += areas->shared_border_m[i] / 2;
                cut += 0.5;
            }
    for (uint32_t t = 0; t < in->rules.n_territories; t++) {
        double w = 0, x = 0, y = 0;

        for (size_t a = 0; a < areas->n_areas; a++)
            if (owner[a] == t) {
                w += areas->activity[a];
                x += areas->activity[a] * areas->centres[a].x_m;
                y += areas->activity[a] * areas->centres[a].y_m;
            }
        for (size_t a = 0; a < areas->n_areas; a++)
            if (owner[a] == t && w > 0)
                moment += areas->activity[a]
                    * (pow(areas->centres[a].x_m - x / w, 2)
                       + pow(areas->centres[a].y_m - y / w, 2));
    }
    return objective == GB_TERRITORY_BORDER ? border
        : objective == GB_TERRITORY_CUT     ? cut
                                            : moment;
}

/* --- all partitions ------------------------------------------------------ */

typedef struct oracle {
    double best;      /* of the objective; infinite: none is valid */
    double tolerance; /* of all measures, that would do; infinite: none */
    uint64_t n_valid;
    size_t least_moved; /* of the valid */
} oracle;

typedef void visit_fn(const random_areas *in, const uint32_t *owner,
                      void *user);

static void each_partition(const random_areas *in, visit_fn *visit,
                           void *user)
{
    const size_t n = in->areas.n_areas, k = in->rules.n_territories;
    uint32_t owner[MOST];
    uint64_t count = 1;

    for (size_t a = 0; a < n; a++)
        count *= k;
    for (uint64_t code = 0; code < count; code++) {
        uint64_t rest = code;

        for (size_t a = 0; a < n; a++) {
            owner[a] = (uint32_t)(rest % k);
            rest /= k;
        }
        visit(in, owner, user);
    }
}

static size_t count_moved(const random_areas *in, const uint32_t *owner)
{
    size_t moved = 0;

    for (size_t a = 0; in->previous && a < in->areas.n_areas; a++)
        moved += in->previous[a] < in->rules.n_territories
            && in->previous[a] != owner[a];
    return moved;
}

typedef struct comparing {
    gb_territory_objective objective;
    oracle found;
} comparing;

/* The cheap questions first. */
static bool is_hopeless(const random_areas *in, const uint32_t *owner)
{
    const gb_territory_rules *r = &in->rules;

    for (size_t i = 0; i < r->n_apart; i++)
        if (owner[r->apart[2 * i]] == owner[r->apart[2 * i + 1]])
            return true;
    for (size_t a = 0; a < in->areas.n_areas; a++)
        if ((r->locks && r->locks[a] != GB_GRID_NONE
             && r->locks[a] != owner[a])
            || (in->previous && in->previous[a] != owner[a]
                && (is_frozen(in, in->previous[a])
                    || is_frozen(in, owner[a]))))
            return true;
    return false;
}

static void compare(const random_areas *in, const uint32_t *owner, void *user)
{
    comparing *x = user;
    double worst = 0;
    size_t moved;

    if (is_hopeless(in, owner) || !is_valid_plan(in, owner, true))
        return;
    for (size_t t = 0; t < in->rules.n_territories; t++)
        for (size_t m = 0; m < in->areas.n_measures; m++)
            if (deviation_of(in, owner, t, m)
                > in->rules.tolerances[m] + 1e-9)
                worst = fmax(worst, deviation_of(in, owner, t, m));
    x->found.tolerance = fmin(x->found.tolerance, worst);
    if (!is_valid_plan(in, owner, false))
        return;
    x->found.n_valid++;
    x->found.best
        = fmin(x->found.best, objective_of(in, owner, x->objective));
    moved = count_moved(in, owner);
    if (moved < x->found.least_moved)
        x->found.least_moved = moved;
}

static oracle try_all(const random_areas *in,
                      gb_territory_objective objective)
{
    comparing x = { objective, { (double)INFINITY, (double)INFINITY, 0,
                                 SIZE_MAX } };

    each_partition(in, compare, &x);
    return x.found;
}

/* A plan before that is at least connected: any of them, then a few areas by
 * chance. */
typedef struct choosing {
    random_source *source;
    uint32_t n_met;
    uint32_t chosen[MOST];
} choosing;

static void choose(const random_areas *in, const uint32_t *owner, void *user)
{
    choosing *x = user;

    for (uint32_t t = 0; t < in->rules.n_territories; t++)
        if (count_parts(&in->areas, owner, t) != 1)
            return;
    if (random_below(x->source, ++x->n_met) == 0)
        memcpy(x->chosen, owner, in->areas.n_areas * sizeof *owner);
}

static random_areas random_case(random_source *source)
{
    random_areas in = random_areas_new(source, MOST,
                                       random_below(source, 4) ? 3 : 4);
    choosing x = { source, 0, { 0 } };

    /* More than a million partitions take too long. */
    while (in.rules.n_territories == 4 && in.areas.n_areas > 8)
        in.rules.n_territories = 3;
    if (random_below(source, 4) > 0)
        random_change(&in, source);
    for (size_t a = 0; in.rules.locks && a < in.areas.n_areas; a++)
        if (in.rules.locks[a] != GB_GRID_NONE
            && in.rules.locks[a] >= in.rules.n_territories)
            in.rules.locks = NULL;
    if (!in.previous || random_below(source, 4) == 0)
        return in;
    each_partition(&in, choose, &x);
    if (x.n_met > 0)
        memcpy(in.previous, x.chosen, in.areas.n_areas * sizeof x.chosen[0]);
    if (random_below(source, 4) == 0)
        in.previous[random_below(source, (uint32_t)in.areas.n_areas)]
            = (uint32_t)in.rules.n_territories;
    return in;
}

static gb_territory_options options_of(const random_areas *in, uint64_t seed)
{
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;

    /* Under a budget of moves, a median is sought by its moment alone. */
    options.objective = (int32_t)(seed % (in->max_moved > 0 ? 3 : 4));
    options.max_iterations = 20000;
    options.n_starts = 12;
    options.seed = seed;
    options.barrier_weight = -1;
    options.stay_price = -1;
    options.familiarity_weight = -1;
    options.previous = in->previous;
    options.familiarity = in->familiarity;
    options.max_moved = in->max_moved;
    return options;
}

/* How often a case had a plan, the best was met, a case without had a proof. */
static int n_solved, n_optimal, n_unsolved, n_reasoned, n_kinds[KINDS];

static void judge_reasons(const random_areas *in, const oracle *o,
                          const gb_territories *made)
{
    const gb_territory_finding *f;
    size_t n, n_reasons = 0;

    f = gb_territories_findings(made, &n);
    for (size_t i = 0; i < n; i++) {
        n_reasons += f[i].kind >= GB_FINDING_HEAVY_AREA;
        n_kinds[f[i].kind]++;
        if (f[i].kind == GB_FINDING_MOVES_SHORT)
            ck_assert(f[i].value > (double)in->max_moved);
        if (f[i].kind == GB_FINDING_NO_PLAN && f[i].count == 1)
            assert_near(f[i].mend, o->tolerance < (double)INFINITY
                                       ? o->tolerance : 0, 2e-6);
    }
    n_reasoned += n_reasons > 0;
}

/* A reason is a proof: none stands beside a plan. */
static void refuse_reasons(gb_context *ctx, const random_areas *in,
                           const gb_territory_options *options,
                           uint64_t seed)
{
    grid_findings findings = BASE_ARRAY_INIT;
    grid_problem p;
    base_run run;

    base_run_begin(&run, ctx, (base_limits){ 0 });
    assert_ok(ctx, grid_problem_build(&run, &in->areas, &in->rules, options,
                                      &p));
    assert_ok(ctx, grid_reasons(&run, &p, &in->rules, &findings));
    ck_assert_msg(findings.n == 0, "seed %llu: reason %d beside a plan",
                  (unsigned long long)seed,
                  (int)findings.items[findings.n - 1].kind);
    base_array_clear(ctx->mem, &findings);
    grid_problem_clear(&p);
}

/* How often a rebuild moved as little as can be. */
static int n_rebuilt, n_least;

static void rebuild(gb_context *ctx, const random_areas *in, const oracle *o,
                    gb_territory_options options, uint64_t seed)
{
    gb_territory_summary s = { .size = sizeof s };
    gb_territories *made;
    size_t moved;

    options.stay_price = 10000;
    assert_ok(ctx, gb_territory_build(ctx, &in->areas, &in->rules, &options,
                                      &made));
    gb_territories_summary(made, &s);
    moved = count_moved(in, gb_territories_owners(made));
    ck_assert(s.is_valid);
    ck_assert_msg(moved >= o->least_moved
                      && (in->max_moved == 0 || moved <= in->max_moved),
                  "seed %llu: %zu moved", (unsigned long long)seed, moved);
    n_rebuilt++;
    n_least += moved == o->least_moved;
    gb_territories_free(made);
}

static void compare_with_all(uint64_t seed)
{
    random_source source = { .seed = seed };
    random_areas in = random_case(&source);
    gb_context *ctx = test_context();
    gb_territory_options options = options_of(&in, seed);
    gb_territory_summary s = { .size = sizeof s };
    const oracle o
        = try_all(&in, (gb_territory_objective)options.objective);
    const uint32_t *owners;
    gb_territories *made;

    assert_ok(ctx, gb_territory_build(ctx, &in.areas, &in.rules, &options,
                                      &made));
    gb_territories_summary(made, &s);
    owners = gb_territories_owners(made);
    ck_assert_msg(s.is_valid == (o.n_valid > 0),
                  "seed %llu: %zu areas into %zu: valid %d, and %llu plans"
                  " are", (unsigned long long)seed, s.n_areas,
                  s.n_territories, s.is_valid,
                  (unsigned long long)o.n_valid);
    ck_assert(s.is_valid == is_valid_plan(&in, owners, false));
    if (s.is_valid) {
        const double got = objective_of(
            &in, owners, (gb_territory_objective)options.objective);

        assert_near(got, s.objective, 1e-6 * (1 + fabs(got)));
        ck_assert_msg(got >= o.best - 1e-6 * (1 + o.best), "seed %llu",
                      (unsigned long long)seed);
        n_solved++;
        n_optimal += got <= o.best + 1e-6 * (1 + o.best);
        refuse_reasons(ctx, &in, &options, seed);
        if (in.previous)
            rebuild(ctx, &in, &o, options, seed);
    } else {
        n_unsolved++;
        judge_reasons(&in, &o, made);
    }
    gb_territories_free(made);
    random_areas_free(&in);
    gb_context_free(ctx);
}

START_TEST(a_valid_plan_is_found_whenever_one_of_all_partitions_is_valid)
{
    const int n = test_cases(240);

    n_solved = n_optimal = n_unsolved = n_reasoned = 0;
    n_rebuilt = n_least = 0;
    for (int i = 0; i < n; i++)
        compare_with_all(test_seed() + (uint64_t)i);
    ck_assert_int_gt(n_solved, n / 8);
    ck_assert_msg(n_optimal * 100 >= n_solved * 95, "%d of %d are optimal",
                  n_optimal, n_solved);
    ck_assert_msg(n_reasoned == n_unsolved,
                  "%d of %d have a reason", n_reasoned, n_unsolved);
    ck_assert_msg(n_least * 100 >= n_rebuilt * 90,
                  "%d of %d rebuilds move least", n_least, n_rebuilt);
    if (getenv("GB_TEST_TELL"))
        fprintf(stderr,
                "# %d solved, %d optimal; %d without, %d reasoned; %d"
                " rebuilt, %d moved least\n",
                n_solved, n_optimal, n_unsolved, n_reasoned, n_rebuilt,
                n_least);
    for (int i = 11; getenv("GB_TEST_TELL") && i < 29; i++)
        fprintf(stderr, "# reason %d: %d\n", i, n_kinds[i]);
}
END_TEST

/* --- coming to obey ------------------------------------------------------ */

START_TEST(who_comes_to_obey_breaks_less_and_stays_whole)
{
    size_t n_broken = 0, n_mended = 0;

    for (int i = 0; i < test_cases(300); i++) {
        random_source source = { .seed = test_seed() + (uint64_t)i };
        random_areas in = random_areas_new(&source, 120, 8);
        const size_t n = in.areas.n_areas;
        gb_territory_options options;
        uint32_t owner[RANDOM_AREAS_MOST], parts[RANDOM_TERRITORIES_MOST];
        gb_context *ctx = test_context();
        uint64_t before, after;
        grid_problem p;
        base_run run;

        random_change(&in, &source);
        options = options_of(&in, (uint64_t)i);
        base_run_begin(&run, ctx, (base_limits){ 0 });
        assert_ok(ctx, grid_problem_build(&run, &in.areas, &in.rules,
                                          &options, &p));
        for (size_t a = 0; a < n; a++)
            owner[a] = random_below(&source, (uint32_t)p.k);
        assert_ok(ctx, grid_start_mend(&run, &p, owner));
        for (uint32_t t = 0; t < p.k; t++)
            parts[t] = (uint32_t)count_parts(&in.areas, owner, t);
        before = grid_count_breaches(&p, owner);
        assert_ok(ctx, grid_obey(&run, &p, (uint64_t)i, owner));
        after = grid_count_breaches(&p, owner);
        ck_assert_uint_le(after, before);
        n_broken += before > 0;
        n_mended += before > 0 && after == 0;
        for (uint32_t t = 0; !p.is_bridged && t < p.k; t++)
            ck_assert_msg(count_parts(&in.areas, owner, t) == 1
                              || parts[t] != 1,
                          "case %d: territory %u", i, t);
        for (size_t a = 0; a < n; a++)
            ck_assert_uint_lt(owner[a], p.k);
        grid_problem_clear(&p);
        random_areas_free(&in);
        gb_context_free(ctx);
    }
    ck_assert_uint_gt(n_broken, 20);
    /* Many cannot: few territories, tight budgets, frozen ones by chance. */
    ck_assert_msg(4 * n_mended > n_broken, "%zu of %zu", n_mended, n_broken);
}
END_TEST

/* --- the check ----------------------------------------------------------- */

START_TEST(the_check_finds_as_many_faults_of_each_kind_as_a_plain_one)
{
    size_t met[KINDS] = { 0 };

    for (int i = 0; i < test_cases(600); i++) {
        random_source source = { .seed = test_seed() + (uint64_t)i };
        random_areas in = random_areas_new(&source, 60, 6);
        const size_t n = in.areas.n_areas, k = in.rules.n_territories;
        uint32_t owner[RANDOM_AREAS_MOST];
        size_t expected[KINDS], kinds[KINDS] = { 0 }, n_found;
        gb_territory_finding f[RANDOM_AREAS_MOST * 4];
        gb_context *ctx = test_context();

        random_change(&in, &source);
        /* From nearly right to nonsense. */
        for (uint32_t a = 0; a < n; a++)
            owner[a] = random_below(&source, 20) < (uint32_t)i % 20
                ? random_below(&source, (uint32_t)k + 1)
                : in.previous ? in.previous[a] : (uint32_t)(a * k / n);
        count_faults(&in, owner, expected);
        if (in.previous)
            assert_ok(ctx, gb_territory_check_change(
                               ctx, &in.areas, &in.rules, in.previous,
                               in.max_moved, owner, f, 4 * RANDOM_AREAS_MOST,
                               &n_found));
        else
            assert_ok(ctx, gb_territory_check(ctx, &in.areas, &in.rules,
                                              owner, f,
                                              4 * RANDOM_AREAS_MOST,
                                              &n_found));
        for (size_t j = 0; j < n_found; j++)
            kinds[f[j].kind]++;
        for (size_t kind = 0; kind < KINDS; kind++) {
            ck_assert_msg(kinds[kind] == expected[kind],
                          "case %d: %zu findings of kind %zu, not %zu", i,
                          kinds[kind], kind, expected[kind]);
            met[kind] += kinds[kind] > 0;
        }
        random_areas_free(&in);
        gb_context_free(ctx);
    }
    for (size_t kind = 1; kind <= GB_FINDING_FROZEN; kind++)
        ck_assert_msg(met[kind] > 10, "kind %zu was met %zu times", kind,
                      met[kind]);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("prop_grid_rules");
    TCase *c = tcase_create("rules");

    tcase_set_timeout(c, 120);
    tcase_add_test(
        c, a_valid_plan_is_found_whenever_one_of_all_partitions_is_valid);
    tcase_add_test(c, who_comes_to_obey_breaks_less_and_stays_whole);
    tcase_add_test(
        c, the_check_finds_as_many_faults_of_each_kind_as_a_plain_one);
    suite_add_tcase(suite, c);
    return suite;
}
