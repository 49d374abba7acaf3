/*
 * roads_ask_api.c - the questions of gridbeat/roads.h: places, streets,
 * tables, ways, what is reached, crossings.  roads_api.c has what makes an
 * index.
 */
#include <gridbeat/roads.h>

#include <math.h>
#include <string.h>

#include "base_options.h"
#include "base_run.h"
#include "roads_api.h"
#include "roads_crossings.h"
#include "roads_query.h"
#include "roads_reach.h"
#include "roads_steps.h"
#include "roads_trace.h"

/* ---- places and streets ---- */

/* Where places may be put: NULL means no memory. */
static uint8_t *find_open(base_mem *mem, const roads_map *map,
                          const roads_metric *metric)
{
    uint8_t *use = base_alloc_zeroed(mem, 2 * map->n_links, sizeof *use);

    for (size_t s = 0; use && s < 2 * map->n_links; s++)
        if (metric->street_weights[s] < ROADS_FAR)
            use[s] = use[s ^ 1] = ROADS_USE_START | ROADS_USE_TARGET;
    return use;
}

static gb_status snap_all(base_run *run, const gb_roads *roads, gb_mode mode,
                          const gb_lonlat *points, size_t n_points,
                          const gb_snap_options *options, gb_roads_place *out)
{
    const roads_metric *metric = &roads->modes[mode].metric;
    uint8_t *open = NULL;
    gb_status status = GB_OK;

    if (options->unconnected) {
        open = find_open(run->mem, &roads->map, metric);
        if (!open)
            return base_fail_nomem(run->ctx);
    }
    for (size_t i = 0; i < n_points && !status; i++) {
        roads_snap_one(&roads->map, open ? open : metric->use, mode,
                       points[i], options->max_snap_m, &out[i]);
        status = base_poll(run);
    }
    base_free(run->mem, open);
    return status;
}

gb_status gb_roads_snap(gb_context *ctx, const gb_roads *roads, gb_mode mode,
                        const gb_lonlat *points, size_t n_points,
                        const gb_snap_options *options, gb_roads_place *out)
{
    gb_snap_options known;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!roads || (n_points && (!points || !out)))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no road index, or no points to snap");
    status = roads_check_mode_known(ctx, (int32_t)mode);
    if (!status)
        status = base_options_take(ctx, &known, sizeof known, options,
                                   sizeof known);
    if (status)
        return status;
    if (!(known.max_snap_m >= 0 && known.max_snap_m <= 100000))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "max_snap_m is not within 0 and 100000 m");
    if (known.unconnected < 0 || known.unconnected > 1)
        return base_fail(ctx, GB_ERR_ARGUMENT, "unconnected is %d, not 0 or 1",
                         known.unconnected);
    if (known.max_snap_m <= 0)
        known.max_snap_m = 1000;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("snapping"), 0, 1, n_points);
    return base_run_end(&run, snap_all(&run, roads, mode, points, n_points,
                                       &known, out));
}

/* Is a place one that gb_roads_snap() can have made for this network? */
gb_status gb_roads_street_of(gb_context *ctx, const gb_roads *roads,
                             const gb_roads_place *place, gb_roads_street *out)
{
    gb_roads_street street = { .size = sizeof street };
    const roads_link *link;
    const roads_mode *mode;
    gb_status status;

    base_enter(ctx);
    if (!roads || !place || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no road index, or no place");
    status = roads_check_size(ctx, out, sizeof *out);
    if (!status)
        status = roads_check_mode_known(ctx, place->mode);
    if (!status)
        status = roads_check_places(ctx, roads, place->mode, place, 1, "");
    if (!status && place->status != GB_SNAP_OK)
        status = base_fail(ctx, GB_ERR_ARGUMENT, "the place is on no street");
    if (status)
        return status;
    link = &roads->map.links[place->link];
    mode = &roads->modes[place->mode];
    street.name = roads->map.names + roads->map.name_at[link->name];
    street.road_class =
        roads_class_name((roads_class)roads->map.kinds[link->kind].class);
    street.link_m = (link->cm + 50) / 100;
    street.is_end = mode->states.ends[place->link];
    street.is_oneway =
        isinf(mode->metric.street_weights[2 * place->link])
        || isinf(mode->metric.street_weights[2 * place->link + 1]);
    street.bearing_deg = link->bearing[0] * (360.0 / 256);
    roads_give(out, &street, sizeof street);
    return GB_OK;
}

gb_status gb_roads_link_of(gb_context *ctx, const gb_roads *roads,
                           gb_mode mode, uint32_t link, gb_roads_link *out,
                           gb_lonlat *points, size_t capacity)
{
    gb_roads_link found = { .size = sizeof found };
    const roads_link *l;
    gb_status status;

    base_enter(ctx);
    if (!roads || !out || (capacity > 0 && !points))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no road index, or no place for the link");
    status = roads_check_size(ctx, out, sizeof *out);
    if (!status)
        status = roads_check_mode_known(ctx, (int32_t)mode);
    if (status)
        return status;
    if (link >= roads->map.n_links)
        return base_fail(ctx, GB_ERR_NOT_FOUND, "the map has %zu links",
                         roads->map.n_links);
    l = &roads->map.links[link];
    found.from = l->from;
    found.to = l->to;
    found.length_cm = l->cm;
    found.is_open = roads_use_link(roads->modes[mode].metric.use, link);
    found.n_points = roads_link_points(&roads->map, link);
    for (size_t i = 0; i < found.n_points && i < capacity; i++)
        points[i] = (gb_lonlat){ roads->map.points[l->first_point + i].lon
                                     / 1e7,
                                 roads->map.points[l->first_point + i].lat
                                     / 1e7 };
    roads_give(out, &found, sizeof found);
    return GB_OK;
}

/* ---- tables and paths ---- */

static gb_status fill_table(base_run *run, roads_view view,
                            const gb_roads_table_query *query,
                            int32_t *seconds, int32_t *metres)
{
    roads_spots from, to;
    gb_status status = GB_OK;

    memset(&to, 0, sizeof to);
    if (!roads_spots_find(run->mem, view, query->from, query->n_from, &from)
        || (query->to
            && !roads_spots_find(run->mem, view, query->to, query->n_to,
                                 &to)))
        status = base_fail_nomem(run->ctx);
    if (!status)
        status = roads_table_fill(run, view, &from, query->to ? &to : &from,
                                  seconds, metres);
    roads_spots_clear(run->mem, &from);
    roads_spots_clear(run->mem, &to);
    return status;
}

gb_status gb_roads_table(gb_context *ctx, const gb_roads *roads,
                         const gb_roads_table_query *query, int32_t *seconds,
                         int32_t *metres)
{
    gb_roads_table_query known;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!roads || !query)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no road index, or no query");
    status = base_options_take(ctx, &known, sizeof known, query,
                               sizeof known);
    if (!status)
        status = roads_check_mode_known(ctx, known.mode);
    if (!status)
        status = roads_check_places(ctx, roads, known.mode, known.from,
                                    known.n_from, "from");
    if (!status && known.to)
        status = roads_check_places(ctx, roads, known.mode, known.to,
                                    known.n_to, "to");
    if (status)
        return status;
    if (known.n_from && (known.to ? known.n_to : known.n_from)
                            > SIZE_MAX / sizeof *seconds / known.n_from)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a table of %zu rows has too many cells",
                         known.n_from);
    base_run_begin(&run, ctx, (base_limits){ .n_threads = known.n_threads });
    return base_run_end(&run,
                        fill_table(&run, roads_view_of(roads, known.mode),
                                   &known, seconds, metres));
}

/* ---- paths ---- */

/* A way between two places, and what it stands on. */
typedef struct way {
    roads_way_found found;
    roads_pair_query *pair;
    roads_spots from, to;
} way;

static void clear_way(gb_context *ctx, way *w)
{
    roads_spots_clear(ctx->mem, &w->from);
    roads_spots_clear(ctx->mem, &w->to);
    roads_pair_free(w->pair);
}

/* Check what is asked and find the way; to be cleared in any case. */
static gb_status find_way(gb_context *ctx, const gb_roads *roads,
                          const gb_roads_place *from,
                          const gb_roads_place *to, way *w)
{
    gb_status status = roads_check_mode_known(ctx, from->mode);

    if (!status)
        status = roads_check_places(ctx, roads, from->mode, from, 1, "from");
    if (!status)
        status = roads_check_places(ctx, roads, from->mode, to, 1, "to");
    if (status)
        return status;
    w->found.view = roads_view_of(roads, from->mode);
    w->found.profile = &roads->profile;
    w->found.mode = (gb_mode)from->mode;
    w->found.from = from;
    w->found.to = to;
    w->pair = roads_pair_new(ctx->mem, w->found.view);
    if (!w->pair
        || !roads_spots_find(ctx->mem, w->found.view, from, 1, &w->from)
        || !roads_spots_find(ctx->mem, w->found.view, to, 1, &w->to))
        return base_fail_nomem(ctx);
    w->found.streets =
        roads_pair_streets(w->pair, &w->from, 0, &w->to, 0, &w->found.n,
                           &w->found.weight);
    return w->found.streets ? GB_OK : base_fail_nomem(ctx);
}

/* The line of a way, as far as there is room. */
static gb_status write_line(gb_context *ctx, const way *w, size_t capacity,
                            gb_lonlat *points, size_t *n_points)
{
    const roads_way_found *found = &w->found;
    roads_trace trace;
    gb_status status = GB_OK;

    if (!(found->weight < ROADS_FAR))
        return GB_OK;
    if (!roads_trace_make(ctx->mem, found->view.map, found->from, found->to,
                          found->streets, found->n, &trace))
        status = base_fail_nomem(ctx);
    else
        *n_points = trace.points.n;
    if (!status && capacity > 0 && *n_points > 0)
        memcpy(points, trace.points.items,
               (*n_points < capacity ? *n_points : capacity)
                   * sizeof *points);
    if (!status && *n_points > capacity)
        status = base_fail(ctx, GB_ERR_BUFFER,
                           "the path has %zu points, there is room for %zu",
                           *n_points, capacity);
    roads_trace_clear(ctx->mem, &trace);
    return status;
}

gb_status gb_roads_path(gb_context *ctx, const gb_roads *roads,
                        const gb_roads_place *from, const gb_roads_place *to,
                        size_t capacity, gb_lonlat *points, size_t *n_points,
                        gb_roads_path_totals *totals)
{
    way w;
    gb_status status;

    base_enter(ctx);
    memset(&w, 0, sizeof w);
    if (n_points)
        *n_points = 0;
    if (!roads || !from || !to || !n_points || (capacity && !points))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no road index, no places, or nowhere to put a path");
    status = find_way(ctx, roads, from, to, &w);
    if (!status && totals) {
        totals->seconds = roads_weight_s(w.found.weight);
        totals->metres =
            roads_weight_m(w.found.weight, roads->map.length_unit_cm);
    }
    if (!status)
        status = write_line(ctx, &w, capacity, points, n_points);
    clear_way(ctx, &w);
    return status;
}

gb_status gb_roads_direct(gb_context *ctx, const gb_roads *roads,
                          const gb_roads_place *from, const gb_roads_place *to,
                          gb_roads_directions **out)
{
    way w;
    gb_status status;

    base_enter(ctx);
    memset(&w, 0, sizeof w);
    if (out)
        *out = NULL;
    if (!roads || !from || !to || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no road index, no places, or nowhere to put a path");
    status = find_way(ctx, roads, from, to, &w);
    if (!status)
        status = roads_steps_make(ctx, &w.found, out);
    clear_way(ctx, &w);
    return status;
}

void gb_roads_directions_free(gb_roads_directions *directions)
{
    roads_steps_free(directions);
}

size_t gb_roads_directions_steps(const gb_roads_directions *directions,
                                 const gb_roads_step **out)
{
    if (out)
        *out = directions ? directions->steps : NULL;
    return directions ? directions->n_steps : 0;
}

size_t gb_roads_directions_line(const gb_roads_directions *directions,
                                const gb_lonlat **out)
{
    if (out)
        *out = directions ? directions->points : NULL;
    return directions ? directions->n_points : 0;
}

gb_roads_path_totals
gb_roads_directions_totals(const gb_roads_directions *directions)
{
    return directions ? directions->totals
                      : (gb_roads_path_totals){ GB_ROADS_UNREACHABLE,
                                                GB_ROADS_UNREACHABLE };
}

/* ---- what can be reached ---- */

static gb_status check_limits(gb_context *ctx,
                              const gb_roads_reach_query *query)
{
    if (query->n_limits == 0 || !query->limits_s)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no limits");
    for (size_t i = 0; i < query->n_limits; i++)
        if (query->limits_s[i] <= (i ? query->limits_s[i - 1] : 0))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "limit %zu is %d s: limits ascend from above 0",
                             i, query->limits_s[i]);
    if (!(query->width_m > 0 && query->width_m <= 1000))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "width_m is not within 0 and 1000 m");
    return GB_OK;
}

gb_status gb_roads_reach(gb_context *ctx, const gb_roads *roads,
                         const gb_roads_reach_query *query,
                         gb_roads_reached **out)
{
    gb_roads_reach_query known;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (out)
        *out = NULL;
    if (!roads || !query || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no road index, no query, or nowhere to put areas");
    status = base_options_take(ctx, &known, sizeof known, query,
                               sizeof known);
    if (status)
        return status;
    if (known.n_from == 0 || !known.from)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no places from");
    if (known.width_m <= 0 && known.width_m >= 0)
        known.width_m = 40;
    status = check_limits(ctx, &known);
    if (!status)
        status = roads_check_mode_known(ctx, known.from[0].mode);
    if (!status)
        status = roads_check_places(ctx, roads, known.from[0].mode,
                                    known.from, known.n_from, "from");
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    return base_run_end(&run,
                        roads_reach_find(&run,
                                         roads_view_of(roads,
                                                       known.from[0].mode),
                                         &known, out));
}

void gb_roads_reached_free(gb_roads_reached *reached)
{
    roads_reach_free(reached);
}

gb_shapes gb_roads_reached_areas(const gb_roads_reached *reached)
{
    return reached ? geo_shapes_view(&reached->areas) : (gb_shapes){ 0 };
}

int64_t gb_roads_reached_m(const gb_roads_reached *reached, size_t i)
{
    return reached && i < reached->n ? reached->metres[i] : 0;
}

gb_status gb_roads_catchments(gb_context *ctx, const gb_roads *roads,
                              gb_mode mode, const gb_roads_place *centres,
                              size_t n_centres, const gb_roads_place *points,
                              size_t n_points, uint32_t *owner,
                              int32_t *seconds)
{
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!roads || (n_points && !owner))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no road index, or nowhere to put owners");
    status = roads_check_mode_known(ctx, (int32_t)mode);
    if (!status)
        status = roads_check_places(ctx, roads, (int32_t)mode, centres,
                                    n_centres, "from");
    if (!status)
        status = roads_check_places(ctx, roads, (int32_t)mode, points,
                                    n_points, "to");
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    return base_run_end(&run,
                        roads_catchments_find(&run,
                                              roads_view_of(roads, (int)mode),
                                              centres, n_centres, points,
                                              n_points, owner, seconds));
}

/* ---- crossings ---- */

gb_status gb_roads_street_points(gb_context *ctx, const gb_roads *roads,
                                 gb_mode mode, size_t capacity,
                                 gb_lonlat *points, size_t *n)
{
    const roads_metric *metric;
    gb_status status;

    base_enter(ctx);
    if (!roads || !n || (capacity && !points))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no road index, or nowhere to put points");
    status = roads_check_mode_known(ctx, (int32_t)mode);
    if (status)
        return status;
    metric = &roads->modes[mode].metric;
    *n = roads_street_points_count(&roads->map, metric);
    if (*n > capacity)
        return base_fail(ctx, GB_ERR_BUFFER,
                         "the streets have %zu points, there is room for %zu",
                         *n, capacity);
    roads_street_points_fill(&roads->map, metric, points);
    return GB_OK;
}

gb_status gb_roads_crossings(gb_context *ctx, const gb_roads *roads,
                             gb_mode mode, const uint32_t *labels,
                             size_t n_labels, size_t capacity,
                             gb_roads_crossing *out, size_t *n)
{
    const roads_metric *metric;
    gb_roads_crossing *found = NULL;
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!roads || !n || (n_labels && !labels) || (capacity && !out))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no road index, no labels, or nowhere to put "
                         "crossings");
    *n = 0;
    status = roads_check_mode_known(ctx, (int32_t)mode);
    if (status)
        return status;
    metric = &roads->modes[mode].metric;
    if (n_labels != roads_street_points_count(&roads->map, metric))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%zu labels, but the streets have %zu points",
                         n_labels,
                         roads_street_points_count(&roads->map, metric));
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = roads_crossings_find(&run, &roads->map, metric, labels, &found,
                                  n);
    if (!status && *n > 0 && capacity > 0)
        memcpy(out, found,
               (*n < capacity ? *n : capacity) * sizeof *out);
    base_free(ctx->mem, found);
    if (!status && *n > capacity)
        status = base_fail(ctx, GB_ERR_BUFFER,
                           "there are %zu crossings, and room for %zu", *n,
                           capacity);
    return base_run_end(&run, status);
}
