/*
 * score_worth.h - what success is worth: the models of gridbeat/value.h in
 * memory.
 *
 * All parts look at the row in the same way (score_term): a column, the ratio
 * of two, a tag, or nothing, which is a constant.  Curves are linear between
 * their points and level beyond the ends.
 */
#ifndef SCORE_WORTH_H
#define SCORE_WORTH_H

#include <gridbeat/value.h>
#include <jansson.h>

#include "base_run.h"

enum { SCORE_WORTH_MOST_PARTS = 100, SCORE_WORTH_MOST_LEVELS = 20,
       SCORE_WORTH_MOST_KNOTS = 50 };

/* What a part looks at. */
typedef struct score_term {
    const char *name, *title_en, *title_zh;
    const char *column, *other; /* other: a ratio; both NULL: by tag */
    const char *tag;            /* all NULL: a constant */
} score_term;

typedef struct score_curve {
    size_t n;
    const double *x, *y; /* x rising */
} score_curve;

typedef struct score_earning {
    score_term term;
    double fen_per_unit; /* of a column */
    score_curve curve;   /* fen of a column instead; n 0: none */
    double fen;          /* of a tag, or constant */
    double most_fen;     /* of a column: a bound to both sides */
    double missing_fen;  /* where the column is blank */
    double now, at_stake; /* shares, 0 to 1 */
} score_earning;

typedef struct score_bond {
    score_term term;
    double weight;     /* above 0 */
    score_curve curve; /* of a column: 0 to 1000 */
    double missing;
} score_bond;

typedef struct score_pressure {
    score_term term;
    score_curve curve; /* factors, 0 to 100 */
    double missing;
} score_pressure;

typedef struct score_level {
    const char *name, *title_en, *title_zh;
    double below; /* of all but the last */
} score_level;

typedef struct score_box {
    const char *name, *title_en, *title_zh, *channel;
    const char *template_ref, *advice_en, *advice_zh; /* "": none */
    uint32_t every_days;
} score_box;

/* What a card has of the models; all NULL and 0 where it has none. */
typedef struct score_worth {
    double fen_per_point; /* 0: no contribution */
    size_t n_earnings, n_bonds, n_pressures;
    const score_earning *earnings;
    const score_bond *bonds;
    const score_pressure *pressures;
    size_t n_contribution, n_loyalty; /* levels */
    const score_level *by_contribution, *by_loyalty;
    const score_box *boxes; /* n_contribution x n_loyalty */
    const char *texts[4];   /* JSON, as read, in the order of the keys */
} score_worth;

/* The keys of a card that are read here, in the order of writing. */
extern const char *const score_worth_keys[4];

double score_curve_at(const score_curve *curve, double x);

/* Columns that there must be are those of the card's models. */
gb_status score_worth_apply(base_run *run, const gb_score_card *card,
                            const gb_score_table *table,
                            const int64_t *card_points, double log_odds_shift,
                            const gb_value_result *result);

#endif
