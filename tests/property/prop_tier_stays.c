/*
 * Runs of a tiering on dates in any order, some of them repeated: what the
 * stays say of a date is what the last run of that date, or of the one before
 * it that has a run, said.
 */
#include "bank.h"
#include "store_tier.h"

#include "base_rng.h"

enum { N_CUSTOMERS = 7, N_DATES = 5, N_TIERS = 3 };

static const char *const dates[N_DATES]
    = { "2026-03-02", "2026-03-03", "2026-03-10", "2026-04-01",
        "2026-12-31" };
static const char *const names[N_TIERS] = { "A", "B", "中" };

/* The plain twin: who was where at each run. */
typedef struct said {
    bool is_run;
    int tier[N_CUSTOMERS]; /* N_TIERS: none */
} said;

static bank b;

static void run_on(const char *date, const said *now)
{
    store_tier_given given[N_CUSTOMERS];
    store_tier_run run = { .name = "x", .as_of = date, .definition_json = "{}",
                           .tiers_json = "[]", .items = given };

    for (int64_t c = 0; c < N_CUSTOMERS; c++)
        if (now->tier[c] < N_TIERS)
            given[run.n++] = (store_tier_given){ c + 1, names[now->tier[c]],
                                                 (double)c, 0, NULL };
    store_enter(b.ws, &b.run);
    assert_ok(b.ctx, store_tier_save(b.ws, &run));
    store_leave(b.ws);
}

static int tier_on(int64_t customer, const char *date)
{
    char sql[400];
    const char *tier;

    snprintf(sql, sizeof sql,
             "SELECT group_concat(tier) FROM tier_stay WHERE customer_id = "
             "%lld AND since <= '%s' AND (until IS NULL OR until > '%s')",
             (long long)customer, date, date);
    tier = bank_text(&b, sql);
    for (int t = 0; t < N_TIERS; t++)
        if (strcmp(tier, names[t]) == 0)
            return t;
    ck_assert_str_eq(tier, ""); /* two at a time would be "A,B" */
    return N_TIERS;
}

static void check_dates(const said *of, uint64_t seed)
{
    const said *last = NULL;

    for (int d = 0; d < N_DATES; d++) {
        if (of[d].is_run)
            last = &of[d];
        for (int c = 0; c < N_CUSTOMERS; c++)
            ck_assert_msg(tier_on(c + 1, dates[d])
                              == (last ? last->tier[c] : N_TIERS),
                          "seed %llu: customer %d on %s",
                          (unsigned long long)seed, c + 1, dates[d]);
    }
}

/* From any date to any other that has a run. */
static void check_moves(const said *of)
{
    const store_scope all = { STORE_SCOPE_ALL, 0 };

    for (int f = 0; f < N_DATES; f++)
        for (int t = 0; t < N_DATES; t++) {
            store_tier_moves moves;
            int64_t sum = 0;

            if (!of[f].is_run || !of[t].is_run)
                continue;
            store_enter(b.ws, &b.run);
            assert_ok(b.ctx, store_tier_count_moves(b.ws, "x", all, dates[f],
                                                    dates[t], &moves));
            store_leave(b.ws);
            for (size_t i = 0; i < moves.n; i++) {
                const store_tier_move *m = &moves.items[i];
                int64_t n = 0;

                for (int c = 0; c < N_CUSTOMERS; c++) {
                    const int was = of[f].tier[c], is = of[t].tier[c];

                    n += strcmp(was < N_TIERS ? names[was] : "", m->from) == 0
                         && strcmp(is < N_TIERS ? names[is] : "", m->to) == 0;
                }
                ck_assert_int_eq(m->n, n);
                sum += n;
            }
            for (int c = 0; c < N_CUSTOMERS; c++)
                sum -= of[f].tier[c] < N_TIERS || of[t].tier[c] < N_TIERS;
            ck_assert_int_eq(sum, 0);
            store_tier_moves_clear(&moves);
        }
}

START_TEST(stays_say_of_any_date_what_its_run_said)
{
    const uint64_t seed = test_seed() + (uint64_t)_i;
    base_rng rng = base_rng_seeded(seed);
    said of[N_DATES] = { 0 };

    bank_open(&b);
    for (int c = 0; c < N_CUSTOMERS; c++) {
        char ref[8];

        snprintf(ref, sizeof ref, "c%d", c);
        bank_add(&b, ref, "");
    }
    for (int k = 0; k < 12; k++) {
        const size_t d = (size_t)base_rng_below(&rng, N_DATES);

        of[d].is_run = true;
        for (int c = 0; c < N_CUSTOMERS; c++)
            if (k < 2 || base_rng_chance(&rng, 0.6))
                of[d].tier[c] = (int)base_rng_below(&rng, N_TIERS + 1);
        run_on(dates[d], &of[d]);
        check_dates(of, seed);
        ck_assert_int_eq(bank_int(&b, "SELECT count(*) FROM tier_stay a "
                                      "JOIN tier_stay b USING(customer_id) "
                                      "WHERE a.until = b.since "
                                      "AND a.tier = b.tier"), 0);
    }
    check_moves(of);
    bank_close(&b);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("tier_stays");
    TCase *tcase = tcase_create("tier_stays");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, stays_say_of_any_date_what_its_run_said, 0,
                        test_cases(6));
    suite_add_tcase(suite, tcase);
    return suite;
}
