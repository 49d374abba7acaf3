/*
 * The night and its steps, and what is reported of it, on a bank in a small
 * town: without memory, on a failing disk, killed, cancelled.
 *
 * A night asks for memory thousands of times.  Each of the first requests is
 * refused, then some spread over the rest; under GB_THOROUGH each.
 */
#include "faulty_alloc.h"
#include "faulty_vfs.h"
#include "small_bank.h"
#include "test.h"

#include <sys/wait.h>
#include <unistd.h>

static small_bank b;
static char night_path[300]; /* with the plan of a night, seed 1 */

static void set_up(void)
{
    small_bank_open(&b);
    small_bank_copy(&b, b.imported, "night.gb", night_path);
    assert_ok(b.ctx, small_bank_night(&b, b.ctx, night_path, NULL, 1));
}

static void tear_down(void)
{
    small_bank_close(&b);
}

/* The request to be refused after the k-th of n. */
static long next_of(long k, long n, long n_first, long n_spread)
{
    const long step = getenv("GB_THOROUGH") || k < n_first
                          ? 1
                          : 1 + (n - n_first) / n_spread;

    return k + (step > 0 ? step : 1);
}

/* ---- memory ---- */

typedef struct step {
    const char *name;
    gb_status (*call)(gb_context *ctx, gb_workspace *ws);
} step;

static gb_status planned(gb_status status, gb_plan_result *result)
{
    ck_assert((result != NULL) == (status == GB_OK));
    gb_plan_result_free(result);
    return status;
}

#define PLAN_STEP(name)                                                       \
    static gb_status name(gb_context *ctx, gb_workspace *ws)                  \
    {                                                                         \
        const gb_plan_options options = small_bank_options(1);                \
        gb_plan_result *result = NULL;                                        \
        const gb_status status                                                \
            = gb_plan_##name(ctx, ws, b.roads, &options, &result);            \
                                                                              \
        return planned(status, result);                                       \
    }
PLAN_STEP(cells)
PLAN_STEP(territories)
PLAN_STEP(rebuild)
PLAN_STEP(day)
PLAN_STEP(night)

static gb_status score(gb_context *ctx, gb_workspace *ws)
{
    const gb_plan_options options = small_bank_options(1);
    gb_plan_result *result = NULL;
    const gb_status status = gb_plan_score(ctx, ws, &options, &result);

    return planned(status, result);
}

static gb_status settle(gb_context *ctx, gb_workspace *ws)
{
    const gb_plan_options options = small_bank_options(1);
    gb_plan_result *result = NULL;
    const gb_status status = gb_plan_settle(ctx, ws, &options, &result);

    return planned(status, result);
}

static gb_status presence(gb_context *ctx, gb_workspace *ws)
{
    gb_plan_presence_options options = GB_PLAN_PRESENCE_OPTIONS_INIT;
    gb_plan_result *result = NULL;
    gb_status status;

    options.date = SMALL_BANK_DATE;
    status = gb_plan_presence(ctx, ws, &options, &result);
    return planned(status, result);
}

static void in_folder(const char *name, char path[300])
{
    snprintf(path, 300, "%.250s/%.40s", b.folder, name);
    unlink(path);
}

/* What is written is whole or is not there, and nothing lies beside it. */
static gb_status written(gb_status status, const char *path)
{
    char part[400];

    snprintf(part, sizeof part, "%s.part", path);
    ck_assert_int_eq(access(path, F_OK) == 0, status == GB_OK);
    ck_assert_int_ne(access(part, F_OK), 0);
    return status;
}

static gb_report_options of_first_branch(void)
{
    gb_report_options options = GB_REPORT_OPTIONS_INIT;

    options.date = SMALL_BANK_DATE;
    options.branch = "b01";
    return options;
}

static gb_status report_map(gb_context *ctx, gb_workspace *ws)
{
    gb_report_options options = of_first_branch();
    char path[300];

    options.before = "1";
    options.after = "active";
    in_folder("map.html", path);
    return written(gb_report_map(ctx, ws, b.roads, &options, path), path);
}

static gb_status report_sheets(gb_context *ctx, gb_workspace *ws)
{
    const gb_report_options options = of_first_branch();
    char path[300];

    in_folder("sheets.html", path);
    return written(gb_report_sheets(ctx, ws, &options, path), path);
}

static gb_status report_territory(gb_context *ctx, gb_workspace *ws)
{
    gb_report_options options = of_first_branch();
    char path[300];

    options.manager = "m001";
    in_folder("territory.html", path);
    return written(gb_report_territory(ctx, ws, b.roads, &options, path),
                   path);
}

static gb_status report_plan(gb_context *ctx, gb_workspace *ws)
{
    gb_report_options options = of_first_branch();
    char path[300];

    options.branch = NULL;
    options.format = "geojson";
    in_folder("plan.geojson", path);
    return written(gb_report_plan(ctx, ws, &options, path, NULL), path);
}

static gb_status backup(gb_context *ctx, gb_workspace *ws)
{
    char path[300];

    in_folder("backup.gb", path);
    return written(gb_workspace_backup(ctx, ws, path), path);
}

/* Tiers by a number, of a later date by rules, what moved, who is where. */
static gb_status tiers(gb_context *ctx, gb_workspace *ws)
{
    gb_plan_tier_options options = GB_PLAN_TIER_OPTIONS_INIT;
    gb_plan_result *made[5] = { NULL };
    gb_status status;

    options.date = SMALL_BANK_DATE;
    options.name = "x";
    options.by = "balance_fen";
    status = gb_plan_tiers(ctx, ws, &options, &made[0]);
    options.by = NULL;
    options.rules = "abc";
    options.date = "2026-03-09";
    if (!status)
        status = gb_plan_tiers(ctx, ws, &options, &made[1]);
    options.since = SMALL_BANK_DATE;
    options.limit = 3;
    if (!status)
        status = gb_plan_tier_drift(ctx, ws, &options, &made[2]);
    if (!status)
        status = gb_plan_tier_show(ctx, ws, &options, &made[3]);
    if (!status)
        status = gb_plan_tier_list(ctx, ws, &made[4]);
    for (size_t i = 0; i < 4; i++)
        gb_plan_result_free(made[i]);
    return planned(status, made[4]);
}

static const step steps[] = {
    { "gb_plan_settle", settle },
    { "gb_plan_score", score },
    { "gb_plan_tiers", tiers },
    { "gb_plan_presence", presence },
    { "gb_plan_cells", cells },
    { "gb_plan_territories", territories },
    { "gb_plan_rebuild", rebuild },
    { "gb_plan_day", day },
    { "gb_plan_night", night },
    { "gb_report_map", report_map },
    { "gb_report_sheets", report_sheets },
    { "gb_report_territory", report_territory },
    { "gb_report_plan", report_plan },
    { "gb_workspace_backup", backup },
};
enum { N_STEPS = sizeof steps / sizeof steps[0] };

/* One round on a copy; how many requests the step made. */
static long without_memory(const step *s, long k, bool is_lasting)
{
    faulty_alloc mem = faulty_alloc_at(-1, is_lasting);
    gb_context *ctx = faulty_context(&mem);
    gb_workspace *ws = NULL;
    char path[300];
    gb_status status;
    long before;

    small_bank_copy(&b, night_path, "round.gb", path);
    assert_ok(ctx, gb_workspace_open(ctx, path, NULL, &ws));
    before = mem.requests;
    mem.fail_at = k < 0 ? -1 : before + k;
    status = s->call(ctx, ws);
    mem.fail_at = -1;
    before = mem.requests - before;
    ck_assert_msg(status == (mem.failures ? GB_ERR_NOMEM : GB_OK),
                  "%s, request %ld: %s: %s", s->name, k,
                  gb_status_name(status), gb_last_error(ctx));
    if (mem.failures)
        assert_ok(ctx, s->call(ctx, ws));
    gb_workspace_close(ws);
    gb_context_free(ctx);
    ck_assert_msg(mem.live_blocks == 0, "%s, request %ld: %ld blocks live",
                  s->name, k, mem.live_blocks);
    return before;
}

START_TEST(a_step_survives_lack_of_memory)
{
    const step *s = &steps[_i / 2];
    const long n = without_memory(s, -1, false);

    ck_assert_int_gt(n, 0);
    for (long k = 0; k < n; k = next_of(k, n, 20, 15))
        without_memory(s, k, _i % 2);
}
END_TEST

/* ---- disk and death ---- */

/* Import all, from a workspace without rows. */
static gb_status import_all(gb_context *ctx, const char *path, const char *vfs)
{
    gb_workspace_options opening = GB_WORKSPACE_OPTIONS_INIT;
    gb_workspace *ws = NULL;
    gb_import_report *report = NULL;
    gb_status status;

    opening.vfs = vfs;
    status = gb_workspace_open(ctx, path, &opening, &ws);
    if (!status)
        status = gb_import_delivery(ctx, ws, b.delivery, NULL, &report);
    gb_import_report_free(report);
    gb_workspace_close(ws);
    return status;
}

/* The changes of files that a night makes on a workspace. */
static long changes_of_night(const char *from)
{
    char path[300];

    small_bank_copy(&b, from, "round.gb", path);
    faulty_vfs_set(-1, FAULTY_VFS_ONCE);
    assert_ok(b.ctx, small_bank_night(&b, b.ctx, path, "faulty", 2));
    return faulty_vfs_changes();
}

START_TEST(on_a_failing_disk_the_plan_is_wholly_old_or_wholly_new)
{
    const faulty_vfs_mode mode = _i ? FAULTY_VFS_LASTING : FAULTY_VFS_ONCE;
    const long n = changes_of_night(night_path);
    char path[300], *old, *new;
    int n_old = 0;

    snprintf(path, sizeof path, "%.250s/round.gb", b.folder);
    old = small_bank_plan(&b, night_path);
    new = small_bank_plan(&b, path);
    ck_assert_str_ne(old, new);
    for (long k = 0; k < n; k = next_of(k, n, 5, 25)) {
        gb_status status;
        char *plan;
        bool is_old;

        small_bank_copy(&b, night_path, "round.gb", path);
        faulty_vfs_set(k, mode);
        status = small_bank_night(&b, b.ctx, path, "faulty", 2);
        faulty_vfs_set(-1, mode);
        ck_assert_msg(status == GB_OK || status == GB_ERR_IO,
                      "change %ld: %s: %s", k, gb_status_name(status),
                      gb_last_error(b.ctx));
        small_bank_verify(&b, path);
        plan = small_bank_plan(&b, path);
        is_old = strcmp(plan, old) == 0;
        n_old += is_old;
        ck_assert_msg(is_old || strcmp(plan, new) == 0,
                      "change %ld: neither the old plan nor the new", k);
        ck_assert_msg(status || !is_old, "change %ld: an old plan is no "
                                         "success", k);
        free(plan);
    }
    ck_assert_int_gt(n_old, 0);
    free(old);
    free(new);
}
END_TEST

/* The process ends at the k-th change; true when it did. */
static bool killed_at(long k, gb_status (*work)(const char *path),
                      const char *path)
{
    const pid_t child = fork();
    int status;

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        faulty_vfs_set(k, FAULTY_VFS_EXIT);
        _exit(work(path) ? 1 : 0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_msg(WEXITSTATUS(status) == 0
                      || WEXITSTATUS(status) == FAULTY_VFS_EXIT_CODE,
                  "change %ld: the child failed", k);
    return WEXITSTATUS(status) != 0;
}

static gb_status night_in_child(const char *path)
{
    return small_bank_night(&b, b.ctx, path, "faulty", 1);
}

static gb_status import_in_child(const char *path)
{
    return import_all(b.ctx, path, "faulty");
}

/* Kill `work` on copies of `from` at changes spread over it; each time the
 * workspace is whole, and going on from there gives the plan of a night that
 * nobody broke. */
static void kill_and_go_on(const char *from, gb_status (*work)(const char *))
{
    char *unbroken = small_bank_plan(&b, night_path);
    char path[300];
    int n_killed = 0;
    long n;

    ck_assert_uint_gt(strlen(unbroken), 200);
    small_bank_copy(&b, from, "round.gb", path);
    faulty_vfs_set(-1, FAULTY_VFS_ONCE);
    assert_ok(b.ctx, work(path));
    n = faulty_vfs_changes();
    for (long k = 0; k < n; k = next_of(k, n, 3, 25)) {
        char *plan;

        small_bank_copy(&b, from, "round.gb", path);
        n_killed += killed_at(k, work, path);
        small_bank_verify(&b, path);
        if (work == import_in_child)
            assert_ok(b.ctx, import_all(b.ctx, path, NULL));
        assert_ok(b.ctx, small_bank_night(&b, b.ctx, path, NULL, 1));
        plan = small_bank_plan(&b, path);
        ck_assert_msg(strcmp(plan, unbroken) == 0,
                      "killed at change %ld of %ld: another plan", k, n);
        free(plan);
    }
    ck_assert_int_gt(n_killed, 10);
    free(unbroken);
}

START_TEST(an_import_killed_at_any_write_is_done_again_to_the_same_bytes)
{
    char empty[300];
    gb_workspace *ws = NULL;

    in_folder("empty.gb", empty);
    assert_ok(b.ctx, gb_workspace_create(b.ctx, empty, NULL, &ws));
    gb_workspace_close(ws);
    kill_and_go_on(empty, import_in_child);
}
END_TEST

START_TEST(a_night_killed_at_any_write_is_done_again_to_the_same_bytes)
{
    kill_and_go_on(b.imported, night_in_child);
}
END_TEST

/* ---- cancel ---- */

static int cancel_at(void *user, const gb_progress *progress)
{
    long *left = user;

    (void)progress;
    return (*left)-- == 0;
}

START_TEST(a_night_cancelled_at_any_poll_leaves_the_old_plan_or_the_new)
{
    char path[300], *old = small_bank_plan(&b, night_path), *new;
    long n_polls;

    small_bank_copy(&b, night_path, "round.gb", path);
    assert_ok(b.ctx, small_bank_night(&b, b.ctx, path, NULL, 2));
    new = small_bank_plan(&b, path);
    n_polls = 0;
    for (long k = 0;; k += 1 + k / 4) {
        long left = k;
        gb_status status;
        char *plan;

        small_bank_copy(&b, night_path, "round.gb", path);
        gb_context_set_progress(b.ctx, cancel_at, &left);
        status = small_bank_night(&b, b.ctx, path, NULL, 2);
        gb_context_set_progress(b.ctx, NULL, NULL);
        small_bank_verify(&b, path);
        plan = small_bank_plan(&b, path);
        ck_assert(strcmp(plan, old) == 0 || strcmp(plan, new) == 0);
        free(plan);
        if (left >= 0) {
            assert_ok(b.ctx, status);
            break;
        }
        ck_assert_msg(status == GB_OK || status == GB_ERR_CANCELLED, "%s",
                      gb_last_error(b.ctx));
        n_polls++;
    }
    ck_assert_int_gt(n_polls, 1);
    free(old);
    free(new);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("night");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, a_step_survives_lack_of_memory, 0, 2 * N_STEPS);
    tcase_add_loop_test(
        tcase, on_a_failing_disk_the_plan_is_wholly_old_or_wholly_new, 0, 2);
    tcase_add_test(
        tcase, an_import_killed_at_any_write_is_done_again_to_the_same_bytes);
    tcase_add_test(
        tcase, a_night_killed_at_any_write_is_done_again_to_the_same_bytes);
    tcase_add_test(
        tcase, a_night_cancelled_at_any_poll_leaves_the_old_plan_or_the_new);
    suite_add_tcase(suite, tcase);
    return suite;
}
