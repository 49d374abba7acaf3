/*
 * route_bound_list.c - the labels of a node, and which of them dominates
 * which: see route_bound_work.h.
 */
#include <string.h>

#include "route_bound_work.h"

static inline bool uses_less(const rb_work *w, const rb_label *a,
                             const rb_label *b)
{
    for (uint32_t r = 0; r < w->n_limits; r++)
        if (a->use[r] > b->use[r])
            return false;
    return true;
}

/* What the span of `a` has to be worth behind its clock to hold that of `b`,
 * which pays `more` for cuts. */
static inline int64_t behind(const rb_entry *a, const rb_entry *b,
                             int64_t more)
{
    return more + (a->clock == b->clock ? b->late_value : b->value);
}

/* Who is early may find a lower prize: whether the span of `a`, widened where
 * it still can be, holds that of `b`. */
static inline bool takes_in(const rb_work *w, const rb_entry *a,
                            const rb_label *a_label, const rb_entry *b,
                            int64_t more)
{
    if (a->clock >= w->g->last_jump)
        return true;
    if (w->p->is_bold)
        return b->clock - a->clock <= RB_LEAD;
    return (b->late <= a->late && behind(a, b, more) <= a->late_value)
        || (b->late - a->clock <= w->slack && !a_label->is_done);
}

/* `a` is no later than `b` and worth no less. */
static inline bool dominates(const rb_work *w, const rb_entry *a,
                             const rb_label *a_label, const rb_entry *b,
                             const rb_label *b_label)
{
    const rb_pricer *p = w->p;

    const uint64_t odd = a->odd & ~b->odd;

    const int64_t more = odd ? rb_price_of_bits(p, odd) : 0;

    if (a->memory & ~b->memory)
        return false;
    if (p->is_strict && !takes_in(w, a, a_label, b, more))
        return false;
    if (a->value - more < b->value)
        return false;
    return w->n_limits == 0 || uses_less(w, a_label, b_label);
}

static uint32_t bucket_of(const rb_work *w, int32_t clock)
{
    const int64_t k = ((int64_t)clock - w->from) / w->width;

    return k < 0 ? 0 : k >= RB_BUCKETS ? RB_BUCKETS - 1 : (uint32_t)k;
}

static void enqueue(const rb_work *w, uint32_t id)
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

/* Of one side, with labels to compare to: a second or less. */
static const uint64_t MOST_BLOCKS = 20000000;

/* Room for one more. */
static bool grow(base_mem *mem, rb_entries *list)
{
    const size_t wanted = list->capacity + list->capacity / 2 + RB_BLOCK;
    rb_entry *items;
    int32_t *clocks;
    uint32_t *memories;

    if (list->n < list->capacity)
        return true;
    items = base_realloc_array(mem, list->items, wanted, sizeof *items);
    if (!items)
        return false;
    list->items = items;
    clocks = base_realloc_array(mem, list->clocks, wanted + RB_BLOCK,
                                sizeof *clocks);
    if (!clocks)
        return false;
    list->clocks = clocks;
    memories = base_realloc_array(mem, list->memories, wanted + RB_BLOCK,
                                  sizeof *memories);
    if (!memories)
        return false;
    list->memories = memories;
    for (size_t k = list->capacity; k < wanted + RB_BLOCK; k++) {
        clocks[k] = 0;
        memories[k] = 0;
    }
    list->capacity = wanted;
    return true;
}

/* So many are worth no less. */
static size_t count_above(const rb_entries *list, int64_t value)
{
    size_t low = 0, high = list->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (list->items[middle].value >= value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether a block holds one no later that remembers no more: a loop without
 * branches, for the compiler to do at a stroke. */
static inline bool may_dominate(const rb_entries *list, size_t k,
                                int32_t clock, uint32_t memory)
{
    uint32_t any = 0;

    for (size_t i = 0; i < RB_BLOCK; i++)
        any |= (uint32_t)(list->clocks[k + i] <= clock)
            & (uint32_t)((list->memories[k + i] & ~memory) == 0);
    return any != 0;
}

static inline bool may_be_dominated(const rb_entries *list, size_t k,
                                    int32_t clock, uint32_t memory)
{
    uint32_t any = 0;

    for (size_t i = 0; i < RB_BLOCK; i++)
        any |= (uint32_t)(list->clocks[k + i] >= clock)
            & (uint32_t)((memory & ~list->memories[k + i]) == 0);
    return any != 0;
}

/* The span of `a` holds that of `b` from now on. */
static void take_in(const rb_work *w, rb_entry *a, const rb_entry *b)
{
    const uint64_t odd = a->odd & ~b->odd;
    const int64_t value
        = behind(a, b, odd ? rb_price_of_bits(w->p, odd) : 0);

    if (!w->p->is_strict || w->p->is_bold || a->clock >= w->g->last_jump)
        return;
    if (b->stops > a->stops)
        a->stops = b->stops;
    if (b->late > a->late)
        a->late = b->late;
    if (value <= a->late_value)
        return;
    a->late_value = value;
    a->late_parent = a->clock == b->clock ? b->late_parent : b->parent;
}

static void write_span(const rb_work *w, const rb_entry *a)
{
    rb_label *label = &w->h->labels.items[a->label];

    label->late = a->late;
    label->late_value = a->late_value;
    label->late_parent = a->late_parent;
    label->stops = a->stops;
}

static bool is_dominated(rb_work *w, rb_entries *list, const rb_entry *entry,
                         const rb_label *label)
{
    for (size_t k = 0; k < list->n && list->items[k].value >= entry->value;
         k += RB_BLOCK) {
        const size_t end
            = k + RB_BLOCK < list->n ? k + RB_BLOCK : list->n;

        w->n_blocks++;
        if (!may_dominate(list, k, entry->clock, entry->memory))
            continue;
        for (size_t i = k;
             i < end && list->items[i].value >= entry->value; i++)
            if (list->clocks[i] <= entry->clock
                && dominates(w, &list->items[i],
                             &w->h->labels.items[list->items[i].label], entry,
                             label)) {
                take_in(w, &list->items[i], entry);
                write_span(w, &list->items[i]);
                return true;
            }
    }
    return false;
}

/* Those from `first` on that it dominates go; it takes their spans in. */
static void drop_dominated(const rb_work *w, rb_entries *list, size_t first,
                           rb_entry *entry, const rb_label *label)
{
    rb_label *labels = w->h->labels.items;
    size_t kept;

    while (first < list->n
           && !may_be_dominated(list, first, entry->clock, entry->memory))
        first += RB_BLOCK;
    kept = first;
    for (size_t k = first; k < list->n; k++) {
        if (entry->clock <= list->clocks[k]
            && dominates(w, entry, label, &list->items[k],
                         &labels[list->items[k].label])) {
            labels[list->items[k].label].is_dead = true;
            take_in(w, entry, &list->items[k]);
            continue;
        }
        list->items[kept] = list->items[k];
        list->clocks[kept] = list->clocks[k];
        list->memories[kept++] = list->memories[k];
    }
    if (first < list->n)
        list->n = kept;
}

static void insert(rb_entries *list, size_t at, const rb_entry *entry)
{
    const size_t n = list->n - at;

    memmove(list->items + at + 1, list->items + at, n * sizeof *list->items);
    memmove(list->clocks + at + 1, list->clocks + at,
            n * sizeof *list->clocks);
    memmove(list->memories + at + 1, list->memories + at,
            n * sizeof *list->memories);
    list->items[at] = *entry;
    list->clocks[at] = entry->clock;
    list->memories[at] = entry->memory;
    list->n++;
}

/* Where clock and value alone are compared, of two labels the later one is
 * worth more: a look at one neighbour tells. */
static bool is_dominated_flatly(const rb_work *w, const rb_entries *list,
                                const rb_entry *entry)
{
    const size_t at = count_above(list, entry->value);
    /* Without proof hardly earlier is no earlier. */
    const int64_t near = w->p->is_exact ? 0 : w->width;

    return at > 0 && list->clocks[at - 1] <= entry->clock + near;
}

static void drop_dominated_flatly(const rb_work *w, rb_entries *list,
                                  size_t first, const rb_entry *entry)
{
    size_t end = first;
    const size_t left = list->n;

    while (end < left && list->clocks[end] >= entry->clock)
        w->h->labels.items[list->items[end++].label].is_dead = true;
    if (end == first)
        return;
    memmove(list->items + first, list->items + end,
            (left - end) * sizeof *list->items);
    memmove(list->clocks + first, list->clocks + end,
            (left - end) * sizeof *list->clocks);
    memmove(list->memories + first, list->memories + end,
            (left - end) * sizeof *list->memories);
    list->n = left - (end - first);
}

bool rb_settle(rb_work *w, const rb_label *label)
{
    rb_entries *list
        = &w->h->lists[rb_list_of(w->g, label->node, label->set)];
    rb_entry entry = { label->value, label->odd, label->clock, label->late,
                       label->late_value, label->memory,
                       (uint32_t)w->h->labels.n, label->parent,
                       label->late_parent, label->stops };
    size_t at;

    if (w->is_flat ? is_dominated_flatly(w, list, &entry)
                   : is_dominated(w, list, &entry, label))
        return true;
    at = count_above(list, entry.value);
    if (w->is_flat)
        drop_dominated_flatly(w, list, at, &entry);
    else
        drop_dominated(w, list, at, &entry, label);
    if (w->h->labels.n - w->n_apart >= w->most_labels || w->n_blocks >= MOST_BLOCKS) {
        w->is_full = true;
        return true;
    }
    if (!base_array_push(w->g->mem, &w->h->labels, *label)
        || !grow(w->g->mem, list))
        return false;
    write_span(w, &entry);
    insert(list, at, &entry);
    enqueue(w, entry.label);
    return true;
}
