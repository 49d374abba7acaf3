/*
 * grid_check.c - see grid_check.h.
 */
#include "grid_check.h"

#include <math.h>
#include <string.h>

/* Sums of the same numbers in another order may differ by so much. */
static const double ROUNDING = 1e-9;

typedef struct checking {
    base_run *run;
    const gb_areas *areas;
    const gb_territory_rules *rules;
    const grid_plan *plan;
    const uint32_t *owners; /* of the plan */
    grid_findings *findings;
    uint32_t *root;     /* n_areas; union-find */
    double *weight;     /* n_areas; of the part whose root this is */
    uint32_t *size;     /* n_areas; likewise */
    uint32_t *heaviest; /* n_territories; the root of the heaviest part */
    uint32_t *n_parts;  /* n_territories */
    uint32_t *count;    /* n_territories; areas */
} checking;

static bool checking_init(checking *x)
{
    base_mem *mem = x->run->mem;
    const size_t n = x->areas->n_areas, k = x->rules->n_territories;

    x->root = base_alloc_array(mem, n, sizeof *x->root);
    x->weight = base_alloc_array(mem, n, sizeof *x->weight);
    x->size = base_alloc_array(mem, n, sizeof *x->size);
    x->heaviest = base_alloc_array(mem, k, sizeof *x->heaviest);
    x->n_parts = base_alloc_zeroed(mem, k, sizeof *x->n_parts);
    x->count = base_alloc_zeroed(mem, k, sizeof *x->count);
    return x->root && x->weight && x->size && x->heaviest && x->n_parts
        && x->count;
}

static void checking_clear(checking *x)
{
    base_mem *mem = x->run->mem;

    base_free(mem, x->root);
    base_free(mem, x->weight);
    base_free(mem, x->size);
    base_free(mem, x->heaviest);
    base_free(mem, x->n_parts);
    base_free(mem, x->count);
}

static bool is_owned(const checking *x, size_t area)
{
    return x->owners[area] < x->rules->n_territories;
}

static gb_status report(checking *x, gb_territory_finding finding)
{
    return base_array_push(x->run->mem, x->findings, finding)
        ? GB_OK : base_fail_nomem(x->run->ctx);
}

static gb_territory_finding blank(gb_territory_finding_kind kind)
{
    return (gb_territory_finding){ kind, GB_GRID_NONE, GB_GRID_NONE,
                                   GB_GRID_NONE, GB_GRID_NONE, 0, 0, 0, 0 };
}

/* --- parts --------------------------------------------------------------- */

static uint32_t root_of(uint32_t *root, uint32_t a)
{
    while (root[a] != a) {
        root[a] = root[root[a]];
        a = root[a];
    }
    return a;
}

/* The lower root stays, so a part's root is its lowest area. */
static void join(uint32_t *root, uint32_t a, uint32_t b)
{
    a = root_of(root, a);
    b = root_of(root, b);
    if (a < b)
        root[b] = a;
    else
        root[a] = b;
}

static void join_parts(checking *x)
{
    const gb_areas *areas = x->areas;

    for (uint32_t a = 0; a < areas->n_areas; a++)
        x->root[a] = a;
    for (uint32_t a = 0; a < areas->n_areas; a++)
        for (uint32_t i = areas->first_neighbour[a];
             i < areas->first_neighbour[a + 1]; i++) {
            const uint32_t b = areas->neighbours[i];

            if (is_owned(x, a) && x->owners[a] == x->owners[b]
                && !(areas->barriers
                     && areas->barriers[i] == GB_BARRIER_HARD))
                join(x->root, a, b);
        }
}

static void weigh_parts(checking *x)
{
    const size_t n = x->areas->n_areas;

    memset(x->heaviest, 0xff,
           x->rules->n_territories * sizeof *x->heaviest);
    for (size_t a = 0; a < n; a++) {
        x->weight[a] = 0;
        x->size[a] = 0;
    }
    for (uint32_t a = 0; a < n; a++) {
        const uint32_t root = root_of(x->root, a);

        x->weight[root] += x->areas->activity[a];
        x->size[root]++;
    }
    for (uint32_t a = 0; a < n; a++) {
        uint32_t *best;

        if (!is_owned(x, a))
            continue;
        x->count[x->owners[a]]++;
        if (x->root[a] != a)
            continue;
        x->n_parts[x->owners[a]]++;
        best = &x->heaviest[x->owners[a]];
        if (*best == GB_GRID_NONE || x->weight[a] > x->weight[*best]
            || (x->weight[a] >= x->weight[*best]
                && x->size[a] > x->size[*best]))
            *best = a;
    }
}

/* One finding a part beyond the heaviest. */
static gb_status check_parts(checking *x)
{
    for (uint32_t a = 0; a < x->areas->n_areas; a++) {
        gb_territory_finding f = blank(GB_FINDING_SPLIT);
        gb_status status;

        if (!is_owned(x, a) || x->root[a] != a
            || x->heaviest[x->owners[a]] == a)
            continue;
        f.territory = x->owners[a];
        f.area = a;
        f.count = x->n_parts[f.territory];
        f.value = x->size[x->heaviest[f.territory]];
        f.limit = x->count[f.territory];
        status = report(x, f);
        if (status)
            return status;
    }
    return GB_OK;
}

/* --- counts, balance, locks ---------------------------------------------- */

static gb_status check_counts(checking *x)
{
    gb_status status = GB_OK;

    for (uint32_t a = 0; a < x->areas->n_areas && !status; a++) {
        gb_territory_finding f = blank(GB_FINDING_UNOWNED);

        f.area = a;
        if (!is_owned(x, a))
            status = report(x, f);
    }
    for (uint32_t t = 0; t < x->rules->n_territories && !status; t++) {
        gb_territory_finding f = blank(GB_FINDING_EMPTY);

        f.territory = t;
        if (x->count[t] == 0)
            status = report(x, f);
    }
    return status;
}

static double share_of(const gb_territory_rules *rules, size_t t)
{
    double sum = 0;

    if (!rules->shares)
        return 1 / (double)rules->n_territories;
    for (size_t u = 0; u < rules->n_territories; u++)
        sum += rules->shares[u];
    return rules->shares[t] / sum;
}

double grid_mend_tolerance(double activity, double target)
{
    if (target <= 0)
        return 0;
    return ceil((fabs(activity / target - 1) - ROUNDING) * 1e6) / 1e6;
}

static gb_status check_measure(checking *x, const double *column,
                               uint32_t measure, double *sums)
{
    const gb_territory_rules *rules = x->rules;
    const double tolerance
        = rules->tolerances ? rules->tolerances[measure] : 0.05;
    double total = 0;
    gb_status status = GB_OK;

    for (size_t t = 0; t < rules->n_territories; t++)
        sums[t] = 0;
    for (size_t a = 0; a < x->areas->n_areas; a++) {
        total += column[a];
        if (is_owned(x, a))
            sums[x->owners[a]] += column[a];
    }
    for (uint32_t t = 0; t < rules->n_territories && !status; t++) {
        const double target = total * share_of(rules, t);
        const double slack = target * (tolerance + 2 * ROUNDING);
        gb_territory_finding f = blank(GB_FINDING_BALANCE);

        if (fabs(sums[t] - target) <= slack)
            continue;
        f.territory = t;
        f.measure = measure;
        f.value = sums[t];
        f.limit = sums[t] > target ? target * (1 + tolerance)
                                   : target * (1 - tolerance);
        f.mend = grid_mend_tolerance(sums[t], target);
        status = report(x, f);
    }
    return status;
}

static gb_status check_balance(checking *x)
{
    double *sums = base_alloc_array(x->run->mem, x->rules->n_territories,
                                    sizeof *sums);
    gb_status status = sums ? GB_OK : base_fail_nomem(x->run->ctx);

    for (uint32_t m = 0; m < x->areas->n_measures && !status; m++)
        status = check_measure(x, x->areas->activity
                                   + m * x->areas->n_areas, m, sums);
    base_free(x->run->mem, sums);
    return status;
}

static gb_status check_locks(checking *x)
{
    const gb_territory_rules *rules = x->rules;
    gb_status status = GB_OK;

    for (uint32_t a = 0; rules->locks && a < x->areas->n_areas && !status;
         a++) {
        gb_territory_finding f = blank(GB_FINDING_LOCK);

        f.area = a;
        f.territory = rules->locks[a];
        if (f.territory != GB_GRID_NONE && x->owners[a] != f.territory)
            status = report(x, f);
    }
    for (uint32_t t = 0; rules->seeds && t < rules->n_territories && !status;
         t++) {
        gb_territory_finding f = blank(GB_FINDING_LOCK);

        f.area = rules->seeds[t];
        f.territory = t;
        /* A lock of the same kind has been told already. */
        if (f.area != GB_GRID_NONE && x->owners[f.area] != t
            && !(rules->locks && rules->locks[f.area] == t))
            status = report(x, f);
    }
    return status;
}

/* --- what may not be, and what the plan before asks ---------------------- */

static gb_status check_apart(checking *x)
{
    gb_status status = GB_OK;

    for (size_t i = 0; i < x->rules->n_apart && !status; i++) {
        gb_territory_finding f = blank(GB_FINDING_APART);

        f.area = x->rules->apart[2 * i];
        f.other = x->rules->apart[2 * i + 1];
        f.territory = x->owners[f.area];
        if (is_owned(x, f.area) && x->owners[f.other] == f.territory)
            status = report(x, f);
    }
    return status;
}

static gb_status check_barred(checking *x)
{
    gb_status status = GB_OK;

    for (size_t i = 0; i < x->rules->n_barred && !status; i++) {
        gb_territory_finding f = blank(GB_FINDING_BARRED);

        f.area = x->rules->barred[2 * i];
        f.territory = x->rules->barred[2 * i + 1];
        if (x->owners[f.area] == f.territory)
            status = report(x, f);
    }
    return status;
}

/* An area whose territory has left has no hands to stay in. */
static gb_status check_moved(checking *x)
{
    const uint32_t *previous = x->plan->previous;
    gb_territory_finding f = blank(GB_FINDING_MOVED);
    uint64_t n_moved = 0;

    if (!previous || x->plan->max_moved == 0)
        return GB_OK;
    for (size_t a = 0; a < x->areas->n_areas; a++)
        if (previous[a] < x->rules->n_territories
            && previous[a] != x->owners[a])
            n_moved++;
    if (n_moved <= x->plan->max_moved)
        return GB_OK;
    f.count = (uint32_t)n_moved;
    f.value = (double)n_moved;
    f.limit = (double)x->plan->max_moved;
    return report(x, f);
}

static bool is_frozen(const checking *x, uint32_t t)
{
    return t < x->rules->n_territories && x->rules->frozen[t] == 1;
}

static gb_status check_frozen(checking *x)
{
    const uint32_t *previous = x->plan->previous;
    gb_status status = GB_OK;

    if (!previous || !x->rules->frozen)
        return GB_OK;
    for (uint32_t a = 0; a < x->areas->n_areas && !status; a++) {
        gb_territory_finding f = blank(GB_FINDING_FROZEN);

        f.area = a;
        f.territory = previous[a];
        if (previous[a] == x->owners[a])
            continue;
        if (is_frozen(x, previous[a]))
            status = report(x, f);
        f.territory = x->owners[a];
        f.count = 1;
        if (!status && is_frozen(x, x->owners[a]))
            status = report(x, f);
    }
    return status;
}

gb_status grid_check(base_run *run, const gb_areas *areas,
                     const gb_territory_rules *rules, const grid_plan *plan,
                     grid_findings *findings)
{
    checking x = { .run = run, .areas = areas, .rules = rules, .plan = plan,
                   .owners = plan->owners, .findings = findings };
    gb_status status;

    if (!checking_init(&x)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    join_parts(&x);
    weigh_parts(&x);
    status = check_counts(&x);
    if (!status)
        status = check_parts(&x);
    if (!status)
        status = check_balance(&x);
    if (!status)
        status = check_locks(&x);
    if (!status)
        status = check_apart(&x);
    if (!status)
        status = check_barred(&x);
    if (!status)
        status = check_moved(&x);
    if (!status)
        status = check_frozen(&x);

done:
    checking_clear(&x);
    return status;
}
