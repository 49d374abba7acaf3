/*
 * plan_horizon.c - see plan_horizon.h.
 */
#include "plan_horizon.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "base_text.h"
#include "plan_problem.h"
#include "plan_score.h"
#include "plan_value.h"

enum {
    PERMILLE = 1000,
    REACH_DAYS = 60,       /* so far ahead working days are looked for */
    WAY_PRICE_PER_H = 150, /* as of the first search for a day */
    LATER_PART = 8,        /* of the iterations of a day, for a later one */
    LEAST_ITERATIONS = 50,
    HOUR_S = 3600, MINUTE_S = 60
};

/*
 * Of a prize, by which each working day of delay makes it less: what is
 * planned for later may not come about, and a customer won back early is
 * worth more.  From simulated weeks (bench/weeks.py).
 */
static const double DELAY_SHARE = 0.25;

/* ---- the days ---- */

static gb_status look_at(plan_data *data, plan_horizon *h, int32_t on)
{
    store_managers then;
    bool is_day = on == data->settings->on, is_workday = true;
    gb_status status;

    memset(&then, 0, sizeof then);
    status = store_load_managers(data->ws, &data->branches, on, &then);
    if (!status && then.n != h->n_managers)
        status = base_fail(data->run->ctx, GB_ERR_INTERNAL,
                           "%zu managers became %zu", h->n_managers, then.n);
    for (size_t m = 0; m < then.n && !status; m++) {
        h->works[h->n_days * h->n_managers + m] = then.items[m].is_working;
        is_day |= then.items[m].is_working;
    }
    if (!status && is_day)
        status = store_is_workday(data->ws, on, &is_workday);
    if (!status && is_day) {
        h->kinds[h->n_days] = is_workday ? PLAN_WORKDAY : PLAN_DAY_OFF;
        h->days[h->n_days++] = on;
    }
    store_managers_clear(&then);
    return status;
}

gb_status plan_horizon_days(plan_data *data, plan_horizon *h)
{
    const uint32_t n_days = data->settings->given.n_days;
    gb_status status = GB_OK;

    h->n_managers = data->managers.n;
    h->n_targets = data->targets.n;
    h->works = base_alloc_zeroed(data->run->mem, n_days,
                                 h->n_managers * sizeof *h->works);
    h->scores = base_alloc_array(data->run->mem, n_days,
                                 h->n_targets * sizeof *h->scores);
    h->first_day = base_alloc_zeroed(data->run->mem, h->n_targets, 1);
    h->promises = base_alloc_zeroed(data->run->mem, h->n_targets,
                                    sizeof *h->promises);
    h->is_due = base_alloc_zeroed(data->run->mem, h->n_targets,
                                  sizeof *h->is_due);
    if (!h->works || !h->scores || !h->first_day || !h->promises
        || !h->is_due)
        return base_fail_nomem(data->run->ctx);
    for (int32_t ahead = 0;
         ahead < REACH_DAYS && h->n_days < n_days && !status; ahead++)
        status = look_at(data, h, data->settings->on + ahead);
    if (!status)
        status = store_load_foretold(data->ws, &data->targets, h->is_due);
    return status;
}

gb_status plan_horizon_scores(plan_data *data, const gb_score_card *card,
                              struct plan_table *table, plan_horizon *h)
{
    gb_status status = plan_value_calibrate(data); /* as `score` did */

    for (size_t t = 0; t < h->n_targets; t++)
        h->scores[t] = data->targets.items[t].score;
    for (uint32_t d = 1; d < h->n_days && !status; d++) {
        plan_table_move(data, table, h->days[d]);
        status = plan_take(data, gb_score_card_apply(
                                     &data->quiet, card, &table->table, NULL,
                                     h->scores + d * h->n_targets));
        if (!status)
            status = plan_value_points(data, card, &table->table,
                                       h->scores + d * h->n_targets);
    }
    return status;
}

void plan_horizon_clear(plan_data *data, plan_horizon *h)
{
    base_free(data->run->mem, h->works);
    base_free(data->run->mem, h->scores);
    base_free(data->run->mem, h->first_day);
    base_free(data->run->mem, h->promises);
    base_free(data->run->mem, h->is_due);
    memset(h, 0, sizeof *h);
}

uint32_t plan_horizon_index(const plan_horizon *h, int32_t on)
{
    uint32_t d = 0;

    while (d < h->n_days && h->days[d] < on)
        d++;
    return d;
}

/* ---- waiting ---- */

/* The best chance to meet the candidate at an hour of the shift. */
static int16_t best_chance(const plan_problem *p, uint32_t candidate,
                           int day_kind)
{
    const plan_prizes *prizes = p->prizes;
    const uint32_t row = p->day->candidates[candidate];
    const int16_t *permille = plan_prizes_of(prizes, day_kind, row);
    const int32_t last_s = p->manager->shift_end_s
                           - plan_service_s(p->data, row);
    int16_t best = 0;

    for (size_t s = 0; s < prizes->n_slots; s++)
        if (prizes->slot_borders_s[s] < last_s
            && prizes->slot_borders_s[s + 1] > p->manager->shift_start_s
            && permille[s] > best)
            best = permille[s];
    return best;
}

/* Seconds from the nearest other place of the candidates. */
static int32_t nearest_s(const plan_problem *p, uint32_t location)
{
    const size_t n = p->n_locations;
    int32_t least_s = p->profile.seconds[location];

    for (size_t from = 1; from < n; from++)
        if (from != location
            && p->profile.seconds[from * n + location] < least_s)
            least_s = p->profile.seconds[from * n + location];
    return least_s;
}

gb_status plan_wait_build(plan_problem *p, plan_wait *wait)
{
    const size_t n = p->day->n_candidates, n_locations = p->n_locations;
    int32_t *shared_s
        = plan_problem_take(p, n_locations, sizeof *shared_s);
    uint32_t *n_there = plan_problem_take(p, n_locations, sizeof *n_there);

    wait->work_s = plan_problem_take(p, n, sizeof *wait->work_s);
    wait->n = n;
    wait->best_permille = plan_problem_take(p, n * PLAN_DAY_KINDS,
                                            sizeof *wait->best_permille);
    if (!shared_s || !n_there || !wait->work_s || !wait->best_permille)
        return base_fail_nomem(p->run->ctx);
    memset(n_there, 0, n_locations * sizeof *n_there);
    for (size_t c = 0; c < n; c++)
        n_there[p->location[c]] += p->is_open[c];
    /* a place with many customers is called at more than once */
    for (uint32_t l = 1; l < n_locations; l++)
        shared_s[l] = n_there[l] == 0
                          ? 0
                          : (int32_t)((p->clients.access_s[l]
                                       + nearest_s(p, l))
                                      / sqrt(n_there[l]));
    for (uint32_t c = 0; c < n; c++) {
        wait->work_s[c]
            = plan_service_s(p->data, p->day->candidates[c])
              + (p->is_open[c] ? shared_s[p->location[c]] : 0);
        for (int kind = 0; kind < PLAN_DAY_KINDS; kind++)
            wait->best_permille[kind * n + c] = best_chance(p, c, kind);
    }
    return GB_OK;
}

/* The share of the days from the problem's on that its work leaves free. */
static double share_free(const plan_problem *p, const plan_wait *wait)
{
    const plan_horizon *h = p->prizes->horizon;
    const store_manager *m = p->manager;
    const int32_t day_s
        = m->shift_end_s - m->shift_start_s
          - (m->break_from_s == STORE_NO_TIME ? 0 : m->break_s);
    double work_s = 0, there_s = 0;

    for (uint32_t c = 0; c < p->day->n_candidates; c++)
        if (p->is_open[c])
            work_s += wait->work_s[c];
    for (uint32_t d = p->day_no; d < h->n_days; d++)
        if (h->works[d * h->n_managers + p->day->manager])
            there_s += day_s;
    return there_s > work_s ? 1 - work_s / there_s : 0;
}

/* The most that a later day of his offers, with the loss by delay. */
static double best_later(const plan_problem *p, const plan_wait *wait,
                         uint32_t candidate)
{
    const plan_horizon *h = p->prizes->horizon;
    const uint32_t row = p->day->candidates[candidate];
    double best = 0, kept = 1;

    for (uint32_t d = p->day_no + 1; d < h->n_days; d++) {
        const double points
            = (double)h->scores[d * h->n_targets + row]
              * wait->best_permille[h->kinds[d] * wait->n + candidate];

        kept *= 1 - DELAY_SHARE;
        if (h->works[d * h->n_managers + p->day->manager]
            && points * kept > best)
            best = points * kept;
    }
    return best / PERMILLE;
}

void plan_wait_price(plan_problem *p, const plan_wait *wait)
{
    const size_t n_slots = p->prizes->n_slots;
    const double free = share_free(p, wait);
    const double per_s
        = (double)p->data->settings->given.cost_per_h / HOUR_S;

    for (uint32_t c = 0; c < p->problem.n_clients; c++) {
        const uint32_t candidate = p->candidate_of[c];
        const double worth
            = free
              * (best_later(p, wait, candidate)
                 - per_s * wait->work_s[candidate]);
        const int64_t less = worth > 0 ? (int64_t)(worth + 0.5) : 0;

        if (p->clients.must[c]
            || (p->day_no == 0
                && p->prizes->horizon
                       ->is_due[p->day->candidates[candidate]]))
            continue;
        for (size_t s = 0; s < n_slots; s++) {
            int64_t *hourly = &p->hourly_prize[c * n_slots + s];
            int64_t *flat = &p->flat_prize[c * n_slots + s];

            *hourly = *hourly > less ? *hourly - less : 0;
            *flat = *flat > less ? *flat - less : 0;
        }
    }
}

/* ---- the later days ---- */

/* Planned on a later day: when, for how much. */
static gb_status settle_later(plan_problem *p, const gb_route_stop *stop)
{
    const uint32_t candidate = p->candidate_of[stop->client];
    const plan_horizon *h = p->prizes->horizon;
    const bool is_promised
        = h->promises[p->day->candidates[candidate]].day > 0;
    base_text json;

    p->is_open[candidate] = false;
    plan_problem_settle(p, candidate, STORE_DEFERRED,
                        is_promised ? "promised" : "planned_later");
    p->day->fates[candidate].until = h->days[p->day_no];
    base_text_init(&json, p->run->mem);
    base_text_format(&json, "{\"at\":\"%02d:%02d\",\"start_s\":%d,"
                     "\"prize\":%lld}",
                     stop->start_s / HOUR_S, stop->start_s / MINUTE_S % 60,
                     stop->start_s, (long long)plan_problem_prize(p, stop));
    p->day->fates[candidate].json = plan_problem_text(p, &json);
    return p->day->fates[candidate].json ? GB_OK
                                         : base_fail_nomem(p->run->ctx);
}

static gb_status settle_route(plan_problem *p,
                              const gb_route_solution *solution)
{
    gb_route_totals totals = { .size = sizeof totals };
    gb_status status = GB_OK;

    (void)gb_route_solution_totals(solution, 0, &totals);
    for (uint32_t i = 0; i < totals.n_items && !status; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        (void)gb_route_solution_stop(solution, 0, i, &stop);
        if (stop.kind == GB_ROUTE_STOP_CLIENT)
            status = settle_later(p, &stop);
    }
    return status;
}

static gb_status plan_later_day(plan_problem *p, const plan_wait *wait,
                                uint32_t day_no)
{
    const gb_plan_options *given = &p->data->settings->given;
    gb_route_options options = GB_ROUTE_OPTIONS_INIT;
    gb_route_solution *solution = NULL;
    gb_status status;

    plan_problem_of_day(p, day_no);
    if (p->problem.n_clients == 0)
        return GB_OK;
    plan_wait_price(p, wait);
    p->vehicle.cost_per_m_milli = plan_problem_way_price(p, WAY_PRICE_PER_H);
    p->problem.client_slot_prize = p->hourly_prize;
    options.max_iterations = given->max_iterations / LATER_PART;
    if (options.max_iterations < LEAST_ITERATIONS)
        options.max_iterations = LEAST_ITERATIONS;
    options.time_limit_ms = p->prizes->search_limit_ms;
    options.seed = given->seed;
    options.n_searches = 1;
    options.within_habit = true;
    options.skip_reasons = true;
    status = gb_route_solve(p->run->ctx, &p->problem, &options, &solution);
    if (!status)
        status = settle_route(p, solution);
    gb_route_solution_free(solution);
    return status;
}

gb_status plan_horizon_later(plan_problem *p, const plan_wait *wait)
{
    const plan_horizon *h = p->prizes->horizon;
    gb_status status = GB_OK;

    for (uint32_t d = 1; d < h->n_days && !status; d++)
        if (h->works[d * h->n_managers + p->day->manager])
            status = plan_later_day(p, wait, d);
    return status;
}
