/*
 * small_bank.c - see small_bank.h.
 */
#include "small_bank.h"
#include "small_town.h"
#include "test.h"

#include <unistd.h>

static void import_all(small_bank *b, const char *osm)
{
    gb_import_report *report = NULL;
    gb_workspace *workspace = NULL;
    char roads[400];

    assert_ok(b->ctx, gb_workspace_create(b->ctx, b->imported, NULL,
                                          &workspace));
    assert_ok(b->ctx, gb_import_delivery(b->ctx, workspace, b->delivery, NULL,
                                         &report));
    gb_import_report_free(report);
    gb_workspace_close(workspace);
    snprintf(roads, sizeof roads, "%s.roads", b->imported);
    assert_ok(b->ctx, gb_roads_build(b->ctx, osm, roads, NULL, NULL));
    assert_ok(b->ctx, gb_roads_open(b->ctx, roads, &b->roads));
}

void small_bank_open(small_bank *b)
{
    gb_world_options options = GB_WORLD_OPTIONS_INIT;
    char osm[300];

    *b = (small_bank){ .ctx = test_context() };
    snprintf(b->folder, sizeof b->folder, "%s", test_folder());
    snprintf(osm, sizeof osm, "%s/town.osm", b->folder);
    snprintf(b->delivery, sizeof b->delivery, "%s/bank", b->folder);
    snprintf(b->imported, sizeof b->imported, "%s/imported.gb", b->folder);
    small_town_write(osm, 5);
    options.osm = osm;
    options.out = b->delivery;
    options.n_branches = 2;
    options.n_managers = 3;
    options.n_customers = 120;
    assert_ok(b->ctx, gb_world_make(b->ctx, &options, NULL));
    import_all(b, osm);
}

void small_bank_close(small_bank *b)
{
    gb_roads_close(b->roads);
    gb_context_free(b->ctx);
}

gb_plan_options small_bank_options(uint64_t seed)
{
    gb_plan_options options = GB_PLAN_OPTIONS_INIT;

    options.date = SMALL_BANK_DATE;
    options.density_step_m = 400;
    options.grid_iterations = 20;
    options.max_iterations = 20;
    options.seed = seed;
    /* So small a town has the same best routes for every seed. */
    options.max_candidates = seed > 1 ? 2 : 0;
    return options;
}

void small_bank_copy(const small_bank *b, const char *from, const char *name,
                     char path[300])
{
    static const char *const suffixes[] = { "-wal", "-shm", "-journal" };
    char side[400];
    size_t size;
    char *bytes = test_read_file(from, &size);

    snprintf(path, 300, "%.250s/%.40s", b->folder, name);
    for (size_t s = 0; s < 3; s++) {
        snprintf(side, sizeof side, "%s%s", path, suffixes[s]);
        unlink(side);
    }
    test_write_file(path, bytes, size);
    free(bytes);
}

gb_status small_bank_night(const small_bank *b, gb_context *ctx,
                           const char *path, const char *vfs, uint64_t seed)
{
    const gb_plan_options options = small_bank_options(seed);
    gb_workspace_options opening = GB_WORKSPACE_OPTIONS_INIT;
    gb_workspace *workspace = NULL;
    gb_plan_result *result = NULL;
    gb_status status;

    opening.vfs = vfs;
    status = gb_workspace_open(ctx, path, &opening, &workspace);
    if (!status)
        status = gb_plan_night(ctx, workspace, b->roads, &options, &result);
    ck_assert((result != NULL) == (status == GB_OK));
    gb_plan_result_free(result);
    gb_workspace_close(workspace);
    return status;
}

char *small_bank_plan(const small_bank *b, const char *path)
{
    gb_report_options options = GB_REPORT_OPTIONS_INIT;
    gb_workspace *workspace = NULL;
    char out[300];
    gb_status status;

    options.date = SMALL_BANK_DATE;
    snprintf(out, sizeof out, "%s/plan.csv", b->folder);
    assert_ok(b->ctx, gb_workspace_open(b->ctx, path, NULL, &workspace));
    status = gb_report_plan(b->ctx, workspace, &options, out, NULL);
    gb_workspace_close(workspace);
    ck_assert_msg(status == GB_OK || status == GB_ERR_NOT_FOUND, "%s",
                  gb_last_error(b->ctx));
    return status ? calloc(1, 1) : test_read_file(out, NULL);
}

void small_bank_verify(const small_bank *b, const char *path)
{
    gb_workspace *workspace = NULL;

    assert_ok(b->ctx, gb_workspace_open(b->ctx, path, NULL, &workspace));
    assert_ok(b->ctx, gb_workspace_verify(b->ctx, workspace));
    gb_workspace_close(workspace);
}
