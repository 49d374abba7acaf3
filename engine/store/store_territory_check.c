/*
 * store_territory_check.c - proves a stored territory table, or names what is
 * wrong with it: the findings, and the check as a whole.  What is checked is
 * in store_territory_cells.c, _areas.c and _owners.c.
 */
#include "store_territory_job.h"

#include <string.h>

enum { MAX_A_KIND = 1000 };

static const char *const names[TERRITORY_N_KINDS] = {
    "no_version", "two_versions", "cell_unassigned", "cell_twice",
    "cell_unknown", "empty", "disconnected", "neighbour", "shape", "overlap",
    "gap", "customer", "owner",
};

const char *store_finding_name(int32_t kind)
{
    return kind >= 0 && kind < TERRITORY_N_KINDS ? names[kind] : "";
}

/* ------------------------------------------------------------- findings -- */

const char *territory_keep(territory_check *k, const char *text)
{
    char *copy = base_arena_alloc(&k->out->arena, strlen(text) + 1, 1);

    if (copy)
        strcpy(copy, text);
    return copy;
}

gb_status territory_add(territory_check *k, store_finding_kind kind,
                        const char *ref, const char *other,
                        const gb_point *at, double amount)
{
    store_finding finding = { .kind = kind, .amount = amount };
    gb_status status = GB_OK;

    k->out->n_total++;
    if (k->found[kind]++ >= k->max_findings)
        return GB_OK;
    finding.ref = territory_keep(k, ref);
    finding.other_ref = territory_keep(k, other);
    finding.text = k->text.is_short
                       ? NULL
                       : territory_keep(k,
                                        k->text.chars ? k->text.chars : "");
    if (at && k->crs) {
        status = geo_crs_unproject(k->ctx, k->crs, at, 1, &finding.at);
        finding.has_place = !status;
    }
    if (status)
        return status;
    if (!finding.ref || !finding.other_ref || !finding.text
        || !base_array_push(k->ws->mem, &k->findings, finding))
        return base_fail_nomem(k->ctx);
    return GB_OK;
}

const gb_point *territory_place(const territory_check *k,
                                const cell_row *cell, gb_point *at)
{
    const gb_shapes view = geo_shapes_view(&k->shapes);

    if (cell->shape == STORE_NONE)
        return NULL;
    *at = geo_shape_centroid(&view, cell->shape);
    return at;
}

/* ----------------------------------------------------------------- whole -- */

static gb_status check_all(territory_check *k)
{
    gb_status status = territory_check_cells(k);

    if (!status)
        status = territory_check_areas(k);
    if (!status)
        status = territory_check_customers(k);
    if (!status)
        status = territory_check_owners(k);
    return status;
}

static void clear(territory_check *k)
{
    base_array_clear(k->ws->mem, &k->findings);
    base_array_clear(k->ws->mem, &k->cells);
    base_array_clear(k->ws->mem, &k->territories);
    store_ids_clear(&k->cell_ids);
    store_ids_clear(&k->territory_ids);
    geo_shapes_clear(&k->shapes);
    base_text_clear(&k->text);
    gb_crs_free(k->crs);
}

static gb_status hand_over(territory_check *k)
{
    store_findings *out = k->out;

    out->items = base_arena_alloc(&out->arena, k->findings.n,
                                  sizeof *out->items);
    if (!out->items)
        return base_fail_nomem(k->ctx);
    if (k->findings.n > 0)
        memcpy(out->items, k->findings.items,
               k->findings.n * sizeof *out->items);
    out->n = k->findings.n;
    return GB_OK;
}

gb_status store_territory_check(gb_workspace *ws, int64_t version, int32_t on,
                                size_t max_findings, store_findings *out)
{
    territory_check k = {
        .ws = ws, .ctx = ws->run->ctx, .out = out,
        .max_findings = max_findings ? max_findings : MAX_A_KIND
    };
    gb_status status;

    memset(out, 0, sizeof *out);
    base_arena_init(&out->arena, ws->mem);
    geo_shapes_init(&k.shapes, ws->mem);
    base_text_init(&k.text, ws->mem);
    store_day_text(k.day, on);
    status = store_begin_read(ws);
    if (!status) {
        if (ws->epsg)
            status = geo_crs_open(k.ctx, ws->epsg, &k.crs);
        if (!status)
            status = territory_check_versions(&k);
        if (!status)
            status = territory_find_version(&k, version);
        if (!status && out->version)
            status = check_all(&k);
        status = store_end(ws, status);
    }
    if (!status)
        status = hand_over(&k);
    clear(&k);
    if (status)
        store_findings_clear(out);
    return status;
}

void store_findings_clear(store_findings *findings)
{
    if (findings->arena.mem)
        base_arena_clear(&findings->arena);
    memset(findings, 0, sizeof *findings);
}
