/*
 * plan_columns.c - what there is to share out in each cell
 * (plan_division.h).
 */
#include "plan_division.h"

#include <math.h>
#include <string.h>

#include "geo_shape.h"
#include "plan_crossings.h"
#include "plan_travel.h"

static gb_status find_ground(plan_division *d)
{
    const store_cells *cells = &d->data->cells;

    d->centres = plan_division_take(d, cells->n, sizeof *d->centres);
    d->areas_m2 = plan_division_take(d, cells->n, sizeof *d->areas_m2);
    d->perimeters_m = plan_division_take(d, cells->n, sizeof *d->perimeters_m);
    if (!d->centres || !d->areas_m2 || !d->perimeters_m)
        return GB_ERR_NOMEM;
    for (size_t c = 0; c < cells->n; c++) {
        d->centres[c] = geo_shape_centroid(&cells->shapes, c);
        d->areas_m2[c] = cells->area_m2[c];
        for (uint32_t i = cells->first_neighbour[c];
             i < cells->first_neighbour[c + 1]; i++)
            d->perimeters_m[c] += cells->border_m[i];
    }
    return GB_OK;
}

static gb_status find_travel(plan_division *d)
{
    const plan_data *data = d->data;
    gb_status status = GB_OK;

    for (int mode = 0; mode < GB_MODE_COUNT && !status; mode++) {
        bool is_used = false;

        for (size_t b = 0; b < data->branches.n; b++)
            is_used |= d->teams[b].mix.of_mode[mode] > 0;
        if (!is_used)
            continue;
        d->travel[mode] = plan_division_take(
            d, data->branches.n * data->cells.n, sizeof **d->travel);
        status = d->travel[mode]
                     ? plan_travel(d->data, (gb_mode)mode, d->centres,
                                   d->travel[mode])
                     : GB_ERR_NOMEM;
    }
    return status;
}

static gb_status find_counts(plan_division *d)
{
    const plan_data *data = d->data;

    for (int k = PLAN_TARGETS; k <= PLAN_VALUE; k++) {
        d->counts[k]
            = plan_division_take(d, data->cells.n, sizeof **d->counts);
        if (!d->counts[k])
            return GB_ERR_NOMEM;
    }
    d->counts[PLAN_CUSTOMERS] = d->known.customers;
    for (size_t t = 0; t < data->targets.n; t++) {
        const store_target *target = &data->targets.items[t];

        if (!plan_is_field_target(target) || target->cell == STORE_NONE)
            continue;
        d->counts[PLAN_TARGETS][target->cell] += 1;
        d->counts[PLAN_VALUE][target->cell] += (double)target->score;
    }
    return GB_OK;
}

gb_status plan_streets_find(plan_division *d)
{
    if (!d->data->roads)
        return GB_OK;
    d->crossings = plan_division_take(d, d->data->cells.n_neighbours,
                                      sizeof *d->crossings);
    d->has_streets = plan_division_take(d, d->data->cells.n, 1);
    if (!d->crossings || !d->has_streets)
        return GB_ERR_NOMEM;
    return plan_crossings(d->data, d->crossings, d->has_streets);
}

gb_status plan_columns_find(plan_division *d)
{
    gb_status status = find_ground(d);

    if (!status)
        status = find_travel(d);
    if (!status)
        status = find_counts(d);
    return status ? status : plan_work_find(d->data, &d->work);
}

double plan_columns_there_s(const plan_division *d, uint32_t branch,
                            uint32_t cell)
{
    const plan_mix *mix = &d->teams[branch].mix;
    double sum_s = 0, shares = 0;

    for (int mode = 0; mode < GB_MODE_COUNT; mode++) {
        const uint32_t s
            = d->travel[mode]
                  ? d->travel[mode][(size_t)branch * d->data->cells.n + cell]
                  : GB_GRID_UNREACHABLE;

        if (s == GB_GRID_UNREACHABLE || mix->of_mode[mode] <= 0)
            continue;
        sum_s += mix->of_mode[mode] * s;
        shares += mix->of_mode[mode];
    }
    return shares > 0 ? sum_s / shares : (double)INFINITY;
}

double plan_columns_value(const plan_division *d, size_t m, uint32_t branch,
                          uint32_t cell)
{
    const plan_activity which = d->measures.which[m];
    double there_s;

    if (which != PLAN_WORKLOAD)
        return d->counts[which][cell];
    there_s = plan_columns_there_s(d, branch, cell);
    return plan_work_s(&d->work, branch, &d->teams[branch].mix, cell,
                       isfinite(there_s) ? there_s : 0);
}

/* ---- named areas ---- */

static gb_status split_names(plan_division *d, char *names,
                             const char ***out, size_t *n)
{
    size_t most = 1;

    for (const char *at = names; *at; at++)
        most += *at == ',';
    *n = 0;
    *out = plan_division_take(d, most, sizeof **out);
    if (!*out)
        return GB_ERR_NOMEM;
    for (char *at = names; at;) {
        char *comma = strchr(at, ',');

        if (comma)
            *comma++ = '\0';
        (*out)[(*n)++] = at;
        at = comma;
    }
    return GB_OK;
}

gb_status plan_borders_find(plan_division *d, uint32_t **out)
{
    plan_data *data = d->data;
    const char *given = data->settings->given.borders;
    const size_t n_cells = data->cells.n;
    const char **names = NULL;
    size_t n_names = 0;
    gb_lonlat *at;
    char *copy;
    gb_status status = GB_OK;

    *out = NULL;
    if (!given || !*given)
        return GB_OK;
    *out = plan_division_take(d, n_cells, sizeof **out);
    at = plan_division_take(d, n_cells, sizeof *at);
    copy = plan_division_take(d, strlen(given) + 1, 1);
    if (!*out || !at || !copy)
        return GB_ERR_NOMEM;
    strcpy(copy, given);
    if (strcmp(given, "all") != 0)
        status = split_names(d, copy, &names, &n_names);
    if (!status)
        status = plan_take(data, gb_crs_unproject(&data->quiet, data->crs,
                                                  d->centres, n_cells, at));
    return status ? status
                  : store_load_area_of(data->ws, names, n_names, at, n_cells,
                                       *out);
}
