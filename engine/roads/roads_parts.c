/*
 * roads_parts.c - strongly connected parts, without recursion.
 *
 * R. E. Tarjan, Depth-first search and linear graph algorithms, SIAM J.
 * Comput. 1 (1972), doi:10.1137/0201010.  `low` is LOWLINK; a node that has
 * got its part has low NONE, which stands for "not on the stack".
 */
#include <string.h>

#include "roads_states.h"

typedef struct search {
    const uint32_t *first, *heads;
    uint32_t *number, *low, *next_arc, *path, *stack, *part;
    uint32_t n_numbered;
    size_t n_path, n_stack, n_parts;
} search;

static void enter(search *s, uint32_t v)
{
    s->number[v] = s->low[v] = s->n_numbered++;
    s->next_arc[v] = s->first[v];
    s->path[s->n_path++] = v;
    s->stack[s->n_stack++] = v;
}

/* All arcs of v are done: close its part if v is the root of one. */
static void leave(search *s, uint32_t v)
{
    const uint32_t low = s->low[v];
    uint32_t w;

    s->n_path--;
    if (low == s->number[v]) {
        do {
            w = s->stack[--s->n_stack];
            s->part[w] = (uint32_t)s->n_parts;
            s->low[w] = ROADS_NONE;
        } while (w != v);
        s->n_parts++;
    } else if (s->n_path > 0 && low < s->low[s->path[s->n_path - 1]]) {
        s->low[s->path[s->n_path - 1]] = low;
    }
}

static void visit(search *s, uint32_t root)
{
    enter(s, root);
    while (s->n_path > 0) {
        const uint32_t v = s->path[s->n_path - 1];

        if (s->next_arc[v] == s->first[v + 1]) {
            leave(s, v);
            continue;
        }
        const uint32_t w = s->heads[s->next_arc[v]++];

        if (s->number[w] == ROADS_NONE)
            enter(s, w);
        else if (s->low[w] != ROADS_NONE && s->number[w] < s->low[v])
            s->low[v] = s->number[w];
    }
}

bool roads_parts_find(base_mem *mem, size_t n_nodes, const uint32_t *first,
                      const uint32_t *heads, uint32_t *part, size_t *n_parts)
{
    uint32_t *work = base_alloc_array(mem, n_nodes, 5 * sizeof *work);
    search s = { .first = first, .heads = heads, .part = part };

    if (!work)
        return false;
    s.number = work;
    s.low = work + n_nodes;
    s.next_arc = work + 2 * n_nodes;
    s.path = work + 3 * n_nodes;
    s.stack = work + 4 * n_nodes;
    memset(s.number, 0xff, n_nodes * sizeof *s.number);
    for (size_t v = 0; v < n_nodes; v++)
        if (s.number[v] == ROADS_NONE)
            visit(&s, (uint32_t)v);
    *n_parts = s.n_parts;
    base_free(mem, work);
    return true;
}
