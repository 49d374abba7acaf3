/*
 * Streets on a plan in metres, x to the east, y to the north.  All are 10 m/s
 * and open to all modes unless a test says otherwise.
 */
#include "test.h"

#include "base_context.h"
#include "base_rng.h"
#include "faulty_alloc.h"
#include "roads_measure.h"
#include "roads_steps.h"
#include "roads_trace.h"

enum { MOST = 64 };

typedef struct town {
    roads_map map;
    roads_states states;
    roads_metric metric;
    roads_profile profile;
    double x[MOST], y[MOST];
    roads_link links[MOST + 1];
    roads_e7 points[2 * MOST];
    roads_kind kinds[8];
    char names[256];
    uint32_t name_at[16];
    uint32_t first_street[MOST + 1], streets[2 * MOST];
    double weights[2 * MOST], turns[ROADS_TURN_COUNT];
    uint32_t starts[2 * MOST], first_target[2 * MOST + 1], first_arc[3];
    gb_roads_place from, to;
} town;

enum { PLAIN, ROUND, FOOTWAY, STAIRS, CYCLEWAY };

static roads_e7 e7(double x, double y)
{
    const roads_scale scale = roads_scale_at(300000000);

    return (roads_e7){ 1040000000 + (int32_t)lround(x / scale.x_m),
                       300000000 + (int32_t)lround(y / scale.y_m) };
}

static void begin(town *t)
{
    static const uint8_t classes[] = { ROADS_CLASS_RESIDENTIAL,
                                       ROADS_CLASS_PRIMARY,
                                       ROADS_CLASS_FOOTWAY, ROADS_CLASS_STEPS,
                                       ROADS_CLASS_CYCLEWAY };

    memset(t, 0, sizeof *t);
    t->map.links = t->links;
    t->map.points = t->points;
    t->map.kinds = t->kinds;
    t->map.names = t->names;
    t->map.name_at = t->name_at;
    t->map.first_street = t->first_street;
    t->map.streets = t->streets;
    t->map.n_names = t->map.n_name_bytes = 1;
    t->map.length_unit_cm = 1;
    t->metric.street_weights = t->weights;
    t->metric.turn_weights = t->turns;
    t->states.starts = t->starts;
    t->states.first_target = t->first_target;
    t->states.first_arc = t->first_arc;
    memset(t->starts, 0xff, sizeof t->starts);
    for (size_t k = 0; k < sizeof classes; k++)
        t->kinds[k] = (roads_kind){ .class = classes[k],
                                    .oneway_bicycle = ROADS_ONEWAY_UNSAID };
    t->kinds[ROUND].flags = ROADS_KIND_ROUNDABOUT;
    t->kinds[ROUND].oneway = 1;
    for (int m = 0; m < GB_MODE_COUNT; m++) {
        for (int c = 0; c < ROADS_CLASS_COUNT; c++)
            t->profile.modes[m].speed_dkmh[c]
                = t->profile.modes[m].own_dkmh[c] = 360;
        t->profile.modes[m].slowest_dkmh = 10;
        t->profile.modes[m].fastest_dkmh = 1200;
        t->profile.modes[m].push_dkmh = 50;
    }
    t->profile.modes[GB_MODE_EBIKE].speed_dkmh[ROADS_CLASS_FOOTWAY] = 50;
}

static uint32_t at(town *t, double x, double y)
{
    t->x[t->map.n_vertices] = x;
    t->y[t->map.n_vertices] = y;
    return (uint32_t)t->map.n_vertices++;
}

static uint32_t name_number(town *t, const char *name)
{
    for (uint32_t i = 0; i < t->map.n_names; i++)
        if (strcmp(t->names + t->name_at[i], name) == 0)
            return i;
    t->name_at[t->map.n_names] = (uint32_t)t->map.n_name_bytes;
    memcpy(t->names + t->map.n_name_bytes, name, strlen(name) + 1);
    t->map.n_name_bytes += strlen(name) + 1;
    return (uint32_t)t->map.n_names++;
}

static uint8_t bearing(double x, double y)
{
    return (uint8_t)((int)lround(atan2(x, y) / 6.283185307179586 * 256)
                     & 255);
}

/* The street along a link between two vertices; against it: + 1. */
static uint32_t street(town *t, uint32_t a, uint32_t b, const char *name,
                       uint32_t kind)
{
    const uint32_t l = (uint32_t)t->map.n_links++;
    const double x = t->x[b] - t->x[a], y = t->y[b] - t->y[a];
    const uint32_t cm = (uint32_t)lround(100 * hypot(x, y));

    t->links[l] = (roads_link){ .from = a, .to = b, .cm = cm,
                                .first_point = 2 * l, .kind = kind,
                                .name = name_number(t, name),
                                .bearing = { bearing(x, y), bearing(-x, -y) } };
    t->links[l + 1].first_point = 2 * l + 2;
    t->points[2 * l] = e7(t->x[a], t->y[a]);
    t->points[2 * l + 1] = e7(t->x[b], t->y[b]);
    t->map.n_points = 2 * l + 2;
    /* 10 m/s: as many hundredths of a second as tenths of a metre. */
    t->weights[2 * l] = t->weights[2 * l + 1] =
        roads_weight((double)(cm / 10), cm);
    if (t->kinds[kind].oneway == 1)
        t->weights[2 * l + 1] = ROADS_CLOSED;
    return 2 * l;
}

static gb_roads_place place(const town *t, uint32_t link, double along_m)
{
    const roads_link *l = &t->links[link];
    const double share = l->cm ? along_m * 100 / l->cm : 0;

    return (gb_roads_place){
        .point = roads_e7_lonlat(
            e7(t->x[l->from] + share * (t->x[l->to] - t->x[l->from]),
               t->y[l->from] + share * (t->y[l->to] - t->y[l->from]))),
        .link = link,
        .along_cm = (uint32_t)lround(along_m * 100),
    };
}

static void finish(town *t)
{
    uint32_t n = 0;

    for (uint32_t v = 0; v < t->map.n_vertices; v++) {
        t->first_street[v] = n;
        for (uint32_t s = 0; s < 2 * t->map.n_links; s++)
            if (roads_street_tail(&t->map, s) == v)
                t->streets[n++] = s;
    }
    t->first_street[t->map.n_vertices] = n;
}

static double part_weight(const town *t, uint32_t s, double cm)
{
    const double whole = t->links[s / 2].cm;

    return whole > 0 ? roads_weight(round(floor(whole / 10) * cm / whole), cm)
                     : 0;
}

/* Of a way from t->from to t->to, without costs of turning. */
static double weight_of(const town *t, const uint32_t *s, size_t n)
{
    roads_trace trace;
    gb_context *ctx = test_context();
    double sum = 0;

    ck_assert(roads_trace_make(ctx->mem, &t->map, &t->from, &t->to, s, n,
                               &trace));
    for (size_t i = 0; i < n; i++)
        sum += part_weight(t, s[i],
                           roads_stretch_cm(&trace.stretches.items[i]));
    roads_trace_clear(ctx->mem, &trace);
    gb_context_free(ctx);
    return sum;
}

static gb_roads_directions *direct(gb_context *ctx, town *t, gb_mode mode,
                                   const uint32_t *s, size_t n)
{
    gb_roads_directions *out = NULL;
    roads_way_found way = { .view = { &t->map, &t->states, NULL, &t->metric },
                            .profile = &t->profile, .mode = mode,
                            .from = &t->from, .to = &t->to, .streets = s,
                            .n = n };

    finish(t);
    way.weight = weight_of(t, s, n);
    assert_ok(ctx, roads_steps_make(ctx, &way, &out));
    ck_assert_ptr_nonnull(out);
    return out;
}

static const char *const letters = "DC)R>U<L(OA"; /* gb_roads_turn */

/* "D Main 100; R Side 50; A Side 0": turn, name, metres. */
static void check_steps(town *t, gb_mode mode, const uint32_t *s, size_t n,
                        const char *expected)
{
    gb_context *ctx = test_context();
    gb_roads_directions *d = direct(ctx, t, mode, s, n);
    char told[1000] = "";
    int32_t seconds = 0, metres = 0;

    for (size_t i = 0; i < d->n_steps; i++) {
        const gb_roads_step *step = &d->steps[i];

        snprintf(told + strlen(told), sizeof told - strlen(told),
                 "%s%c%.*d%s%s %s%d", i ? "; " : "", letters[step->turn],
                 step->exit ? 1 : 0, step->exit, step->is_pushed ? "!" : "",
                 step->name[0] ? "" : " -", step->name[0] ? "" : "",
                 step->metres);
        if (step->name[0]) { /* the name before the metres */
            char *end = strrchr(told, ' ');

            snprintf(end, sizeof told - (size_t)(end - told), " %s %d",
                     step->name, step->metres);
        }
        seconds += step->seconds;
        metres += step->metres;
        ck_assert_uint_lt(step->first_point, d->n_points);
        assert_near(step->at.lon_deg,
                    d->points[step->first_point].lon_deg, 0);
    }
    ck_assert_str_eq(told, expected);
    ck_assert_int_eq(seconds, d->totals.seconds);
    ck_assert_int_eq(metres, d->totals.metres);
    roads_steps_free(d);
    gb_context_free(ctx);
}

#define CHECK_STEPS(t, mode, expected, ...)                                   \
    do {                                                                      \
        const uint32_t s_[] = { __VA_ARGS__ };                                \
        check_steps((t), (mode), s_, sizeof s_ / sizeof *s_, (expected));     \
    } while (0)

/*
 *        n2          Main runs from w2 over w1, o, e1 to e2, Side from s2
 *        |           to n2.
 *  w2-w1-o-e1-e2
 *        |
 *        s2
 */
typedef struct crossing {
    town t;
    uint32_t west2, west1, east1, east2, north, south; /* away from o */
} crossing;

static void make_crossing(crossing *c)
{
    town *t = &c->t;
    uint32_t o, w1, e1;

    begin(t);
    o = at(t, 0, 0);
    w1 = at(t, -100, 0);
    e1 = at(t, 100, 0);
    c->west1 = street(t, o, w1, "Main", PLAIN);
    c->west2 = street(t, w1, at(t, -200, 0), "Main", PLAIN);
    c->east1 = street(t, o, e1, "Main", PLAIN);
    c->east2 = street(t, e1, at(t, 200, 0), "Main", PLAIN);
    c->north = street(t, o, at(t, 0, 100), "Side", PLAIN);
    c->south = street(t, o, at(t, 0, -100), "Side", PLAIN);
    t->from = place(t, c->west2 / 2, 50);
    t->to = place(t, c->east2 / 2, 25.5);
}

START_TEST(a_street_of_one_name_is_one_step)
{
    crossing c;

    make_crossing(&c);
    CHECK_STEPS(&c.t, GB_MODE_CAR, "D Main 276; A Main 0", c.west2 + 1,
                c.west1 + 1, c.east1, c.east2);
}
END_TEST

START_TEST(a_turn_is_told_with_the_street_that_is_taken)
{
    crossing c;

    make_crossing(&c);
    c.t.to = place(&c.t, c.north / 2, 60);
    CHECK_STEPS(&c.t, GB_MODE_CAR, "D Main 150; L Side 60; A Side 0",
                c.west2 + 1, c.west1 + 1, c.north);
    c.t.to = place(&c.t, c.south / 2, 60);
    CHECK_STEPS(&c.t, GB_MODE_FOOT, "D Main 150; R Side 60; A Side 0",
                c.west2 + 1, c.west1 + 1, c.south);
    c.t.to = place(&c.t, c.west1 / 2, 60);
    CHECK_STEPS(&c.t, GB_MODE_CAR, "D Main 150; U Main 60; A Main 0",
                c.west2 + 1, c.west1 + 1, c.west1);
}
END_TEST

START_TEST(what_a_turn_costs_is_spent_before_it)
{
    crossing c;
    const uint32_t heads[] = { 1, 1 };
    const uint16_t turns[] = { 200, 0 };
    uint32_t arc_streets[2], s[2];
    gb_context *ctx = test_context();
    gb_roads_directions *d;
    roads_way_found way;

    make_crossing(&c);
    s[0] = arc_streets[0] = c.west1 + 1;
    s[1] = arc_streets[1] = c.north;
    c.t.from = place(&c.t, c.west1 / 2, 60);
    c.t.to = place(&c.t, c.north / 2, 70);
    c.t.turns[200] = roads_weight(850, 0);
    c.t.states.n_states = c.t.states.n_arcs = 2;
    c.t.states.heads = heads;
    c.t.states.arc_streets = arc_streets;
    c.t.states.arc_turns = turns;
    c.t.first_arc[1] = 1;
    c.t.first_arc[2] = 2;
    c.t.starts[s[0]] = 0;
    finish(&c.t);
    way = (roads_way_found){
        .view = { &c.t.map, &c.t.states, NULL, &c.t.metric },
        .profile = &c.t.profile, .mode = GB_MODE_CAR, .from = &c.t.from,
        .to = &c.t.to, .streets = s, .n = 2,
        .weight = weight_of(&c.t, s, 2) + c.t.turns[200] };
    assert_ok(ctx, roads_steps_make(ctx, &way, &d));
    ck_assert_uint_eq(d->n_steps, 3);
    ck_assert_int_eq(d->steps[0].seconds, 15); /* 6 s and the turn, 14.5 */
    ck_assert_int_eq(d->steps[1].seconds, 7);  /* up to 21.5, rounded */
    ck_assert_int_eq(d->totals.seconds, 22);
    roads_steps_free(d);
    gb_context_free(ctx);
}
END_TEST

START_TEST(within_one_link_the_line_goes_from_place_to_place)
{
    crossing c;
    gb_context *ctx = test_context();
    gb_roads_directions *d;
    uint32_t against;

    make_crossing(&c);
    against = c.west2 + 1;
    c.t.from = place(&c.t, c.west2 / 2, 80);
    c.t.to = place(&c.t, c.west2 / 2, 30);
    d = direct(ctx, &c.t, GB_MODE_CAR, &against, 1);
    ck_assert_uint_eq(d->n_steps, 2);
    ck_assert_uint_eq(d->n_points, 2);
    ck_assert_int_eq(d->totals.metres, 50);
    ck_assert_int_eq(d->steps[0].seconds, 5);
    assert_near(d->steps[0].bearing_deg, 90, 0.1);
    assert_near(d->points[0].lon_deg, c.t.from.point.lon_deg, 0);
    assert_near(d->points[1].lon_deg, c.t.to.point.lon_deg, 0);
    roads_steps_free(d);
    gb_context_free(ctx);
}
END_TEST

START_TEST(from_a_place_to_itself_one_sets_out_and_is_there)
{
    crossing c;
    gb_context *ctx = test_context();
    gb_roads_directions *d;

    make_crossing(&c);
    c.t.to = c.t.from;
    d = direct(ctx, &c.t, GB_MODE_CAR, NULL, 0);
    ck_assert_uint_eq(d->n_steps, 2);
    ck_assert_int_eq(d->steps[0].turn, GB_TURN_DEPART);
    ck_assert_int_eq(d->steps[1].turn, GB_TURN_ARRIVE);
    ck_assert_str_eq(d->steps[0].name, "Main");
    ck_assert_uint_eq(d->n_points, 1);
    ck_assert_int_eq(d->totals.seconds, 0);
    roads_steps_free(d);
    gb_context_free(ctx);
}
END_TEST

START_TEST(places_at_a_vertex_take_their_streets_whole)
{
    crossing c;

    make_crossing(&c);
    c.t.from = place(&c.t, c.north / 2, 0); /* at o, as a place of Side */
    c.t.to = place(&c.t, c.east2 / 2, 100);
    CHECK_STEPS(&c.t, GB_MODE_CAR, "D Main 200; A Main 0", c.east1, c.east2);
}
END_TEST

START_TEST(no_way_is_infeasible)
{
    crossing c;
    gb_context *ctx = test_context();
    gb_roads_directions *d = NULL;
    roads_way_found way;

    make_crossing(&c);
    finish(&c.t);
    way = (roads_way_found){
        .view = { &c.t.map, &c.t.states, NULL, &c.t.metric },
        .profile = &c.t.profile, .from = &c.t.from, .to = &c.t.to,
        .weight = ROADS_CLOSED };
    assert_status(ctx, GB_ERR_INFEASIBLE, roads_steps_make(ctx, &way, &d));
    ck_assert_ptr_null(d);
    roads_steps_free(d);
    gb_context_free(ctx);
}
END_TEST

START_TEST(a_new_name_straight_on_is_told_unless_it_is_none_for_a_few_metres)
{
    town t;
    uint32_t a, b, c, v1, v2, v3, v4;

    begin(&t);
    v1 = at(&t, 0, 0);
    v2 = at(&t, 100, 0);
    v3 = at(&t, 130, 0);
    v4 = at(&t, 230, 0);
    a = street(&t, v1, v2, "East", PLAIN);
    b = street(&t, v2, v3, "", PLAIN);
    c = street(&t, v3, v4, "Far East", PLAIN);
    t.from = place(&t, 0, 0);
    t.to = place(&t, 2, 100);
    CHECK_STEPS(&t, GB_MODE_CAR,
                "D East 130; C Far East 100; A Far East 0", a, b, c);
    t.links[2].name = t.links[0].name;
    CHECK_STEPS(&t, GB_MODE_CAR, "D East 230; A East 0", a, b, c);
    t.links[0].name = 0;
    t.links[1].name = 0;
    CHECK_STEPS(&t, GB_MODE_CAR, "D - 130; C East 100; A East 0", a, b, c);
    t.from = place(&t, 0, 81);
    CHECK_STEPS(&t, GB_MODE_CAR, "D East 149; A East 0", a, b, c);
}
END_TEST

/* At v2 a way without a name bends by 30 degrees; `straight` goes on. */
START_TEST(a_bend_is_told_only_where_one_may_go_straight_on)
{
    town t;
    uint32_t a, b, v2;

    begin(&t);
    v2 = at(&t, 0, 0);
    a = street(&t, at(&t, -100, 0), v2, "", PLAIN);
    b = street(&t, v2, at(&t, 87, 50), "", PLAIN);
    t.from = place(&t, 0, 0);
    t.to = place(&t, 1, 100);
    CHECK_STEPS(&t, GB_MODE_CAR, "D - 200; A - 0", a, b);
    street(&t, v2, at(&t, 10, -100), "", PLAIN);
    CHECK_STEPS(&t, GB_MODE_CAR, "D - 200; A - 0", a, b);
    street(&t, v2, at(&t, 100, 0), "", PLAIN);
    CHECK_STEPS(&t, GB_MODE_CAR, "D - 100; ( - 100; A - 0", a, b);
    t.weights[6] = t.weights[7] = ROADS_CLOSED;
    CHECK_STEPS(&t, GB_MODE_CAR, "D - 200; A - 0", a, b);
}
END_TEST

START_TEST(two_lefts_across_to_the_other_carriageway_are_one_turn_back)
{
    town t;
    uint32_t a, b, c, v1, v2;

    begin(&t);
    v1 = at(&t, 0, 0);
    v2 = at(&t, 0, 20);
    a = street(&t, at(&t, -100, 0), v1, "Wide", PLAIN);
    b = street(&t, v1, v2, "", PLAIN);
    c = street(&t, v2, at(&t, -100, 20), "Wide", PLAIN);
    street(&t, v1, at(&t, 100, 0), "Wide", PLAIN);
    street(&t, at(&t, 100, 20), v2, "Wide", PLAIN);
    t.from = place(&t, 0, 0);
    t.to = place(&t, 2, 100);
    CHECK_STEPS(&t, GB_MODE_CAR, "D Wide 100; U Wide 120; A Wide 0", a, b,
                c);
}
END_TEST

/*
 * Driven round against the clock: south, east, north, west.  From the south
 * the first exit is the east one.
 */
typedef struct ring {
    town t;
    uint32_t round[4], arms[4]; /* s-e, e-n, n-w, w-s; away from the ring */
} ring;

static void make_ring(ring *r)
{
    static const double x[] = { 0, 20, 0, -20 }, y[] = { -20, 0, 20, 0 };
    static const char *const names[] = { "South", "East", "North", "West" };
    town *t = &r->t;
    uint32_t v[4];

    begin(t);
    for (int i = 0; i < 4; i++)
        v[i] = at(t, x[i], y[i]);
    for (int i = 0; i < 4; i++)
        r->round[i] = street(t, v[i], v[(i + 1) % 4], "Ring", ROUND);
    for (int i = 0; i < 4; i++)
        r->arms[i] = street(t, v[i], at(t, 6 * x[i], 6 * y[i]), names[i],
                            PLAIN);
    t->from = place(t, r->arms[0] / 2, 60);
    t->to = place(t, r->arms[2] / 2, 50);
}

START_TEST(a_roundabout_is_one_step_with_the_number_of_the_exit)
{
    ring r;

    make_ring(&r);
    CHECK_STEPS(&r.t, GB_MODE_CAR, "D South 60; O2 North 107; A North 0",
                r.arms[0] + 1, r.round[0], r.round[1], r.arms[2]);
    CHECK_STEPS(&r.t, GB_MODE_EBIKE, "D South 60; O2 North 107; A North 0",
                r.arms[0] + 1, r.round[0], r.round[1], r.arms[2]);
    r.t.weights[r.arms[1]] = ROADS_CLOSED; /* into it one may not drive */
    CHECK_STEPS(&r.t, GB_MODE_CAR, "D South 60; O1 North 107; A North 0",
                r.arms[0] + 1, r.round[0], r.round[1], r.arms[2]);
    r.t.to = place(&r.t, r.arms[0] / 2, 50);
    CHECK_STEPS(&r.t, GB_MODE_CAR, "D South 60; O3 South 163; A South 0",
                r.arms[0] + 1, r.round[0], r.round[1], r.round[2],
                r.round[3], r.arms[0]);
}
END_TEST

START_TEST(a_way_may_begin_and_end_on_a_roundabout)
{
    ring r;

    make_ring(&r);
    r.t.from = place(&r.t, r.round[0] / 2, 10);
    CHECK_STEPS(&r.t, GB_MODE_CAR, "D Ring 47; R North 50; A North 0",
                r.round[0], r.round[1], r.arms[2]);
    r.t.from = place(&r.t, r.arms[0] / 2, 60);
    r.t.to = place(&r.t, r.round[1] / 2, 10);
    CHECK_STEPS(&r.t, GB_MODE_CAR, "D South 60; O Ring 38; A Ring 0",
                r.arms[0] + 1, r.round[0], r.round[1]);
}
END_TEST

START_TEST(on_foot_a_roundabout_is_a_street_like_others)
{
    ring r;

    make_ring(&r);
    CHECK_STEPS(&r.t, GB_MODE_FOOT,
                "D South 60; R Ring 57; R North 50; A North 0",
                r.arms[0] + 1, r.round[0], r.round[1], r.arms[2]);
}
END_TEST

START_TEST(where_an_e_bike_is_pushed_is_a_step_of_its_own)
{
    town t;
    uint32_t a, b, c, v1, v2, v3;

    begin(&t);
    v1 = at(&t, 0, 0);
    v2 = at(&t, 100, 0);
    v3 = at(&t, 130, 0);
    a = street(&t, v1, v2, "East", PLAIN);
    b = street(&t, v2, v3, "", FOOTWAY);
    c = street(&t, v3, at(&t, 200, 0), "East", PLAIN);
    t.from = place(&t, 0, 0);
    t.to = place(&t, 2, 70);
    CHECK_STEPS(&t, GB_MODE_EBIKE, "D East 100; C! - 30; C East 70; A East 0",
                a, b, c);
    CHECK_STEPS(&t, GB_MODE_FOOT, "D East 200; A East 0", a, b, c);
    t.links[1].kind = STAIRS;
    CHECK_STEPS(&t, GB_MODE_FOOT, "D East 100; C - 30; C East 70; A East 0",
                a, b, c);
}
END_TEST

START_TEST(links_of_no_length_say_nothing)
{
    town t;
    uint32_t a, b, c, v1, v2;

    begin(&t);
    v1 = at(&t, 0, 0);
    v2 = at(&t, 0, 0);
    a = street(&t, at(&t, -100, 0), v1, "East", PLAIN);
    b = street(&t, v1, v2, "Nowhere", PLAIN);
    c = street(&t, v2, at(&t, 100, 0), "East", PLAIN);
    t.from = place(&t, 0, 0);
    t.to = place(&t, 2, 100);
    CHECK_STEPS(&t, GB_MODE_CAR, "D East 200; A East 0", a, b, c);
    t.from = place(&t, 1, 0);
    CHECK_STEPS(&t, GB_MODE_CAR, "D East 100; A East 0", b, c);
}
END_TEST

/* A walk over a grid with names by chance: whatever is told adds up, and the
 * points follow each other. */
START_TEST(what_is_told_adds_up)
{
    const uint64_t seed = test_seed();
    base_rng rng = base_rng_seeded(seed);

    for (int round = 0; round < test_cases(200); round++) {
        static const char *const names[] = { "", "", "A", "B", "C" };
        gb_context *ctx = test_context();
        gb_roads_directions *d;
        town t;
        uint32_t way[40], n = 0;
        int32_t seconds = 0, metres = 0;

        begin(&t);
        for (int v = 0; v < 25; v++)
            at(&t, v % 5 * 37.31, v / 5 * 41.77);
        for (uint32_t v = 0; v < 25; v++)
            for (uint32_t k = 1; k <= 5; k += 4)
                if (k == 1 ? v % 5 < 4 : v < 20)
                    street(&t, v, v + k, names[base_rng_below(&rng, 5)],
                           (uint32_t)base_rng_below(&rng, 5));
        finish(&t);
        way[n++] = (uint32_t)base_rng_below(&rng, 2 * t.map.n_links);
        while (n < 1 + (uint32_t)round % 40) {
            const uint32_t v = roads_street_head(&t.map, way[n - 1]);

            way[n++] = t.streets[t.first_street[v]
                                 + base_rng_below(&rng,
                                                  t.first_street[v + 1]
                                                      - t.first_street[v])];
        }
        for (uint32_t s = 0; s < 2 * t.map.n_links; s++)
            if (!(t.weights[s] < ROADS_FAR))
                t.weights[s] = t.weights[s ^ 1];
        t.from = place(&t, way[0] / 2, way[0] & 1 ? 20.5 : 10.25);
        t.to = place(&t, way[n - 1] / 2, way[n - 1] & 1 ? 10.1 : 20.77);
        d = direct(ctx, &t, (gb_mode)(round % 3), way, n);
        for (size_t i = 0; i < d->n_steps; i++) {
            seconds += d->steps[i].seconds;
            metres += d->steps[i].metres;
            ck_assert_int_ge(d->steps[i].seconds, 0);
            ck_assert_int_ge(d->steps[i].metres, 0);
            if (i > 0)
                ck_assert_uint_gt(d->steps[i].first_point,
                                  d->steps[i - 1].first_point);
        }
        ck_assert_msg(seconds == d->totals.seconds
                          && metres == d->totals.metres,
                      "seed %llu, round %d: %d s of %d, %d m of %d",
                      (unsigned long long)seed, round, (int)seconds,
                      (int)d->totals.seconds, (int)metres,
                      (int)d->totals.metres);
        ck_assert_uint_eq(d->steps[d->n_steps - 1].first_point,
                          d->n_points - 1);
        roads_steps_free(d);
        gb_context_free(ctx);
    }
}
END_TEST

START_TEST(a_few_stairs_are_not_worth_a_step)
{
    town t;
    uint32_t a, b, c, v1, v2, v3;

    begin(&t);
    v1 = at(&t, 0, 0);
    v2 = at(&t, 100, 0);
    v3 = at(&t, 103, 0);
    a = street(&t, v1, v2, "East", PLAIN);
    b = street(&t, v2, v3, "", STAIRS);
    c = street(&t, v3, at(&t, 200, 0), "East", PLAIN);
    t.from = place(&t, 0, 0);
    t.to = place(&t, 2, 97);
    CHECK_STEPS(&t, GB_MODE_FOOT, "D East 200; A East 0", a, b, c);
}
END_TEST

START_TEST(without_memory_nothing_is_left)
{
    crossing c;
    uint32_t s[3];

    make_crossing(&c);
    finish(&c.t);
    s[0] = c.west2 + 1;
    s[1] = c.west1 + 1;
    s[2] = c.north;
    c.t.to = place(&c.t, c.north / 2, 60);
    for (long k = 0;; k++) {
        faulty_alloc mem = faulty_alloc_at(k, false);
        gb_context *ctx = faulty_context(&mem);
        gb_roads_directions *d = NULL;
        const roads_way_found way = {
            .view = { &c.t.map, &c.t.states, NULL, &c.t.metric },
            .profile = &c.t.profile, .from = &c.t.from, .to = &c.t.to,
            .streets = s, .n = 3, .weight = weight_of(&c.t, s, 3) };
        gb_status status;

        if (!ctx)
            continue;
        status = roads_steps_make(ctx, &way, &d);
        ck_assert(status == (d ? GB_OK : GB_ERR_NOMEM));
        roads_steps_free(d);
        gb_context_free(ctx);
        ck_assert_int_eq(mem.live_blocks, 0);
        if (mem.failures == 0)
            break;
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_steps");
    TCase *tcase = tcase_create("roads_steps");

    tcase_add_test(tcase, a_street_of_one_name_is_one_step);
    tcase_add_test(tcase, a_turn_is_told_with_the_street_that_is_taken);
    tcase_add_test(tcase, what_a_turn_costs_is_spent_before_it);
    tcase_add_test(tcase, within_one_link_the_line_goes_from_place_to_place);
    tcase_add_test(tcase, from_a_place_to_itself_one_sets_out_and_is_there);
    tcase_add_test(tcase, places_at_a_vertex_take_their_streets_whole);
    tcase_add_test(tcase, no_way_is_infeasible);
    tcase_add_test(
        tcase,
        a_new_name_straight_on_is_told_unless_it_is_none_for_a_few_metres);
    tcase_add_test(tcase, a_bend_is_told_only_where_one_may_go_straight_on);
    tcase_add_test(
        tcase, two_lefts_across_to_the_other_carriageway_are_one_turn_back);
    tcase_add_test(tcase,
                   a_roundabout_is_one_step_with_the_number_of_the_exit);
    tcase_add_test(tcase, a_way_may_begin_and_end_on_a_roundabout);
    tcase_add_test(tcase, on_foot_a_roundabout_is_a_street_like_others);
    tcase_add_test(tcase, where_an_e_bike_is_pushed_is_a_step_of_its_own);
    tcase_add_test(tcase, links_of_no_length_say_nothing);
    tcase_add_test(tcase, a_few_stairs_are_not_worth_a_step);
    tcase_add_test(tcase, without_memory_nothing_is_left);
    tcase_add_test(tcase, what_is_told_adds_up);
    suite_add_tcase(suite, tcase);
    return suite;
}
