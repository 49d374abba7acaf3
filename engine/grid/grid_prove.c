/*
 * grid_prove.c - see grid_prove.h.
 */
#include "grid_prove.h"

#include <math.h>
#include <string.h>

enum { MOST_AREAS = 512, MOST_TERRITORIES = 64 };
/* A better plan is better by so much at least, as a ratio. */
static const double STEP = 1e-7;

typedef struct proving {
    base_run *run;
    const grid_problem *p;
    uint32_t *order;  /* n; those locked first */
    uint32_t *owner;  /* n; GB_GRID_NONE: not yet */
    uint32_t *best;   /* n */
    uint32_t *seen;   /* n; by stamp */
    uint32_t *queue;  /* n */
    uint32_t *chosen; /* n; by depth: the next territory to try */
    int64_t *load;    /* k rows of n_measures */
    int64_t *low, *high; /* likewise: what is allowed now */
    int64_t *rest;    /* n_measures; of areas without owner */
    uint32_t *count;  /* k */
    bool *is_named;   /* k; a rule speaks of just this territory */
    uint32_t stamp;
    int64_t moved;
    uint64_t work, most_work;
    double need;      /* of the best plan: the tolerance that it asks for */
    bool has_best;
} proving;

bool grid_prove_fits(const grid_problem *p)
{
    return p->n <= MOST_AREAS && p->k <= MOST_TERRITORIES && !p->is_bridged;
}

static bool proving_init(proving *x)
{
    base_mem *mem = x->run->mem;
    const size_t n = x->p->n, k = x->p->k, cells = k * x->p->n_measures;

    x->order = base_alloc_array(mem, n, sizeof *x->order);
    x->owner = base_alloc_array(mem, n, sizeof *x->owner);
    x->best = base_alloc_array(mem, n, sizeof *x->best);
    x->seen = base_alloc_zeroed(mem, n, sizeof *x->seen);
    x->queue = base_alloc_array(mem, n, sizeof *x->queue);
    x->chosen = base_alloc_array(mem, n, sizeof *x->chosen);
    x->load = base_alloc_array(mem, cells, sizeof *x->load);
    x->low = base_alloc_array(mem, cells, sizeof *x->low);
    x->high = base_alloc_array(mem, cells, sizeof *x->high);
    x->rest = base_alloc_array(mem, x->p->n_measures, sizeof *x->rest);
    x->count = base_alloc_array(mem, k, sizeof *x->count);
    x->is_named = base_alloc_zeroed(mem, k, sizeof *x->is_named);
    return x->order && x->owner && x->best && x->seen && x->queue
        && x->chosen && x->load && x->low && x->high && x->rest && x->count
        && x->is_named;
}

static void proving_clear(proving *x)
{
    base_mem *mem = x->run->mem;

    base_free(mem, x->order);
    base_free(mem, x->owner);
    base_free(mem, x->best);
    base_free(mem, x->seen);
    base_free(mem, x->queue);
    base_free(mem, x->chosen);
    base_free(mem, x->load);
    base_free(mem, x->low);
    base_free(mem, x->high);
    base_free(mem, x->rest);
    base_free(mem, x->count);
    base_free(mem, x->is_named);
}

/* --- the order ----------------------------------------------------------- */

/* Breadth first from `start`, behind what is there; the last area met. */
static size_t order_from(proving *x, uint32_t start, size_t n_ordered)
{
    const grid_problem *p = x->p;
    size_t head = n_ordered;

    x->seen[start] = x->stamp;
    x->order[n_ordered++] = start;
    while (head < n_ordered) {
        const uint32_t a = x->order[head++];

        for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
            const uint32_t b = p->neighbours[i];

            if (x->seen[b] == x->stamp)
                continue;
            x->seen[b] = x->stamp;
            x->order[n_ordered++] = b;
        }
    }
    return n_ordered;
}

/* Half a territory alone: two of them are hardly ever together. */
static bool is_heavy(const grid_problem *p, uint32_t area)
{
    for (size_t m = 0; m < p->n_measures; m++)
        if (p->inverse[m] * (double)grid_load(p, area, m) > 0.5)
            return true;
    return false;
}

/* Those that are heavy, or locked, to the front behind the `from` first. */
static size_t bring_forward(proving *x, size_t from, bool heavy)
{
    const grid_problem *p = x->p;

    for (size_t i = from; i < p->n; i++) {
        const uint32_t a = x->order[i];

        if (heavy ? !is_heavy(p, a) : p->lock[a] == GB_GRID_NONE)
            continue;
        memmove(x->order + from + 1, x->order + from,
                (i - from) * sizeof *x->order);
        x->order[from++] = a;
    }
    return from;
}

/*
 * A component after another, each from a far corner of it; but what is locked
 * comes first, as nothing is to be chosen there, and what is heavy next, as
 * most hangs on it.
 */
static void find_order(proving *x)
{
    const grid_problem *p = x->p;
    size_t n_ordered = 0;

    memset(x->best, 0, p->n * sizeof *x->best); /* is ordered */
    for (uint32_t a = 0; a < p->n; a++) {
        size_t end;

        if (x->best[a])
            continue;
        x->stamp++;
        end = order_from(x, a, n_ordered);
        x->stamp++;
        end = order_from(x, x->order[end - 1], n_ordered);
        while (n_ordered < end)
            x->best[x->order[n_ordered++]] = 1;
    }
    (void)bring_forward(x, bring_forward(x, 0, false), true);
}

static void find_named(proving *x)
{
    const grid_problem *p = x->p;

    for (uint32_t a = 0; a < p->n; a++) {
        if (p->lock[a] != GB_GRID_NONE)
            x->is_named[p->lock[a]] = true;
        if (p->previous && p->previous[a] < p->k
            && p->most_moved != INT64_MAX)
            x->is_named[p->previous[a]] = true;
        for (uint32_t t = 0; t < p->k; t++)
            if (grid_is_barred(p, a, t))
                x->is_named[t] = true;
    }
}

static void begin(proving *x)
{
    const grid_problem *p = x->p;

    memset(x->owner, 0xff, p->n * sizeof *x->owner);
    memset(x->load, 0, p->k * p->n_measures * sizeof *x->load);
    memset(x->count, 0, p->k * sizeof *x->count);
    memcpy(x->rest, p->total, p->n_measures * sizeof *x->rest);
    x->moved = 0;
    for (size_t a = 0; a < p->n; a++)
        x->moved += p->previous && p->previous[a] != GB_GRID_NONE
            && p->previous[a] >= p->k;
}

/* Limits by the rules, or by a tolerance of just less than `tolerance`. */
static void set_limits(proving *x, double tolerance)
{
    const grid_problem *p = x->p;

    for (size_t i = 0; i < p->k * p->n_measures; i++) {
        const size_t m = i % p->n_measures;
        const double target
            = p->share[i / p->n_measures] * (double)p->total[m];
        const double high = target * (1 + tolerance - STEP);
        const double low = target * (1 - tolerance + STEP);

        x->low[i] = p->low[i];
        x->high[i] = p->high[i];
        if (tolerance <= STEP || target <= 0)
            continue;
        if (high >= (double)p->total[m])
            x->high[i] = p->total[m];
        else if ((int64_t)floor(high) > x->high[i])
            x->high[i] = (int64_t)floor(high);
        if (low <= 0)
            x->low[i] = 0;
        else if ((int64_t)ceil(low) < x->low[i])
            x->low[i] = (int64_t)ceil(low);
    }
}

/* --- a step --------------------------------------------------------------- */

/* By how many areas the count of those that have moved grows. */
static int64_t moved_by(const grid_problem *p, uint32_t area, uint32_t t)
{
    return p->previous && p->previous[area] < p->k && p->previous[area] != t;
}

static void give(proving *x, uint32_t area, uint32_t t)
{
    const grid_problem *p = x->p;

    x->owner[area] = t;
    x->count[t]++;
    x->moved += moved_by(p, area, t);
    for (size_t m = 0; m < p->n_measures; m++) {
        x->load[t * p->n_measures + m] += grid_load(p, area, m);
        x->rest[m] -= grid_load(p, area, m);
    }
}

static void take_back(proving *x, uint32_t area)
{
    const grid_problem *p = x->p;
    const uint32_t t = x->owner[area];

    x->owner[area] = GB_GRID_NONE;
    x->count[t]--;
    x->moved -= moved_by(p, area, t);
    for (size_t m = 0; m < p->n_measures; m++) {
        x->load[t * p->n_measures + m] -= grid_load(p, area, m);
        x->rest[m] += grid_load(p, area, m);
    }
}

/* Before the step: it breaks nothing by itself. */
static bool may_give(const proving *x, uint32_t area, uint32_t t)
{
    const grid_problem *p = x->p;

    if (p->lock[area] != GB_GRID_NONE && p->lock[area] != t)
        return false;
    if (!grid_may_enter(p, x->owner, area, t)
        || x->moved + moved_by(p, area, t) > p->most_moved)
        return false;
    for (size_t m = 0; m < p->n_measures; m++)
        if (x->load[t * p->n_measures + m] + grid_load(p, area, m)
            > x->high[t * p->n_measures + m])
            return false;
    return true;
}

/* Of several territories that are alike and still empty, only the first. */
static bool is_repetition(const proving *x, uint32_t t)
{
    const grid_problem *p = x->p;

    if (x->count[t] > 0 || x->is_named[t])
        return false;
    for (uint32_t u = 0; u < t; u++)
        if (x->count[u] == 0 && !x->is_named[u]
            && !(p->share[u] < p->share[t] || p->share[u] > p->share[t]))
            return true;
    return false;
}

/* What is left is neither too little nor too much for all together. */
static bool is_even(const proving *x, size_t n_left)
{
    const grid_problem *p = x->p;
    size_t n_empty = 0;

    for (size_t t = 0; t < p->k; t++)
        n_empty += x->count[t] == 0;
    if (n_empty > n_left)
        return false;
    for (size_t m = 0; m < p->n_measures; m++) {
        int64_t wanted = 0, room = 0;

        for (size_t i = m; i < p->k * p->n_measures; i += p->n_measures) {
            room += x->high[i] - x->load[i];
            wanted += x->low[i] > x->load[i] ? x->low[i] - x->load[i] : 0;
        }
        if (wanted > x->rest[m] || room < x->rest[m])
            return false;
    }
    return true;
}

/* From one of its areas t can reach all, and enough to be full. */
static bool is_reachable(proving *x, uint32_t start)
{
    const grid_problem *p = x->p;
    const uint32_t t = x->owner[start];
    size_t head = 0, tail = 0, n_own = 0;

    x->stamp++;
    x->seen[start] = x->stamp;
    x->queue[tail++] = start;
    while (head < tail) {
        const uint32_t a = x->queue[head++];

        n_own += x->owner[a] == t;
        for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
            const uint32_t b = p->neighbours[i];

            if (x->seen[b] == x->stamp
                || (x->owner[b] != t
                    && (x->owner[b] != GB_GRID_NONE
                        || grid_is_barred(p, b, t))))
                continue;
            x->seen[b] = x->stamp;
            x->queue[tail++] = b;
        }
    }
    x->work += tail;
    if (n_own != x->count[t])
        return false;
    for (size_t m = 0; m < p->n_measures; m++) {
        int64_t load = 0;

        for (size_t i = 0; i < tail; i++)
            load += grid_load(p, x->queue[i], m);
        if (load < x->low[t * p->n_measures + m])
            return false;
    }
    return true;
}

/* The stretch without owner about `start` fits in with whom it touches, and
 * with those who have nothing yet.  *n_met: its areas, in the queue. */
static bool has_room(proving *x, uint32_t start)
{
    const grid_problem *p = x->p;
    uint64_t around = 0;
    size_t head = 0, tail = 0;

    for (uint32_t t = 0; t < p->k; t++)
        around |= (uint64_t)(x->count[t] == 0) << t;
    x->seen[start] = x->stamp;
    x->queue[tail++] = start;
    while (head < tail) {
        const uint32_t a = x->queue[head++];

        for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
            const uint32_t b = p->neighbours[i];

            if (x->owner[b] != GB_GRID_NONE) {
                around |= UINT64_C(1) << x->owner[b];
            } else if (x->seen[b] != x->stamp) {
                x->seen[b] = x->stamp;
                x->queue[tail++] = b;
            }
        }
    }
    x->work += tail;
    for (size_t m = 0; m < p->n_measures; m++) {
        int64_t load = 0;

        for (size_t i = 0; i < tail; i++)
            load += grid_load(p, x->queue[i], m);
        for (uint32_t t = 0; t < p->k; t++)
            if (around >> t & 1)
                load -= x->high[t * p->n_measures + m]
                    - x->load[t * p->n_measures + m];
        if (load > 0)
            return false;
    }
    return true;
}

/* After the step: its territory, those around it and what is left may do. */
static bool may_do(proving *x, uint32_t area, size_t n_left)
{
    const grid_problem *p = x->p;
    const uint32_t *row = p->neighbours + p->first[area];

    if (!is_even(x, n_left) || !is_reachable(x, area))
        return false;
    for (uint32_t i = 0; i < p->n_open[area]; i++)
        if (x->owner[row[i]] != GB_GRID_NONE
            && x->owner[row[i]] != x->owner[area]
            && !is_reachable(x, row[i]))
            return false;
    x->stamp++;
    for (uint32_t i = 0; i < p->n_open[area]; i++)
        if (x->owner[row[i]] == GB_GRID_NONE && x->seen[row[i]] != x->stamp
            && !has_room(x, row[i]))
            return false;
    return true;
}

/* --- the search ----------------------------------------------------------- */

/* All areas have owners: is it a plan?  Loads are within the limits. */
static bool is_whole(proving *x)
{
    const grid_problem *p = x->p;
    uint64_t met = 0;

    for (uint32_t a = 0; a < p->n; a++) {
        const uint64_t bit = UINT64_C(1) << x->owner[a];

        if (met & bit)
            continue;
        met |= bit;
        if (!is_reachable(x, a))
            return false;
    }
    for (size_t t = 0; t < p->k; t++)
        if (x->count[t] == 0)
            return false;
    return true;
}

/* The tolerance that the plan asks for beyond those given; 0: none. */
static double need_of(const proving *x)
{
    const grid_problem *p = x->p;
    double need = 0;

    for (size_t i = 0; i < p->k * p->n_measures; i++) {
        const double target = p->share[i / p->n_measures]
            * (double)p->total[i % p->n_measures];

        if (x->load[i] > p->high[i] || x->load[i] < p->low[i])
            need = fmax(need, fabs((double)x->load[i] / target - 1));
    }
    return need;
}

static void note(proving *x)
{
    const double need = need_of(x);

    if ((x->has_best && need >= x->need) || !is_whole(x))
        return;
    x->need = need;
    x->has_best = true;
    memcpy(x->best, x->owner, x->p->n * sizeof *x->best);
    if (x->need > 0)
        set_limits(x, x->need);
}

/* Give the area at `depth` to the next territory that may do; or to none. */
static bool step(proving *x, size_t depth)
{
    const grid_problem *p = x->p;
    const uint32_t area = x->order[depth];

    while (x->chosen[depth] < p->k) {
        const uint32_t t = x->chosen[depth]++;

        x->work++;
        if (is_repetition(x, t) || !may_give(x, area, t))
            continue;
        give(x, area, t);
        if (may_do(x, area, p->n - depth - 1))
            return true;
        take_back(x, area);
    }
    return false;
}

/* True when all has been tried, or a plan without any need is found. */
static bool try_all(proving *x, gb_status *status)
{
    const size_t n = x->p->n;
    size_t depth = 0;

    begin(x);
    x->chosen[0] = 0;
    for (;;) {
        *status = base_poll(x->run);
        if (*status || x->work > x->most_work)
            return false;
        if (step(x, depth)) {
            if (++depth < n) {
                x->chosen[depth] = 0;
                continue;
            }
            note(x);
            if (x->has_best && x->need <= 0)
                return true;
            depth--;
            take_back(x, x->order[depth]);
            continue;
        }
        if (depth == 0)
            return true;
        depth--;
        take_back(x, x->order[depth]);
    }
}

gb_status grid_prove(base_run *run, const grid_problem *p, double upper,
                     uint64_t most_work, uint32_t *owner, grid_proof *proof)
{
    proving x = { .run = run, .p = p, .most_work = most_work };
    gb_status status = GB_OK;
    bool is_done;

    *proof = (grid_proof){ .mend = upper };
    if (!proving_init(&x)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    find_order(&x);
    find_named(&x);
    set_limits(&x, 0);
    is_done = try_all(&x, &status);
    if (status || !is_done)
        goto done;
    proof->has_plan = x.has_best;
    proof->has_none = !x.has_best;
    if (x.has_best) {
        memcpy(owner, x.best, p->n * sizeof *owner);
        goto done;
    }
    set_limits(&x, upper);
    x.work = 0;
    proof->is_least = try_all(&x, &status);
    proof->has_mended = x.has_best;
    if (x.has_best) {
        proof->mend = x.need;
        memcpy(owner, x.best, p->n * sizeof *owner);
    }

done:
    proving_clear(&x);
    return status;
}
