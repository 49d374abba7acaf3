/*
 * grid_reason.c - see grid_reason.h.
 */
#include "grid_reason.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "grid_reason_rules.h"

static double target_of(const grid_problem *p, size_t t, size_t m)
{
    return p->share[t] * (double)p->total[m];
}

/* The territory that holds most, of those that may have the area; NONE: it
 * may be in none. */
static uint32_t largest_home(const grid_problem *p, uint32_t area)
{
    uint32_t best = GB_GRID_NONE;

    if (p->lock[area] != GB_GRID_NONE)
        return p->lock[area];
    for (uint32_t t = 0; t < p->k; t++)
        if (!grid_is_barred(p, area, t)
            && (best == GB_GRID_NONE || p->share[t] > p->share[best]))
            best = t;
    return best;
}

/* Of how many territories with equal shares each could hold the load. */
static uint32_t most_territories(const grid_reasoning *x, size_t m,
                                 int64_t load)
{
    const grid_problem *p = x->p;
    const double tolerance
        = x->rules->tolerances ? x->rules->tolerances[m] : 0.05;
    double most = floor((double)p->total[m] * (1 + tolerance) / (double)load);

    if (x->rules->shares || most >= (double)p->k || most < 2)
        return 0;
    return (uint32_t)most;
}

/* An area that is too heavy for any territory it may be in. */
static gb_status find_heavy(grid_reasoning *x)
{
    const grid_problem *p = x->p;
    gb_status status = GB_OK;

    for (uint32_t a = 0; a < p->n && !status; a++) {
        const uint32_t t = largest_home(p, a);

        for (size_t m = 0; m < p->n_measures && !status; m++) {
            const int64_t load = grid_load(p, a, m);
            gb_territory_finding f
                = grid_blank_finding(GB_FINDING_HEAVY_AREA);

            if (t == GB_GRID_NONE || load <= p->high[t * p->n_measures + m])
                continue;
            f.area = a;
            f.measure = (uint32_t)m;
            f.territory = p->lock[a];
            f.count = most_territories(x, m, load);
            f.value = (double)load * p->load_unit[m];
            f.limit = (double)p->high[t * p->n_measures + m]
                * p->load_unit[m];
            f.mend = grid_mend_tolerance((double)load, target_of(p, t, m));
            status = grid_reason_add(x, f);
        }
    }
    return status;
}

/* --- locks --------------------------------------------------------------- */

static gb_status find_contradictions(grid_reasoning *x)
{
    const gb_territory_rules *rules = x->rules;
    gb_status status = GB_OK;

    for (uint32_t t = 0; rules->seeds && t < x->p->k && !status; t++) {
        const uint32_t a = rules->seeds[t];
        gb_territory_finding f = grid_blank_finding(GB_FINDING_LOCKS_CONTRADICT);

        if (a == GB_GRID_NONE || x->p->lock[a] == t
            || x->p->lock[a] == GB_GRID_NONE)
            continue;
        f.area = a;
        f.territory = x->p->lock[a];
        f.other = t;
        status = grid_reason_add(x, f);
    }
    return status;
}

static gb_status find_heavy_locks(grid_reasoning *x)
{
    const grid_problem *p = x->p;
    int64_t *locked = base_alloc_zeroed(x->run->mem, p->k * p->n_measures,
                                        sizeof *locked);
    gb_status status = locked ? GB_OK : base_fail_nomem(x->run->ctx);

    for (size_t a = 0; a < p->n && !status; a++)
        for (size_t m = 0; p->lock[a] != GB_GRID_NONE && m < p->n_measures;
             m++)
            locked[p->lock[a] * p->n_measures + m] += grid_load(p, a, m);
    for (uint32_t t = 0; t < p->k && !status; t++)
        for (uint32_t m = 0; m < p->n_measures && !status; m++) {
            const size_t i = t * p->n_measures + m;
            gb_territory_finding f = grid_blank_finding(GB_FINDING_LOCKS_HEAVY);

            if (locked[i] <= p->high[i])
                continue;
            f.territory = t;
            f.measure = m;
            f.value = (double)locked[i] * p->load_unit[m];
            f.limit = (double)p->high[i] * p->load_unit[m];
            f.mend = grid_mend_tolerance((double)locked[i],
                                         target_of(p, t, m));
            status = grid_reason_add(x, f);
        }
    base_free(x->run->mem, locked);
    return status;
}

/* Mark what t could ever have and reach from `start`, by t's number. */
static void reach(const grid_problem *p, uint32_t start, uint32_t t,
                  uint32_t *mark, uint32_t *queue)
{
    size_t head = 0, tail = 0;

    mark[start] = t;
    queue[tail++] = start;
    while (head < tail) {
        const uint32_t a = queue[head++];

        for (size_t i = p->first[a]; i < p->first[a] + p->n_open[a]; i++) {
            const uint32_t b = p->neighbours[i];

            /* A bridge is none of the caller's making. */
            if (mark[b] == t || p->component[a] != p->component[b]
                || (p->lock[b] != GB_GRID_NONE && p->lock[b] != t))
                continue;
            mark[b] = t;
            queue[tail++] = b;
        }
    }
}

static gb_status find_apart(grid_reasoning *x)
{
    const grid_problem *p = x->p;
    base_mem *mem = x->run->mem;
    uint32_t *first = base_alloc_array(mem, p->k, sizeof *first);
    uint32_t *mark = base_alloc_array(mem, p->n, sizeof *mark);
    uint32_t *queue = base_alloc_array(mem, p->n, sizeof *queue);
    gb_status status = GB_OK;

    if (!first || !mark || !queue) {
        status = base_fail_nomem(x->run->ctx);
        goto done;
    }
    memset(first, 0xff, p->k * sizeof *first);
    memset(mark, 0xff, p->n * sizeof *mark);
    for (uint32_t a = (uint32_t)p->n; a-- > 0;)
        if (p->lock[a] != GB_GRID_NONE)
            first[p->lock[a]] = a;
    for (uint32_t t = 0; t < p->k && !status; t++) {
        if (first[t] == GB_GRID_NONE)
            continue;
        reach(p, first[t], t, mark, queue);
        for (uint32_t a = 0; a < p->n && !status; a++) {
            gb_territory_finding f = grid_blank_finding(GB_FINDING_LOCKS_APART);

            if (p->lock[a] != t || mark[a] == t)
                continue;
            f.area = a;
            f.territory = t;
            status = grid_reason_add(x, f);
        }
    }

done:
    base_free(mem, first);
    base_free(mem, mark);
    base_free(mem, queue);
    return status;
}

/* A component to which no territory is free to come. */
static gb_status find_locked_out(grid_reasoning *x)
{
    const grid_problem *p = x->p;
    base_mem *mem = x->run->mem;
    bool *has_lock = base_alloc_zeroed(mem, p->n_components,
                                       sizeof *has_lock);
    bool *is_tied = base_alloc_zeroed(mem, p->k, sizeof *is_tied);
    size_t n_tied = 0;
    uint32_t next = 0;
    gb_status status = GB_OK;

    if (!has_lock || !is_tied) {
        status = base_fail_nomem(x->run->ctx);
        goto done;
    }
    for (size_t a = 0; a < p->n; a++)
        if (p->lock[a] != GB_GRID_NONE) {
            has_lock[p->component[a]] = true;
            n_tied += !is_tied[p->lock[a]];
            is_tied[p->lock[a]] = true;
        }
    for (uint32_t a = 0; a < p->n && n_tied == p->k && !status; a++) {
        gb_territory_finding f = grid_blank_finding(GB_FINDING_LOCKED_OUT);

        if (p->component[a] != next)
            continue;
        next++;
        f.area = a;
        f.count = (uint32_t)p->k;
        if (!has_lock[p->component[a]])
            status = grid_reason_add(x, f);
    }

done:
    base_free(mem, has_lock);
    base_free(mem, is_tied);
    return status;
}

/* --- components ---------------------------------------------------------- */

static gb_status find_components(grid_reasoning *x)
{
    const grid_problem *p = x->p;
    gb_territory_finding f = grid_blank_finding(GB_FINDING_COMPONENTS);
    uint32_t *size, smallest = 0;

    if (p->n_components <= p->k)
        return GB_OK;
    size = base_alloc_zeroed(x->run->mem, p->n_components, sizeof *size);
    if (!size)
        return base_fail_nomem(x->run->ctx);
    for (size_t a = 0; a < p->n; a++)
        size[p->component[a]]++;
    for (uint32_t c = 1; c < p->n_components; c++)
        if (size[c] < size[smallest])
            smallest = c;
    for (uint32_t a = 0; a < p->n && f.area == GB_GRID_NONE; a++)
        if (p->component[a] == smallest)
            f.area = a;
    base_free(x->run->mem, size);
    f.count = (uint32_t)p->n_components;
    f.value = (double)p->n_components;
    f.limit = (double)p->k;
    return grid_reason_add(x, f);
}

/*
 * With equal shares, a component of load L can be cut into j territories only
 * if each may have L / j: so for no j with low <= L / j <= high there is none.
 * The j with the least deviation is the one told.
 */
static gb_status weigh_component(grid_reasoning *x, uint32_t area, size_t m,
                                 int64_t load)
{
    const grid_problem *p = x->p;
    const double target = target_of(p, 0, m);
    gb_territory_finding f = grid_blank_finding(GB_FINDING_COMPONENT_LOAD);
    double best = INFINITY;

    for (size_t j = 1; j <= p->k - p->n_components + 1; j++) {
        const double each = (double)load / (double)j;
        const double deviation = fabs(each / target - 1);

        if (each <= (double)p->high[m] && each >= (double)p->low[m])
            return GB_OK;
        if (deviation < best) {
            best = deviation;
            f.count = (uint32_t)j;
            f.limit = (double)j * p->load_unit[m]
                * (double)(each > target ? p->high[m] : p->low[m]);
        }
    }
    f.area = area;
    f.measure = (uint32_t)m;
    f.value = (double)load * p->load_unit[m];
    f.mend = grid_mend_tolerance(target * (1 + best), target);
    return grid_reason_add(x, f);
}

static gb_status find_component_loads(grid_reasoning *x)
{
    const grid_problem *p = x->p;
    int64_t *load;
    gb_status status = GB_OK;

    if (p->n_components > p->k || p->n_components == 1 || x->rules->shares)
        return GB_OK;
    load = base_alloc_array(x->run->mem, p->n_components, sizeof *load);
    if (!load)
        return base_fail_nomem(x->run->ctx);
    for (size_t m = 0; m < p->n_measures && !status; m++) {
        uint32_t next = 0;

        if (p->total[m] == 0)
            continue;
        memset(load, 0, p->n_components * sizeof *load);
        for (size_t a = 0; a < p->n; a++)
            load[p->component[a]] += grid_load(p, a, m);
        /* Components are numbered by their lowest area. */
        for (uint32_t a = 0; a < p->n && !status; a++)
            if (p->component[a] == next) {
                status = weigh_component(x, a, m, load[next]);
                next++;
            }
    }
    base_free(x->run->mem, load);
    return status;
}

gb_status grid_reasons(base_run *run, const grid_problem *p,
                       const gb_territory_rules *rules,
                       grid_findings *findings)
{
    grid_reasoning x = { run, p, rules, findings };
    static gb_status (*const all[])(grid_reasoning *)
        = { find_heavy, find_components, find_component_loads,
            grid_reason_parts, grid_reason_pockets, find_heavy_locks, find_apart,
            find_contradictions, find_locked_out, grid_reason_pairs,
            grid_reason_crowd, grid_reason_bars, grid_reason_frozen,
            grid_reason_moves };
    gb_status status = GB_OK;

    for (size_t i = 0; i < COUNT_OF(all) && !status; i++)
        status = all[i](&x);
    return status;
}
