#include "store_db.h"
#include "store_schema.h"

#include "base_options.h"

#include <stdio.h>
#include <unistd.h>

enum { DEFAULT_BUSY_MS = 10000 };

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
