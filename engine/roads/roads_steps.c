/*
 * roads_steps.c - see roads_steps.h.
 *
 * The streets are gone through once, and a draft of a step begun wherever
 * something has to be told; then drafts that are not worth telling join the
 * one before; then times and lengths are differences of the rounded sums from
 * the start, so that they add up to those of the way.
 */
#include "roads_steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_context.h"
#include "roads_junction.h"
#include "roads_measure.h"
#include "roads_trace.h"

enum {
    SHORT_CM = 5000,     /* without a name: no step of its own */
    HARDLY_CM = 1000,    /* of steps: a kerb, a ramp */
    ACROSS_CM = 3500,    /* from carriageway to carriageway */
    BACK_FROM = 107, BACK_TO = 149 /* 150 to 210 degrees: two turns that come
                                    * to one back */
};

typedef struct draft {
    size_t first;   /* stretch; it ends where the next begins */
    int32_t turn, exit;
    int angle;      /* 1/256 of a circle */
    uint32_t name;
    uint64_t cm;    /* of it, without a roundabout */
    bool is_pushed;
    bool is_special; /* steps, ferry: told whatever the name */
} draft;

typedef struct teller {
    base_mem *mem;
    const roads_way_found *way;
    roads_view view;
    roads_trace trace;
    double *begins; /* weight from the start to each stretch, and the total */
    BASE_ARRAY(draft) drafts;
    int32_t exits;  /* passed on this roundabout */
} teller;

static const roads_link *link_of(const teller *t, uint32_t street)
{
    return &t->view.map->links[street / 2];
}

static const roads_kind *kind_of(const teller *t, uint32_t street)
{
    return &t->view.map->kinds[link_of(t, street)->kind];
}

/* On foot roundabouts are walked round either way, like any street. */
static bool is_round(const teller *t, uint32_t street)
{
    return t->way->mode != GB_MODE_FOOT
           && roads_is_roundabout(t->view.map, street);
}

static bool is_pushed(const teller *t, uint32_t street)
{
    const roads_mode_profile *profile = &t->way->profile->modes[t->way->mode];

    return t->way->mode == GB_MODE_EBIKE
           && kind_of(t, street)->class != ROADS_CLASS_FERRY
           && roads_profile_dkmh(t->way->profile, kind_of(t, street),
                                 t->way->mode, (int)(street & 1), -1)
                  <= profile->push_dkmh;
}

static bool is_special(const teller *t, uint32_t street)
{
    const uint8_t class = kind_of(t, street)->class;

    return class == ROADS_CLASS_STEPS || class == ROADS_CLASS_FERRY;
}

/* What is new about a street to who comes by another. */
static bool is_new(const teller *t, uint32_t from, uint32_t into)
{
    return link_of(t, from)->name != link_of(t, into)->name
           || is_pushed(t, from) != is_pushed(t, into)
           || is_special(t, from) != is_special(t, into);
}

static bool begin_draft(teller *t, size_t i, int32_t turn, int angle)
{
    const uint32_t street = t->trace.stretches.items[i].street;
    const draft d = { .first = i, .turn = turn, .angle = angle,
                      .name = link_of(t, street)->name,
                      .is_pushed = is_pushed(t, street),
                      .is_special = is_special(t, street) };

    return base_array_push(t->mem, &t->drafts, d);
}

/* Into a roundabout, along it, out of it; false: no memory. */
static bool tell_roundabout(teller *t, size_t i, uint32_t from, uint32_t into)
{
    draft *last = &t->drafts.items[t->drafts.n - 1];
    const bool is_told = last->turn == GB_TURN_ROUNDABOUT && last->exit == 0;

    if (!is_round(t, from)) {
        t->exits = 0;
        return begin_draft(t, i, GB_TURN_ROUNDABOUT, 0);
    }
    if (is_round(t, into)) {
        t->exits += is_told ? roads_exits_at(t->view, from) : 0;
        return true;
    }
    if (!is_told) { /* the way began on it */
        const int angle = roads_turn_angle(t->view.map, from, into);

        return begin_draft(t, i, roads_turn_by_angle(angle), angle);
    }
    last->exit = t->exits + 1;
    last->name = link_of(t, into)->name;
    last->is_pushed = is_pushed(t, into);
    last->is_special = is_special(t, into);
    return true;
}

static bool tell_stretch(teller *t, size_t i, uint32_t from, uint32_t into)
{
    int32_t turn;

    if (is_round(t, from) || is_round(t, into))
        return tell_roundabout(t, i, from, into);
    turn = roads_turn_told(t->view, from, into, is_new(t, from, into));
    return turn == ROADS_GO_ON
           || begin_draft(t, i, turn,
                          roads_turn_angle(t->view.map, from, into));
}

/* Links of no length have no bearing: they are passed over. */
static bool tell_all(teller *t)
{
    uint32_t before = ROADS_NONE;

    for (size_t i = 0; i < t->trace.stretches.n; i++) {
        const roads_stretch *s = &t->trace.stretches.items[i];
        const uint32_t cm = roads_stretch_cm(s);

        if (cm == 0 && i + 1 < t->trace.stretches.n)
            continue;
        if (before == ROADS_NONE
                ? !begin_draft(t, 0, GB_TURN_DEPART, 0)
                : !tell_stretch(t, i, before, s->street))
            return false;
        if (before == ROADS_NONE) { /* named after what is travelled */
            draft *d = &t->drafts.items[0];

            d->name = link_of(t, s->street)->name;
            d->is_pushed = is_pushed(t, s->street);
            d->is_special = is_special(t, s->street);
        }
        if (!is_round(t, s->street))
            t->drafts.items[t->drafts.n - 1].cm += cm;
        before = s->street;
    }
    return true;
}

/* Two turns to one side, across to the other carriageway. */
static bool is_back(const draft *before, const draft *first,
                    const draft *second)
{
    const int angle = abs(first->angle + second->angle);

    return first->turn != GB_TURN_ROUNDABOUT
           && second->turn != GB_TURN_ROUNDABOUT && first->cm <= ACROSS_CM
           && (first->angle > 0) == (second->angle > 0)
           && abs(first->angle) > 28 && abs(second->angle) > 28
           && angle >= BACK_FROM && angle <= BACK_TO && second->name != 0
           && second->name == before->name
           && first->is_pushed == second->is_pushed;
}

/* Does a draft need no telling after the one before it?  Then that is made
 * to tell both. */
static bool join(draft *last, const draft *next)
{
    if (next->turn != GB_TURN_CONTINUE || next->is_pushed != last->is_pushed
        || (next->is_special && next->cm > HARDLY_CM) || last->is_special)
        return false;
    if (last->name != next->name
        && !(last->name == 0 && last->cm < SHORT_CM)
        && !(next->name == 0 && next->cm < SHORT_CM))
        return false;
    if (last->name == 0)
        last->name = next->name;
    last->cm += next->cm;
    return true;
}

static void join_drafts(teller *t)
{
    draft *d = t->drafts.items;
    size_t n = 0;

    for (size_t i = 0; i < t->drafts.n; i++) {
        if (n > 0 && join(&d[n - 1], &d[i]))
            continue;
        if (n > 1 && is_back(&d[n - 2], &d[n - 1], &d[i])) {
            d[n - 1].turn = GB_TURN_BACK;
            d[n - 1].name = d[i].name;
            d[n - 1].cm += d[i].cm;
            continue;
        }
        d[n++] = d[i];
    }
    t->drafts.n = n;
}

/* Of the part of the street that is travelled. */
static double stretch_weight(const teller *t, const roads_stretch *s)
{
    const double whole = t->view.metric->street_weights[s->street];
    const double hundredths = floor(whole / ROADS_LENGTHS);
    const uint32_t cm = link_of(t, s->street)->cm;
    double share;

    if (roads_stretch_cm(s) == cm)
        return whole;
    share = (double)roads_stretch_cm(s) / cm;
    return roads_weight(round(hundredths * share),
                        round((whole - hundredths * ROADS_LENGTHS) * share));
}

static bool weigh(teller *t)
{
    const size_t n = t->trace.stretches.n;
    const roads_stretch *s = t->trace.stretches.items;
    double sum = 0;

    t->begins = base_alloc_array(t->mem, n + 1, sizeof *t->begins);
    if (!t->begins)
        return false;
    for (size_t i = 0; i < n; i++) {
        t->begins[i] = sum < t->way->weight ? sum : t->way->weight;
        sum += stretch_weight(t, &s[i]);
        if (i + 1 < n)
            sum += roads_turn_weight(t->view, s[i].street, s[i + 1].street);
    }
    t->begins[n] = t->way->weight;
    return true;
}

static double bearing_deg(gb_lonlat a, gb_lonlat b)
{
    const roads_scale scale =
        roads_scale_at((a.lat_deg + b.lat_deg) / 2 * 1e7);
    const double x = (b.lon_deg - a.lon_deg) * scale.x_m;
    const double y = (b.lat_deg - a.lat_deg) * scale.y_m;
    const double deg = atan2(x, y) * (180 / 3.14159265358979323846);

    return deg < 0 ? deg + 360 : deg;
}

/* The class that most of a step is on; roundabouts only count where there is
 * nothing else. */
static const char *class_between(const teller *t, size_t first, size_t end)
{
    uint64_t cm[ROADS_CLASS_COUNT] = { 0 };
    int best = 0;

    for (size_t i = first; i < end; i++) {
        const roads_stretch *s = &t->trace.stretches.items[i];

        cm[kind_of(t, s->street)->class] +=
            roads_stretch_cm(s) * (is_round(t, s->street) ? 1ULL : 1000ULL)
            + 1;
    }
    for (int c = 1; c < ROADS_CLASS_COUNT; c++)
        if (cm[c] > cm[best])
            best = c;
    return roads_class_name((roads_class)best);
}

static const char *name_of(const teller *t, uint32_t name)
{
    return t->view.map->names + t->view.map->name_at[name];
}

static gb_roads_step step_of(const teller *t, size_t i)
{
    const draft *d = &t->drafts.items[i];
    const uint32_t unit_cm = t->view.map->length_unit_cm;
    const size_t end = i + 1 < t->drafts.n ? t->drafts.items[i + 1].first
                                           : t->trace.stretches.n;
    const double a = t->begins[d->first], b = t->begins[end];
    const uint32_t p = t->trace.stretches.items[d->first].first_point;
    const gb_lonlat *points = t->trace.points.items;
    const bool has_next = p + 1 < t->trace.points.n;

    return (gb_roads_step){
        .turn = d->turn,
        .exit = d->exit,
        .name = name_of(t, d->name),
        .road_class = class_between(t, d->first, end),
        .seconds = roads_weight_s(b) - roads_weight_s(a),
        .metres = roads_weight_m(b, unit_cm) - roads_weight_m(a, unit_cm),
        .bearing_deg = has_next ? bearing_deg(points[p], points[p + 1]) : 0,
        .at = points[p],
        .first_point = p,
        .is_pushed = d->is_pushed,
    };
}

static gb_roads_step arrival(const teller *t)
{
    const size_t n = t->trace.points.n;
    const gb_lonlat *points = t->trace.points.items;
    const roads_link *link = &t->view.map->links[t->way->to->link];

    return (gb_roads_step){
        .turn = GB_TURN_ARRIVE,
        .name = name_of(t, link->name),
        .road_class = roads_class_name(
            (roads_class)t->view.map->kinds[link->kind].class),
        .bearing_deg = n > 1 ? bearing_deg(points[n - 2], points[n - 1]) : 0,
        .at = points[n - 1],
        .first_point = (uint32_t)n - 1,
    };
}

/* Of a place to itself: set out, and be there. */
static gb_roads_step departure(const teller *t)
{
    gb_roads_step step = arrival(t);

    step.turn = GB_TURN_DEPART;
    step.first_point = 0;
    step.at = t->trace.points.items[0];
    return step;
}

static bool hand_over(teller *t, gb_roads_directions *out)
{
    const size_t n = t->drafts.n ? t->drafts.n : 1;

    out->steps = base_alloc_array(t->mem, n + 1, sizeof *out->steps);
    if (!out->steps)
        return false;
    if (t->drafts.n == 0)
        out->steps[0] = departure(t);
    for (size_t i = 0; i < t->drafts.n; i++)
        out->steps[i] = step_of(t, i);
    out->steps[n] = arrival(t);
    out->n_steps = n + 1;
    out->points = t->trace.points.items;
    out->n_points = t->trace.points.n;
    t->trace.points.items = NULL;
    out->totals.seconds = roads_weight_s(t->way->weight);
    out->totals.metres =
        roads_weight_m(t->way->weight, t->view.map->length_unit_cm);
    return true;
}

gb_status roads_steps_make(gb_context *ctx, const roads_way_found *way,
                           gb_roads_directions **out)
{
    teller t = { .mem = ctx->mem, .way = way, .view = way->view };
    gb_roads_directions *made = NULL;
    gb_status status = GB_OK;

    *out = NULL;
    if (!(way->weight < ROADS_FAR))
        return base_fail(ctx, GB_ERR_INFEASIBLE,
                         "there is no way from the one place to the other");
    made = base_alloc_zeroed(ctx->mem, 1, sizeof *made);
    if (!made || !roads_trace_make(ctx->mem, t.view.map, way->from, way->to,
                                   way->streets, way->n, &t.trace)
        || !tell_all(&t) || !weigh(&t)) {
        status = base_fail_nomem(ctx);
        goto done;
    }
    join_drafts(&t);
    if (!hand_over(&t, made)) {
        status = base_fail_nomem(ctx);
        goto done;
    }
    made->mem = base_mem_ref(ctx->mem);
    *out = made;
    made = NULL;

done:
    base_free(ctx->mem, made);
    base_free(ctx->mem, t.begins);
    base_array_clear(ctx->mem, &t.drafts);
    roads_trace_clear(ctx->mem, &t.trace);
    return status;
}

void roads_steps_free(gb_roads_directions *directions)
{
    base_mem *mem;

    if (!directions)
        return;
    mem = directions->mem;
    base_free(mem, directions->steps);
    base_free(mem, directions->points);
    base_free(mem, directions);
    base_mem_unref(mem);
}
