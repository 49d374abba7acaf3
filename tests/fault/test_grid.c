#include <gridbeat/gridbeat.h>

#include <pthread.h>
#include <time.h>

#include "faulty_loop.h"
#include "random_areas.h"
#include "test.h"

/* Each public function that takes memory, on one instance. */
typedef gb_status (*call_fn)(gb_context *ctx, const random_areas *in);

static gb_territory_options quick_options(const random_areas *in)
{
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;

    options.max_iterations = 2000;
    options.n_starts = 2;
    options.travel_s = in->travel_s;
    return options;
}

static gb_status call_build(gb_context *ctx, const random_areas *in)
{
    const gb_territory_options options = quick_options(in);
    gb_territories *made = (gb_territories *)ctx;
    gb_status status = gb_territory_build(ctx, &in->areas, &in->rules,
                                          &options, &made);

    ck_assert((made == NULL) == (status != GB_OK));
    gb_territories_free(made);
    return status;
}

/* Rules that the plan before breaks, and that none can keep: what brings a
 * plan to obey, what proves that there is none, and all reasons are asked. */
static gb_status call_build_ruled(gb_context *ctx, const random_areas *in)
{
    const size_t n = in->areas.n_areas, k = in->rules.n_territories;
    const uint32_t apart[] = { 0, 1, 1, 2, 0, 2 }, barred[] = { 9, 0, 17, 1 };
    const uint8_t frozen[RANDOM_TERRITORIES_MOST] = { [3] = 1 };
    gb_territory_options options = quick_options(in);
    double familiarity[RANDOM_TERRITORIES_MOST * RANDOM_AREAS_MOST];
    uint32_t before[RANDOM_AREAS_MOST];
    gb_territory_rules rules = in->rules;
    gb_territories *made = NULL;
    gb_status status;

    for (size_t a = 0; a < n; a++)
        before[a] = (uint32_t)(a * k / n);
    for (size_t i = 0; i < k * n; i++)
        familiarity[i] = (double)(i % 7);
    rules.tolerances = (const double[]){ 0.001 };
    rules.apart = apart;
    rules.n_apart = 3;
    rules.barred = barred;
    rules.n_barred = 2;
    rules.frozen = frozen;
    options.max_iterations = 200;
    options.previous = before;
    options.max_moved = 2;
    options.familiarity = familiarity;
    status = gb_territory_build(ctx, &in->areas, &rules, &options, &made);
    gb_territories_free(made);
    return status;
}

static gb_status call_build_median(gb_context *ctx, const random_areas *in)
{
    gb_territory_options options = quick_options(in);
    gb_territories *made = (gb_territories *)ctx;
    gb_status status;

    options.objective = GB_TERRITORY_MEDIAN;
    options.barrier_weight = -1;
    status = gb_territory_build(ctx, &in->areas, &in->rules, &options, &made);
    ck_assert((made == NULL) == (status != GB_OK));
    gb_territories_free(made);
    return status;
}

static gb_status call_check(gb_context *ctx, const random_areas *in)
{
    uint32_t owner[RANDOM_AREAS_MOST];
    gb_territory_finding found[3];
    size_t n;

    for (size_t a = 0; a < in->areas.n_areas; a++)
        owner[a] = (uint32_t)(a % (in->rules.n_territories + 1));
    return gb_territory_check(ctx, &in->areas, &in->rules, owner, found, 3,
                              &n);
}

static gb_status call_check_change(gb_context *ctx, const random_areas *in)
{
    uint32_t owner[RANDOM_AREAS_MOST], before[RANDOM_AREAS_MOST];
    const uint32_t apart[] = { 0, 1 }, barred[] = { 0, 0, 1, 0 };
    const uint8_t frozen[RANDOM_TERRITORIES_MOST] = { 1 };
    gb_territory_rules rules = in->rules;
    gb_territory_finding found[3];
    size_t n;

    for (size_t a = 0; a < in->areas.n_areas; a++) {
        owner[a] = (uint32_t)(a % (in->rules.n_territories + 1));
        before[a] = (uint32_t)(a / 3 % in->rules.n_territories);
    }
    rules.apart = apart;
    rules.n_apart = 1;
    rules.barred = barred;
    rules.n_barred = 2;
    rules.frozen = frozen;
    return gb_territory_check_change(ctx, &in->areas, &rules, before, 1,
                                     owner, found, 3, &n);
}

static gb_status call_measures(gb_context *ctx, const random_areas *in)
{
    uint32_t owner[RANDOM_AREAS_MOST];
    gb_territory_measure m[RANDOM_TERRITORIES_MOST];

    for (size_t a = 0; a < in->areas.n_areas; a++)
        owner[a] = (uint32_t)(a % in->rules.n_territories);
    return gb_territory_measures(ctx, &in->areas, &in->rules, owner, m, NULL,
                                 NULL);
}

static gb_status call_bridge(gb_context *ctx, const random_areas *in)
{
    size_t n;

    return gb_areas_bridge(ctx, &in->areas, NULL, 0, &n);
}

static gb_status call_catchment(gb_context *ctx, const random_areas *in)
{
    const double shares[RANDOM_TERRITORIES_MOST] = { 3, 1, 1, 1, 1, 1, 1, 1,
                                                     1, 1, 1, 1, 1, 1, 1, 1 };
    gb_catchment_options options = GB_CATCHMENT_OPTIONS_INIT;
    uint32_t owner[RANDOM_AREAS_MOST];

    options.shares = shares;
    options.pull = 0.8;
    return gb_catchment_build(ctx, &in->areas, in->rules.n_territories,
                              in->travel_s, &options, owner);
}

static gb_status call_text(gb_context *ctx, const random_areas *in)
{
    const gb_territory_finding f = { .kind = GB_FINDING_HEAVY_AREA };
    char text[400];

    (void)in;
    return gb_territory_finding_text(ctx, &f, text, sizeof text, NULL);
}

static gb_status call_diff(gb_context *ctx, const random_areas *in)
{
    size_t n;

    return gb_territory_diff(ctx, in->areas.neighbours,
                             in->areas.neighbours, 1, NULL, 0, &n);
}

static gb_status call_read(gb_context *ctx, const random_areas *in)
{
    static const char text[]
        = "TG1 a n=3 m=2 components=1\n# id geoid lon lat pop land area bp\n"
          "0 a 0 0 1 1 1 1\n1 b 0 1 1 1 1 1\n2 c 0 2 1 1 1 1\n"
          "# i j shared_perim\n0 1 2\n1 2 2\n";
    static const char bare[]
        = "TG1 n=2 m=1\n# id pop\n0 1\n1 1\n# i j\n0 1\n";
    static const uint32_t owners[] = { 0, 0, 1 };
    static const char design[]
        = "2\n0 0 0 5\n1 3 4 6\n1\n0 1\n2 2 .1\n";
    gb_area_file *file = (gb_area_file *)ctx;
    double moment;
    gb_status status = gb_areas_read(ctx, "a", bare, sizeof bare - 1, 0,
                                     &file);

    (void)in;
    gb_area_file_free(file);
    if (!status)
        status = gb_areas_read(ctx, "a", design, sizeof design - 1, 0, &file);
    else
        file = NULL;
    gb_area_file_free(file);
    if (status)
        return status;
    status = gb_areas_read(ctx, "a", text, sizeof text - 1, 0, &file);
    ck_assert((file == NULL) == (status != GB_OK));
    if (!status)
        status = gb_territory_moment(ctx, gb_area_file_areas(file),
                                     gb_area_file_places(file), 2, owners,
                                     NULL, &moment);
    if (!status)
        status = gb_territory_median(ctx, gb_area_file_areas(file),
                                     gb_area_file_places(file), 2, owners,
                                     NULL, &moment);
    gb_area_file_free(file);
    return status;
}

static gb_status call_locate(gb_context *ctx, const random_areas *in)
{
    enum { N = 12 };
    int64_t demands[N], capacities[N];
    gb_location_nodes nodes = GB_LOCATION_NODES_INIT;
    gb_location_options options = GB_LOCATION_OPTIONS_INIT;
    uint32_t owners[N], medians[3];
    double objective;
    int64_t beyond;
    gb_status status;

    for (int a = 0; a < N; a++) {
        demands[a] = 2;
        capacities[a] = 10 + a % 2;
    }
    nodes.n_nodes = N;
    nodes.demands = demands;
    nodes.capacities = capacities;
    nodes.points = in->areas.centres;
    options.max_iterations = 2000;
    options.n_starts = 2;
    status = gb_location_solve(ctx, &nodes, 3, &options, owners, medians,
                               NULL);
    return status ? status
                  : gb_location_measure(ctx, &nodes, 3, owners, NULL,
                                        &objective, &beyond);
}

/* Nodes of a p-median, and a design with familiarity. */
static gb_status call_read_more(gb_context *ctx, const random_areas *in)
{
    static const char nodes[] = "2 1\n0 0 9 1\n1 1 9 1\n";
    static const char design[]
        = "2\n0 0 0 5\n1 3 4 6\n1\n0 1\n1 1 .1\n1 2\n0 5\n5 0\n";
    gb_area_file *file;
    gb_status status = gb_areas_read(ctx, "a", nodes, sizeof nodes - 1, 0,
                                     &file);

    (void)in;
    gb_area_file_free(file);
    if (!status)
        status = gb_areas_read(ctx, "a", design, sizeof design - 1, 0, &file);
    else
        file = NULL;
    gb_area_file_free(file);
    return status;
}

static const call_fn CALLS[] = { call_build,    call_build_ruled,
                                 call_check,    call_check_change,
                                 call_measures, call_bridge,
                                 call_text,     call_diff,
                                 call_catchment, call_read,
                                 call_read_more, call_locate,
                                 call_build_median };

/* Instance 0 is whole, 1 falls into more components than territories, 2 has an
 * island of three areas. */
static random_areas instance(int which)
{
    random_areas in = random_areas_plain(4, 40, 4, 0.2);

    if (which == 1) {
        for (uint32_t i = 0; i < in.areas.first_neighbour[40]; i++)
            ((uint8_t *)(uintptr_t)in.areas.barriers)[i] = GB_BARRIER_HARD;
    }
    for (uint32_t a = 0; which == 2 && a < 40; a++)
        for (uint32_t i = in.areas.first_neighbour[a];
             i < in.areas.first_neighbour[a + 1]; i++)
            if ((a < 3) != (in.areas.neighbours[i] < 3))
                ((uint8_t *)(uintptr_t)in.areas.barriers)[i]
                    = GB_BARRIER_HARD;
    return in;
}

static random_areas areas; /* of the calls */
static call_fn on_areas;

static gb_status call_on_areas(gb_context *ctx)
{
    return on_areas(ctx, &areas);
}

START_TEST(lack_of_memory_anywhere_leaves_nothing_behind)
{
    on_areas = CALLS[_i];
    for (int which = 0; which < 3; which++) {
        areas = instance(which);
        faulty_loop(call_on_areas, FAULTY_BY_TURNS, 1);
        random_areas_free(&areas);
    }
}
END_TEST

typedef struct counter {
    int calls, cancel_at;
} counter;

static int count_down(void *user, const gb_progress *progress)
{
    counter *c = user;

    ck_assert(progress->fraction >= 0 && progress->fraction <= 1);
    return ++c->calls == c->cancel_at;
}

START_TEST(a_cancel_at_any_call_back_ends_the_build)
{
    random_areas in = random_areas_plain(4, 200, 8, 0.1);
    gb_status status = GB_ERR_CANCELLED;

    for (int k = 1; status == GB_ERR_CANCELLED; k++) {
        gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
        gb_context *ctx = test_context();
        counter c = { .cancel_at = k };
        gb_territories *made;

        options.max_iterations = 8000;
        options.n_starts = 4;
        options.n_threads = k % 2 ? 1 : 2;
        gb_context_set_progress(ctx, count_down, &c);
        status = gb_territory_build(ctx, &in.areas, &in.rules, &options,
                                    &made);
        ck_assert((made == NULL) == (status != GB_OK));
        ck_assert(status == GB_OK || c.calls == k);
        gb_territories_free(made);
        gb_context_free(ctx);
        ck_assert_int_lt(k, 200);
    }
    ck_assert_int_eq(status, GB_OK);
    random_areas_free(&in);
}
END_TEST

static void *cancel_soon(void *ctx)
{
    const struct timespec while_ = { 0, 50000000 };

    nanosleep(&while_, NULL);
    gb_context_cancel(ctx);
    return NULL;
}

START_TEST(a_cancel_from_another_thread_reaches_all_searches)
{
    random_areas in = random_areas_plain(4, 200, 8, 0.1);
    gb_territory_options options = GB_TERRITORY_OPTIONS_INIT;
    gb_context *ctx = test_context();
    gb_territories *made;
    pthread_t thread;

    options.max_iterations = 1000000000000;
    options.n_starts = 3;
    options.n_threads = 3;
    ck_assert_int_eq(pthread_create(&thread, NULL, cancel_soon, ctx), 0);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_territory_build(ctx, &in.areas, &in.rules, &options,
                                     &made));
    pthread_join(thread, NULL);
    ck_assert_ptr_null(made);
    gb_context_free(ctx);
    random_areas_free(&in);
}
END_TEST

START_TEST(progress_is_told_and_stays_between_0_and_1)
{
    random_areas in = random_areas_plain(4, 200, 8, 0.1);
    gb_context *ctx = test_context();
    counter c = { .cancel_at = -1 };
    gb_territories *made;

    gb_context_set_progress(ctx, count_down, &c);
    assert_ok(ctx, gb_territory_build(ctx, &in.areas, &in.rules, NULL,
                                      &made));
    ck_assert_int_ge(c.calls, 3);
    gb_territories_free(made);
    gb_context_free(ctx);
    random_areas_free(&in);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("fault_grid");
    TCase *c = tcase_create("grid");

    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, lack_of_memory_anywhere_leaves_nothing_behind, 0,
                        (int)(sizeof CALLS / sizeof CALLS[0]));
    tcase_add_test(c, a_cancel_at_any_call_back_ends_the_build);
    tcase_add_test(c, a_cancel_from_another_thread_reaches_all_searches);
    tcase_add_test(c, progress_is_told_and_stays_between_0_and_1);
    suite_add_tcase(suite, c);
    return suite;
}
