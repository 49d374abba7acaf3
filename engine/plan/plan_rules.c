/*
 * plan_rules.c - what people have decided about territories, as it binds the
 * ones to be made (plan_division.h).  Pairs and bars are taken where a branch
 * is divided (plan_split.c).
 */
#include "plan_division.h"

#include <string.h>

static uint32_t grid_named(const plan_division *d, const char *ref)
{
    for (uint32_t g = 0; g < d->grids.n; g++)
        if (strcmp(d->grids.items[g].ref, ref) == 0)
            return g;
    return STORE_NONE;
}

static gb_status tell_gone(plan_division *d, const store_ground_rule *rule)
{
    const char *english
        = rule->kind == STORE_RULE_LOCK
              ? GB_N("cell %s is locked to a territory that is no more (%s): "
                     "the lock binds nobody")
              : GB_N("frozen is a territory that is no more (%s%s): that "
                     "binds nobody");
    base_text text;
    json_t *row = NULL;
    gb_status status;

    base_text_init(&text, d->data->run->mem);
    base_text_format(&text, base_lang_text(d->data->run->ctx->lang, english),
                     rule->cell_ref, rule->territory);
    status = text.is_short
                 ? base_fail_nomem(d->data->run->ctx)
                 : plan_json(d->data->run,
                             json_pack("{s:s, s:s?}", "text", text.chars,
                                       "cell",
                                       *rule->cell_ref ? rule->cell_ref
                                                       : NULL),
                             &row);
    base_text_clear(&text);
    if (!status && json_array_append_new(d->findings, row))
        status = base_fail_nomem(d->data->run->ctx);
    return status;
}

/* A lock without a territory means the one that the cell is in. */
static gb_status take_lock(plan_division *d, const store_ground_rule *rule)
{
    uint32_t grid;

    if (rule->cell == STORE_NONE)
        return GB_OK; /* its place is in no cell of now */
    grid = *rule->territory ? grid_named(d, rule->territory)
                            : d->previous[rule->cell];
    if (grid >= d->grids.n) /* GB_GRID_NONE too */
        return *rule->territory || d->has_previous ? tell_gone(d, rule)
                                                   : GB_OK;
    d->lock_of[rule->cell] = grid;
    return GB_OK;
}

static gb_status take_freeze(plan_division *d, const store_ground_rule *rule)
{
    const uint32_t grid = grid_named(d, rule->territory);

    if (!d->has_previous)
        return GB_OK; /* afresh: there is nothing to keep */
    if (grid == STORE_NONE)
        return tell_gone(d, rule);
    d->is_frozen[grid] = 1;
    return GB_OK;
}

gb_status plan_rules_find(plan_division *d)
{
    gb_status status
        = store_load_ground_rules(d->data->ws, &d->data->cells,
                                  &d->data->managers, &d->rules);

    d->lock_of
        = plan_division_take(d, d->data->cells.n, sizeof *d->lock_of);
    d->is_frozen = plan_division_take(d, d->grids.n, 1);
    if (!status && (!d->lock_of || !d->is_frozen))
        return GB_ERR_NOMEM;
    if (!status)
        memset(d->lock_of, 0xff, d->data->cells.n * sizeof *d->lock_of);
    for (size_t i = 0; i < d->rules.n && !status; i++) {
        const store_ground_rule *rule = &d->rules.items[i];

        if (rule->kind == STORE_RULE_LOCK)
            status = take_lock(d, rule);
        else if (rule->kind == STORE_RULE_FREEZE)
            status = take_freeze(d, rule);
    }
    /* The cells of a frozen territory stay with its branch. */
    for (size_t c = 0; c < d->data->cells.n && !status; c++)
        if (d->previous[c] < d->grids.n && d->is_frozen[d->previous[c]]
            && d->lock_of[c] == STORE_NONE)
            d->lock_of[c] = d->previous[c];
    return status;
}
