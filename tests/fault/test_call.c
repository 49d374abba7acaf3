#include <gridbeat/gridbeat.h>

#include <pthread.h>
#include <unistd.h>

#include "faulty_alloc.h"
#include "test.h"

#define DAY                                                                   \
    "{\"problem\": {\"vehicles\": [{\"id\": 1, \"start_index\": 0, "         \
    "\"time_window\": [0, 900]}], \"jobs\": [{\"id\": 7, "                 \
    "\"location_index\": 1, \"priority\": 2}, {\"id\": 8, "               \
    "\"location_index\": 2, \"priority\": 1}], \"matrices\": {\"car\": "   \
    "{\"durations\": [[0, 600, 600], [600, 0, 600], [600, 600, 0]]}}}"
#define PLAN                                                                  \
    ", \"solution\": {\"routes\": [{\"vehicle\": 1, \"steps\": [{\"type\": "   \
    "\"start\"}, {\"type\": \"job\", \"id\": 7}]}]}"

static const struct {
    const char *method, *params;
    gb_status status; /* with enough memory */
} calls[] = {
    { "version", NULL, GB_OK },
    { "methods", "{}", GB_OK },
    { "versoin", "{}", GB_ERR_NOT_FOUND },
    { "version", "{\"see\": 1}", GB_ERR_ARGUMENT },
    { "version", "{\"threads\": \"two\"}", GB_ERR_ARGUMENT },
    { "version", "[", GB_ERR_PARSE },
    { "route.solve", DAY ", \"iterations\": 2, \"write\": \"vroom\"}", GB_OK },
    { "route.check", DAY PLAN "}", GB_OK },
    { "route.replan", DAY PLAN ", \"cancel\": \"7\"}", GB_OK },
    { "route.suggest", DAY PLAN ", \"client\": \"8\"}", GB_OK },
};

/* Open, call, close; what the call answered. */
static gb_status open_and_call(gb_context *ctx, int i, bool *is_answered)
{
    gb_session_options options = GB_SESSION_OPTIONS_INIT;
    gb_session *session = NULL;
    const char *answer = NULL;
    gb_status status;

    options.workspace = "nowhere.gb";
    options.scope = strncmp(calls[i].method, "route.", 6) == 0 ? NULL : "org:7";
    *is_answered = false;
    status = gb_session_open(ctx, &options, &session);
    ck_assert((status == GB_OK) == (session != NULL));
    if (!status) {
        status = gb_call(session, calls[i].method, calls[i].params, &answer);
        *is_answered = answer && answer[0] == '{';
    }
    gb_session_close(session);
    return status;
}

START_TEST(a_call_survives_lack_of_memory)
{
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i % 2);
        gb_context *ctx = faulty_context(&mem);
        bool is_answered = false;

        if (ctx) {
            const gb_status status = open_and_call(ctx, _i / 2, &is_answered);

            ck_assert(mem.failures > 0 || status == calls[_i / 2].status);
            ck_assert(is_answered || status == GB_ERR_NOMEM);
        }
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
    }
}
END_TEST

/* Calls that open the workspace and the road index, and read files. */
static const struct {
    const char *method, *params;
} on_files[] = {
    { "workspace.info", NULL },
    { "roads.info", NULL },
    { "roads.profile", NULL },
    { "roads.table", "{\"from\": \"p.csv\", \"to\": \"p.csv\", "
                     "\"out\": \"t.csv\"}" },
    { "roads.nearest", "{\"at\": [9.5209, 47.1410], \"mode\": \"car\"}" },
    { "roads.nearest", "{\"at\": [9.9, 47.1]}" },
    { "roads.path", "{\"from\": [9.5209, 47.1410], \"to\": [9.5230, 47.1660],"
                    " \"mode\": \"ebike\", \"format\": \"geojson\"}" },
    { "roads.path", "{\"from\": [9.5209, 47.1410], \"to\": [9.5230, 47.1660],"
                    " \"mode\": \"car\", \"format\": \"cue\", "
                    "\"out\": \"t.csv\"}" },
    { "roads.catchments", "{\"centres\": \"p.csv\", \"points\": \"p.csv\", "
                          "\"mode\": \"car\", \"out\": \"t.csv\"}" },
    { "segment.list", NULL },
    { "workspace.backup", "{\"out\": \"t.csv\"}" },
};

static void make_files(void)
{
    static const char points[] = "id,lon,lat\n\"a\",9.5209,47.1410\nb,1,2\n";
    const char *map = test_data_path("liechtenstein-2013-08-03.osm.pbf");
    gb_context *ctx = test_context();
    gb_workspace *workspace = NULL;

    ck_assert_int_eq(chdir(test_folder()), 0);
    assert_ok(ctx, gb_workspace_create(ctx, "w.gb", NULL, &workspace));
    gb_workspace_close(workspace);
    assert_ok(ctx, gb_roads_build(ctx, map, "w.gb.roads", NULL, NULL));
    gb_context_free(ctx);
    test_write_file("p.csv", points, sizeof points - 1);
}

START_TEST(a_call_on_files_survives_lack_of_memory)
{
    gb_session_options options = GB_SESSION_OPTIONS_INIT;

    make_files();
    options.workspace = "w.gb";
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i % 2);
        gb_context *ctx = faulty_context(&mem);
        gb_session *session = NULL;
        const char *answer = NULL;

        remove("t.csv");
        if (ctx && gb_session_open(ctx, &options, &session) == GB_OK) {
            const gb_status status
                = gb_call(session, on_files[_i / 2].method,
                          on_files[_i / 2].params, &answer);

            ck_assert_ptr_nonnull(answer);
            /* Opening can do without one of its requests. */
            ck_assert_msg(status == GB_ERR_NOMEM || status == GB_OK,
                          "%s, request %ld: %s: %s", on_files[_i / 2].method, k,
                          gb_status_name(status), gb_last_error(ctx));
            ck_assert_int_ne(access("t.csv.part", F_OK), 0);
        }
        gb_session_close(session);
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
    }
}
END_TEST

static int cancel_at(void *user, const gb_progress *progress)
{
    int *left = user;

    (void)progress;
    return (*left)-- == 0;
}

START_TEST(a_call_can_be_cancelled_and_the_session_lives_on)
{
    gb_context *ctx = test_context();
    gb_session *session = NULL;
    const char *answer = NULL;
    int left = 0;
    char params[1200];

    ck_assert_int_eq(chdir(test_folder()), 0);
    snprintf(params, sizeof params, "{\"osm\": \"%s\", \"out\": \"x\"}",
             test_data_path("liechtenstein-2013-08-03.osm.pbf"));
    assert_ok(ctx, gb_session_open(ctx, NULL, &session));
    gb_context_set_progress(ctx, cancel_at, &left);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_call(session, "roads.build", params, &answer));
    ck_assert_ptr_nonnull(strstr(answer, "\"code\": 130"));
    ck_assert_int_ne(access("x", F_OK), 0);
    gb_context_set_progress(ctx, NULL, NULL);
    gb_context_cancel(ctx);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_call(session, "roads.build", params, &answer));
    gb_context_resume(ctx);
    assert_ok(ctx, gb_call(session, "roads.build", params, &answer));
    gb_session_close(session);
    gb_context_free(ctx);
}
END_TEST

enum { N_THREADS = 8, N_ROUNDS = 50 };

typedef struct worker {
    const char *workspace;
    const char *expected; /* the answers of one thread alone */
    int n_other;          /* answers that were not */
} worker;

static const char *const asked[]
    = { "methods", "workspace.info", "version", "nothing" };

/* All answers of one session, one behind the other; free() it. */
static char *all_answers(const char *workspace, const char *lang)
{
    gb_context_options context_options = GB_CONTEXT_OPTIONS_INIT;
    gb_session_options options = GB_SESSION_OPTIONS_INIT;
    gb_context *ctx = NULL;
    gb_session *session = NULL;
    char *all = calloc(1, 1);

    context_options.lang = lang;
    options.workspace = workspace;
    if (gb_context_new(&context_options, &ctx) == GB_OK
        && gb_session_open(ctx, &options, &session) == GB_OK)
        for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
            const char *answer = NULL;

            gb_call(session, asked[i], NULL, &answer);
            all = realloc(all, strlen(all) + strlen(answer) + 1);
            strcat(all, answer);
        }
    gb_session_close(session);
    gb_context_free(ctx);
    return all;
}

static void *work(void *user)
{
    worker *w = user;

    for (int i = 0; i < N_ROUNDS; i++) {
        char *all = all_answers(w->workspace, "zh");

        w->n_other += strcmp(all, w->expected) != 0;
        free(all);
    }
    return NULL;
}

START_TEST(eight_threads_with_a_session_each_get_the_answers_of_one)
{
    char path[512], params[600];
    gb_context *ctx = test_context();
    gb_session *session = NULL;
    const char *answer = NULL;
    pthread_t threads[N_THREADS];
    worker workers[N_THREADS];
    char *expected;

    snprintf(path, sizeof path, "%s/w.gb", test_folder());
    snprintf(params, sizeof params, "{\"path\": \"%s\"}", path);
    assert_ok(ctx, gb_session_open(ctx, NULL, &session));
    assert_ok(ctx, gb_call(session, "init", params, &answer));
    gb_session_close(session);
    gb_context_free(ctx);
    expected = all_answers(path, "zh");
    ck_assert_ptr_nonnull(strstr(expected, "GB_ERR_NOT_FOUND"));
    ck_assert_ptr_nonnull(strstr(expected, "w.gb"));
    for (int t = 0; t < N_THREADS; t++) {
        workers[t] = (worker){ path, expected, 0 };
        ck_assert_int_eq(
            pthread_create(&threads[t], NULL, work, &workers[t]), 0);
    }
    for (int t = 0; t < N_THREADS; t++) {
        pthread_join(threads[t], NULL);
        ck_assert_int_eq(workers[t].n_other, 0);
    }
    free(expected);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("call");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_call_survives_lack_of_memory, 0,
                        2 * (int)(sizeof calls / sizeof calls[0]));
    tcase_add_loop_test(tcase, a_call_on_files_survives_lack_of_memory, 0,
                        2 * (int)(sizeof on_files / sizeof on_files[0]));
    tcase_add_test(tcase,
                   a_call_can_be_cancelled_and_the_session_lives_on);
    tcase_add_test(tcase,
                   eight_threads_with_a_session_each_get_the_answers_of_one);
    suite_add_tcase(suite, tcase);
    return suite;
}
