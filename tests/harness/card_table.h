/*
 * card_table.h - tables of customers with a planted truth, by public functions
 * alone.
 *
 * Outcomes follow log-odds -1 + 1.2 a - .8 |b| + (town: far -.7, near .7); c
 * is noise, d repeats a, blanks stand in b, money_fen and debt_fen tell
 * nothing alone and all by their ratio in `ratio_*`.
 */
#ifndef CARD_TABLE_H
#define CARD_TABLE_H

#include <gridbeat/scorecard.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CARD_COLUMNS = 7 };

typedef struct card_table {
    gb_scorecard_table table;
    gb_scorecard_column columns[CARD_COLUMNS];
    double *numbers[CARD_COLUMNS];
    uint32_t *towns;
    uint8_t *outcome;
    double *time;
    double *truth; /* probability */
    uint64_t state;
} card_table;

static inline double card_unit(card_table *t)
{
    uint64_t z = t->state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

/* Nearly normal: the sum of twelve less six. */
static inline double card_normal(card_table *t)
{
    double sum = -6;

    for (int i = 0; i < 12; i++)
        sum += card_unit(t);
    return sum;
}

static inline void card_table_row(card_table *t, size_t i, double of_ratio)
{
    const double a = card_normal(t), b = card_normal(t);
    const double money = 1e5 * (1 + 9 * card_unit(t));
    const double share = .1 + .8 * card_unit(t);
    double eta = -1 + 1.2 * a - .8 * fabs(b);

    t->numbers[0][i] = a;
    t->numbers[1][i] = card_unit(t) < .1 ? (double)NAN : b;
    t->numbers[2][i] = card_normal(t);
    t->numbers[3][i] = a + .01 * card_normal(t);
    t->towns[i] = (uint32_t)(card_unit(t) * 3);
    t->numbers[5][i] = round(money);
    t->numbers[6][i] = round(money * share);
    eta += t->towns[i] == 0 ? -.7 : t->towns[i] == 1 ? .7 : 0;
    eta += of_ratio * (share - .5);
    t->truth[i] = 1 / (1 + exp(-eta));
    t->outcome[i] = card_unit(t) < t->truth[i];
    t->time[i] = (double)i;
}

static inline void card_table_make(card_table *t, size_t n, double of_ratio,
                                   uint64_t seed)
{
    static const char *const names[CARD_COLUMNS]
        = { "a", "b", "c", "d", "town", "money_fen", "debt_fen" };
    static const char *const towns[] = { "far", "near", "middle" };

    memset(t, 0, sizeof *t);
    t->state = seed;
    t->towns = malloc(n * sizeof *t->towns + 1);
    t->outcome = malloc(n + 1);
    t->time = malloc(n * sizeof *t->time + 1);
    t->truth = malloc(n * sizeof *t->truth + 1);
    for (size_t c = 0; c < CARD_COLUMNS; c++) {
        t->numbers[c] = malloc(n * sizeof(double) + 1);
        t->columns[c].name = names[c];
        if (c == 4) {
            t->columns[c].codes = t->towns;
            t->columns[c].texts = towns;
            t->columns[c].n_texts = 3;
        } else {
            t->columns[c].numbers = t->numbers[c];
        }
    }
    for (size_t i = 0; i < n; i++)
        card_table_row(t, i, of_ratio);
    t->table = (gb_scorecard_table)GB_SCORECARD_TABLE_INIT;
    t->table.n_rows = n;
    t->table.n_columns = CARD_COLUMNS;
    t->table.columns = t->columns;
}

static inline void card_table_free(card_table *t)
{
    for (size_t c = 0; c < CARD_COLUMNS; c++)
        free(t->numbers[c]);
    free(t->towns);
    free(t->outcome);
    free(t->time);
    free(t->truth);
}

#endif
