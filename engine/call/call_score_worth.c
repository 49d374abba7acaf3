/*
 * call_score_worth.c - what the points of a target's card came to: the chance,
 * what is at stake, how urgent it is, and what of it has moved.
 */
#include "call_score_worth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "call_steps.h"
#include "store_save.h"

static gb_status load(call *c, const char *day, base_arena *arena,
                      store_value *out)
{
    base_run run;
    gb_status status;

    call_enter_store(c, &run);
    status = store_load_value(c->workspace, store_day_parse(day),
                              call_text(c, "customer"), arena, out);
    return call_leave_store(c, &run, status);
}

/* The title of a part in a list of the card; its name where it has none. */
static const char *title_of(const call *c, const json_t *list,
                            const char *name)
{
    const char *key
        = c->ctx->lang == BASE_LANG_ZH ? "title_zh" : "title_en";

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *part = json_array_get(list, i);
        const char *own = json_string_value(json_object_get(part, "name"));
        const char *title = json_string_value(json_object_get(part, key));

        if (own && title && strcmp(own, name) == 0)
            return title;
    }
    return name;
}

/* Parts of one kind: those that count now or counted then. */
static void add_parts(const call *c, const json_t *titles, const json_t *now,
                      const json_t *was, json_t *list)
{
    const char *name;
    json_t *fen;

    json_object_foreach((json_t *)(uintptr_t)now, name, fen) {
        const json_int_t is = json_integer_value(fen);
        const json_int_t then = json_integer_value(json_object_get(was, name));
        json_t *row;

        if (is == 0 && then == 0)
            continue;
        row = json_pack("{s:s, s:s, s:I}", "part", name, "title",
                        title_of(c, titles, name), "at_stake_fen", is);
        if (was)
            call_put(row, "moved_fen", json_integer(is - then));
        call_put(list, NULL, row);
    }
}

static void put_parts(call *c, const json_t *card, const store_value *now,
                      const store_value *was, json_t *result)
{
    json_t *is = json_loads(now->parts_json, 0, NULL);
    json_t *then = was->is_there ? json_loads(was->parts_json, 0, NULL) : NULL;
    json_t *list = json_array();

    add_parts(c,
              json_object_get(json_object_get(card, "contribution"), "parts"),
              json_object_get(is, "at_stake"),
              json_object_get(then, "at_stake"), list);
    call_put(result, "value_parts", list);
    json_decref(is);
    json_decref(then);
}

gb_status call_score_put_worth(call *c, const json_t *card, const char *day,
                               const char *before, json_t *result)
{
    store_value now = { .is_there = false }, was = { .is_there = false };
    base_arena arena;
    gb_status status;

    base_arena_init(&arena, c->mem);
    status = load(c, day, &arena, &now);
    if (!status && before)
        status = load(c, before, &arena, &was);
    if (!status && now.is_there)
        call_put(result, "card_points", json_integer(now.card_points));
    if (!status && now.is_there && was.is_there)
        call_put(result, "card_moved",
                 json_integer(now.card_points - was.card_points));
    if (!status && now.is_there && !isnan(now.chance)) {
        call_put(result, "chance", json_real(now.chance));
        call_put(result, "at_stake_fen", json_integer(now.at_stake_fen));
        call_put(result, "urgency", json_real(now.urgency));
        put_parts(c, card, &now, &was, result);
    }
    if (!status && now.is_there)
        call_put(result, "box", call_text_json(now.box));
    if (!status && was.is_there && !isnan(was.chance)) {
        call_put(result, "was_chance", json_real(was.chance));
        call_put(result, "was_at_stake_fen", json_integer(was.at_stake_fen));
        call_put(result, "was_urgency", json_real(was.urgency));
    }
    base_arena_clear(&arena);
    return status;
}
