/*
 * A road index that is not what was written, with its checksum put right, so
 * that the checks behind it are reached.  Refused, or it can be asked
 * anything.
 *
 * The bytes: 'F' and a file; or the index of a small town, in which numbers
 * are changed, eight bytes each: the array (2), which number of it (2), what
 * it becomes (4).
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#include "roads_file.h"
#include "roads_file_layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { N_POINTS = 5 };

static const gb_lonlat points[N_POINTS] = {
    { 104, 30 }, { 104.001, 30.0005 }, { 104.003, 30.001 },
    { 104.0005, 30.002 }, { 104.002, 30 }
};

static char folder[200], path[300];

static void remove_files(void)
{
    char town[300];

    snprintf(town, sizeof town, "%s/town.osm", folder);
    unlink(town);
    unlink(path);
    rmdir(folder);
}

static void write_file(const char *name, const void *bytes, size_t n)
{
    FILE *file = fopen(name, "wb");

    if (!file || fwrite(bytes, 1, n, file) != n || fclose(file) != 0)
        abort();
}

/* ---- a small town ---- */

/* A grid of 5 by 5 junctions with lanes, a gate, and restrictions. */
static char *draw_town(void)
{
    char *text = malloc(20000), *at = text;

    if (!text)
        abort();
    at += sprintf(at, "<osm>");
    for (int i = 0; i < 25; i++)
        at += sprintf(at, "<node id=\"%d\" lat=\"%.4f\" lon=\"%.4f\">%s</node>",
                      i + 1, 30 + i / 5 * 0.0005, 104 + i % 5 * 0.0007,
                      i == 7   ? "<tag k=\"barrier\" v=\"gate\"/>"
                      : i == 8 ? "<tag k=\"highway\" v=\"traffic_signals\"/>"
                               : "");
    for (int i = 0; i < 40; i++) {
        const int row = i / 8, k = i % 8, from = row * 5 + (k < 4 ? k : k - 4);
        const int to = k < 4 ? from + 1 : from + 5;

        if (to >= 25)
            continue;
        at += sprintf(at,
                      "<way id=\"%d\"><nd ref=\"%d\"/><nd ref=\"%d\"/>"
                      "<tag k=\"highway\" v=\"%s\"/>%s%s</way>",
                      i + 1, from + 1, to + 1,
                      i % 7 == 3 ? "service" : i % 5 ? "residential"
                                                     : "primary",
                      i % 6 ? "" : "<tag k=\"oneway\" v=\"yes\"/>",
                      i % 4 ? "" : "<tag k=\"name\" v=\"Long Street\"/>");
    }
    at += sprintf(at,
                  "<relation id=\"1\"><member type=\"way\" ref=\"10\" "
                  "role=\"from\"/><member type=\"node\" ref=\"8\" "
                  "role=\"via\"/><member type=\"way\" ref=\"11\" role=\"to\"/>"
                  "<tag k=\"type\" v=\"restriction\"/><tag k=\"restriction\" "
                  "v=\"no_straight_on\"/></relation>"
                  "<relation id=\"2\"><member type=\"way\" ref=\"17\" "
                  "role=\"from\"/><member type=\"way\" ref=\"18\" "
                  "role=\"via\"/><member type=\"way\" ref=\"19\" role=\"to\"/>"
                  "<tag k=\"type\" v=\"restriction\"/><tag k=\"restriction\" "
                  "v=\"no_straight_on\"/></relation></osm>");
    return text;
}

typedef struct town {
    uint8_t *bytes;
    size_t n;
    roads_file_layout layout;
} town;

static void read_index(gb_context *ctx, town *out)
{
    gb_roads *roads = NULL;
    FILE *file;

    if (gb_roads_open(ctx, path, &roads) != GB_OK)
        abort();
    roads_file_lay_out(roads, &out->layout);
    gb_roads_close(roads);
    out->n = out->layout.part_at[ROADS_FILE_PARTS];
    out->bytes = malloc(out->n);
    file = fopen(path, "rb");
    if (!out->bytes || !file
        || fread(out->bytes, 1, out->n, file) != out->n)
        abort();
    fclose(file);
}

static const town *the_town(gb_context *ctx)
{
    static town built;
    char osm[300], *text;

    if (built.bytes)
        return &built;
    text = draw_town();
    snprintf(osm, sizeof osm, "%s/town.osm", folder);
    write_file(osm, text, strlen(text));
    free(text);
    if (gb_roads_build(ctx, osm, path, NULL, NULL) != GB_OK)
        abort();
    read_index(ctx, &built);
    return &built;
}

/* ---- what is asked ---- */

static double sum; /* so that all is read */

static void ask_lines(gb_context *ctx, const gb_roads *roads)
{
    gb_roads_facts facts = { .size = sizeof facts };
    gb_roads_line_set lines;

    if (gb_roads_info(ctx, roads, &facts) || gb_roads_lines(ctx, roads, &lines))
        abort();
    for (size_t l = 0; l < lines.n_lines; l++)
        for (uint32_t p = lines.first_point[l]; p < lines.first_point[l + 1];
             p++)
            sum += lines.points[p].lon_deg;
}

static void ask_reach(gb_context *ctx, const gb_roads *roads,
                      const gb_roads_place *from)
{
    static const int32_t limits_s[] = { 30, 90 };
    gb_roads_reach_query query = GB_ROADS_REACH_QUERY_INIT;
    gb_roads_reached *reached = NULL;

    query.from = from;
    query.n_from = 1;
    query.limits_s = limits_s;
    query.n_limits = 2;
    if (gb_roads_reach(ctx, roads, &query, &reached) == GB_OK) {
        const gb_shapes areas = gb_roads_reached_areas(reached);

        for (size_t p = 0; p < areas.n_points; p++)
            sum += areas.points[p].x_m;
        sum += (double)gb_roads_reached_m(reached, 1);
    }
    gb_roads_reached_free(reached);
}

static void ask_way(gb_context *ctx, const gb_roads *roads,
                    const gb_roads_place *from, const gb_roads_place *to)
{
    gb_roads_directions *directions = NULL;
    gb_roads_path_totals totals;
    gb_lonlat line[64];
    const gb_roads_step *steps;
    size_t n;

    (void)gb_roads_path(ctx, roads, from, to, 64, line, &n, &totals);
    if (gb_roads_direct(ctx, roads, from, to, &directions) == GB_OK) {
        n = gb_roads_directions_steps(directions, &steps);
        for (size_t i = 0; i < n; i++)
            sum += steps[i].bearing_deg + (double)strlen(steps[i].name);
    }
    gb_roads_directions_free(directions);
}

static void ask_places(gb_context *ctx, const gb_roads *roads, gb_mode mode)
{
    gb_snap_options options = { sizeof options, 100000, 0 };
    gb_roads_table_query query = GB_ROADS_TABLE_QUERY_INIT;
    gb_roads_place places[N_POINTS];
    int32_t seconds[N_POINTS * N_POINTS], metres[N_POINTS * N_POINTS];
    uint32_t owners[N_POINTS];

    if (gb_roads_snap(ctx, roads, mode, points, N_POINTS, &options, places))
        abort();
    for (int i = 0; i < N_POINTS; i++) {
        gb_roads_street street = { .size = sizeof street };
        gb_roads_link link = { .size = sizeof link };
        gb_lonlat line[8];

        if (gb_roads_street_of(ctx, roads, &places[i], &street) == GB_OK)
            sum += (double)strlen(street.name);
        if (gb_roads_link_of(ctx, roads, mode, places[i].link, &link, line,
                             sizeof line / sizeof *line) == GB_OK)
            sum += (double)link.n_points + line[0].lon_deg;
    }
    query.mode = mode;
    query.from = places;
    query.n_from = N_POINTS;
    (void)gb_roads_table(ctx, roads, &query, seconds, metres);
    (void)gb_roads_catchments(ctx, roads, mode, places, 2, places, N_POINTS,
                              owners, NULL);
    ask_reach(ctx, roads, &places[0]);
    for (int i = 0; i < N_POINTS * N_POINTS; i++)
        ask_way(ctx, roads, &places[i / N_POINTS], &places[i % N_POINTS]);
}

/* Bands of the index, as hours of a day. */
static void ask_hours(gb_context *ctx, const gb_roads *roads)
{
    for (size_t i = 0; i < gb_roads_band_count(roads); i++) {
        gb_roads_band band = { .size = sizeof band };
        gb_roads_hours hours[2] = { { 0, 600 }, { 1, 900 } };

        if (gb_roads_band_at(ctx, roads, i, &band))
            abort();
        hours[1].from_s = 1 + 60 * band.from_min;
        sum += (double)strlen(band.name)
               + gb_roads_arrival_s(hours, 2, 60 * band.to_min);
    }
}

static void ask_areas(gb_context *ctx, const gb_roads *roads, gb_mode mode)
{
    gb_roads_crossing crossings[16];
    size_t n = 0;
    uint32_t *labels;

    (void)gb_roads_street_points(ctx, roads, mode, 0, NULL, &n);
    labels = calloc(n + 1, sizeof *labels);
    for (size_t i = 0; labels && i < n; i++)
        labels[i] = (uint32_t)(i / 3 % 3);
    if (labels)
        (void)gb_roads_crossings(ctx, roads, mode, labels, n, 16, crossings,
                                 &n);
    free(labels);
}

/* What a profile says of itself can be given back. */
static void ask_profile(gb_context *ctx, const gb_roads *roads)
{
    static char text[65536];
    gb_roads_speeds speeds = GB_ROADS_SPEEDS_INIT;
    gb_roads *others = NULL;
    size_t n;

    if (gb_roads_profile_json(ctx, roads, sizeof text, text, &n))
        abort();
    speeds.profile_json = text;
    (void)gb_roads_customise(ctx, roads, &speeds, &others);
    gb_roads_close(others);
}

static void ask(gb_context *ctx, const gb_roads *roads)
{
    gb_roads_speeds speeds = GB_ROADS_SPEEDS_INIT;
    gb_roads *others = NULL;

    ask_lines(ctx, roads);
    ask_hours(ctx, roads);
    ask_profile(ctx, roads);
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        ask_places(ctx, roads, (gb_mode)m);
        ask_areas(ctx, roads, (gb_mode)m);
    }
    if (gb_roads_customise(ctx, roads, &speeds, &others) == GB_OK)
        for (int m = 0; m < GB_MODE_COUNT; m++)
            ask_places(ctx, others, (gb_mode)m);
    gb_roads_close(others);
}

/* ---- what is opened ---- */

static void put_right(uint8_t *bytes, size_t n)
{
    const uint64_t size = n;
    uint8_t *hash = bytes + offsetof(roads_file_header, hash);
    XXH128_canonical_t canonical;

    if (n < sizeof(roads_file_header))
        return;
    memcpy(bytes + offsetof(roads_file_header, n_bytes), &size, sizeof size);
    memset(hash, 0, ROADS_HASH_BYTES);
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes, n));
    memcpy(hash, &canonical, sizeof canonical);
}

static void change(const town *t, uint8_t *bytes, const uint8_t *data)
{
    uint16_t array, number;
    uint64_t at, n, word;

    memcpy(&array, data, 2);
    memcpy(&number, data + 2, 2);
    array %= ROADS_FILE_SLOTS + 1;
    if (array == ROADS_FILE_SLOTS) {
        at = offsetof(roads_file_header, south_west);
        n = sizeof(roads_file_header) - at;
    } else {
        at = t->layout.slots[array].at;
        n = t->layout.slots[array].n_bytes;
    }
    word = n < 4 ? 0 : number % (n / 4);
    memcpy(bytes + at + 4 * word, data + 4, n < 4 ? n : 4);
}

/* The file, malloc'ed; its size in *n. */
static uint8_t *file_of(gb_context *ctx, const uint8_t *data, size_t size,
                        size_t *n)
{
    const bool is_file = size > 0 && data[0] == 'F';
    const town *t = is_file ? NULL : the_town(ctx);
    uint8_t *bytes;

    *n = is_file ? size - 1 : t->n;
    bytes = malloc(*n + 1);
    if (!bytes)
        abort();
    memcpy(bytes, is_file ? data + 1 : t->bytes, *n);
    for (; !is_file && size >= 8; data += 8, size -= 8)
        change(t, bytes, data);
    put_right(bytes, *n);
    return bytes;
}

static void make_folder(void)
{
    const char *where = getenv("TMPDIR");

    snprintf(folder, sizeof folder, "%s/fuzz_roads_index_XXXXXX",
             where && strlen(where) < 150 ? where : "/tmp");
    if (!mkdtemp(folder))
        abort();
    snprintf(path, sizeof path, "%s/x.roads", folder);
    atexit(remove_files);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_context *ctx = NULL;
    gb_roads *roads = NULL;
    uint8_t *bytes;
    size_t n;

    if (!folder[0])
        make_folder();
    if (gb_context_new(NULL, &ctx) != GB_OK)
        return 0;
    bytes = file_of(ctx, data, size, &n);
    write_file(path, bytes, n);
    free(bytes);
    if (gb_roads_open(ctx, path, &roads) == GB_OK)
        ask(ctx, roads);
    gb_roads_close(roads);
    gb_context_free(ctx);
    if (sum < -1e18)
        abort();
    return 0;
}
