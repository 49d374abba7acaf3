/*
 * plan_parting.c - see plan_parting.h.
 */
#include "plan_parting.h"

#include <gridbeat/grid.h>
#include <string.h>

enum { MOST_TOLD = 20 };

static size_t count(const plan_ground *ground, const uint8_t *barriers,
                    gb_barrier which)
{
    size_t n = 0;

    for (size_t i = 0; i < ground->first_neighbour[ground->n_cells]; i++)
        n += barriers[i] == which;
    return n / 2; /* each pair stands in two rows */
}

gb_status plan_parting_find(base_run *run, const plan_ground *ground,
                            plan_parting *out)
{
    const size_t n = ground->first_neighbour[ground->n_cells];
    gb_status status;

    memset(out, 0, sizeof *out);
    if (!ground->crossings)
        return GB_OK;
    out->barriers = base_alloc_zeroed(run->mem, n, sizeof *out->barriers);
    if (!out->barriers)
        return base_fail_nomem(run->ctx);
    status = plan_barriers(run, ground, out->barriers, &out->joined);
    out->n_hard = count(ground, out->barriers, GB_BARRIER_HARD);
    out->n_soft = count(ground, out->barriers, GB_BARRIER_SOFT);
    return status;
}

void plan_parting_clear(base_mem *mem, plan_parting *parting)
{
    base_free(mem, parting->barriers);
    base_array_clear(mem, &parting->joined);
}

gb_status plan_parting_lift(base_run *run, const plan_ground *ground,
                            const plan_parting *parting, plan_parting *out)
{
    const size_t n = ground->first_neighbour[ground->n_cells];

    memset(out, 0, sizeof *out);
    out->is_lifted = true;
    out->n_soft = parting->n_soft + parting->n_hard;
    out->barriers = base_alloc_array(run->mem, n, sizeof *out->barriers);
    if (!out->barriers)
        return base_fail_nomem(run->ctx);
    memcpy(out->barriers, parting->barriers, n * sizeof *out->barriers);
    for (uint32_t c = 0; c < ground->n_cells; c++) {
        for (uint32_t i = ground->first_neighbour[c];
             i < ground->first_neighbour[c + 1]; i++) {
            const plan_joined joined
                = { c, ground->neighbour[i], ground->border_m[i] };

            if (out->barriers[i] != GB_BARRIER_HARD)
                continue;
            out->barriers[i] = GB_BARRIER_SOFT;
            if (joined.a < joined.b
                && !base_array_push(run->mem, &out->joined, joined))
                return base_fail_nomem(run->ctx);
        }
    }
    return GB_OK;
}

/* A sentence about the border of two cells, with their names. */
static gb_status tell(plan_data *data, const plan_parting *parting,
                      const plan_joined *joined, json_t *list)
{
    const char *english
        = parting->is_lifted
              ? GB_N("no street leads on foot from %s to %s (%lld m of "
                     "border), but with such borders kept the work cannot be "
                     "shared within the tolerance")
              : GB_N("no street leads on foot from %s to %s (%lld m of "
                     "border), but apart one of the two sides has no work for "
                     "a whole number of managers");
    const char *a = data->cells.refs[joined->a];
    const char *b = data->cells.refs[joined->b];
    base_text text;
    json_t *row = NULL;
    gb_status status;

    base_text_init(&text, data->run->mem);
    base_text_format(&text, base_lang_text(data->run->ctx->lang, english), a,
                     b, (long long)joined->border_m);
    status = text.is_short
                 ? base_fail_nomem(data->run->ctx)
                 : plan_json(data->run,
                             json_pack("{s:s, s:s, s:s, s:I}", "text",
                                       text.chars, "cell", a, "other_cell", b,
                                       "border_m",
                                       (json_int_t)joined->border_m),
                             &row);
    base_text_clear(&text);
    if (!status && json_array_append_new(list, row))
        status = base_fail_nomem(data->run->ctx);
    return status;
}

gb_status plan_parting_tell(plan_data *data, const plan_parting *parting,
                            const uint32_t *owners, json_t *list)
{
    size_t n_told = 0;
    gb_status status = GB_OK;

    for (size_t i = 0; i < parting->joined.n && n_told < MOST_TOLD && !status;
         i++) {
        const plan_joined *joined = &parting->joined.items[i];

        if (owners[joined->a] != owners[joined->b])
            continue;
        n_told++;
        status = tell(data, parting, joined, list);
    }
    return status;
}
