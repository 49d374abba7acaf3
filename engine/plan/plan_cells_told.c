/*
 * plan_cells_told.c - see plan_cells_told.h.
 */
#include "plan_cells_told.h"

#include <math.h>
#include <stdlib.h>

/* So many repairs are told one by one; the counts are of all. */
enum { MOST_REPAIRS = 1000 };

/* A cell is a sliver below this compactness (Polsby and Popper 1991): a strip
 * some 25 times as long as it is wide. */
static const double SLIVER = 0.12;

static const struct {
    int32_t kind;
    const char *name, *counted;
} KINDS[] = { { GB_CELLS_OVERLAP, "overlap", "overlaps_mended" },
              { GB_CELLS_GAP, "gap", "gaps_mended" },
              { GB_CELLS_INVALID, "invalid", "made_valid" },
              { GB_CELLS_VANISHED, "vanished", "vanished" },
              { GB_CELLS_PARTS, "parts", "in_parts" },
              { GB_CELLS_DUPLICATE, "duplicate", "duplicates_refused" },
              { GB_CELLS_LARGE_ATOMIC, NULL, "quarters_cut" },
              { GB_CELLS_HEAVY, NULL, "too_heavy" },
              { GB_CELLS_OUTSIDE, NULL, "points_outside" } };
enum { N_KINDS = sizeof KINDS / sizeof KINDS[0] };

json_t *plan_cells_counts(const plan_cells_telling *t)
{
    size_t n = 0;
    const gb_cells_finding *findings = gb_cells_findings(t->cells, &n);
    json_t *counts = json_object();

    for (size_t k = 0; k < N_KINDS; k++) {
        json_int_t count = 0;

        for (size_t i = 0; i < n; i++)
            count += findings[i].kind == KINDS[k].kind;
        if (count > 0)
            json_object_set_new(counts, KINDS[k].counted, json_integer(count));
    }
    return counts;
}

static const char *repair_name(int32_t kind)
{
    for (size_t k = 0; k < N_KINDS; k++)
        if (KINDS[k].kind == kind)
            return KINDS[k].name;
    return NULL;
}

static const char *ref_of(const plan_cells_telling *t, uint32_t shape)
{
    return shape == GB_CELL_NONE || !t->given ? "" : t->given[shape];
}

static json_t *describe(const plan_cells_telling *t,
                        const gb_cells_finding *f, gb_lonlat at)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:f, s:[f, f]}", "kind",
                     repair_name(f->kind), "a", ref_of(t, f->a), "b",
                     ref_of(t, f->b), "owner", ref_of(t, f->owner),
                     f->kind == GB_CELLS_PARTS ? "parts" : "area_m2",
                     f->value, "at", at.lon_deg, at.lat_deg);
}

gb_status plan_cells_repairs(const plan_cells_telling *t, json_t **out)
{
    size_t n = 0;
    const gb_cells_finding *findings = gb_cells_findings(t->cells, &n);
    gb_status status = GB_OK;

    *out = json_array();
    for (size_t i = 0; i < n && !status; i++) {
        gb_lonlat at;

        if (!t->given || !repair_name(findings[i].kind)
            || json_array_size(*out) >= MOST_REPAIRS)
            continue;
        status = plan_take(t->data,
                           gb_crs_unproject(&t->data->quiet, t->data->crs,
                                            &findings[i].at, 1, &at));
        if (!status
            && json_array_append_new(*out, describe(t, &findings[i], at)))
            status = base_fail_nomem(t->data->run->ctx);
    }
    return status;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median_area(const plan_cells_telling *t)
{
    const size_t n = t->view->n_cells;
    double *areas = base_alloc_array(t->data->run->mem, n, sizeof *areas);
    double middle = 0;

    if (areas) {
        for (size_t c = 0; c < n; c++)
            areas[c] = t->view->areas_m2[c];
        qsort(areas, n, sizeof *areas, by_value);
        middle = areas[n / 2];
    }
    base_free(t->data->run->mem, areas);
    return middle;
}

json_t *plan_cells_figures(const plan_cells_telling *t)
{
    static const char *const names[]
        = { "blocks", "compounds", "splits", "rests", "given" };
    const gb_cells_view *v = t->view;
    const double pi = 3.14159265358979323846;
    double smallest = HUGE_VAL, largest = 0, heaviest = 0, compact = 0;
    json_int_t empty = 0, slivers = 0, holes = 0, kinds[5] = { 0 };
    json_t *figures;

    for (size_t c = 0; c < v->n_cells; c++) {
        const double round = 4 * pi * v->areas_m2[c]
                             / (v->perimeters_m[c] * v->perimeters_m[c]);

        smallest = fmin(smallest, v->areas_m2[c]);
        largest = fmax(largest, v->areas_m2[c]);
        heaviest = fmax(heaviest, v->weights[c]);
        compact += round / (double)v->n_cells;
        empty += !(v->weights[c] > 0);
        slivers += round < SLIVER;
        holes += v->shapes->shape_first_ring[c + 1]
                     - v->shapes->shape_first_ring[c]
                 > 1;
        kinds[v->kinds[c]]++;
    }
    figures = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:f}",
                        "smallest_m2", (json_int_t)smallest, "median_m2",
                        (json_int_t)median_area(t), "largest_m2",
                        (json_int_t)largest, "slivers", slivers, "with_holes",
                        holes, "without_work", empty, "heaviest",
                        (json_int_t)heaviest, "heaviest_wanted",
                        (json_int_t)t->max_weight, "mean_compactness",
                        round(compact * 1000) / 1000, "cells_per_manager",
                        t->data->managers.n
                            ? round(10.0 * (double)v->n_cells
                                    / (double)t->data->managers.n)
                                  / 10
                            : 0.0);
    for (size_t k = 0; figures && k < sizeof names / sizeof names[0]; k++)
        if (kinds[k] > 0)
            json_object_set_new(figures, names[k], json_integer(kinds[k]));
    return figures;
}
