/*
 * call_streets.c - see call_streets.h.
 *
 * The streets are those of the road index that may be walked, cut down to
 * what a kernel can reach; points are put on the nearest of them.  Each street
 * is parted into pieces of about step_m, and a piece has the density at its
 * middle.
 */
#include "call_streets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gridbeat/roads.h>
#include <gridbeat/score.h>

#include "base_array.h"
#include "base_check.h"
#include "call_file.h"
#include "call_score_csv.h"
#include "call_weighted.h"

static const double DEFAULT_RADIUS_M = 150, STEPS_A_RADIUS = 6;
static const double REACH_SD = 6; /* where a Gaussian has 1e-8 left */
static const double M_A_DEGREE = 111000; /* of latitude, and a little less */
static const double LEAST_SHOWN = 1e-6; /* of the highest: no value below */

/* A street; a loop is two, with a vertex of its own between them. */
typedef struct edge {
    uint32_t link, from, to;
    double begin_m, length_m; /* along the link */
} edge;

typedef struct piece {
    uint32_t edge;
    double from_m, to_m; /* along the edge */
} piece;

typedef struct streets {
    call *c;
    const gb_roads *roads;
    call_weighted read, all;
    gb_density_options options;
    double step_m;
    gb_lonlat south_west, north_east; /* what is reached */
    BASE_ARRAY(edge) edges;
    BASE_ARRAY(piece) pieces;
    uint32_t *edge_of; /* of a link: its first; UINT32_MAX: none */
    uint32_t n_links, n_vertices;
    double *values;    /* of the pieces, points per metre */
    double highest, mass;
    size_t n_far;      /* points on no street */
} streets;

/* ---- what is asked ---- */

static gb_status refuse(call *c, const char *name)
{
    return base_fail(c->ctx, GB_ERR_ARGUMENT,
                     "\"%s\" does not go with \"streets\"", name);
}

static gb_status take_options(streets *s)
{
    static const char *const others[]
        = { "grid", "epsg", "edge", "pilot_m", "at" };
    static const char *const flags[]
        = { "planar", "adaptive", "leave_one_out" };
    call *c = s->c;

    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (call_has(c, others[i]))
            return refuse(c, others[i]);
    for (size_t i = 0; i < COUNT_OF(flags); i++)
        if (call_flag(c, flags[i]))
            return refuse(c, flags[i]);
    s->options = (gb_density_options)GB_DENSITY_OPTIONS_INIT;
    s->options.kernel = call_has(c, "kernel") ? call_choice(c, "kernel")
                                              : GB_KERNEL_GAUSSIAN;
    s->options.radius_m = call_has(c, "radius_m") ? call_real(c, "radius_m")
                                                  : DEFAULT_RADIUS_M;
    s->step_m = call_has(c, "step_m") ? call_real(c, "step_m")
                                      : s->options.radius_m / STEPS_A_RADIUS;
    if (!(s->options.radius_m >= 1 && s->options.radius_m <= 1e5))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "along streets the radius must lie between 1 m and "
                         "100 km");
    if (!(s->step_m >= 0.1))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "along streets \"step_m\" must be 0.1 at least");
    return call_roads(c, call_text(c, "streets"), &s->roads);
}

/* No way is shorter than the line: what lies farther gets nothing. */
static void find_reach(streets *s)
{
    const double reach_m = s->options.radius_m
        * (s->options.kernel == GB_KERNEL_GAUSSIAN ? REACH_SD : 1)
        * (call_has(s->c, "all") ? 2 : 1); /* what a share is of, too */
    const double up = reach_m / M_A_DEGREE;
    double across;

    s->south_west = (gb_lonlat){ 180, 90 };
    s->north_east = (gb_lonlat){ -180, -90 };
    for (size_t i = 0; i < s->read.n; i++) {
        const gb_lonlat p = s->read.at[i];

        s->south_west.lon_deg = fmin(s->south_west.lon_deg, p.lon_deg);
        s->south_west.lat_deg = fmin(s->south_west.lat_deg, p.lat_deg);
        s->north_east.lon_deg = fmax(s->north_east.lon_deg, p.lon_deg);
        s->north_east.lat_deg = fmax(s->north_east.lat_deg, p.lat_deg);
    }
    across = up
             / fmax(0.01, cos(fmax(fabs(s->south_west.lat_deg),
                                   fabs(s->north_east.lat_deg))
                              * 0.017453292519943295));
    s->south_west.lon_deg -= across;
    s->south_west.lat_deg -= up;
    s->north_east.lon_deg += across;
    s->north_east.lat_deg += up;
}

/* ---- the streets ---- */

static bool is_reached(const streets *s, const gb_lonlat *line, size_t n)
{
    gb_lonlat low = line[0], high = line[0];

    for (size_t i = 1; i < n; i++) {
        low.lon_deg = fmin(low.lon_deg, line[i].lon_deg);
        low.lat_deg = fmin(low.lat_deg, line[i].lat_deg);
        high.lon_deg = fmax(high.lon_deg, line[i].lon_deg);
        high.lat_deg = fmax(high.lat_deg, line[i].lat_deg);
    }
    return low.lon_deg <= s->north_east.lon_deg
           && high.lon_deg >= s->south_west.lon_deg
           && low.lat_deg <= s->north_east.lat_deg
           && high.lat_deg >= s->south_west.lat_deg;
}

/* The line of a link, in a buffer that grows. */
typedef BASE_ARRAY(gb_lonlat) line_buffer;

static gb_status look_at(streets *s, uint32_t link, gb_roads_link *found,
                         line_buffer *line)
{
    call *c = s->c;
    gb_status status = gb_roads_link_of(c->ctx, s->roads, GB_MODE_FOOT, link,
                                        found, line->items, line->capacity);

    if (!status && found->n_points > line->capacity) {
        if (!base_array_reserve(c->mem, line, found->n_points))
            return base_fail_nomem(c->ctx);
        status = gb_roads_link_of(c->ctx, s->roads, GB_MODE_FOOT, link, found,
                                  line->items, line->capacity);
    }
    return status;
}

static bool add_edge(streets *s, edge e)
{
    return base_array_push(s->c->mem, &s->edges, e);
}

static gb_status add_link(streets *s, uint32_t link, const gb_roads_link *l)
{
    const double length_m = fmax(1, l->length_cm) / 100.0;
    bool is_added;

    s->edge_of[link] = (uint32_t)s->edges.n;
    if (l->from != l->to) {
        is_added = add_edge(s, (edge){ link, l->from, l->to, 0, length_m });
    } else {
        const uint32_t between = s->n_vertices++;

        is_added = add_edge(s, (edge){ link, l->from, between, 0,
                                       length_m / 2 })
                   && add_edge(s, (edge){ link, between, l->to, length_m / 2,
                                          length_m / 2 });
    }
    return is_added ? GB_OK : base_fail_nomem(s->c->ctx);
}

/* How many links there are, and vertices. */
static gb_status count_links(streets *s, gb_roads_link *found)
{
    gb_status status = GB_OK;

    for (; !status; s->n_links += !status) {
        status = gb_roads_link_of(s->c->ctx, s->roads, GB_MODE_FOOT,
                                  s->n_links, found, NULL, 0);
        if (!status && found->from >= s->n_vertices)
            s->n_vertices = found->from + 1;
        if (!status && found->to >= s->n_vertices)
            s->n_vertices = found->to + 1;
    }
    return status == GB_ERR_NOT_FOUND ? GB_OK : status;
}

static gb_status find_streets(streets *s)
{
    gb_roads_link found = { .size = sizeof found };
    line_buffer line = BASE_ARRAY_INIT;
    gb_status status = count_links(s, &found);

    if (!status) {
        s->edge_of = base_alloc_array(s->c->mem, s->n_links,
                                      sizeof *s->edge_of);
        if (!s->edge_of)
            return base_fail_nomem(s->c->ctx);
    }
    for (uint32_t l = 0; l < s->n_links && !status; l++) {
        s->edge_of[l] = UINT32_MAX;
        status = look_at(s, l, &found, &line);
        if (!status && found.is_open
            && is_reached(s, line.items, found.n_points))
            status = add_link(s, l, &found);
    }
    base_array_clear(s->c->mem, &line);
    if (!status && s->edges.n == 0)
        status = base_fail(s->c->ctx, GB_ERR_DATA,
                           "there is no street near these points");
    return status;
}

/* Vertices that are used, numbered anew. */
static gb_status renumber(streets *s)
{
    uint32_t *number = base_alloc_array(s->c->mem, s->n_vertices,
                                        sizeof *number);
    uint32_t n = 0;

    if (!number)
        return base_fail_nomem(s->c->ctx);
    memset(number, 0xff, s->n_vertices * sizeof *number);
    for (size_t e = 0; e < s->edges.n; e++) {
        uint32_t *ends[] = { &s->edges.items[e].from, &s->edges.items[e].to };

        for (size_t k = 0; k < 2; k++) {
            if (number[*ends[k]] == UINT32_MAX)
                number[*ends[k]] = n++;
            *ends[k] = number[*ends[k]];
        }
    }
    s->n_vertices = n;
    base_free(s->c->mem, number);
    return GB_OK;
}

static gb_status part(streets *s)
{
    bool is_added = true;

    for (uint32_t e = 0; e < s->edges.n && is_added; e++) {
        const double length_m = s->edges.items[e].length_m;
        const double n = fmax(1, ceil(length_m / s->step_m));

        for (double i = 0; i < n && is_added; i++)
            is_added = base_array_push(
                s->c->mem, &s->pieces,
                ((piece){ e, length_m * i / n, length_m * (i + 1) / n }));
    }
    return is_added ? GB_OK : base_fail_nomem(s->c->ctx);
}

/* ---- smoothing ---- */

/* The points of a file on the streets; *weights is theirs, *n how many. */
static gb_status put_on(streets *s, const call_weighted *read,
                        gb_street_place *at, double *weights, size_t *n)
{
    call *c = s->c;
    gb_roads_place *places = base_alloc_array(c->mem, read->n,
                                              sizeof *places);
    gb_status status
        = places ? gb_roads_snap(c->ctx, s->roads, GB_MODE_FOOT, read->at,
                                 read->n, NULL, places)
                 : base_fail_nomem(c->ctx);

    *n = 0;
    for (size_t i = 0; i < read->n && !status; i++) {
        uint32_t e = UINT32_MAX;
        double along_m = places[i].along_cm / 100.0;

        if (places[i].status == GB_SNAP_OK)
            e = s->edge_of[places[i].link];
        if (e == UINT32_MAX)
            continue;
        if (along_m > s->edges.items[e].length_m && e + 1 < s->edges.n
            && s->edges.items[e + 1].link == places[i].link)
            along_m -= s->edges.items[e++].length_m;
        at[*n] = (gb_street_place){ e, fmin(along_m,
                                            s->edges.items[e].length_m) };
        weights[(*n)++] = read->weights ? read->weights[i] : 1;
    }
    base_free(c->mem, places);
    return status;
}

static gb_status smooth_file(streets *s, const gb_streets *graph,
                             const gb_street_place *middles,
                             const call_weighted *read, size_t *n_on,
                             double *values)
{
    call *c = s->c;
    gb_street_place *at = base_alloc_array(c->mem, read->n, sizeof *at);
    double *weights = base_alloc_array(c->mem, read->n, sizeof *weights);
    gb_status status = at && weights ? put_on(s, read, at, weights, n_on)
                                     : base_fail_nomem(c->ctx);

    if (!status)
        status = gb_density_streets(c->ctx, graph, at, weights, *n_on,
                                    middles, s->pieces.n, &s->options,
                                    values);
    base_free(c->mem, at);
    base_free(c->mem, weights);
    return status;
}

/* Points by all points, where that is asked for. */
static gb_status divide(streets *s, const gb_streets *graph,
                        const gb_street_place *middles)
{
    call *c = s->c;
    double *whole;
    size_t n;
    gb_status status;

    if (!call_has(c, "all"))
        return GB_OK;
    whole = base_alloc_array(c->mem, s->pieces.n, sizeof *whole);
    status = whole ? smooth_file(s, graph, middles, &s->all, &n, whole)
                   : base_fail_nomem(c->ctx);
    if (!status)
        status = gb_density_share(c->ctx, s->values, whole, s->pieces.n,
                                  call_real(c, "least"), s->values);
    base_free(c->mem, whole);
    return status;
}

static void sum_up(streets *s)
{
    for (size_t i = 0; i < s->pieces.n; i++) {
        const piece *p = &s->pieces.items[i];

        if (isnan(s->values[i]))
            continue;
        s->highest = fmax(s->highest, s->values[i]);
        s->mass += s->values[i] * (p->to_m - p->from_m);
    }
}

static gb_status smooth(streets *s)
{
    call *c = s->c;
    const size_t n = s->edges.n;
    uint32_t *from = base_alloc_array(c->mem, n, sizeof *from);
    uint32_t *to = base_alloc_array(c->mem, n, sizeof *to);
    double *length_m = base_alloc_array(c->mem, n, sizeof *length_m);
    gb_street_place *middles = base_alloc_array(c->mem, s->pieces.n,
                                                sizeof *middles);
    const gb_streets graph = { s->n_vertices, n, from, to, length_m };
    size_t n_on = 0;
    gb_status status = GB_OK;

    s->values = base_alloc_array(c->mem, s->pieces.n, sizeof *s->values);
    if (!from || !to || !length_m || !middles || !s->values)
        status = base_fail_nomem(c->ctx);
    for (size_t e = 0; e < n && !status; e++) {
        from[e] = s->edges.items[e].from;
        to[e] = s->edges.items[e].to;
        length_m[e] = s->edges.items[e].length_m;
    }
    for (size_t i = 0; i < s->pieces.n && !status; i++) {
        const piece *p = &s->pieces.items[i];

        middles[i]
            = (gb_street_place){ p->edge, (p->from_m + p->to_m) / 2 };
    }
    if (!status)
        status = smooth_file(s, &graph, middles, &s->read, &n_on, s->values);
    s->n_far = s->read.n - n_on;
    if (!status)
        status = divide(s, &graph, middles);
    if (!status)
        sum_up(s);
    base_free(c->mem, from);
    base_free(c->mem, to);
    base_free(c->mem, length_m);
    base_free(c->mem, middles);
    return status;
}

/* ---- what is given ---- */

static double metres(gb_lonlat a, gb_lonlat b)
{
    const double shrink
        = cos((a.lat_deg + b.lat_deg) / 2 * 0.017453292519943295);

    return hypot((b.lon_deg - a.lon_deg) * shrink, b.lat_deg - a.lat_deg)
           * M_A_DEGREE;
}

static gb_lonlat between(gb_lonlat a, gb_lonlat b, double share)
{
    return (gb_lonlat){ a.lon_deg + share * (b.lon_deg - a.lon_deg),
                        a.lat_deg + share * (b.lat_deg - a.lat_deg) };
}

static void add_place(base_text *text, gb_lonlat p, const char *between_them)
{
    base_text_real(text, p.lon_deg, 7);
    base_text_add(text, between_them);
    base_text_real(text, p.lat_deg, 7);
}

/* The line from one share of it to another; of equal ones a place. */
static void add_line(base_text *text, const gb_lonlat *line, size_t n,
                     double from, double to)
{
    double whole = 0, gone = 0;
    bool is_begun = false;

    for (size_t i = 1; i < n; i++)
        whole += metres(line[i - 1], line[i]);
    for (size_t i = 1; i < n; i++) {
        const double length = metres(line[i - 1], line[i]);
        const double a = (from * whole - gone) / length;
        const double b = (to * whole - gone) / length;
        const bool is_last = b <= 1 || i + 1 == n;

        gone += length;
        if (!(length > 0) || (a > 1 && i + 1 < n))
            continue;
        if (!is_begun) {
            base_text_add(text, "[");
            add_place(text, between(line[i - 1], line[i],
                                    fmin(1, fmax(0, a))), ",");
            is_begun = true;
        }
        base_text_add(text, "],[");
        add_place(text, between(line[i - 1], line[i], fmin(1, b)), ",");
        if (is_last)
            break;
    }
    if (!is_begun) { /* all points at one place */
        base_text_add(text, "[");
        add_place(text, line[0], ",");
        base_text_add(text, "],[");
        add_place(text, line[0], ",");
    }
    base_text_add(text, "]");
}

static gb_lonlat place_on(const gb_lonlat *line, size_t n, double share)
{
    double whole = 0, left;

    for (size_t i = 1; i < n; i++)
        whole += metres(line[i - 1], line[i]);
    left = share * whole;
    for (size_t i = 1; i < n; i++) {
        const double length = metres(line[i - 1], line[i]);

        if (left <= length && length > 0)
            return between(line[i - 1], line[i], left / length);
        left -= length;
    }
    return line[n - 1];
}

static gb_status name_of(streets *s, const edge *e, const gb_lonlat *line,
                         const char **name)
{
    gb_roads_place place = { .point = line[0], .status = GB_SNAP_OK,
                             .mode = GB_MODE_FOOT, .link = e->link };
    gb_roads_street street = { .size = sizeof street };
    const gb_status status
        = gb_roads_street_of(s->c->ctx, s->roads, &place, &street);

    *name = status ? "" : street.name;
    return status;
}

static void write_feature(const streets *s, const piece *p, const edge *e,
                          const gb_lonlat *line, size_t n, double length_m,
                          const char *name, double value, base_text *text)
{
    base_text_add(text, text->n > 60 ? ",\n" : "\n");
    base_text_add(text, "{\"type\":\"Feature\",\"geometry\":{\"type\":"
                        "\"LineString\",\"coordinates\":[");
    add_line(text, line, n, (e->begin_m + p->from_m) / length_m,
             (e->begin_m + p->to_m) / length_m);
    base_text_format(text, "]},\"properties\":{\"link\":%u,\"name\":",
                     e->link);
    base_text_json(text, name);
    base_text_add(text, call_has(s->c, "all") ? ",\"share\":" : ",\"per_km\":");
    base_text_real(text, call_has(s->c, "all") ? value : value * 1000, 4);
    base_text_add(text, "}}");
}

static void write_row(const piece *p, const edge *e, const gb_lonlat *line,
                      size_t n, double length_m, const char *name,
                      double value, base_text *text)
{
    base_text_format(text, "%u,", e->link);
    base_text_csv(text, name);
    base_text_add(text, ",");
    base_text_real(text, e->begin_m + p->from_m, 2);
    base_text_add(text, ",");
    base_text_real(text, e->begin_m + p->to_m, 2);
    base_text_add(text, ",");
    add_place(text, place_on(line, n, (e->begin_m + (p->from_m + p->to_m) / 2)
                                          / length_m), ",");
    base_text_add(text, ",");
    base_text_exact(text, value);
    base_text_add(text, "\n");
}

static gb_status write_pieces(streets *s, bool is_geojson, base_text *text)
{
    gb_roads_link found = { .size = sizeof found };
    line_buffer line = BASE_ARRAY_INIT;
    const char *name = "";
    uint32_t last = UINT32_MAX;
    gb_status status = GB_OK;

    base_text_add(text, is_geojson ? "{\"type\":\"FeatureCollection\","
                                     "\"features\":["
                                   : "link,name,from_m,to_m,lon,lat,value\n");
    for (size_t i = 0; i < s->pieces.n && !status; i++) {
        const piece *p = &s->pieces.items[i];
        const edge *e = &s->edges.items[p->edge];
        const double length_m = fmax(1, found.length_cm) / 100.0;

        if (!(s->values[i] > LEAST_SHOWN * s->highest))
            continue; /* NaN as well */
        if (e->link != last) {
            status = look_at(s, e->link, &found, &line);
            if (!status)
                status = name_of(s, e, line.items, &name);
            last = e->link;
            i--; /* again, with its length */
            continue;
        }
        if (is_geojson)
            write_feature(s, p, e, line.items, found.n_points, length_m, name,
                          s->values[i], text);
        else
            write_row(p, e, line.items, found.n_points, length_m, name,
                      s->values[i], text);
    }
    if (is_geojson)
        base_text_add(text, "\n]}\n");
    base_array_clear(s->c->mem, &line);
    return status;
}

static gb_status write_out(streets *s, json_t *result)
{
    const char *path = call_text(s->c, "out");
    const size_t n = strlen(path);
    base_text text;
    gb_status status;

    base_text_init(&text, s->c->mem);
    status = write_pieces(s, n > 8 && strcmp(path + n - 8, ".geojson") == 0,
                          &text);
    if (!status)
        status = call_file_give(s->c, result, &text);
    base_text_clear(&text);
    return status;
}

static json_t *describe(const streets *s)
{
    static const char *const kernels[]
        = { "epanechnikov", "quartic", "gaussian" };
    const bool is_share = call_has(s->c, "all");
    double length_m = 0;

    for (size_t e = 0; e < s->edges.n; e++)
        length_m += s->edges.items[e].length_m;
    return json_pack(
        "{s:I, s:I, s:s, s:f, s:f, s:I, s:I, s:f, s:o, s:o, s:o, s:o}",
        "points", (json_int_t)s->read.n, "rejected",
        (json_int_t)(s->read.n_bad + s->all.n_bad), "kernel",
        kernels[s->options.kernel], "radius_m", s->options.radius_m, "step_m",
        s->step_m, "on_no_street", (json_int_t)s->n_far, "pieces",
        (json_int_t)s->pieces.n, "streets_m", round(length_m),
        "highest_per_km", is_share ? json_null()
                                   : json_real(s->highest * 1000),
        "highest_share", is_share ? json_real(s->highest) : json_null(),
        "mass", is_share ? json_null() : json_real(s->mass), "findings",
        call_weighted_faults(s->c, &s->read));
}

gb_status call_streets(call *c, json_t **result)
{
    streets s = { .c = c };
    const double max_bad = call_real(c, "max_reject");
    gb_status status = take_options(&s);

    if (!status)
        status = call_weighted_read(c, call_text(c, "points"), false, max_bad,
                                    &s.read);
    if (!status && call_has(c, "all"))
        status = call_weighted_read(c, call_text(c, "all"), false, max_bad,
                                    &s.all);
    if (!status) {
        find_reach(&s);
        status = find_streets(&s);
    }
    if (!status)
        status = renumber(&s);
    if (!status)
        status = part(&s);
    if (!status)
        status = smooth(&s);
    if (!status)
        status = call_result(c, result, describe(&s));
    if (!status && call_has(c, "out"))
        status = write_out(&s, *result);
    call_weighted_clear(c->mem, &s.read);
    call_weighted_clear(c->mem, &s.all);
    base_array_clear(c->mem, &s.edges);
    base_array_clear(c->mem, &s.pieces);
    base_free(c->mem, s.edge_of);
    base_free(c->mem, s.values);
    return status;
}
