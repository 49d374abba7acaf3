/*
 * plan_told.c - what cannot be kept, in words, with the names of what it is
 * about (plan_division.h).
 */
#include "plan_division.h"

#include <string.h>

#include "grid_text.h"

/* Names of a branch's own numbers. */
typedef struct own_names {
    const char **cells, **grids;
    const char *measures[PLAN_N_ACTIVITIES];
    bool is_seconds[PLAN_N_ACTIVITIES];
    grid_names names;
} own_names;

static gb_status name_all(plan_division *d, const uint32_t *cells,
                          size_t n_cells, const uint32_t *grids,
                          size_t n_grids, own_names *out)
{
    static const char *const titles[PLAN_N_ACTIVITIES]
        = { GB_N("expected work"), GB_N("targets"), GB_N("value"),
            GB_N("customers") };
    const base_lang lang = d->data->run->ctx->lang;

    memset(out, 0, sizeof *out);
    out->cells = base_alloc_array(d->data->run->mem, n_cells,
                                  sizeof *out->cells);
    out->grids = base_alloc_array(d->data->run->mem, n_grids,
                                  sizeof *out->grids);
    if (!out->cells || !out->grids)
        return base_fail_nomem(d->data->run->ctx);
    for (size_t a = 0; a < n_cells; a++)
        out->cells[a] = d->data->cells.refs[cells[a]];
    for (size_t g = 0; g < n_grids; g++)
        out->grids[g] = d->grids.items[grids[g]].ref;
    for (size_t m = 0; m < d->measures.n; m++) {
        out->measures[m] = base_lang_text(lang, titles[d->measures.which[m]]);
        out->is_seconds[m] = d->measures.which[m] == PLAN_WORKLOAD;
    }
    out->names = (grid_names){ out->cells, out->grids, out->measures, n_cells,
                               n_grids, d->measures.n, out->is_seconds };
    return GB_OK;
}

static void clear_names(const plan_division *d, own_names *names)
{
    base_free(d->data->run->mem, names->cells);
    base_free(d->data->run->mem, names->grids);
}

/* ---- what balance fails by ---- */

/*
 * The cell with most of a measure in a territory or beside it: where balance
 * fails by something that cannot be parted, it is that.
 */
static uint32_t heaviest_near(const plan_division *d, uint32_t grid, size_t m)
{
    const store_cells *cells = &d->data->cells;
    const uint32_t group = d->teams[d->grids.items[grid].branch].group;
    uint32_t heaviest = STORE_NONE;
    double most = -1;

    for (uint32_t c = 0; c < cells->n; c++) {
        bool is_near = d->grid_of[c] == grid;
        double value;

        if (d->teams[d->branch_of[c]].group != group)
            continue;
        for (uint32_t i = cells->first_neighbour[c];
             i < cells->first_neighbour[c + 1]; i++)
            is_near |= d->grid_of[cells->neighbour[i]] == grid;
        if (!is_near)
            continue;
        value = plan_columns_value(d, m, d->branch_of[c], c);
        if (value > most) {
            most = value;
            heaviest = c;
        }
    }
    return heaviest;
}

/* The place in a cell at which there is most to do; NULL: none has a place. */
static const plan_spot *heaviest_place(const plan_division *d, uint32_t cell)
{
    const plan_spot *most = NULL;

    for (size_t i = 0; i < d->work.n_spots; i++) {
        const plan_spot *spot = &d->work.spots[i];

        if (spot->cell == cell && spot->place != STORE_NONE
            && (!most || spot->stay_s > most->stay_s))
            most = spot;
    }
    return most;
}

static gb_status say_whole(plan_division *d, const plan_spot *spot,
                           const char *cell, double all_s, base_text *text)
{
    char hours[32], share[32];
    const char *english
        = GB_N("%s in %s alone has %s h of it, %s %% of the territory; a "
               "compound is never cut, so a territory has all of it or none");

    base_text_format(text, base_lang_text(d->data->run->ctx->lang, english),
                     d->data->places.items[spot->place].ref, cell,
                     base_real_text(hours, spot->stay_s / 3600, 1),
                     base_real_text(share, all_s > 0
                                               ? 100 * spot->stay_s / all_s
                                               : 0, 0));
    return text->is_short ? base_fail_nomem(d->data->run->ctx) : GB_OK;
}

/* ---- the row ---- */

static gb_status add_row(plan_division *d, const gb_territory_finding *f,
                         const char *text, uint32_t grid, uint32_t cell)
{
    const plan_spot *spot
        = cell == STORE_NONE ? NULL : heaviest_place(d, cell);
    const uint32_t owner
        = grid == STORE_NONE ? STORE_NONE : d->grids.items[grid].owner;
    double work_s = 0, all_s = 0;
    base_text why;
    json_t *row = NULL;
    gb_status status = GB_OK;

    base_text_init(&why, d->data->run->mem);
    for (uint32_t c = 0; c < d->data->cells.n && cell != STORE_NONE; c++)
        if (d->measures.which[0] == PLAN_WORKLOAD
            && (c == cell || (grid != STORE_NONE && d->grid_of[c] == grid))) {
            const double s = plan_columns_value(d, 0, d->branch_of[c], c);

            work_s += c == cell ? s : 0;
            all_s += d->grid_of[c] == grid ? s : 0;
        }
    if (spot && f->kind == GB_FINDING_BALANCE)
        status = say_whole(d, spot, d->data->cells.refs[cell], all_s, &why);
    if (!status)
        status = plan_json(
            d->data->run,
            json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:I, s:f}", "text",
                      text, "why", why.n > 0 ? why.chars : NULL, "territory",
                      grid == STORE_NONE ? NULL : d->grids.items[grid].ref,
                      "manager",
                      owner == STORE_NONE
                          ? NULL
                          : d->data->managers.items[owner].ref,
                      "cell",
                      cell == STORE_NONE ? NULL : d->data->cells.refs[cell],
                      "place",
                      spot ? d->data->places.items[spot->place].ref : NULL,
                      "cell_work_s", (json_int_t)work_s, "mend", f->mend),
            &row);
    base_text_clear(&why);
    if (!status && json_array_append_new(d->findings, row))
        status = base_fail_nomem(d->data->run->ctx);
    return status;
}

gb_status plan_told_add(plan_division *d, const gb_territory_finding *f,
                        const uint32_t *cells, size_t n_cells,
                        const uint32_t *grids, size_t n_grids)
{
    const uint32_t grid
        = f->territory < n_grids ? grids[f->territory] : STORE_NONE;
    const uint32_t cell = f->area < n_cells ? cells[f->area]
                          : grid != STORE_NONE
                              ? heaviest_near(d, grid,
                                              f->measure < d->measures.n
                                                  ? f->measure
                                                  : 0)
                              : STORE_NONE;
    own_names names;
    base_text text;
    gb_status status = name_all(d, cells, n_cells, grids, n_grids, &names);

    base_text_init(&text, d->data->run->mem);
    if (!status && !grid_finding_text(d->data->run->ctx->lang, f,
                                      &names.names, &text))
        status = base_fail(d->data->run->ctx, GB_ERR_INTERNAL,
                           "a finding of no known kind: %d", f->kind);
    if (!status && text.is_short)
        status = base_fail_nomem(d->data->run->ctx);
    if (!status)
        status = add_row(d, f, text.chars, grid, cell);
    base_text_clear(&text);
    clear_names(d, &names);
    return status;
}
