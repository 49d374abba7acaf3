/*
 * plan_presence_fill.c - the chances to meet the targets of a plan.
 */
#include "plan_presence.h"

#include <math.h>
#include <string.h>

#include "plan_data.h"

enum { PERMILLE = 1000 };

gb_status plan_presence_suppose(plan_data *data, const gb_score_card *card,
                                const gb_score_table *table,
                                int16_t *permille)
{
    const size_t n = data->targets.n * gb_score_card_n_slots(card);
    const gb_status status = plan_take(
        data, gb_score_presence(&data->quiet, card, table, permille));

    if (!status && n > 0)
        memcpy(permille + n, permille, n * sizeof *permille);
    return status;
}

static void apply(const plan_data *data, const plan_presence *learnt,
                  const uint32_t *profiles, int16_t *to)
{
    for (int kind = 0; kind < PLAN_DAY_KINDS; kind++)
        for (size_t t = 0; t < data->targets.n; t++) {
            const store_target *target = &data->targets.items[t];
            const plan_presence_who who
                = { profiles[t],
                    target->place == STORE_NONE
                        ? 0 : data->places.items[target->place].id,
                    target->id };

            for (size_t s = 0; s < learnt->n_slots; s++)
                *to++ = (int16_t)lround(
                    plan_presence_at(learnt, &who, kind, s) * PERMILLE);
        }
}

gb_status plan_presence_fill(plan_data *data, const gb_score_card *card,
                             int16_t *permille, json_t **summary)
{
    const plan_presence_source from
        = { .ws = data->ws, .run = data->run, .quiet = &data->quiet,
            .card = card, .on = data->settings->on };
    plan_presence learnt = { 0 };
    store_ids ids = { 0 };
    uint32_t *profiles = base_alloc_array(data->run->mem, data->targets.n,
                                          sizeof *profiles);
    gb_status status = profiles ? plan_presence_learn(&from, &learnt)
                                : base_fail_nomem(data->run->ctx);

    if (!status)
        status = store_ids_build(data->ws, data->targets.items,
                                 data->targets.n, sizeof(store_target), &ids);
    if (!status)
        status = plan_presence_profiles(&from, &ids, profiles);
    if (!status)
        apply(data, &learnt, profiles, permille);
    if (!status)
        status = plan_presence_save(&learnt, &ids);
    if (!status)
        status = plan_json(data->run, plan_presence_summary(&learnt),
                           summary);
    store_ids_clear(&ids);
    plan_presence_clear(&learnt);
    base_free(data->run->mem, profiles);
    return status;
}
