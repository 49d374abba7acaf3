/*
 * world_write_places.c - places, their outlines, and named areas.
 */
#include "base_check.h"
#include "world_cell.h"
#include "world_customer.h"

/* One row in so many is followed by a spoilt one. */
enum { SPOILT_EVERY = 200 };

/* Made up of two lists: no name of the map, which may be somebody's. */
static void add_name(base_text *row, world_place_kind kind, uint32_t p)
{
    static const char *const first[]
        = { "锦绣", "金沙", "玉林", "紫荆", "望江", "桂溪", "青羊", "芙蓉",
            "浣花", "云栖", "东篱", "银杏", "梧桐", "麓湖", "百花", "清江" };
    static const char *const second[]
        = { "花园", "苑", "家园", "小区", "公寓", "雅居", "新村", "名都",
            "庭院", "公馆", "华府" };

    if (kind == WORLD_PLACE_BUILDING)
        return;
    base_text_add(row, first[p % COUNT_OF(first)]);
    base_text_add(row, kind == WORLD_PLACE_MARKET
                           ? "市场"
                           : second[p / 7 % COUNT_OF(second)]);
}

static const char *kind_name(world_place_kind kind)
{
    return kind == WORLD_PLACE_COMPOUND ? "compound"
           : kind == WORLD_PLACE_MARKET ? "market"
                                        : "building";
}

static gb_status write_place(world_writer *w, uint32_t p)
{
    const world_place *place = &w->bank->places[p];
    base_text *row = &w->folder->text;
    gb_status status;

    world_cell_ref(row, 'p', p, ",");
    world_cell_text(row, kind_name(place->kind), ",");
    add_name(row, place->kind, p);
    base_text_add(row, ",");
    status = world_cell_lonlat(w, row, place->at, ",");
    if (!status)
        status = world_cell_lonlat(w, row, place->gate, ",");
    world_cell_int(row, place->access_s, "\n");
    return status ? status : world_file_row(w->folder);
}

/* The same reference once more, or a place that nobody refers to and whose
 * latitude has lost its point. */
static gb_status write_spoilt(world_writer *w, uint32_t p)
{
    base_text *row = &w->folder->text;
    world_e7 e7;
    const gb_status status
        = world_cell_place(w, w->bank->places[p].at, &e7);

    if (status)
        return status;
    if (p / SPOILT_EVERY % 2) {
        world_cell_ref(row, 'p', p, ",building,,");
        world_cell_degrees(row, e7.lon + 1000, ",");
        world_cell_degrees(row, e7.lat + 1000, ",,,60\n");
    } else {
        world_cell_ref(row, 'p', w->bank->n_places + p, ",building,,");
        world_cell_degrees(row, e7.lon, ",");
        world_cell_int(row, e7.lat, ",,,60\n");
    }
    return world_file_row(w->folder);
}

gb_status world_write_places(world_writer *w)
{
    gb_status status
        = world_file_open(w->folder, "places", "places.csv", "utf-8");

    base_text_add(&w->folder->text,
                  "place_ref,kind,name,lon,lat,gate_lon,gate_lat,access_s\n");
    for (uint32_t p = 0; !status && p < w->bank->n_places; p++) {
        status = write_place(w, p);
        if (!status && p % SPOILT_EVERY == SPOILT_EVERY - 1)
            status = write_spoilt(w, p);
    }
    return status ? status : world_file_close(w->folder);
}

/* ---- GeoJSON ---- */

static gb_status add_ring(world_writer *w, const gb_point *ring, uint32_t n,
                          bool backwards)
{
    base_text *text = &w->folder->text;
    gb_status status = GB_OK;

    base_text_add(text, "[");
    for (uint32_t i = 0; !status && i <= n; i++) {
        base_text_add(text, i ? ",[" : "[");
        status = world_cell_lonlat(
            w, text, ring[backwards ? (n - i) % n : i % n], "]");
    }
    base_text_add(text, "]");
    return status;
}

static gb_status open_geojson(world_writer *w, const char *kind,
                              const char *name)
{
    const gb_status status = world_file_open(w->folder, kind, name, "utf-8");

    base_text_add(&w->folder->text,
                  "{\"type\": \"FeatureCollection\", \"features\": [\n");
    return status;
}

static gb_status close_geojson(world_writer *w)
{
    base_text_add(&w->folder->text, "\n]}\n");
    return world_file_close(w->folder);
}

static bool is_clockwise(const gb_point *ring, uint32_t n)
{
    double area2 = 0;

    for (uint32_t i = 0; i < n; i++)
        area2 += geo_cross_m2(ring[0], ring[i], ring[(i + 1) % n]);
    return area2 < 0;
}

gb_status world_write_outlines(world_writer *w)
{
    const world_ground *ground = &w->bank->ground;
    base_text *text = &w->folder->text;
    gb_status status = open_geojson(w, "outlines", "outlines.geojson");

    for (uint32_t p = 0; !status && p < w->bank->n_compounds; p++) {
        const world_site *site = &ground->sites[w->bank->places[p].site];
        const gb_point *ring = ground->points + site->first;

        base_text_add(text, p ? ",\n" : "");
        base_text_add(text, "{\"type\": \"Feature\", \"properties\": "
                            "{\"place_ref\": \"");
        world_cell_ref(text, 'p', p, "\"}, \"geometry\": {\"type\": "
                                     "\"Polygon\", \"coordinates\": [");
        status = add_ring(w, ring, site->n, is_clockwise(ring, site->n));
        base_text_add(text, "]}}");
        if (!status)
            status = world_file_row(w->folder);
    }
    return status ? status : close_geojson(w);
}

/* ---- named areas ---- */

static void round_ring(gb_point at, double radius_m, gb_point ring[8])
{
    static const double h = 0.70710678118654752;
    const double x[8] = { 1, h, 0, -h, -1, -h, 0, h };
    const double y[8] = { 0, h, 1, h, 0, -h, -1, -h };

    for (int i = 0; i < 8; i++)
        ring[i] = (gb_point){ at.x_m + radius_m * x[i],
                              at.y_m + radius_m * y[i] };
}

/* Where the well-off live, of the places with many customers. */
static gb_point best_address(const world_bank *bank)
{
    const double mean = bank->heaped[bank->n_places - 1] / bank->n_places;
    uint32_t best = 0;
    double most = -HUGE_VAL;

    for (uint32_t p = 0; p < bank->n_places; p++) {
        const world_place *place = &bank->places[p];

        if (place->weight >= mean && place->wealth > most) {
            most = place->wealth;
            best = p;
        }
    }
    return bank->places[best].at;
}

static gb_status add_area(world_writer *w, const char *head, gb_point at,
                          double radius_m, double hole_m)
{
    base_text *text = &w->folder->text;
    gb_point ring[8];
    gb_status status;

    base_text_add(text, "{\"type\": \"Feature\", \"properties\": ");
    base_text_add(text, head);
    base_text_add(text, ", \"geometry\": {\"type\": \"Polygon\", "
                        "\"coordinates\": [");
    round_ring(at, radius_m, ring);
    status = add_ring(w, ring, 8, false);
    if (!status && hole_m > 0) {
        base_text_add(text, ",");
        round_ring(at, hole_m, ring);
        status = add_ring(w, ring, 8, true);
    }
    base_text_add(text, "]}}");
    return status ? status : world_file_row(w->folder);
}

gb_status world_write_areas(world_writer *w)
{
    const world_bank *bank = w->bank;
    const double reach_m = fmin(2000, bank->reach_m);
    gb_status status = open_geojson(w, "areas", "areas.geojson");

    if (!status)
        status = add_area(w, "{\"area_ref\": \"a1\", \"name\": \"翠湖一号\"}",
                          best_address(bank), fmax(120, 0.35 * reach_m), 0);
    base_text_add(&w->folder->text, ",\n");
    if (!status)
        status = add_area(w, "{\"area_ref\": \"a2\", \"name\": \"老城环线\"}",
                          bank->branches[0].at, 1.3 * reach_m + 200,
                          0.4 * reach_m);
    base_text_add(&w->folder->text, ",\n");
    if (!status)
        status = add_area(w, "{\"area_ref\": \"a3\", \"name\": \"新区\"}",
                          bank->branches[bank->n_branches - 1].at,
                          reach_m + 150, 0);
    return status ? status : close_geojson(w);
}
