/*
 * roads_api.c - implements gridbeat/roads.h.
 */
#include <gridbeat/roads.h>

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base_options.h"
#include "base_run.h"
#include "roads_build.h"
#include "roads_check.h"
#include "roads_crossings.h"
#include "roads_customise.h"
#include "roads_file.h"
#include "roads_query.h"
#include "roads_reach.h"
#include "roads_steps.h"
#include "roads_trace.h"

static const char *const mode_names[GB_MODE_COUNT] = { "foot", "ebike",
                                                       "car" };

bool gb_mode_parse(const char *name, gb_mode *out)
{
    if (!name || !out)
        return false;
    if (strcasecmp(name, "e-bike") == 0)
        name = mode_names[GB_MODE_EBIKE];
    for (int m = 0; m < GB_MODE_COUNT; m++)
        if (strcasecmp(name, mode_names[m]) == 0) {
            *out = (gb_mode)m;
            return true;
        }
    return false;
}

const char *gb_mode_name(gb_mode mode)
{
    return (unsigned)mode < GB_MODE_COUNT ? mode_names[mode] : "?";
}

static gb_status check_mode(gb_context *ctx, int32_t mode)
{
    return mode >= 0 && mode < GB_MODE_COUNT
               ? GB_OK
               : base_fail(ctx, GB_ERR_ARGUMENT, "no such travel mode: %d",
                           mode);
}

/* A struct that we fill and the caller sizes: is the size one we know? */
static gb_status check_size(gb_context *ctx, const void *out, size_t first)
{
    size_t size;

    memcpy(&size, out, sizeof size);
    return size >= first && size <= 4096
               ? GB_OK
               : base_fail(ctx, GB_ERR_OPTIONS,
                           "a result struct of %zu bytes, expected %zu or more",
                           size, first);
}

/* Copy what the caller has room for; its size stays. */
static void give(void *out, const void *from, size_t known)
{
    size_t size;

    memcpy(&size, out, sizeof size);
    memcpy((char *)out + sizeof size, (const char *)from + sizeof size,
           (size < known ? size : known) - sizeof size);
}

/* ---- build ---- */

/* What the two builds have in common: options, report, profile. */
static gb_status take_build(gb_context *ctx, const char *out_path,
                            const gb_roads_options *options,
                            const gb_roads_report *report,
                            roads_profile *profile)
{
    gb_roads_options known;
    gb_status status = base_options_take(ctx, &known, sizeof known, options,
                                         sizeof known);

    if (!status && report)
        status = check_size(ctx, report, sizeof *report);
    if (status)
        return status;
    if (!out_path || !*out_path)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a build needs the path of an index to write");
    if (known.ebike_contraflow < 0 || known.ebike_contraflow > 1)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "ebike_contraflow is %d, not 0 or 1",
                         known.ebike_contraflow);
    roads_profile_default(profile);
    if (known.profile_json)
        status = roads_profile_parse(ctx, known.profile_json, profile);
    if (known.ebike_contraflow)
        profile->modes[GB_MODE_EBIKE].contraflow = true;
    return status;
}

gb_status gb_roads_build(gb_context *ctx, const char *osm_path,
                         const char *out_path,
                         const gb_roads_options *options,
                         gb_roads_report *report)
{
    roads_profile profile;
    gb_roads_report told = { .size = sizeof told };
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!osm_path)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a build needs the path of a map");
    status = take_build(ctx, out_path, options, report, &profile);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = base_run_end(&run, roads_build_osm(&run, osm_path, out_path,
                                                &profile, &told));
    if (!status && report)
        give(report, &told, sizeof told);
    return status;
}

gb_status gb_roads_build_links(gb_context *ctx, const gb_roads_links *links,
                               const char *out_path,
                               const gb_roads_options *options,
                               gb_roads_row_fn *on_row, void *user,
                               gb_roads_report *report)
{
    gb_roads_links known;
    roads_profile profile;
    gb_roads_report told = { .size = sizeof told };
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!links)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a build needs the path of a table of links");
    status = base_options_take(ctx, &known, sizeof known, links,
                               sizeof known);
    if (!status && !known.links_path)
        status = base_fail(ctx, GB_ERR_ARGUMENT,
                           "a build needs the path of a table of links");
    if (!status)
        status = take_build(ctx, out_path, options, report, &profile);
    if (status)
        return status;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = base_run_end(&run, roads_build_links(&run, &known, out_path,
                                                  &profile, on_row, user,
                                                  &told));
    if (!status && report)
        give(report, &told, sizeof told);
    return status;
}

/* ---- the index ---- */

gb_status gb_roads_open(gb_context *ctx, const char *path, gb_roads **out)
{
    base_enter(ctx);
    if (out)
        *out = NULL;
    if (!path || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no path of a road index, or nowhere to put it");
    return roads_file_open(ctx, path, out);
}

void gb_roads_close(gb_roads *roads)
{
    roads_file_close(roads);
}

static gb_roads_mode_info info_of(const gb_roads *roads, int mode)
{
    const roads_mode *m = &roads->modes[mode];

    return (gb_roads_mode_info){
        .nodes = m->states.n_states,
        .arcs = m->states.n_arcs,
        .links = m->metric.n_routable,
        .edges = m->hierarchy.up.n + m->hierarchy.down.n,
        .shortcuts = m->metric.up.n_arcs + m->metric.down.n_arcs,
        .open_m = m->metric.open_cm / 100,
        .routable_m = m->metric.routable_cm / 100,
        .is_turn_aware = roads->profile.modes[mode].is_turn_aware,
    };
}

gb_status gb_roads_info(gb_context *ctx, const gb_roads *roads,
                        gb_roads_facts *out)
{
    gb_roads_facts facts = { .size = sizeof facts, .version = ROADS_VERSION };
    gb_status status;

    base_enter(ctx);
    if (!roads || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no road index");
    status = check_size(ctx, out, sizeof *out);
    if (status)
        return status;
    facts.ebike_contraflow = roads->profile.modes[GB_MODE_EBIKE].contraflow;
    memcpy(facts.hash, roads->hash, sizeof facts.hash);
    facts.south_west = roads_e7_lonlat(roads->south_west);
    facts.north_east = roads_e7_lonlat(roads->north_east);
    facts.file_bytes = roads->n_bytes;
    facts.lines = roads->lines.n_lines;
    facts.links = roads->map.n_links;
    facts.names = roads->map.n_names - (roads->map.n_names > 0);
    facts.restrictions = roads->map.n_bans;
    for (int m = 0; m < GB_MODE_COUNT; m++)
        facts.modes[m] = info_of(roads, m);
    give(out, &facts, sizeof facts);
    return GB_OK;
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
    status = check_mode(ctx, (int32_t)mode);
    if (!status)
        status = base_options_take(ctx, &known, sizeof known, options,
                                   sizeof known);
    if (status)
        return status;
    if (!(known.max_snap_m >= 0 && known.max_snap_m <= 100000))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "max_snap_m is not within 0 and 100000 m");
    if (known.max_snap_m <= 0)
        known.max_snap_m = 1000;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("snapping"), 0, 1, n_points);
    for (size_t i = 0; i < n_points && !status; i++) {
        roads_snap_one(&roads->map, roads->modes[mode].metric.use, mode,
                       points[i], known.max_snap_m, &out[i]);
        status = base_poll(&run);
    }
    return base_run_end(&run, status);
}

/* Is a place one that gb_roads_snap() can have made for this network? */
static gb_status check_place(gb_context *ctx, const gb_roads *roads,
                             int32_t mode, const gb_roads_place *place,
                             const char *which, size_t i)
{
    if (place->status == GB_SNAP_FAR || place->status == GB_SNAP_INVALID)
        return GB_OK;
    if (place->status != GB_SNAP_OK)
        return base_fail(ctx, GB_ERR_ARGUMENT, "place %s %zu: never snapped",
                         which, i);
    if (place->mode != mode)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "place %s %zu: snapped for %s, asked for %s", which,
                         i, gb_mode_name((gb_mode)place->mode),
                         gb_mode_name((gb_mode)mode));
    if (place->link >= roads->map.n_links
        || place->along_cm > roads->map.links[place->link].cm)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "place %s %zu: not of this road index", which, i);
    return GB_OK;
}

static gb_status check_places(gb_context *ctx, const gb_roads *roads,
                              int32_t mode, const gb_roads_place *places,
                              size_t n, const char *which)
{
    gb_status status = GB_OK;

    if (n && !places)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no places %s", which);
    for (size_t i = 0; i < n && !status; i++)
        status = check_place(ctx, roads, mode, &places[i], which, i);
    return status;
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
        status = check_mode(ctx, known.mode);
    if (!status)
        status = check_places(ctx, roads, known.mode, known.from,
                              known.n_from, "from");
    if (!status && known.to)
        status = check_places(ctx, roads, known.mode, known.to, known.n_to,
                              "to");
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
    gb_status status = check_mode(ctx, from->mode);

    if (!status)
        status = check_place(ctx, roads, from->mode, from, "from", 0);
    if (!status)
        status = check_place(ctx, roads, from->mode, to, "to", 0);
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
        status = check_mode(ctx, known.from[0].mode);
    if (!status)
        status = check_places(ctx, roads, known.from[0].mode, known.from,
                              known.n_from, "from");
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
    status = check_mode(ctx, (int32_t)mode);
    if (!status)
        status = check_places(ctx, roads, (int32_t)mode, centres, n_centres,
                              "from");
    if (!status)
        status = check_places(ctx, roads, (int32_t)mode, points, n_points,
                              "to");
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
    status = check_mode(ctx, (int32_t)mode);
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
    status = check_mode(ctx, (int32_t)mode);
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

/* ---- lines ---- */

gb_status gb_roads_lines(gb_context *ctx, const gb_roads *roads,
                         gb_roads_line_set *out)
{
    base_enter(ctx);
    if (!roads || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no road index");
    *out = roads->lines;
    return GB_OK;
}

/* ---- profiles and hours ---- */

gb_status gb_roads_customise(gb_context *ctx, const gb_roads *roads,
                             const gb_roads_speeds *speeds, gb_roads **out)
{
    gb_roads_speeds known;
    roads_profile profile;
    base_run run;
    int band = -1;
    gb_status status;

    base_enter(ctx);
    if (out)
        *out = NULL;
    if (!roads || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no road index, or nowhere to put another");
    status = base_options_take(ctx, &known, sizeof known, speeds,
                               sizeof known);
    if (!status && known.mode != -1)
        status = check_mode(ctx, known.mode);
    if (status)
        return status;
    profile = roads->profile;
    if (known.profile_json)
        status = roads_profile_parse(ctx, known.profile_json, &profile);
    if (status)
        return status;
    if (known.band)
        band = roads_profile_band(&profile, known.band);
    if (known.band && band < 0)
        return base_fail(ctx, GB_ERR_DATA,
                         "the profile has no time band \"%s\"", known.band);
    if (!roads_profile_same_states(&roads->profile, &profile,
                                   roads->map.kinds, roads->map.n_kinds))
        return base_fail(ctx, GB_ERR_DATA,
                         "the profile differs in what is for a route's end "
                         "only, or in whether turns count: build the index "
                         "again with it");
    base_run_begin(&run, ctx, (base_limits){ 0 });
    return base_run_end(&run, roads_customise(&run, roads, known.mode,
                                              &profile, band, out));
}

gb_status gb_roads_save(gb_context *ctx, const gb_roads *roads,
                        const char *path)
{
    gb_roads copy;
    base_run run;

    base_enter(ctx);
    if (!roads || !path || !*path)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no road index, or no path");
    copy = *roads; /* its hash and size are the new file's */
    base_run_begin(&run, ctx, (base_limits){ 0 });
    return base_run_end(&run, roads_file_write(&run, path, &copy));
}

size_t gb_roads_band_count(const gb_roads *roads)
{
    return roads ? (size_t)roads->profile.n_bands : 0;
}

gb_status gb_roads_band_at(gb_context *ctx, const gb_roads *roads, size_t i,
                           gb_roads_band *out)
{
    gb_roads_band band = { .size = sizeof band };
    const roads_band *from;
    gb_status status;

    base_enter(ctx);
    if (!roads || !out || i >= (size_t)roads->profile.n_bands)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no such time band");
    status = check_size(ctx, out, sizeof *out);
    if (status)
        return status;
    from = &roads->profile.bands[i];
    memcpy(band.name, from->name, sizeof band.name);
    band.day_kinds = from->day_kinds;
    band.from_min = from->from_min;
    band.to_min = from->to_min;
    give(out, &band, sizeof band);
    return GB_OK;
}

int32_t gb_roads_arrival_s(const gb_roads_hours *hours, size_t n_hours,
                           int32_t depart_s)
{
    return hours && depart_s >= 0 ? roads_arrival_s(hours, n_hours, depart_s)
                                  : GB_ROADS_UNREACHABLE;
}

/* ---- streets ---- */

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
    status = check_size(ctx, out, sizeof *out);
    if (!status)
        status = check_mode(ctx, place->mode);
    if (!status)
        status = check_place(ctx, roads, place->mode, place, "", 0);
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
    give(out, &street, sizeof street);
    return GB_OK;
}

/* ---- checking ---- */

gb_status gb_roads_check(gb_context *ctx, const gb_roads *roads,
                         const gb_roads_check_options *options,
                         gb_roads_check_report *report)
{
    gb_roads_check_options known;
    gb_roads_check_report told = { .size = sizeof told };
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!roads || !report)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no road index, or no report");
    status = base_options_take(ctx, &known, sizeof known, options,
                               sizeof known);
    if (!status)
        status = check_size(ctx, report, sizeof *report);
    if (status)
        return status;
    if (known.n_pairs == 0)
        known.n_pairs = 1000;
    base_run_begin(&run, ctx, (base_limits){ 0 });
    base_run_phase(&run, GB_N("comparing with plain searches"), 0, 1,
                   GB_MODE_COUNT * known.n_pairs);
    status = roads_file_check_again(ctx, roads);
    for (int m = 0; m < GB_MODE_COUNT && !status; m++)
        status = roads_check_mode(&run, roads, (gb_mode)m, known.n_pairs,
                                  known.seed, &told);
    status = base_run_end(&run, status);
    if (!status)
        give(report, &told, sizeof told);
    return status;
}
