#include "store_copy.h"
#include "store_db.h"
#include "store_import_delivery.h"
#include "store_import_kind.h"
#include "store_quality.h"
#include "store_schema.h"
#include "store_verify.h"

#include "base_options.h"

#include <stdio.h>
#include <unistd.h>

enum { DEFAULT_BUSY_MS = 10000 };
static const double DEFAULT_MAX_REJECT = 0.05;

int32_t gb_workspace_schema_version(void)
{
    return STORE_SCHEMA_VERSION;
}

static gb_status take_options(gb_context *ctx, const char *path,
                              const gb_workspace_options *from,
                              gb_workspace_options *to, store_open *how)
{
    gb_status status
        = base_options_take(ctx, to, sizeof *to, from, sizeof *to);

    if (status)
        return status;
    if (!path || !path[0])
        return base_fail(ctx, GB_ERR_ARGUMENT, "no path is given");
    if (to->busy_timeout_ms < 0 || to->epsg < 0)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is below zero",
                         to->epsg < 0 ? "epsg" : "busy_timeout_ms");
    *how = (store_open){ .vfs = to->vfs,
                         .busy_timeout_ms = to->busy_timeout_ms
                             ? to->busy_timeout_ms
                             : DEFAULT_BUSY_MS,
                         .is_read_only = to->is_read_only != 0 };
    return GB_OK;
}

/* Settings of a new workspace; the projected system may come later. */
static gb_status settle(gb_workspace *ws, const gb_workspace_options *options)
{
    gb_status status = store_begin(ws);

    if (status)
        return status;
    status = store_setting_set(
        ws, "timezone",
        options->timezone ? options->timezone : "Asia/Shanghai");
    if (!status && options->epsg) {
        status = store_schema_set_epsg(ws, options->epsg);
    }
    return store_end(ws, status);
}

static gb_status check_epsg(gb_context *ctx, int32_t epsg)
{
    gb_crs *crs = NULL;
    const gb_status status = epsg ? gb_crs_open(ctx, epsg, &crs) : GB_OK;

    gb_crs_free(crs);
    return status;
}

static void remove_file(const char *path, base_mem *mem)
{
    static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };
    base_text name;

    base_text_init(&name, mem);
    for (size_t s = 0; s < 4; s++) {
        base_text_reset(&name);
        base_text_add(&name, path);
        base_text_add(&name, suffixes[s]);
        if (!name.is_short)
            (void)unlink(name.chars);
    }
    base_text_clear(&name);
}

gb_status gb_workspace_create(gb_context *ctx, const char *path,
                              const gb_workspace_options *options,
                              gb_workspace **out)
{
    gb_workspace_options taken;
    gb_workspace *ws = NULL;
    store_open how;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no place for the result");
    *out = NULL;
    status = take_options(ctx, path, options, &taken, &how);
    if (status)
        return status;
    if (how.is_read_only)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a new workspace cannot be read-only");
    if (access(path, F_OK) == 0)
        return base_fail(ctx, GB_ERR_STATE, "%s: exists already", path);
    status = check_epsg(ctx, taken.epsg);
    if (status)
        return status;
    how.may_create = true;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = store_db_open(&run, path, &how, &ws);
    if (!status) {
        store_enter(ws, &run);
        status = store_schema_create(ws);
        if (!status)
            status = settle(ws, &taken);
        store_leave(ws);
    }
    if (status) {
        store_db_close(ws);
        remove_file(path, ctx->mem);
        return status;
    }
    *out = ws;
    return base_run_end(&run, GB_OK);
}

gb_status gb_workspace_open(gb_context *ctx, const char *path,
                            const gb_workspace_options *options,
                            gb_workspace **out)
{
    gb_workspace_options taken;
    gb_workspace *ws = NULL;
    store_open how;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no place for the result");
    *out = NULL;
    status = take_options(ctx, path, options, &taken, &how);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = store_db_open(&run, path, &how, &ws);
    if (!status) {
        store_enter(ws, &run);
        status = store_schema_open(ws);
        store_leave(ws);
    }
    if (status) {
        store_db_close(ws);
        return status;
    }
    *out = ws;
    return base_run_end(&run, GB_OK);
}

void gb_workspace_close(gb_workspace *workspace)
{
    store_db_close(workspace);
}

const char *gb_workspace_path(const gb_workspace *workspace)
{
    return workspace->path;
}

int32_t gb_workspace_epsg(const gb_workspace *workspace)
{
    return workspace->epsg;
}

/* ---------------------------------------------------------------- import -- */

static gb_status take_import(gb_context *ctx, gb_workspace *ws,
                             const char *path,
                             const gb_import_options *options,
                             import_settings *settings)
{
    gb_import_options taken;
    gb_status status
        = base_options_take(ctx, &taken, sizeof taken, options, sizeof taken);

    if (status)
        return status;
    if (!ws || !path || !path[0])
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         ws ? "no path is given" : "no workspace is given");
    if (!(taken.max_reject_ratio <= 1))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "max_reject_ratio is above 1 or no number");
    *settings = (import_settings){
        .map = taken.map,
        .reject_file = taken.reject_file,
        .max_reject_ratio = taken.max_reject_ratio < 0 ? 0
            : taken.max_reject_ratio > 0 ? taken.max_reject_ratio
                                         : DEFAULT_MAX_REJECT,
        .is_dry_run = taken.is_dry_run != 0,
        .to = 1
    };
    if (taken.datum && !gb_datum_parse(taken.datum, &settings->datum))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "there is no datum called \"%s\" (wgs84, gcj02, "
                         "bd09, cgcs2000)", taken.datum);
    if (taken.encoding
        && !import_encoding_parse(taken.encoding, &settings->encoding))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "there is no encoding called \"%s\" (utf-8, "
                         "gb18030)", taken.encoding);
    return GB_OK;
}

/* The report is kept where the data were at fault: it says which. */
static gb_status hand_over(gb_status status, gb_import_report *report,
                           gb_import_report **out)
{
    if (status == GB_OK || status == GB_ERR_DATA)
        *out = report;
    else
        gb_import_report_free(report);
    return status;
}

/* Loads one file of a kind, or with none a delivery. */
static gb_status run_import(gb_context *ctx, gb_workspace *ws,
                            const char *kind, const char *path,
                            const import_settings *settings,
                            gb_import_report **out)
{
    gb_import_report *report;
    base_run run;
    gb_status status = import_report_new(ctx, &report);

    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(ws, &run);
    status = kind ? store_import_file(ws, kind, path, settings, report)
                  : store_import_delivery(ws, path, settings, report);
    store_leave(ws);
    return base_run_end(&run, hand_over(status, report, out));
}

gb_status gb_import(gb_context *ctx, gb_workspace *workspace,
                    const char *kind, const char *path,
                    const gb_import_options *options, gb_import_report **out)
{
    import_settings settings;
    gb_status status;

    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no place for the result");
    *out = NULL;
    status = take_import(ctx, workspace, path, options, &settings);
    if (!status && (!kind || !import_kind_find(kind)))
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "there is no kind of file called \"%s\"",
                           kind ? kind : "");
    return status ? status
                  : run_import(ctx, workspace, kind, path, &settings, out);
}

gb_status gb_import_delivery(gb_context *ctx, gb_workspace *workspace,
                             const char *folder,
                             const gb_import_options *options,
                             gb_import_report **out)
{
    import_settings settings;
    gb_status status;

    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no place for the result");
    *out = NULL;
    status = take_import(ctx, workspace, folder, options, &settings);
    if (!status && settings.map)
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "a delivery takes no map: its columns have our "
                           "names");
    return status ? status
                  : run_import(ctx, workspace, NULL, folder, &settings, out);
}

/* --------------------------------------------------------------- quality -- */

gb_status gb_workspace_quality(gb_context *ctx, gb_workspace *workspace,
                               const char **json)
{
    base_run run;
    base_text text;
    gb_status status;

    base_enter(ctx);
    if (!workspace || !json)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing",
                         json ? "workspace" : "json");
    *json = NULL;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_text_init(&text, workspace->mem);
    store_enter(workspace, &run);
    status = store_quality_json(workspace, &text);
    store_leave(workspace);
    if (!status) {
        base_free(workspace->mem, workspace->quality_json);
        *json = workspace->quality_json = base_text_take(&text);
    }
    base_text_clear(&text);
    return base_run_end(&run, status);
}

gb_status gb_workspace_verify(gb_context *ctx, gb_workspace *workspace)
{
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!workspace)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing", "workspace");
    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(workspace, &run);
    status = store_verify(workspace);
    store_leave(workspace);
    return base_run_end(&run, status);
}

gb_status gb_workspace_backup(gb_context *ctx, gb_workspace *workspace,
                              const char *path)
{
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!workspace || !path || !path[0])
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing",
                         workspace ? "path" : "workspace");
    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(workspace, &run);
    status = store_copy_to(workspace, path);
    store_leave(workspace);
    return base_run_end(&run, status);
}
