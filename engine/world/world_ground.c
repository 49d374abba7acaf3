/*
 * world_ground.c - see world_ground.h.
 */
#include "world_ground.h"

#include <stdlib.h>
#include <string.h>

#include "base_array.h"
#include "base_check.h"
#include "roads_osm.h"
#include "world_math.h"

/* Street points are no farther apart than this. */
static const double STEP_M = 30;
/* The mean radius of the earth, and metres a degree of it. */
static const double M_PER_DEGREE = 111194.9266;
static const double RADIAN = 0.017453292519943295;

typedef BASE_ARRAY(gb_point) point_list;

void world_ground_centre(world_ground *ground, gb_lonlat origin)
{
    ground->origin = origin;
    ground->m_per_lat = M_PER_DEGREE;
    ground->m_per_lon
        = M_PER_DEGREE * fmax(0.01, world_cos(origin.lat_deg * RADIAN));
}

gb_point world_ground_point(const world_ground *ground, gb_lonlat at)
{
    return (gb_point){
        (at.lon_deg - ground->origin.lon_deg) * ground->m_per_lon,
        (at.lat_deg - ground->origin.lat_deg) * ground->m_per_lat
    };
}

gb_lonlat world_ground_lonlat(const world_ground *ground, gb_point at)
{
    return (gb_lonlat){ ground->origin.lon_deg + at.x_m / ground->m_per_lon,
                        ground->origin.lat_deg + at.y_m / ground->m_per_lat };
}

gb_point world_ground_street(const world_ground *ground, gb_point from,
                             double *distance_m)
{
    geo_index_hit hit;

    *distance_m = HUGE_VAL;
    if (!ground->street_index
        || !geo_index_nearest(ground->street_index, from, 1, HUGE_VAL, NULL,
                              NULL, &hit))
        return from;
    *distance_m = hit.distance_m;
    return ground->street[hit.item];
}

bool world_site_contains(const world_ground *ground, const world_site *site,
                         gb_point p)
{
    const gb_point *border = ground->points + site->first;
    bool is_inside = false;

    for (uint32_t i = 0; i < site->n; i++) {
        const gb_point a = border[i], b = border[i ? i - 1 : site->n - 1];

        if ((a.y_m > p.y_m) != (b.y_m > p.y_m)
            && p.x_m < (b.x_m - a.x_m) * (p.y_m - a.y_m) / (b.y_m - a.y_m)
                           + a.x_m)
            is_inside = !is_inside;
    }
    return is_inside;
}

/* ---- streets: the largest connected part ---- */

typedef struct joint {
    gb_lonlat at;
    uint32_t point; /* of the line set */
} joint;

static int compare_joints(const void *a, const void *b)
{
    const joint *p = a, *q = b;

    if (p->at.lon_deg < q->at.lon_deg || p->at.lon_deg > q->at.lon_deg)
        return p->at.lon_deg < q->at.lon_deg ? -1 : 1;
    if (p->at.lat_deg < q->at.lat_deg || p->at.lat_deg > q->at.lat_deg)
        return p->at.lat_deg < q->at.lat_deg ? -1 : 1;
    return p->point < q->point ? -1 : p->point > q->point;
}

static uint32_t find_root(uint32_t *up, uint32_t i)
{
    while (up[i] != i) {
        up[i] = up[up[i]];
        i = up[i];
    }
    return i;
}

/* The lower number becomes the root. */
static void unite(uint32_t *up, uint32_t a, uint32_t b)
{
    a = find_root(up, a);
    b = find_root(up, b);
    if (a < b)
        up[b] = a;
    else
        up[a] = b;
}

static bool is_street(const gb_roads_line_set *lines, size_t l)
{
    return lines->classes[l] <= GB_LINE_LOCAL;
}

/* Lines that share a point are one part: up[] of their first points. */
static void join_lines(const gb_roads_line_set *lines, joint *joints,
                       uint32_t *up)
{
    size_t n = 0;

    for (size_t l = 0; l < lines->n_lines; l++)
        for (uint32_t i = lines->first_point[l];
             i < lines->first_point[l + 1]; i++) {
            up[i] = lines->first_point[l];
            if (is_street(lines, l))
                joints[n++] = (joint){ lines->points[i], i };
        }
    if (n)
        qsort(joints, n, sizeof *joints, compare_joints);
    for (size_t i = 1; i < n; i++) {
        const gb_lonlat a = joints[i - 1].at, b = joints[i].at;

        if (!(a.lon_deg < b.lon_deg || a.lat_deg < b.lat_deg
              || b.lat_deg < a.lat_deg))
            unite(up, joints[i - 1].point, joints[i].point);
    }
}

/* The root of the part with most points. */
static uint32_t largest_part(const gb_roads_line_set *lines, uint32_t *up,
                             uint32_t *sizes)
{
    uint32_t best = UINT32_MAX;

    for (size_t l = 0; l < lines->n_lines; l++) {
        uint32_t root;

        if (!is_street(lines, l))
            continue;
        root = find_root(up, lines->first_point[l]);
        sizes[root] += lines->first_point[l + 1] - lines->first_point[l];
        if (best == UINT32_MAX || sizes[root] > sizes[best]
            || (sizes[root] == sizes[best] && root < best))
            best = root;
    }
    return best;
}

static bool walk_line(base_mem *mem, const world_ground *ground,
                      const gb_lonlat *from, uint32_t n, point_list *out)
{
    for (uint32_t i = 0; i + 1 < n; i++) {
        const gb_point a = world_ground_point(ground, from[i]);
        const gb_point b = world_ground_point(ground, from[i + 1]);
        const uint32_t pieces
            = 1 + (uint32_t)fmin(10000, geo_distance_m(a, b) / STEP_M);

        for (uint32_t k = 0; k < pieces; k++) {
            const double t = (double)k / pieces;
            const gb_point p = { a.x_m + t * (b.x_m - a.x_m),
                                 a.y_m + t * (b.y_m - a.y_m) };

            if (!base_array_push(mem, out, p))
                return false;
        }
    }
    return true;
}

static gb_status lay_streets(base_run *run, const gb_roads_line_set *lines,
                             world_ground *ground)
{
    base_mem *mem = run->mem;
    joint *joints = base_alloc_array(mem, lines->n_points, sizeof *joints);
    uint32_t *up = base_alloc_array(mem, lines->n_points, sizeof *up);
    uint32_t *sizes = base_alloc_zeroed(mem, lines->n_points, sizeof *sizes);
    point_list street = BASE_ARRAY_INIT;
    bool is_done = joints && up && sizes;
    uint32_t root;

    if (is_done) {
        join_lines(lines, joints, up);
        root = largest_part(lines, up, sizes);
        for (size_t l = 0; is_done && l < lines->n_lines; l++) {
            const uint32_t first = lines->first_point[l];

            if (is_street(lines, l) && find_root(up, first) == root)
                is_done = walk_line(mem, ground, lines->points + first,
                                    lines->first_point[l + 1] - first,
                                    &street);
        }
    }
    base_free(mem, joints);
    base_free(mem, up);
    base_free(mem, sizes);
    ground->street = street.items;
    ground->n_street = street.n;
    if (!is_done)
        return base_fail_nomem(run->ctx);
    if (!street.n)
        return base_fail(run->ctx, GB_ERR_DATA,
                         "the extract has no streets to live at");
    return geo_index_build_points(run->ctx, street.items, street.n,
                                  &ground->street_index);
}

/* ---- sites ---- */

/* How many floors such a building has, at a guess; 0: nobody is met there. */
static double floors_of(const char *value)
{
    static const struct {
        const char *value;
        double floors;
    } known[] = {
        { "apartments", 6 },  { "residential", 3 }, { "dormitory", 5 },
        { "house", 1 },       { "office", 3 },      { "commercial", 2 },
        { "retail", 1.5 },    { "hotel", 0.5 },     { "industrial", 0.3 },
        { "warehouse", 0.1 }, { "school", 0.2 },    { "university", 0.4 },
        { "hospital", 0.3 },  { "farm", 0.5 },      { "church", 0 },
        { "chapel", 0 },      { "cathedral", 0 },   { "garage", 0 },
        { "garages", 0 },     { "roof", 0 },        { "hut", 0 },
        { "shed", 0 },        { "barn", 0 },        { "greenhouse", 0 },
        { "train_station", 0 }, { "tower", 0 },     { "construction", 0 },
        { "ruins", 0 },       { "bridge", 0 },      { "stable", 0 },
        { "farm_auxiliary", 0 }, { "parking", 0 },  { "transportation", 0 },
        { "temple", 0 },      { "toilets", 0 },     { "stadium", 0 },
    };

    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(value, known[i].value) == 0)
            return known[i].floors;
    return 1.5; /* most are "yes" */
}

/* Area and centre of gravity of a border. */
static void measure(world_site *site, const gb_point *border)
{
    const gb_point o = border[0];
    double area2 = 0, x = 0, y = 0;

    for (uint32_t i = 1; i + 1 < site->n; i++) {
        const gb_point a = border[i], b = border[i + 1];
        const double cross = geo_cross_m2(o, a, b);

        area2 += cross;
        x += cross * (a.x_m + b.x_m - 2 * o.x_m) / 3;
        y += cross * (a.y_m + b.y_m - 2 * o.y_m) / 3;
    }
    site->area_m2 = fabs(area2) / 2;
    site->at = o;
    if (site->area_m2 > 0.5) {
        site->at.x_m += x / area2;
        site->at.y_m += y / area2;
    }
}

/* The middle of a feature's points: without the C library's sine. */
static gb_point middle_of(const world_ground *ground,
                          const roads_features *features, size_t f)
{
    const uint32_t from = features->first_point[f];
    const uint32_t n = features->first_point[f + 1] - from;
    gb_point sum = { 0, 0 };

    if (!n)
        return world_ground_point(ground, features->items[f].centre);
    for (uint32_t i = 0; i < n; i++) {
        const gb_point p
            = world_ground_point(ground, features->points[from + i]);

        sum.x_m += p.x_m / n;
        sum.y_m += p.y_m / n;
    }
    return sum;
}

static void add_site(world_ground *ground, const roads_features *features,
                     size_t f, world_site_kind kind)
{
    const roads_feature *feature = &features->items[f];
    const uint32_t from = features->first_point[f];
    world_site site = { .kind = kind, .floors = 1,
                        .first = (uint32_t)ground->n_points,
                        .n = features->first_point[f + 1] - from };

    site.at = middle_of(ground, features, f);
    if (kind == WORLD_SITE_BUILDING)
        site.floors = floors_of(feature->value);
    for (uint32_t i = 0; i < site.n; i++)
        ground->points[ground->n_points++]
            = world_ground_point(ground, features->points[from + i]);
    if (site.n)
        measure(&site, ground->points + site.first);
    if (site.floors > 0 && (site.n || kind == WORLD_SITE_MARKET))
        ground->sites[ground->n_sites++] = site;
}

static bool is_settlement(const char *value)
{
    static const char *const known[]
        = { "city",   "town",   "suburb",  "quarter", "neighbourhood",
            "village", "hamlet", "borough", "isolated_dwelling" };

    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(value, known[i]) == 0)
            return true;
    return false;
}

static void sort_out(world_ground *ground, const roads_features *features)
{
    for (size_t f = 0; f < features->n; f++) {
        const roads_feature *feature = &features->items[f];
        const gb_point at = middle_of(ground, features, f);

        switch (feature->class) {
        case ROADS_FEATURE_BUILDING:
            add_site(ground, features, f, WORLD_SITE_BUILDING);
            break;
        case ROADS_FEATURE_RESIDENTIAL:
            add_site(ground, features, f, WORLD_SITE_HOUSING);
            break;
        case ROADS_FEATURE_MARKET:
            add_site(ground, features, f, WORLD_SITE_MARKET);
            break;
        case ROADS_FEATURE_BANK:
            ground->banks[ground->n_banks++] = at;
            break;
        case ROADS_FEATURE_PLACE:
            if (is_settlement(feature->value))
                ground->settlements[ground->n_settlements++] = at;
            break;
        default:
            break;
        }
    }
}

gb_status world_ground_read(base_run *run, const char *path,
                            world_ground *ground)
{
    roads_features features;
    gb_status status;

    *ground = (world_ground){ 0 };
    status = roads_features_read(run, path, &features);
    if (status)
        goto done;
    world_ground_centre(
        ground,
        (gb_lonlat){
            (features.south_west.lon_deg + features.north_east.lon_deg) / 2,
            (features.south_west.lat_deg + features.north_east.lat_deg) / 2 });
    ground->sites
        = base_alloc_array(run->mem, features.n, sizeof *ground->sites);
    ground->banks
        = base_alloc_array(run->mem, features.n, sizeof *ground->banks);
    ground->settlements
        = base_alloc_array(run->mem, features.n, sizeof *ground->settlements);
    ground->points = base_alloc_array(run->mem, features.n_points,
                                      sizeof *ground->points);
    if (!ground->sites || !ground->banks || !ground->settlements
        || !ground->points) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    sort_out(ground, &features);
    status = lay_streets(run, &features.lines, ground);

done:
    roads_features_clear(run->mem, &features);
    return status;
}

void world_ground_clear(base_mem *mem, world_ground *ground)
{
    base_free(mem, ground->sites);
    base_free(mem, ground->points);
    base_free(mem, ground->banks);
    base_free(mem, ground->settlements);
    base_free(mem, ground->street);
    geo_index_free(ground->street_index);
    *ground = (world_ground){ 0 };
}
