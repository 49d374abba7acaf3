/*
 * The index on disk: what is written is what is opened; a damaged file is
 * refused, a forged one with the right checksum too.
 */
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#include "faulty_alloc.h"
#include "hand_source.h"
#include "roads_file.h"
#include "roads_file_layout.h"

enum { MOST = 256 };

static gb_context *ctx;
static base_run run;
static hand_source hand;
static roads_map_built built;
static gb_roads index_;
static char path[512], folder[400];

/* Arrays of the one mode that all three have. */
static uint32_t heads[MOST], arc_streets[MOST], starts[MOST],
    first_target[MOST], targets[MOST], up_first[MOST], up_ends[MOST],
    arc_edges[MOST], parents[MOST], graph_first[2][MOST],
    graph_ends[2][MOST], graph_via[2][MOST];
static uint16_t arc_turns[MOST];
static uint8_t ends[MOST], use[MOST];
static double street_weights[MOST], turn_weights[ROADS_TURN_COUNT],
    graph_weights[2][MOST];
static gb_lonlat line_points[2] = { { 104, 30 }, { 104.001, 30 } };
static uint8_t line_classes[1] = { GB_LINE_RAIL };
static uint32_t line_first[2] = { 0, 2 };

/* States are vertices, as on foot; every two are joined. */
static void fill_states(const roads_map *map, roads_states *s,
                        roads_hierarchy *h)
{
    const uint32_t n = (uint32_t)map->n_vertices;
    uint32_t n_edges = 0;

    for (uint32_t v = 0; v < n; v++) {
        up_first[v] = n_edges;
        for (uint32_t w = v + 1; w < n; w++)
            up_ends[n_edges++] = w;
        parents[v] = v + 1 < n ? v + 1 : ROADS_NONE;
    }
    up_first[n] = n_edges;
    for (uint32_t i = 0; i < 2 * map->n_links; i++) {
        const uint32_t street = map->streets[i];
        const uint32_t tail = roads_street_tail(map, street);
        const uint32_t head = roads_street_head(map, street);
        const uint32_t low = tail < head ? tail : head;

        heads[i] = head;
        arc_streets[i] = street;
        arc_turns[i] = ROADS_TURN_NONE;
        arc_edges[i] = tail == head ? ROADS_NONE
                                    : up_first[low] + (tail ^ head ^ low)
                                          - low - 1;
        starts[i] = roads_street_tail(map, i);
        first_target[i] = i;
        targets[i] = starts[i];
        use[i] = ROADS_USE_START | ROADS_USE_TARGET;
        street_weights[i] = roads_weight(100, map->links[i / 2].cm);
    }
    first_target[2 * map->n_links] = (uint32_t)(2 * map->n_links);
    *s = (roads_states){ n, 2 * map->n_links, 2 * map->n_links,
                         map->first_street, heads, arc_streets, arc_turns,
                         starts, first_target, targets, ends };
    *h = (roads_hierarchy){ n, { n_edges, up_first, up_ends },
                            { n_edges, up_first, up_ends }, arc_edges,
                            parents };
}

/* The arcs that go up (or down), and one detour over the lowest state. */
static roads_graph graph_of(const roads_states *s, int down)
{
    uint32_t n = 0;

    for (uint32_t v = 0; v < s->n_states; v++) {
        graph_first[down][v] = n;
        for (uint32_t w = v + 1; w < s->n_states; w++)
            for (uint32_t t = down ? w : v, a = s->first_arc[t];
                 a < s->first_arc[t + 1]; a++)
                if (heads[a] == (down ? v : w)) {
                    graph_ends[down][n] = w;
                    graph_weights[down][n] = street_weights[arc_streets[a]];
                    graph_via[down][n++] = a | ROADS_VIA_ARC;
                    break;
                }
    }
    graph_first[down][s->n_states] = n;
    graph_via[down][n - 1] = 0;
    return (roads_graph){ n, graph_first[down], graph_ends[down],
                          graph_weights[down], graph_via[down] };
}

static void fill_profile(roads_profile *profile)
{
    profile->n_bands = 1;
    snprintf(profile->bands[0].name, sizeof profile->bands[0].name, "rush");
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        profile->modes[m].turns.bias = 1.0625;
        profile->modes[m].speed_dkmh[ROADS_CLASS_FOOTWAY] = 50;
        profile->modes[m].contraflow = m == GB_MODE_EBIKE;
        for (int c = 0; c < ROADS_CLASS_COUNT; c++)
            profile->bands[0].factor[m][c] = 0.5;
    }
}

/* A square with both diagonals, one bent, a name and a restriction. */
static void make_index(void)
{
    gb_roads_report report = { 0 };

    hand_node(&hand, 0, 0);
    hand_node(&hand, 100, 0);
    hand_node(&hand, 100, 100);
    hand_node(&hand, 0, 100);
    hand_node(&hand, 60, 40);
    hand_way(&hand, HAND_STREET, 1, "0 1");
    hand_way(&hand, HAND_STREET, 2, "1 2");
    hand_way(&hand, HAND_STREET, 1, "2 3");
    hand_way(&hand, HAND_STREET, 1, "3 0");
    hand_way(&hand, HAND_LANE, 0, "0 2");
    hand_way(&hand, HAND_LANE, 0, "1 4 3");
    hand_ban(&hand, 0, "1", 1, false);
    assert_ok(ctx, roads_map_build(&run, hand_take(&hand), &built, &report));
    memset(&index_, 0, sizeof index_);
    index_.mem = run.mem;
    index_.map = built.view;
    index_.lines =
        (gb_roads_line_set){ 1, 2, line_classes, line_first, line_points };
    fill_profile(&index_.profile);
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        roads_mode *mode = &index_.modes[m];

        fill_states(&built.view, &mode->states, &mode->hierarchy);
        turn_weights[0] = ROADS_CLOSED;
        mode->metric = (roads_metric){
            street_weights, turn_weights, use, graph_of(&mode->states, 0),
            graph_of(&mode->states, 1), 100 + m, 50, 6
        };
        mode->band = m - 1;
    }
    index_.modes[2].band = 0;
}

static void set_up(void)
{
    ctx = test_context();
    base_run_begin(&run, ctx, (base_limits){ 0 });
    memset(&hand, 0, sizeof hand);
    snprintf(folder, sizeof folder, "%s", test_folder());
    snprintf(path, sizeof path, "%s/small.roads", folder);
    make_index();
}

static void tear_down(void)
{
    roads_map_clear(run.mem, &built);
    gb_context_free(ctx);
}

static void write_index(void)
{
    assert_ok(ctx, roads_file_write(&run, path, &index_));
}

static gb_status try_open(void)
{
    gb_roads *roads = NULL;
    const gb_status status = roads_file_open(ctx, path, &roads);

    ck_assert((status == GB_OK) == (roads != NULL));
    roads_file_close(roads);
    return status;
}

/* ---- what is written ---- */

START_TEST(what_is_written_is_what_is_opened)
{
    roads_file_layout wrote, opened;
    gb_roads *roads;

    write_index();
    assert_ok(ctx, roads_file_open(ctx, path, &roads));
    roads_file_lay_out(&index_, &wrote);
    roads_file_lay_out(roads, &opened);
    for (int i = 0; i < ROADS_FILE_SLOTS; i++) {
        ck_assert_uint_eq(wrote.slots[i].at, opened.slots[i].at);
        ck_assert_uint_eq(wrote.slots[i].at % 64, 0);
        ck_assert_uint_eq(wrote.slots[i].n_bytes, opened.slots[i].n_bytes);
        ck_assert_int_eq(memcmp(roads_slot_get(&wrote.slots[i]),
                                roads_slot_get(&opened.slots[i]),
                                wrote.slots[i].n_bytes), 0);
    }
    ck_assert_uint_eq(roads->map.n_boxes, index_.map.n_boxes);
    ck_assert_uint_eq(roads->map.length_unit_cm, 1);
    ck_assert_uint_eq(roads->modes[1].metric.n_routable, 6);
    ck_assert_int_eq(roads->modes[2].metric.open_cm, 102);
    ck_assert_int_eq(roads->modes[0].band, -1);
    ck_assert_int_eq(roads->modes[2].band, 0);
    ck_assert_int_eq(memcmp(roads->hash, index_.hash, 32), 0);
    ck_assert_uint_eq(roads->n_bytes, index_.n_bytes);
    ck_assert_int_eq(roads->south_west.lon, 1040000000);
    ck_assert_int_eq(roads->north_east.lat, index_.north_east.lat);
    ck_assert_str_eq(roads->profile.bands[0].name, "rush");
    ck_assert_int_eq(roads->profile.n_bands, 1);
    ck_assert(roads->profile.modes[GB_MODE_EBIKE].contraflow);
    ck_assert(!roads->profile.modes[GB_MODE_CAR].contraflow);
    ck_assert_uint_eq(roads->profile.modes[0].speed_dkmh[ROADS_CLASS_FOOTWAY],
                      50);
    assert_near(roads->profile.modes[2].turns.bias, 1.0625, 0);
    assert_near(roads->profile.bands[0].factor[2][3], 0.5, 0);
    assert_ok(ctx, roads_file_check_again(ctx, roads));
    roads_file_close(roads);
}
END_TEST

START_TEST(equal_indexes_are_equal_bytes)
{
    size_t n, m;
    char *first, *second;

    write_index();
    first = test_read_file(path, &n);
    /* What the profile has behind its ends must not show. */
    index_.profile.bands[0].name[20] = 'x';
    index_.profile.bands[3].from_min = 7;
    write_index();
    second = test_read_file(path, &m);
    ck_assert_uint_eq(n, m);
    ck_assert_int_eq(memcmp(first, second, n), 0);
    free(first);
    free(second);
}
END_TEST

START_TEST(an_index_without_lines_and_streets_is_one)
{
    gb_roads empty = { .map = { .length_unit_cm = 1 } };
    const roads_link none = { 0 };

    empty.map.links = &none;
    write_index();
    memcpy(&empty.profile, &index_.profile, sizeof empty.profile);
    assert_ok(ctx, roads_file_write(&run, path, &empty));
    assert_ok(ctx, try_open());
}
END_TEST

START_TEST(an_open_index_outlives_its_file_and_its_context)
{
    gb_context *other = test_context();
    gb_roads *roads;

    write_index();
    assert_ok(other, roads_file_open(other, path, &roads));
    unlink(path);
    gb_context_free(other);
    ck_assert_uint_eq(roads->map.links[0].cm, index_.map.links[0].cm);
    roads_mapping_ref(roads->mapping);
    roads_mapping_unref(roads->mapping);
    roads_file_close(roads);
    roads_file_close(NULL);
}
END_TEST

START_TEST(a_failed_write_leaves_the_older_index_and_nothing_else)
{
    char *before, *after, none[600], seen[600];
    size_t n, m;

    write_index();
    before = test_read_file(path, &n);
    snprintf(none, sizeof none, "%s/none/x.roads", folder);
    assert_status(ctx, GB_ERR_IO, roads_file_write(&run, none, &index_));
    gb_context_cancel(ctx);
    run.until_look = 0;
    index_.modes[0].band = 0;
    assert_status(ctx, GB_ERR_CANCELLED,
                  roads_file_write(&run, path, &index_));
    after = test_read_file(path, &m);
    ck_assert_uint_eq(n, m);
    ck_assert_int_eq(memcmp(before, after, n), 0);
    snprintf(seen, sizeof seen, "%s.%ld.0.tmp", path, (long)getpid());
    ck_assert_int_ne(access(seen, F_OK), 0);
    free(before);
    free(after);
}
END_TEST

START_TEST(lack_of_memory_is_told_and_nothing_is_left)
{
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, _i);
        gb_context *poor = faulty_context(&mem);
        gb_roads *roads = NULL;
        base_run poor_run;
        gb_status status = GB_ERR_NOMEM;

        if (poor) {
            base_run_begin(&poor_run, poor, (base_limits){ 0 });
            status = roads_file_write(&poor_run, path, &index_);
            if (!status)
                status = roads_file_open(poor, path, &roads);
        }
        ck_assert((status == GB_OK) == (roads != NULL));
        gb_context_free(poor);
        roads_file_close(roads);
        ck_assert_int_eq(mem.live_blocks, 0);
        ck_assert_int_eq(status, mem.failures ? GB_ERR_NOMEM : GB_OK);
        if (!mem.failures)
            break;
    }
}
END_TEST

/* ---- what is refused ---- */

START_TEST(what_is_no_index_is_refused)
{
    snprintf(path, sizeof path, "%s/none.roads", folder);
    assert_status(ctx, GB_ERR_IO, try_open());
    test_write_file(path, "", 0);
    assert_status(ctx, GB_ERR_PARSE, try_open());
    test_write_file(path, "GBROADZ", 8);
    assert_status(ctx, GB_ERR_PARSE, try_open());
    snprintf(path, sizeof path, "%s", folder);
    assert_status(ctx, GB_ERR_IO, try_open());
}
END_TEST

START_TEST(another_version_is_named)
{
    char *bytes;
    size_t n;

    write_index();
    bytes = test_read_file(path, &n);
    bytes[8] = 1;
    test_write_file(path, bytes, n);
    assert_status(ctx, GB_ERR_SCHEMA, try_open());
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "version 1"));
    free(bytes);
}
END_TEST

START_TEST(a_file_cut_anywhere_is_refused)
{
    roads_file_layout layout;
    char *bytes;
    size_t n;

    write_index();
    roads_file_lay_out(&index_, &layout);
    bytes = test_read_file(path, &n);
    for (int i = 0; i < ROADS_FILE_SLOTS; i++)
        for (int d = -1; d < 2; d++) {
            const size_t cut = layout.slots[i].at + (size_t)d;

            if (cut >= n)
                continue;
            test_write_file(path, bytes, cut);
            assert_status(ctx, GB_ERR_INTEGRITY, try_open());
            ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "truncated"));
        }
    for (size_t cut = 8; cut < sizeof(roads_file_header); cut += 97) {
        test_write_file(path, bytes, cut);
        assert_status(ctx, GB_ERR_INTEGRITY, try_open());
    }
    free(bytes);
}
END_TEST

START_TEST(a_bit_flipped_anywhere_is_refused)
{
    char *bytes;
    size_t n;

    write_index();
    bytes = test_read_file(path, &n);
    for (size_t at = 0; at < n; at += at < 512 ? 1 : 61) {
        gb_status status;

        bytes[at] ^= (char)(1 << at % 8);
        test_write_file(path, bytes, n);
        status = try_open();
        ck_assert_msg(status == (at < 8    ? GB_ERR_PARSE
                                 : at < 16 ? GB_ERR_SCHEMA
                                           : GB_ERR_INTEGRITY),
                      "byte %zu: %s", at, gb_status_name(status));
        bytes[at] ^= (char)(1 << at % 8);
    }
    free(bytes);
}
END_TEST

START_TEST(a_change_while_it_is_open_is_noticed)
{
    gb_roads *roads;
    FILE *file;

    write_index();
    assert_ok(ctx, roads_file_open(ctx, path, &roads));
    file = fopen(path, "r+b");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, -1, SEEK_END), 0);
    fputc(0x55, file);
    fclose(file);
    assert_status(ctx, GB_ERR_INTEGRITY, roads_file_check_again(ctx, roads));
    roads_file_close(roads);
}
END_TEST

/* ---- forged ---- */

static void put_hash(char *bytes, size_t n)
{
    XXH128_canonical_t canonical;
    char *hash = bytes + offsetof(roads_file_header, hash);

    memset(hash, 0, ROADS_HASH_BYTES);
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes, n));
    memcpy(hash, &canonical, sizeof canonical);
}

/* Where the arrays are among the slots. */
enum {
    PLACES = 0, FIRST_STREET = 2, STREETS, LINKS, POINTS, KINDS, NAMES,
    NAME_AT, FIRST_BAN, BAN_STREETS, BAN_MODES, SEGMENTS, BOXES, LINE_CLASSES,
    LINE_FIRST, LINE_POINTS,
    CAR = ROADS_FILE_MAP_SLOTS + 2 * ROADS_FILE_MODE_SLOTS, FIRST_ARC = CAR,
    HEADS, ARC_STREETS, ARC_TURNS, STARTS, FIRST_TARGET, TARGETS, ENDS,
    UP_FIRST, UP_ENDS, DOWN_FIRST, DOWN_ENDS, ARC_EDGES, PARENTS,
    STREET_WEIGHTS, TURN_WEIGHTS, USE, GRAPH_UP_FIRST, GRAPH_UP_ENDS,
    GRAPH_UP_WEIGHTS, GRAPH_UP_VIA, GRAPH_DOWN_FIRST, GRAPH_DOWN_ENDS,
    GRAPH_DOWN_WEIGHTS, GRAPH_DOWN_VIA
};

/* `word`: which 32 bits of the array; they become `value`. */
typedef struct forgery {
    int slot;
    size_t word;
    uint32_t value;
    const char *says;
} forgery;

/* Of the four bytes at a word, bytes that are no numbers of their own. */
#define BYTES(b) (UINT32_C(0x01010101) * (b))

static const forgery forgeries[] = {
    { PLACES, 0, 1800000001, "off the globe" },
    { FIRST_STREET, 0, 1, "leave its vertex" },
    { FIRST_STREET, 1, 100, "leave its vertex" },
    { FIRST_STREET, 1, 2, "leave its vertex" },
    { STREETS, 0, 12, "leave its vertex" },
    { STREETS, 1, 0x80000000, "leave its vertex" },
    { STREETS, 1, 0, "leave its vertex" }, /* twice */
    { LINKS, 0, 4, "goes nowhere" },
    { LINKS, 1, UINT32_MAX, "goes nowhere" },
    { LINKS, 3, 1, "goes nowhere" },
    { LINKS, 3 + 7, 1, "goes nowhere" },
    { LINKS, 3 + 7, 100, "goes nowhere" },
    { LINKS, 4, HAND_KINDS, "goes nowhere" },
    { LINKS, 5, 3, "goes nowhere" },
    { LINKS, 3 + 6 * 7, 12, "goes nowhere" },
    { POINTS, 1, 900000001, "off the globe" },
    { KINDS, 0, ROADS_CLASS_COUNT, "kind of street" },
    { KINDS, 1, 6, "kind of street" },
    { KINDS, 1, 0x03000000, "kind of street" }, /* oneway */
    { KINDS, 2, 0x00000004, "kind of street" }, /* of bicycles */
    { NAMES, 6, 0x78787878, "name without" },
    { NAME_AT, 2, 25, "name without" },
    { FIRST_BAN, 0, 1, "do not meet" },
    { FIRST_BAN, 1, 1, "do not meet" },
    { BAN_STREETS, 0, 12, "do not meet" },
    { SEGMENTS, 0, 1040000001, "segment" },
    { SEGMENTS, 3, 5, "segment" },
    { SEGMENTS, 4, UINT32_MAX, "segment" },
    { SEGMENTS, 4, 12, "segment" },
    { SEGMENTS, 5, 6, "segment" },
    { SEGMENTS, 5, 0xfffffff0, "segment" },
    { LINE_CLASSES, 0, 6, "line" },
    { LINE_FIRST, 0, 1, "line" },
    { LINE_FIRST, 1, 1, "line" },
    { LINE_POINTS, 1, 0x7ff80000, "line" }, /* no number */
    { FIRST_ARC, 1, 0x80000000, "leads nowhere" },
    { FIRST_ARC, 4, 11, "leads nowhere" },
    { HEADS, 11, 4, "leads nowhere" },
    { ARC_STREETS, 0, 12, "leads nowhere" },
    { ARC_TURNS, 0, ROADS_TURN_COUNT, "leads nowhere" },
    { STARTS, 0, 4, "leads nowhere" },
    { STARTS, 0, ROADS_NONE, "weight or use" },
    { FIRST_TARGET, 1, 3, "leads nowhere" },
    { FIRST_TARGET, 1, 2, "weight or use" }, /* street 1 has none */
    { TARGETS, 0, UINT32_MAX, "leads nowhere" },
    { ENDS, 0, BYTES(2), "leads nowhere" },
    { UP_FIRST, 4, 5, "edge" },
    { UP_ENDS, 0, 0, "edge" },  /* to itself */
    { UP_ENDS, 1, 1, "edge" },  /* twice */
    { UP_ENDS, 2, 4, "edge" },
    { DOWN_ENDS, 5, 2, "edge" },
    { ARC_EDGES, 0, 5, NULL }, /* of other ends: wrong, but harmless */
    { ARC_EDGES, 0, 6, "edge" },
    { ARC_EDGES, 0, 100, "edge" },
    { PARENTS, 0, 0, "edge" },
    { PARENTS, 0, 4, "edge" },
    { PARENTS, 2, 1, "edge" },
    { STREET_WEIGHTS, 1, 0xbff00000, "weight" },
    { STREET_WEIGHTS, 1, 0xfff00000, "weight" }, /* or no number */
    { STREET_WEIGHTS, 1, 0x3fe00000, "weight" }, /* no whole one */
    { TURN_WEIGHTS, 3, 0x43300000, "weight" },   /* 2^52 */
    { USE, 0, BYTES(4), "weight or use" },
    { GRAPH_UP_FIRST, 0, 1, "arc" },
    { GRAPH_UP_ENDS, 0, 0, "arc" },
    { GRAPH_UP_WEIGHTS, 1, 0x7ff00000, "arc" },
    { GRAPH_UP_VIA, 0, 3, NULL },          /* not lower than its row */
    { GRAPH_UP_VIA, 0, 0x8000000b, NULL }, /* of other ends */
    { GRAPH_UP_VIA, 0, 4, "arc" },
    { GRAPH_UP_VIA, 0, 0x8000000c, "arc" },
    { GRAPH_DOWN_ENDS, 0, 77, "arc" },
    { GRAPH_DOWN_WEIGHTS, 0, 0, NULL }, /* wrong, but harmless */
    { GRAPH_DOWN_VIA, 0, 0xffffffff, "arc" },
    { BOXES, 0, 5, NULL },
    { BAN_MODES, 0, 7, NULL },
};

START_TEST(a_forged_number_is_refused_by_its_place)
{
    const forgery *f = &forgeries[_i];
    roads_file_layout layout;
    roads_file_slot *slot;
    char *bytes;
    size_t n;

    write_index();
    roads_file_lay_out(&index_, &layout);
    slot = &layout.slots[f->slot];
    bytes = test_read_file(path, &n);
    ck_assert_uint_lt(4 * f->word, slot->n_bytes);
    memcpy(bytes + slot->at + 4 * f->word, &f->value, 4);
    put_hash(bytes, n);
    test_write_file(path, bytes, n);
    assert_status(ctx, f->says ? GB_ERR_INTEGRITY : GB_OK, try_open());
    if (f->says)
        ck_assert_msg(strstr(gb_last_error(ctx), f->says) != NULL,
                      "%s is not in %s", f->says, gb_last_error(ctx));
    free(bytes);
}
END_TEST

START_TEST(a_forged_header_is_refused)
{
    static const size_t counts[] = {
        offsetof(roads_file_header, n_vertices),
        offsetof(roads_file_header, n_links),
        offsetof(roads_file_header, n_points),
        offsetof(roads_file_header, n_kinds),
        offsetof(roads_file_header, n_names),
        offsetof(roads_file_header, n_name_bytes),
        offsetof(roads_file_header, n_bans),
        offsetof(roads_file_header, n_ban_streets),
        offsetof(roads_file_header, n_lines),
        offsetof(roads_file_header, n_line_points),
        offsetof(roads_file_header, modes),
        offsetof(roads_file_header, modes) + 8,
        offsetof(roads_file_header, modes) + 24,
        offsetof(roads_file_header, modes) + 48,
    };
    static const uint64_t values[] = { 1000, UINT64_C(1) << 31,
                                       UINT64_C(1) << 32,
                                       UINT64_C(1) << 63, UINT64_MAX };
    char *bytes, *copy;
    size_t n;

    write_index();
    bytes = test_read_file(path, &n);
    copy = malloc(n);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        for (size_t k = 0; k < sizeof values / sizeof values[0]; k++) {
            memcpy(copy, bytes, n);
            memcpy(copy + counts[i], &values[k], 8);
            put_hash(copy, n);
            test_write_file(path, copy, n);
            assert_status(ctx, GB_ERR_INTEGRITY, try_open());
            if (k > 0)
                ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "header"));
        }
    /* A profile of numbers that are none; a band that there is not. */
    memcpy(copy, bytes, n);
    memset(copy + offsetof(roads_file_header, profile) + 122, 0xff, 8);
    put_hash(copy, n);
    test_write_file(path, copy, n);
    assert_status(ctx, GB_ERR_INTEGRITY, try_open());
    memcpy(copy, bytes, n);
    copy[offsetof(roads_file_header, modes)
         + offsetof(roads_file_mode, band)] = 1;
    put_hash(copy, n);
    test_write_file(path, copy, n);
    assert_status(ctx, GB_ERR_INTEGRITY, try_open());
    free(copy);
    free(bytes);
}
END_TEST

Suite *test_suite(void)
{
    const TTest *const all[] = {
        what_is_written_is_what_is_opened,
        equal_indexes_are_equal_bytes,
        an_index_without_lines_and_streets_is_one,
        an_open_index_outlives_its_file_and_its_context,
        a_failed_write_leaves_the_older_index_and_nothing_else,
        what_is_no_index_is_refused,
        another_version_is_named,
        a_file_cut_anywhere_is_refused,
        a_bit_flipped_anywhere_is_refused,
        a_change_while_it_is_open_is_noticed,
        a_forged_header_is_refused,
    };
    Suite *suite = suite_create("roads_file");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 30);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        tcase_add_test(tcase, all[i]);
    tcase_add_loop_test(tcase, a_forged_number_is_refused_by_its_place, 0,
                        sizeof forgeries / sizeof forgeries[0]);
    tcase_add_loop_test(tcase, lack_of_memory_is_told_and_nothing_is_left, 0,
                        2);
    suite_add_tcase(suite, tcase);
    return suite;
}
