/*
 * grid_problem.c - see grid_problem.h.
 */
#include "grid_problem.h"

#include <math.h>
#include <string.h>

/* Sums stay below 2^50: exact in a double, and far from overflow. */
enum { SUM_BITS = 50 };
/* Two computations of the same bound may differ by rounding. */
static const double ROUNDING = 1e-9;

/* The power of two by which values of this sum become whole numbers. */
static double scale_for(const double *values, size_t n)
{
    double total = 0;
    bool is_whole = true;
    int exponent;

    for (size_t i = 0; i < n; i++) {
        total += values[i];
        is_whole = is_whole && values[i] == floor(values[i]);
    }
    if (total <= 0 || (is_whole && total < ldexp(1, SUM_BITS)))
        return 1;
    frexp(total, &exponent);
    return ldexp(1, SUM_BITS - exponent);
}

static bool is_open(const gb_areas *areas, size_t arc)
{
    return !areas->barriers || areas->barriers[arc] != GB_BARRIER_HARD;
}

gb_status grid_components(base_run *run, const gb_areas *areas,
                          uint32_t *component, size_t *n_components)
{
    const size_t n = areas->n_areas;
    uint32_t *queue = base_alloc_array(run->mem, n, sizeof *queue);
    uint32_t found = 0;

    if (!queue)
        return base_fail_nomem(run->ctx);
    memset(component, 0xff, n * sizeof *component);
    for (size_t s = 0; s < n; s++) {
        size_t head = 0, tail = 0;

        if (component[s] != GB_GRID_NONE)
            continue;
        component[s] = found;
        queue[tail++] = (uint32_t)s;
        while (head < tail) {
            const uint32_t a = queue[head++];

            for (size_t i = areas->first_neighbour[a];
                 i < areas->first_neighbour[a + 1]; i++) {
                const uint32_t b = areas->neighbours[i];

                if (!is_open(areas, i) || component[b] != GB_GRID_NONE)
                    continue;
                component[b] = found;
                queue[tail++] = b;
            }
        }
        found++;
    }
    *n_components = found;
    base_free(run->mem, queue);
    return GB_OK;
}

/* --- bridges: Prim's tree over components, a round a component ---------- */

typedef struct bridges {
    const gb_areas *areas;
    const uint32_t *component;
    bool *is_in;          /* a component */
    uint32_t *queue;      /* areas of the component that came in last */
    double *distance2;    /* of each outside area to the inside */
    uint32_t *nearest;    /* the inside area */
} bridges;

static void take_component(bridges *b, uint32_t c)
{
    const size_t n = b->areas->n_areas;
    const gb_point *at = b->areas->centres;
    size_t n_new = 0;

    b->is_in[c] = true;
    for (size_t a = 0; a < n; a++)
        if (b->component[a] == c)
            b->queue[n_new++] = (uint32_t)a;
    for (size_t a = 0; a < n; a++) {
        if (b->is_in[b->component[a]])
            continue;
        for (size_t i = 0; i < n_new; i++) {
            const double dx = at[a].x_m - at[b->queue[i]].x_m;
            const double dy = at[a].y_m - at[b->queue[i]].y_m;
            const double d2 = dx * dx + dy * dy;

            if (d2 < b->distance2[a]) {
                b->distance2[a] = d2;
                b->nearest[a] = b->queue[i];
            }
        }
    }
}

static uint32_t nearest_outside(const bridges *b)
{
    uint32_t best = GB_GRID_NONE;

    for (size_t a = 0; a < b->areas->n_areas; a++)
        if (!b->is_in[b->component[a]]
            && (best == GB_GRID_NONE
                || b->distance2[a] < b->distance2[best]))
            best = (uint32_t)a;
    return best;
}

/* Start there: n times its size is then paid once, the small ones cost little. */
static uint32_t largest_component(const gb_areas *areas, const uint32_t *component,
                               size_t n_components, uint32_t *sizes)
{
    uint32_t best = 0;

    memset(sizes, 0, n_components * sizeof *sizes);
    for (size_t a = 0; a < areas->n_areas; a++)
        sizes[component[a]]++;
    for (uint32_t c = 1; c < n_components; c++)
        if (sizes[c] > sizes[best])
            best = c;
    return best;
}

gb_status grid_bridge(base_run *run, const gb_areas *areas,
                      const uint32_t *component, size_t n_components,
                      uint32_t *links)
{
    const size_t n = areas->n_areas;
    gb_status status = GB_OK;
    bridges b = { .areas = areas, .component = component };

    if (n_components < 2)
        return GB_OK;
    b.is_in = base_alloc_zeroed(run->mem, n_components, sizeof *b.is_in);
    b.queue = base_alloc_array(run->mem, n, sizeof *b.queue);
    b.distance2 = base_alloc_array(run->mem, n, sizeof *b.distance2);
    b.nearest = base_alloc_array(run->mem, n, sizeof *b.nearest);
    if (!b.is_in || !b.queue || !b.distance2 || !b.nearest) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    for (size_t a = 0; a < n; a++)
        b.distance2[a] = INFINITY;
    take_component(&b, largest_component(areas, component, n_components,
                                      b.queue));
    for (size_t i = 0; i + 1 < n_components; i++) {
        const uint32_t a = nearest_outside(&b);
        const uint32_t z = b.nearest[a];

        status = base_poll(run);
        if (status)
            goto done;
        links[2 * i] = a < z ? a : z;
        links[2 * i + 1] = a < z ? z : a;
        take_component(&b, component[a]);
    }

done:
    base_free(run->mem, b.is_in);
    base_free(run->mem, b.queue);
    base_free(run->mem, b.distance2);
    base_free(run->mem, b.nearest);
    return status;
}

/* --- the copy ------------------------------------------------------------ */

static bool take_memory(grid_problem *p, size_t n_arcs)
{
    base_mem *mem = p->mem;
    const size_t n = p->n, cells = p->k * p->n_measures;

    p->first = base_alloc_array(mem, n + 1, sizeof *p->first);
    p->n_open = base_alloc_array(mem, n, sizeof *p->n_open);
    p->neighbours = base_alloc_array(mem, n_arcs, sizeof *p->neighbours);
    p->border = base_alloc_array(mem, n_arcs, sizeof *p->border);
    p->barrier = base_alloc_array(mem, n_arcs, sizeof *p->barrier);
    p->link = base_alloc_zeroed(mem, n_arcs, sizeof *p->link);
    p->load = base_alloc_array(mem, n * p->n_measures, sizeof *p->load);
    p->x = base_alloc_array(mem, n, sizeof *p->x);
    p->y = base_alloc_array(mem, n, sizeof *p->y);
    p->weight = base_alloc_array(mem, n, sizeof *p->weight);
    p->lock = base_alloc_array(mem, n, sizeof *p->lock);
    p->share = base_alloc_array(mem, p->k, sizeof *p->share);
    p->load_unit = base_alloc_array(mem, p->n_measures, sizeof *p->load_unit);
    p->total = base_alloc_zeroed(mem, p->n_measures, sizeof *p->total);
    p->inverse = base_alloc_array(mem, p->n_measures, sizeof *p->inverse);
    p->low = base_alloc_array(mem, cells, sizeof *p->low);
    p->high = base_alloc_array(mem, cells, sizeof *p->high);
    return p->first && p->n_open && p->neighbours && p->border && p->barrier
        && p->link && p->load && p->x && p->y && p->weight && p->lock
        && p->share && p->load_unit && p->total && p->inverse && p->low
        && p->high;
}

static double border_of(const gb_areas *areas, size_t arc)
{
    return areas->shared_border_m ? areas->shared_border_m[arc] : 1;
}

static double border_scale(const gb_areas *areas)
{
    if (!areas->shared_border_m)
        return 1;
    return scale_for(areas->shared_border_m,
                     areas->first_neighbour[areas->n_areas]);
}

static uint32_t copy_arcs(grid_problem *p, const gb_areas *areas, size_t a,
                          bool open, double scale, uint32_t at)
{
    for (size_t i = areas->first_neighbour[a];
         i < areas->first_neighbour[a + 1]; i++) {
        if (is_open(areas, i) != open)
            continue;
        p->neighbours[at] = areas->neighbours[i];
        p->border[at] = llround(border_of(areas, i) * scale);
        p->barrier[at] = areas->barriers
                && areas->barriers[i] == GB_BARRIER_SOFT ? p->border[at] : 0;
        p->total_barrier += p->barrier[at];
        at++;
    }
    return at;
}

static void copy_rows(grid_problem *p, const gb_areas *areas,
                      const uint32_t *links, size_t n_links)
{
    const double scale = border_scale(areas);
    uint32_t at = 0;

    p->border_unit = 1 / scale;
    for (size_t a = 0; a < p->n; a++) {
        p->first[a] = at;
        at = copy_arcs(p, areas, a, true, scale, at);
        for (size_t i = 0; i < 2 * n_links; i++)
            if (links[i] == a) {
                p->neighbours[at] = links[i ^ 1];
                p->border[at] = p->barrier[at] = 0;
                at++;
            }
        p->n_open[a] = at - p->first[a];
        at = copy_arcs(p, areas, a, false, scale, at);
    }
    p->first[p->n] = at;
    p->total_barrier /= 2;
}

/* Which open neighbours of a are open neighbours of each other. */
static void link_rows(grid_problem *p, uint8_t *place)
{
    enum { NOWHERE = 255 };

    memset(place, NOWHERE, p->n);
    for (size_t a = 0; a < p->n; a++) {
        const uint32_t *row = p->neighbours + p->first[a];
        const uint32_t n = p->n_open[a];

        if (n > GRID_MASK_BITS)
            continue;
        for (uint32_t i = 0; i < n; i++)
            place[row[i]] = (uint8_t)i;
        for (uint32_t i = 0; i < n; i++) {
            const uint32_t b = row[i];

            for (size_t j = p->first[b]; j < p->first[b] + p->n_open[b]; j++)
                if (place[p->neighbours[j]] != NOWHERE)
                    p->link[p->first[a] + i]
                        |= UINT64_C(1) << place[p->neighbours[j]];
        }
        for (uint32_t i = 0; i < n; i++)
            place[row[i]] = NOWHERE;
    }
}

static void copy_loads(grid_problem *p, const gb_areas *areas)
{
    for (size_t m = 0; m < p->n_measures; m++) {
        const double *column = areas->activity + m * p->n;
        const double scale = scale_for(column, p->n);

        p->load_unit[m] = 1 / scale;
        for (size_t a = 0; a < p->n; a++) {
            const int64_t load = llround(column[a] * scale);

            p->load[a * p->n_measures + m] = load;
            p->total[m] += load;
        }
        p->inverse[m] = p->total[m] > 0
            ? (double)p->k / (double)p->total[m] : 0;
    }
}

static void copy_places(grid_problem *p, const gb_areas *areas)
{
    double mean_x = 0, mean_y = 0;

    for (size_t a = 0; a < p->n; a++) {
        mean_x += areas->centres[a].x_m / (double)p->n;
        mean_y += areas->centres[a].y_m / (double)p->n;
    }
    for (size_t a = 0; a < p->n; a++) {
        p->x[a] = areas->centres[a].x_m - mean_x;
        p->y[a] = areas->centres[a].y_m - mean_y;
        p->weight[a] = areas->activity[a];
    }
}

static void set_limits(grid_problem *p, const gb_territory_rules *rules)
{
    double sum = 0;

    for (size_t t = 0; t < p->k; t++)
        sum += rules->shares ? rules->shares[t] : 1;
    for (size_t t = 0; t < p->k; t++) {
        p->share[t] = (rules->shares ? rules->shares[t] : 1) / sum;
        for (size_t m = 0; m < p->n_measures; m++) {
            const double target = p->share[t] * (double)p->total[m];
            const double tolerance
                = rules->tolerances ? rules->tolerances[m] : 0.05;
            const size_t i = t * p->n_measures + m;

            const double high = target * (1 + tolerance + ROUNDING);

            p->low[i] = (int64_t)ceil(target * (1 - tolerance - ROUNDING));
            p->high[i] = high < (double)p->total[m] ? (int64_t)floor(high)
                                                    : p->total[m];
        }
    }
}

static bool is_frozen(const grid_problem *p, const gb_territory_rules *rules,
                      uint32_t t)
{
    return rules->frozen && p->previous && t < p->k && rules->frozen[t];
}

/*
 * What is frozen outweighs a lock, and that a seed; that they contradict is
 * told by grid_reason.h.
 */
static void set_locks(grid_problem *p, const gb_territory_rules *rules)
{
    for (size_t a = 0; a < p->n; a++) {
        p->lock[a] = rules->locks ? rules->locks[a] : GB_GRID_NONE;
        if (p->previous && is_frozen(p, rules, p->previous[a]))
            p->lock[a] = p->previous[a];
        else if (is_frozen(p, rules, p->lock[a]))
            p->lock[a] = GB_GRID_NONE;
    }
    for (size_t t = 0; rules->seeds && t < p->k; t++) {
        const uint32_t a = rules->seeds[t];

        if (a != GB_GRID_NONE && p->lock[a] == GB_GRID_NONE
            && !is_frozen(p, rules, (uint32_t)t))
            p->lock[a] = (uint32_t)t;
    }
}

/* --- what may not be ----------------------------------------------------- */

static void bar(grid_problem *p, size_t area, uint32_t t)
{
    p->barred[area * p->n_barred_words + t / 64] |= UINT64_C(1) << t % 64;
}

static bool set_barred(grid_problem *p, const gb_territory_rules *rules)
{
    bool has_frozen = false;

    for (uint32_t t = 0; t < p->k; t++)
        has_frozen = has_frozen || is_frozen(p, rules, t);
    if (rules->n_barred == 0 && !has_frozen)
        return true;
    p->is_ruled = true;
    p->n_barred_words = (p->k + 63) / 64;
    p->barred = base_alloc_zeroed(p->mem, p->n * p->n_barred_words,
                                  sizeof *p->barred);
    if (!p->barred)
        return false;
    for (size_t i = 0; i < rules->n_barred; i++)
        bar(p, rules->barred[2 * i], rules->barred[2 * i + 1]);
    for (uint32_t t = 0; t < p->k; t++)
        for (size_t a = 0; is_frozen(p, rules, t) && a < p->n; a++)
            if (p->previous[a] != t)
                bar(p, a, t);
    return true;
}

static bool set_apart(grid_problem *p, const gb_territory_rules *rules)
{
    const size_t n_ids = 2 * rules->n_apart;

    if (n_ids == 0)
        return true;
    p->is_ruled = true;
    p->apart_first = base_alloc_zeroed(p->mem, p->n + 2,
                                       sizeof *p->apart_first);
    p->apart = base_alloc_array(p->mem, n_ids, sizeof *p->apart);
    if (!p->apart_first || !p->apart)
        return false;
    for (size_t i = 0; i < n_ids; i++)
        p->apart_first[rules->apart[i] + 2]++;
    for (size_t a = 0; a < p->n; a++)
        p->apart_first[a + 2] += p->apart_first[a + 1];
    for (size_t i = 0; i < n_ids; i++)
        p->apart[p->apart_first[rules->apart[i] + 1]++] = rules->apart[i ^ 1];
    return true;
}

static void set_budget(grid_problem *p, uint64_t max_moved)
{
    int64_t n_left = 0;

    p->most_moved = INT64_MAX;
    if (max_moved == 0 || !p->previous || max_moved >= p->n)
        return;
    for (size_t a = 0; a < p->n; a++)
        n_left += p->previous[a] != GB_GRID_NONE && p->previous[a] >= p->k;
    p->is_ruled = true;
    p->most_moved = (int64_t)max_moved + n_left;
}

static void set_familiarity(grid_problem *p, const double *familiarity)
{
    for (size_t a = 0; familiarity && a < p->n; a++) {
        double best = 0;

        for (size_t t = 0; t < p->k; t++)
            best = fmax(best, familiarity[t * p->n + a]);
        p->familiarity_most += best;
    }
    p->familiarity = p->familiarity_most > 0 ? familiarity : NULL;
}

static void set_travel(grid_problem *p, const uint32_t *travel_s)
{
    uint32_t most = 0;

    p->travel_s = travel_s;
    if (!travel_s)
        return;
    for (size_t i = 0; i < p->k * p->n; i++)
        if (travel_s[i] != GB_GRID_UNREACHABLE && travel_s[i] > most)
            most = travel_s[i];
    p->travel_cap_s = most < UINT32_MAX / 4 ? 2 * most + 600 : UINT32_MAX - 1;
    for (size_t a = 0; a < p->n; a++) {
        double least = p->travel_cap_s;

        for (size_t t = 0; t < p->k; t++)
            least = fmin(least, grid_travel(p, t, a));
        p->travel_least += least * p->weight[a];
    }
}

gb_status grid_problem_build(base_run *run, const gb_areas *areas,
                             const gb_territory_rules *rules,
                             const gb_territory_options *options,
                             grid_problem *out)
{
    grid_problem p = { .mem = run->mem, .n = areas->n_areas,
                       .k = rules->n_territories,
                       .n_measures = areas->n_measures,
                       .previous = options ? options->previous : NULL };
    size_t n_links = 0;
    uint32_t *links = NULL;
    uint8_t *place = NULL;
    gb_status status;

    p.component = base_alloc_array(p.mem, p.n, sizeof *p.component);
    place = base_alloc_array(p.mem, p.n, sizeof *place);
    if (!p.component || !place) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    status = grid_components(run, areas, p.component, &p.n_components);
    if (status)
        goto done;
    p.is_bridged = p.n_components > p.k;
    n_links = p.is_bridged ? p.n_components - 1 : 0;
    links = base_alloc_array(p.mem, 2 * n_links, sizeof *links);
    if (!links
        || !take_memory(&p, areas->first_neighbour[p.n] + 2 * n_links)) {
        status = base_fail_nomem(run->ctx);
        goto done;
    }
    if (p.is_bridged)
        status = grid_bridge(run, areas, p.component, p.n_components, links);
    if (status)
        goto done;
    p.step = 0.5 * (double)p.k / (double)p.n;
    copy_rows(&p, areas, links, n_links);
    link_rows(&p, place);
    copy_loads(&p, areas);
    copy_places(&p, areas);
    set_limits(&p, rules);
    set_locks(&p, rules);
    if (!set_barred(&p, rules) || !set_apart(&p, rules))
        status = base_fail_nomem(run->ctx);
    set_budget(&p, options ? options->max_moved : 0);
    set_travel(&p, options ? options->travel_s : NULL);
    set_familiarity(&p, options ? options->familiarity : NULL);

done:
    base_free(p.mem, links);
    base_free(p.mem, place);
    if (status)
        grid_problem_clear(&p);
    *out = p;
    return status;
}

void grid_problem_clear(grid_problem *p)
{
    base_mem *mem = p->mem;

    base_free(mem, p->first);
    base_free(mem, p->n_open);
    base_free(mem, p->neighbours);
    base_free(mem, p->border);
    base_free(mem, p->barrier);
    base_free(mem, p->link);
    base_free(mem, p->load);
    base_free(mem, p->x);
    base_free(mem, p->y);
    base_free(mem, p->weight);
    base_free(mem, p->lock);
    base_free(mem, p->share);
    base_free(mem, p->load_unit);
    base_free(mem, p->total);
    base_free(mem, p->inverse);
    base_free(mem, p->low);
    base_free(mem, p->high);
    base_free(mem, p->component);
    base_free(mem, p->barred);
    base_free(mem, p->apart_first);
    base_free(mem, p->apart);
    memset(p, 0, sizeof *p);
}
