/*
 * query_town.h - a small random map with all that queries stand on, and
 * places on it.
 */
#ifndef QUERY_TOWN_H
#define QUERY_TOWN_H

#include "base_context.h"
#include "roads_spots.h"
#include "small_map.h"

#include "test.h"

/* All that a query stands on, of one small map and one mode. */
typedef struct town {
    gb_context *ctx;
    base_run run;
    small_map map;
    roads_states_built states;
    roads_hierarchy_built hierarchy;
    roads_metric_built metric;
    roads_view view;
} town;

enum { MOST_PLACES = 80 };

typedef struct asked {
    size_t n;
    gb_roads_place places[MOST_PLACES];
    roads_spots spots;
} asked;

static void town_make(base_rng *rng, gb_mode mode, town *t)
{
    const size_t n_vertices = 2 + base_rng_below(rng, 40);

    memset(t, 0, sizeof *t);
    t->ctx = test_context();
    base_run_begin(&t->run, t->ctx, (base_limits){ 0 });
    small_map_random(rng, n_vertices,
                     n_vertices / 2 + base_rng_below(rng, 3 * n_vertices),
                     base_rng_below(rng, 9), &t->map);
    assert_ok(t->ctx, roads_states_build(&t->run, &t->map.view,
                                         &t->map.profile, mode, NULL,
                                         &t->states));
    assert_ok(t->ctx, roads_hierarchy_build(&t->run, &t->states.view,
                                            &t->hierarchy));
    assert_ok(t->ctx,
              roads_metric_weigh(&t->run, &t->map.view, &t->states.view,
                                 &t->map.profile, mode, -1, &t->metric));
    assert_ok(t->ctx, roads_metric_customise(&t->run, &t->states.view,
                                             &t->hierarchy.view, &t->metric));
    t->view = (roads_view){ &t->map.view, &t->states.view,
                            &t->hierarchy.view, &t->metric.view };
}

static void town_clear(town *t)
{
    base_mem *mem = t->ctx->mem;

    roads_metric_clear(mem, &t->metric);
    roads_hierarchy_clear(mem, &t->hierarchy);
    roads_states_clear(mem, &t->states);
    small_map_clear(&t->map);
    gb_context_free(t->ctx);
}

/* Places anywhere, some of them twice, some not on the network. */
static void ask(base_rng *rng, const town *t, gb_mode mode, size_t n,
                asked *out)
{
    out->n = n;
    for (size_t i = 0; i < n; i++) {
        out->places[i] = small_map_random_place(rng, &t->map, mode);
        if (i && base_rng_chance(rng, 0.05))
            out->places[i] = out->places[base_rng_below(rng, i)];
        if (base_rng_chance(rng, 0.03)) {
            out->places[i].status = GB_SNAP_FAR;
            out->places[i].link = UINT32_MAX;
        }
    }
    ck_assert(roads_spots_find(t->ctx->mem, t->view, out->places, n,
                               &out->spots));
}

static void ask_clear(const town *t, asked *a)
{
    roads_spots_clear(t->ctx->mem, &a->spots);
}

#endif
