#include "small_bank.h"
#include "test.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static small_bank b;
static gb_workspace *ws;
static char night_path[300];

static void set_up(void)
{
    small_bank_open(&b);
    small_bank_copy(&b, b.imported, "night.gb", night_path);
    assert_ok(b.ctx, small_bank_night(&b, b.ctx, night_path, NULL, 1));
    assert_ok(b.ctx, gb_workspace_open(b.ctx, night_path, NULL, &ws));
}

static void tear_down(void)
{
    gb_workspace_close(ws);
    small_bank_close(&b);
}

/* ---- each function by one form ---- */

typedef gb_status (*write_fn)(gb_context *ctx, gb_workspace *workspace,
                              const gb_report_options *options,
                              const char *path);

static gb_status write_map(gb_context *ctx, gb_workspace *workspace,
                           const gb_report_options *options, const char *path)
{
    return gb_report_map(ctx, workspace, b.roads, options, path);
}

static gb_status write_territory(gb_context *ctx, gb_workspace *workspace,
                                 const gb_report_options *options,
                                 const char *path)
{
    return gb_report_territory(ctx, workspace, b.roads, options, path);
}

static gb_status write_plan(gb_context *ctx, gb_workspace *workspace,
                            const gb_report_options *options, const char *path)
{
    return gb_report_plan(ctx, workspace, options, path, NULL);
}

static const struct function {
    write_fn write;
    bool needs_branch, needs_manager;
    const char *has; /* a piece of what is written */
} functions[] = {
    { write_map, true, false, "Content-Security-Policy" },
    { gb_report_sheets, true, false, "<h1>Route sheet" },
    { write_territory, false, true, "<h1>Territory sheet" },
    { write_plan, false, false, "branch,manager,date,mode" },
};
enum { N_FUNCTIONS = sizeof functions / sizeof functions[0] };

/* A manager of that branch, from the CSV of the plan. */
static void find_manager(const char *branch, char manager[32])
{
    char *plan = small_bank_plan(&b, night_path);
    char start[40];
    const char *row;

    snprintf(start, sizeof start, "\n%s,", branch);
    row = strstr(plan, start);
    ck_assert_ptr_nonnull(row);
    snprintf(manager, 32, "%.*s",
             (int)strcspn(row + strlen(start), ","), row + strlen(start));
    free(plan);
}

static char manager[32], other_manager[32];

static gb_report_options good(const struct function *f)
{
    gb_report_options options = GB_REPORT_OPTIONS_INIT;

    find_manager("b01", manager);
    find_manager("b02", other_manager);
    options.date = SMALL_BANK_DATE;
    options.branch = f->needs_branch ? "b01" : NULL;
    options.manager = f->needs_manager ? manager : NULL;
    return options;
}

static const char *out_path(void)
{
    static char path[400];

    snprintf(path, sizeof path, "%s/out", b.folder);
    return path;
}

static int count_files(void)
{
    DIR *folder = opendir(b.folder);
    int n = 0;

    ck_assert_ptr_nonnull(folder);
    while (readdir(folder))
        n++;
    closedir(folder);
    return n;
}

/* Refused with that status, and no file is there or beside it. */
static void refused(const struct function *f, gb_status expected,
                    gb_workspace *workspace, const gb_report_options *options,
                    const char *path)
{
    const int n = count_files();

    assert_status(b.ctx, expected,
                  f->write(b.ctx, workspace, options, path));
    ck_assert_str_ne(gb_last_error(b.ctx), "");
    ck_assert_int_eq(count_files(), n);
}

START_TEST(a_report_is_written_whole_and_the_same_each_time)
{
    const struct function *f = &functions[_i];
    const gb_report_options options = good(f);
    size_t n, n_again;
    char *first, *again;

    assert_ok(b.ctx, f->write(b.ctx, ws, &options, out_path()));
    first = test_read_file(out_path(), &n);
    ck_assert_ptr_nonnull(strstr(first, f->has));
    assert_ok(b.ctx, f->write(b.ctx, ws, &options, out_path()));
    again = test_read_file(out_path(), &n_again);
    ck_assert_uint_eq(n, n_again);
    ck_assert_mem_eq(first, again, n);
    free(first);
    free(again);
}
END_TEST

START_TEST(what_is_not_given_is_refused)
{
    const struct function *f = &functions[_i];
    gb_report_options options = good(f);

    ck_assert_int_eq(f->write(NULL, ws, &options, out_path()),
                     GB_ERR_ARGUMENT);
    refused(f, GB_ERR_ARGUMENT, NULL, &options, out_path());
    refused(f, GB_ERR_ARGUMENT, ws, &options, NULL);
    refused(f, GB_ERR_ARGUMENT, ws, &options, "");
    options.date = NULL;
    refused(f, GB_ERR_ARGUMENT, ws, &options, out_path());
    options.date = "2026-02-30";
    refused(f, GB_ERR_ARGUMENT, ws, &options, out_path());
    options = good(f);
    options.branch = options.manager = NULL;
    if (f->needs_branch || f->needs_manager)
        refused(f, GB_ERR_ARGUMENT, ws, &options, out_path());
    options = good(f);
    options.size = 1;
    refused(f, GB_ERR_OPTIONS, ws, &options, out_path());
}
END_TEST

START_TEST(what_is_not_there_is_told)
{
    const struct function *f = &functions[_i];
    gb_report_options options = good(f);

    options.date = "2027-01-04";
    refused(f, GB_ERR_NOT_FOUND, ws, &options, out_path());
    options = good(f);
    options.scope = "branch:nowhere";
    refused(f, GB_ERR_NOT_FOUND, ws, &options, out_path());
    options = good(f);
    options.branch = f->needs_branch ? "nowhere" : NULL;
    options.manager = f->needs_manager ? "nobody" : NULL;
    if (options.branch || options.manager)
        refused(f, GB_ERR_NOT_FOUND, ws, &options, out_path());
}
END_TEST

START_TEST(a_branch_outside_the_scope_is_refused)
{
    const struct function *f = &functions[_i];
    gb_report_options options = good(f);

    options.scope = "branch:b02";
    if (!f->needs_branch && !f->needs_manager)
        return; /* an export has what the scope holds */
    refused(f, GB_ERR_SCOPE, ws, &options, out_path());
    options.scope = "branch:b01";
    assert_ok(b.ctx, f->write(b.ctx, ws, &options, out_path()));
}
END_TEST

START_TEST(a_path_that_cannot_be_written_leaves_no_file)
{
    const struct function *f = &functions[_i];
    const gb_report_options options = good(f);
    char path[400];

    snprintf(path, sizeof path, "%s/no/such/folder", b.folder);
    refused(f, GB_ERR_IO, ws, &options, path);
    snprintf(path, sizeof path, "%s/taken", b.folder);
    ck_assert_int_eq(mkdir(path, 0777), 0);
    refused(f, GB_ERR_IO, ws, &options, path); /* a folder has the name */
}
END_TEST

static int stop(void *user, const gb_progress *progress)
{
    (void)user;
    (void)progress;
    return 1;
}

START_TEST(a_map_can_be_cancelled)
{
    const gb_report_options options = good(&functions[0]);

    gb_context_set_progress(b.ctx, stop, NULL);
    refused(&functions[0], GB_ERR_CANCELLED, ws, &options, out_path());
    gb_context_set_progress(b.ctx, NULL, NULL);
    assert_ok(b.ctx, write_map(b.ctx, ws, &options, out_path()));
}
END_TEST

START_TEST(an_unknown_format_is_refused_and_stops_are_counted)
{
    gb_report_options options = good(&functions[3]);
    uint64_t n = 0;
    size_t size, lines = 0;
    char *text;

    options.format = "xlsx";
    refused(&functions[3], GB_ERR_ARGUMENT, ws, &options, out_path());
    options.format = "csv";
    assert_ok(b.ctx, gb_report_plan(b.ctx, ws, &options, out_path(), &n));
    text = test_read_file(out_path(), &size);
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    free(text);
    ck_assert_uint_gt(n, 0);
    ck_assert_uint_eq(lines, n + 1);
    options.scope = "branch:b02";
    assert_ok(b.ctx, gb_report_plan(b.ctx, ws, &options, out_path(), NULL));
    text = test_read_file(out_path(), &size);
    ck_assert_ptr_null(strstr(text, "\nb01,"));
    ck_assert_ptr_nonnull(strstr(text, "\nb02,"));
    free(text);
}
END_TEST

START_TEST(a_manager_sees_his_own_sheets_and_nobody_elses)
{
    gb_report_options options = good(&functions[1]);
    char scope[48];
    size_t size;
    char *text;

    snprintf(scope, sizeof scope, "manager:%s", manager);
    options.scope = scope;
    refused(&functions[0], GB_ERR_SCOPE, ws, &options, out_path());
    refused(&functions[1], GB_ERR_SCOPE, ws, &options, out_path());
    options.manager = manager;
    refused(&functions[0], GB_ERR_SCOPE, ws, &options, out_path());
    assert_ok(b.ctx, gb_report_sheets(b.ctx, ws, &options, out_path()));
    text = test_read_file(out_path(), &size);
    ck_assert_ptr_nonnull(strstr(text, manager));
    ck_assert_ptr_null(strstr(text, other_manager));
    free(text);
    assert_ok(b.ctx, write_territory(b.ctx, ws, &options, out_path()));
    options.manager = other_manager;
    refused(&functions[2], GB_ERR_SCOPE, ws, &options, out_path());
    options.scope = NULL; /* of another branch: none of its routes is his */
    refused(&functions[1], GB_ERR_NOT_FOUND, ws, &options, out_path());
}
END_TEST

START_TEST(pages_are_drawn_without_roads_and_in_chinese)
{
    gb_report_options options = good(&functions[0]);
    size_t size;
    char *text;

    assert_ok(b.ctx, gb_report_map(b.ctx, ws, NULL, &options, out_path()));
    text = test_read_file(out_path(), &size);
    ck_assert_ptr_nonnull(strstr(text, "\"arterial\":[]"));
    free(text);
    assert_ok(b.ctx, gb_context_set_lang(b.ctx, "zh"));
    options.manager = manager;
    assert_ok(b.ctx,
              gb_report_territory(b.ctx, ws, NULL, &options, out_path()));
    text = test_read_file(out_path(), &size);
    ck_assert_ptr_nonnull(strstr(text, "网格单"));
    ck_assert_ptr_null(strstr(text, "Territory sheet"));
    free(text);
}
END_TEST

/* How often a text stands in another. */
static int count_text(const char *text, const char *part)
{
    int n = 0;

    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        n++;
    return n;
}

static char *map_between(const char *before, const char *after)
{
    gb_report_options options = good(&functions[0]);
    size_t size;

    options.before = before;
    options.after = after;
    assert_ok(b.ctx, gb_report_map(b.ctx, ws, NULL, &options, out_path()));
    return test_read_file(out_path(), &size);
}

/* The cell whose row of the map page is at `row`, and its territory. */
static void read_cell(const char *row, char cell[40], char grid[40])
{
    ck_assert_int_eq(sscanf(row, "{\"ref\":\"%39[^\"]\",\"grid\":\"%39[^\"]",
                            cell, grid),
                     2);
}

/* One cell of another branch is given to a territory of the first: a draft,
 * version 2. */
static void move_a_cell(char moved[40], char from[40], char to[40])
{
    gb_session_options options = GB_SESSION_OPTIONS_INIT;
    gb_report_options theirs = good(&functions[0]);
    gb_session *session = NULL;
    const char *answer = NULL, *row;
    char question[200] = "no cell";
    bool is_done = false;
    size_t size;
    char *text;

    theirs.branch = "b02";
    assert_ok(b.ctx, gb_report_map(b.ctx, ws, NULL, &theirs, out_path()));
    text = test_read_file(out_path(), &size);
    row = strstr(text, "\"cells\":[{");
    gb_workspace_close(ws);
    options.workspace = night_path;
    assert_ok(b.ctx, gb_session_open(b.ctx, &options, &session));
    while (!is_done && (row = strstr(row + 1, "{\"ref\":\"cell")) != NULL) {
        read_cell(row, moved, from);
        for (int g = 1; g <= 2 && !is_done; g++) {
            snprintf(to, 40, "b01-g%02d", g);
            snprintf(question, sizeof question,
                     "{\"move\": [\"%s\"], \"to\": [\"%s\"]}", moved, to);
            is_done = gb_call(session, "territory.edit", question, &answer)
                      == GB_OK;
        }
    }
    ck_assert_msg(is_done, "%s: %s", question, gb_last_error(b.ctx));
    gb_session_close(session);
    free(text);
    assert_ok(b.ctx, gb_workspace_open(b.ctx, night_path, NULL, &ws));
}

START_TEST(a_map_shows_the_cell_that_changes_hands)
{
    char cell[40], from[40], to[40], expected[200];
    char *text;

    move_a_cell(cell, from, to);
    text = map_between("active", "2");
    snprintf(expected, sizeof expected,
             "\"cells\":[{\"ref\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"", cell,
             from, to);
    ck_assert_msg(strstr(text, expected), "%s", expected);
    ck_assert_int_eq(count_text(text, "\"hands\":1"), 1);
    ck_assert_ptr_nonnull(strstr(text, "\"version\":2,\"state\":0"));
    free(text);
}
END_TEST

START_TEST(versions_that_are_not_there_are_told)
{
    gb_report_options options = good(&functions[0]);

    options.before = "99";
    refused(&functions[0], GB_ERR_NOT_FOUND, ws, &options, out_path());
    options.before = "yesterday";
    refused(&functions[0], GB_ERR_ARGUMENT, ws, &options, out_path());
    options.before = NULL;
    options.after = "99";
    refused(&functions[0], GB_ERR_NOT_FOUND, ws, &options, out_path());
}
END_TEST

START_TEST(a_map_tells_what_changes_hands_between_two_versions)
{
    char *text = map_between("1", "1");

    ck_assert_ptr_nonnull(
        strstr(text, "\"diff\":{\"before\":1,\"after\":1,\"same_cells\":1"));
    ck_assert_ptr_nonnull(strstr(text, "\"cells\":[],\"flows\":[]}"));
    free(text);
    text = map_between(NULL, NULL);
    ck_assert_ptr_null(strstr(text, "\"diff\":{\"before\""));
    free(text);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("report");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase,
                        a_report_is_written_whole_and_the_same_each_time, 0,
                        N_FUNCTIONS);
    tcase_add_loop_test(tcase, what_is_not_given_is_refused, 0, N_FUNCTIONS);
    tcase_add_loop_test(tcase, what_is_not_there_is_told, 0, N_FUNCTIONS);
    tcase_add_loop_test(tcase, a_branch_outside_the_scope_is_refused, 0,
                        N_FUNCTIONS);
    tcase_add_loop_test(tcase, a_path_that_cannot_be_written_leaves_no_file,
                        0, N_FUNCTIONS);
    tcase_add_test(tcase, a_map_can_be_cancelled);
    tcase_add_test(tcase, an_unknown_format_is_refused_and_stops_are_counted);
    tcase_add_test(tcase, a_manager_sees_his_own_sheets_and_nobody_elses);
    tcase_add_test(tcase, pages_are_drawn_without_roads_and_in_chinese);
    tcase_add_test(tcase, a_map_tells_what_changes_hands_between_two_versions);
    tcase_add_test(tcase, a_map_shows_the_cell_that_changes_hands);
    tcase_add_test(tcase, versions_that_are_not_there_are_told);
    suite_add_tcase(suite, tcase);
    return suite;
}
