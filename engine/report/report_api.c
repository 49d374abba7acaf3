/*
 * report_api.c - implements gridbeat/report.h.
 */
#include <gridbeat/report.h>

#include <string.h>

#include "base_check.h"
#include "base_options.h"
#include "report_data.h"
#include "report_export.h"
#include "report_file.h"
#include "report_handoff.h"
#include "report_map.h"
#include "report_sheets.h"

static gb_status take(gb_context *ctx, gb_workspace *workspace,
                      const gb_report_options *options, const char *path,
                      bool needs_branch, gb_report_options *taken)
{
    const gb_status status = base_options_take(ctx, taken, sizeof *taken,
                                               options, sizeof *taken);

    if (status)
        return status;
    if (!workspace || !path || !path[0])
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a workspace and a path to write to are needed");
    if (store_day_parse(taken->date) == STORE_NO_DAY)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "\"%s\" is not a date YYYY-MM-DD",
                         taken->date ? taken->date : "");
    if (needs_branch && !taken->branch)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no branch is named");
    return GB_OK;
}

static gb_status finish(gb_context *ctx, gb_status status, const char *path,
                        base_text *page)
{
    if (!status)
        status = report_file_write(ctx, path, page);
    base_text_clear(page);
    return status;
}

/* Which of the three pages, and what it is drawn with. */
typedef struct page_wish {
    enum { PAGE_MAP, PAGE_SHEETS, PAGE_TERRITORY } kind;
    const gb_roads *roads;
    const report_bank *bank; /* NULL: the page's own */
} page_wish;

static gb_status draw_page(const page_wish *wish, report_data *data,
                           const char *manager, base_text *page)
{
    switch (wish->kind) {
    case PAGE_MAP:
        return report_map_page(data, wish->roads, page);
    case PAGE_SHEETS:
        return report_sheets(data, manager, page);
    default:
        return report_territory_sheets(data, wish->roads, manager, page);
    }
}

/* The one way of all pages: check, load, draw, write whole. */
static gb_status make_page(gb_context *ctx, gb_workspace *workspace,
                           const page_wish *wish,
                           const gb_report_options *options, const char *path)
{
    gb_report_options taken;
    report_data data = { 0 };
    base_text page;
    base_run run;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = take(ctx, workspace, options, path, wish->kind != PAGE_TERRITORY,
                  &taken);
    if (!status && wish->kind == PAGE_TERRITORY && !taken.manager)
        status = base_fail(ctx, GB_ERR_ARGUMENT, "no manager is named");
    if (status)
        return status;
    if (wish->kind == PAGE_MAP)
        taken.manager = NULL; /* a manager's own scope has no such page */
    if (wish->kind == PAGE_TERRITORY)
        taken.branch = NULL; /* the manager's own */
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("drawing the map"), 0, 1, 0);
    base_text_init(&page, ctx->mem);
    store_enter(workspace, &run);
    status = report_data_load(&data, workspace, &run, &taken,
                                  wish->kind != PAGE_SHEETS);
    data.bank = wish->bank;
    if (!status)
        status = draw_page(wish, &data, taken.manager, &page);
    report_data_clear(&data);
    store_leave(workspace);
    return base_run_end(&run, finish(ctx, status, path, &page));
}

gb_status report_map_write(gb_context *ctx, gb_workspace *workspace,
                           const gb_roads *roads, const report_bank *bank,
                           const gb_report_options *options, const char *path)
{
    const page_wish wish = { PAGE_MAP, roads, bank };

    return make_page(ctx, workspace, &wish, options, path);
}

gb_status gb_report_map(gb_context *ctx, gb_workspace *workspace,
                        const gb_roads *roads,
                        const gb_report_options *options, const char *path)
{
    return report_map_write(ctx, workspace, roads, NULL, options, path);
}

gb_status gb_report_sheets(gb_context *ctx, gb_workspace *workspace,
                           const gb_report_options *options, const char *path)
{
    const page_wish wish = { PAGE_SHEETS, NULL, NULL };

    return make_page(ctx, workspace, &wish, options, path);
}

gb_status gb_report_territory(gb_context *ctx, gb_workspace *workspace,
                              const gb_roads *roads,
                              const gb_report_options *options,
                              const char *path)
{
    const page_wish wish = { PAGE_TERRITORY, roads, NULL };

    return make_page(ctx, workspace, &wish, options, path);
}

/* The forms that a plan can be written in. */
static const struct form {
    const char *name;
    void (*write)(base_text *text, const store_plan *plan);
} forms[] = {
    { "csv", report_export_csv },      { "geojson", report_export_geojson },
    { "gpx", report_handoff_gpx },     { "ics", report_handoff_ics },
    { "targets", report_handoff_targets },
};

static const struct form *find_form(const char *name)
{
    for (size_t f = 0; f < COUNT_OF(forms); f++)
        if (strcmp(forms[f].name, name) == 0)
            return &forms[f];
    return NULL;
}

static gb_status export_plan(gb_workspace *workspace,
                             const gb_report_options *options,
                             base_text *text, uint64_t *n_stops)
{
    const struct form *form
        = find_form(options->format ? options->format : "csv");
    store_scope scope;
    store_plan plan;
    gb_status status;

    if (!form)
        return base_fail(workspace->run->ctx, GB_ERR_ARGUMENT,
                         "format \"%s\" is unknown; csv, geojson, gpx, ics "
                         "and targets are known",
                         options->format);
    memset(&plan, 0, sizeof plan);
    status = store_scope_parse(workspace, options->scope, &scope);
    if (!status)
        status = store_load_plan(workspace, store_day_parse(options->date),
                                 scope, &plan);
    if (!status) {
        form->write(text, &plan);
        *n_stops = plan.n_stops;
    }
    store_plan_clear(&plan);
    return status;
}

gb_status gb_report_plan(gb_context *ctx, gb_workspace *workspace,
                         const gb_report_options *options, const char *path,
                         uint64_t *n_stops)
{
    gb_report_options taken;
    base_text text;
    base_run run;
    uint64_t n = 0;
    gb_status status;

    if (!ctx)
        return GB_ERR_ARGUMENT;
    base_enter(ctx);
    status = take(ctx, workspace, options, path, false, &taken);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_text_init(&text, ctx->mem);
    store_enter(workspace, &run);
    status = export_plan(workspace, &taken, &text, &n);
    store_leave(workspace);
    status = finish(ctx, status, path, &text);
    if (!status && n_stops)
        *n_stops = n;
    return base_run_end(&run, status);
}
