/*
 * bench_point.c - how long it takes to tell whose territory a place lies in.
 *
 *   bench_point [EXTRACT [SIDE [PLACES]]]
 *
 * `made`: a raster of SIDE x SIDE crooked cells (142: 20,164) of 8 corners in
 * territories of 64 cells.  `demo`: the demo bank on the extract, with the
 * cells that its streets make.  Asked are random places of the box round the
 * cells, so that each asks for other memory than the one before, some of them
 * outside; `scan` is a plain walk over the outlines of all cells, their boxes
 * first, in the same run.
 *
 * The made cells are stored by the module's own functions: a bank with them
 * would need streets and customers.
 */
#include <gridbeat/gridbeat.h>

#include "store_db.h"
#include "store_save.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scratch.h"

enum { N_CORNERS = 8, MOST_SIDE = 400 };

typedef struct bench {
    gb_context *ctx;
    gb_workspace *ws;
    uint64_t state;
    uint32_t side;
    size_t n_places;
} bench;

static double cpu_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int fail(const bench *b, const char *what)
{
    fprintf(stderr, "%s: %s\n", what, gb_last_error(b->ctx));
    return 1;
}

/* 0 to 1, by a multiplicative generator: the same places on any machine. */
static double chance(bench *b)
{
    b->state = b->state * 6364136223846793005u + 1442695040888963407u;
    return (double)(b->state >> 11) / 9007199254740992.0;
}

/* ------------------------------------------------- a raster of our own -- */

enum { EPSG = 4544, BLOCK = 8 }; /* cells to the side of a territory */
static const double STEP_M = 400.0;

/* The same for all cells that meet in it; `part` 1: the middle of the way to
 * the east, 2: to the north. */
static gb_point vertex(uint32_t x, uint32_t y, int part)
{
    const double a = sin(x * 12.9898 + y * 78.233 + part * 3.7) * 43758.5453;
    const double c = sin(x * 39.3468 + y * 11.135 + part * 9.1) * 24634.6345;
    const double dx = (a - floor(a) - 0.5) * 0.3;
    const double dy = (c - floor(c) - 0.5) * 0.3;
    const gb_point at = {
        350000.0 + STEP_M * (x + dx + (part == 1 ? 0.5 : 0.0)),
        3380000.0 + STEP_M * (y + dy + (part == 2 ? 0.5 : 0.0))
    };

    return at;
}

static void outline(uint32_t x, uint32_t y, gb_point ring[N_CORNERS])
{
    ring[0] = vertex(x, y, 0);
    ring[1] = vertex(x, y, 1);
    ring[2] = vertex(x + 1, y, 0);
    ring[3] = vertex(x + 1, y, 2);
    ring[4] = vertex(x + 1, y + 1, 0);
    ring[5] = vertex(x, y + 1, 1);
    ring[6] = vertex(x, y + 1, 0);
    ring[7] = vertex(x, y, 2);
}

/* The arrays of the raster, kept for the scan. */
typedef struct raster {
    size_t n;
    gb_point *points;
    uint32_t *first_ring, *first_point, *no_neighbour, *of_cell;
    store_territory_in *territories;
    char (*refs)[32];
    size_t n_territories;
} raster;

static bool make_raster(const bench *b, raster *r)
{
    const uint32_t side = (b->side + BLOCK - 1) / BLOCK;

    r->n = (size_t)b->side * b->side;
    r->n_territories = (size_t)side * side;
    r->points = malloc(r->n * N_CORNERS * sizeof *r->points);
    r->first_ring = malloc((r->n + 1) * sizeof *r->first_ring);
    r->first_point = malloc((r->n + 1) * sizeof *r->first_point);
    r->no_neighbour = calloc(r->n + 1, sizeof *r->no_neighbour);
    r->of_cell = malloc(r->n * sizeof *r->of_cell);
    r->territories = calloc(r->n_territories, sizeof *r->territories);
    r->refs = calloc(r->n_territories, sizeof *r->refs);
    if (!r->points || !r->first_ring || !r->first_point || !r->no_neighbour
        || !r->of_cell || !r->territories || !r->refs)
        return false;
    for (uint32_t c = 0; c <= r->n; c++) {
        r->first_ring[c] = c;
        r->first_point[c] = c * N_CORNERS;
        if (c == r->n)
            break;
        outline(c % b->side, c / b->side, r->points + (size_t)c * N_CORNERS);
        r->of_cell[c] = c / b->side / BLOCK * side + c % b->side / BLOCK;
    }
    for (size_t t = 0; t < r->n_territories; t++) {
        snprintf(r->refs[t], sizeof r->refs[t], "g%05zu", t);
        r->territories[t] = (store_territory_in){ .ref = r->refs[t],
                                                  .branch_id = 1,
                                                  .owner_id = 1 };
    }
    return true;
}

static void free_raster(raster *r)
{
    free(r->points);
    free(r->first_ring);
    free(r->first_point);
    free(r->no_neighbour);
    free(r->of_cell);
    free(r->territories);
    free(r->refs);
}

static gb_status store_raster(const bench *b, const raster *r)
{
    static const uint32_t first_ring[] = { 0, 1 }, first_point[] = { 0, 4 };
    const double far_m = STEP_M * (b->side + 1);
    const gb_point corners[4] = { { 349600, 3379600 },
                                  { 349600 + far_m, 3379600 },
                                  { 349600 + far_m, 3379600 + far_m },
                                  { 349600, 3379600 + far_m } };
    const gb_shapes region = { 1, 1, 4, first_ring, first_point, corners };
    const store_cells_in cells
        = { .source = "given", .n = r->n,
            .shapes = { r->n, r->n, r->n * N_CORNERS, r->first_ring,
                        r->first_point, r->points },
            .first_neighbour = r->no_neighbour, .region = &region };
    const store_territories_in in
        = { .items = r->territories, .n = r->n_territories,
            .of_cell = r->of_cell, .owner_from = 20000 };
    store_cells loaded = { 0 };
    int64_t version = 0;
    base_run run;
    gb_status status;

    base_run_begin(&run, b->ctx, (base_limits){ 0 });
    store_enter(b->ws, &run);
    status = store_exec(
        b->ws,
        "INSERT INTO branch(id, ref, name, datum, geom) VALUES(1, 'b1', 'B1', "
        "'wgs84', MakePoint(104.0, 30.5, 4326));"
        "INSERT INTO manager(id, ref, branch_id, mode, shift_start_s, "
        "shift_end_s) VALUES(1, 'm1', 1, 'foot', 32400, 61200)");
    if (!status)
        status = store_save_cells(b->ws, &cells);
    if (!status)
        status = store_load_cells(b->ws, &loaded);
    if (!status)
        status = store_save_territories(b->ws, &loaded, &in, &version);
    if (!status)
        status = store_territory_approve(b->ws, version);
    if (!status)
        status = store_territory_activate(b->ws, version, 20000);
    store_cells_clear(&loaded);
    store_leave(b->ws);
    return status;
}

/* The scan, on the plane: the first outline that holds the place. */
static size_t scan(const raster *r, gb_point at)
{
    for (size_t c = 0; c < r->n; c++) {
        const gb_point *ring = r->points + c * N_CORNERS;
        bool is_in = false;

        if (fabs(ring[0].x_m - at.x_m) > 2 * STEP_M
            || fabs(ring[0].y_m - at.y_m) > 2 * STEP_M)
            continue;
        for (int i = 0, j = N_CORNERS - 1; i < N_CORNERS; j = i++) {
            const gb_point p = ring[j], q = ring[i];

            if ((p.y_m > at.y_m) != (q.y_m > at.y_m)
                && at.x_m < p.x_m
                                + (at.y_m - p.y_m) * (q.x_m - p.x_m)
                                      / (q.y_m - p.y_m))
                is_in = !is_in;
        }
        if (is_in)
            return c;
    }
    return r->n;
}

/* --------------------------------------------------------------- measure -- */

/* Random places of a box, a twentieth of it beyond each side. */
static gb_lonlat *places(bench *b, const double box[4])
{
    gb_lonlat *all = malloc(b->n_places * sizeof *all);

    for (size_t i = 0; all && i < b->n_places; i++) {
        all[i].lon_deg = box[0] + (box[2] - box[0]) * (1.1 * chance(b) - 0.05);
        all[i].lat_deg = box[1] + (box[3] - box[1]) * (1.1 * chance(b) - 0.05);
    }
    return all;
}

/* Nanoseconds a place, best of five rounds: what the machine does besides is
 * left out. */
static double ask(const gb_territory_index *index, const gb_lonlat *at,
                  size_t n)
{
    double best_s = HUGE_VAL;
    volatile uint64_t kept = 0; /* so that no round is left out */
    uint64_t sum = 0;

    for (int round = 0; round < 5; round++) {
        const double began_s = cpu_s();
        double took_s;

        for (size_t i = 0; i < n; i++) {
            gb_territory_answer a = GB_TERRITORY_ANSWER_INIT;

            gb_territory_at_point(index, at[i], &a);
            sum += a.number;
        }
        took_s = cpu_s() - began_s;
        best_s = took_s < best_s ? took_s : best_s;
    }
    kept = sum;
    (void)kept;
    return best_s * 1e9 / (double)n;
}

/* Those of one kind alone: inside (0) or outside. */
static size_t keep(const gb_territory_index *index, const gb_lonlat *from,
                   size_t n, int32_t reason, gb_lonlat *to)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        gb_territory_answer a = GB_TERRITORY_ANSWER_INIT;

        gb_territory_at_point(index, from[i], &a);
        if (a.reason == reason)
            to[kept++] = from[i];
    }
    return kept;
}

static gb_territory_index *open_index(const bench *b, const char *name)
{
    gb_territory_index_info info = GB_TERRITORY_INDEX_INFO_INIT;
    gb_territory_index *index = NULL;
    const double began_s = cpu_s();

    if (gb_territory_index_open(b->ctx, b->ws, NULL, &index)) {
        fail(b, "territory index");
        return NULL;
    }
    gb_territory_index_about(index, &info);
    printf("point.%s.open.cpu %.3f s\n", name, cpu_s() - began_s);
    printf("point.%s.cells %u -\n", name, info.n_cells);
    printf("point.%s.territories %u -\n", name, info.n_territories);
    printf("point.%s.memory %.1f MB\n", name, (double)info.n_bytes / 1e6);
    return index;
}

static double measure(const gb_territory_index *index, const char *name,
                      const gb_lonlat *at, size_t n)
{
    static const int32_t reasons[] = { GB_POINT_INSIDE, GB_POINT_OUTSIDE };
    gb_lonlat *some = malloc(n * sizeof *some);
    double inside_ns = 0.0;

    if (!some)
        return 0.0;
    for (int i = 0; i < 2; i++) {
        const char *reason = gb_point_reason_name(reasons[i]);
        const size_t kept = keep(index, at, n, reasons[i], some);
        const double ns = kept ? ask(index, some, kept) : 0.0;

        printf("point.%s.%s %zu -\n", name, reason, kept);
        printf("point.%s.%s.cpu %.0f ns\n", name, reason, ns);
        if (i == 0)
            inside_ns = ns;
    }
    free(some);
    return inside_ns;
}

/* The scan on the first of the places: it takes long. */
static int compare(const bench *b, const raster *r,
                   const gb_territory_index *index, const gb_lonlat *at,
                   double ask_ns)
{
    const size_t n = b->n_places < 5000 ? b->n_places : 5000;
    gb_point *metres = malloc(n * sizeof *metres);
    size_t *found = malloc(n * sizeof *found), n_wrong = 0;
    gb_crs *crs = NULL;
    double took_s;

    if (!metres || !found || gb_crs_open(b->ctx, EPSG, &crs)
        || gb_crs_project(b->ctx, crs, at, n, metres)) {
        gb_crs_free(crs);
        free(metres);
        free(found);
        return fail(b, "scan");
    }
    took_s = cpu_s();
    for (size_t i = 0; i < n; i++)
        found[i] = scan(r, metres[i]);
    took_s = cpu_s() - took_s;
    for (size_t i = 0; i < n; i++) {
        gb_territory_answer a = GB_TERRITORY_ANSWER_INIT;
        char ref[32] = "";

        if (found[i] < r->n)
            snprintf(ref, sizeof ref, "cell%05zu", found[i] + 1);
        gb_territory_at_point(index, at[i], &a);
        n_wrong += strcmp(a.cell, ref) != 0;
    }
    printf("point.made.scan.cpu %.0f ns\n", took_s * 1e9 / (double)n);
    printf("point.made.scan.ratio %.0f -\n",
           took_s * 1e9 / (double)n / ask_ns);
    printf("point.made.scan.otherwise %zu -\n", n_wrong);
    gb_crs_free(crs);
    free(metres);
    free(found);
    return n_wrong != 0;
}

static int with_index(bench *b, const char *name, const double box[4],
                      const raster *r)
{
    gb_territory_index *index = open_index(b, name);
    gb_lonlat *at = places(b, box);
    int failed = !index || !at;

    if (!failed) {
        const double ns = measure(index, name, at, b->n_places);

        if (r)
            failed = compare(b, r, index, at, ns);
    }
    gb_territory_index_free(index);
    free(at);
    return failed;
}

static int bench_made(bench *b, const char *folder)
{
    gb_workspace_options options = GB_WORKSPACE_OPTIONS_INIT;
    const double far_m = STEP_M * b->side;
    const gb_point corners[2] = { { 350000, 3380000 },
                                  { 350000 + far_m, 3380000 + far_m } };
    gb_lonlat degrees[2];
    gb_crs *crs = NULL;
    raster r = { 0 };
    char path[400];
    int failed = 1;

    options.epsg = EPSG;
    snprintf(path, sizeof path, "%s/made.gb", folder);
    if (make_raster(b, &r) && !gb_crs_open(b->ctx, EPSG, &crs)
        && !gb_crs_unproject(b->ctx, crs, corners, 2, degrees)
        && !gb_workspace_create(b->ctx, path, &options, &b->ws)
        && !store_raster(b, &r)) {
        const double box[4] = { degrees[0].lon_deg, degrees[0].lat_deg,
                                degrees[1].lon_deg, degrees[1].lat_deg };

        failed = with_index(b, "made", box, &r);
    } else {
        fail(b, "made");
    }
    gb_crs_free(crs);
    gb_workspace_close(b->ws);
    b->ws = NULL;
    free_raster(&r);
    return failed;
}

/* ------------------------------------------------------------ demo bank -- */

static gb_status make_demo(bench *b, const char *osm, const char *folder,
                           gb_roads **roads)
{
    gb_world_options world = GB_WORLD_OPTIONS_INIT;
    gb_world_report made = GB_WORLD_REPORT_INIT;
    gb_plan_options plan = GB_PLAN_OPTIONS_INIT;
    gb_import_report *report = NULL;
    gb_plan_result *result = NULL;
    char delivery[400], path[400], index[400];
    gb_status status;

    snprintf(delivery, sizeof delivery, "%s/delivery", folder);
    snprintf(path, sizeof path, "%s/demo.gb", folder);
    snprintf(index, sizeof index, "%s/demo.roads", folder);
    world.osm = osm;
    world.out = delivery;
    world.n_customers = 20000;
    world.n_branches = 6;
    world.n_managers = 24;
    plan.date = "2026-03-02";
    plan.max_iterations = 1;
    status = gb_world_make(b->ctx, &world, &made);
    if (!status)
        status = gb_roads_build(b->ctx, osm, index, NULL, NULL);
    if (!status)
        status = gb_roads_open(b->ctx, index, roads);
    if (!status)
        status = gb_workspace_create(b->ctx, path, NULL, &b->ws);
    if (!status)
        status = gb_import_delivery(b->ctx, b->ws, delivery, NULL, &report);
    gb_import_report_free(report);
    if (!status)
        status = gb_plan_night(b->ctx, b->ws, *roads, &plan, &result);
    gb_plan_result_free(result);
    return status;
}

static int bench_demo(bench *b, const char *osm, const char *folder)
{
    static const double box[4] = { 9.47, 47.05, 9.64, 47.27 };
    gb_roads *roads = NULL;
    int failed;

    if (make_demo(b, osm, folder, &roads))
        failed = fail(b, "demo");
    else
        failed = with_index(b, "demo", box, NULL);
    gb_workspace_close(b->ws);
    gb_roads_close(roads);
    b->ws = NULL;
    return failed;
}

int main(int argc, char **argv)
{
    bench b = { .state = 17, .side = 142, .n_places = 200000 };
    const char *folder;
    int failed;

    if (argc > 2)
        b.side = (uint32_t)atoi(argv[2]);
    if (argc > 3)
        b.n_places = (size_t)atol(argv[3]);
    if (b.side < 1 || b.side > MOST_SIDE || b.n_places < 1) {
        fprintf(stderr, "usage: bench_point [EXTRACT [SIDE [PLACES]]]\n");
        return 2;
    }
    if (gb_context_new(NULL, &b.ctx))
        return 1;
    folder = scratch_folder();
    failed = bench_made(&b, folder);
    if (argc > 1)
        failed |= bench_demo(&b, argv[1], folder);
    gb_context_free(b.ctx);
    scratch_remove();
    return failed;
}
