/*
 * territory_index_api.c - implements gridbeat/territory_index.h.
 */
#include "store_territory_index.h"

#include "base_options.h"
#include "base_run.h"
#include "store_date.h"
#include "store_days.h"
#include "store_db.h"

#include <string.h>

gb_territory_index *gb_territory_index_ref(gb_territory_index *index)
{
    if (index)
        atomic_fetch_add_explicit(&index->n_holders, 1, memory_order_relaxed);
    return index;
}

void gb_territory_index_free(gb_territory_index *index)
{
    base_mem *mem;

    if (!index
        || atomic_fetch_sub_explicit(&index->n_holders, 1,
                                     memory_order_acq_rel)
               > 1)
        return;
    mem = index->mem;
    geo_locator_free(index->locator);
    base_arena_clear(&index->arena);
    base_free(mem, index);
    base_mem_unref(mem);
}

/* The day of the options; without one that of the active version. */
static gb_status take_day(gb_workspace *ws, const char *date, int32_t *on)
{
    if (!date || !date[0])
        return store_territory_active_from(ws, on);
    *on = store_day_parse(date);
    if (*on == STORE_NO_DAY)
        return base_fail(ws->run->ctx, GB_ERR_ARGUMENT,
                         "%s \"%s\" is not a date as 2026-03-02", "date",
                         date);
    return GB_OK;
}

static gb_status load_index(gb_workspace *ws,
                            const gb_territory_index_options *options,
                            gb_territory_index *index)
{
    store_scope scope;
    int32_t on = 0;
    gb_status status = take_day(ws, options->date, &on);

    if (!status)
        status = store_scope_parse(ws, options->scope, &scope);
    return status ? status
                  : store_territory_index_load(ws, options->version, on,
                                               scope, index);
}

gb_status gb_territory_index_open(gb_context *ctx, gb_workspace *workspace,
                                  const gb_territory_index_options *options,
                                  gb_territory_index **out)
{
    gb_territory_index_options taken;
    gb_territory_index *index;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no place for the result");
    *out = NULL;
    if (!workspace)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no workspace is given");
    status = base_options_take(ctx, &taken, sizeof taken, options,
                               sizeof taken);
    if (status)
        return status;
    if (taken.version < 0)
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is below zero", "version");
    index = base_alloc_zeroed(ctx->mem, 1, sizeof *index);
    if (!index)
        return base_fail_nomem(ctx);
    index->mem = base_mem_ref(ctx->mem);
    atomic_init(&index->n_holders, 1);
    base_arena_init(&index->arena, index->mem);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    store_enter(workspace, &run);
    status = load_index(workspace, &taken, index);
    store_leave(workspace);
    if (status)
        gb_territory_index_free(index);
    else
        *out = index;
    return base_run_end(&run, status);
}

/* The part of a struct that the caller knows. */
static void hand_over(void *to, size_t size, const void *from, size_t most)
{
    const size_t known = size < most ? size : most;

    if (known > sizeof size) /* their size stays what it is */
        memcpy((char *)to + sizeof size, (const char *)from + sizeof size,
               known - sizeof size);
}

void gb_territory_index_about(const gb_territory_index *index,
                              gb_territory_index_info *out)
{
    gb_territory_index_info info = { .date = "" };

    if (!out)
        return;
    if (index) {
        info.version = index->version;
        info.date = index->date;
        info.n_territories = (uint32_t)index->n_territories;
        info.n_cells = (uint32_t)index->n_cells;
        info.n_bytes = sizeof *index
                       + index->n_cells * sizeof *index->cells
                       + index->n_territories * sizeof *index->territories;
        if (index->locator)
            info.n_bytes += geo_locator_bytes(index->locator);
    }
    hand_over(out, out->size, &info, sizeof info);
}

/* --------------------------------------------------------------- hot path -- */

static void put_inside(const gb_territory_index *index,
                       const geo_location *found, gb_territory_answer *a)
{
    const indexed_cell *cell = &index->cells[found->shape];
    const indexed_territory *t = &index->territories[cell->territory];

    a->is_on_border = found->is_on_border;
    a->number = cell->territory;
    a->territory = t->ref;
    a->cell = cell->ref;
    a->branch = t->branch;
    a->manager = t->manager;
    a->reason = !t->manager[0]        ? GB_POINT_NO_OWNER
                : found->is_on_border ? GB_POINT_BORDER
                                      : GB_POINT_INSIDE;
}

static void put_other(const gb_territory_index *index, uint32_t shape,
                      gb_territory_answer *a)
{
    if (shape == GEO_NOWHERE)
        return;
    a->other = index->cells[shape].territory;
    a->other_territory = index->territories[a->other].ref;
}

void gb_territory_at_point(const gb_territory_index *index, gb_lonlat at,
                           gb_territory_answer *answer)
{
    gb_territory_answer a = { .reason = GB_POINT_OUTSIDE,
                              .number = GB_TERRITORY_NONE,
                              .other = GB_TERRITORY_NONE,
                              .territory = "",
                              .cell = "",
                              .branch = "",
                              .manager = "",
                              .other_territory = "" };

    if (!answer)
        return;
    if (!geo_lonlat_is_sound(at)) {
        a.reason = GB_POINT_INVALID;
    } else if (index && index->locator) {
        const geo_location found = geo_locate(index->locator, at);

        if (found.shape != GEO_NOWHERE) {
            put_inside(index, &found, &a);
            put_other(index, found.other, &a);
        } else {
            put_other(index,
                      geo_locate_nearest(index->locator, at, &a.distance_m),
                      &a);
        }
    }
    hand_over(answer, answer->size, &a, sizeof a);
}

const char *gb_point_reason_name(int32_t reason)
{
    static const char *const names[] = { "inside", "border", "no_owner",
                                         "outside", "invalid" };

    return reason >= 0 && reason < (int32_t)(sizeof names / sizeof *names)
               ? names[reason]
               : "";
}
