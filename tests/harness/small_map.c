#include "small_map.h"

#include "test.h"

struct small_map_arrays {
    roads_e7 places[SMALL_MAP_VERTICES];
    uint8_t vertex_flags[SMALL_MAP_VERTICES];
    uint32_t first_street[SMALL_MAP_VERTICES + 1];
    uint32_t streets[2 * SMALL_MAP_LINKS];
    roads_link links[SMALL_MAP_LINKS + 1];
    roads_e7 points[2 * SMALL_MAP_LINKS];
    roads_kind kinds[SMALL_MAP_KINDS];
    char names[1];
    uint32_t name_at[1];
    uint32_t first_ban[SMALL_MAP_BANS + 1];
    uint32_t ban_streets[SMALL_MAP_BANS * 4];
    uint8_t ban_modes[SMALL_MAP_BANS];
};

static void point_view(small_map *map)
{
    struct small_map_arrays *a = map->self;
    roads_map *view = &map->view;

    view->places = a->places;
    view->vertex_flags = a->vertex_flags;
    view->first_street = a->first_street;
    view->streets = a->streets;
    view->links = a->links;
    view->points = a->points;
    view->kinds = a->kinds;
    view->names = a->names;
    view->name_at = a->name_at;
    view->first_ban = a->first_ban;
    view->ban_streets = a->ban_streets;
    view->ban_modes = a->ban_modes;
    view->n_names = view->n_name_bytes = 1;
    view->length_unit_cm = 1;
}

/* All fields that speeds and turns come from, so that a test does not depend
 * on what the profile that is built in says. */
static void plain_profile(roads_profile *profile)
{
    memset(profile, 0, sizeof *profile);
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        roads_mode_profile *mode = &profile->modes[m];

        for (int c = 0; c < ROADS_CLASS_COUNT; c++)
            mode->speed_dkmh[c] = mode->own_dkmh[c] = 360;
        mode->is_end_private = 1;
        mode->push_dkmh = 50;
        mode->slowest_dkmh = 10;
        mode->fastest_dkmh = 1200;
        mode->is_turn_aware = m != GB_MODE_FOOT;
        mode->turns.bias = 1;
        mode->turns.u_turn_anywhere = true;
    }
}

void small_map_begin(small_map *map, size_t n_vertices)
{
    const uint32_t side = n_vertices > 16 ? 8 : 4;

    ck_assert_uint_le(n_vertices, SMALL_MAP_VERTICES);
    memset(map, 0, sizeof *map);
    map->self = calloc(1, sizeof *map->self);
    ck_assert_ptr_nonnull(map->self);
    point_view(map);
    map->view.n_vertices = n_vertices;
    for (uint32_t v = 0; v < n_vertices; v++)
        map->self->places[v] =
            (roads_e7){ 1040000000 + (int32_t)(v % side) * 1000,
                        300000000 + (int32_t)(v / side) * 1000 };
    plain_profile(&map->profile);
}

void small_map_clear(small_map *map)
{
    free(map->self);
    memset(map, 0, sizeof *map);
}

roads_kind small_map_residential(void)
{
    return (roads_kind){ .class = ROADS_CLASS_RESIDENTIAL,
                         .oneway_bicycle = ROADS_ONEWAY_UNSAID };
}

uint32_t small_map_kind(small_map *map, roads_kind kind)
{
    ck_assert_uint_lt(map->view.n_kinds, SMALL_MAP_KINDS);
    map->self->kinds[map->view.n_kinds] = kind;
    return (uint32_t)map->view.n_kinds++;
}

uint32_t small_map_link(small_map *map, uint32_t from, uint32_t to,
                        uint32_t cm, uint32_t kind)
{
    struct small_map_arrays *a = map->self;
    const uint32_t l = (uint32_t)map->view.n_links;

    ck_assert_uint_lt(l, SMALL_MAP_LINKS);
    ck_assert_uint_lt(from, map->view.n_vertices);
    ck_assert_uint_lt(to, map->view.n_vertices);
    if (l > 0)
        ck_assert(a->links[l - 1].from < from
                  || (a->links[l - 1].from == from
                      && a->links[l - 1].to <= to));
    a->links[l] = (roads_link){ .from = from, .to = to, .cm = cm,
                                .first_point = 2 * l, .kind = kind,
                                .bearing = { 64, 192 } };
    a->points[2 * l] = a->places[from];
    a->points[2 * l + 1] = a->places[to];
    map->view.n_links++;
    return l;
}

void small_map_bearing(small_map *map, uint32_t link, uint8_t setting_out,
                       uint8_t against)
{
    map->self->links[link].bearing[0] = setting_out;
    map->self->links[link].bearing[1] = against;
}

void small_map_vertex(small_map *map, uint32_t vertex, uint8_t flags)
{
    map->self->vertex_flags[vertex] = flags;
}

void small_map_ban(small_map *map, uint8_t modes, const uint32_t *streets,
                   size_t n)
{
    struct small_map_arrays *a = map->self;
    roads_map *view = &map->view;

    ck_assert_uint_lt(view->n_bans, SMALL_MAP_BANS);
    ck_assert(n >= 2 && n <= 4);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            ck_assert_uint_eq(roads_street_head(view, streets[i - 1]),
                              roads_street_tail(view, streets[i]));
        a->ban_streets[view->n_ban_streets++] = streets[i];
    }
    a->ban_modes[view->n_bans++] = modes;
    a->first_ban[view->n_bans] = (uint32_t)view->n_ban_streets;
}

/* Rows of streets by the vertex that they leave. */
void small_map_finish(small_map *map)
{
    struct small_map_arrays *a = map->self;
    roads_map *view = &map->view;
    uint32_t n = 0;

    for (uint32_t v = 0; v < view->n_vertices; v++) {
        a->first_street[v] = n;
        for (uint32_t s = 0; s < 2 * view->n_links; s++)
            if (roads_street_tail(view, s) == v)
                a->streets[n++] = s;
    }
    a->first_street[view->n_vertices] = n;
    view->n_points = 2 * view->n_links;
    a->links[view->n_links].first_point = (uint32_t)view->n_points;
}

/* ---- by chance ---- */

static roads_kind random_kind(base_rng *rng)
{
    static const uint8_t classes[] = {
        ROADS_CLASS_PRIMARY, ROADS_CLASS_RESIDENTIAL, ROADS_CLASS_RESIDENTIAL,
        ROADS_CLASS_LIVING_STREET, ROADS_CLASS_SERVICE, ROADS_CLASS_SERVICE,
        ROADS_CLASS_FOOTWAY, ROADS_CLASS_CYCLEWAY
    };
    roads_kind kind = small_map_residential();

    kind.class = classes[base_rng_below(rng, sizeof classes)];
    if (base_rng_chance(rng, 0.35))
        kind.oneway = base_rng_chance(rng, 0.5) ? 1 : -1;
    if (base_rng_chance(rng, 0.15))
        kind.oneway_bicycle = (int8_t)base_rng_between(rng, -1, 1);
    if (base_rng_chance(rng, 0.2))
        kind.access[ROADS_ACCESS_ALL] =
            base_rng_chance(rng, 0.7) ? ROADS_ACCESS_PRIVATE
                                      : ROADS_ACCESS_DESTINATION;
    if (base_rng_chance(rng, 0.1))
        kind.access[base_rng_below(rng, ROADS_ACCESS_KEY_COUNT)] =
            (uint8_t)base_rng_below(rng, 6);
    for (int d = 0; d < 2; d++)
        if (base_rng_chance(rng, 0.2))
            kind.limit_dkmh[d] = (uint16_t)base_rng_between(rng, 50, 900);
    return kind;
}

static void random_profile(base_rng *rng, roads_profile *profile)
{
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        roads_mode_profile *mode = &profile->modes[m];

        for (int c = 0; c < ROADS_CLASS_COUNT; c++) {
            mode->speed_dkmh[c] = mode->own_dkmh[c] =
                base_rng_chance(rng, 0.03)
                    ? 0
                    : (uint16_t)base_rng_between(rng, 40, 900);
            mode->is_end[c] = c == ROADS_CLASS_SERVICE
                              && base_rng_chance(rng, 0.5);
        }
        mode->is_end_private = base_rng_chance(rng, 0.7);
        mode->is_end_destination = base_rng_chance(rng, 0.5);
        mode->limit_share = base_rng_chance(rng, 0.5) ? 0.8 : 0;
        mode->limit_raises = base_rng_chance(rng, 0.5);
        mode->contraflow = m == GB_MODE_EBIKE && base_rng_chance(rng, 0.3);
        mode->turns.turn_s = (double)base_rng_between(rng, 0, 10);
        mode->turns.bias = base_rng_chance(rng, 0.5) ? 1 : 1.4;
        mode->turns.u_turn_s = (double)base_rng_between(rng, 0, 20);
        mode->turns.u_turn_anywhere = base_rng_chance(rng, 0.4);
        mode->turns.signal_s = (double)base_rng_between(rng, 0, 3);
    }
}

static uint32_t random_cm(base_rng *rng)
{
    if (base_rng_chance(rng, 0.15))
        return 0;
    return base_rng_chance(rng, 0.3) ? (uint32_t)base_rng_between(rng, 1, 9)
                                     : (uint32_t)base_rng_between(rng, 10,
                                                                  9000);
}

static int compare_ends(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    for (int i = 0; i < 2; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

static void random_links(base_rng *rng, small_map *map, size_t n_links)
{
    const uint64_t n = map->view.n_vertices;
    uint32_t ends[SMALL_MAP_LINKS][2];

    ck_assert_uint_le(n_links, SMALL_MAP_LINKS);
    for (size_t i = 0; i < n_links; i++) {
        ends[i][0] = (uint32_t)base_rng_below(rng, n);
        ends[i][1] = base_rng_chance(rng, 0.4)
                         ? (uint32_t)((ends[i][0] + 1) % n)
                         : (uint32_t)base_rng_below(rng, n);
        if (i > 0 && base_rng_chance(rng, 0.1))
            memcpy(ends[i], ends[base_rng_below(rng, i)], sizeof ends[i]);
    }
    qsort(ends, n_links, sizeof ends[0], compare_ends);
    for (size_t i = 0; i < n_links; i++) {
        const uint32_t l = small_map_link(
            map, ends[i][0], ends[i][1], random_cm(rng),
            (uint32_t)base_rng_below(rng, map->view.n_kinds));

        small_map_bearing(map, l, (uint8_t)base_rng_below(rng, 256),
                          (uint8_t)base_rng_below(rng, 256));
        map->self->links[l].n_signals = base_rng_chance(rng, 0.1);
    }
}

/* A walk of two to four streets; now and then straight back. */
static void random_ban(base_rng *rng, small_map *map)
{
    const roads_map *view = &map->view;
    const size_t n = 2 + base_rng_below(rng, 3);
    uint32_t run[4];

    run[0] = (uint32_t)base_rng_below(rng, 2 * view->n_links);
    for (size_t i = 1; i < n; i++) {
        const uint32_t v = roads_street_head(view, run[i - 1]);
        const uint32_t first = view->first_street[v];

        run[i] = view->streets[first
                               + base_rng_below(
                                   rng, view->first_street[v + 1] - first)];
    }
    small_map_ban(map,
                  (uint8_t)(base_rng_between(rng, 1, 7)
                            | (base_rng_chance(rng, 0.4) ? ROADS_BAN_ONLY
                                                         : 0)),
                  run, n);
}

void small_map_random(base_rng *rng, size_t n_vertices, size_t n_links,
                      size_t n_bans, small_map *out)
{
    static const uint8_t flags[] = {
        ROADS_NODE_SIGNAL, ROADS_NODE_PRIVATE * 7, ROADS_NODE_PRIVATE * 4,
        ROADS_NODE_SHUT * 7, ROADS_NODE_SHUT * 6
    };

    small_map_begin(out, n_vertices);
    random_profile(rng, &out->profile);
    small_map_kind(out, small_map_residential());
    for (int i = 0; i < 9; i++)
        small_map_kind(out, random_kind(rng));
    random_links(rng, out, n_links);
    for (uint32_t v = 0; v < n_vertices; v++)
        if (base_rng_chance(rng, 0.2))
            small_map_vertex(out, v,
                             flags[base_rng_below(rng, sizeof flags)]);
    small_map_finish(out);
    for (size_t i = 0; n_links > 0 && i < n_bans; i++)
        random_ban(rng, out);
}

gb_roads_place small_map_place(const small_map *map, gb_mode mode,
                               uint32_t link, uint32_t along_cm)
{
    const roads_e7 at = map->view.points[2 * (size_t)link];

    return (gb_roads_place){ .point = { at.lon * 1e-7, at.lat * 1e-7 },
                             .status = GB_SNAP_OK, .mode = (int32_t)mode,
                             .link = link, .along_cm = along_cm };
}

gb_roads_place small_map_random_place(base_rng *rng, const small_map *map,
                                      gb_mode mode)
{
    const uint32_t link =
        (uint32_t)base_rng_below(rng, map->view.n_links);
    const uint32_t cm = map->view.links[link].cm;
    const uint64_t how = base_rng_below(rng, 3);

    return small_map_place(map, mode, link,
                           how == 0   ? 0
                           : how == 1 ? cm
                                      : (uint32_t)base_rng_below(
                                            rng, (uint64_t)cm + 1));
}
