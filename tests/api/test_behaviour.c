/*
 * Behaviour models by the public functions.  Values of reference are those of
 * CDNOW (Fader & Hardie), in ../shared; where that is absent those tests skip.
 */
#include <gridbeat/gridbeat.h>

#include "test.h"

enum { MOST = 3000, N_COLUMNS = 11 };

typedef struct table {
    size_t n;
    double column[N_COLUMNS][MOST];
} table;

/* A CSV of numbers with a heading. */
static bool read_table(const char *name, size_t n_columns, table *t)
{
    const char *path = test_shared_path(name);
    char *text, *at;

    if (!path)
        return false;
    text = test_read_file(path, NULL);
    at = strchr(text, '\n') + 1;
    for (t->n = 0; *at; t->n++)
        for (size_t c = 0; c < n_columns; c++) {
            char *end;

            ck_assert_uint_lt(t->n, MOST);
            t->column[c][t->n] = strtod(at, &end);
            ck_assert(end > at);
            at = end + strspn(end, ",\r\n");
        }
    free(text);
    return true;
}

static gb_behaviour_rows times(const double *x, const double *t_x,
                               const double *T, size_t n)
{
    return (gb_behaviour_rows){ sizeof(gb_behaviour_rows), n, x, t_x, T, NULL };
}

static gb_behaviour_model model_of(int32_t kind, const double params[4])
{
    gb_behaviour_model model = GB_BEHAVIOUR_MODEL_INIT;

    model.kind = kind;
    memcpy(model.params, params, sizeof model.params);
    return model;
}

static double relative(double a, double b)
{
    return fabs(a - b) / fabs(b);
}

/* ---- held to CDNOW ---- */

START_TEST(fits_agree_with_those_of_reference)
{
    static const double expected[][5] = { /* cdnow_fits.csv */
        { 0.2426, 4.4135, 0.7929, 2.4258, -9582.4256 },
        { 0.5248, 6.183, 0.8914, 1.614, -9582.1327 },
        { 0.5533, 10.5776, 0.6062, 11.6679, -9594.9739 },
    };
    static table t;
    gb_context *ctx = test_context();

    if (read_table("data/score/reference/cdnow_customer_reference.csv",
                   N_COLUMNS, &t)) {
        const gb_behaviour_rows rows
            = times(t.column[1], t.column[2], t.column[3], t.n);
        gb_behaviour_model m = GB_BEHAVIOUR_MODEL_INIT;

        assert_ok(ctx, gb_behaviour_fit(ctx, _i, &rows, NULL, &m));
        ck_assert(m.is_converged);
        ck_assert_uint_eq(m.at_edge, 0);
        ck_assert_uint_eq(m.n, 2357);
        assert_near(m.penalty, 0, 0);
        assert_near(m.loglik, expected[_i][4], 1e-3);
        for (int p = 0; p < 4; p++)
            ck_assert_double_lt(relative(m.params[p], expected[_i][p]), 1e-3);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(amounts_agree_with_those_of_reference)
{
    static const double expected[] = { 6.2488, 3.7446, 15.4477 };
    static table t;
    gb_context *ctx = test_context();

    if (read_table("data/score/cdnow/"
                   "cdnow_customers_summary_with_transactions.csv", 5, &t)) {
        gb_behaviour_rows rows = times(t.column[1], NULL, NULL, t.n);
        gb_behaviour_model m = GB_BEHAVIOUR_MODEL_INIT;
        double *spend = calloc(t.n, sizeof *spend);

        rows.m = t.column[4];
        assert_ok(ctx, gb_behaviour_fit(ctx, GB_BEHAVIOUR_GAMMAGAMMA, &rows,
                                        NULL, &m));
        ck_assert(m.is_converged);
        ck_assert_uint_eq(m.n, 946);
        assert_near(m.loglik, -4055.9232, 1e-3);
        for (int p = 0; p < 3; p++)
            ck_assert_double_lt(relative(m.params[p], expected[p]), 1e-3);
        assert_ok(ctx, gb_behaviour_spend(ctx, &m, &rows, spend));
        /* The first customer: 2 repeats of 22.35; the third: none. */
        assert_near(spend[0], m.params[0] * (m.params[2] + 2 * 22.35)
                                  / (2 * m.params[0] + m.params[1] - 1),
                    1e-12);
        assert_near(spend[2], m.params[0] * m.params[2] / (m.params[1] - 1),
                    1e-12);
        free(spend);
    }
    gb_context_free(ctx);
}
END_TEST

static void hold(gb_context *ctx, const table *t, int32_t kind,
                 const double params[4], double tolerance,
                 const int places[4]) /* ll, alive, expected, any; -1: none */
{
    static double got[4][MOST];
    const gb_behaviour_model m = model_of(kind, params);
    const gb_behaviour_rows rows
        = times(t->column[1], t->column[2], t->column[3], t->n);
    const gb_behaviour_outlook out
        = { sizeof out, got[3], got[1], got[2] };

    assert_ok(ctx, gb_behaviour_loglik(ctx, &m, &rows, got[0], NULL, NULL));
    assert_ok(ctx, gb_behaviour_predict(ctx, &m, &rows, 39, &out));
    for (int k = 0; k < 4; k++)
        for (size_t i = 0; places[k] >= 0 && i < t->n; i++)
            ck_assert_msg(relative(got[k][i], t->column[places[k]][i])
                              < tolerance,
                          "figure %d of customer %zu: %.12g, not %.12g", k, i,
                          got[k][i], t->column[places[k]][i]);
}

START_TEST(every_customer_agrees_with_the_reference_at_published_parameters)
{
    static const double bg[] = { 0.243, 4.414, 0.793, 2.426 };
    static const double pareto[] = { 0.553, 10.578, 0.606, 11.669 };
    static table t;
    gb_context *ctx = test_context();

    if (read_table("data/score/reference/cdnow_customer_reference.csv",
                   N_COLUMNS, &t)) {
        hold(ctx, &t, GB_BEHAVIOUR_BGNBD, bg, 1e-8, (int[]){ 4, 5, 6, 7 });
        hold(ctx, &t, GB_BEHAVIOUR_PARETONBD, pareto, 1e-6,
             (int[]){ 8, 9, 10, -1 });
    }
    gb_context_free(ctx);
}
END_TEST

/* ---- of its own ---- */

static const double some_x[] = { 0, 2, 1, 0, 5, 0, 1, 9, 0, 3 };
static const double some_t[] = { 0, 20, 3, 0, 29, 0, 17, 30, 0, 11 };
static const double some_T[] = { 30, 31, 32, 33, 34, 35, 36, 37, 38, 39 };
static const double some_m[] = { 0, 20, 35.5, 0, 18, 0, 60, 22, 0, 41 };

START_TEST(the_order_of_rows_does_not_matter_to_the_byte)
{
    gb_context *ctx = test_context();
    double x[10], t[10], T[10];

    for (int i = 0; i < 10; i++) {
        x[i] = some_x[(i * 7 + 3) % 10];
        t[i] = some_t[(i * 7 + 3) % 10];
        T[i] = some_T[(i * 7 + 3) % 10];
    }
    for (int32_t kind = 0; kind < 3; kind++) {
        const gb_behaviour_rows one = times(some_x, some_t, some_T, 10);
        const gb_behaviour_rows two = times(x, t, T, 10);
        gb_behaviour_model a = GB_BEHAVIOUR_MODEL_INIT, b = a;

        assert_ok(ctx, gb_behaviour_fit(ctx, kind, &one, NULL, &a));
        assert_ok(ctx, gb_behaviour_fit(ctx, kind, &two, NULL, &b));
        ck_assert_mem_eq(a.params, b.params, sizeof a.params);
        ck_assert_mem_eq(&a.loglik, &b.loglik, sizeof a.loglik);
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(another_unit_of_time_or_money_changes_nothing_but_the_unit)
{
    gb_context *ctx = test_context();
    double t[10], T[10], m[10];
    gb_behaviour_rows rows, other;
    gb_behaviour_model a = GB_BEHAVIOUR_MODEL_INIT, b = a;

    for (int i = 0; i < 10; i++) {
        t[i] = some_t[i] * 7;
        T[i] = some_T[i] * 7;
        m[i] = some_m[i] * 100;
    }
    rows = times(some_x, some_t, some_T, 10);
    other = times(some_x, t, T, 10);
    rows.m = some_m;
    other.m = m;
    for (int32_t kind = 0; kind < 4; kind++) {
        const double unit = kind == GB_BEHAVIOUR_GAMMAGAMMA ? 100 : 7;

        assert_ok(ctx, gb_behaviour_fit(ctx, kind, &rows, NULL, &a));
        assert_ok(ctx, gb_behaviour_fit(ctx, kind, &other, NULL, &b));
        for (size_t p = 0; gb_behaviour_param(kind, p); p++) {
            const char *name = gb_behaviour_param(kind, p);
            const bool has_unit = strcmp(name, "alpha") == 0
                                  || strcmp(name, "beta") == 0
                                  || strcmp(name, "gamma") == 0;

            if (!a.at_edge)
                ck_assert_msg(relative(b.params[p], a.params[p]
                                                        * (has_unit ? unit : 1))
                                  < 2e-3, "%s of %s: %g, %g", name,
                              gb_behaviour_name(kind), a.params[p],
                              b.params[p]);
        }
    }
    gb_context_free(ctx);
}
END_TEST

/* All alike, all silent, one alone: no maximum, but an end, and said. */
START_TEST(what_the_rows_do_not_hold_is_named_and_the_search_ends)
{
    static const struct {
        double x, t_x, T;
        size_t n;
    } cases[] = {
        { 0, 0, 30, 10 }, { 3, 20, 30, 10 }, { 1, 30, 30, 1 },
        { 0, 0, 1, 1 }, { 1e9, 1e12, 1e12, 3 }, { 1, 0, 1e-99, 2 },
        { 5000, 51, 52, 2 },
    };
    gb_context *ctx = test_context();

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double x[10], t[10], T[10];
        gb_behaviour_rows rows = times(x, t, T, cases[i].n);

        for (size_t k = 0; k < cases[i].n; k++) {
            x[k] = cases[i].x;
            t[k] = cases[i].t_x;
            T[k] = cases[i].T;
        }
        rows.m = t;
        for (int32_t kind = 0; kind < 4; kind++) {
            gb_behaviour_model m = GB_BEHAVIOUR_MODEL_INIT;
            double any[10], alive[10], expected[10];
            const gb_behaviour_outlook out
                = { sizeof out, any, alive, expected };

            if (kind == GB_BEHAVIOUR_GAMMAGAMMA && !(x[0] > 0 && t[0] > 0))
                continue;
            assert_ok(ctx, gb_behaviour_fit(ctx, kind, &rows, NULL, &m));
            ck_assert(isfinite(m.loglik));
            for (size_t p = 0; gb_behaviour_param(kind, p); p++)
                ck_assert(m.params[p] > 0 && isfinite(m.params[p]));
            if (kind == GB_BEHAVIOUR_GAMMAGAMMA)
                continue;
            assert_ok(ctx, gb_behaviour_predict(ctx, &m, &rows, T[0] / 4,
                                                &out));
            ck_assert(any[0] >= 0 && any[0] <= 1);
            ck_assert(alive[0] >= 0 && alive[0] <= 1);
            ck_assert(expected[0] >= 0 && isfinite(expected[0]));
        }
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(figures_out_of_their_range_are_refused_with_their_row)
{
    static const double bad[][4] = { /* x, t_x, T, m */
        { -1, 0, 30, 1 }, { 0.5, 0, 30, 1 }, { NAN, 0, 30, 1 },
        { 1e308, 3, 30, 1 }, { 1, 31, 30, 1 }, { 1, NAN, 30, 1 },
        { 1, -1, 30, 1 }, { 1, 3, INFINITY, 1 }, { 1, 3, 1e308, 1 },
        { 0, 3, 30, 1 },
    };
    gb_context *ctx = test_context();

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const double x[] = { 1, bad[i][0] }, t[] = { 3, bad[i][1] };
        const double T[] = { 30, bad[i][2] };
        const gb_behaviour_rows rows = times(x, t, T, 2);
        gb_behaviour_model m = GB_BEHAVIOUR_MODEL_INIT;

        assert_status(ctx, GB_ERR_DATA,
                      gb_behaviour_fit(ctx, GB_BEHAVIOUR_BGNBD, &rows, NULL,
                                       &m));
        ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "row 1"));
    }
    gb_context_free(ctx);
}
END_TEST

START_TEST(wrong_calls_are_refused)
{
    static const double params[] = { 1, 1, 1, 1 };
    static const double none[] = { 1, 0, 1, 1 };
    gb_context *ctx = test_context();
    gb_behaviour_rows rows = times(some_x, some_t, some_T, 10);
    gb_behaviour_rows no_rows = times(NULL, NULL, NULL, 0);
    gb_behaviour_model m = GB_BEHAVIOUR_MODEL_INIT;
    gb_behaviour_model fixed = model_of(GB_BEHAVIOUR_MBGNBD, params);
    const gb_behaviour_outlook out = GB_BEHAVIOUR_OUTLOOK_INIT;
    gb_behaviour_options options = GB_BEHAVIOUR_OPTIONS_INIT;
    double values[10];

    ck_assert_int_eq(gb_behaviour_fit(NULL, 0, &rows, NULL, &m),
                     GB_ERR_ARGUMENT);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_behaviour_fit(ctx, 4, &rows, NULL, &m));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_behaviour_fit(ctx, 0, NULL, NULL, &m));
    assert_status(ctx, GB_ERR_ARGUMENT, /* no amounts */
                  gb_behaviour_fit(ctx, 3, &rows, NULL, &m));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_behaviour_fit(ctx, 0, &rows, NULL, NULL));
    assert_status(ctx, GB_ERR_DATA,
                  gb_behaviour_fit(ctx, 0, &no_rows, NULL, &m));
    options.size = 3;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_behaviour_fit(ctx, 0, &rows, &options, &m));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_behaviour_predict(ctx, &fixed, &rows, 0, &out));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_behaviour_predict(ctx, &fixed, &rows, NAN, &out));
    assert_ok(ctx, gb_behaviour_predict(ctx, &fixed, &rows, 1, &out));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_behaviour_spend(ctx, &fixed, &rows, values));
    fixed = model_of(GB_BEHAVIOUR_MBGNBD, none);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_behaviour_loglik(ctx, &fixed, &rows, NULL, NULL, NULL));
    ck_assert_str_eq(gb_behaviour_name(2), "paretonbd");
    ck_assert_ptr_null(gb_behaviour_name(4));
    ck_assert_str_eq(gb_behaviour_param(2, 3), "beta");
    ck_assert_ptr_null(gb_behaviour_param(3, 3));
    ck_assert(gb_behaviour_parse("gammagamma", &m.kind));
    ck_assert_int_eq(m.kind, GB_BEHAVIOUR_GAMMAGAMMA);
    ck_assert(!gb_behaviour_parse("nbd", &m.kind));
    gb_context_free(ctx);
}
END_TEST

/* ---- transactions ---- */

START_TEST(purchases_of_one_day_count_once_and_later_ones_not_at_all)
{
    static const uint32_t who[] = { 1, 0, 1, 1, 1, 0, 2, 1 };
    static const int32_t day[] = { 24, 10, 10, 17, 17, 80, 90, 75 };
    static const double amount[] = { 30, 5, 1, 10, 2, 9, 4, 100 };
    const gb_behaviour_events e
        = { sizeof e, 8, 3, who, day, amount };
    double x[3], t_x[3], T[3], m[3];
    const gb_behaviour_summary out = { sizeof out, x, t_x, T, m };
    gb_context *ctx = test_context();

    assert_ok(ctx, gb_behaviour_summarize(ctx, &e, 73, 7, &out));
    assert_near(x[0], 0, 0);
    assert_near(t_x[0], 0, 0);
    assert_near(T[0], 9, 0);
    assert_near(m[0], 0, 0);
    assert_near(x[1], 2, 0);
    assert_near(t_x[1], 2, 0);
    assert_near(T[1], 9, 0);
    assert_near(m[1], 21, 0); /* 12 and 30; the first does not count */
    assert_near(T[2], -1, 0);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_behaviour_summarize(ctx, &e, 73, 0, &out));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_behaviour_summarize(ctx, NULL, 73, 1, &out));
    gb_context_free(ctx);
}
END_TEST

/* ---- who comes back ---- */

enum { N_SILENT = 600, N_EVENTS = 8 * N_SILENT };

/* Odd customers come every 200 days for good, even ones once. */
static size_t make_record(uint32_t *who, int32_t *day)
{
    size_t n = 0;

    for (uint32_t c = 0; c < N_SILENT; c++)
        for (int32_t k = 0; k < 5 && (k == 0 || c % 2); k++) {
            who[n] = c;
            day[n++] = (int32_t)(c % 190) + k * 200;
        }
    return n;
}

START_TEST(who_came_back_before_ranks_above_who_never_did)
{
    static uint32_t who[N_EVENTS];
    static int32_t day[N_EVENTS];
    static double p[N_SILENT], silent[N_SILENT];
    const size_t n = make_record(who, day);
    gb_behaviour_events e = { sizeof e, n, N_SILENT, who, day, NULL };
    gb_behaviour_return m = GB_BEHAVIOUR_RETURN_INIT, again = m;
    gb_behaviour_return_options o = GB_BEHAVIOUR_RETURN_OPTIONS_INIT;
    gb_context *ctx = test_context();

    o.dormant_days = 100;
    assert_ok(ctx, gb_behaviour_return_fit(ctx, &e, 700, &o, &m));
    ck_assert(m.is_converged);
    ck_assert_uint_eq(m.n_dates, 8);
    ck_assert_uint_gt(m.n_returned, 0);
    assert_ok(ctx, gb_behaviour_return_predict(ctx, &m, &e, 700, p, NULL,
                                               silent));
    for (uint32_t c = 0; c < N_SILENT; c++) {
        const int32_t last = (int32_t)(c % 190)
                             + (c % 2 ? (700 - (int32_t)(c % 190)) / 200 * 200
                                      : 0);

        assert_near(silent[c], 700 - last, 0);
        ck_assert_int_eq(isnan(p[c]), 700 - last < 100);
        if (c % 2 && !isnan(p[c]))
            ck_assert_double_gt(p[c], p[c - 1]);
    }
    /* What comes after the end is not looked at: without it, all the same. */
    e.n = 0;
    for (size_t i = 0; i < n; i++)
        if (day[i] <= 700) {
            who[e.n] = who[i];
            day[e.n++] = day[i];
        }
    ck_assert_uint_lt(e.n, n);
    assert_ok(ctx, gb_behaviour_return_fit(ctx, &e, 700, &o, &again));
    ck_assert_mem_eq(m.weights, again.weights, sizeof m.weights);
    ck_assert_mem_eq(m.params, again.params, sizeof m.params);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_past_that_teaches_nothing_is_refused)
{
    static uint32_t who[N_EVENTS];
    static int32_t day[N_EVENTS];
    const size_t n = make_record(who, day);
    const gb_behaviour_events e = { sizeof e, n, N_SILENT, who, day, NULL };
    gb_behaviour_return m = GB_BEHAVIOUR_RETURN_INIT;
    gb_behaviour_return_options o = GB_BEHAVIOUR_RETURN_OPTIONS_INIT;
    double p[N_SILENT];
    gb_context *ctx = test_context();

    /* Too early: nobody has been silent yet; then: no transaction at all. */
    assert_status(ctx, GB_ERR_DATA,
                  gb_behaviour_return_fit(ctx, &e, 180, &o, &m));
    assert_status(ctx, GB_ERR_DATA,
                  gb_behaviour_return_fit(ctx, &e, -5, &o, &m));
    o.within_days = NAN;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_behaviour_return_fit(ctx, &e, 700, &o, &m));
    o.within_days = 90;
    o.kind = GB_BEHAVIOUR_GAMMAGAMMA + 1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_behaviour_return_fit(ctx, &e, 700, &o, &m));
    assert_status(ctx, GB_ERR_ARGUMENT, /* no parameters */
                  gb_behaviour_return_predict(ctx, &m, &e, 700, p, NULL,
                                              NULL));
    ck_assert_str_eq(gb_behaviour_return_weight(2), "silence");
    ck_assert_ptr_null(gb_behaviour_return_weight(6));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("behaviour");
    TCase *t = tcase_create("reference");

    tcase_add_loop_test(t, fits_agree_with_those_of_reference, 0, 3);
    tcase_add_test(t, amounts_agree_with_those_of_reference);
    tcase_add_test(
        t, every_customer_agrees_with_the_reference_at_published_parameters);
    suite_add_tcase(suite, t);
    t = tcase_create("own");
    tcase_add_test(t, the_order_of_rows_does_not_matter_to_the_byte);
    tcase_add_test(t,
                   another_unit_of_time_or_money_changes_nothing_but_the_unit);
    tcase_add_test(t, what_the_rows_do_not_hold_is_named_and_the_search_ends);
    tcase_add_test(t, figures_out_of_their_range_are_refused_with_their_row);
    tcase_add_test(t, wrong_calls_are_refused);
    suite_add_tcase(suite, t);
    t = tcase_create("transactions");
    tcase_add_test(t, purchases_of_one_day_count_once_and_later_ones_not_at_all);
    suite_add_tcase(suite, t);
    t = tcase_create("return");
    tcase_add_test(t, who_came_back_before_ranks_above_who_never_did);
    tcase_add_test(t, a_past_that_teaches_nothing_is_refused);
    suite_add_tcase(suite, t);
    return suite;
}
