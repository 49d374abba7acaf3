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
#include "roads_file.h"
#include "roads_table.h"

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

gb_status gb_roads_build(gb_context *ctx, const char *osm_path,
                         const char *out_path,
                         const gb_roads_options *options,
                         gb_roads_report *report)
{
    gb_roads_options known;
    gb_roads_report told = { .size = sizeof told };
    base_run run;
    gb_status status;

    base_enter(ctx);
    if (!osm_path || !out_path || !*out_path)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "a build needs the path of a map and of an index");
    status = base_options_take(ctx, &known, sizeof known, options,
                               sizeof known);
    if (!status && report)
        status = check_size(ctx, report, sizeof *report);
    if (status)
        return status;
    if (known.ebike_contraflow < 0 || known.ebike_contraflow > 1)
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "ebike_contraflow is %d, not 0 or 1",
                         known.ebike_contraflow);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = base_run_end(&run, roads_build(&run, osm_path, out_path, &known,
                                            &told));
    if (!status && report)
        give(report, &told, sizeof told);
    return status;
}

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
    facts.ebike_contraflow = roads->ebike_contraflow;
    memcpy(facts.hash, roads->hash, sizeof facts.hash);
    facts.south_west = roads_e7_lonlat(roads->south_west);
    facts.north_east = roads_e7_lonlat(roads->north_east);
    facts.file_bytes = roads->n_bytes;
    facts.lines = roads->lines.n_lines;
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        const roads_network *n = &roads->modes[m];

        facts.modes[m] = (gb_roads_mode_info){ n->n_nodes, n->n_links,
                                               n->n_arcs, n->open_cm / 100,
                                               n->routable_cm / 100 };
    }
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
        roads_snap_one(&roads->modes[mode], mode, points[i],
                       known.max_snap_m, &out[i]);
        status = base_poll(&run);
    }
    return base_run_end(&run, status);
}

/* Is a place one that gb_roads_snap() can have made for this network? */
static gb_status check_place(gb_context *ctx, const gb_roads *roads,
                             int32_t mode, const gb_roads_place *place,
                             const char *which, size_t i)
{
    const roads_network *network = &roads->modes[mode];

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
    if (place->link >= network->n_links
        || place->along_cm > network->links[place->link].cm)
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
    return base_run_end(&run, roads_table_fill(&run,
                                               &roads->modes[known.mode],
                                               &known, seconds, metres));
}

gb_status gb_roads_path(gb_context *ctx, const gb_roads *roads,
                        const gb_roads_place *from, const gb_roads_place *to,
                        size_t capacity, gb_lonlat *points, size_t *n_points,
                        gb_roads_path_totals *totals)
{
    gb_roads_path_totals own;
    gb_status status;

    base_enter(ctx);
    if (n_points)
        *n_points = 0;
    if (!roads || !from || !to || !n_points || (capacity && !points))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "no road index, no places, or nowhere to put a path");
    status = check_mode(ctx, from->mode);
    if (!status)
        status = check_place(ctx, roads, from->mode, from, "from", 0);
    if (!status)
        status = check_place(ctx, roads, from->mode, to, "to", 0);
    if (status)
        return status;
    return roads_path_find(ctx, &roads->modes[from->mode], from, to, capacity,
                           points, n_points, totals ? totals : &own);
}

gb_status gb_roads_lines(gb_context *ctx, const gb_roads *roads,
                         gb_roads_line_set *out)
{
    base_enter(ctx);
    if (!roads || !out)
        return base_fail(ctx, GB_ERR_ARGUMENT, "no road index");
    *out = roads->lines;
    return GB_OK;
}
