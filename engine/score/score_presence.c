/*
 * score_presence.c - see score_presence.h.
 */
#include "score_presence.h"

#include <math.h>
#include <stdlib.h>

#include "score_order.h"

static const double LEAST_STRENGTH = 0.5, MOST_STRENGTH = 1024;
/* Nothing is quite sure: keeps odds and logarithms finite. */
static const double LEAST_CHANCE = 1e-6;

typedef struct learning {
    base_run *run;
    const gb_presence_attempts *attempts;
    uint32_t n_bands;
    double *weights; /* of attempts, by age */
    double *chances; /* of attempts, foretold by the levels so far */
    uint32_t *order; /* attempts, the oldest first */
    uint32_t *sorted, n_sorted; /* the same by unit, of known units only */
    uint64_t *keys;
    double *met, *n, *expected; /* a unit's, by band */
} learning;

/* A unit's attempts so far. */
typedef struct tally {
    double met, expected, n;
} tally;

static double within(double chance)
{
    return fmin(fmax(chance, LEAST_CHANCE), 1 - LEAST_CHANCE);
}

static double ratio_of(const tally *t, double strength)
{
    return (t->met + strength) / (t->expected + strength);
}

static double moved(double chance, double ratio)
{
    return within(chance * ratio / (1 - chance + chance * ratio));
}

static double shrunk(double met, double n, double chance, double strength)
{
    return within((met + strength * chance) / (n + strength));
}

/* How the band's own attempts move the odds of a unit that its ratio moved. */
static double band_odds(const learning *l, uint16_t band, double ratio,
                        double strength)
{
    double mean, own;

    if (l->n[band] <= 0)
        return 1;
    mean = moved(within(l->expected[band] / l->n[band]), ratio);
    own = shrunk(l->met[band], l->n[band], mean, strength);
    return own * (1 - mean) / ((1 - own) * mean);
}

static const uint32_t *units_of(const learning *l, int level)
{
    const uint32_t *const all[]
        = { NULL, l->attempts->segments, l->attempts->places,
            l->attempts->customers };

    return all[level];
}

/* At the first level all are of unit 0. */
static uint32_t unit_at(const learning *l, int level, uint32_t attempt)
{
    const uint32_t *units = units_of(l, level);

    if (level == GB_PRESENCE_ALL)
        return 0;
    return units ? units[attempt] : GB_PRESENCE_NONE;
}

/* --- sorting --- */

static gb_status sort_by_age(learning *l)
{
    const gb_presence_attempts *a = l->attempts;

    for (size_t i = 0; i < a->n; i++)
        l->keys[i] = ~score_order_key(a->age_days ? a->age_days[i] : 0);
    return score_order(l->run->ctx, l->keys, a->n, l->order);
}

static gb_status sort_by_unit(learning *l, int level)
{
    gb_status status;
    uint32_t n = 0;

    for (size_t i = 0; i < l->attempts->n; i++)
        l->keys[i] = unit_at(l, level, l->order[i]);
    status = score_order(l->run->ctx, l->keys, l->attempts->n, l->sorted);
    for (size_t i = 0; !status && i < l->attempts->n; i++) {
        l->sorted[i] = l->order[l->sorted[i]];
        n += unit_at(l, level, l->sorted[i]) != GB_PRESENCE_NONE;
    }
    l->n_sorted = n; /* unknown units stand last */
    return status;
}

/* The end of the run of one unit that begins at `i`. */
static uint32_t end_of(const learning *l, int level, uint32_t i)
{
    const uint32_t unit = unit_at(l, level, l->sorted[i]);

    while (i < l->n_sorted && unit_at(l, level, l->sorted[i]) == unit)
        i++;
    return i;
}

/* --- how strong the level above is --- */

static void forget(learning *l, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        const uint16_t band = l->attempts->bands[l->sorted[i]];

        l->met[band] = l->n[band] = l->expected[band] = 0;
    }
}

static void add_attempt(learning *l, uint32_t attempt, tally *t)
{
    const uint16_t band = l->attempts->bands[attempt];
    const double w = l->weights[attempt];
    const double met = l->attempts->is_met[attempt] ? w : 0;

    t->met += met;
    t->expected += w * l->chances[attempt];
    t->n += w;
    l->met[band] += met;
    l->n[band] += w;
    l->expected[band] += w * l->chances[attempt];
}

/*
 * Each attempt foretold from those of its unit before it.  What is foretold is
 * kept for the level below, where it has to stand for what was known by then:
 * a chance that had seen the attempt itself would leave nothing to learn.
 */
static double foretell(learning *l, uint32_t from, uint32_t to,
                       double strength, bool is_kept)
{
    tally t = { 0, 0, 0 };
    double sum = 0;

    for (uint32_t i = from; i < to; i++) {
        const uint32_t attempt = l->sorted[i];
        const uint16_t band = l->attempts->bands[attempt];
        const double ratio = ratio_of(&t, strength);
        const double p = moved(moved(l->chances[attempt], ratio),
                               band_odds(l, band, ratio, strength));

        sum += l->weights[attempt]
            * log(l->attempts->is_met[attempt] ? p : 1 - p);
        add_attempt(l, attempt, &t);
        if (is_kept)
            l->chances[attempt] = p;
    }
    forget(l, from, to);
    return sum;
}

static gb_status choose_strength(learning *l, int level, double *out)
{
    double best = -INFINITY;

    *out = MOST_STRENGTH;
    for (double k = MOST_STRENGTH; k >= LEAST_STRENGTH; k /= 2) {
        double sum = 0;

        for (uint32_t i = 0; i < l->n_sorted;) {
            const uint32_t end = end_of(l, level, i);
            const gb_status status = base_poll_many(l->run, end - i);

            if (status)
                return status;
            sum += foretell(l, i, end, k, false);
            i = end;
        }
        if (sum > best) {
            best = sum;
            *out = k;
        }
    }
    return GB_OK;
}

/* --- a level --- */

static int by_band(const void *a, const void *b)
{
    const score_band_count *one = a, *other = b;

    return one->band < other->band ? -1 : one->band > other->band;
}

/* A unit's row: its ratio and its bands. */
static void take_unit(learning *l, score_units *out, uint32_t from,
                      uint32_t to, uint32_t unit)
{
    tally t = { 0, 0, 0 };
    uint32_t n = out->first[out->n];
    double ratio;

    for (uint32_t i = from; i < to; i++)
        add_attempt(l, l->sorted[i], &t);
    ratio = ratio_of(&t, out->strength);
    for (uint32_t i = from; i < to; i++) {
        const uint16_t band = l->attempts->bands[l->sorted[i]];

        if (l->n[band] > 0)
            out->counts[n++] = (score_band_count){
                band, l->met[band], l->n[band],
                band_odds(l, band, ratio, out->strength)
            };
        l->met[band] = l->n[band] = l->expected[band] = 0;
    }
    qsort(out->counts + out->first[out->n], n - out->first[out->n],
          sizeof *out->counts, by_band);
    out->ids[out->n] = unit;
    out->ratios[out->n] = ratio;
    out->met[out->n] = t.met;
    out->tried[out->n] = t.n;
    out->first[++out->n] = n;
}

static gb_status allocate_units(learning *l, int level, score_units *out)
{
    base_mem *mem = l->run->mem;
    size_t n_units = 0;

    for (uint32_t i = 0; i < l->n_sorted; i = end_of(l, level, i))
        n_units++;
    out->ids = base_alloc_array(mem, n_units, sizeof *out->ids);
    out->first = base_alloc_zeroed(mem, n_units + 1, sizeof *out->first);
    out->ratios = base_alloc_array(mem, n_units, sizeof *out->ratios);
    out->met = base_alloc_array(mem, n_units, sizeof *out->met);
    out->tried = base_alloc_array(mem, n_units, sizeof *out->tried);
    out->counts = base_alloc_array(mem, l->n_sorted, sizeof *out->counts);
    return out->ids && out->first && out->ratios && out->counts && out->met
            && out->tried ? GB_OK : base_fail_nomem(l->run->ctx);
}

static gb_status learn_level(learning *l, int level, double strength,
                             score_units *out)
{
    gb_status status = sort_by_unit(l, level);

    out->strength = strength;
    if (!status && strength <= 0)
        status = choose_strength(l, level, &out->strength);
    if (!status)
        status = allocate_units(l, level, out);
    for (uint32_t i = 0; !status && i < l->n_sorted;) {
        const uint32_t end = end_of(l, level, i);

        take_unit(l, out, i, end, unit_at(l, level, l->sorted[i]));
        (void)foretell(l, i, end, out->strength, true);
        i = end;
    }
    return status;
}

static size_t find_unit(const score_units *level, uint32_t unit)
{
    size_t low = 0, high = level->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (level->ids[middle] < unit)
            low = middle + 1;
        else
            high = middle;
    }
    return low < level->n && level->ids[low] == unit ? low : SIZE_MAX;
}

double score_presence_step(const score_units *level, uint32_t unit,
                           uint32_t band, double parent)
{
    const size_t u = unit == GB_PRESENCE_NONE ? SIZE_MAX
                                              : find_unit(level, unit);
    double p;

    if (u == SIZE_MAX)
        return parent;
    p = moved(parent, level->ratios[u]);
    for (uint32_t k = level->first[u]; k < level->first[u + 1]; k++)
        if (level->counts[k].band == band)
            return moved(p, level->counts[k].odds);
    return p;
}

/* --- all levels --- */

static gb_status allocate(learning *l)
{
    base_mem *mem = l->run->mem;
    const size_t n = l->attempts->n;

    l->weights = base_alloc_array(mem, n, sizeof *l->weights);
    l->chances = base_alloc_array(mem, n, sizeof *l->chances);
    l->order = base_alloc_array(mem, n, sizeof *l->order);
    l->sorted = base_alloc_array(mem, n, sizeof *l->sorted);
    l->keys = base_alloc_array(mem, n, sizeof *l->keys);
    l->met = base_alloc_zeroed(mem, l->n_bands, sizeof *l->met);
    l->n = base_alloc_zeroed(mem, l->n_bands, sizeof *l->n);
    l->expected = base_alloc_zeroed(mem, l->n_bands, sizeof *l->expected);
    return l->weights && l->chances && l->order && l->sorted && l->keys
            && l->met && l->n && l->expected ? GB_OK : base_fail_nomem(l->run->ctx);
}

static void clear(learning *l)
{
    base_mem *mem = l->run->mem;

    base_free(mem, l->weights);
    base_free(mem, l->chances);
    base_free(mem, l->order);
    base_free(mem, l->sorted);
    base_free(mem, l->keys);
    base_free(mem, l->met);
    base_free(mem, l->n);
    base_free(mem, l->expected);
}

static void weigh(learning *l, const gb_presence_options *options)
{
    const gb_presence_attempts *a = l->attempts;

    for (size_t i = 0; i < a->n; i++) {
        l->weights[i] = a->age_days && isfinite(options->half_life_days)
            ? exp2(-a->age_days[i] / options->half_life_days) : 1;
        l->chances[i] = a->chances ? within(a->chances[i]) : options->prior;
    }
}

gb_status score_presence_learn(base_run *run,
                               const gb_presence_attempts *attempts,
                               const gb_presence_options *options,
                               gb_presence **out)
{
    learning l = { .run = run, .attempts = attempts,
                   .n_bands = options->n_bands };
    gb_presence *made = base_alloc_zeroed(run->mem, 1, sizeof *made);
    gb_status status = allocate(&l);

    if (made) {
        made->mem = base_mem_ref(run->mem);
        made->n_bands = options->n_bands;
        made->prior = options->prior;
    } else {
        status = base_fail_nomem(run->ctx);
    }
    if (!status) {
        weigh(&l, options);
        status = sort_by_age(&l);
    }
    for (int level = 0; !status && level < GB_PRESENCE_LEVELS; level++)
        status = learn_level(&l, level, options->strengths[level],
                             &made->levels[level]);
    clear(&l);
    if (status) {
        gb_presence_free(made);
        made = NULL;
    }
    *out = made;
    return status;
}
