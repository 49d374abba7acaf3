#include <gridbeat/gridbeat.h>

#include <pthread.h>

#include "small_bank.h"
#include "test.h"

enum { N_THREADS = 8, N_SIDE = 60 };

static small_bank b;
static char path[300];
static gb_workspace *ws;
static gb_territory_index *index_;

static void set_up(void)
{
    small_bank_open(&b);
    small_bank_copy(&b, b.imported, "w.gb", path);
    ws = NULL;
    index_ = NULL;
}

static void tear_down(void)
{
    gb_territory_index_free(index_);
    gb_workspace_close(ws);
    small_bank_close(&b);
}

static void plan_and_open(void)
{
    gb_territory_index_options options = GB_TERRITORY_INDEX_OPTIONS_INIT;

    assert_ok(b.ctx, small_bank_night(&b, b.ctx, path, NULL, 1));
    assert_ok(b.ctx, gb_workspace_open(b.ctx, path, NULL, &ws));
    options.date = SMALL_BANK_DATE;
    assert_ok(b.ctx, gb_territory_index_open(b.ctx, ws, &options, &index_));
}

START_TEST(what_is_wrong_with_the_arguments_is_told)
{
    gb_territory_index_options options = GB_TERRITORY_INDEX_OPTIONS_INIT;

    assert_ok(b.ctx, gb_workspace_open(b.ctx, path, NULL, &ws));
    assert_status(b.ctx, GB_ERR_ARGUMENT,
                  gb_territory_index_open(b.ctx, ws, NULL, NULL));
    assert_status(b.ctx, GB_ERR_ARGUMENT,
                  gb_territory_index_open(b.ctx, NULL, NULL, &index_));
    options.size = 3;
    assert_status(b.ctx, GB_ERR_OPTIONS,
                  gb_territory_index_open(b.ctx, ws, &options, &index_));
    options.size = sizeof options;
    options.date = "2026-02-30";
    assert_status(b.ctx, GB_ERR_ARGUMENT,
                  gb_territory_index_open(b.ctx, ws, &options, &index_));
    options.date = NULL;
    options.version = -1;
    assert_status(b.ctx, GB_ERR_ARGUMENT,
                  gb_territory_index_open(b.ctx, ws, &options, &index_));
    options.version = 0;
    options.scope = "everybody";
    assert_status(b.ctx, GB_ERR_ARGUMENT,
                  gb_territory_index_open(b.ctx, ws, &options, &index_));
    options.scope = "branch:none";
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  gb_territory_index_open(b.ctx, ws, &options, &index_));
    options.scope = NULL;
    assert_status(b.ctx, GB_ERR_STATE,
                  gb_territory_index_open(b.ctx, ws, &options, &index_));
    options.version = 17;
    assert_status(b.ctx, GB_ERR_NOT_FOUND,
                  gb_territory_index_open(b.ctx, ws, &options, &index_));
    ck_assert_ptr_null(index_);
    gb_territory_index_free(NULL);
    ck_assert_ptr_null(gb_territory_index_ref(NULL));
    gb_territory_index_about(NULL, NULL);
}
END_TEST

START_TEST(each_reason_has_its_name)
{
    ck_assert_str_eq(gb_point_reason_name(GB_POINT_INSIDE), "inside");
    ck_assert_str_eq(gb_point_reason_name(GB_POINT_BORDER), "border");
    ck_assert_str_eq(gb_point_reason_name(GB_POINT_NO_OWNER), "no_owner");
    ck_assert_str_eq(gb_point_reason_name(GB_POINT_OUTSIDE), "outside");
    ck_assert_str_eq(gb_point_reason_name(GB_POINT_INVALID), "invalid");
    ck_assert_str_eq(gb_point_reason_name(-1), "");
    ck_assert_str_eq(gb_point_reason_name(5), "");
}
END_TEST

typedef struct asker {
    gb_territory_index *index; /* held by this thread */
    int n_wrong, n_inside;
} asker;

/* Where the territories of the small town are. */
static gb_lonlat place(int i)
{
    static const gb_lonlat corner = { 104.052, 30.652 };
    const gb_lonlat at = { corner.lon_deg + (i % N_SIDE) * 0.0005,
                           corner.lat_deg + (i / N_SIDE) * 0.0005 };

    return at;
}

static gb_territory_answer expected[N_SIDE * N_SIDE];

static void *ask_all(void *user)
{
    asker *a = user;

    for (int i = 0; i < N_SIDE * N_SIDE; i++) {
        gb_territory_answer got = GB_TERRITORY_ANSWER_INIT;

        gb_territory_at_point(a->index, place(i), &got);
        a->n_inside += got.reason == GB_POINT_INSIDE;
        a->n_wrong += got.reason != expected[i].reason
                      || got.number != expected[i].number
                      || got.other != expected[i].other
                      || strcmp(got.manager, expected[i].manager) != 0
                      || got.distance_m < expected[i].distance_m
                      || got.distance_m > expected[i].distance_m;
    }
    gb_territory_index_free(a->index);
    return NULL;
}

START_TEST(eight_threads_ask_one_index_and_let_go_of_it)
{
    pthread_t threads[N_THREADS];
    asker askers[N_THREADS];

    plan_and_open();
    for (int i = 0; i < N_SIDE * N_SIDE; i++) {
        expected[i] = (gb_territory_answer)GB_TERRITORY_ANSWER_INIT;
        gb_territory_at_point(index_, place(i), &expected[i]);
    }
    for (int t = 0; t < N_THREADS; t++) {
        askers[t] = (asker){ .index = gb_territory_index_ref(index_) };
        ck_assert_int_eq(
            pthread_create(&threads[t], NULL, ask_all, &askers[t]), 0);
    }
    for (int t = 0; t < N_THREADS; t++) {
        pthread_join(threads[t], NULL);
        ck_assert_int_eq(askers[t].n_wrong, 0);
        ck_assert_int_gt(askers[t].n_inside, 0);
        ck_assert_int_lt(askers[t].n_inside, N_SIDE * N_SIDE);
    }
}
END_TEST

/* The answer of the command is that of the typed call. */
START_TEST(the_json_door_says_the_same)
{
    gb_session_options options = GB_SESSION_OPTIONS_INIT;
    gb_session *session = NULL;
    int n_inside = 0;

    plan_and_open();
    options.workspace = path;
    assert_ok(b.ctx, gb_session_open(b.ctx, &options, &session));
    for (int i = 0; i < N_SIDE * N_SIDE; i += 97) {
        gb_territory_answer a = GB_TERRITORY_ANSWER_INIT;
        const char *json;
        char asked[100], told[100];

        gb_territory_at_point(index_, place(i), &a);
        snprintf(asked, sizeof asked, "{\"at\": [%.17g, %.17g]}",
                 place(i).lon_deg, place(i).lat_deg);
        assert_ok(b.ctx, gb_call(session, "territory.at", asked, &json));
        snprintf(told, sizeof told, "\"reason\": \"%s\"",
                 gb_point_reason_name(a.reason));
        ck_assert_msg(strstr(json, told) != NULL, "%s in %s", told, json);
        if (a.reason != GB_POINT_INSIDE)
            continue;
        n_inside++;
        snprintf(told, sizeof told, "\"manager\": \"%s\"", a.manager);
        ck_assert_msg(strstr(json, told) != NULL, "%s in %s", told, json);
    }
    gb_session_close(session);
    ck_assert_int_gt(n_inside, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("territory_index");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, what_is_wrong_with_the_arguments_is_told);
    tcase_add_test(tcase, each_reason_has_its_name);
    tcase_add_test(tcase, eight_threads_ask_one_index_and_let_go_of_it);
    tcase_add_test(tcase, the_json_door_says_the_same);
    suite_add_tcase(suite, tcase);
    return suite;
}
