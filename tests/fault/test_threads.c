/*
 * Many threads on one workspace file and one road index; runs under the
 * thread sanitizer too.
 */
#include "small_bank.h"
#include "test.h"

#include <pthread.h>

enum { N_READERS = 8, N_ROUNDS = 6 };

static small_bank b;
static char path[300];
static char *plans[2]; /* of the two nights that the writer alternates */

static void set_up(void)
{
    small_bank_open(&b);
    small_bank_copy(&b, b.imported, "w.gb", path);
    for (int i = 1; i >= 0; i--) {
        assert_ok(b.ctx, small_bank_night(&b, b.ctx, path, NULL,
                                          (uint64_t)i + 1));
        plans[i] = small_bank_plan(&b, path);
    }
    ck_assert_str_ne(plans[0], plans[1]);
}

static void tear_down(void)
{
    free(plans[0]);
    free(plans[1]);
    small_bank_close(&b);
}

typedef struct reader {
    int number;
    int n_read, n_wrong;
    gb_status failure;
    char words[400];
} reader;

/* The file's bytes; NULL when it cannot be read: no assertion in a thread. */
static char *slurp(const char *name)
{
    FILE *file = fopen(name, "rb");
    char *bytes = calloc(1, 1 << 20);

    if (file && bytes)
        bytes[fread(bytes, 1, (1 << 20) - 1, file)] = '\0';
    if (file)
        fclose(file);
    return bytes;
}

static gb_status read_once(reader *r, gb_context *ctx, gb_workspace *ws)
{
    gb_report_options options = GB_REPORT_OPTIONS_INIT;
    gb_segment_options look = GB_SEGMENT_OPTIONS_INIT;
    gb_segment_result *result = NULL;
    char out[400], *plan;
    gb_status status;

    look.as_of = options.date = SMALL_BANK_DATE;
    look.name = "dormant_6m";
    status = gb_segment_preview(ctx, ws, &look, &result);
    r->n_wrong += !status && gb_segment_result_seen(result) < 100;
    gb_segment_result_free(result);
    if (status)
        return status;
    snprintf(out, sizeof out, "%s/plan_%d.csv", b.folder, r->number);
    status = gb_report_plan(ctx, ws, &options, out, NULL);
    if (status)
        return status;
    plan = slurp(out);
    r->n_wrong += !plan
                  || (strcmp(plan, plans[0]) != 0
                      && strcmp(plan, plans[1]) != 0);
    r->n_read++;
    free(plan);
    return GB_OK;
}

/* With a context and a handle of its own. */
static void *read_on(void *user)
{
    reader *r = user;
    gb_context *ctx = NULL;
    gb_workspace *ws = NULL;

    r->failure = gb_context_new(NULL, &ctx);
    if (!r->failure)
        r->failure = gb_workspace_open(ctx, path, NULL, &ws);
    while (r->n_read < N_ROUNDS && !r->failure)
        r->failure = read_once(r, ctx, ws);
    snprintf(r->words, sizeof r->words, "after %d reads, %s: %s", r->n_read,
             ws ? "open" : "not open", ctx ? gb_last_error(ctx) : "");
    gb_workspace_close(ws);
    gb_context_free(ctx);
    return NULL;
}

START_TEST(eight_read_a_whole_plan_each_while_one_writes)
{
    pthread_t threads[N_READERS];
    reader readers[N_READERS];

    for (int t = 0; t < N_READERS; t++) {
        readers[t] = (reader){ .number = t };
        ck_assert_int_eq(
            pthread_create(&threads[t], NULL, read_on, &readers[t]), 0);
    }
    for (int i = 0; i < 4; i++)
        assert_ok(b.ctx, small_bank_night(&b, b.ctx, path, NULL,
                                          (uint64_t)(2 - i % 2)));
    for (int t = 0; t < N_READERS; t++) {
        pthread_join(threads[t], NULL);
        ck_assert_msg(readers[t].failure == GB_OK, "%s: %s",
                      gb_status_name(readers[t].failure), readers[t].words);
        ck_assert_int_eq(readers[t].n_read, N_ROUNDS);
        ck_assert_int_eq(readers[t].n_wrong, 0);
    }
    small_bank_verify(&b, path);
}
END_TEST

START_TEST(a_night_has_the_same_bytes_with_any_number_of_threads)
{
    static const uint32_t n_threads[] = { 2, 8 };
    gb_plan_options options = small_bank_options(1);

    for (size_t i = 0; i < 2; i++) {
        gb_workspace *ws = NULL;
        gb_plan_result *result = NULL;
        char *plan, copy[300];

        small_bank_copy(&b, b.imported, "threads.gb", copy);
        options.n_threads = n_threads[i];
        assert_ok(b.ctx, gb_workspace_open(b.ctx, copy, NULL, &ws));
        assert_ok(b.ctx,
                  gb_plan_night(b.ctx, ws, b.roads, &options, &result));
        gb_plan_result_free(result);
        gb_workspace_close(ws);
        plan = small_bank_plan(&b, copy);
        ck_assert_str_eq(plan, plans[0]);
        free(plan);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("threads");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, eight_read_a_whole_plan_each_while_one_writes);
    tcase_add_test(tcase,
                   a_night_has_the_same_bytes_with_any_number_of_threads);
    suite_add_tcase(suite, tcase);
    return suite;
}
