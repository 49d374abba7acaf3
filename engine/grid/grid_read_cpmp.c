/*
 * grid_read_cpmp.c - the capacitated p-median, as OR-Library's pmedcap, the
 * sets of L. Lorena and those made of u724 have it:
 *
 *   50 5                  nodes, medians
 *   2 62 120 3            x, y, what the node holds as a median, its demand
 *
 * Nothing is adjacent to anything.
 */
#include "grid_door.h"
#include "grid_read.h"

static const double MOST_METRES = 1e8;
/* Whole numbers that a real one holds, and some headroom. */
enum { MOST_AMOUNT = 1000000000 };

static gb_status read_header(grid_words *words, grid_file *f)
{
    const size_t n_bytes = (size_t)(words->end - words->at);
    const size_t most = n_bytes < GRID_MOST_AREAS ? n_bytes : GRID_MOST_AREAS;
    gb_status status
        = grid_words_need_line(words, GB_N("the number of nodes"));

    if (!status)
        status = grid_words_need_count(words, GB_N("the number of nodes"),
                                       most, &f->facts.n_areas);
    if (!status && f->facts.n_areas == 0)
        status = grid_words_fail(words, base_fail(words->run->ctx,
                                                  GB_ERR_PARSE, "no nodes"));
    if (!status)
        status = grid_words_need_count(words, GB_N("the number of medians"),
                                       f->facts.n_areas,
                                       &f->facts.n_territories);
    return status ? status : grid_words_need_end(words);
}

static gb_status read_node(grid_words *words, grid_file *f, size_t a)
{
    gb_point *at = &f->centres[a];
    size_t capacity = 0, demand = 0;
    gb_status status = grid_words_need_line(words, GB_N("a node"));

    if (!status)
        status = grid_words_need_real(words, "x", -MOST_METRES, MOST_METRES,
                                      &at->x_m);
    if (!status)
        status = grid_words_need_real(words, "y", -MOST_METRES, MOST_METRES,
                                      &at->y_m);
    if (!status)
        status = grid_words_need_count(words, GB_N("a capacity"), MOST_AMOUNT,
                                       &capacity);
    if (!status)
        status = grid_words_need_count(words, GB_N("a demand"), MOST_AMOUNT,
                                       &demand);
    f->capacities[a] = (double)capacity;
    f->activity[a] = (double)demand;
    return status ? status : grid_words_need_end(words);
}

gb_status grid_read_cpmp(grid_words *words, grid_file *f)
{
    grid_edges none = BASE_ARRAY_INIT;
    gb_status status = read_header(words, f);
    const size_t n = f->facts.n_areas;

    f->facts.format = GB_AREA_FORMAT_CPMP;
    f->areas.n_measures = 1;
    if (status)
        return status;
    f->centres = base_alloc_zeroed(f->mem, n, sizeof *f->centres);
    f->capacities = base_alloc_array(f->mem, n, sizeof *f->capacities);
    f->activity = base_alloc_array(f->mem, n, sizeof *f->activity);
    if (!f->centres || !f->capacities || !f->activity)
        return base_fail_nomem(words->run->ctx);
    for (size_t a = 0; !status && a < n; a++)
        status = read_node(words, f, a);
    if (!status && grid_words_line(words))
        status = grid_words_fail(words, base_fail(words->run->ctx,
            GB_ERR_PARSE, "more lines than the %zu nodes of the header", n));
    if (!status)
        status = grid_file_rows(words, f, &none);
    return status ? status : grid_file_finish(words->run, f);
}
