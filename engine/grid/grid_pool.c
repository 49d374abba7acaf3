/*
 * grid_pool.c - see grid_pool.h.
 *
 * Constants were chosen on the counties and tracts of fifteen states, cut and
 * moment, several seeds.
 */
#include "grid_pool.h"

#include <math.h>
#include <string.h>

#include "base_threads.h"
#include "grid_obey.h"
#include "grid_roam.h"
#include "grid_start.h"

enum {
    MOST_AREAS = 1000, MOST_TERRITORIES = 100,
    LEAST_PROPOSALS = 50000,
    STREAMS = 8,
    ROUNDS = 12,    /* at most */
    ELITE = 8,      /* plans that streams share */
    KEPT = 4,       /* plans that a stream brings to a meeting */
    CYCLE_LEAST = 100, /* proposals an area */
    FEW_AREAS = 200,
    CYCLES_A_ROUND = 4
};
/* How a cycle begins and ends, and its price of excess: grid_roam_course. */
typedef struct pool_span {
    double low, high;
} pool_span;
static const pool_span HOT = { 0.25, 1.5 }, WARM = { 0.1, 1 };
static const pool_span COLD = { 0.05, 0.2 }, SLACK = { 0.2, 4 };
/* Of few areas: with less, most cycles end outside. */
static const pool_span TIGHTER = { 0.5, 4 };
/* Proposals an area in a cycle, of few areas and of more. */
static const pool_span SHORTER = { CYCLE_LEAST, 2000 };
static const pool_span LONGER = { 200, 1000 };
/* Share of cycles that follow the course of one of the elite, but for so much
 * in the logarithm. */
static const double AFTER_MODEL = 0.8, JITTER = 0.2;
static const double FROM_ELITE = 0.6; /* share of cycles, at the end */
/* Plans that agree in such a share of areas are as good as one. */
static const double ALIKE = 0.9;

typedef struct pool_plan {
    double cost; /* infinite: none */
    uint32_t *owner;
    grid_roam_course course; /* that led to it */
} pool_plan;

typedef struct pool_stream {
    base_rng rng;
    grid_roamer roamer;
    pool_plan kept[KEPT];
    uint32_t *start; /* n */
    uint32_t *part;  /* n */
    size_t n_parts;  /* of the first plan */
    uint32_t *shared; /* k * k; areas that two plans' territories share */
    double rate;     /* proposals a second; 0: not known yet */
    grid_result result; /* of its strict search */
    uint32_t *strict;   /* n; the plan of that */
    double first_valid_s;
    uint64_t n_priced;
    bool is_ready;
} pool_stream;

typedef struct pool {
    base_run *run;
    const grid_problem *p;
    const grid_pool_order *order;
    size_t n_streams, n_rounds, round;
    pool_stream *streams;
    pool_plan elite[ELITE];
    const uint32_t *first;
    uint64_t each; /* proposals of a stream in a round; 0: by time */
    double began_s, round_ends_s;
    uint32_t *memory;
} pool;

bool grid_pool_fits(const grid_problem *p, uint64_t n_proposals)
{
    return p->n <= MOST_AREAS && p->k > 1 && p->k <= MOST_TERRITORIES
        && !p->previous
        && (n_proposals == 0 || n_proposals >= LEAST_PROPOSALS);
}

/* --- plans that are kept ------------------------------------------------- */

/*
 * Areas of a territory of `a` that fall to the one of `b` where most of them
 * do: nearly all, when the plans are alike, whatever the numbers.
 */
static bool is_alike(const pool *x, const uint32_t *a, const uint32_t *b,
                     uint32_t *shared)
{
    const size_t n = x->p->n, k = x->p->k;
    size_t same = 0;

    memset(shared, 0, k * k * sizeof *shared);
    for (size_t i = 0; i < n; i++)
        shared[a[i] * k + b[i]]++;
    for (size_t t = 0; t < k; t++) {
        uint32_t most = 0;

        for (size_t u = 0; u < k; u++)
            most = shared[t * k + u] > most ? shared[t * k + u] : most;
        same += most;
    }
    return (double)same >= ALIKE * (double)n;
}

/*
 * Into its place by cost, behind its equals.  One of several that are alike
 * is enough: the cheapest, or the first.  Else the last falls out.
 */
static void keep(const pool *x, pool_plan *plans, size_t capacity,
                 const pool_plan *plan, uint32_t *shared)
{
    size_t at = 0, end;
    uint32_t *room;

    while (at < capacity && plans[at].cost <= plan->cost)
        if (is_alike(x, plans[at++].owner, plan->owner, shared))
            return;
    if (at == capacity)
        return;
    for (end = at; end < capacity - 1; end++)
        if (!(plans[end].cost < (double)INFINITY)
            || is_alike(x, plans[end].owner, plan->owner, shared))
            break;
    room = plans[end].owner;
    memmove(&plans[at + 1], &plans[at], (end - at) * sizeof *plans);
    memcpy(room, plan->owner, x->p->n * sizeof *room);
    plans[at] = *plan;
    plans[at].owner = room;
}

/* --- a stream's share of a round ----------------------------------------- */

static double between(base_rng *rng, pool_span span)
{
    return span.low * pow(span.high / span.low, base_rng_unit(rng));
}

/* Proposals that are left to the stream in this round. */
static double left(const pool *x, const pool_stream *s, uint64_t done)
{
    if (x->each > 0)
        return (double)x->each - (double)done;
    return (x->round_ends_s - base_clock_s()) * s->rate;
}

/* As it was there, or a little otherwise. */
static double near(base_rng *rng, double value)
{
    return value * exp(JITTER * base_rng_normal(rng));
}

/* By chance, or after the course of a plan that came out well. */
static grid_roam_course draw_course(pool *x, pool_stream *s,
                                    const pool_plan *model, double most)
{
    const pool_span length = x->p->n > FEW_AREAS ? LONGER : SHORTER;
    grid_roam_course course;
    double n;

    course.hot = between(&s->rng, HOT);
    course.cold = between(&s->rng, COLD);
    course.slack = between(&s->rng, x->p->n > FEW_AREAS ? SLACK : TIGHTER);
    if (model && base_rng_chance(&s->rng, AFTER_MODEL)) {
        course.hot = near(&s->rng, model->course.hot);
        course.cold = near(&s->rng, model->course.cold);
        course.slack = near(&s->rng, model->course.slack);
    }
    course.cold = fmin(course.cold, course.hot);
    n = between(&s->rng, length) * (double)x->p->n;
    /* What is left after it should be worth another. */
    if (n + CYCLE_LEAST * (double)x->p->n > most)
        n = most;
    course.n_proposals = n > 1 ? (uint64_t)n : 1;
    return course;
}

static size_t count_parts(const pool *x, pool_stream *s,
                          const uint32_t *owner)
{
    return grid_parts(x->p, owner, s->part, &s->roamer.state.space);
}

/* Where it falls into more parts than the first plan, that is taken. */
static gb_status draw_fresh(base_run *run, pool *x, pool_stream *s)
{
    gb_status status = grid_start_bisect(run, x->p, &s->rng, s->start);

    if (!status)
        status = grid_start_number(run, x->p, s->start);
    if (!status)
        status = grid_start_mend(run, x->p, s->start);
    if (!status && x->p->is_ruled)
        status = grid_obey(run, x->p, base_rng_next(&s->rng), s->start);
    if (!status && count_parts(x, s, s->start) > s->n_parts)
        memcpy(s->start, x->first, x->p->n * sizeof *s->start);
    return status;
}

/* One of the elite by chance; NULL when there is none. */
static const pool_plan *draw_model(const pool *x, pool_stream *s)
{
    size_t n = 0;

    while (n < ELITE && x->elite[n].cost < (double)INFINITY)
        n++;
    return n > 0 ? &x->elite[base_rng_below(&s->rng, n)] : NULL;
}

/* A fresh plan, or the model's; the first one for the very first cycle. */
static gb_status draw_start(base_run *run, pool *x, pool_stream *s, size_t i,
                            const pool_plan *model, bool *is_warm)
{
    const bool is_first = x->round == 0 && i == 0 && s->n_priced == 0;

    *is_warm = model
        && base_rng_chance(&s->rng, FROM_ELITE * (double)x->round
                                        / (double)x->n_rounds);
    if (!*is_warm && !is_first)
        return draw_fresh(run, x, s);
    memcpy(s->start, *is_warm ? model->owner : x->first,
           x->p->n * sizeof *s->start);
    return GB_OK;
}

static void note_valid(const base_run *run, pool_stream *s)
{
    if (s->first_valid_s < 0)
        s->first_valid_s = base_run_elapsed_s(run);
}

static gb_status cycle(base_run *run, pool *x, pool_stream *s, size_t i,
                       double most, uint64_t *done)
{
    const uint64_t before = s->roamer.n_priced;
    const double began_s = base_clock_s();
    const pool_plan *model = draw_model(x, s);
    pool_plan plan = { .owner = s->roamer.best };
    grid_roam_course course;
    bool is_warm;
    gb_status status = draw_start(run, x, s, i, model, &is_warm);

    if (status)
        return status;
    course = plan.course = draw_course(x, s, model, most);
    if (is_warm) {
        course.hot = between(&s->rng, WARM);
        course.cold = fmin(course.cold, course.hot);
    }
    status = grid_roam(run, &s->roamer, &course, s->start);
    if (status)
        return status;
    plan.cost = s->roamer.cost;
    if (plan.cost < (double)INFINITY) {
        keep(x, s->kept, KEPT, &plan, s->shared);
        note_valid(run, s);
    }
    *done += course.n_proposals;
    s->n_priced += s->roamer.n_priced - before;
    s->rate = (double)(s->roamer.n_priced - before)
        / fmax(base_clock_s() - began_s, 1e-6);
    return GB_OK;
}

/* The strict search, for as long as nothing is within tolerance. */
static gb_status search_strictly(base_run *run, pool *x, pool_stream *s,
                                 size_t i)
{
    const grid_schedule schedule = { .n_proposals = x->each,
                                     .is_fine = x->order->is_fine };
    grid_result result;
    grid_state *state = &s->roamer.state;
    bool is_warm;
    gb_status status = draw_start(run, x, s, i, NULL, &is_warm);

    if (status)
        return status;
    grid_state_set(state, s->start);
    status = grid_search(run, state, x->order->prices, &schedule, &s->rng,
                         s->start, &result);
    if (status)
        return status;
    s->n_priced += result.n_priced;
    if (result.first_valid_s >= 0)
        note_valid(run, s);
    if (grid_is_valid(result.excess)) {
        const pool_plan plan = { grid_roamer_cost(&s->roamer, s->start),
                                 s->start, draw_course(x, s, NULL, 1) };

        keep(x, s->kept, KEPT, &plan, s->shared);
    }
    if (result.excess < s->result.excess
        || (result.excess <= s->result.excess
            && result.cost < s->result.cost)) {
        s->result = result;
        memcpy(s->strict, s->start, x->p->n * sizeof *s->strict);
    }
    return GB_OK;
}

static gb_status prepare(pool *x, pool_stream *s, size_t i)
{
    const grid_prices none = { 0 };

    s->is_ready = true;
    s->rng = base_rng_stream(x->order->seed, i);
    if (!grid_roamer_init(&s->roamer, x->p,
                          x->order->far ? &none : x->order->prices,
                          x->order->far, &s->rng))
        return GB_ERR_NOMEM;
    s->n_parts = count_parts(x, s, x->first);
    return GB_OK;
}

/* The caller's own thread asks the caller's callback. */
static base_run run_of_stream(const pool *x, const base_run *worker,
                              size_t thread, size_t i)
{
    const size_t n_threads = base_parallel_threads(x->run, x->n_streams);
    base_run run = thread == 0 ? *x->run : *worker;

    if (x->each == 0)
        run.deadline_s = x->round_ends_s;
    run.total = x->each * x->n_streams / n_threads;
    run.count = x->each * (i / n_threads);
    return run;
}

static gb_status search_round(base_run *worker, size_t thread, size_t i,
                              void *user)
{
    pool *x = user;
    pool_stream *s = &x->streams[i];
    base_run run = run_of_stream(x, worker, thread, i);
    gb_status status = GB_OK;
    uint64_t done = 0;

    if (!s->is_ready && prepare(x, s, i))
        status = base_fail_nomem(run.ctx);
    if (!status && x->elite[0].cost == (double)INFINITY
        && (i + x->round) % 2 == 0) {
        status = search_strictly(&run, x, s, i);
    } else {
        while (!status && !run.is_late) {
            const double most = s->rate > 0 || x->each > 0
                ? left(x, s, done) : CYCLE_LEAST * (double)x->p->n;

            if (most < 1)
                break;
            status = cycle(&run, x, s, i, most, &done);
        }
    }
    if (status && thread == 0)
        base_context_adopt(worker->ctx, run.ctx);
    return status;
}

/* --- the meetings -------------------------------------------------------- */

/* Streams in their order, so that the elite does not depend on threads. */
static void meet(pool *x)
{
    for (size_t i = 0; i < x->n_streams; i++)
        for (size_t j = 0; j < KEPT; j++) {
            pool_plan *plan = &x->streams[i].kept[j];

            if (plan->cost < (double)INFINITY)
                keep(x, x->elite, ELITE, plan, x->streams[i].shared);
            plan->cost = INFINITY;
        }
}

static void plan_rounds(pool *x)
{
    const uint64_t n_proposals = x->order->n_proposals;
    const double cycle = (double)CYCLE_LEAST * (double)x->p->n
        * CYCLES_A_ROUND * STREAMS;

    x->n_streams = STREAMS;
    x->n_rounds = ROUNDS;
    if (n_proposals > 0) {
        const double rounds = (double)n_proposals / cycle;

        x->n_rounds = rounds < 1 ? 1 : rounds < ROUNDS ? (size_t)rounds
                                                       : ROUNDS;
        if (rounds < 1)
            x->n_streams = 2;
        x->each = n_proposals / x->n_rounds / x->n_streams + 1;
    } else {
        x->n_streams = base_parallel_threads(x->run, SIZE_MAX);
    }
}

static gb_status lay_out(pool *x)
{
    const size_t n = x->p->n;
    const size_t k = x->p->k, rows = x->n_streams * (KEPT + 3) + ELITE;
    uint32_t *at;

    x->streams = base_alloc_zeroed(x->run->mem, x->n_streams,
                                   sizeof *x->streams);
    x->memory = base_alloc_array(x->run->mem, rows * n
                                     + x->n_streams * k * k,
                                 sizeof *x->memory);
    if (!x->streams || !x->memory)
        return base_fail_nomem(x->run->ctx);
    at = x->memory;
    for (size_t i = 0; i < ELITE; i++, at += n)
        x->elite[i] = (pool_plan){ .cost = INFINITY, .owner = at };
    for (size_t i = 0; i < x->n_streams; i++) {
        pool_stream *s = &x->streams[i];

        for (size_t j = 0; j < KEPT; j++, at += n)
            s->kept[j] = (pool_plan){ .cost = INFINITY, .owner = at };
        s->start = at;
        s->strict = at + n;
        s->part = at + 2 * n;
        s->shared = at + 3 * n;
        at += 3 * n + k * k;
        s->result = (grid_result){ .cost = INFINITY, .excess = INFINITY };
        s->first_valid_s = -1;
    }
    return GB_OK;
}

/* The best of all; where nothing is within tolerance, the least beyond. */
static void take_best(pool *x, uint32_t *owner, grid_result *result)
{
    const uint32_t *best = NULL;

    *result = (grid_result){ .cost = INFINITY, .excess = INFINITY,
                             .first_valid_s = -1 };
    for (size_t i = 0; i < x->n_streams; i++) {
        const pool_stream *s = &x->streams[i];

        if (s->result.excess < result->excess
            || (s->result.excess <= result->excess
                && s->result.cost < result->cost)) {
            result->excess = s->result.excess;
            result->cost = s->result.cost;
            best = s->strict;
        }
    }
    if (x->elite[0].cost < (double)INFINITY) {
        result->excess = 0;
        result->cost = x->elite[0].cost;
        best = x->elite[0].owner;
    }
    if (best)
        memcpy(owner, best, x->p->n * sizeof *owner);
    for (size_t i = 0; i < x->n_streams; i++) {
        const pool_stream *s = &x->streams[i];

        result->n_priced += s->n_priced;
        if (s->first_valid_s >= 0
            && (result->first_valid_s < 0
                || s->first_valid_s < result->first_valid_s))
            result->first_valid_s = s->first_valid_s;
    }
    result->outcome = x->run->is_late || x->each == 0
        ? GB_OUTCOME_TIME_LIMIT : GB_OUTCOME_ITERATION_LIMIT;
}

static gb_status search_all(pool *x)
{
    const double from = x->run->from, span = x->run->span;
    const double now_s = base_clock_s();
    const double step_s = (x->run->deadline_s - now_s) / (double)x->n_rounds;
    gb_status status = GB_OK;

    for (x->round = 0; !status && x->round < x->n_rounds && !x->run->is_late;
         x->round++) {
        const double at = from + span * (double)x->round / (double)x->n_rounds;

        base_run_phase(x->run, x->run->phase, at,
                       at + span / (double)x->n_rounds, x->n_streams);
        x->round_ends_s = now_s + step_s * (double)(x->round + 1);
        status = base_parallel(x->run, x->n_streams, search_round, x);
        meet(x);
    }
    return status;
}

gb_status grid_pool(base_run *run, const grid_problem *p,
                    const grid_pool_order *order, uint32_t *owner,
                    grid_result *result)
{
    pool x = { .run = run, .p = p, .order = order, .first = owner };
    gb_status status;

    plan_rounds(&x);
    status = lay_out(&x);
    if (!status)
        status = search_all(&x);
    if (!status)
        take_best(&x, owner, result);
    for (size_t i = 0; x.streams && i < x.n_streams; i++)
        grid_roamer_clear(&x.streams[i].roamer);
    base_free(run->mem, x.streams);
    base_free(run->mem, x.memory);
    return status;
}
