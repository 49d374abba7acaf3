/*
 * score_worth.c - contribution, loyalty, urgency and value, row by row.
 *
 * Every sum is one of parts that were rounded first, so that what is shown
 * adds up to the fen and to the point.
 */
#include "score_worth.h"

#include <math.h>
#include <string.h>

#include "base_check.h"
#include "score_apply.h"

enum { FULL_LOYALTY = 1000 };
static const double MOST_FEN = 1e15;

/* Where a part looks. */
typedef struct place {
    size_t column, other, tag;
} place;

typedef struct places {
    place *earnings, *bonds, *pressures;
} places;

double score_curve_at(const score_curve *curve, double x)
{
    size_t i = 0;
    double share;

    if (!(x > curve->x[0]))
        return curve->y[0];
    if (x >= curve->x[curve->n - 1])
        return curve->y[curve->n - 1];
    while (x >= curve->x[i + 1])
        i++;
    share = (x - curve->x[i]) / (curve->x[i + 1] - curve->x[i]);
    return curve->y[i] + share * (curve->y[i + 1] - curve->y[i]);
}

/* ---- binding ---- */

static gb_status find_column(gb_context *ctx, const gb_score_table *table,
                             const char *part, const char *name, size_t *out)
{
    *out = SIZE_MAX;
    if (!name)
        return GB_OK;
    *out = score_find_name(table->columns, table->n_columns, name);
    if (*out != SIZE_MAX)
        return GB_OK;
    return base_fail(ctx, GB_ERR_DATA,
                     "part \"%s\" asks for the column \"%s\", which there is "
                     "not",
                     part, name);
}

/* Terms stand first in their structs, `stride` bytes apart. */
static gb_status bind_all(base_run *run, const gb_score_table *table,
                          const void *first, size_t n, size_t stride,
                          place **out)
{
    gb_status status = GB_OK;

    *out = base_alloc_zeroed(run->mem, n, sizeof **out);
    if (!*out)
        return base_fail_nomem(run->ctx);
    for (size_t i = 0; i < n && !status; i++) {
        const score_term *term
            = (const void *)((const char *)first + i * stride);
        place *at = &(*out)[i];

        at->tag = score_find_name(table->tags, table->n_tags, term->tag);
        status = find_column(run->ctx, table, term->name, term->column,
                             &at->column);
        if (!status)
            status = find_column(run->ctx, table, term->name, term->other,
                                 &at->other);
    }
    return status;
}

static gb_status bind(base_run *run, const gb_score_table *table,
                      const score_worth *w, places *at)
{
    gb_status status
        = bind_all(run, table, w->earnings, w->n_earnings,
                   sizeof *w->earnings, &at->earnings);

    if (!status)
        status = bind_all(run, table, w->bonds, w->n_bonds, sizeof *w->bonds,
                          &at->bonds);
    if (!status)
        status = bind_all(run, table, w->pressures, w->n_pressures,
                          sizeof *w->pressures, &at->pressures);
    return status;
}

static double value_of(const gb_score_table *table, const score_term *term,
                       const place *at, size_t row)
{
    const double *values = table->values + row * table->n_columns;

    return term->other ? score_card_derive(SCORE_RATIO, values[at->column],
                                           values[at->other])
                       : values[at->column];
}

/* ---- one row ---- */

static int64_t to_fen(double fen)
{
    return llround(fmin(fmax(fen, -MOST_FEN), MOST_FEN));
}

/* Fen a year, before the shares. */
static double earn(const gb_score_table *table, const score_earning *e,
                   const place *at, size_t row)
{
    double value;

    if (e->term.tag)
        return score_has_tag(table, row, at->tag) ? e->fen : 0;
    if (!e->term.column)
        return e->fen;
    value = value_of(table, &e->term, at, row);
    if (isnan(value))
        return e->missing_fen;
    if (e->curve.n > 0)
        return score_curve_at(&e->curve, value);
    /* A weight of 0 takes the column out, and what is beyond all numbers
     * with it. */
    value = e->fen_per_unit > 0 || e->fen_per_unit < 0
                ? value * e->fen_per_unit : 0;
    return fmin(fmax(value, -e->most_fen), e->most_fen);
}

static void contribute(const gb_score_table *table, const score_worth *w,
                       const place *at, size_t row, int64_t *now_parts,
                       int64_t *stake_parts, int64_t sums[2])
{
    sums[0] = sums[1] = 0;
    for (size_t i = 0; i < w->n_earnings; i++) {
        const double fen = earn(table, &w->earnings[i], &at[i], row);
        const int64_t now = to_fen(fen * w->earnings[i].now);
        const int64_t stake = to_fen(fen * w->earnings[i].at_stake);

        if (now_parts)
            now_parts[row * w->n_earnings + i] = now;
        if (stake_parts)
            stake_parts[row * w->n_earnings + i] = stake;
        sums[0] += now;
        sums[1] += stake;
    }
}

static double tie(const gb_score_table *table, const score_bond *b,
                  const place *at, size_t row)
{
    double value;

    if (b->term.tag)
        return score_has_tag(table, row, at->tag) ? FULL_LOYALTY : 0;
    value = value_of(table, &b->term, at, row);
    return isnan(value) ? b->missing : score_curve_at(&b->curve, value);
}

/* Each part is rounded with those before it: so they add up to the whole,
 * which is the weighted mean, and never to more than 1000. */
static int32_t bind_to_us(const gb_score_table *table, const score_worth *w,
                          const place *at, size_t row, int32_t *parts)
{
    double whole = 0, sum = 0;
    int32_t so_far = 0;

    if (w->n_bonds == 0)
        return GB_VALUE_NO_LOYALTY;
    for (size_t i = 0; i < w->n_bonds; i++)
        whole += w->bonds[i].weight;
    for (size_t i = 0; i < w->n_bonds; i++) {
        int32_t until;

        sum += w->bonds[i].weight * tie(table, &w->bonds[i], &at[i], row);
        until = (int32_t)lround(fmin(sum / whole, FULL_LOYALTY));
        if (parts)
            parts[row * w->n_bonds + i] = until - so_far;
        so_far = until;
    }
    return so_far;
}

static double press(const gb_score_table *table, const score_worth *w,
                    const place *at, size_t row, double *parts)
{
    double product = 1;

    for (size_t i = 0; i < w->n_pressures; i++) {
        const score_pressure *p = &w->pressures[i];
        double factor = 1;

        if (p->term.column) {
            const double value = value_of(table, &p->term, &at[i], row);

            factor = isnan(value) ? p->missing
                                  : score_curve_at(&p->curve, value);
        }
        if (parts)
            parts[row * w->n_pressures + i] = factor;
        product *= factor;
    }
    return product;
}

static uint32_t level_of(const score_level *levels, size_t n, double value)
{
    uint32_t l = 0;

    while (l + 1 < n && value >= levels[l].below)
        l++;
    return l;
}

static uint32_t box_of(const score_worth *w, int64_t fen, int32_t loyalty)
{
    if (!w->boxes)
        return GB_VALUE_NO_BOX;
    return level_of(w->by_contribution, w->n_contribution, (double)fen)
               * (uint32_t)w->n_loyalty
           + level_of(w->by_loyalty, w->n_loyalty, loyalty);
}

/* A shift of the log odds is so many points more. */
static double chance_of(const gb_score_card *card, int64_t points,
                        double shift)
{
    return card->has_scale
               ? score_card_probability(card,
                                        (double)points
                                            + shift * card->scale.to_double
                                                  / log(2))
               : (double)NAN;
}

static int64_t visit_points(const score_worth *w, double chance,
                            int64_t at_stake, double urgency)
{
    const double points
        = chance * (double)at_stake * urgency / w->fen_per_point;

    /* whoever is on the list is worth something: 0 is for what loses money */
    if (!(points > 0))
        return 0;
    return points < GB_VALUE_MOST_POINTS ? llround(points)
                                         : GB_VALUE_MOST_POINTS;
}

/* ---- all rows ---- */

typedef struct job {
    const gb_score_card *card;
    const gb_score_table *table;
    const score_worth *w;
    places at;
    const int64_t *card_points; /* NULL: nobody asks */
    double shift;
    const gb_value_result *to;
} job;

static void do_row(const job *j, size_t row)
{
    const gb_value_result *to = j->to;
    const score_worth *w = j->w;
    const int64_t points = j->card_points ? j->card_points[row] : 0;
    const double chance = chance_of(j->card, points, j->shift);
    int64_t sums[2];
    int32_t loyalty;
    double urgency;

    contribute(j->table, w, j->at.earnings, row, to->contribution_parts,
               to->at_stake_parts, sums);
    loyalty = bind_to_us(j->table, w, j->at.bonds, row, to->loyalty_parts);
    urgency = press(j->table, w, j->at.pressures, row, to->urgency_parts);
    if (to->points)
        to->points[row] = gb_value_prices_visits(j->card)
                              ? visit_points(w, chance, sums[1], urgency)
                              : points;
    if (to->chance)
        to->chance[row] = chance;
    if (to->contribution_fen)
        to->contribution_fen[row] = sums[0];
    if (to->at_stake_fen)
        to->at_stake_fen[row] = sums[1];
    if (to->loyalty)
        to->loyalty[row] = loyalty;
    if (to->urgency)
        to->urgency[row] = urgency;
    if (to->box)
        to->box[row] = box_of(w, sums[0], loyalty);
}

gb_status score_worth_apply(base_run *run, const gb_score_card *card,
                            const gb_score_table *table,
                            const int64_t *card_points, double log_odds_shift,
                            const gb_value_result *result)
{
    static const score_worth none = { 0 };
    job j = { .card = card, .table = table, .card_points = card_points,
              .w = card->worth ? card->worth : &none,
              .shift = log_odds_shift, .to = result };
    int64_t *own = NULL;
    gb_status status = bind(run, table, j.w, &j.at);

    if (!status && !card_points && (result->points || result->chance)) {
        j.card_points = own
            = base_alloc_array(run->mem, table->n_rows, sizeof *own);
        status = own ? score_card_apply_tags(run, card, table, NULL, own)
                     : base_fail_nomem(run->ctx);
    }
    for (size_t row = 0; row < table->n_rows && !status; row++) {
        do_row(&j, row);
        status = base_poll(run);
    }
    base_free(run->mem, own);
    base_free(run->mem, j.at.earnings);
    base_free(run->mem, j.at.bonds);
    base_free(run->mem, j.at.pressures);
    return status;
}
