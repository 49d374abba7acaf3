/*
 * call_clusters.c - clusters: heaps of points by density, with outlines.
 */
#include "call_groups.h"

#include <math.h>

#include <gridbeat/geo.h>
#include <gridbeat/spots.h>

#include "call_file.h"
#include "call_score_csv.h"
#include "call_shape.h"
#include "call_weighted.h"
#include "geo_codec.h"
#include "geo_overlay.h"
#include "report_file.h"

enum { MOST_TOLD = 1000 }; /* clusters in the answer; files have all */

static const double HULL_RATIO = 0.3;
static const double MARGIN = 0.25; /* of an outline, in radii */

typedef struct heap {
    size_t n, n_cores, first; /* its points in `members` */
    double weight;
    gb_lonlat centre; /* the mean, as places are told */
    double area_m2;   /* of the outline, where that is asked for */
} heap;

typedef struct clusters {
    call *c;
    call_weighted read;
    bool is_planar;
    gb_crs *crs; /* NULL: planar */
    gb_point *points;
    gb_clusters_options options;
    uint32_t *number, n;
    uint8_t *cores;
    heap *heaps;       /* n */
    gb_point *members; /* points by cluster */
    geo_shapes outlines;
} clusters;

/* ---- input ---- */

static gb_status read_points(clusters *h)
{
    call *c = h->c;
    const char *path = call_text(c, "points");
    const double max_bad = call_real(c, "max_reject");
    gb_status status;

    h->is_planar = call_flag(c, "planar");
    status = call_weighted_read(c, path, h->is_planar, max_bad, &h->read);
    if (!status)
        status = h->is_planar
            ? call_weighted_plane(c, path, &h->read, &h->points)
            : call_weighted_project(c, path, 0, max_bad, &h->read, &h->crs,
                                    &h->points);
    if (status)
        return status;
    h->members = base_alloc_array(c->mem, h->read.n, sizeof *h->members);
    h->number = base_alloc_array(c->mem, h->read.n, sizeof *h->number);
    h->cores = base_alloc_array(c->mem, h->read.n, sizeof *h->cores);
    return h->members && h->number && h->cores ? GB_OK
                                               : base_fail_nomem(c->ctx);
}

/* ---- clusters ---- */

static gb_status collect(clusters *h)
{
    size_t n = 0;

    h->heaps = base_alloc_zeroed(h->c->mem, h->n + 1, sizeof *h->heaps);
    if (!h->heaps)
        return base_fail_nomem(h->c->ctx);
    for (size_t i = 0; i < h->read.n; i++) {
        heap *at = h->number[i] ? &h->heaps[h->number[i] - 1] : NULL;

        if (!at)
            continue;
        at->n++;
        at->n_cores += h->cores[i];
        at->weight += h->read.weights ? h->read.weights[i] : 1;
    }
    for (size_t k = 0; k < h->n; n += h->heaps[k++].n)
        h->heaps[k].first = n;
    for (size_t k = 0; k < h->n; k++)
        h->heaps[k].n = 0;
    for (size_t i = 0; i < h->read.n; i++) {
        heap *at = h->number[i] ? &h->heaps[h->number[i] - 1] : NULL;

        if (!at)
            continue;
        h->members[at->first + at->n++] = h->points[i];
        at->centre.lon_deg += h->read.at[i].lon_deg;
        at->centre.lat_deg += h->read.at[i].lat_deg;
    }
    for (size_t k = 0; k < h->n; k++) {
        h->heaps[k].centre.lon_deg /= (double)h->heaps[k].n;
        h->heaps[k].centre.lat_deg /= (double)h->heaps[k].n;
    }
    return GB_OK;
}

static gb_status outline(clusters *h)
{
    gb_status status = GB_OK;

    for (size_t k = 0; k < h->n && !status; k++)
        status = geo_outline(h->c->ctx, h->members + h->heaps[k].first,
                             h->heaps[k].n, HULL_RATIO,
                             MARGIN * h->options.radius_m, &h->outlines);
    for (size_t k = 0; k < h->n && !status; k++) {
        const gb_shapes view = geo_shapes_view(&h->outlines);

        h->heaps[k].area_m2 = geo_shape_area_m2(&view, k);
    }
    return status;
}

static gb_status find(clusters *h)
{
    call *c = h->c;
    gb_status status;

    h->options = (gb_clusters_options)GB_CLUSTERS_OPTIONS_INIT;
    h->options.radius_m = call_real(c, "radius_m");
    h->options.min_points = (uint32_t)call_int(c, "min_points");
    status = gb_clusters(c->ctx, h->points, h->read.n, &h->options, h->number,
                         h->cores, &h->n);
    if (!status)
        status = collect(h);
    return status || !call_has(c, "outlines") ? status : outline(h);
}

/* ---- output ---- */

static void write_csv(const clusters *h, base_text *text)
{
    base_text_add(text, h->is_planar ? "x,y,cluster,core\n"
                                     : "lon,lat,cluster,core\n");
    for (size_t i = 0; i < h->read.n; i++) {
        base_text_exact(text, h->read.at[i].lon_deg);
        base_text_add(text, ",");
        base_text_exact(text, h->read.at[i].lat_deg);
        base_text_format(text, ",%u,%u\n", h->number[i],
                         (unsigned)h->cores[i]);
    }
}

static void put_feature(const clusters *h, const gb_shapes *shapes, size_t k,
                        base_text *text)
{
    const heap *at = &h->heaps[k];

    base_text_add(text, "{\"type\":\"Feature\",\"geometry\":");
    call_shape_geojson(shapes, k, text);
    base_text_format(text,
                     ",\n\"properties\":{\"cluster\":%zu,\"points\":%zu,"
                     "\"cores\":%zu,\"weight\":", k + 1, at->n, at->n_cores);
    base_text_exact(text, at->weight);
    base_text_add(text, ",\"area_m2\":");
    base_text_real(text, at->area_m2, 0);
    base_text_add(text, k + 1 < h->n ? "}},\n" : "}}\n");
}

/* RFC 7946 knows degrees alone; planar places are written as they are. */
static gb_status write_outlines(clusters *h, base_text *text)
{
    const gb_shapes metres = geo_shapes_view(&h->outlines);
    geo_shapes degrees;
    gb_shapes shapes = metres;
    gb_status status = GB_OK;

    geo_shapes_init(&degrees, h->c->mem);
    if (h->crs) {
        status = geo_shapes_unproject(h->c->ctx, h->crs, &metres, &degrees);
        shapes = geo_shapes_view(&degrees);
    }
    base_text_add(text, "{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (size_t k = 0; k < h->n && !status; k++)
        put_feature(h, &shapes, k, text);
    base_text_add(text, "]}\n");
    geo_shapes_clear(&degrees);
    return status;
}

static bool put_clusters(const clusters *h, json_t *result)
{
    const bool has_areas = call_has(h->c, "outlines");
    json_t *rows = json_array();
    bool is_put = call_put(result, "clusters", rows);

    for (size_t k = 0; is_put && k < h->n && k < MOST_TOLD; k++) {
        const heap *at = &h->heaps[k];

        is_put = json_array_append_new(
                     rows, json_pack("{s:I, s:I, s:I, s:f, s:f, s:f, s:o}",
                                     "cluster", (json_int_t)k + 1, "points",
                                     (json_int_t)at->n, "cores",
                                     (json_int_t)at->n_cores, "weight",
                                     at->weight, "x", at->centre.lon_deg, "y",
                                     at->centre.lat_deg, "area_m2",
                                     has_areas ? json_real(round(at->area_m2))
                                               : json_null()))
            == 0;
    }
    return is_put;
}

static json_t *describe(const clusters *h)
{
    size_t n_inside = 0;
    json_t *made, *faults = call_weighted_faults(h->c, &h->read);

    for (size_t k = 0; k < h->n; k++)
        n_inside += h->heaps[k].n;
    made = json_pack("{s:I, s:I, s:I, s:I, s:f, s:I, s:o}", "points",
                     (json_int_t)h->read.n, "n_clusters", (json_int_t)h->n,
                     "noise", (json_int_t)(h->read.n - n_inside), "rejected",
                     (json_int_t)h->read.n_bad, "radius_m",
                     h->options.radius_m, "min_points",
                     (json_int_t)h->options.min_points, "findings", faults);
    if (made && !put_clusters(h, made)) {
        json_decref(made);
        made = NULL;
    }
    return made;
}

static gb_status give(clusters *h, json_t **result)
{
    gb_status status = call_result(h->c, result, describe(h));
    base_text text;

    base_text_init(&text, h->c->mem);
    if (!status && call_has(h->c, "out")) {
        write_csv(h, &text);
        status = call_file_give(h->c, *result, &text);
    }
    base_text_reset(&text);
    if (!status && call_has(h->c, "outlines")) {
        status = write_outlines(h, &text);
        if (!status)
            status = report_file_write(h->c->ctx, call_text(h->c, "outlines"),
                                       &text);
    }
    base_text_clear(&text);
    return status;
}

static gb_status run(call *c, json_t **result)
{
    clusters h = { .c = c };
    gb_status status;

    geo_shapes_init(&h.outlines, c->mem);
    status = read_points(&h);
    if (!status)
        status = find(&h);
    if (!status)
        status = give(&h, result);
    call_weighted_clear(c->mem, &h.read);
    base_free(c->mem, h.points);
    base_free(c->mem, h.members);
    base_free(c->mem, h.number);
    base_free(c->mem, h.cores);
    base_free(c->mem, h.heaps);
    geo_shapes_clear(&h.outlines);
    gb_crs_free(h.crs);
    return status;
}

/* ---- the table ---- */

static const call_param params[] = {
    { .name = "points", .type = CALL_PATH, .is_required = true,
      .help = GB_N("CSV with the columns lon, lat and perhaps w, a weight") },
    { .name = "planar", .type = CALL_BOOL,
      .help = GB_N("the columns are x and y in metres") },
    { .name = "radius_m", .type = CALL_REAL, .unit = "m", .fallback = "100",
      .help = GB_N("points this near are neighbours") },
    { .name = "min_points", .type = CALL_INT, .min = 1, .max = INT32_MAX,
      .fallback = "10",
      .help = GB_N("neighbours, itself included, that make a point a core") },
    { .name = "max_reject", .type = CALL_RATIO, .fallback = "5%",
      .help = GB_N("refuse a file with a larger share of bad rows") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("CSV of the points with cluster (0: none) and core") },
    { .name = "outlines", .type = CALL_PATH,
      .help = GB_N("GeoJSON of the clusters' outlines") },
};
static const call_column columns[] = {
    { "points", GB_N("number of points"), CALL_SHOW_PLAIN },
    { "rejected", GB_N("bad rows"), CALL_SHOW_PLAIN },
    { "n_clusters", GB_N("clusters"), CALL_SHOW_PLAIN },
    { "noise", GB_N("in no cluster"), CALL_SHOW_PLAIN },
};
static const call_column cluster_columns[] = {
    { "cluster", GB_N("cluster"), CALL_SHOW_ID },
    { "points", GB_N("number of points"), CALL_SHOW_PLAIN },
    { "weight", GB_N("weight"), CALL_SHOW_PLAIN },
    { "x", GB_N("centre, x or lon"), CALL_SHOW_PLAIN },
    { "y", GB_N("centre, y or lat"), CALL_SHOW_PLAIN },
    { "area_m2", GB_N("square metres"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { CALL_COLUMNS(columns) },
    { .rows = "clusters", .most = 20, CALL_COLUMNS(cluster_columns) },
    SCORE_REJECTS_BLOCK("findings"),
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_method methods[] = {
    { .name = "clusters",
      .help = GB_N("Find heaps of points, with their outlines"),
      CALL_PARAMS(params), CALL_BLOCKS(blocks), .run = run },
};
const call_group call_clusters_group = CALL_GROUP(methods);
