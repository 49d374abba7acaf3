/*
 * bench_score_card.c - what a score card costs: a fit on many rows, a card of
 * eight factors applied to a million, and one row explained.
 *
 *   bench_score_card [ROWS]
 *
 * Tables are made: eight columns of numbers that tell something each, of which
 * one in ten is blank, and four of noise.
 */
#include <gridbeat/gridbeat.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COLUMNS = 12, TELLING = 8, EXPLAINED = 2000 };

typedef struct bench {
    gb_context *ctx;
    size_t n;
    double *numbers[COLUMNS];
    char names[COLUMNS][8];
    gb_scorecard_column columns[COLUMNS];
    gb_scorecard_table table;
    uint8_t *outcome;
    uint64_t state;
} bench;

static double cpu_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double chance(bench *b)
{
    b->state = b->state * 6364136223846793005u + 1442695040888963407u;
    return (double)(b->state >> 11) / 9007199254740992.0;
}

static void take(const void *block)
{
    if (!block) {
        fprintf(stderr, "no memory\n");
        exit(1);
    }
}

static void hold(const bench *b, gb_status status)
{
    if (status) {
        fprintf(stderr, "%s\n", gb_last_error(b->ctx));
        exit(1);
    }
}

static void make(bench *b)
{
    b->outcome = malloc(b->n);
    take(b->outcome);
    for (size_t c = 0; c < COLUMNS; c++) {
        b->numbers[c] = malloc(b->n * sizeof(double));
        take(b->numbers[c]);
        snprintf(b->names[c], sizeof b->names[c], "c%zu", c);
        b->columns[c].name = b->names[c];
        b->columns[c].numbers = b->numbers[c];
    }
    for (size_t i = 0; i < b->n; i++) {
        double eta = -2;

        for (size_t c = 0; c < COLUMNS; c++) {
            const double x = 2 * chance(b) - 1;

            b->numbers[c][i] = chance(b) < .1 ? (double)NAN : x;
            eta += c < TELLING ? x : 0;
        }
        b->outcome[i] = chance(b) < 1 / (1 + exp(-eta));
    }
    b->table = (gb_scorecard_table)GB_SCORECARD_TABLE_INIT;
    b->table.n_rows = b->n;
    b->table.n_columns = COLUMNS;
    b->table.columns = b->columns;
}

static void apply(bench *b, const gb_score_card *card)
{
    int64_t *points = malloc(b->n * sizeof *points);
    double *p = malloc(b->n * sizeof *p);
    double began;

    take(points);
    take(p);
    memset(points, 0, b->n * sizeof *points);
    memset(p, 0, b->n * sizeof *p);
    began = cpu_s();
    hold(b, gb_scorecard_apply(b->ctx, card, &b->table, NULL, points, p));
    printf("apply_%zu.cpu %.3f s\n", b->n, cpu_s() - began);
    free(points);
    free(p);
}

/* A row by itself: its parts, its bins, its probability. */
static void explain(bench *b, const gb_score_card *card)
{
    gb_scorecard_column columns[COLUMNS];
    gb_scorecard_table one = b->table;
    int32_t parts[COLUMNS];
    uint32_t bins[COLUMNS];
    int64_t points;
    double p, began = cpu_s();

    one.n_rows = 1;
    one.columns = columns;
    for (size_t i = 0; i < EXPLAINED; i++) {
        memcpy(columns, b->columns, sizeof columns);
        for (size_t c = 0; c < COLUMNS; c++)
            columns[c].numbers += i % b->n;
        hold(b, gb_scorecard_apply(b->ctx, card, &one, parts, &points, &p));
        hold(b, gb_scorecard_bins(b->ctx, card, &one, bins));
    }
    printf("explain_one.cpu %.5f ms\n",
           (cpu_s() - began) / EXPLAINED * 1e3);
}

int main(int argc, char **argv)
{
    bench b = { .n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000,
                .state = 1 };
    gb_score_card *card = NULL;
    double began;

    if (gb_context_new(NULL, &b.ctx))
        return 1;
    make(&b);
    began = cpu_s();
    hold(&b, gb_scorecard_fit(b.ctx, &b.table, b.outcome, NULL, &card));
    printf("fit_%zu.cpu %.3f s\n", b.n, cpu_s() - began);
    printf("factors %zu count\n", gb_score_card_n_factors(card));
    apply(&b, card);
    explain(&b, card);
    gb_score_card_free(card);
    for (size_t c = 0; c < COLUMNS; c++)
        free(b.numbers[c]);
    free(b.outcome);
    gb_context_free(b.ctx);
    return 0;
}
