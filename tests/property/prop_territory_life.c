/*
 * Versions are made, approved, activated, handed over and put aside at random;
 * whatever happens, any date has one version and each of its territories one
 * owner.
 */
#include "territory_case.h"

#include "store_territory_edit.h"
#include "store_territory_handover.h"
#include "store_territory_life.h"

#include "base_rng.h"

enum { FIRST_DAY = 20514 /* 2026-03-02 */, N_DAYS = 40 };

static base_rng rng;

static int64_t any_version(void)
{
    return base_rng_between(
        &rng, 1, territory_case_int("SELECT max(id) FROM territory_version"));
}

static int32_t any_day(void)
{
    return FIRST_DAY + (int32_t)base_rng_below(&rng, N_DAYS);
}

static void edit_one(void)
{
    char ref[16];
    const store_move move = { ref, base_rng_below(&rng, 2) ? "t1" : "t2" };
    store_edit e;
    int64_t made = 0;

    snprintf(ref, sizeof ref, "cell%05d",
             (int)base_rng_between(&rng, 1, 16));
    if (!store_edit_try(b.ws, any_version(), &move, 1, &e))
        assert_ok(b.ctx, store_edit_save(b.ws, &e, NULL, &made));
    store_edit_clear(&e);
}

static void hand_over_one(void)
{
    const bool is_back = base_rng_chance(&rng, 0.5);
    const store_handover h = { is_back ? "m2" : "m1", is_back ? "m1" : "m2",
                               base_rng_below(&rng, 2) ? "t1" : NULL,
                               any_day(), false };
    json_t *pack = NULL;

    store_handover_do(b.ws, &h, &pack);
    json_decref(pack);
}

/* Refusals are as good an answer as any. */
static void step(void)
{
    size_t n;

    switch (base_rng_below(&rng, 6)) {
    case 0:
        edit_one();
        break;
    case 1:
        hand_over_one();
        break;
    case 2:
        store_territory_retire(b.ws, any_version());
        break;
    case 3:
        store_territory_approve_checked(b.ws, any_version(), &n);
        break;
    default:
        store_territory_activate_checked(b.ws, any_version(), any_day(), &n);
    }
    base_enter(b.ctx);
}

/* By counting rows, and by the check that shares no code with them. */
static void hold(uint64_t seed)
{
    char sql[512], on[16];

    for (int32_t d = FIRST_DAY; d < FIRST_DAY + N_DAYS + 5; d++) {
        store_day_text(on, d);
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM territory_version WHERE state IN "
                 "('active', 'retired') AND from_date <= '%s' "
                 "AND (to_date IS NULL OR to_date > '%s')", on, on);
        ck_assert_msg(territory_case_int(sql) == 1, "seed %llu: %s has %lld "
                      "versions", (unsigned long long)seed, on,
                      (long long)territory_case_int(sql));
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM territory t JOIN territory_version v "
                 "ON v.id = t.territory_version_id WHERE v.state IN "
                 "('active', 'retired') AND v.from_date <= '%s' AND "
                 "(v.to_date IS NULL OR v.to_date > '%s') AND (SELECT "
                 "count(*) FROM territory_owner o WHERE o.territory_id = t.id "
                 "AND o.from_date <= '%s' AND (o.to_date IS NULL OR "
                 "o.to_date > '%s')) <> 1", on, on, on, on);
        ck_assert_msg(territory_case_int(sql) == 0,
                      "seed %llu: a territory without one owner on %s",
                      (unsigned long long)seed, on);
    }
}

static void check_whole(uint64_t seed)
{
    store_findings found;

    assert_ok(b.ctx, store_territory_check(b.ws, 0, any_day(), 0, &found));
    ck_assert_msg(found.n == 0, "seed %llu: %s", (unsigned long long)seed,
                  found.n ? found.items[0].text : "");
    store_findings_clear(&found);
}

START_TEST(any_date_has_one_version_and_each_territory_one_owner)
{
    const uint64_t seed = test_seed();

    for (int i = 0; i < test_cases(3); i++) {
        rng = base_rng_seeded(seed + (uint64_t)i);
        territory_case_open();
        for (int s = 0; s < 60; s++) {
            step();
            hold(seed + (uint64_t)i);
        }
        check_whole(seed + (uint64_t)i);
        territory_case_close();
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("territory_life");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase,
                   any_date_has_one_version_and_each_territory_one_owner);
    suite_add_tcase(suite, tcase);
    return suite;
}
