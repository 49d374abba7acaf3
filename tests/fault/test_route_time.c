/*
 * A deadline is kept and a wish to cancel is heard soon, on large problems of
 * every sort.  What is held to is the processor time that the call takes after
 * the instant, so that other work on the machine does no harm.
 */
#include "base_rng.h"

#include "test.h"

#include <gridbeat/route_bound.h>

#include <pthread.h>
#include <time.h>

enum { MOST = 1500, N_SLOTS = 3, N_BANDS = 3 };

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED
#endif

/* Debug builds check the solution before they hand it over, and are slow. */
#if defined(IS_SANITIZED)
enum { PATIENCE = 40 };
#elif !defined(NDEBUG)
enum { PATIENCE = 2 };
#else
enum { PATIENCE = 1 };
#endif

/* --- a large day --- */

typedef struct large {
    gb_route_problem problem;
    gb_route_profile profile;
    gb_route_vehicle vehicles[80];
    gb_route_break noon;
    int32_t *matrix, *rush; /* at other hours */
    const int32_t *bands[N_BANDS];
    uint32_t location[MOST], first_window[MOST + 1];
    gb_route_window windows[MOST];
    int32_t service_s[MOST];
    int64_t prize[MOST], slot_prize[MOST * N_SLOTS], load[MOST], capacity;
    uint8_t must[MOST];
} large;

static const int32_t SLOT_STARTS_S[N_SLOTS] = { 0, 14400, 25200 };
static const int32_t BAND_STARTS_S[N_BANDS] = { 0, 3600, 7200 };

typedef enum large_kind {
    BANK_DAY,     /* optional clients, slots, a break */
    HOURLY_DAY,   /* and travel by time of day */
    OVERBOOKED,   /* musts, far more than fit */
    ROUND_TRIPS,  /* loads, metres, no clock */
    WITH_WINDOWS, /* loads, metres, windows */
    MANY_DEPOTS,  /* and vehicles that begin at four places */
    LARGE_KINDS
} large_kind;

static void place(large *it, base_rng *rng, uint32_t n)
{
    int32_t *x = malloc((n + 1) * sizeof *x), *y = malloc((n + 1) * sizeof *y);

    it->matrix = malloc((size_t)(n + 1) * (n + 1) * sizeof *it->matrix);
    ck_assert(x && y && it->matrix);
    for (uint32_t i = 0; i <= n; i++) {
        x[i] = (int32_t)base_rng_below(rng, 3000);
        y[i] = (int32_t)base_rng_below(rng, 3000);
    }
    for (uint32_t i = 0; i <= n; i++)
        for (uint32_t j = 0; j <= n; j++)
            it->matrix[(size_t)i * (n + 1) + j]
                = abs(x[i] - x[j]) + abs(y[i] - y[j]);
    free(x);
    free(y);
    it->profile.seconds = it->profile.metres = it->matrix;
    it->problem.n_locations = n + 1;
    it->problem.n_profiles = 1;
    it->problem.profiles = &it->profile;
}

static bool is_bank(large_kind kind)
{
    return kind == BANK_DAY || kind == HOURLY_DAY;
}

static void add_bands(large *it)
{
    const size_t n = it->problem.n_locations;

    it->rush = malloc(n * n * sizeof *it->rush);
    ck_assert_ptr_nonnull(it->rush);
    for (size_t i = 0; i < n * n; i++)
        it->rush[i] = it->matrix[i] + it->matrix[i] / 3;
    for (int b = 0; b < N_BANDS; b++)
        it->bands[b] = b == 1 ? it->rush : it->matrix;
    it->profile.n_bands = N_BANDS;
    it->profile.band_start_s = BAND_STARTS_S;
    it->profile.band_seconds = it->bands;
}

static void add_client(large *it, base_rng *rng, large_kind kind, uint32_t c)
{
    const int32_t early_s = (int32_t)base_rng_below(rng, 25000);

    it->location[c] = c + 1;
    it->first_window[c] = c;
    it->first_window[c + 1] = c + 1;
    it->windows[c].early_s = early_s;
    it->windows[c].late_s = early_s + 5000;
    it->service_s[c] = is_bank(kind) || kind == OVERBOOKED ? 1200 : 60;
    it->prize[c] = 1 + (int64_t)base_rng_below(rng, 100);
    it->load[c] = 1 + (int64_t)base_rng_below(rng, 9);
    it->must[c] = !is_bank(kind);
    for (uint32_t s = 0; s < N_SLOTS; s++)
        it->slot_prize[c * N_SLOTS + s]
            = 1 + (int64_t)base_rng_below(rng, 100);
}

static large *make_large(large_kind kind, uint32_t n, uint32_t n_vehicles)
{
    const gb_route_problem none = GB_ROUTE_PROBLEM_INIT;
    const gb_route_vehicle no_vehicle = GB_ROUTE_VEHICLE_INIT;
    base_rng rng = base_rng_seeded(17);
    large *it = calloc(1, sizeof *it);
    gb_route_problem *p;

    ck_assert_ptr_nonnull(it);
    p = &it->problem;
    *p = none;
    place(it, &rng, n);
    if (kind == HOURLY_DAY)
        add_bands(it);
    it->noon = (gb_route_break){ 12600, 18000, 3600 };
    it->capacity = 5 * (int64_t)n / n_vehicles + 20;
    for (uint32_t c = 0; c < n; c++)
        add_client(it, &rng, kind, c);
    for (uint32_t v = 0; v < n_vehicles; v++) {
        it->vehicles[v] = no_vehicle;
        it->vehicles[v].shift_end_s
            = kind == ROUND_TRIPS ? 10000000 : 30600;
        if (kind == MANY_DEPOTS)
            it->vehicles[v].start_location = it->vehicles[v].end_location
                = v % 4;
        it->vehicles[v].n_breaks = is_bank(kind);
        it->vehicles[v].breaks = &it->noon;
        it->vehicles[v].cost_per_m_milli = kind >= ROUND_TRIPS ? 1000 : 1;
        it->vehicles[v].capacity = kind >= ROUND_TRIPS ? &it->capacity : NULL;
    }
    p->n_clients = n;
    p->n_vehicles = n_vehicles;
    p->vehicles = it->vehicles;
    p->client_location = it->location;
    p->client_service_s = it->service_s;
    p->client_prize = it->prize;
    p->client_must = it->must;
    if (is_bank(kind)) {
        p->n_slots = N_SLOTS;
        p->slot_start_s = SLOT_STARTS_S;
        p->client_slot_prize = it->slot_prize;
    }
    if (kind >= WITH_WINDOWS || kind == OVERBOOKED) {
        p->client_first_window = it->first_window;
        p->windows = it->windows;
    }
    if (kind >= ROUND_TRIPS) {
        p->n_loads = 1;
        p->client_load = it->load;
    }
    return it;
}

static void free_large(large *it)
{
    free(it->matrix);
    free(it->rush);
    free(it);
}

/* --- the watch: what the processor has done when the instant comes --- */

typedef struct watch {
    gb_context *ctx;
    int64_t after_ms;
    bool cancels;
    double cpu_s;
} watch;

static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *keep_watch(void *user)
{
    watch *w = user;
    const struct timespec t
        = { w->after_ms / 1000, w->after_ms % 1000 * 1000000 };

    nanosleep(&t, NULL);
    w->cpu_s = cpu_s();
    if (w->cancels)
        gb_context_cancel(w->ctx);
    return NULL;
}

/* However late it is, nobody is left out without a reason. */
static void expect_reasons(const gb_route_solution *solution)
{
    gb_route_reason reason = { .size = sizeof reason };

    for (uint32_t i = 0; gb_route_solution_reason(solution, i, &reason); i++)
        ck_assert_int_ne(reason.kind, GB_ROUTE_REASON_NONE);
}

/* Processor time of the solve after the instant, in ms. */
static double time_after(large_kind kind, uint32_t n, uint32_t n_vehicles,
                         int64_t after_ms, bool cancels, bool skip_reasons)
{
    large *it = make_large(kind, n, n_vehicles);
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_solution *solution = NULL;
    gb_route_findings *findings;
    watch w = { test_context(), after_ms, cancels, 0 };
    pthread_t thread;
    double late_ms;
    gb_status status;

    options.time_limit_ms = cancels ? 60000 : after_ms;
    options.skip_reasons = skip_reasons;
    ck_assert_int_eq(pthread_create(&thread, NULL, keep_watch, &w), 0);
    status = gb_route_solve(w.ctx, &it->problem, &options, &solution);
    late_ms = cpu_s();
    pthread_join(thread, NULL);
    late_ms = 1000 * (late_ms - w.cpu_s);
    ck_assert_msg(status == (cancels ? GB_ERR_CANCELLED : GB_OK), "%s: %s",
                  gb_status_name(status), gb_last_error(w.ctx));
    gb_context_resume(w.ctx);
    if (!cancels && !skip_reasons && PATIENCE <= 2)
        expect_reasons(solution);
    if (solution && n <= 300) {
        assert_ok(w.ctx, gb_route_check(w.ctx, &it->problem, solution,
                                        &findings));
        ck_assert_msg(gb_route_findings_count(findings) == 0, "%s",
                      gb_route_findings_text(findings, 0));
        gb_route_findings_free(findings);
    }
    gb_route_solution_free(solution);
    gb_context_free(w.ctx);
    free_large(it);
    return late_ms;
}

/* Likewise of the bound. */
static double bound_time_after(large_kind kind, uint32_t n,
                               uint32_t n_vehicles, int64_t after_ms,
                               bool cancels)
{
    large *it = make_large(kind, n, n_vehicles);
    gb_route_bound_options options = GB_ROUTE_BOUND_OPTIONS_INIT;
    gb_route_bound_result result = { .size = sizeof result };
    gb_route_solution *better = NULL;
    watch w = { test_context(), after_ms, cancels, 0 };
    pthread_t thread;
    double late_ms;
    gb_status status;

    options.time_limit_ms = cancels ? 60000 : after_ms;
    ck_assert_int_eq(pthread_create(&thread, NULL, keep_watch, &w), 0);
    status = gb_route_bound(w.ctx, &it->problem, &options, &result, &better);
    late_ms = cpu_s();
    pthread_join(thread, NULL);
    late_ms = 1000 * (late_ms - w.cpu_s);
    ck_assert_msg(status == (cancels ? GB_ERR_CANCELLED : GB_OK), "%s: %s",
                  gb_status_name(status), gb_last_error(w.ctx));
    ck_assert(cancels || result.value_milli_upper < INT64_MAX);
    ck_assert(!cancels || !better);
    gb_context_resume(w.ctx);
    gb_route_solution_free(better);
    gb_context_free(w.ctx);
    free_large(it);
    return late_ms;
}

/* Kind, clients, vehicles, instant. */
static const struct {
    large_kind kind;
    uint32_t n, n_vehicles;
    int64_t after_ms;
} TIMES[] = {
    { BANK_DAY, 300, 5, 30 },      { BANK_DAY, 1000, 30, 300 },
    { OVERBOOKED, 300, 3, 30 },    { OVERBOOKED, 1000, 10, 300 },
    { ROUND_TRIPS, 300, 12, 30 },  { ROUND_TRIPS, 1000, 30, 300 },
    { WITH_WINDOWS, 300, 12, 30 }, { WITH_WINDOWS, 1000, 30, 300 },
    { HOURLY_DAY, 300, 5, 30 },    { HOURLY_DAY, 1000, 30, 300 },
    { MANY_DEPOTS, 300, 12, 30 },  { MANY_DEPOTS, 1000, 30, 300 },
    { MANY_DEPOTS, 1000, 80, 900 }, /* plans are joined */
};
enum { N_TIMES = sizeof TIMES / sizeof *TIMES };

START_TEST(a_deadline_is_kept_within_50_ms)
{
    const double late_ms
        = time_after(TIMES[_i].kind, TIMES[_i].n, TIMES[_i].n_vehicles,
                     TIMES[_i].after_ms, false, true);

    ck_assert_msg(late_ms < 50 * PATIENCE, "%.1f ms late", late_ms);
}
END_TEST

START_TEST(a_deadline_is_kept_within_50_ms_with_reasons)
{
    const double late_ms
        = time_after(TIMES[_i].kind, TIMES[_i].n, TIMES[_i].n_vehicles,
                     TIMES[_i].after_ms, false, false);

    ck_assert_msg(late_ms < 50 * PATIENCE, "%.1f ms late", late_ms);
}
END_TEST

START_TEST(a_wish_to_cancel_is_heard_within_100_ms)
{
    const double late_ms
        = time_after(TIMES[_i].kind, TIMES[_i].n, TIMES[_i].n_vehicles,
                     TIMES[_i].after_ms, true, false);

    ck_assert_msg(late_ms < 100 * PATIENCE, "%.1f ms late", late_ms);
}
END_TEST

START_TEST(a_bound_keeps_its_deadline_within_50_ms)
{
    const double late_ms
        = bound_time_after(TIMES[_i].kind, TIMES[_i].n, TIMES[_i].n_vehicles,
                           TIMES[_i].after_ms, false);

    ck_assert_msg(late_ms < 50 * PATIENCE, "%.1f ms late", late_ms);
}
END_TEST

START_TEST(a_bound_hears_a_wish_to_cancel_within_100_ms)
{
    const double late_ms
        = bound_time_after(TIMES[_i].kind, TIMES[_i].n, TIMES[_i].n_vehicles,
                           TIMES[_i].after_ms, true);

    ck_assert_msg(late_ms < 100 * PATIENCE, "%.1f ms late", late_ms);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("route_time");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 120);
    suite_add_tcase(suite, tc);
    tcase_add_loop_test(tc, a_deadline_is_kept_within_50_ms, 0, N_TIMES);
    tcase_add_loop_test(tc,
                        a_deadline_is_kept_within_50_ms_with_reasons,
                        0, N_TIMES);
    tcase_add_loop_test(tc, a_bound_keeps_its_deadline_within_50_ms, 0,
                        N_TIMES);
    tcase_add_loop_test(tc, a_bound_hears_a_wish_to_cancel_within_100_ms, 0,
                        N_TIMES);
    tcase_add_loop_test(tc, a_wish_to_cancel_is_heard_within_100_ms, 0,
                        N_TIMES);
    return suite;
}
