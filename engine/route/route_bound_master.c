/*
 * route_bound_master.c - see route_bound_master.h.
 *
 * Rows of the program: the model's (cover, group, musts), one a kind, one a
 * customer with patterns (one of them at most), the cuts.  Columns: routes,
 * patterns, and for each must a way out at a penalty.
 */
#include "route_bound_master.h"

#include <math.h>
#include <string.h>

#include "base_rng.h"
#include "lp.h"

static const double FREE = HUGE_VAL;
static const int64_t MOST_DUAL = INT64_C(1) << 50;

gb_status rb_master_init(gb_context *ctx, const rb_model *m, rb_master *t)
{
    memset(t, 0, sizeof *t);
    t->mem = m->mem;
    t->model = m;
    t->kind_duals
        = base_alloc_zeroed(t->mem, m->n_kinds, sizeof *t->kind_duals);
    return t->kind_duals ? GB_OK : base_fail_nomem(ctx);
}

void rb_master_clear(rb_master *t)
{
    if (!t->mem)
        return;
    base_array_clear(t->mem, &t->columns);
    base_array_clear(t->mem, &t->stops);
    for (uint32_t c = 0; c < t->n_cuts; c++)
        base_free(t->mem, t->cuts[c].memory);
    base_free(t->mem, t->kind_duals);
    base_free(t->mem, t->row_place);
    base_free(t->mem, t->more_place);
    memset(t, 0, sizeof *t);
}

static uint64_t hash_of(uint32_t kind, const uint32_t *customers, uint32_t n)
{
    uint64_t h = kind + UINT64_C(0x9e3779b97f4a7c15);

    for (uint32_t i = 0; i < n; i++) {
        h = (h ^ customers[i]) * UINT64_C(0xbf58476d1ce4e5b9);
        h ^= h >> 29;
    }
    return h;
}

static bool has_circle(const uint32_t *customers, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = i + 1; k < n; k++)
            if (customers[i] == customers[k])
                return true;
    return false;
}

bool rb_master_add(rb_master *t, uint32_t kind, const uint32_t *customers,
                   uint32_t n, int64_t value, bool *is_new)
{
    const uint64_t hash = hash_of(kind, customers, n);
    const rb_column column
        = { t->stops.n, n, kind, value, hash, 0, has_circle(customers, n),
            false, 0, LP_LOWER };

    *is_new = false;
    for (size_t c = 0; c < t->columns.n; c++) {
        rb_column *old = &t->columns.items[c];

        if (old->hash == hash && old->kind == kind && old->n == n
            && memcmp(t->stops.items + old->first, customers,
                      n * sizeof *customers)
                == 0) {
            *is_new = value > old->value;
            if (*is_new)
                old->value = value;
            return true;
        }
    }
    if (!base_array_reserve(t->mem, &t->stops, n)
        || !base_array_push(t->mem, &t->columns, column))
        return false;
    memcpy(t->stops.items + t->stops.n, customers, n * sizeof *customers);
    t->stops.n += n;
    t->n_made++;
    *is_new = true;
    return true;
}

enum { MOST_IDLE = 30, FEWEST_TO_TIDY = 3000 };

void rb_master_tidy(rb_master *t)
{
    size_t n = 0, stops = 0;

    if (t->columns.n < FEWEST_TO_TIDY)
        return;
    for (size_t c = 0; c < t->columns.n; c++) {
        rb_column column = t->columns.items[c];

        if (column.n_idle > MOST_IDLE && column.place != LP_BASIC
            && !column.is_fixed)
            continue;
        memmove(t->stops.items + stops, t->stops.items + column.first,
                column.n * sizeof *t->stops.items);
        column.first = stops;
        stops += column.n;
        t->columns.items[n++] = column;
    }
    t->columns.n = n;
    t->stops.n = stops;
}

/* --- the program ----------------------------------------------------------- */

typedef struct entry {
    uint32_t row, column;
    double value;
} entry;

typedef BASE_ARRAY(entry) entries;
typedef BASE_ARRAY(double) numbers;

/* A program as it is put together; ok turns false for lack of memory. */
typedef struct program {
    rb_master *t;
    base_mem *mem;
    lp_problem lp;
    entries entries;
    numbers cost, lower, upper;
    double *lower_row, *upper_row, *coefficients, *row_dual, *x;
    uint32_t *first, *columns;
    lp_basis basis;
    uint32_t kind_row, pattern_row, cut_row;
    double scale; /* milli of a unit of the objective */
    bool ok;
} program;

static void put(program *g, uint32_t row, double value)
{
    const entry e = { row, (uint32_t)g->cost.n, value };
    entry *last = g->entries.n ? &g->entries.items[g->entries.n - 1] : NULL;

    if (last && last->row == row && last->column == e.column)
        last->value += value;
    else
        g->ok = g->ok && base_array_push(g->mem, &g->entries, e);
}

static void end_column(program *g, double cost, double lower, double upper)
{
    g->ok = g->ok && base_array_push(g->mem, &g->cost, cost)
        && base_array_push(g->mem, &g->lower, lower)
        && base_array_push(g->mem, &g->upper, upper);
}

static void put_route(program *g, const rb_column *column)
{
    const rb_model *m = g->t->model;
    const uint32_t *stops = g->t->stops.items + column->first;
    uint32_t musts = 0;

    for (uint32_t i = 0; i < column->n; i++) {
        const rb_customer *customer = &m->customers[stops[i]];
        uint32_t times = 1;
        bool is_first = true;

        for (uint32_t k = 0; k < column->n; k++) {
            if (k < i && stops[k] == stops[i])
                is_first = false;
            times += k > i && stops[k] == stops[i];
        }
        musts += customer->musts;
        if (is_first)
            put(g, rb_cover_row(m, stops[i], column->kind), times);
    }
    for (uint32_t i = 0; i < column->n; i++) {
        const uint32_t row = m->customers[stops[i]].group;
        uint32_t times = 0;
        bool is_first = true;

        for (uint32_t k = 0; k < column->n && row != GB_ROUTE_NONE; k++) {
            const bool is_same = m->customers[stops[k]].group == row;

            is_first = is_first && !(k < i && is_same);
            times += is_same;
        }
        if (row != GB_ROUTE_NONE && is_first)
            put(g, row, times);
    }
    if (!m->is_all_musts && musts > 0)
        put(g, rb_musts_row(m), musts);
    put(g, g->kind_row + column->kind, 1);
    for (uint32_t c = 0; c < g->t->n_cuts; c++) {
        const uint32_t count
            = rb_cut_count(&g->t->cuts[c], stops, column->n);

        if (count > 0)
            put(g, g->cut_row + c, count);
    }
    end_column(g, (double)column->value / g->scale, column->is_fixed,
               g->t->is_diving && column->is_bad ? 0 : FREE);
}

static bool takes_pattern(const rb_customer *customer, uint64_t pattern)
{
    return (uint32_t)__builtin_popcountll(pattern) >= customer->min_bits;
}

static void put_patterns(program *g)
{
    const rb_model *m = g->t->model;
    uint32_t row = g->pattern_row;

    for (uint32_t u = 0; u < m->n_customers; u++) {
        const rb_customer *customer = &m->customers[u];

        if (!customer->has_patterns)
            continue;
        for (uint32_t i = 0; i < customer->n_patterns; i++) {
            const uint64_t pattern
                = m->patterns[customer->first_pattern + i];

            if (!takes_pattern(customer, pattern))
                continue;
            for (uint32_t d = 0; d < m->n_days; d++)
                if ((pattern >> d) & 1)
                    put(g, customer->row + d, -1);
            put(g, row, 1);
            end_column(g, 0, 0, FREE);
        }
        row++;
    }
}

/* The ways out; *first is the number of the first of these columns. */
static void put_ways_out(program *g, size_t *first)
{
    const rb_model *m = g->t->model;
    const double penalty = -g->t->penalty * 1000 / g->scale;
    uint32_t pattern_row = g->pattern_row;

    *first = g->cost.n;
    for (uint32_t u = 0; u < m->n_customers; u++) {
        const rb_customer *customer = &m->customers[u];

        if (customer->is_must) {
            put(g, customer->has_patterns ? pattern_row : customer->row, 1);
            end_column(g, penalty, 0, FREE);
        }
        pattern_row += customer->has_patterns;
    }
    for (uint32_t r = 0; r < m->n_groups; r++)
        if (m->group_is_must[r]) {
            put(g, m->n_cover + r, 1);
            end_column(g, penalty, 0, FREE);
        }
    if (!m->is_all_musts) {
        put(g, rb_musts_row(m), 1);
        end_column(g, penalty, 0, FREE);
    }
}

static void bound_rows(program *g)
{
    const rb_model *m = g->t->model;
    uint32_t pattern_row = g->pattern_row;

    for (size_t r = 0; r < g->lp.n_rows; r++) {
        g->lower_row[r] = -FREE;
        g->upper_row[r] = 1;
    }
    for (uint32_t u = 0; u < m->n_customers; u++) {
        const rb_customer *customer = &m->customers[u];

        if (!customer->has_patterns) {
            if (customer->is_must)
                g->lower_row[customer->row] = 1;
            continue;
        }
        for (uint32_t d = 0; d < m->n_days; d++)
            g->lower_row[customer->row + d] = g->upper_row[customer->row + d]
                = 0;
        if (customer->is_must)
            g->lower_row[pattern_row] = 1;
        pattern_row++;
    }
    for (uint32_t r = 0; r < m->n_groups; r++)
        if (m->group_is_must[r])
            g->lower_row[m->n_cover + r] = 1;
    g->upper_row[rb_musts_row(m)] = FREE;
    if (!m->is_all_musts)
        g->lower_row[rb_musts_row(m)] = m->n_musts;
    for (uint32_t k = 0; k < m->n_kinds; k++)
        g->upper_row[g->kind_row + k] = m->kinds[k].count;
}

/* Entries by columns to rows. */
static void sort_entries(program *g)
{
    const size_t n_rows = g->lp.n_rows;

    memset(g->first, 0, (n_rows + 1) * sizeof *g->first);
    for (size_t i = 0; i < g->entries.n; i++)
        g->first[g->entries.items[i].row]++;
    for (size_t r = 1; r <= n_rows; r++)
        g->first[r] += g->first[r - 1];
    for (size_t i = g->entries.n; i-- > 0;) {
        const entry *e = &g->entries.items[i];
        const uint32_t at = --g->first[e->row];

        g->columns[at] = e->column;
        g->coefficients[at] = e->value;
    }
}

static void number_rows(program *g)
{
    const rb_model *m = g->t->model;
    uint32_t n_patterned = 0;

    for (uint32_t u = 0; u < m->n_customers; u++)
        n_patterned += m->customers[u].has_patterns;
    g->kind_row = m->n_rows;
    g->pattern_row = g->kind_row + m->n_kinds;
    g->cut_row = g->pattern_row + n_patterned;
    g->lp.n_rows = g->cut_row + g->t->n_cuts;
}

static void allot(program *g)
{
    const size_t n_rows = g->lp.n_rows, n = g->entries.n;

    g->lower_row = base_alloc_array(g->mem, n_rows, sizeof(double));
    g->upper_row = base_alloc_array(g->mem, n_rows, sizeof(double));
    g->row_dual = base_alloc_array(g->mem, n_rows, sizeof(double));
    g->first = base_alloc_array(g->mem, n_rows + 1, sizeof(uint32_t));
    g->columns = base_alloc_array(g->mem, n, sizeof(uint32_t));
    g->coefficients = base_alloc_array(g->mem, n, sizeof(double));
    g->x = base_alloc_array(g->mem, g->cost.n, sizeof(double));
    g->ok = g->ok && g->lower_row && g->upper_row && g->row_dual && g->first
        && g->columns && g->coefficients && g->x;
}

static void finish_program(program *g)
{
    if (g->cost.n == 0)
        end_column(g, 0, 0, 1); /* GLPK wants a column */
    allot(g);
    if (!g->ok)
        return;
    bound_rows(g);
    sort_entries(g);
    g->lp.n_columns = g->cost.n;
    g->lp.is_greatest = true;
    g->lp.cost = g->cost.items;
    g->lp.lower = g->lower.items;
    g->lp.upper = g->upper.items;
    g->lp.row_lower = g->lower_row;
    g->lp.row_upper = g->upper_row;
    g->lp.first = g->first;
    g->lp.columns = g->columns;
    g->lp.coefficients = g->coefficients;
}

static void clear_program(program *g)
{
    base_array_clear(g->mem, &g->entries);
    base_array_clear(g->mem, &g->cost);
    base_array_clear(g->mem, &g->lower);
    base_array_clear(g->mem, &g->upper);
    base_free(g->mem, g->lower_row);
    base_free(g->mem, g->upper_row);
    base_free(g->mem, g->row_dual);
    base_free(g->mem, g->first);
    base_free(g->mem, g->columns);
    base_free(g->mem, g->coefficients);
    base_free(g->mem, g->x);
    base_free(g->mem, g->basis.rows);
    base_free(g->mem, g->basis.columns);
}

/* Objective values of some thousands, whatever a point is worth. */
static double find_scale(const rb_master *t)
{
    double most = 1;

    for (size_t c = 0; c < t->columns.n; c++) {
        const double v = fabs((double)t->columns.items[c].value);

        if (v > most)
            most = v;
    }
    return fmax(most / 1e4, 1);
}

static int64_t to_dual(double x, double scale, bool is_free)
{
    const double y = x * scale;

    if (!is_free && y <= 0)
        return 0;
    if (y >= (double)MOST_DUAL)
        return MOST_DUAL;
    return y <= -(double)MOST_DUAL ? -MOST_DUAL : llround(y);
}

static void read_duals(const program *g, rb_duals *duals)
{
    const rb_model *m = g->t->model;

    for (uint32_t r = 0; r < m->n_rows; r++)
        duals->rows[r]
            = to_dual(g->row_dual[r], g->scale, g->lower_row[r] > -FREE);
    /* The one row of the form "at least": its multiplier is a reward. */
    duals->rows[rb_musts_row(m)] = m->is_all_musts
        ? 0
        : to_dual(-g->row_dual[rb_musts_row(m)], g->scale, false);
    for (uint32_t k = 0; k < m->n_kinds; k++)
        g->t->kind_duals[k]
            = to_dual(g->row_dual[g->kind_row + k], g->scale, false);
    for (uint32_t c = 0; c < g->t->n_cuts; c++)
        duals->cuts[c]
            = to_dual(g->row_dual[g->cut_row + c], g->scale, false);
}

static void read_x(const program *g, size_t first_way_out)
{
    rb_master *t = g->t;

    for (size_t c = 0; c < t->columns.n; c++) {
        t->columns.items[c].x = g->x[c];
        if (g->x[c] > 1e-9)
            t->columns.items[c].n_idle = 0;
        else
            t->columns.items[c].n_idle += !t->is_diving;
    }
    t->missing = 0;
    for (size_t c = first_way_out; c < g->lp.n_columns; c++)
        t->missing += g->x[c];
}

/* The last program's basis, the new columns at 0, the new rows slack. */
static void begin_basis(program *g)
{
    rb_master *t = g->t;
    const size_t n = t->columns.n, n_more = g->lp.n_columns - n;
    size_t n_basic = 0;

    g->basis.rows = base_alloc_array(g->mem, g->lp.n_rows, 1);
    g->basis.columns = base_alloc_array(g->mem, g->lp.n_columns, 1);
    g->ok = g->ok && g->basis.rows && g->basis.columns;
    if (!g->ok)
        return;
    g->lp.basis = &g->basis;
    g->basis.is_set = t->has_basis && t->n_more == n_more;
    g->basis.is_dual = t->has_moved;
    if (!g->basis.is_set)
        return;
    memcpy(g->basis.rows, t->row_place, g->cut_row);
    memcpy(g->basis.rows + g->cut_row, t->cut_place, t->n_cuts);
    for (size_t c = 0; c < n; c++)
        g->basis.columns[c] = t->columns.items[c].place;
    memcpy(g->basis.columns + n, t->more_place, n_more);
    for (size_t r = 0; r < g->lp.n_rows; r++)
        n_basic += g->basis.rows[r] == LP_BASIC;
    for (size_t c = 0; c < g->lp.n_columns; c++)
        n_basic += g->basis.columns[c] == LP_BASIC;
    /* A column that went leaves room for a slack. */
    for (size_t r = 0; r < g->lp.n_rows && n_basic < g->lp.n_rows; r++)
        if (g->basis.rows[r] != LP_BASIC) {
            g->basis.rows[r] = LP_BASIC;
            n_basic++;
        }
}

static bool keep_basis(program *g)
{
    rb_master *t = g->t;
    const size_t n = t->columns.n, n_more = g->lp.n_columns - n;

    if (!t->row_place)
        t->row_place = base_alloc_array(t->mem, g->cut_row, 1);
    if (t->n_more != n_more || !t->more_place) {
        base_free(t->mem, t->more_place);
        t->more_place = base_alloc_array(t->mem, n_more, 1);
    }
    t->has_basis = t->row_place && t->more_place;
    if (!t->has_basis)
        return false;
    t->n_more = n_more;
    memcpy(t->row_place, g->basis.rows, g->cut_row);
    memcpy(t->cut_place, g->basis.rows + g->cut_row, t->n_cuts);
    for (size_t c = 0; c < n; c++)
        t->columns.items[c].place = g->basis.columns[c];
    memcpy(t->more_place, g->basis.columns + n, n_more);
    t->has_moved = false;
    return true;
}

gb_status rb_master_solve(base_run *run, rb_master *t, rb_duals *duals)
{
    program g = { .t = t, .mem = t->mem, .ok = true };
    lp_result result = { 0 };
    size_t first_way_out = 0;
    gb_status status;

    g.scale = find_scale(t);
    number_rows(&g);
    for (size_t c = 0; c < t->columns.n; c++)
        put_route(&g, &t->columns.items[c]);
    put_patterns(&g);
    put_ways_out(&g, &first_way_out);
    finish_program(&g);
    begin_basis(&g);
    if (g.ok) {
        result.x = g.x;
        result.row_dual = g.row_dual;
        status = lp_solve(run, &g.lp, NULL, &result);
        if (status == GB_ERR_LIBRARY && g.basis.is_set) {
            base_enter(run->ctx); /* once more, from nothing */
            g.basis.is_set = false;
            status = lp_solve(run, &g.lp, NULL, &result);
        }
    } else {
        status = base_fail_nomem(run->ctx);
    }
    if (status == GB_OK && !result.has_answer)
        run->is_late = true;
    if (status == GB_OK && result.has_answer) {
        t->objective = result.objective * g.scale;
        read_x(&g, first_way_out);
        read_duals(&g, duals);
        if (!keep_basis(&g))
            status = base_fail_nomem(run->ctx);
    }
    clear_program(&g);
    return status;
}

/* --- exact sums ------------------------------------------------------------ */

int64_t rb_master_gain(const rb_master *t, const rb_column *column,
                       const rb_duals *duals)
{
    const rb_model *m = t->model;
    const uint32_t *stops = t->stops.items + column->first;
    int64_t gain = column->value;

    for (uint32_t i = 0; i < column->n; i++) {
        const rb_customer *customer = &m->customers[stops[i]];

        gain += (int64_t)customer->musts * duals->rows[rb_musts_row(m)]
            - duals->rows[rb_cover_row(m, stops[i], column->kind)];
        if (customer->group != GB_ROUTE_NONE)
            gain -= duals->rows[customer->group];
    }
    for (uint32_t c = 0; c < t->n_cuts; c++)
        if (duals->cuts[c])
            gain -= duals->cuts[c]
                * rb_cut_count(&t->cuts[c], stops, column->n);
    return gain;
}

static rb_wide offset_of_patterns(const rb_model *m,
                                  const rb_customer *customer,
                                  const rb_duals *duals)
{
    bool has_any = !customer->is_must;
    rb_wide best = 0;

    for (uint32_t i = 0; i < customer->n_patterns; i++) {
        const uint64_t pattern = m->patterns[customer->first_pattern + i];
        rb_wide sum = 0;

        if (!takes_pattern(customer, pattern))
            continue;
        for (uint32_t d = 0; d < m->n_days; d++)
            if ((pattern >> d) & 1)
                sum += duals->rows[customer->row + d];
        if (!has_any || sum > best)
            best = sum;
        has_any = true;
    }
    return best;
}

rb_wide rb_master_offset(const rb_master *t, const rb_duals *duals)
{
    const rb_model *m = t->model;
    rb_wide sum = 0;

    for (uint32_t u = 0; u < m->n_customers; u++) {
        const rb_customer *customer = &m->customers[u];

        sum += customer->has_patterns
            ? offset_of_patterns(m, customer, duals)
            : (rb_wide)duals->rows[customer->row];
    }
    for (uint32_t r = 0; r < m->n_groups; r++)
        sum += duals->rows[m->n_cover + r];
    sum -= (rb_wide)m->n_musts * duals->rows[rb_musts_row(m)];
    for (uint32_t c = 0; c < t->n_cuts; c++)
        sum += duals->cuts[c];
    return sum;
}

/* --- whole routes ---------------------------------------------------------- */

bool rb_master_fix(rb_master *t)
{
    rb_column *best = NULL;
    bool has_new = false, has_bad = false;

    for (size_t c = 0; c < t->columns.n; c++) {
        rb_column *column = &t->columns.items[c];

        if (column->is_fixed || column->x < 1e-6)
            continue;
        if (column->is_bad) { /* the next program does without it */
            has_bad = true;
            continue;
        }
        if (column->x > 1 - 1e-6) {
            column->is_fixed = true;
            has_new = true;
        } else if (!best || column->x > best->x) {
            best = column;
        }
    }
    if (best && !has_new)
        best->is_fixed = true;
    t->is_diving = t->has_moved = true;
    return best != NULL || has_bad;
}

void rb_master_release(rb_master *t)
{
    for (size_t c = 0; c < t->columns.n; c++)
        t->columns.items[c].is_fixed = false;
    t->is_diving = false;
    t->has_moved = true;
}
