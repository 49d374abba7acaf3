/*
 * route_bound_price.c - a pricing: labels from both ends, joined; see
 * route_bound_label.h.
 */
#include <string.h>

#include "route_bound_work.h"

/* --- joins ----------------------------------------------------------------- */

static bool fits_together(const rb_graph *g, const rb_label *f,
                          const rb_label *b, size_t arc)
{
    for (uint32_t r = 0; r < g->n_limits; r++)
        if (f->use[r] + b->use[r] + g->sides[RB_FORWARD].use[r][arc]
            > g->limits[r])
            return false;
    return true;
}

static void join_list(rb_pricer *p, const rb_entry *f, uint32_t i, uint32_t j,
                      uint32_t list, int32_t ready, int64_t value)
{
    const rb_graph *g = &p->graph;
    const rb_entries *behind = &p->halves[RB_BACKWARD].lists[list];
    const uint32_t kept = rb_remember(p, i, j, f->memory);
    const uint64_t odd = f->odd & p->keep[j];
    rb_joint *joint = &p->joints[i];

    for (size_t k = 0;
         k < behind->n && value + behind->items[k].value > joint->value;
         k++) {
        const rb_entry *b = &behind->items[k];
        int64_t total = value + b->value;

        if (b->clock > -ready || (kept & b->memory))
            continue;
        total -= rb_price_of_bits(p, odd & b->odd);
        if (total <= joint->value
            || !fits_together(g,
                              &p->halves[RB_FORWARD].labels.items[f->label],
                              &p->halves[RB_BACKWARD].labels.items[b->label],
                              (size_t)i * g->n + j))
            continue;
        *joint = (rb_joint){ total, f->label, b->label };
    }
}

static void join_entry(rb_pricer *p, const rb_entry *f, uint32_t i,
                       uint32_t set)
{
    const rb_graph *g = &p->graph;
    const rb_side *s = &g->sides[RB_FORWARD];

    for (uint32_t j = 0; j < g->n; j++) {
        const size_t arc = (size_t)i * g->n + j;
        const int64_t value = f->value - s->cost[arc];

        if (s->ahead[arc] >= RB_NEVER)
            continue;
        for (uint32_t after = 0; after < g->n_sets; after++) {
            const uint32_t list = rb_list_of(g, j, after);
            int32_t ready;

            if ((after & set)
                || value + p->halves[RB_BACKWARD].most[list]
                    <= p->joints[i].value
                || rb_remembers(p, i, f->memory, j))
                continue;
            ready = rb_graph_ready(g, RB_FORWARD, i, f->clock,
                                   (g->n_sets - 1) & ~(set | after), j);
            if (ready < RB_NEVER)
                join_list(p, f, i, j, list, ready, value);
        }
    }
}

int64_t rb_end_value(const rb_pricer *p, uint32_t side, uint32_t i,
                     uint32_t set, const rb_entry *e)
{
    const rb_graph *g = &p->graph;
    const rb_side *other = &g->sides[1 - side];
    const uint32_t left = (g->n_sets - 1) & ~set;
    const rb_label *label = &p->halves[side].labels.items[e->label];

    if (other->begin[left][i] >= RB_NEVER || e->clock > -other->begin[left][i])
        return INT64_MIN;
    for (uint32_t r = 0; r < g->n_limits; r++)
        if (label->use[r] + other->begin_use[r][i] - g->node_use[r][i]
            > g->limits[r])
            return INT64_MIN;
    return e->value - other->begin_cost[i];
}

/* A path of one side alone: it ends, or begins, with this node. */
static void join_end(rb_pricer *p, uint32_t side, uint32_t i, uint32_t set,
                     const rb_entry *e)
{
    const rb_graph *g = &p->graph;
    rb_joint *joint = &p->joints[side == RB_FORWARD ? i : g->n + i];
    const int64_t value = rb_end_value(p, side, i, set, e);

    if (value > joint->value)
        *joint = side == RB_FORWARD
            ? (rb_joint){ value, e->label, GB_ROUTE_NONE }
            : (rb_joint){ value, GB_ROUTE_NONE, e->label };
}

void rb_clear_joints(rb_pricer *p)
{
    for (uint32_t i = 0; i < 2 * p->graph.n; i++)
        p->joints[i] = (rb_joint){ 0, GB_ROUTE_NONE, GB_ROUTE_NONE };
}

int64_t rb_best_joint(const rb_pricer *p)
{
    int64_t best = 0;

    for (uint32_t i = 0; i < 2 * p->graph.n; i++)
        if (p->joints[i].value > best)
            best = p->joints[i].value;
    return best;
}

static gb_status join_all(base_run *run, rb_pricer *p, rb_price_end *end)
{
    const rb_graph *g = &p->graph;

    rb_clear_joints(p);
    for (uint32_t i = 0; i < g->n; i++)
        for (uint32_t set = 0; set < g->n_sets; set++) {
            const rb_entries *f
                = &p->halves[RB_FORWARD].lists[rb_list_of(g, i, set)];
            const rb_entries *b
                = &p->halves[RB_BACKWARD].lists[rb_list_of(g, i, set)];

            for (size_t k = 0; k < b->n; k++)
                join_end(p, RB_BACKWARD, i, set, &b->items[k]);
            for (size_t k = 0; k < f->n; k++) {
                const gb_status status = base_poll_many(run, 16);

                if (status)
                    return status;
                if (run->is_late) {
                    *end = RB_PRICE_LATE;
                    return GB_OK;
                }
                join_end(p, RB_FORWARD, i, set, &f->items[k]);
                join_entry(p, &f->items[k], i, set);
            }
        }
    return GB_OK;
}

/* --- a pricing ------------------------------------------------------------- */

static void set_prices(rb_pricer *p, const rb_duals *duals,
                       const rb_cut *cuts, uint32_t n_cuts)
{
    const rb_graph *g = &p->graph;
    const rb_model *m = g->model;

    p->n_cuts = n_cuts;
    for (uint32_t i = 0; i < g->n; i++) {
        const rb_customer *customer = &m->customers[g->customer[i]];
        const uint32_t u = g->customer[i];

        p->reward[i]
            = (int64_t)customer->musts * duals->rows[rb_musts_row(m)]
            - duals->rows[rb_cover_row(m, u, g->kind)];
        if (customer->group != GB_ROUTE_NONE)
            p->reward[i] -= duals->rows[customer->group];
        p->hit[i] = p->keep[i] = 0;
        for (uint32_t c = 0; c < n_cuts; c++) {
            const uint64_t bit = UINT64_C(1) << c;

            if (duals->cuts[c] == 0)
                continue;
            if ((cuts[c].memory[u / 64] >> (u % 64)) & 1)
                p->keep[i] |= bit;
            for (uint32_t k = 0; k < 3; k++)
                if (cuts[c].customers[k] == u)
                    p->hit[i] |= bit;
        }
    }
    for (uint32_t c = 0; c < n_cuts; c++)
        p->cut_duals[c] = duals->cuts[c];
}

/* So many stops that no value overflows. */
static void limit_stops(rb_pricer *p)
{
    const rb_graph *g = &p->graph;
    int64_t most = 0, cuts = 0, stops;

    for (uint32_t i = 0; i < g->n; i++) {
        const int64_t r = p->reward[i] < 0 ? -p->reward[i] : p->reward[i];

        if (r > most)
            most = r;
    }
    for (uint32_t c = 0; c < p->n_cuts; c++)
        cuts += p->cut_duals[c];
    stops = (INT64_C(1) << 60) / (g->most_step + most + cuts + 1);
    p->most_stops = stops < 60000 ? (uint32_t)stops : 60000;
}

/* Both sides should have as much to do. */
static void move_split(rb_pricer *p, uint32_t kind)
{
    const size_t f = p->halves[RB_FORWARD].labels.n;
    const size_t b = p->halves[RB_BACKWARD].labels.n;
    const int32_t step = (p->graph.to - p->graph.from) / 25;

    if (f > b + b / 4)
        p->split[kind] -= step;
    else if (b > f + f / 4)
        p->split[kind] += step;
    if (p->split[kind] < p->graph.from)
        p->split[kind] = p->graph.from;
    if (p->split[kind] > p->graph.to)
        p->split[kind] = p->graph.to;
}

void rb_begin_pricing(rb_pricer *p, uint32_t kind, const rb_duals *duals,
                      const rb_cut *cuts, uint32_t n_cuts)
{
    rb_graph_build(&p->graph, kind);
    if (!p->has_split[kind]) {
        p->split[kind] = p->graph.from + (p->graph.to - p->graph.from) / 2;
        p->has_split[kind] = true;
    }
    p->is_strict = false;
    set_prices(p, duals, cuts, n_cuts);
    limit_stops(p);
}

gb_status rb_price(base_run *run, rb_pricer *p, uint32_t kind,
                   const rb_duals *duals, const rb_cut *cuts, uint32_t n_cuts,
                   bool is_exact, int64_t known, rb_price_end *end,
                   int64_t *best)
{
    gb_status status;
    int64_t most;

    rb_begin_pricing(p, kind, duals, cuts, n_cuts);
    p->is_exact = is_exact;
    *end = RB_PRICE_DONE;
    *best = 0;
    if (is_exact)
        return rb_price_exact(run, p, known, end, best);
    if (p->wants_strict && !p->graph.is_loose)
        return p->wants_bold ? rb_price_boldly(run, p, known, end, best)
                             : rb_price_strictly(run, p, end, best);
    status = rb_label_side(run, p, RB_FORWARD, p->split[kind], NULL, 0,
                           p->most_labels, end, &most);
    if (status == GB_OK && *end == RB_PRICE_DONE)
        status = rb_label_side(run, p, RB_BACKWARD, -p->split[kind] - 1, NULL,
                               0, p->most_labels, end, &most);
    if (status == GB_OK && *end == RB_PRICE_DONE)
        status = join_all(run, p, end);
    if (status || *end != RB_PRICE_DONE)
        return status;
    *best = rb_best_joint(p);
    move_split(p, kind);
    return GB_OK;
}

bool rb_joint_stops(const rb_pricer *p, const rb_joint *joint, rb_stops *out)
{
    const rb_label *f = p->halves[RB_FORWARD].labels.items;
    const rb_label *b = p->halves[RB_BACKWARD].labels.items;
    size_t n = 0, i;

    for (uint32_t l = joint->forward; l != GB_ROUTE_NONE; l = f[l].parent)
        n++;
    i = out->n + n;
    if (!base_array_reserve(p->graph.mem, out, n))
        return false;
    out->n += n;
    for (uint32_t l = joint->forward; l != GB_ROUTE_NONE; l = f[l].parent)
        out->items[--i] = p->graph.customer[f[l].node];
    for (uint32_t l = joint->backward; l != GB_ROUTE_NONE; l = b[l].parent)
        if (!base_array_push(p->graph.mem, out,
                             p->graph.customer[b[l].node]))
            return false;
    return true;
}

/* --- memory ---------------------------------------------------------------- */

gb_status rb_pricer_init(gb_context *ctx, const rb_model *m,
                         const rb_memory *memory, rb_pricer *p)
{
    const size_t n = m->n_customers;
    gb_status status;
    bool ok;

    memset(p, 0, sizeof *p);
    p->memory = memory;
    status = rb_graph_init(ctx, m, &p->graph);
    if (status)
        return status;
    p->split = base_alloc_zeroed(m->mem, m->n_kinds, sizeof *p->split);
    p->has_split
        = base_alloc_zeroed(m->mem, m->n_kinds, sizeof *p->has_split);
    p->joints = base_alloc_array(m->mem, 2 * n, sizeof *p->joints);
    p->reward = base_alloc_array(m->mem, n, sizeof *p->reward);
    p->hit = base_alloc_array(m->mem, n, sizeof *p->hit);
    p->keep = base_alloc_array(m->mem, n, sizeof *p->keep);
    p->rest.most = base_alloc_array(
        m->mem, n * RB_MOST_SETS * RB_REST_STEPS, sizeof *p->rest.most);
    p->rest.behind = base_alloc_array(
        m->mem, n * RB_MOST_SETS * RB_REST_STEPS, sizeof *p->rest.behind);
    p->rest.p = p;
    p->n_close = m->n_customers - 1 < RB_MOST_CLOSE ? m->n_customers - 1
                                                    : RB_MOST_CLOSE;
    p->close
        = base_alloc_array(m->mem, n * (p->n_close + 1), sizeof *p->close);
    p->efforts = base_alloc_array(m->mem, m->n_kinds, sizeof *p->efforts);
    for (uint32_t k = 0; p->efforts && k < m->n_kinds; k++)
        p->efforts[k]
            = (rb_effort){ RB_FIRST_REMEMBERED, RB_MOST_NEAR, 0,
                           RB_FIRST_PATIENCE, 0, RB_FIRST_SLACK, true, false };
    p->mask = UINT32_MAX;
    ok = p->efforts && p->rest.most && p->rest.behind && p->split
        && p->has_split && p->joints && p->reward && p->hit && p->keep
        && p->close;
    for (uint32_t d = 0; d < 2 && ok; d++) {
        rb_half *h = &p->halves[d];

        h->lists = base_alloc_zeroed(m->mem, n * RB_MOST_SETS,
                                     sizeof *h->lists);
        h->most
            = base_alloc_array(m->mem, n * RB_MOST_SETS, sizeof *h->most);
        ok = h->lists && h->most;
    }
    if (ok) {
        rb_find_close(m, p->n_close, p->close);
        return GB_OK;
    }
    rb_pricer_clear(p);
    return base_fail_nomem(ctx);
}

void rb_pricer_clear(rb_pricer *p)
{
    base_mem *mem = p->graph.mem;

    if (!mem)
        return;
    for (uint32_t d = 0; d < 2; d++) {
        rb_half *h = &p->halves[d];

        for (size_t l = 0;
             h->lists && l < (size_t)p->graph.model->n_customers * RB_MOST_SETS;
             l++) {
            base_free(mem, h->lists[l].items);
            base_free(mem, h->lists[l].clocks);
            base_free(mem, h->lists[l].memories);
        }
        base_free(mem, h->lists);
        base_free(mem, h->most);
        base_array_clear(mem, &h->labels);
    }
    base_free(mem, p->split);
    base_free(mem, p->has_split);
    base_free(mem, p->joints);
    base_free(mem, p->reward);
    base_free(mem, p->hit);
    base_free(mem, p->keep);
    base_free(mem, p->efforts);
    base_free(mem, p->close);
    base_free(mem, p->rest.most);
    base_free(mem, p->rest.behind);
    rb_graph_clear(&p->graph);
}
