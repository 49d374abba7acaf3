#include <gridbeat/gridbeat.h>

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "faulty_alloc.h"
#include "small_town.h"
#include "test.h"

typedef struct scene {
    char osm[512], out[512];
    gb_world_options options;
} scene;

static void set_up(scene *s, int n_blocks, uint32_t n_customers)
{
    const char *folder = test_folder();

    *s = (scene){ .options = GB_WORLD_OPTIONS_INIT };
    snprintf(s->osm, sizeof s->osm, "%s/town.osm", folder);
    snprintf(s->out, sizeof s->out, "%s/bank", folder);
    small_town_write(s->osm, n_blocks);
    s->options.osm = s->osm;
    s->options.out = s->out;
    s->options.n_branches = 2;
    s->options.n_managers = 3;
    s->options.n_customers = n_customers;
}

static bool exists(const scene *s, const char *tail)
{
    char path[600];

    snprintf(path, sizeof path, "%s%s", s->out, tail);
    return access(path, F_OK) == 0;
}

START_TEST(lack_of_memory_leaves_nothing_behind)
{
    const bool is_lasting = _i;
    long k = 0;
    scene s;

    set_up(&s, 3, 120);
    for (;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, is_lasting);
        gb_context *ctx = faulty_context(&mem);
        gb_status status;

        if (!ctx)
            continue;
        status = gb_world_make(ctx, &s.options, NULL);
        ck_assert_msg(status == (mem.failures ? GB_ERR_NOMEM : GB_OK),
                      "request %ld: %s", k, gb_last_error(ctx));
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        ck_assert(!exists(&s, ".part"));
        ck_assert(exists(&s, "") == (status == GB_OK));
        if (!mem.failures)
            break;
    }
    ck_assert_int_gt(k, 50);
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_named)
{
    gb_context *ctx = test_context();
    scene s;

    set_up(&s, 3, 120);
    strcat(s.osm, "/bank"); /* below a file */
    s.options.out = s.osm;
    strcpy(s.out, s.osm);
    *strrchr(s.out, '/') = '\0';
    s.options.osm = s.out;
    assert_status(ctx, GB_ERR_IO, gb_world_make(ctx, &s.options, NULL));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "town.osm/bank"));
    s.options.out = "/no/such/folder/bank";
    assert_status(ctx, GB_ERR_IO, gb_world_make(ctx, &s.options, NULL));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "/no/such/folder/bank"));
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_full_disk_leaves_the_older_delivery_whole)
{
    const struct rlimit room = { 200000, RLIM_INFINITY };
    const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
    gb_context *ctx = test_context();
    char path[600], *before, *after;
    scene s;

    set_up(&s, 3, 500);
    assert_ok(ctx, gb_world_make(ctx, &s.options, NULL));
    snprintf(path, sizeof path, "%s/manifest.json", s.out);
    before = test_read_file(path, NULL);
    s.options.n_customers = 20000;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &room), 0);
    assert_status(ctx, GB_ERR_IO, gb_world_make(ctx, &s.options, NULL));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &all), 0);
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "customers.csv"));
    after = test_read_file(path, NULL);
    ck_assert_str_eq(before, after);
    ck_assert(!exists(&s, ".part") && !exists(&s, ".old"));
    free(before);
    free(after);
    gb_context_free(ctx);
}
END_TEST

static int cancel_late(void *user, const gb_progress *progress)
{
    const double *limit = user;

    return progress->fraction >= *limit;
}

START_TEST(cancelling_at_any_time_leaves_nothing_behind)
{
    double limit = _i * 0.2;
    gb_context *ctx = test_context();
    scene s;

    set_up(&s, 3, 400000);
    gb_context_set_progress(ctx, cancel_late, &limit);
    assert_status(ctx, GB_ERR_CANCELLED,
                  gb_world_make(ctx, &s.options, NULL));
    ck_assert(!exists(&s, "") && !exists(&s, ".part"));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("world");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, lack_of_memory_leaves_nothing_behind, 0, 2);
    tcase_add_test(tcase, a_folder_that_cannot_be_made_is_named);
    tcase_add_test(tcase, a_full_disk_leaves_the_older_delivery_whole);
    tcase_add_loop_test(tcase, cancelling_at_any_time_leaves_nothing_behind, 0,
                        4);
    suite_add_tcase(suite, tcase);
    return suite;
}
