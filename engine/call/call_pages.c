/*
 * call_pages.c - see call_pages.h.
 */
#include "call_pages.h"

#include <errno.h>
#include <gridbeat/report.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base_check.h"
#include "base_threads.h"
#include "call_steps.h"
#include "report_map.h"
#include "store_load.h"

/* What is known before the first page; every branch has its two paths. */
typedef struct page_paths {
    base_text map, sheets;
} page_paths;

typedef struct page_job {
    call *c;
    const gb_roads *roads;
    const char *date;
    store_branches branches;
    report_bank bank; /* lent to all of the maps */
    page_paths *paths;
    gb_workspace **workspaces; /* one a thread; the first is the call's */
    size_t n_workspaces;
} page_job;

/* bank.gb has its pages in bank.out/DATE. */
static gb_status out_folder(call *c, base_text *folder)
{
    const char *given = call_text(c, "out");

    base_text_init(folder, c->mem);
    if (given) {
        base_text_add(folder, given);
    } else {
        const char *path = c->workspace_path;
        const size_t n = strlen(path);
        const bool has_suffix = n > 3 && strcmp(path + n - 3, ".gb") == 0;

        base_text_append(folder, path, has_suffix ? n - 3 : n);
        base_text_add(folder, ".out");
        if (!folder->is_short)
            mkdir(folder->chars, 0777); /* mkdir below tells if it failed */
        base_text_format(folder, "/%s", call_text(c, "date"));
    }
    if (folder->is_short)
        return base_fail_nomem(c->ctx);
    if (mkdir(folder->chars, 0777) != 0 && errno != EEXIST)
        return base_fail(c->ctx, GB_ERR_IO, "cannot make the folder %s: %s",
                         folder->chars, strerror(errno));
    return GB_OK;
}

/* References are file names too but for ':', which some systems refuse. */
static void make_path(call *c, const char *folder, const char *kind,
                      const char *ref, base_text *path)
{
    base_text_init(path, c->mem);
    base_text_format(path, "%s/%s-", folder, kind);
    for (; *ref; ref++)
        base_text_append(path, *ref == ':' ? "_" : ref, 1);
    base_text_add(path, ".html");
}

static gb_status load_job(call *c, const char *folder, base_run *run,
                          page_job *j)
{
    const store_scope all = { STORE_SCOPE_ALL, 0 };
    gb_status status;
    base_run loading;

    call_enter_store(c, &loading);
    status = store_load_branches(c->workspace, NULL, &j->branches);
    if (!status)
        status = report_bank_load(c->workspace, all, store_day_parse(j->date),
                                  &j->bank);
    status = call_leave_store(c, &loading, status);
    if (status)
        return status;
    j->n_workspaces = base_parallel_threads(run, j->branches.n);
    j->workspaces = base_alloc_zeroed(c->mem, j->n_workspaces,
                                      sizeof *j->workspaces);
    j->paths = base_alloc_zeroed(c->mem, j->branches.n, sizeof *j->paths);
    if (!j->workspaces || !j->paths)
        return base_fail_nomem(c->ctx);
    for (size_t b = 0; b < j->branches.n; b++) {
        page_paths *paths = &j->paths[b];

        make_path(c, folder, "map", j->branches.items[b].ref, &paths->map);
        make_path(c, folder, "sheets", j->branches.items[b].ref,
                  &paths->sheets);
        if (paths->map.is_short || paths->sheets.is_short)
            return base_fail_nomem(c->ctx);
    }
    return GB_OK;
}

/* A connection is of one thread at a time. */
static gb_status open_workspaces(page_job *j)
{
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    gb_status status = GB_OK;

    options.is_read_only = 1;
    j->workspaces[0] = j->c->workspace;
    for (size_t t = 1; t < j->n_workspaces && !status; t++)
        status = gb_workspace_open(j->c->ctx, j->c->workspace_path, &options,
                                   &j->workspaces[t]);
    return status;
}

static void clear_job(page_job *j)
{
    for (size_t t = 1; j->workspaces && t < j->n_workspaces; t++)
        gb_workspace_close(j->workspaces[t]);
    for (size_t b = 0; j->paths && b < j->branches.n; b++) {
        base_text_clear(&j->paths[b].map);
        base_text_clear(&j->paths[b].sheets);
    }
    base_free(j->c->mem, j->workspaces);
    base_free(j->c->mem, j->paths);
    report_bank_clear(&j->bank);
    store_branches_clear(&j->branches);
}

static gb_status write_branch(base_run *worker, size_t thread, size_t b,
                              void *user)
{
    const page_job *j = user;
    gb_report_options options = GB_REPORT_OPTIONS_INIT;
    gb_status status;

    options.date = j->date;
    options.branch = j->branches.items[b].ref;
    status = report_map_write(worker->ctx, j->workspaces[thread], j->roads,
                              &j->bank, &options, j->paths[b].map.chars);
    if (!status)
        status = gb_report_sheets(worker->ctx, j->workspaces[thread],
                                  &options, j->paths[b].sheets.chars);
    return status;
}

static gb_status list_pages(const page_job *j, json_t *result)
{
    json_t *pages = json_array();

    for (size_t b = 0; b < j->branches.n; b++)
        if (json_array_append_new(
                pages, json_pack("{s:s, s:s, s:s}", "branch",
                                 j->branches.items[b].ref, "map",
                                 j->paths[b].map.chars, "sheets",
                                 j->paths[b].sheets.chars))) {
            json_decref(pages);
            return base_fail_nomem(j->c->ctx);
        }
    return call_put(result, "pages", pages) ? GB_OK
                                            : base_fail_nomem(j->c->ctx);
}

static gb_status write_pages(call *c, const gb_roads *roads,
                             const char *folder, json_t *result)
{
    page_job j = { .c = c, .roads = roads, .date = call_text(c, "date") };
    base_run run;
    gb_status status;

    base_run_begin(&run, c->ctx, (base_limits){ .n_threads = c->n_threads });
    status = load_job(c, folder, &run, &j);
    if (!status)
        status = open_workspaces(&j);
    base_run_phase(&run, GB_N("drawing the map"), 0, 1, j.branches.n);
    if (!status)
        status = base_parallel(&run, j.branches.n, write_branch, &j);
    if (!status)
        status = list_pages(&j, result);
    clear_job(&j);
    return base_run_end(&run, status);
}

/* The pages are a step of the night too; to the millisecond, as the others. */
static void add_report_time(json_t *timing, double took_s)
{
    const double total_s
        = json_number_value(json_object_get(timing, "total_s")) + took_s;

    json_object_set_new(json_object_get(timing, "seconds"), "report",
                        json_real((double)(int64_t)(took_s * 1e3) / 1e3));
    json_object_set_new(timing, "total_s",
                        json_real((double)(int64_t)(total_s * 1e3) / 1e3));
}

gb_status call_pages_write(call *c, const gb_roads *roads, json_t *result)
{
    const double start_s = base_clock_s();
    base_text folder;
    gb_status status = out_folder(c, &folder);

    if (!status)
        status = write_pages(c, roads, folder.chars, result);
    if (!status && !call_put(result, "folder", json_string(folder.chars)))
        status = base_fail_nomem(c->ctx);
    add_report_time(json_object_get(result, "timing"),
                    base_clock_s() - start_s);
    base_text_clear(&folder);
    return status;
}
