/*
 * plan_day.c - see plan_day.h.
 */
#include "plan_day.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_threads.h"
#include "base_text.h"
#include "plan_feedback.h"
#include "plan_presence.h"
#include "plan_route.h"
#include "plan_score.h"

enum { HOUR_S = 3600, PERMILLE = 1000, DAYS_AHEAD = 30 };

/*
 * Days between two visits of one customer, and after one at which nobody was
 * at home: nobody is visited twice while others are never.
 */
enum { GAP_DAYS = 30, GAP_ABSENT_DAYS = 7 };

typedef struct day_work {
    plan_data *data;
    store_territories territories;
    plan_prizes prizes;
    plan_horizon horizon;
    gb_score_card *card;
    plan_trials trials;
    int16_t *permille;        /* kinds of day x targets x slots */
    json_t *presence;         /* what visits taught; NULL: not asked for */
    plan_fate *fates;         /* one a target */
    uint32_t *manager_of;     /* of targets: index of managers, or none */
    uint32_t *territory_of;   /* of targets: index of territories, or none */
    int32_t *back_on;         /* of managers: next day at work, or NO_DAY */
    uint32_t *candidates;     /* grouped by manager */
    plan_manager_day *days;   /* of the managers at work */
    size_t n_days;
    store_plan plan;
    int64_t counts[STORE_N_STATES];
    int64_t n_musts_missed, n_held_out;
} day_work;

/* ---- before any route ---- */

static bool has_appointment(const store_target *t)
{
    return t->appointment_from_s != STORE_NO_TIME;
}

static void settle(day_work *w, uint32_t target, int32_t state,
                   const char *reason)
{
    w->fates[target]
        = (plan_fate){ target, state, STORE_NONE, STORE_NO_DAY, reason, NULL };
}

/* Whose target it is: an appointment may name somebody, then an override or
 * the customer's lead does, else it is whose territory the place lies in. */
static void find_owner(day_work *w, uint32_t target)
{
    const store_target *t = &w->data->targets.items[target];
    uint32_t territory = STORE_NONE;

    if (t->cell != STORE_NONE && t->cell < w->territories.n_cells)
        territory = w->territories.of_cell[t->cell];
    w->territory_of[target] = territory;
    w->manager_of[target] = has_appointment(t) ? t->appointment_manager
                                               : STORE_NONE;
    if (w->manager_of[target] == STORE_NONE)
        w->manager_of[target] = t->assigned;
    if (w->manager_of[target] == STORE_NONE && territory != STORE_NONE)
        w->manager_of[target] = w->territories.items[territory].owner;
}

/* The first day on which the customer may be visited again. */
static int32_t next_visit_on(const store_target *t)
{
    if (t->last_visit_on == STORE_NO_DAY)
        return STORE_NO_DAY;
    return t->last_visit_on + (t->was_absent ? GAP_ABSENT_DAYS : GAP_DAYS);
}

static bool is_too_soon(const day_work *w, const store_target *t)
{
    return !plan_is_must(t) && next_visit_on(t) != STORE_NO_DAY
           && next_visit_on(t) > w->data->settings->on;
}

/* Left alone by chance, until a day that the trial knows. */
static void settle_held_out(day_work *w, uint32_t target)
{
    settle(w, target, STORE_SET_ASIDE, "held_out");
    w->fates[target].json = plan_trials_json(&w->trials, target);
    w->n_held_out++;
}

static void sort_out(day_work *w, uint32_t target)
{
    const store_target *t = &w->data->targets.items[target];
    const uint32_t manager = w->manager_of[target];

    if (!has_appointment(t) && t->channel != STORE_CHANNEL_VISIT)
        settle(w, target, STORE_OTHER_CHANNEL, t->channel_rule);
    else if (!has_appointment(t) && t->do_not_visit)
        settle(w, target, STORE_OTHER_CHANNEL, "do_not_visit");
    else if (is_too_soon(w, t))
        settle(w, target, STORE_DEFERRED, "visited_lately");
    else if (!t->has_location)
        settle(w, target, STORE_SET_ASIDE, "no_location");
    else if (!plan_is_located(t))
        settle(w, target, STORE_SET_ASIDE, "coarse_location");
    else if (w->territory_of[target] == STORE_NONE && manager == STORE_NONE)
        settle(w, target, STORE_SET_ASIDE, "outside_territories");
    else if (manager == STORE_NONE)
        settle(w, target, STORE_IMPOSSIBLE, "no_owner");
    else if (!w->data->managers.items[manager].is_working
             && has_appointment(t))
        settle(w, target, STORE_IMPOSSIBLE, "manager_off");
    else if (!w->data->managers.items[manager].is_working)
        settle(w, target,
               w->back_on[manager] == STORE_NO_DAY ? STORE_IMPOSSIBLE
                                                   : STORE_DEFERRED,
               "manager_off");
    else if (!plan_is_must(t) && plan_trials_take(&w->trials, target))
        settle_held_out(w, target);
    else
        w->fates[target].state = PLAN_AS_IT_WAS; /* a candidate for a route */
}

/* Those of the later days: visited lately, but not long before; promised. */
static bool may_come_later(const day_work *w, uint32_t target)
{
    const store_target *t = &w->data->targets.items[target];
    const uint32_t manager = w->manager_of[target];

    return w->fates[target].state == STORE_DEFERRED && manager != STORE_NONE
           && (!plan_trials_holds_out(&w->trials, target)
               || w->horizon.promises[target].day > 0)
           && w->data->managers.items[manager].is_working
           && plan_is_located(t)
           && (w->horizon.promises[target].day > 0
               || w->horizon.first_day[target] < w->horizon.n_days);
}

/*
 * An appointment on a later day of the horizon: the customer is visited then,
 * by whom it names, and not before.
 */
static gb_status take_promises(day_work *w)
{
    const plan_horizon *h = &w->horizon;
    store_promises promises;
    gb_status status;

    memset(&promises, 0, sizeof promises);
    status = store_load_promises(w->data->ws, &w->data->managers,
                                 &w->data->targets, h->days[h->n_days - 1],
                                 &promises);
    for (size_t i = 0; i < promises.n && !status; i++) {
        const store_promise *p = &promises.items[i];
        const store_target *t = &w->data->targets.items[p->target];
        const uint32_t d = plan_horizon_index(h, p->day);
        const uint32_t manager = p->manager != STORE_NONE
                                     ? p->manager
                                     : w->manager_of[p->target];

        if (has_appointment(t) || d >= h->n_days || h->days[d] != p->day
            || manager == STORE_NONE || !plan_is_located(t)
            || !h->works[d * h->n_managers + manager])
            continue;
        w->manager_of[p->target] = manager;
        settle(w, p->target, STORE_DEFERRED, "promised");
        w->fates[p->target].until = p->day;
        h->promises[p->target]
            = (plan_promise){ (uint8_t)d, p->from_s, p->to_s };
    }
    store_promises_clear(&promises);
    return status;
}

/* From which day on each target may be visited. */
static void find_first_days(day_work *w)
{
    for (uint32_t t = 0; t < w->data->targets.n; t++)
        if (is_too_soon(w, &w->data->targets.items[t]))
            w->horizon.first_day[t] = (uint8_t)plan_horizon_index(
                &w->horizon, next_visit_on(&w->data->targets.items[t]));
}

/* The next day on which each absent manager works. */
static gb_status find_days_back(day_work *w)
{
    const store_managers *managers = &w->data->managers;
    size_t n_away = 0;
    gb_status status = GB_OK;

    for (size_t m = 0; m < managers->n; m++) {
        w->back_on[m] = STORE_NO_DAY;
        n_away += !managers->items[m].is_working;
    }
    for (int32_t ahead = 1; ahead <= DAYS_AHEAD && n_away > 0 && !status;
         ahead++) {
        store_managers later;

        memset(&later, 0, sizeof later);
        status = store_load_managers(w->data->ws, &w->data->branches,
                                     w->data->settings->on + ahead, &later);
        for (size_t m = 0; m < managers->n && !status; m++)
            if (!managers->items[m].is_working && later.items[m].is_working
                && w->back_on[m] == STORE_NO_DAY) {
                w->back_on[m] = w->data->settings->on + ahead;
                n_away--;
            }
        store_managers_clear(&later);
    }
    return status;
}

/* ---- candidates of each manager ---- */

typedef struct ranked {
    uint32_t manager, target;
    bool is_must;
    int64_t score;
} ranked;

static int by_manager_and_worth(const void *a, const void *b)
{
    const ranked *p = a, *q = b;

    if (p->manager != q->manager)
        return p->manager < q->manager ? -1 : 1;
    if (p->is_must != q->is_must)
        return p->is_must ? -1 : 1;
    if (p->score != q->score)
        return p->score > q->score ? -1 : 1;
    return (p->target > q->target) - (p->target < q->target);
}

/*
 * Cut the sorted list into managers' days; past max_candidates a target that
 * is no must is crowded out by those before it.
 */
static void deal_candidates(day_work *w, const ranked *list, size_t n)
{
    const uint32_t most = w->data->settings->given.max_candidates;

    for (size_t i = 0, rank = 0; i < n; i++) {
        plan_manager_day *day;

        rank = i > 0 && list[i - 1].manager == list[i].manager ? rank + 1 : 0;
        if (rank == 0) {
            w->days[w->n_days].manager = list[i].manager;
            w->days[w->n_days++].candidates = w->candidates + i;
        }
        day = &w->days[w->n_days - 1];
        if (rank >= most && !list[i].is_must) {
            if (w->fates[list[i].target].state == PLAN_AS_IT_WAS)
                settle(w, list[i].target, STORE_CROWDED_OUT, "below_the_cut");
        } else
            w->candidates[(size_t)(day->candidates - w->candidates)
                          + day->n_candidates++] = list[i].target;
    }
}

static gb_status find_candidates(day_work *w)
{
    const size_t n_targets = w->data->targets.n;
    ranked *list
        = base_alloc_array(w->data->run->mem, n_targets, sizeof *list);
    size_t n = 0;

    w->candidates = base_alloc_array(w->data->run->mem, n_targets,
                                     sizeof *w->candidates);
    w->days = base_alloc_zeroed(w->data->run->mem, w->data->managers.n,
                                sizeof *w->days);
    if (!list || !w->candidates || !w->days) {
        base_free(w->data->run->mem, list);
        return base_fail_nomem(w->data->run->ctx);
    }
    for (uint32_t t = 0; t < n_targets; t++)
        if (w->fates[t].state == PLAN_AS_IT_WAS || may_come_later(w, t))
            list[n++] = (ranked){ w->manager_of[t], t,
                                  plan_is_must(&w->data->targets.items[t]),
                                  w->data->targets.items[t].score };
    qsort(list, n, sizeof *list, by_manager_and_worth);
    deal_candidates(w, list, n);
    for (size_t d = 0; d < w->n_days; d++)
        base_arena_init(&w->days[d].arena, w->data->run->mem);
    base_free(w->data->run->mem, list);
    return GB_OK;
}

static gb_status find_presence(day_work *w)
{
    plan_data *data = w->data;
    plan_table table;
    size_t n_slots;
    gb_status status = plan_card(data, &w->card);

    if (status)
        return status;
    n_slots = gb_score_card_n_slots(w->card);
    w->permille = base_alloc_array(data->run->mem,
                                   data->targets.n * n_slots * PLAN_DAY_KINDS,
                                   sizeof *w->permille);
    status = plan_table_fill(data, &table);
    if (!status && !w->permille)
        status = base_fail_nomem(data->run->ctx);
    if (!status)
        status = data->settings->given.card_presence
                     ? plan_presence_suppose(data, w->card, &table.table,
                                             w->permille)
                     : plan_presence_fill(data, w->card, w->permille,
                                          &w->presence);
    if (!status)
        status = plan_horizon_scores(data, w->card, &table, &w->horizon);
    plan_table_clear(data, &table);
    w->prizes = (plan_prizes){ n_slots,
                               gb_score_card_slot_borders(w->card),
                               w->permille, data->targets.n, 0, &w->horizon };
    return status;
}

/* ---- routes ---- */

static gb_status solve_round(base_run *worker, size_t thread, size_t i,
                             void *user)
{
    day_work *w = user;

    (void)thread;
    return plan_manager_solve(w->data, &w->prizes, worker, &w->days[i]);
}

/*
 * The limit is of all routes together: each search has an even share, as if
 * every manager needed all of his.  What one leaves over is not handed on,
 * since who finishes first is left to chance.
 */
static int64_t search_limit_ms(const day_work *w)
{
    const gb_plan_options *given = &w->data->settings->given;
    const int64_t n_searches = (int64_t)w->n_days * PLAN_SEARCHES;
    const int64_t n_threads = given->n_threads < w->n_days
                                  ? (int64_t)given->n_threads
                                  : (int64_t)w->n_days;

    if (given->time_limit_ms == 0 || n_searches == 0)
        return 0;
    if (given->time_limit_ms / n_searches == 0)
        return 1;
    return given->time_limit_ms / n_searches * (n_threads > 0 ? n_threads : 1);
}

static gb_status solve_all(day_work *w)
{
    base_run *run = w->data->run;

    w->prizes.search_limit_ms = search_limit_ms(w);
    base_run_phase(run, GB_N("planning routes"), 0.1, 0.9, w->n_days);
    return base_parallel(run, w->n_days, solve_round, w);
}

/* ---- one plan ---- */

static bool take_plan_arrays(day_work *w)
{
    store_plan *plan = &w->plan;
    size_t n_stops = 0, n_path = 0;

    for (size_t d = 0; d < w->n_days; d++) {
        n_stops += w->days[d].n_stops;
        n_path += w->days[d].n_path;
    }
    plan->routes = base_arena_alloc(&plan->arena, w->n_days,
                                    sizeof *plan->routes);
    plan->stops = base_arena_alloc(&plan->arena, n_stops, sizeof *plan->stops);
    plan->path = base_arena_alloc(&plan->arena, n_path, sizeof *plan->path);
    plan->targets = base_arena_alloc(&plan->arena, w->data->targets.n,
                                     sizeof *plan->targets);
    return plan->routes && plan->stops && plan->path && plan->targets;
}

static const char *word_figures(day_work *w, const plan_manager_day *day)
{
    base_text text;
    char *kept = NULL;

    base_text_init(&text, w->data->run->mem);
    base_text_format(&text,
                     "{\"candidates\":%zu,\"field_s\":%lld,\"greedy_prize\":"
                     "%lld,\"greedy_field_s\":%lld,\"nearest_travel_s\":%lld,"
                     "\"way_price_per_h\":%lld,\"by_hour\":%s}",
                     day->n_candidates, (long long)day->field_s,
                     (long long)day->greedy_prize,
                     (long long)day->greedy_field_s,
                     (long long)day->nearest_travel_s,
                     (long long)day->way_price_per_h,
                     day->is_flat ? "false" : "true");
    if (!text.is_short)
        kept = base_arena_alloc(&w->plan.arena, text.n + 1, 1);
    if (kept)
        memcpy(kept, text.chars, text.n + 1);
    base_text_clear(&text);
    return kept;
}

static gb_status add_day(day_work *w, plan_manager_day *day)
{
    store_plan *plan = &w->plan;
    const store_manager *m = &w->data->managers.items[day->manager];
    store_route *route = &plan->routes[plan->n_routes];

    for (size_t c = 0; c < day->n_candidates; c++) {
        plan_fate fate = day->fates[c];

        if (fate.state == PLAN_AS_IT_WAS)
            continue;
        if (fate.stop != STORE_NONE)
            fate.stop += (uint32_t)plan->n_stops;
        w->fates[fate.target] = fate;
    }
    w->n_musts_missed += day->n_musts_missed;
    if (day->n_stops == 0)
        return GB_OK;
    *route = day->route;
    route->manager_id = m->id;
    route->branch_id = w->data->branches.items[m->branch].id;
    route->day = w->data->settings->on;
    route->mode = m->mode;
    route->first_stop = (uint32_t)plan->n_stops;
    route->n_stops = (uint32_t)day->n_stops;
    route->first_point = (uint32_t)plan->n_path;
    route->n_points = (uint32_t)day->n_path;
    route->figures_json = word_figures(w, day);
    memcpy(plan->stops + plan->n_stops, day->stops,
           day->n_stops * sizeof *day->stops);
    if (day->n_path > 0)
        memcpy(plan->path + plan->n_path, day->path,
               day->n_path * sizeof *day->path);
    plan->n_stops += day->n_stops;
    plan->n_path += day->n_path;
    plan->n_routes++;
    return route->figures_json ? GB_OK : base_fail_nomem(w->data->run->ctx);
}

static int32_t deferred_until(const day_work *w, uint32_t target)
{
    const store_target *t = &w->data->targets.items[target];

    if (w->fates[target].until != STORE_NO_DAY)
        return w->fates[target].until;
    return is_too_soon(w, t) ? next_visit_on(t)
                             : w->back_on[w->manager_of[target]];
}

static void add_targets(day_work *w)
{
    store_plan *plan = &w->plan;

    plan->n_targets = w->data->targets.n;
    for (uint32_t t = 0; t < plan->n_targets; t++) {
        const plan_fate *fate = &w->fates[t];
        const uint32_t manager = w->manager_of[t];
        const uint32_t territory = w->territory_of[t];

        plan->targets[t] = (store_plan_target){
            .customer_id = w->data->targets.items[t].id,
            .state = fate->state, .stop = fate->stop,
            .until = fate->state == STORE_DEFERRED ? deferred_until(w, t)
                                                   : STORE_NO_DAY,
            .manager_id = manager == STORE_NONE
                              ? 0
                              : w->data->managers.items[manager].id,
            .territory_id = territory == STORE_NONE
                                ? 0
                                : w->territories.items[territory].id,
            .reason = fate->reason, .reason_json = fate->json
        };
        w->counts[fate->state]++;
        /* those of the managers at work were counted with their days */
        if (fate->state != STORE_PLANNED && fate->state != STORE_DEFERRED
            && plan_is_must(&w->data->targets.items[t])
            && (manager == STORE_NONE
                || !w->data->managers.items[manager].is_working
                || !plan_is_located(&w->data->targets.items[t])))
            w->n_musts_missed++;
    }
}

/* Points an hour, to three digits. */
static double per_hour(int64_t prize, int64_t field_s)
{
    return field_s > 0
               ? round((double)prize * HOUR_S * PERMILLE / (double)field_s)
                     / PERMILLE
               : 0;
}

static double in_whole(int64_t permille)
{
    return (double)permille / PERMILLE;
}

/* To three digits. */
static double share(int64_t part, int64_t whole)
{
    return whole > 0
               ? round((double)part * PERMILLE / (double)whole) / PERMILLE
               : 0;
}

static json_t *count_states(const day_work *w)
{
    json_t *counts = json_object();

    for (int32_t s = 0; s < STORE_N_STATES; s++)
        json_object_set_new(counts, store_plan_state_name(s),
                            json_integer(w->counts[s]));
    return counts;
}

static json_t *sum_up(const day_work *w)
{
    int64_t prize = 0, field_s = 0, greedy = 0, greedy_s = 0, travel_s = 0;
    int64_t nearest_s = 0, at_work = 0, greedy_travel_s = 0;
    int64_t met = 0, greedy_met = 0;

    for (size_t m = 0; m < w->data->managers.n; m++)
        at_work += w->data->managers.items[m].is_working;
    for (size_t d = 0; d < w->n_days; d++) {
        const plan_manager_day *day = &w->days[d];

        prize += day->prize;
        field_s += day->field_s;
        greedy += day->greedy_prize;
        greedy_s += day->greedy_field_s;
        greedy_travel_s += day->greedy_travel_s;
        met += day->met_permille;
        greedy_met += day->greedy_met_permille;
        travel_s += day->travel_s;
        nearest_s += day->nearest_travel_s;
    }
    return json_pack(
        "{s:I, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:f, s:f,"
        " s:{s:I, s:I, s:f, s:f, s:f}, s:{s:I, s:I}}",
        "targets", (json_int_t)w->data->targets.n, "states", count_states(w),
        "managers", (json_int_t)w->data->managers.n, "managers_at_work",
        (json_int_t)at_work, "routes", (json_int_t)w->plan.n_routes, "visits",
        (json_int_t)w->plan.n_stops, "musts_missed",
        (json_int_t)w->n_musts_missed, "held_out", (json_int_t)w->n_held_out,
        "value", (json_int_t)prize, "field_s",
        (json_int_t)field_s, "value_per_h", per_hour(prize, field_s),
        "expected_met", in_whole(met), "travel_share",
        share(travel_s, field_s), "by_balance", "value", (json_int_t)greedy, "field_s",
        (json_int_t)greedy_s, "value_per_h", per_hour(greedy, greedy_s),
        "expected_met", in_whole(greedy_met), "travel_share",
        share(greedy_travel_s, greedy_s),
        "same_stops", "travel_s", (json_int_t)travel_s, "nearest_travel_s",
        (json_int_t)nearest_s);
}

static gb_status build_plan(day_work *w, json_t **result)
{
    const plan_settings *settings = w->data->settings;
    store_plan *plan = &w->plan;
    char *summary;
    gb_status status = GB_OK;

    base_arena_init(&plan->arena, w->data->run->mem);
    if (!take_plan_arrays(w))
        return base_fail_nomem(w->data->run->ctx);
    for (size_t d = 0; d < w->n_days && !status; d++)
        status = add_day(w, &w->days[d]);
    if (status)
        return status;
    add_targets(w);
    plan->from = plan->to = plan->as_of = settings->on;
    plan->seed = settings->given.seed;
    plan->territory_version = w->territories.version;
    status = plan_json(w->data->run, sum_up(w), result);
    if (status)
        return status;
    if (w->presence
        && json_object_set(*result, "presence", w->presence))
        return base_fail_nomem(w->data->run->ctx);
    summary = json_dumps(*result, JSON_COMPACT | JSON_REAL_PRECISION(12));
    plan->summary_json = summary;
    base_run_phase(w->data->run, GB_N("saving the plan"), 0.9, 1, 0);
    status = summary ? store_save_plan(w->data->ws, plan)
                     : base_fail_nomem(w->data->run->ctx);
    free(summary);
    return status ? status : plan_trials_save(w->data, &w->trials);
}

static gb_status take_target_arrays(day_work *w)
{
    base_mem *mem = w->data->run->mem;
    const size_t n = w->data->targets.n;

    w->fates = base_alloc_zeroed(mem, n, sizeof *w->fates);
    w->manager_of = base_alloc_array(mem, n, sizeof *w->manager_of);
    w->territory_of = base_alloc_array(mem, n, sizeof *w->territory_of);
    w->back_on = base_alloc_array(mem, w->data->managers.n,
                                  sizeof *w->back_on);
    return w->fates && w->manager_of && w->territory_of && w->back_on
               ? GB_OK
               : base_fail_nomem(w->data->run->ctx);
}

static void clear_work(day_work *w)
{
    base_mem *mem = w->data->run->mem;

    for (size_t d = 0; d < w->n_days; d++)
        base_arena_clear(&w->days[d].arena);
    if (w->plan.arena.mem)
        base_arena_clear(&w->plan.arena);
    base_free(mem, w->days);
    base_free(mem, w->candidates);
    base_free(mem, w->permille);
    base_free(mem, w->fates);
    base_free(mem, w->manager_of);
    base_free(mem, w->territory_of);
    base_free(mem, w->back_on);
    json_decref(w->presence);
    gb_score_card_free(w->card);
    plan_horizon_clear(w->data, &w->horizon);
    plan_trials_clear(w->data, &w->trials);
    store_territories_clear(&w->territories);
}

gb_status plan_day(plan_data *data, int64_t *n_musts_missed, json_t **result)
{
    day_work w = { .data = data };
    gb_status status;

    *result = NULL;
    status = store_load_territories(data->ws, &data->branches, &data->managers,
                                    &data->cells, 0, data->settings->on,
                                    &w.territories);
    if (!status && w.territories.version == 0)
        status = base_fail(data->run->ctx, GB_ERR_STATE,
                           "no territories are in force on %s: build, approve "
                           "and activate some first",
                           data->settings->given.date);
    if (!status)
        status = take_target_arrays(&w);
    if (!status)
        status = find_days_back(&w);
    if (!status)
        status = plan_horizon_days(data, &w.horizon);
    if (!status)
        status = find_presence(&w);
    if (!status)
        find_first_days(&w);
    if (!status)
        status = plan_trials_draw(data, &w.trials);
    for (uint32_t t = 0; t < data->targets.n && !status; t++) {
        find_owner(&w, t);
        sort_out(&w, t);
    }
    if (!status)
        status = take_promises(&w);
    if (!status)
        status = find_candidates(&w);
    if (!status)
        status = solve_all(&w);
    if (!status)
        status = build_plan(&w, result);
    *n_musts_missed = w.n_musts_missed;
    if (status) {
        json_decref(*result);
        *result = NULL;
    }
    clear_work(&w);
    return status;
}
