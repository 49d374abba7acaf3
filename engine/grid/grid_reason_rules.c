/*
 * grid_reason_rules.c - reasons that lie in pairs, bars, frozen territories,
 * the budget of moves, and areas behind a single other; see grid_reason.h.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grid_contiguity.h"
#include "grid_reason_rules.h"

/* --- pairs and bars ------------------------------------------------------ */

static uint32_t lock_of(const grid_reasoning *x, uint32_t a)
{
    return x->p->lock[a];
}

gb_status grid_reason_pairs(grid_reasoning *x)
{
    const gb_territory_rules *rules = x->rules;
    gb_status status = GB_OK;

    for (size_t i = 0; i < rules->n_apart && !status; i++) {
        gb_territory_finding f = grid_blank_finding(GB_FINDING_APART_LOCKED);

        f.area = rules->apart[2 * i];
        f.other = rules->apart[2 * i + 1];
        f.territory = lock_of(x, f.area);
        if (f.territory != GB_GRID_NONE && lock_of(x, f.other) == f.territory)
            status = grid_reason_add(x, f);
    }
    return status;
}

static bool is_apart(const grid_problem *p, uint32_t a, uint32_t b)
{
    for (uint32_t i = p->apart_first[a]; i < p->apart_first[a + 1]; i++)
        if (p->apart[i] == b)
            return true;
    return false;
}

static bool may_join(const grid_problem *p, const uint32_t *clique, size_t n,
                     uint32_t a)
{
    for (size_t i = 0; i < n; i++)
        if (clique[i] == a || !is_apart(p, clique[i], a))
            return false;
    return true;
}

/* Areas that are all apart from each other, from `first` on; greedily. */
static size_t grow_clique(const grid_problem *p, uint32_t first,
                          uint32_t *clique)
{
    size_t n = 0;

    clique[n++] = first;
    for (;;) {
        uint32_t best = GB_GRID_NONE;

        for (uint32_t i = p->apart_first[first];
             i < p->apart_first[first + 1]; i++) {
            const uint32_t a = p->apart[i];

            if (may_join(p, clique, n, a)
                && (best == GB_GRID_NONE
                    || p->apart_first[a + 1] - p->apart_first[a]
                        > p->apart_first[best + 1] - p->apart_first[best]))
                best = a;
        }
        if (best == GB_GRID_NONE)
            return n;
        clique[n++] = best;
    }
}

/* Such areas, and the territories that any of them may be in. */
static size_t count_homes(const grid_problem *p, const uint32_t *clique,
                          size_t n)
{
    size_t n_homes = 0;

    for (uint32_t t = 0; t < p->k; t++) {
        bool is_home = false;

        for (size_t i = 0; i < n && !is_home; i++)
            is_home = !grid_is_barred(p, clique[i], t)
                && (p->lock[clique[i]] == GB_GRID_NONE
                    || p->lock[clique[i]] == t);
        n_homes += is_home;
    }
    return n_homes;
}

gb_status grid_reason_crowd(grid_reasoning *x)
{
    const grid_problem *p = x->p;
    gb_territory_finding f = grid_blank_finding(GB_FINDING_APART_CROWD);
    uint32_t *clique;
    size_t most = 0;

    if (!p->apart_first)
        return GB_OK;
    clique = base_alloc_array(x->run->mem, 2 * x->rules->n_apart + 1,
                              sizeof *clique);
    if (!clique)
        return base_fail_nomem(x->run->ctx);
    for (uint32_t a = 0; a < p->n; a++) {
        size_t n, n_homes;

        if (p->apart_first[a] == p->apart_first[a + 1])
            continue;
        n = grow_clique(p, a, clique);
        n_homes = count_homes(p, clique, n);
        if (n <= n_homes || n - n_homes <= most)
            continue;
        most = n - n_homes;
        f.area = clique[0];
        f.other = clique[1 % n];
        f.count = (uint32_t)n;
        f.value = (double)n;
        f.limit = (double)n_homes;
    }
    base_free(x->run->mem, clique);
    /* One that is alone and has no home is barred out, as is told. */
    return f.count > 1 ? grid_reason_add(x, f) : GB_OK;
}

gb_status grid_reason_bars(grid_reasoning *x)
{
    const grid_problem *p = x->p;
    gb_status status = GB_OK;

    for (uint32_t a = 0; p->barred && a < p->n && !status; a++) {
        gb_territory_finding f = grid_blank_finding(GB_FINDING_BARRED_OUT);
        uint32_t n_barred = 0;

        for (uint32_t t = 0; t < p->k; t++)
            n_barred += grid_is_barred(p, a, t);
        f.area = a;
        f.count = n_barred;
        if (p->lock[a] != GB_GRID_NONE && grid_is_barred(p, a, p->lock[a])) {
            f.kind = GB_FINDING_BARRED_LOCKED;
            f.territory = p->lock[a];
            status = grid_reason_add(x, f);
        } else if (n_barred == p->k) {
            status = grid_reason_add(x, f);
        }
    }
    return status;
}

/* --- frozen territories -------------------------------------------------- */

static bool is_frozen(const grid_reasoning *x, uint32_t t)
{
    return x->rules->frozen && x->p->previous && t < x->p->k
        && x->rules->frozen[t];
}

static gb_status weigh_frozen(grid_reasoning *x, uint32_t t)
{
    const grid_problem *p = x->p;
    gb_status status = GB_OK;

    for (uint32_t m = 0; m < p->n_measures && !status; m++) {
        const size_t i = t * p->n_measures + m;
        const double target = p->share[t] * (double)p->total[m];
        gb_territory_finding f = grid_blank_finding(GB_FINDING_FROZEN_LOAD);
        int64_t load = 0;

        for (size_t a = 0; a < p->n; a++)
            load += p->previous[a] == t ? grid_load(p, a, m) : 0;
        if (load >= p->low[i] && load <= p->high[i])
            continue;
        f.territory = t;
        f.measure = m;
        f.value = (double)load * p->load_unit[m];
        f.limit = (double)(load > p->high[i] ? p->high[i] : p->low[i])
            * p->load_unit[m];
        f.mend = grid_mend_tolerance((double)load, target);
        status = grid_reason_add(x, f);
    }
    return status;
}

/* It must have what it had, and another lock or seed says otherwise. */
static gb_status find_torn(grid_reasoning *x)
{
    const gb_territory_rules *rules = x->rules;
    const uint32_t *previous = x->p->previous;
    gb_status status = GB_OK;

    for (uint32_t a = 0; rules->locks && a < x->p->n && !status; a++) {
        const uint32_t to = rules->locks[a];
        gb_territory_finding f = grid_blank_finding(GB_FINDING_FROZEN_LOCKED);

        if (to == GB_GRID_NONE || to == previous[a])
            continue;
        f.area = a;
        f.other = to;
        f.territory = is_frozen(x, previous[a]) ? previous[a] : to;
        if (is_frozen(x, f.territory))
            status = grid_reason_add(x, f);
    }
    for (uint32_t t = 0; rules->seeds && t < x->p->k && !status; t++) {
        const uint32_t a = rules->seeds[t];
        gb_territory_finding f = grid_blank_finding(GB_FINDING_FROZEN_LOCKED);

        if (a == GB_GRID_NONE || previous[a] == t
            || (rules->locks && rules->locks[a] == t))
            continue;
        f.area = a;
        f.other = t;
        f.territory = is_frozen(x, previous[a]) ? previous[a] : t;
        if (is_frozen(x, f.territory))
            status = grid_reason_add(x, f);
    }
    return status;
}

gb_status grid_reason_frozen(grid_reasoning *x)
{
    const grid_problem *p = x->p;
    grid_search_space space = { 0 };
    uint32_t *part = NULL;
    gb_status status;

    if (!x->rules->frozen || !p->previous)
        return GB_OK;
    status = find_torn(x);
    if (status)
        return status;
    part = base_alloc_array(x->run->mem, p->n, sizeof *part);
    if (!grid_search_space_init(&space, x->run->mem, p->n) || !part) {
        status = base_fail_nomem(x->run->ctx);
        goto done;
    }
    grid_parts(p, p->previous, part, &space);
    for (uint32_t t = 0; t < p->k && !status; t++) {
        gb_territory_finding f
            = grid_blank_finding(GB_FINDING_FROZEN_SPLIT);
        uint32_t last = GB_GRID_NONE;

        if (!is_frozen(x, t))
            continue;
        f.territory = t;
        /* Parts are numbered by their lowest areas, so they rise. */
        for (uint32_t a = 0; a < p->n; a++)
            if (p->previous[a] == t
                && (last == GB_GRID_NONE || part[a] > last)) {
                last = part[a];
                if (++f.count == 2)
                    f.area = a;
            }
        if (f.count != 1)
            status = grid_reason_add(x, f);
        if (!status && f.count > 0)
            status = weigh_frozen(x, t);
    }

done:
    base_free(x->run->mem, part);
    grid_search_space_clear(&space, x->run->mem);
    return status;
}

/* --- the budget of moves ------------------------------------------------- */

static int falling(const void *a, const void *b)
{
    const int64_t l = *(const int64_t *)a, r = *(const int64_t *)b;

    return (l < r) - (l > r);
}

/* The fewest of `n` loads, in falling order, that come to `amount`. */
static size_t fewest_of(const int64_t *loads, size_t n, int64_t amount)
{
    size_t count = 0;

    for (; amount > 0 && count < n; count++)
        amount -= loads[count];
    return count;
}

/* It cannot stay with t, whatever else happens. */
static bool must_leave(const grid_problem *p, uint32_t a, uint32_t t)
{
    return (p->lock[a] != GB_GRID_NONE && p->lock[a] != t)
        || grid_is_barred(p, a, t);
}

/* Fewest areas that t must shed, if nothing came to it, by measure m. */
static size_t fewest_out(const grid_problem *p, uint32_t t, size_t m,
                         int64_t *loads)
{
    size_t n = 0, n_forced = 0;
    int64_t sum = 0;

    for (uint32_t a = 0; a < p->n; a++) {
        if (p->previous[a] != t)
            continue;
        if (must_leave(p, a, t)) {
            n_forced++;
            continue;
        }
        sum += grid_load(p, a, m);
        loads[n++] = grid_load(p, a, m);
    }
    qsort(loads, n, sizeof *loads, falling);
    return n_forced
        + fewest_of(loads, n, sum - p->high[t * p->n_measures + m]);
}

/* Fewest areas that must come to t, if nothing left it but what must. */
static size_t fewest_in(const grid_problem *p, uint32_t t, size_t m,
                        int64_t *loads)
{
    size_t n = 0, n_own = 0, n_forced = 0, more;
    int64_t sum = 0;

    for (uint32_t a = 0; a < p->n; a++) {
        if (p->previous[a] == t) {
            n_own++;
            sum += must_leave(p, a, t) ? 0 : grid_load(p, a, m);
        } else if (p->lock[a] == t) {
            n_forced++;
            sum += grid_load(p, a, m);
        } else if (!must_leave(p, a, t)) {
            loads[n++] = grid_load(p, a, m);
        }
    }
    qsort(loads, n, sizeof *loads, falling);
    more = fewest_of(loads, n, p->low[t * p->n_measures + m] - sum);
    return n_forced + more + (n_own + n_forced + more == 0);
}

/*
 * Each move leaves one territory and comes to one, so what all must shed
 * together is a bound, and what must come to all, less the areas that nobody
 * has and that do not count.
 */
gb_status grid_reason_moves(grid_reasoning *x)
{
    const grid_problem *p = x->p;
    gb_territory_finding f = grid_blank_finding(GB_FINDING_MOVES_SHORT);
    size_t n_out = 0, n_in = 0, n_free = 0, n_left = 0, bound;
    int64_t *loads;

    if (!p->previous || p->most_moved == INT64_MAX)
        return GB_OK;
    loads = base_alloc_array(x->run->mem, p->n, sizeof *loads);
    if (!loads)
        return base_fail_nomem(x->run->ctx);
    for (uint32_t t = 0; t < p->k; t++) {
        size_t out = 0, in = 0;

        for (size_t m = 0; m < p->n_measures; m++) {
            const size_t o = fewest_out(p, t, m, loads);
            const size_t i = fewest_in(p, t, m, loads);

            out = o > out ? o : out;
            in = i > in ? i : in;
        }
        n_out += out;
        n_in += in;
    }
    base_free(x->run->mem, loads);
    for (size_t a = 0; a < p->n; a++) {
        n_free += p->previous[a] >= p->k;
        n_left += p->previous[a] >= p->k && p->previous[a] != GB_GRID_NONE;
    }
    n_in = n_in > n_free ? n_in - n_free : 0;
    bound = n_out > n_in ? n_out : n_in;
    f.value = (double)bound;
    f.limit = (double)(p->most_moved - (int64_t)n_left);
    f.count = (uint32_t)bound;
    return f.value > f.limit ? grid_reason_add(x, f) : GB_OK;
}

/* --- pockets ------------------------------------------------------------- */

typedef struct pockets {
    const grid_problem *p;
    uint32_t *seen;   /* n; by stamp */
    uint32_t *queue;  /* n */
    int64_t *sum;     /* n_measures; of the area and its light pockets */
    int64_t *load;    /* n_measures; of one pocket */
    int64_t *low, *high; /* n_measures; least and most of any territory */
    uint32_t stamp;
    size_t n_areas;   /* in light pockets */
    uint32_t first;   /* area of them */
    double lightness; /* least tolerance at which one is no more light */
} pockets;

/* The stretch at `start` without `area`; its areas are in the queue. */
static size_t search_pocket(pockets *x, uint32_t area, uint32_t start)
{
    const grid_problem *p = x->p;
    size_t head = 0, tail = 0;

    x->seen[area] = x->stamp;
    x->seen[start] = x->stamp;
    x->queue[tail++] = start;
    memset(x->load, 0, p->n_measures * sizeof *x->load);
    while (head < tail) {
        const uint32_t a = x->queue[head++];

        for (size_t m = 0; m < p->n_measures; m++)
            x->load[m] += grid_load(p, a, m);
        for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
            const uint32_t b = p->neighbours[i];

            if (x->seen[b] == x->stamp)
                continue;
            x->seen[b] = x->stamp;
            x->queue[tail++] = b;
        }
    }
    return tail;
}

/* No territory fits in there: all of it goes with the area before it. */
static bool is_light(pockets *x)
{
    const grid_problem *p = x->p;
    double most = 0;
    bool is_less = false;

    for (size_t m = 0; m < p->n_measures; m++) {
        double target = INFINITY;

        if (x->load[m] >= x->low[m])
            continue;
        is_less = true;
        for (size_t t = 0; t < p->k; t++)
            target = fmin(target, p->share[t] * (double)p->total[m]);
        most = fmax(most, 1 - (double)x->load[m] / target);
    }
    if (is_less)
        x->lightness = fmin(x->lightness, most);
    return is_less;
}

static gb_status judge_pockets(grid_reasoning *r, pockets *x, uint32_t area)
{
    const grid_problem *p = x->p;
    gb_status status = GB_OK;

    for (uint32_t m = 0; m < p->n_measures && !status; m++) {
        gb_territory_finding f = grid_blank_finding(GB_FINDING_POCKET);
        double target = 0;

        /* An area that is too heavy alone is told by itself. */
        if (x->sum[m] <= x->high[m] || grid_load(p, area, m) > x->high[m])
            continue;
        for (size_t t = 0; t < p->k; t++)
            target = fmax(target, p->share[t] * (double)p->total[m]);
        f.area = x->first;
        f.other = area;
        f.measure = m;
        f.count = (uint32_t)x->n_areas;
        f.value = (double)x->sum[m] * p->load_unit[m];
        f.limit = (double)x->high[m] * p->load_unit[m];
        f.mend = grid_mend_tolerance(
            1 + fmin(x->lightness, (double)x->sum[m] / target - 1), 1);
        status = grid_reason_add(r, f);
    }
    return status;
}

/*
 * What hangs on one area: stretches that it parts from the rest, each too
 * light for any territory of its own.  All of them are in its territory.  The
 * heaviest stretch may be the rest, and is not asked where it is not light.
 */
static gb_status look_behind(grid_reasoning *r, pockets *x, uint32_t area)
{
    const grid_problem *p = x->p;
    const uint32_t *row = p->neighbours + p->first[area];

    x->stamp++;
    x->n_areas = 0;
    x->first = GB_GRID_NONE;
    x->lightness = INFINITY;
    for (size_t m = 0; m < p->n_measures; m++)
        x->sum[m] = grid_load(p, area, m);
    for (uint32_t i = 0; i < p->n_open[area]; i++) {
        size_t n;

        if (x->seen[row[i]] == x->stamp)
            continue;
        n = search_pocket(x, area, row[i]);
        if (!is_light(x))
            continue;
        for (size_t j = 0; j < n; j++)
            if (x->queue[j] < x->first)
                x->first = x->queue[j];
        for (size_t m = 0; m < p->n_measures; m++)
            x->sum[m] += x->load[m];
        x->n_areas += n;
    }
    return x->n_areas > 0 ? judge_pockets(r, x, area) : GB_OK;
}

static bool pockets_init(pockets *x, base_mem *mem)
{
    const grid_problem *p = x->p;

    x->seen = base_alloc_zeroed(mem, p->n, sizeof *x->seen);
    x->queue = base_alloc_array(mem, p->n, sizeof *x->queue);
    x->sum = base_alloc_array(mem, p->n_measures, sizeof *x->sum);
    x->load = base_alloc_array(mem, p->n_measures, sizeof *x->load);
    x->low = base_alloc_array(mem, p->n_measures, sizeof *x->low);
    x->high = base_alloc_array(mem, p->n_measures, sizeof *x->high);
    return x->seen && x->queue && x->sum && x->load && x->low && x->high;
}

static void pockets_clear(pockets *x, base_mem *mem)
{
    base_free(mem, x->seen);
    base_free(mem, x->queue);
    base_free(mem, x->sum);
    base_free(mem, x->load);
    base_free(mem, x->low);
    base_free(mem, x->high);
}

/* Each search walks through all: for graphs of some thousand areas. */
gb_status grid_reason_pockets(grid_reasoning *r)
{
    enum { MOST_AREAS = 4000 };
    const grid_problem *p = r->p;
    pockets x = { .p = p };
    gb_status status = GB_OK;

    if (p->n > MOST_AREAS || p->is_bridged || p->k == 1)
        return GB_OK;
    if (!pockets_init(&x, r->run->mem)) {
        status = base_fail_nomem(r->run->ctx);
        goto done;
    }
    for (size_t m = 0; m < p->n_measures; m++) {
        x.low[m] = p->low[m];
        x.high[m] = p->high[m];
        for (size_t i = m; i < p->k * p->n_measures; i += p->n_measures) {
            x.low[m] = p->low[i] < x.low[m] ? p->low[i] : x.low[m];
            x.high[m] = p->high[i] > x.high[m] ? p->high[i] : x.high[m];
        }
    }
    for (uint32_t a = 0; a < p->n && !status; a++) {
        status = base_poll(r->run);
        if (!status && p->n_open[a] > 0)
            status = look_behind(r, &x, a);
    }

done:
    pockets_clear(&x, r->run->mem);
    return status;
}
