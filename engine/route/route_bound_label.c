/*
 * route_bound_label.c - see route_bound_label.h.
 *
 * Labels are worked off in buckets of the clock; within one bucket in the
 * order they came, again where one is improved.  Each side goes as far as the
 * split; a path with its last clock before the split at p, and the next at q
 * behind it, is found as a join over the arc p, q.
 */
#include "route_bound_label.h"

#include <string.h>

/* One side at work. */
typedef struct work {
    rb_pricer *p;
    const rb_graph *g;
    const rb_side *s;
    rb_half *h;
    uint32_t side;
    int32_t from, limit; /* no label has a clock above the limit */
    int64_t width;       /* of a bucket */
    bool is_full;
} work;

static inline uint32_t list_of(const rb_graph *g, uint32_t node, uint32_t set)
{
    return node * g->n_sets + set;
}

static int64_t price_of_bits(const rb_pricer *p, uint64_t bits)
{
    int64_t sum = 0;

    for (; bits; bits &= bits - 1)
        sum += p->cut_duals[__builtin_ctzll(bits)];
    return sum;
}

/* The memory of node i as node j has it, without j. */
static inline uint32_t remember(const rb_pricer *p, uint32_t i, uint32_t j,
                                uint32_t memory)
{
    const rb_memory *m = p->memory;
    const uint32_t u = p->graph.customer[i];
    const uint8_t *at = m->at + (size_t)p->graph.customer[j] * m->n;
    uint32_t kept = 0;

    for (; memory; memory &= memory - 1) {
        const uint32_t x
            = m->near[u * RB_MOST_NEAR + (uint32_t)__builtin_ctz(memory)];

        if (at[x] != RB_FORGOTTEN)
            kept |= UINT32_C(1) << at[x];
    }
    return kept;
}

static inline bool remembers(const rb_pricer *p, uint32_t i, uint32_t memory,
                             uint32_t j)
{
    const rb_memory *m = p->memory;
    const uint8_t at = m->at[(size_t)p->graph.customer[i] * m->n
                             + p->graph.customer[j]];

    return at != RB_FORGOTTEN && ((memory >> at) & 1);
}

static inline bool uses_less(const rb_graph *g, const rb_label *a,
                             const rb_label *b)
{
    for (uint32_t r = 0; r < g->n_limits; r++)
        if (a->use[r] > b->use[r])
            return false;
    return true;
}

/* `a` is no later than `b` and worth no less. */
static inline bool dominates(const work *w, const rb_entry *a,
                             const rb_label *a_label, const rb_entry *b,
                             const rb_label *b_label)
{
    const rb_pricer *p = w->p;

    if (p->is_exact) {
        const uint64_t odd = a->odd & ~b->odd;

        if (a->memory & ~b->memory)
            return false;
        if (odd && a->value - price_of_bits(p, odd) < b->value)
            return false;
    }
    return w->g->n_limits == 0 || uses_less(w->g, a_label, b_label);
}

static uint32_t bucket_of(const work *w, int32_t clock)
{
    const int64_t k = ((int64_t)clock - w->from) / w->width;

    return k < 0 ? 0 : k >= RB_BUCKETS ? RB_BUCKETS - 1 : (uint32_t)k;
}

static void enqueue(const work *w, uint32_t id)
{
    rb_label *label = &w->h->labels.items[id];
    const uint32_t k = bucket_of(w, label->clock);

    label->next = GB_ROUTE_NONE;
    if (w->h->first[k] == GB_ROUTE_NONE)
        w->h->first[k] = id;
    else
        w->h->labels.items[w->h->last[k]].next = id;
    w->h->last[k] = id;
}

/* Put a label among those of its node, unless one of them dominates it. */
static bool settle(work *w, const rb_label *label)
{
    rb_entries *list
        = &w->h->lists[list_of(w->g, label->node, label->set)];
    const rb_label *labels = w->h->labels.items;
    rb_entry entry = { label->value, label->odd, label->clock, label->memory,
                       (uint32_t)w->h->labels.n };
    size_t i = 0, kept;

    for (; i < list->n && list->items[i].value >= entry.value; i++)
        if (list->items[i].clock <= entry.clock
            && dominates(w, &list->items[i], &labels[list->items[i].label],
                      &entry, label))
            return true;
    kept = i;
    for (size_t k = i; k < list->n; k++) {
        if (entry.clock <= list->items[k].clock
            && dominates(w, &entry, label, &list->items[k],
                      &labels[list->items[k].label]))
            w->h->labels.items[list->items[k].label].is_dead = true;
        else
            list->items[kept++] = list->items[k];
    }
    list->n = kept;
    if (w->h->labels.n >= w->p->most_labels) {
        w->is_full = true;
        return true;
    }
    if (!base_array_push(w->g->mem, &w->h->labels, *label)
        || !base_array_reserve(w->g->mem, list, 1))
        return false;
    memmove(list->items + i + 1, list->items + i,
            (list->n - i) * sizeof *list->items);
    list->items[i] = entry;
    list->n++;
    enqueue(w, entry.label);
    return true;
}

/* A label that stands at its node's door: let it in by each option. */
static bool enter(work *w, const rb_label *at_door)
{
    const rb_side *s = w->s;
    const uint32_t j = at_door->node;
    int64_t best = INT64_MIN;

    for (uint32_t o = s->first_option[j]; o < s->first_option[j + 1]; o++) {
        const rb_option *option = &s->options[o];
        rb_label label = *at_door;

        if (option->late < at_door->clock || option->gain_milli <= best)
            continue;
        if (option->early > label.clock)
            label.clock = option->early;
        if (label.clock > w->limit)
            break;
        best = option->gain_milli;
        label.value += option->gain_milli;
        if (!settle(w, &label))
            return false;
        if (w->is_full)
            return true;
    }
    return true;
}

static void visit(const rb_pricer *p, rb_label *label, uint32_t kept,
                  uint64_t odd)
{
    const uint32_t j = label->node;
    const uint32_t u = p->graph.customer[j];
    const uint64_t stays = odd & p->keep[j];

    label->memory = kept
        | UINT32_C(1) << p->memory->at[(size_t)u * p->memory->n + u];
    label->value += p->reward[j] - price_of_bits(p, stays & p->hit[j]);
    label->odd = stays ^ p->hit[j];
}

static bool begin(work *w, uint32_t j)
{
    const rb_graph *g = w->g;

    for (uint32_t set = 0; set < g->n_sets; set++) {
        rb_label label;
        bool fits = true;

        if (w->s->begin[set][j] >= RB_NEVER
            || w->s->begin[set][j] > w->limit)
            continue;
        memset(&label, 0, sizeof label);
        label.clock = w->s->begin[set][j];
        label.value = -w->s->begin_cost[j];
        label.parent = GB_ROUTE_NONE;
        label.node = j;
        label.stops = 1;
        label.set = (uint8_t)set;
        for (uint32_t r = 0; r < g->n_limits; r++) {
            label.use[r] = w->s->begin_use[r][j];
            fits = fits && label.use[r] <= g->limits[r];
        }
        visit(w->p, &label, 0, 0);
        if (fits && !enter(w, &label))
            return false;
    }
    return true;
}

/* From a label, by value: the array may move. */
static bool extend_to(work *w, const rb_label *from, uint32_t id, uint32_t j)
{
    const rb_graph *g = w->g;
    const uint32_t i = from->node;
    const size_t arc = (size_t)i * g->n + j;
    const uint32_t left = (g->n_sets - 1) & ~(uint32_t)from->set;
    rb_label label;

    if (w->s->ahead[arc] >= RB_NEVER
        || from->clock + w->s->ahead[arc] > w->limit
        || remembers(w->p, i, from->memory, j))
        return true;
    memset(&label, 0, sizeof label);
    label.node = j;
    label.parent = id;
    label.stops = (uint16_t)(from->stops + 1);
    for (uint32_t r = 0; r < g->n_limits; r++) {
        label.use[r]
            = from->use[r] + w->s->use[r][arc] + g->node_use[r][j];
        if (label.use[r] > g->limits[r])
            return true;
    }
    label.value = from->value - w->s->cost[arc];
    visit(w->p, &label, remember(w->p, i, j, from->memory), from->odd);
    for (uint32_t breaks = left;; breaks = (breaks - 1) & left) {
        rb_label late = label;

        late.clock
            = rb_graph_ready(g, w->side, i, from->clock, breaks, j);
        late.set = (uint8_t)(from->set | breaks);
        if (late.clock <= w->limit && !enter(w, &late))
            return false;
        if (breaks == 0 || w->is_full)
            return true;
    }
}

static gb_status extend_all(base_run *run, work *w, bool *is_late)
{
    for (uint32_t k = 0; k < RB_BUCKETS; k++)
        for (uint32_t id = w->h->first[k]; id != GB_ROUTE_NONE;
             id = w->h->labels.items[id].next) {
            const rb_label from = w->h->labels.items[id];
            gb_status status;

            if (from.is_dead)
                continue;
            status = base_poll_many(run, 16);
            *is_late = run->is_late;
            if (status || *is_late)
                return status;
            if (from.stops >= w->p->most_stops)
                w->is_full = true;
            for (uint32_t j = 0; j < w->g->n && !w->is_full; j++)
                if (!extend_to(w, &from, id, j))
                    return base_fail_nomem(run->ctx);
            if (w->is_full)
                return GB_OK;
        }
    return GB_OK;
}

static void find_most(const rb_graph *g, rb_half *h)
{
    for (uint32_t l = 0; l < g->n * g->n_sets; l++) {
        h->most[l] = h->lists[l].n ? h->lists[l].items[0].value
                                   : INT64_MIN / 2;
    }
}

static gb_status label_side(base_run *run, rb_pricer *p, uint32_t side,
                            int32_t limit, rb_price_end *end)
{
    const rb_graph *g = &p->graph;
    work w = { .p = p, .g = g, .s = &g->sides[side], .h = &p->halves[side],
               .side = side, .limit = limit,
               .from = side == RB_FORWARD ? g->from : -g->to };
    bool is_late = false;
    gb_status status;

    w.width = ((int64_t)limit - w.from) / RB_BUCKETS + 1;
    if (w.width < 1)
        w.width = 1;
    w.h->labels.n = 0;
    for (uint32_t l = 0; l < g->n * g->n_sets; l++)
        w.h->lists[l].n = 0;
    memset(w.h->first, 0xff, sizeof w.h->first);
    for (uint32_t j = 0; j < g->n; j++)
        if (!begin(&w, j))
            return base_fail_nomem(run->ctx);
    status = extend_all(run, &w, &is_late);
    p->n_labels += w.h->labels.n;
    if (is_late)
        *end = RB_PRICE_LATE;
    else if (w.is_full)
        *end = RB_PRICE_TOO_MANY;
    find_most(g, w.h);
    return status;
}

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
    const uint32_t kept = remember(p, i, j, f->memory);
    const uint64_t odd = f->odd & p->keep[j];
    rb_joint *joint = &p->joints[i];

    for (size_t k = 0;
         k < behind->n && value + behind->items[k].value > joint->value;
         k++) {
        const rb_entry *b = &behind->items[k];
        int64_t total = value + b->value;

        if (b->clock > -ready || (kept & b->memory))
            continue;
        total -= price_of_bits(p, odd & b->odd);
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
            const uint32_t list = list_of(g, j, after);
            int32_t ready;

            if ((after & set)
                || value + p->halves[RB_BACKWARD].most[list]
                    <= p->joints[i].value
                || remembers(p, i, f->memory, j))
                continue;
            ready = rb_graph_ready(g, RB_FORWARD, i, f->clock,
                                   (g->n_sets - 1) & ~(set | after), j);
            if (ready < RB_NEVER)
                join_list(p, f, i, j, list, ready, value);
        }
    }
}

/* A path of one side alone: it ends, or begins, with this node. */
static void join_end(rb_pricer *p, uint32_t side, uint32_t i, uint32_t set,
                     const rb_entry *e)
{
    const rb_graph *g = &p->graph;
    const rb_side *other = &g->sides[1 - side];
    const uint32_t left = (g->n_sets - 1) & ~set;
    const rb_label *label = &p->halves[side].labels.items[e->label];
    rb_joint *joint = &p->joints[side == RB_FORWARD ? i : g->n + i];
    const int64_t value = e->value - other->begin_cost[i];

    if (value <= joint->value || other->begin[left][i] >= RB_NEVER
        || e->clock > -other->begin[left][i])
        return;
    for (uint32_t r = 0; r < g->n_limits; r++)
        if (label->use[r] + other->begin_use[r][i] - g->node_use[r][i]
            > g->limits[r])
            return;
    *joint = side == RB_FORWARD
        ? (rb_joint){ value, e->label, GB_ROUTE_NONE }
        : (rb_joint){ value, GB_ROUTE_NONE, e->label };
}

static gb_status join_all(base_run *run, rb_pricer *p, rb_price_end *end)
{
    const rb_graph *g = &p->graph;

    for (uint32_t i = 0; i < 2 * g->n; i++)
        p->joints[i] = (rb_joint){ 0, GB_ROUTE_NONE, GB_ROUTE_NONE };
    for (uint32_t i = 0; i < g->n; i++)
        for (uint32_t set = 0; set < g->n_sets; set++) {
            const rb_entries *f
                = &p->halves[RB_FORWARD].lists[list_of(g, i, set)];
            const rb_entries *b
                = &p->halves[RB_BACKWARD].lists[list_of(g, i, set)];

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

gb_status rb_price(base_run *run, rb_pricer *p, uint32_t kind,
                   const rb_duals *duals, const rb_cut *cuts, uint32_t n_cuts,
                   bool is_exact, rb_price_end *end, int64_t *best)
{
    gb_status status;

    rb_graph_build(&p->graph, kind);
    if (!p->has_split[kind]) {
        p->split[kind] = p->graph.from + (p->graph.to - p->graph.from) / 2;
        p->has_split[kind] = true;
    }
    p->is_exact = is_exact;
    set_prices(p, duals, cuts, n_cuts);
    limit_stops(p);
    *end = RB_PRICE_DONE;
    *best = 0;
    status = label_side(run, p, RB_FORWARD, p->split[kind], end);
    if (status == GB_OK && *end == RB_PRICE_DONE)
        status = label_side(run, p, RB_BACKWARD, -p->split[kind] - 1, end);
    if (status == GB_OK && *end == RB_PRICE_DONE)
        status = join_all(run, p, end);
    if (status || *end != RB_PRICE_DONE)
        return status;
    for (uint32_t i = 0; i < 2 * p->graph.n; i++)
        if (p->joints[i].value > *best)
            *best = p->joints[i].value;
    if (is_exact)
        move_split(p, kind);
    return GB_OK;
}

bool rb_joint_stops(const rb_pricer *p, const rb_joint *joint, rb_stops *out)
{
    const rb_label *f = p->halves[RB_FORWARD].labels.items;
    const rb_label *b = p->halves[RB_BACKWARD].labels.items;
    const size_t n = joint->forward == GB_ROUTE_NONE
        ? 0
        : f[joint->forward].stops;
    size_t i = out->n + n;

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

uint32_t rb_cut_count(const rb_cut *cut, const uint32_t *customers, size_t n)
{
    uint32_t count = 0;
    bool is_odd = false;

    for (size_t i = 0; i < n; i++) {
        const uint32_t u = customers[i];

        if (!((cut->memory[u / 64] >> (u % 64)) & 1)) {
            is_odd = false;
            continue;
        }
        for (uint32_t k = 0; k < 3; k++)
            if (cut->customers[k] == u) {
                count += is_odd;
                is_odd = !is_odd;
            }
    }
    return count;
}

/* --- who remembers whom ---------------------------------------------------- */

static int64_t closeness(const rb_model *m, uint32_t u, uint32_t x)
{
    const gb_route_problem *p = &m->problem;
    const uint32_t a = p->client_location[m->customers[u].client];
    const uint32_t b = p->client_location[m->customers[x].client];
    const size_t n = p->n_locations;
    const int32_t *s = p->profiles[m->vehicles[0].profile].seconds;

    return (int64_t)s[a * n + b] + s[b * n + a];
}

bool rb_memory_add(rb_memory *r, uint32_t u, uint32_t x)
{
    if (r->at[(size_t)u * r->n + x] != RB_FORGOTTEN)
        return true;
    if (r->n_near[u] == RB_MOST_NEAR)
        return false;
    r->at[(size_t)u * r->n + x] = r->n_near[u];
    r->near[u * RB_MOST_NEAR + r->n_near[u]++] = x;
    return true;
}

void rb_memory_shrink(rb_memory *r)
{
    memset(r->at, RB_FORGOTTEN, (size_t)r->n * r->n);
    memset(r->n_near, 0, r->n);
    for (uint32_t u = 0; u < r->n; u++)
        (void)rb_memory_add(r, u, u);
}

static void remember_nearest(const rb_model *m, rb_memory *r, uint32_t u,
                             uint32_t n_near)
{
    (void)rb_memory_add(r, u, u);
    while (r->n_near[u] < n_near && r->n_near[u] < r->n) {
        uint32_t best = GB_ROUTE_NONE;

        for (uint32_t x = 0; x < r->n; x++)
            if (r->at[(size_t)u * r->n + x] == RB_FORGOTTEN
                && (best == GB_ROUTE_NONE
                    || closeness(m, u, x) < closeness(m, u, best)))
                best = x;
        (void)rb_memory_add(r, u, best);
    }
}

gb_status rb_memory_init(gb_context *ctx, const rb_model *m, uint32_t n_near,
                         rb_memory *r)
{
    const size_t n = m->n_customers;

    r->n = m->n_customers;
    r->near = base_alloc_array(m->mem, n * RB_MOST_NEAR, sizeof *r->near);
    r->n_near = base_alloc_zeroed(m->mem, n, 1);
    r->at = base_alloc_array(m->mem, n * n, 1);
    if (!r->near || !r->n_near || !r->at) {
        rb_memory_clear(m->mem, r);
        return base_fail_nomem(ctx);
    }
    memset(r->at, RB_FORGOTTEN, n * n);
    for (uint32_t u = 0; u < r->n; u++)
        remember_nearest(m, r, u, n_near);
    return GB_OK;
}

void rb_memory_clear(base_mem *mem, rb_memory *r)
{
    base_free(mem, r->near);
    base_free(mem, r->n_near);
    base_free(mem, r->at);
    memset(r, 0, sizeof *r);
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
    ok = p->split && p->has_split && p->joints && p->reward && p->hit
        && p->keep;
    for (uint32_t d = 0; d < 2 && ok; d++) {
        rb_half *h = &p->halves[d];

        h->lists = base_alloc_zeroed(m->mem, n * RB_MOST_SETS,
                                     sizeof *h->lists);
        h->most
            = base_alloc_array(m->mem, n * RB_MOST_SETS, sizeof *h->most);
        ok = h->lists && h->most;
    }
    if (ok)
        return GB_OK;
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
             l++)
            base_array_clear(mem, &h->lists[l]);
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
    rb_graph_clear(&p->graph);
}
