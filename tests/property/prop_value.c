#include <gridbeat/value.h>

#include "base_context.h"
#include "base_rng.h"
#include "base_text.h"
#include "test.h"

/*
 * A random card of all four models as text, with its numbers kept beside it
 * in tables that the oracle reads: it never sees the parser's structs.
 */
enum { N_ROWS = 30, N_COLUMNS = 4, N_TAGS = 3, MOST_PARTS = 6, MOST_KNOTS = 5 };

static const char *const column_names[] = { "a", "b", "c", "d" };
static const char *const tag_names[] = { "x", "y", "z" };

typedef struct term {
    int column, other, tag; /* -1: not by that */
} term;

typedef struct line {
    term by;
    int n; /* knots; 0: none */
    double x[MOST_KNOTS], y[MOST_KNOTS], missing;
    double rate, fen, most, now, stake, weight;
} line;

typedef struct model {
    line earnings[MOST_PARTS], bonds[MOST_PARTS], pressures[MOST_PARTS];
    int n_earnings, n_bonds, n_pressures;
    double fen_per_point;
    int n_c, n_l;
    double below_c[3], below_l[3];
    double values[N_ROWS * N_COLUMNS];
    bool has_tag[N_ROWS][N_TAGS];
    uint32_t first_tag[N_ROWS + 1], row_tags[N_ROWS * N_TAGS];
    gb_score_table table;
    base_text json;
} model;

/* In quarters, so that text and number are the same. */
static double quarters(base_rng *rng, int64_t low, int64_t high)
{
    return (double)base_rng_between(rng, low * 4, high * 4) / 4;
}

static void add_number(base_text *t, const char *key, double value)
{
    base_text_format(t, ",\"%s\":", key);
    base_text_exact(t, value);
}

static void draw_term(model *m, base_rng *rng, const char *name, int i,
                      bool may_be_tag, term *out)
{
    *out = (term){ -1, -1, -1 };
    base_text_format(&m->json,
                     "%s{\"name\":\"%s%d\",\"title_en\":\"e\",\"title_zh\":"
                     "\"z\",",
                     i ? "," : "", name, i);
    if (may_be_tag && base_rng_chance(rng, 0.3)) {
        out->tag = (int)base_rng_below(rng, N_TAGS);
        base_text_format(&m->json, "\"tag\":\"%s\"", tag_names[out->tag]);
        return;
    }
    out->column = (int)base_rng_below(rng, N_COLUMNS);
    if (base_rng_chance(rng, 0.3)) {
        out->other = (int)base_rng_below(rng, N_COLUMNS);
        base_text_format(&m->json, "\"ratio\":[\"%s\",\"%s\"]",
                         column_names[out->column], column_names[out->other]);
        return;
    }
    base_text_format(&m->json, "\"column\":\"%s\"", column_names[out->column]);
}

static void draw_curve(model *m, base_rng *rng, int64_t high, line *l)
{
    double x = quarters(rng, -20, 5);

    l->n = (int)base_rng_between(rng, 1, MOST_KNOTS);
    base_text_add(&m->json, ",\"curve\":[");
    for (int k = 0; k < l->n; k++) {
        l->x[k] = x;
        l->y[k] = quarters(rng, 0, high);
        base_text_add(&m->json, k ? ",[" : "[");
        base_text_exact(&m->json, l->x[k]);
        base_text_add(&m->json, ",");
        base_text_exact(&m->json, l->y[k]);
        base_text_add(&m->json, "]");
        x += quarters(rng, 1, 10);
    }
    base_text_add(&m->json, "]");
    l->missing = quarters(rng, 0, high);
}

static void draw_earning(model *m, base_rng *rng, int i)
{
    line *l = &m->earnings[i];

    draw_term(m, rng, "e", i, true, &l->by);
    if (l->by.tag >= 0) {
        l->fen = quarters(rng, -900, 9000);
        add_number(&m->json, "fen", l->fen);
    } else if (base_rng_chance(rng, 0.4)) {
        draw_curve(m, rng, 5000, l);
        add_number(&m->json, "missing_fen", l->missing);
    } else {
        l->rate = quarters(rng, -5, 50);
        l->most = quarters(rng, 0, 2000);
        l->missing = quarters(rng, -9, 99);
        add_number(&m->json, "fen_per_unit", l->rate);
        add_number(&m->json, "most_fen", l->most);
        add_number(&m->json, "missing_fen", l->missing);
    }
    l->now = quarters(rng, 0, 1);
    l->stake = quarters(rng, 0, 1);
    add_number(&m->json, "now", l->now);
    add_number(&m->json, "at_stake", l->stake);
    base_text_add(&m->json, "}");
}

static void draw_bond(model *m, base_rng *rng, int i)
{
    line *l = &m->bonds[i];

    draw_term(m, rng, "b", i, true, &l->by);
    l->weight = quarters(rng, 1, 9);
    add_number(&m->json, "weight", l->weight);
    if (l->by.tag < 0) {
        draw_curve(m, rng, 1000, l);
        add_number(&m->json, "missing", l->missing);
    }
    base_text_add(&m->json, "}");
}

static void draw_pressure(model *m, base_rng *rng, int i)
{
    line *l = &m->pressures[i];

    draw_term(m, rng, "u", i, false, &l->by);
    draw_curve(m, rng, 3, l);
    add_number(&m->json, "missing", l->missing);
    base_text_add(&m->json, "}");
}

static void draw_levels(model *m, base_rng *rng, const char *axis, int n,
                        int64_t step, double *below)
{
    double at = quarters(rng, 0, step);

    base_text_format(&m->json, "\"%s\":[", axis);
    for (int l = 0; l < n; l++) {
        base_text_format(&m->json,
                         "%s{\"name\":\"l%d\",\"title_en\":\"e\","
                         "\"title_zh\":\"z\"", l ? "," : "", l);
        below[l] = at;
        if (l + 1 < n)
            add_number(&m->json, "below", at);
        at += quarters(rng, 1, step);
        base_text_add(&m->json, "}");
    }
    base_text_add(&m->json, "],");
}

static void draw_matrix(model *m, base_rng *rng)
{
    m->n_c = (int)base_rng_between(rng, 1, 3);
    m->n_l = (int)base_rng_between(rng, 1, 3);
    base_text_add(&m->json, "\"matrix\":{");
    draw_levels(m, rng, "contribution", m->n_c, 900, m->below_c);
    draw_levels(m, rng, "loyalty", m->n_l, 500, m->below_l);
    base_text_add(&m->json, "\"boxes\":[");
    for (int c = 0; c < m->n_c; c++) {
        base_text_add(&m->json, c ? ",[" : "[");
        for (int l = 0; l < m->n_l; l++)
            base_text_format(&m->json,
                             "%s{\"name\":\"c%d_%d\",\"title_en\":\"e\","
                             "\"title_zh\":\"z\",\"channel\":\"visit\"}",
                             l ? "," : "", c, l);
        base_text_add(&m->json, "]");
    }
    base_text_add(&m->json, "]},");
}

static void draw_table(model *m, base_rng *rng)
{
    uint32_t n = 0;

    for (size_t i = 0; i < N_ROWS * N_COLUMNS; i++)
        m->values[i] = base_rng_chance(rng, 0.15) ? (double)NAN
                                                  : quarters(rng, -30, 60);
    for (size_t r = 0; r < N_ROWS; r++) {
        m->first_tag[r] = n;
        for (uint32_t t = 0; t < N_TAGS; t++) {
            m->has_tag[r][t] = base_rng_chance(rng, 0.4);
            if (m->has_tag[r][t])
                m->row_tags[n++] = t;
        }
    }
    m->first_tag[N_ROWS] = n;
    m->table = (gb_score_table){ sizeof m->table, N_ROWS, N_COLUMNS,
                                 column_names, m->values, N_TAGS, tag_names,
                                 m->first_tag, m->row_tags };
}

static void draw(model *m, base_rng *rng)
{
    m->n_earnings = (int)base_rng_between(rng, 1, MOST_PARTS);
    m->n_bonds = (int)base_rng_between(rng, 1, MOST_PARTS);
    m->n_pressures = (int)base_rng_between(rng, 1, MOST_PARTS);
    m->fen_per_point = quarters(rng, 1, 90);
    base_text_add(&m->json,
                  "{\"card\":\"t\",\"version\":1,\"scale\":{\"points\":20,"
                  "\"odds\":0.5,\"to_double\":10},\"factors\":[{\"name\":"
                  "\"f\",\"title_en\":\"f\",\"title_zh\":\"f\",\"tag\":\"x\","
                  "\"points\":25}],\"contribution\":{\"fen_per_point\":");
    base_text_exact(&m->json, m->fen_per_point);
    base_text_add(&m->json, ",\"parts\":[");
    for (int i = 0; i < m->n_earnings; i++)
        draw_earning(m, rng, i);
    base_text_add(&m->json, "]},\"loyalty\":{\"parts\":[");
    for (int i = 0; i < m->n_bonds; i++)
        draw_bond(m, rng, i);
    base_text_add(&m->json, "]},");
    draw_matrix(m, rng);
    base_text_add(&m->json, "\"urgency\":[");
    for (int i = 0; i < m->n_pressures; i++)
        draw_pressure(m, rng, i);
    base_text_add(&m->json, "]}");
    draw_table(m, rng);
}

/* ---- the definition, plainly ---- */

static double seen(const model *m, const term *by, size_t r)
{
    const double a = m->values[r * N_COLUMNS + (size_t)by->column];
    double b;

    if (by->other < 0)
        return a;
    b = m->values[r * N_COLUMNS + (size_t)by->other];
    if (isnan(a) || isnan(b) || b < 0 || (!(b > 0) && !(a > 0)))
        return (double)NAN;
    return b > 0 ? a / b : 1e308;
}

/* The last of the straight pieces that begin at or before the value. */
static double along(const line *l, double v)
{
    double y = l->y[0];

    for (int k = 0; k < l->n; k++)
        if (v >= l->x[k])
            y = k + 1 == l->n
                    ? l->y[k]
                    : l->y[k] + (v - l->x[k]) / (l->x[k + 1] - l->x[k])
                                    * (l->y[k + 1] - l->y[k]);
    return y;
}

static double earned(const model *m, const line *l, size_t r)
{
    double v;

    if (l->by.tag >= 0)
        return m->has_tag[r][l->by.tag] ? l->fen : 0;
    v = seen(m, &l->by, r);
    if (isnan(v))
        return l->missing;
    if (l->n > 0)
        return along(l, v);
    v = l->rate > 0 || l->rate < 0 ? v * l->rate : 0;
    return v > l->most ? l->most : v < -l->most ? -l->most : v;
}

static double curved(const model *m, const line *l, size_t r, double if_tag)
{
    double v;

    if (l->by.tag >= 0)
        return m->has_tag[r][l->by.tag] ? if_tag : 0;
    v = seen(m, &l->by, r);
    return isnan(v) ? l->missing : along(l, v);
}

static uint32_t level(const double *below, int n, double v)
{
    uint32_t l = 0;

    for (int i = 0; i + 1 < n; i++)
        l += v >= below[i];
    return l;
}

static void compare(const model *m, const gb_value_result *got, size_t r)
{
    double weight = 0, loyal = 0, urgency = 1, points;
    const double odds = .5 * exp2((m->has_tag[r][0] ? 5. : -20.) / 10);
    int64_t now = 0, stake = 0;

    for (int i = 0; i < m->n_earnings; i++) {
        const double fen = earned(m, &m->earnings[i], r);

        now += llround(fen * m->earnings[i].now);
        stake += llround(fen * m->earnings[i].stake);
    }
    for (int i = 0; i < m->n_bonds; i++) {
        weight += m->bonds[i].weight;
        loyal += m->bonds[i].weight * curved(m, &m->bonds[i], r, 1000);
    }
    for (int i = 0; i < m->n_pressures; i++)
        urgency *= curved(m, &m->pressures[i], r, 1);
    points = odds / (1 + odds) * (double)stake * urgency / m->fen_per_point;
    ck_assert_int_eq(got->contribution_fen[r], now);
    ck_assert_int_eq(got->at_stake_fen[r], stake);
    assert_near((double)got->loyalty[r], loyal / weight, .5 + 1e-9);
    assert_near(got->urgency[r], urgency, 1e-9 * (1 + urgency));
    assert_near((double)got->points[r], points > 0 ? points : 0,
                .5 + 1e-9 * fabs(points));
    ck_assert_uint_eq(got->box[r],
                      level(m->below_c, m->n_c, (double)now)
                              * (uint32_t)m->n_l
                          + level(m->below_l, m->n_l, got->loyalty[r]));
}

START_TEST(values_are_those_of_the_definition)
{
    const uint64_t seed = test_seed();

    for (int i = 0; i < test_cases(300); i++) {
        gb_context *ctx = test_context();
        model *m = calloc(1, sizeof *m);
        gb_value_result to = GB_VALUE_RESULT_INIT;
        gb_score_card *card = NULL;
        int64_t points[N_ROWS], now[N_ROWS], stake[N_ROWS];
        int32_t loyalty[N_ROWS];
        double urgency[N_ROWS];
        uint32_t box[N_ROWS];
        base_rng rng = base_rng_stream(seed, (uint64_t)i);

        ck_assert_ptr_nonnull(m);
        base_text_init(&m->json, ctx->mem);
        draw(m, &rng);
        assert_ok(ctx, gb_score_card_parse(ctx, m->json.chars, m->json.n,
                                           &card));
        to.points = points;
        to.contribution_fen = now;
        to.at_stake_fen = stake;
        to.loyalty = loyalty;
        to.urgency = urgency;
        to.box = box;
        assert_ok(ctx, gb_value_apply(ctx, card, &m->table, NULL, NULL, &to));
        for (size_t r = 0; r < N_ROWS; r++)
            compare(m, &to, r);
        gb_score_card_free(card);
        base_text_clear(&m->json);
        free(m);
        gb_context_free(ctx);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *s = suite_create("value");
    TCase *c = tcase_create("value");

    tcase_add_test(c, values_are_those_of_the_definition);
    suite_add_tcase(s, c);
    return s;
}
