/*
 * tg1.c - see tg1.h.
 */
#include "tg1.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double EARTH_M = 6371008.8;
static const double RAD = 3.14159265358979323846 / 180;

typedef struct edge {
    uint32_t from, to;
    double border;
} edge;

static int by_ends(const void *a, const void *b)
{
    const edge *l = a, *r = b;

    if (l->from != r->from)
        return l->from < r->from ? -1 : 1;
    return (l->to > r->to) - (l->to < r->to);
}

/* Equidistant conic about the middle of the data, on the sphere. */
static void project(tg1 *g, gb_point *centres)
{
    const size_t n = g->areas.n_areas;
    double south = 90, north = -90, lon0 = 0, f1, f2, cone, cut;

    for (size_t a = 0; a < n; a++) {
        south = fmin(south, g->lat_deg[a]);
        north = fmax(north, g->lat_deg[a]);
        lon0 += g->lon_deg[a] / (double)n;
    }
    f1 = (south + (north - south) / 6) * RAD;
    f2 = (north - (north - south) / 6) * RAD;
    cone = f2 - f1 > 1e-6 ? (cos(f1) - cos(f2)) / (f2 - f1) : sin(f1);
    cut = cos(f1) / cone + f1;
    for (size_t a = 0; a < n; a++) {
        const double radius = cut - g->lat_deg[a] * RAD;
        const double angle = cone * (g->lon_deg[a] - lon0) * RAD;

        centres[a].x_m = EARTH_M * radius * sin(angle);
        centres[a].y_m = EARTH_M * (cut - f1 - radius * cos(angle));
    }
}

static bool read_nodes(FILE *file, double length_unit_m, double area_unit_m2,
                       tg1 *g, double *activity, double *areas_m2,
                       double *perimeters_m)
{
    char line[512];
    size_t read = 0;

    while (read < g->areas.n_areas && fgets(line, sizeof line, file)) {
        double lon, lat, pop, second, land, area, perimeter;

        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (sscanf(line, "%*s %*s %lf %lf %lf %lf %lf %lf %lf", &lon, &lat,
                   &pop, &second, &land, &area, &perimeter) != 7)
            return false;
        g->lon_deg[read] = lon;
        g->lat_deg[read] = lat;
        activity[read] = pop;
        areas_m2[read] = area * area_unit_m2;
        perimeters_m[read] = perimeter * length_unit_m; /* the outer part */
        read++;
    }
    return read == g->areas.n_areas;
}

static size_t read_edges(FILE *file, double length_unit_m, edge *edges,
                         size_t n_edges)
{
    char line[256];
    size_t read = 0;

    while (read < 2 * n_edges && fgets(line, sizeof line, file)) {
        unsigned i, j;
        double border;

        if (sscanf(line, "%u %u %lf", &i, &j, &border) != 3)
            continue;
        edges[read++] = (edge){ i, j, border * length_unit_m };
        edges[read++] = (edge){ j, i, border * length_unit_m };
    }
    qsort(edges, read, sizeof *edges, by_ends);
    return read;
}

static bool fill(FILE *file, double length_unit_m, double area_unit_m2,
                 tg1 *g)
{
    const size_t n = g->areas.n_areas, n_arcs = 2 * g->n_edges;
    gb_point *centres = calloc(n, sizeof *centres);
    double *activity = calloc(n, sizeof *activity);
    double *areas_m2 = calloc(n, sizeof *areas_m2);
    double *perimeters_m = calloc(n, sizeof *perimeters_m);
    uint32_t *first = calloc(n + 1, sizeof *first);
    uint32_t *neighbours = calloc(n_arcs + 1, sizeof *neighbours);
    double *border = calloc(n_arcs + 1, sizeof *border);
    edge *edges = calloc(n_arcs + 1, sizeof *edges);
    bool ok;

    g->lon_deg = calloc(n, sizeof *g->lon_deg);
    g->lat_deg = calloc(n, sizeof *g->lat_deg);
    g->areas.centres = centres;
    g->areas.activity = activity;
    g->areas.areas_m2 = areas_m2;
    g->areas.perimeters_m = perimeters_m;
    g->areas.first_neighbour = first;
    g->areas.neighbours = neighbours;
    g->areas.shared_border_m = border;
    ok = centres && activity && areas_m2 && perimeters_m && first
        && neighbours && border && edges && g->lon_deg && g->lat_deg
        && read_nodes(file, length_unit_m, area_unit_m2, g, activity,
                      areas_m2, perimeters_m)
        && read_edges(file, length_unit_m, edges, g->n_edges) == n_arcs;
    for (size_t i = 0; ok && i < n_arcs; i++) {
        first[edges[i].from + 1]++;
        neighbours[i] = edges[i].to;
        border[i] = edges[i].border;
        perimeters_m[edges[i].from] += edges[i].border;
    }
    for (size_t a = 0; ok && a < n; a++)
        first[a + 1] += first[a];
    if (ok)
        project(g, centres);
    free(edges);
    return ok;
}

bool tg1_read(const char *path, double length_unit_m, double area_unit_m2,
              tg1 *out)
{
    FILE *file = fopen(path, "r");
    bool ok;

    memset(out, 0, sizeof *out);
    out->areas.size = sizeof out->areas;
    out->areas.n_measures = 1;
    ok = file
        && fscanf(file, "TG1 %*s n=%zu m=%zu k=%d%*[^\n]", &out->areas.n_areas,
                  &out->n_edges, &out->n_territories) == 3
        && fill(file, length_unit_m, area_unit_m2, out);
    if (file)
        fclose(file);
    if (!ok) {
        fprintf(stderr, "%s: cannot be read as TG1\n", path);
        tg1_free(out);
    }
    return ok;
}

static void drop(const void *block)
{
    free((void *)(uintptr_t)block);
}

void tg1_free(tg1 *g)
{
    drop(g->areas.centres);
    drop(g->areas.activity);
    drop(g->areas.areas_m2);
    drop(g->areas.perimeters_m);
    drop(g->areas.first_neighbour);
    drop(g->areas.neighbours);
    drop(g->areas.shared_border_m);
    free(g->lon_deg);
    free(g->lat_deg);
    memset(g, 0, sizeof *g);
}

static double distance2_km2(const tg1 *g, size_t a, size_t b)
{
    const double dlat = sin((g->lat_deg[a] - g->lat_deg[b]) * RAD / 2);
    const double dlon = sin((g->lon_deg[a] - g->lon_deg[b]) * RAD / 2);
    const double h = dlat * dlat
        + cos(g->lat_deg[a] * RAD) * cos(g->lat_deg[b] * RAD) * dlon * dlon;
    const double km = 2 * EARTH_M / 1000 * asin(sqrt(h));

    return km * km;
}

double tg1_moment(const tg1 *g, const uint32_t *owners, size_t k)
{
    double all = 0;

    for (uint32_t t = 0; t < k; t++) {
        double best = INFINITY;

        for (size_t c = 0; c < g->areas.n_areas; c++) {
            double sum = 0;

            for (size_t a = 0; owners[c] == t && a < g->areas.n_areas
                               && sum < best; a++)
                if (owners[a] == t)
                    sum += g->areas.activity[a] * distance2_km2(g, a, c);
            if (owners[c] == t)
                best = fmin(best, sum);
        }
        all += best / 1e6;
    }
    return all;
}
