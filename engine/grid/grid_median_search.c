/*
 * grid_median_search.c - the search of grid_median.h.
 */
#include "grid_median.h"

#include <math.h>
#include <string.h>

#include "base_check.h"

#define NONE UINT32_MAX

enum {
    BLOCK = 256,        /* proposals between two looks at the clock */
    N_LOGS = 4096,
    SHARE_OF_FIRST = 5, /* the first annealing has one part in so many ... */
    MOST_A_FIRST = 8000, /* ... and no more than this for each area */
    ROUNDS = 4000,      /* of dissolving and opening, as the threshold falls */
    PROPOSALS = 60,     /* a round, for each area near */
    RAISES = 12,        /* how often prices of breaking rules may double */
    JUMPS = 70          /* percent of rounds that move a median afar */
};
/* Temperatures, in the mean cost of an area. */
static const double HOT = 0.5, COLD = 0.02, WARM = 0.25, THRESHOLD = 0.5;

typedef struct search {
    base_run *run;
    grid_median s;
    base_rng *rng;
    uint64_t most, n_priced;
    bool is_ended;
    double logs[N_LOGS]; /* - log of the middles of N_LOGS parts of (0, 1) */
    double mean;         /* cost of an area in the first plan */
    uint32_t *best;      /* n; the best plan so far */
    int64_t best_cost, best_beyond; /* linear in the cost; plain prices */
    double first_valid_s;
    uint32_t *before;    /* n; of a round */
    grid_median_cluster *clusters_before;
    uint32_t *active;    /* n; areas of a round */
    size_t n_active;
    bool *is_touched;    /* k; clusters of a round */
} search;

static uint32_t draw(search *x, size_t below)
{
    return (uint32_t)(((base_rng_next(x->rng) >> 32) * below) >> 32);
}

/* What a change may cost at this temperature. */
static double allowance(search *x, double heat)
{
    return heat * x->logs[base_rng_next(x->rng) >> 52];
}

static uint32_t draw_near(search *x, uint32_t area)
{
    const grid_median_problem *p = x->s.p;
    const uint32_t from = p->first[area], n = p->first[area + 1] - from;

    return n ? p->near[from + draw(x, n)] : area;
}

static bool is_free(const search *x, uint32_t area)
{
    return !x->s.p->lock || x->s.p->lock[area] == NONE;
}

static bool may_enter(const search *x, uint32_t area, uint32_t to)
{
    const grid_problem *rules = x->s.p->rules;

    return !rules || grid_may_enter(rules, x->s.owner, area, to);
}

/* --- the best so far ----------------------------------------------------- */

static void keep_if_best(search *x)
{
    const grid_median *s = &x->s;
    const int64_t cost = s->cost + s->linear;
    const int64_t beyond = s->beyond / s->price_factor;

    if (s->p->is_soft ? cost + beyond >= x->best_cost + x->best_beyond
                      : beyond > x->best_beyond
                || (beyond == x->best_beyond && cost >= x->best_cost))
        return;
    if (beyond == 0 && x->first_valid_s < 0)
        x->first_valid_s = base_run_elapsed_s(x->run);
    x->best_cost = cost;
    x->best_beyond = beyond;
    memcpy(x->best, s->owner, s->p->n * sizeof *x->best);
}

static void keep_first(search *x)
{
    const grid_median *s = &x->s;

    x->best_cost = s->cost + s->linear + 1;
    x->best_beyond = s->beyond / s->price_factor;
    keep_if_best(x);
}

/* --- proposals ----------------------------------------------------------- */

static void take(search *x, uint32_t c, grid_median_fit fit)
{
    grid_median_cluster *at = &x->s.clusters[c];

    x->s.cost += fit.cost - at->cost;
    x->s.beyond += fit.beyond - at->beyond;
    at->median = fit.median;
    at->cost = fit.cost;
    at->beyond = fit.beyond;
}

/* What a change costs besides distances. */
static int64_t price_beside(const search *x, uint32_t j, uint32_t i,
                            uint32_t t)
{
    const grid_median *s = &x->s;
    const uint32_t from = s->owner[j];
    int64_t by = grid_median_linear(s->p, j, t)
        - grid_median_linear(s->p, j, from);

    if (i != NONE)
        by += grid_median_linear(s->p, i, from)
            - grid_median_linear(s->p, i, t);
    if (!s->p->room)
        by += grid_median_beyond(s, from, j, i) - s->clusters[from].beyond
            + grid_median_beyond(s, t, i, j) - s->clusters[t].beyond;
    return by;
}

/* Move j out of its cluster into t, and i, unless it is NONE, back. */
static bool propose(search *x, uint32_t j, uint32_t i, uint32_t t,
                    double heat)
{
    grid_median *s = &x->s;
    const uint32_t from = s->owner[j];
    const double most = allowance(x, heat);
    int64_t by = price_beside(x, j, i, t);
    grid_median_fit left, entered;

    left = grid_median_weigh(s, from, j, i);
    entered = grid_median_weigh(s, t, i, j);
    by += left.cost - s->clusters[from].cost + entered.cost
        - s->clusters[t].cost;
    if (s->p->room)
        by += left.beyond - s->clusters[from].beyond + entered.beyond
            - s->clusters[t].beyond;
    if ((double)by > most)
        return false;
    if (s->p->rules
        && (!may_enter(x, j, t) || (i != NONE && !may_enter(x, i, from))))
        return false;
    if (s->p->is_connected
        && (!grid_median_holds(s, from, j, i)
            || !grid_median_holds(s, t, i, j)))
        return false;
    grid_median_move(s, j, t);
    if (i != NONE)
        grid_median_move(s, i, from);
    take(x, from, left);
    take(x, t, entered);
    if (by < 0)
        keep_if_best(x);
    return true;
}

/* A shift or a swap of area j with a cluster near it. */
static void try_area(search *x, uint32_t j, double heat)
{
    grid_median *s = &x->s;
    uint32_t i = draw_near(x, j), t = s->owner[i];

    x->n_priced++;
    if (!is_free(x, j))
        return;
    if (base_rng_next(x->rng) >> 63) {
        if (t != s->owner[j] && s->clusters[s->owner[j]].n > 1)
            propose(x, j, NONE, t, heat);
        return;
    }
    i = draw_near(x, i);
    t = s->owner[i];
    if (t != s->owner[j] && is_free(x, i))
        propose(x, j, i, t, heat);
}

static gb_status look_up(search *x, uint64_t n)
{
    const gb_status status = base_poll_many(x->run, n);

    x->is_ended = x->run->is_late || (x->most && x->n_priced >= x->most);
    return status;
}

/* --- annealing of all ---------------------------------------------------- */

static double price_of(const grid_median *s)
{
    return (double)(s->cost + s->linear + s->beyond);
}

/* Where the plan at hand does not keep the rules, to break them becomes dearer:
 * or the search would stay beyond what a median holds for good. */
static void raise_prices(search *x)
{
    grid_median *s = &x->s;

    if (s->p->is_soft || s->beyond == 0 || s->price_factor > 1 << 20
        || s->beyond > INT64_C(1) << 56)
        return;
    s->price_factor *= 2;
    for (size_t c = 0; c < s->p->k; c++)
        grid_median_refit(s, (uint32_t)c);
    grid_median_total(s);
}

static gb_status anneal(search *x, uint64_t n_proposals)
{
    const size_t n = x->s.p->n;
    const double cold = COLD * x->mean;
    /* What is beyond is to be had at this temperature too where it stays. */
    double heat = HOT * (x->s.p->is_soft
        ? fmax(price_of(&x->s) / (double)n, x->mean) : x->mean);
    const double cooling
        = pow(cold / heat, 1 / ((double)n_proposals / BLOCK + 1));
    const uint64_t raise_each = n_proposals / BLOCK / RAISES + 1;
    gb_status status = GB_OK;

    for (uint64_t i = 0; !status && !x->is_ended && i < n_proposals;
         i += BLOCK) {
        for (int b = 0; b < BLOCK; b++)
            try_area(x, draw(x, n), heat);
        heat *= cooling;
        if (i >= n_proposals / 2 && i / BLOCK % raise_each == 0)
            raise_prices(x);
        status = look_up(x, BLOCK);
    }
    return status;
}

/* --- rounds of dissolving and opening ------------------------------------ */

static void begin_round(search *x)
{
    const grid_median_problem *p = x->s.p;

    memcpy(x->before, x->s.owner, p->n * sizeof *x->before);
    memcpy(x->clusters_before, x->s.clusters, p->k * sizeof *x->s.clusters);
    memset(x->is_touched, 0, p->k * sizeof *x->is_touched);
    x->n_active = 0;
}

static void take_back(search *x)
{
    const grid_median_problem *p = x->s.p;

    for (size_t a = 0; a < p->n; a++)
        if (x->s.owner[a] != x->before[a])
            grid_median_move(&x->s, (uint32_t)a, x->before[a]);
    memcpy(x->s.clusters, x->clusters_before, p->k * sizeof *x->s.clusters);
    grid_median_total(&x->s);
}

/* The cluster near area j, other than its own, where it would cost least. */
static uint32_t best_near(const search *x, uint32_t j)
{
    const grid_median *s = &x->s;
    const grid_median_problem *p = s->p;
    uint32_t best = NONE;
    int64_t least = INT64_MAX;

    for (uint32_t i = p->first[j]; i < p->first[j + 1]; i++) {
        const uint32_t t = s->owner[p->near[i]];
        int64_t price;

        if (t == s->owner[j] || t == best || !may_enter(x, j, t))
            continue;
        price = p->far[(size_t)j * p->n + s->clusters[t].median]
            + grid_median_linear(p, j, t)
            + grid_median_beyond(s, t, NONE, j)
            - grid_median_beyond(s, t, NONE, NONE);
        if (price < least) {
            least = price;
            best = t;
        }
    }
    return best;
}

/* All areas of the cluster but `kept` go to clusters near; false: some have
 * none. */
static bool dissolve(search *x, uint32_t c, uint32_t kept)
{
    grid_median *s = &x->s;
    const uint32_t *members = s->members + (size_t)c * s->p->n;

    while (s->clusters[c].n > (kept != NONE)) {
        const size_t n = s->clusters[c].n;

        for (size_t i = n; i-- > 0;) {
            const uint32_t j = members[i];
            const uint32_t t = j == kept ? NONE : best_near(x, j);

            if (t == NONE)
                continue;
            if (!is_free(x, j))
                return false;
            grid_median_move(s, j, t);
            x->is_touched[t] = true;
        }
        if (s->clusters[c].n == n)
            return false;
    }
    return true;
}

/* Areas nearer to b than to their medians come over, while there is room. */
static void gather(search *x, uint32_t c, uint32_t b)
{
    grid_median *s = &x->s;
    const grid_median_problem *p = s->p;

    for (uint32_t i = p->first[b]; i < p->first[b + 1]; i++) {
        const uint32_t j = p->near[i], from = s->owner[j];
        const int64_t *far = p->far + (size_t)j * p->n;

        if (from == c || !is_free(x, j) || s->clusters[from].n < 2
            || far[b] >= far[s->clusters[from].median]
            || grid_median_beyond(s, c, NONE, j)
                > grid_median_beyond(s, c, NONE, NONE)
            || !may_enter(x, j, c) || !grid_median_holds(s, from, j, NONE))
            continue;
        grid_median_move(s, j, c);
        x->is_touched[from] = true;
    }
}

/* Cluster c ends where it is and begins again about area b; false: it cannot,
 * and the plan may be half changed. */
static bool jump(search *x, uint32_t c, uint32_t b)
{
    grid_median *s = &x->s;
    uint32_t from, last, to;

    x->is_touched[c] = true;
    /* The last area of c stays, or c would be nowhere to enter. */
    last = s->members[(size_t)c * s->p->n];
    if (!dissolve(x, c, last))
        return false;
    from = s->owner[b];
    if (s->clusters[from].n < 2 || !may_enter(x, b, c)
        || !grid_median_holds(s, from, b, NONE))
        return false;
    x->is_touched[from] = true;
    grid_median_move(s, b, c);
    grid_median_refit(s, from);
    to = best_near(x, last);
    if (to == NONE || !is_free(x, last))
        return false;
    grid_median_move(s, last, to);
    x->is_touched[to] = true;
    gather(x, c, b);
    return true;
}

static void touch_near(search *x, uint32_t b)
{
    const grid_median *s = &x->s;
    const grid_median_problem *p = s->p;
    size_t wanted = 2 + draw(x, 3), n = 1;

    x->is_touched[s->owner[b]] = true;
    for (uint32_t i = p->first[b]; n < wanted && i < p->first[b + 1]; i++)
        if (!x->is_touched[s->owner[p->near[i]]]) {
            x->is_touched[s->owner[p->near[i]]] = true;
            n++;
        }
}

static void list_active(search *x)
{
    grid_median *s = &x->s;

    for (size_t c = 0; c < s->p->k; c++) {
        if (!x->is_touched[c])
            continue;
        grid_median_refit(s, (uint32_t)c);
        memcpy(x->active + x->n_active, s->members + c * s->p->n,
               s->clusters[c].n * sizeof *x->active);
        x->n_active += s->clusters[c].n;
    }
    grid_median_total(s);
}

static void anneal_active(search *x)
{
    const size_t n = PROPOSALS * x->n_active;
    double heat = WARM * x->mean;
    const double cooling = pow(COLD / WARM, 32.0 / (double)(n + 1));

    for (size_t i = 0; i < n; i++) {
        if (i % 32 == 31)
            heat *= cooling;
        try_area(x, x->active[draw(x, x->n_active)], heat);
    }
}

static void do_round(search *x, double threshold)
{
    grid_median *s = &x->s;
    const double price = price_of(s);
    const uint32_t b = draw(x, s->p->n), c = draw(x, s->p->k);
    bool is_whole = true;

    begin_round(x);
    if (draw(x, 100) < JUMPS && c != s->owner[b] && is_free(x, b)
        && b != s->clusters[s->owner[b]].median)
        is_whole = jump(x, c, b);
    else
        touch_near(x, b);
    if (is_whole) {
        list_active(x);
        keep_if_best(x);
        anneal_active(x);
    }
    x->n_priced++;
    if (!is_whole || price_of(s) > price + allowance(x, threshold))
        take_back(x);
}

/* Proposals of one fall of the threshold: all that are left are shared out
 * evenly, so that the last one ends cold. */
static uint64_t cycle_length(const search *x)
{
    const size_t n = x->s.p->n, k = x->s.p->k;
    const uint64_t usual
        = (uint64_t)ROUNDS * PROPOSALS * (n < 4 * n / k ? n : 4 * n / k + 1);
    uint64_t n_cycles;

    if (!x->most || x->n_priced >= x->most)
        return usual;
    n_cycles = (x->most - x->n_priced + usual / 2) / usual;
    return (x->most - x->n_priced) / (n_cycles ? n_cycles : 1) + 1;
}

static gb_status do_rounds(search *x)
{
    const uint64_t length = cycle_length(x), begun = x->n_priced;
    uint64_t raise_at = begun + length / RAISES;
    gb_status status = GB_OK;

    while (!status && !x->is_ended && x->n_priced - begun < length) {
        const uint64_t from = x->n_priced;

        do_round(x, THRESHOLD * x->mean
                        * (1 - (double)(from - begun) / (double)length));
        if (x->n_priced >= raise_at) {
            raise_prices(x);
            raise_at += length / RAISES;
        }
        status = look_up(x, x->n_priced - from);
    }
    return status;
}

/* --- the whole ----------------------------------------------------------- */

static bool take_memory(search *x, const grid_median_problem *p)
{
    base_mem *mem = x->run->mem;

    x->best = base_alloc_array(mem, p->n, sizeof *x->best);
    x->before = base_alloc_array(mem, p->n, sizeof *x->before);
    x->active = base_alloc_array(mem, p->n, sizeof *x->active);
    x->is_touched = base_alloc_zeroed(mem, p->k, sizeof *x->is_touched);
    x->clusters_before
        = base_alloc_array(mem, p->k, sizeof *x->clusters_before);
    return grid_median_init(&x->s, mem, p) && x->best && x->before
        && x->active && x->is_touched && x->clusters_before;
}

static void clear(search *x)
{
    base_mem *mem = x->run->mem;

    if (x->s.mem)
        grid_median_clear(&x->s);
    base_free(mem, x->best);
    base_free(mem, x->before);
    base_free(mem, x->active);
    base_free(mem, x->is_touched);
    base_free(mem, x->clusters_before);
}

static uint64_t first_proposals(const search *x)
{
    const uint64_t most = MOST_A_FIRST * (uint64_t)x->s.p->n;
    const uint64_t share = x->most / SHARE_OF_FIRST;

    return x->most && share < most ? share : most;
}

gb_status grid_median_search(base_run *run, const grid_median_problem *p,
                             base_rng *rng, uint64_t max_iterations,
                             bool is_warm, uint32_t *owner,
                             grid_median_result *result)
{
    search x = { .run = run, .rng = rng, .most = max_iterations,
                 .first_valid_s = -1 };
    gb_status status = GB_OK;

    if (!take_memory(&x, p)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    for (size_t i = 0; i < N_LOGS; i++)
        x.logs[i] = -log(((double)i + 0.5) / N_LOGS);
    grid_median_set(&x.s, owner);
    x.mean = fmax((double)x.s.cost / (double)p->n, 1);
    keep_first(&x);
    x.is_ended = p->k < 2 || (!max_iterations && run->deadline_s <= 0);
    if (!is_warm)
        status = anneal(&x, first_proposals(&x));
    while (!status && !x.is_ended)
        status = do_rounds(&x);
    if (status)
        goto done;
    memcpy(owner, x.best, p->n * sizeof *owner);
    grid_median_set(&x.s, owner);
    *result = (grid_median_result){ x.s.cost, x.s.linear, x.best_beyond,
                                    x.n_priced, x.first_valid_s };

done:
    clear(&x);
    return status;
}
