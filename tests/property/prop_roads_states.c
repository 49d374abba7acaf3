/*
 * States, weights, places and Dijkstra, all together, against walks over
 * streets by the rules as roads_turns.h and roads_spots.h put them into words.
 * The walks remember the last three streets, as restrictions here have four at
 * most; of trees, copies, numbers of states they know nothing.
 */
#include "base_run.h"
#include "roads_search.h"
#include "small_map.h"

#include "test.h"

enum { MAX_STREETS = 26, NOTHING = MAX_STREETS, BASE = MAX_STREETS + 1,
       N_WALKS = BASE * BASE * BASE * 3, MAX_PLACES = 8 };

typedef struct reference {
    const roads_map *map;
    const roads_profile *profile;
    gb_mode mode;
    bool is_turn_aware;
    uint32_t n_streets;
    bool usable[MAX_STREETS];
    bool is_end[MAX_STREETS / 2];
    double weights[MAX_STREETS];
    const uint8_t *use; /* of streets, from the metric: tested by itself */
    double *best;     /* of walks that are about to travel their last street */
    uint32_t *seen;   /* those that are not infinite */
    size_t n_seen;
    uint32_t *queue;
    uint8_t *is_queued;
} reference;

/* The last street first; NOTHING before the first.  Phase: 0 by streets for
 * the end only so far; 1 in the core; 2 by such streets after the core. */
typedef struct walk {
    uint32_t streets[3];
    uint32_t phase;
} walk;

static uint32_t code_of(walk w)
{
    return ((w.streets[0] * BASE + w.streets[1]) * BASE + w.streets[2]) * 3
           + w.phase;
}

static walk walk_of(uint32_t code)
{
    return (walk){ { code / 3 / BASE / BASE, code / 3 / BASE % BASE,
                     code / 3 % BASE },
                   code % 3 };
}

/* ---- the rules ---- */

static bool has_flag(const reference *r, uint32_t vertex, int flag)
{
    return r->map->vertex_flags[vertex] & flag << r->mode;
}

static bool passes_vertex(const reference *r, uint32_t s, uint32_t t)
{
    const uint32_t v = roads_street_head(r->map, s);

    if (v != roads_street_tail(r->map, t) || !r->usable[t])
        return false;
    if (t == (s ^ 1))
        return true;
    if (has_flag(r, v, ROADS_NODE_SHUT))
        return false;
    return !has_flag(r, v, ROADS_NODE_PRIVATE) || r->is_end[s / 2]
           || r->is_end[t / 2];
}

/* Are the last n streets of a walk the first n of a run? */
static bool has_come(walk w, const uint32_t *run, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (w.streets[n - 1 - i] != run[i])
            return false;
    return true;
}

static bool obeys(const reference *r, walk w, uint32_t t, size_t longest_run)
{
    const roads_map *map = r->map;
    bool has_only[4] = { false }, is_named[4] = { false };

    for (size_t b = 0; r->is_turn_aware && b < map->n_bans; b++) {
        const uint32_t *run = map->ban_streets + map->first_ban[b];
        const size_t n = map->first_ban[b + 1] - map->first_ban[b];
        bool binds = (map->ban_modes[b] >> r->mode & 1) && n <= longest_run;

        for (size_t i = 0; i < n; i++)
            binds = binds && r->usable[run[i]];
        if (!binds)
            continue;
        if (!(map->ban_modes[b] & ROADS_BAN_ONLY)) {
            if (has_come(w, run, n - 1) && run[n - 1] == t)
                return false;
            continue;
        }
        for (size_t k = n == 2 ? 1 : 2; k < n; k++)
            if (has_come(w, run, k)) {
                has_only[k] = true;
                is_named[k] = is_named[k] || run[k] == t;
            }
    }
    for (size_t k = 0; k < 4; k++)
        if (has_only[k] && !is_named[k])
            return false;
    return true;
}

static bool may_follow(const reference *r, walk w, uint32_t t)
{
    if (w.phase == 2 && !r->is_end[t / 2])
        return false;
    return passes_vertex(r, w.streets[0], t) && obeys(r, w, t, 4);
}

static walk walk_on(const reference *r, walk w, uint32_t t)
{
    return (walk){ { t, w.streets[0], w.streets[1] },
                   !r->is_end[t / 2] ? 1 : w.phase == 0 ? 0 : 2 };
}

static double turn_weight(const reference *r, walk w, uint32_t t)
{
    const uint32_t s = w.streets[0];
    const int arriving = r->map->links[s / 2].bearing[!(s & 1)] + 128;
    const int leaving = r->map->links[t / 2].bearing[t & 1];
    uint32_t code = (uint32_t)(leaving - arriving + 512) % 256, n_ends = 0;
    double hundredths;

    if (!r->is_turn_aware)
        return 0;
    for (uint32_t other = 0; other < r->n_streets; other++)
        n_ends += roads_street_tail(r->map, other)
                  == roads_street_head(r->map, s);
    if (n_ends == 2 && t != (s ^ 1)) /* one street goes on as another */
        code = 0;
    if (r->map->vertex_flags[roads_street_head(r->map, s)]
        & ROADS_NODE_SIGNAL)
        code |= ROADS_TURN_SIGNAL;
    if (t == (s ^ 1)) {
        bool is_dead_end = true;

        for (uint32_t other = 0; other < r->n_streets; other++)
            if (other != t && may_follow(r, w, other)
                && (w.phase != 1 || !r->is_end[other / 2]))
                is_dead_end = false;
        code |= ROADS_TURN_BACK | (is_dead_end ? ROADS_TURN_DEAD_END : 0);
    }
    hundredths =
        round(100 * roads_profile_turn_s(r->profile, r->mode, code));
    return hundredths * ROADS_LENGTHS;
}

/* ---- the map as the mode sees it ---- */

static void spread(const reference *r, uint32_t from, bool *reached)
{
    const walk w = { { from, NOTHING, NOTHING }, 1 };

    reached[from] = true;
    for (uint32_t t = 0; t < r->n_streets; t++)
        if (!reached[t] && !r->is_end[t / 2] && passes_vertex(r, from, t)
            && obeys(r, w, t, 2))
            spread(r, t, reached);
}

static void find_core(reference *r)
{
    static bool reached[MAX_STREETS][MAX_STREETS];
    uint32_t best = NOTHING;
    size_t most = 0;

    memset(reached, 0, sizeof reached);
    for (uint32_t s = 0; s < r->n_streets; s++)
        if (r->usable[s] && !r->is_end[s / 2])
            spread(r, s, reached[s]);
    for (uint32_t s = 0; s < r->n_streets; s++) {
        size_t n = 0;

        for (uint32_t t = 0; t < r->n_streets; t++)
            n += reached[s][t] && reached[t][s];
        if (n > most) {
            most = n;
            best = s;
        }
    }
    for (uint32_t l = 0; 2 * l < r->n_streets; l++)
        if (r->usable[2 * l] || r->usable[2 * l + 1]) {
            bool is_core = false;

            for (uint32_t s = 2 * l; s <= 2 * l + 1; s++)
                is_core |= best != NOTHING && reached[best][s]
                           && reached[s][best];
            r->is_end[l] = !is_core;
        }
}

static void reference_init(reference *r, const small_map *map, gb_mode mode)
{
    memset(r, 0, sizeof *r);
    r->map = &map->view;
    r->profile = &map->profile;
    r->mode = mode;
    r->is_turn_aware = map->profile.modes[mode].is_turn_aware;
    r->n_streets = (uint32_t)(2 * map->view.n_links);
    for (uint32_t s = 0; s < r->n_streets; s++) {
        const roads_link *link = &map->view.links[s / 2];
        const roads_kind *kind = &map->view.kinds[link->kind];
        const double dkmh =
            roads_profile_dkmh(&map->profile, kind, mode, (int)(s & 1), -1);
        const double signal_s = map->profile.modes[mode].turns.signal_s;

        r->usable[s] = roads_profile_can(kind, mode, (int)(s & 1));
        r->weights[s] = dkmh > 0 ? (round(link->cm * 36.0 / dkmh)
                                    + link->n_signals * round(signal_s * 100))
                                           * ROADS_LENGTHS
                                       + link->cm
                                 : (double)INFINITY;
        r->is_end[s / 2] = (r->is_end[s / 2] || r->usable[s])
                           && roads_profile_is_end(&map->profile, kind, mode);
    }
    for (uint32_t l = 0; 2 * l < r->n_streets; l++)
        r->is_end[l] &= r->usable[2 * l] || r->usable[2 * l + 1];
    find_core(r);
    r->best = malloc(N_WALKS * sizeof *r->best);
    r->seen = malloc(N_WALKS * sizeof *r->seen);
    r->queue = malloc(N_WALKS * sizeof *r->queue);
    r->is_queued = calloc(N_WALKS, 1);
    ck_assert(r->best && r->seen && r->queue && r->is_queued);
    for (size_t i = 0; i < N_WALKS; i++)
        r->best[i] = (double)INFINITY;
}

static void reference_clear(reference *r)
{
    free(r->best);
    free(r->seen);
    free(r->queue);
    free(r->is_queued);
}

/* ---- walks ---- */

typedef struct line {
    size_t first, n;
} line;

static void offer(reference *r, line *waiting, walk w, double weight)
{
    const uint32_t code = code_of(w);

    if (!(weight < r->best[code]))
        return;
    if (isinf(r->best[code]))
        r->seen[r->n_seen++] = code;
    r->best[code] = weight;
    if (r->is_queued[code])
        return;
    r->is_queued[code] = 1;
    r->queue[(waiting->first + waiting->n++) % N_WALKS] = code;
}

/* The last street of a walk is travelled, what of it is left, then all that
 * may follow. */
static void go_on(reference *r, line *waiting, walk w, double weight)
{
    for (uint32_t t = 0; t < r->n_streets; t++)
        if (may_follow(r, w, t) && isfinite(r->weights[t]))
            offer(r, waiting, walk_on(r, w, t),
                  weight + turn_weight(r, w, t));
}

static double before(const reference *r, uint32_t s, uint32_t along_cm)
{
    const uint32_t all = r->map->links[s / 2].cm;
    const uint32_t cm = s & 1 ? all - along_cm : along_cm;
    const double hundredths = floor(r->weights[s] / ROADS_LENGTHS);

    if (all == 0)
        return s & 1 ? r->weights[s] : 0;
    return floor(hundredths * cm / all + 0.5) * ROADS_LENGTHS + cm;
}

/* NONE: within a link, or on this side of a shut vertex. */
static uint32_t place_vertex(const reference *r, const gb_roads_place *place)
{
    const roads_link *link = &r->map->links[place->link];
    const uint32_t v = place->along_cm == 0          ? link->from
                       : place->along_cm == link->cm ? link->to
                                                     : ROADS_NONE;

    return v != ROADS_NONE && has_flag(r, v, ROADS_NODE_SHUT) ? ROADS_NONE : v;
}

static walk first_walk(const reference *r, uint32_t s)
{
    return (walk){ { s, NOTHING, NOTHING }, r->is_end[s / 2] ? 0 : 1 };
}

static bool is_open(const reference *r, uint32_t s)
{
    return r->usable[s] && isfinite(r->weights[s]);
}

/*
 * On the street, not behind it: a vertex, not in a private gate, from which
 * one gets away over the core, and to it.
 */
static bool is_on_core(const reference *r, uint32_t v)
{
    bool is_left = false, is_reached = false;

    if (v == ROADS_NONE || has_flag(r, v, ROADS_NODE_PRIVATE))
        return false;
    for (uint32_t s = 0; s < r->n_streets; s++) {
        if (r->is_end[s / 2])
            continue;
        if (roads_street_tail(r->map, s) == v)
            is_left |= (r->use[s] & ROADS_USE_START) != 0;
        if (roads_street_head(r->map, s) == v)
            is_reached |= (r->use[s] & ROADS_USE_TARGET) != 0;
    }
    return is_left && is_reached;
}

/* Can one turn at all from a street of the core into s (or out of it)? */
static bool meets_core(const reference *r, uint32_t s, bool is_out)
{
    for (uint32_t t = 0; t < r->n_streets; t++) {
        const walk w = { { is_out ? s : t, NOTHING, NOTHING }, !is_out };

        if (r->usable[t] && !r->is_end[t / 2]
            && may_follow(r, w, is_out ? t : s))
            return true;
    }
    return false;
}

/* From a vertex of the core a private street is only entered. */
static walk walk_from(const reference *r, uint32_t v, uint32_t s)
{
    walk w = first_walk(r, s);

    if (r->is_end[s / 2] && is_on_core(r, v) && meets_core(r, s, false))
        w.phase = 2;
    return w;
}

/* To a vertex of the core a private street is only left, for the core. */
static bool may_end(const reference *r, walk w, uint32_t v)
{
    if (!r->is_end[w.streets[0] / 2] || !is_on_core(r, v)
        || !meets_core(r, w.streets[0], true))
        return true;
    for (uint32_t t = 0; t < r->n_streets; t++)
        if (!r->is_end[t / 2] && may_follow(r, w, t))
            return true;
    return false;
}

static void search_from(reference *r, const gb_roads_place *from)
{
    const uint32_t v = place_vertex(r, from);
    line waiting = { 0, 0 };

    for (size_t i = 0; i < r->n_seen; i++)
        r->best[r->seen[i]] = (double)INFINITY;
    r->n_seen = 0;
    for (uint32_t s = 0; s < r->n_streets; s++) {
        if (!is_open(r, s))
            continue;
        if (v != ROADS_NONE && roads_street_tail(r->map, s) == v)
            offer(r, &waiting, walk_from(r, v, s), 0);
        if (v == ROADS_NONE && s / 2 == from->link)
            go_on(r, &waiting, first_walk(r, s),
                  r->weights[s] - before(r, s, from->along_cm));
    }
    while (waiting.n > 0) {
        const uint32_t code = r->queue[waiting.first];
        const walk w = walk_of(code);

        waiting.first = (waiting.first + 1) % N_WALKS;
        waiting.n--;
        r->is_queued[code] = 0;
        go_on(r, &waiting, w, r->best[code] + r->weights[w.streets[0]]);
    }
}

/* Without a turn: what is left of the first street.  From vertex to vertex
 * the walks know. */
static double least_of_one(const reference *r, const gb_roads_place *from,
                           const gb_roads_place *to)
{
    const uint32_t v = place_vertex(r, to);
    double best = (double)INFINITY;

    if ((from->link == to->link && from->along_cm == to->along_cm)
        || (v != ROADS_NONE && place_vertex(r, from) == v))
        return 0;
    for (uint32_t s = 2 * from->link; s <= 2 * from->link + 1; s++) {
        if (!is_open(r, s))
            continue;
        if (v != ROADS_NONE && roads_street_head(r->map, s) == v
            && place_vertex(r, from) == ROADS_NONE)
            best = fmin(best,
                        r->weights[s] - before(r, s, from->along_cm));
        if (v == ROADS_NONE && from->link == to->link
            && (from->along_cm < to->along_cm) == !(s & 1))
            best = fmin(best, before(r, s, to->along_cm)
                                  - before(r, s, from->along_cm));
    }
    return best;
}

static double least(const reference *r, const gb_roads_place *from,
                    const gb_roads_place *to)
{
    const uint32_t v = place_vertex(r, to);
    double best = least_of_one(r, from, to);

    for (size_t i = 0; i < r->n_seen; i++) {
        const walk w = walk_of(r->seen[i]);
        const uint32_t code = r->seen[i], s = w.streets[0];

        if (v != ROADS_NONE && roads_street_head(r->map, s) == v
            && may_end(r, w, v))
            best = fmin(best, r->best[code] + r->weights[s]);
        if (v == ROADS_NONE && s / 2 == to->link)
            best = fmin(best, r->best[code] + before(r, s, to->along_cm));
    }
    return best;
}

/* ---- the cases ---- */

typedef struct instance {
    gb_context *ctx;
    small_map map;
    roads_states_built states;
    roads_metric_built metric;
    roads_view view;
} instance;

static void make(instance *made, base_rng *rng, gb_mode mode)
{
    const size_t n_links = 1 + base_rng_below(rng, 12);
    const size_t n_vertices = 1 + base_rng_below(rng, 8);
    uint8_t weight[MAX_STREETS / 2];
    roads_dissection dissection;
    base_run run;

    small_map_random(rng, n_vertices, n_links, base_rng_below(rng, 9),
                     &made->map);
    if (base_rng_chance(rng, 0.15))
        made->map.profile.modes[mode].is_turn_aware ^= true;
    made->ctx = test_context();
    base_run_begin(&run, made->ctx, (base_limits){ 0 });
    memset(weight, 1, sizeof weight);
    assert_ok(made->ctx, roads_dissect(&run, &made->map.view, weight,
                                       &dissection));
    assert_ok(made->ctx,
              roads_states_build(&run, &made->map.view, &made->map.profile,
                                 mode,
                                 base_rng_chance(rng, 0.5) ? &dissection
                                                           : NULL,
                                 &made->states));
    roads_dissection_clear(made->ctx->mem, &dissection);
    assert_ok(made->ctx,
              roads_metric_weigh(&run, &made->map.view, &made->states.view,
                                 &made->map.profile, mode, -1,
                                 &made->metric));
    made->view = (roads_view){ &made->map.view, &made->states.view, NULL,
                               &made->metric.view };
}

static void unmake(instance *made)
{
    roads_states_clear(made->ctx->mem, &made->states);
    roads_metric_clear(made->ctx->mem, &made->metric);
    gb_context_free(made->ctx);
    small_map_clear(&made->map);
}

static void check_pairs(const instance *made, reference *r, base_rng *rng,
                        uint64_t seed)
{
    gb_roads_place places[MAX_PLACES];
    roads_search search;
    roads_spots spots;

    for (size_t i = 0; i < MAX_PLACES; i++)
        places[i] = small_map_random_place(rng, &made->map, r->mode);
    ck_assert(roads_spots_find(made->ctx->mem, made->view, places, MAX_PLACES,
                               &spots));
    ck_assert(roads_search_init(&search, made->ctx->mem, made->view));
    for (size_t i = 0; i < MAX_PLACES; i++) {
        roads_search_run(&search, &spots, i, ROADS_FAR);
        search_from(r, &places[i]);
        for (size_t k = 0; k < MAX_PLACES; k++) {
            const double got =
                roads_search_weight(&search, &spots, i, &spots, k);
            const double wanted = least(r, &places[i], &places[k]);

            ck_assert_msg(got == wanted,
                          "seed %llu, mode %d, link %u at %u to link %u at "
                          "%u: %.17g, by walks %.17g",
                          (unsigned long long)seed, (int)r->mode,
                          places[i].link, places[i].along_cm, places[k].link,
                          places[k].along_cm, got, wanted);
        }
    }
    roads_search_clear(&search, made->ctx->mem);
    roads_spots_clear(made->ctx->mem, &spots);
}

START_TEST(least_weights_are_those_of_all_walks)
{
    const uint64_t seed = test_seed();

    for (int i = 0; i < test_cases(600); i++) {
        base_rng rng = base_rng_stream(seed, (uint64_t)i);
        const gb_mode mode = (gb_mode)base_rng_below(&rng, GB_MODE_COUNT);
        instance made;
        reference r;

        make(&made, &rng, mode);
        reference_init(&r, &made.map, mode);
        r.use = made.metric.view.use;
        for (uint32_t l = 0; l < made.map.view.n_links; l++)
            ck_assert_int_eq(made.states.view.ends[l], r.is_end[l]);
        for (uint32_t s = 0; s < r.n_streets; s++) {
            ck_assert((made.states.view.starts[s] != ROADS_NONE)
                      == r.usable[s]);
            ck_assert(made.metric.view.street_weights[s] == r.weights[s]);
        }
        check_pairs(&made, &r, &rng, (uint64_t)i);
        reference_clear(&r);
        unmake(&made);
    }
}
END_TEST

/* ---- where routes may begin and end, by following all open arcs ---- */

enum { MAX_STATES = 1024 };

typedef struct closure {
    size_t n;
    bool reaches[MAX_STATES][MAX_STATES]; /* itself too */
    bool is_core[MAX_STATES];             /* of the part */
} closure;

static void follow(const instance *made, uint32_t from, bool *reached)
{
    const roads_states *states = made->view.states;

    reached[from] = true;
    for (uint32_t a = states->first_arc[from];
         a < states->first_arc[from + 1]; a++)
        if (isfinite(roads_arc_weight(states, made->view.metric, a))
            && !reached[states->heads[a]])
            follow(made, states->heads[a], reached);
}

/* Is a state of the core: come to, or about to go, by streets of the core? */
static bool is_of_core(const instance *made, uint32_t state)
{
    const roads_states *states = made->view.states;

    if (roads_states_are_vertices(states)) {
        for (size_t a = 0; a < states->n_arcs; a++)
            if (states->heads[a] == state
                && !states->ends[states->arc_streets[a] / 2])
                return true;
        return false;
    }
    for (size_t s = 0; s < 2 * made->map.view.n_links; s++)
        for (uint32_t i = states->first_target[s];
             i < states->first_target[s + 1]; i++)
            if (states->targets[i] == state)
                return !states->ends[s / 2];
    return false;
}

static void find_closure(const instance *made, closure *c)
{
    size_t most = 0, n_core = 0;
    uint32_t best = 0;

    memset(c, 0, sizeof *c);
    c->n = made->view.states->n_states;
    ck_assert_uint_le(c->n, MAX_STATES);
    for (uint32_t v = 0; v < c->n; v++) {
        follow(made, v, c->reaches[v]);
        n_core += is_of_core(made, v);
    }
    for (uint32_t v = 0; v < c->n; v++) {
        size_t n = 0;

        for (uint32_t w = 0; w < c->n; w++)
            n += c->reaches[v][w] && c->reaches[w][v]
                 && (n_core == 0 || is_of_core(made, w));
        if (n > most) {
            most = n;
            best = v;
        }
    }
    for (uint32_t v = 0; v < c->n; v++)
        c->is_core[v] = c->reaches[best][v] && c->reaches[v][best];
}

static uint8_t use_of(const instance *made, const closure *c, uint32_t street)
{
    const roads_states *states = made->view.states;
    const uint32_t start = states->starts[street];
    uint8_t use = 0;

    if (start == ROADS_NONE
        || !isfinite(made->view.metric->street_weights[street]))
        return 0;
    for (uint32_t w = 0; w < c->n; w++) {
        if (!c->is_core[w])
            continue;
        for (uint32_t a = states->first_arc[start];
             a < states->first_arc[start + 1]; a++)
            if (states->arc_streets[a] == street
                && isfinite(roads_arc_weight(states, made->view.metric, a))
                && c->reaches[states->heads[a]][w])
                use |= ROADS_USE_START;
        for (uint32_t i = states->first_target[street];
             i < states->first_target[street + 1]; i++)
            if (c->reaches[w][states->targets[i]])
                use |= ROADS_USE_TARGET;
    }
    return use;
}

START_TEST(routes_begin_and_end_where_the_core_is_reached_both_ways)
{
    static closure c;
    const uint64_t seed = test_seed();

    for (int i = 0; i < test_cases(250); i++) {
        base_rng rng = base_rng_stream(seed, (uint64_t)i + 1000000);
        const gb_mode mode = (gb_mode)base_rng_below(&rng, GB_MODE_COUNT);
        uint64_t n_routable = 0;
        int64_t routable_cm = 0;
        instance made;

        make(&made, &rng, mode);
        find_closure(&made, &c);
        for (uint32_t s = 0; s < 2 * made.map.view.n_links; s++)
            ck_assert_msg(made.metric.view.use[s] == use_of(&made, &c, s),
                          "seed %d, street %u: %d, by arcs %d", i, s,
                          made.metric.view.use[s], use_of(&made, &c, s));
        for (uint32_t l = 0; l < made.map.view.n_links; l++)
            if ((made.metric.view.use[2 * l]
                 | made.metric.view.use[2 * l + 1])
                == (ROADS_USE_START | ROADS_USE_TARGET)) {
                n_routable++;
                routable_cm += made.map.view.links[l].cm;
            }
        ck_assert_uint_eq(made.metric.view.n_routable, n_routable);
        ck_assert_int_eq(made.metric.view.routable_cm, routable_cm);
        unmake(&made);
    }
}
END_TEST

START_TEST(routable_places_reach_each_other)
{
    const uint64_t seed = test_seed();
    size_t n_pairs = 0;

    for (int i = 0; i < test_cases(250); i++) {
        base_rng rng = base_rng_stream(seed, (uint64_t)i + 2000000);
        const gb_mode mode = (gb_mode)base_rng_below(&rng, GB_MODE_COUNT);
        gb_roads_place places[2];
        roads_search search;
        roads_spots spots;
        instance made;

        make(&made, &rng, mode);
        ck_assert(roads_search_init(&search, made.ctx->mem, made.view));
        for (int k = 0; k < 20; k++) {
            bool good = true;

            for (int p = 0; p < 2; p++) {
                places[p] = small_map_random_place(&rng, &made.map, mode);
                good = good
                       && (made.metric.view.use[2 * places[p].link]
                           | made.metric.view.use[2 * places[p].link + 1])
                              == (ROADS_USE_START | ROADS_USE_TARGET);
            }
            ck_assert(roads_spots_find(made.ctx->mem, made.view, places, 2,
                                       &spots));
            if (good) {
                roads_search_run(&search, &spots, 0, ROADS_FAR);
                ck_assert_msg(roads_search_weight(&search, &spots, 0, &spots,
                                                  1)
                                  < ROADS_FAR,
                              "seed %d: link %u at %u to link %u at %u", i,
                              places[0].link, places[0].along_cm,
                              places[1].link, places[1].along_cm);
                n_pairs++;
            }
            roads_spots_clear(made.ctx->mem, &spots);
        }
        roads_search_clear(&search, made.ctx->mem);
        unmake(&made);
    }
    ck_assert_uint_gt(n_pairs, 100);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("roads_states");
    TCase *walks = tcase_create("walks");
    TCase *use = tcase_create("use");

    tcase_add_test(walks, least_weights_are_those_of_all_walks);
    suite_add_tcase(suite, walks);
    tcase_add_test(use,
                   routes_begin_and_end_where_the_core_is_reached_both_ways);
    tcase_add_test(use, routable_places_reach_each_other);
    suite_add_tcase(suite, use);
    return suite;
}
