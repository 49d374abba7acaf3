/*
 * call_methods.c - the table of all methods, and its description as data.
 *
 * A group is the table of one file call_<noun>.c; adding a noun is a line in
 * the declarations and one in the list.  The order is the order of `--help`.
 */
#include "call_door.h"
#include "call_groups.h"

#include <stdio.h>
#include <string.h>

static const call_group *const groups[] = {
    &call_workspace_group,
    &call_import_group,
    &call_roads_group,
    &call_segment_group,
    &call_tag_group,
    &call_clusters_group,
    &call_spots_group,
    &call_world_group,
    &call_nightly_group,
    &call_score_fit_group,
    &call_score_presence_group,
    &call_score_policies_group,
    &call_score_feedback_group,
    &call_score_calibrate_group,
    &call_score_card_group,
    &call_score_check_group,
    &call_score_explain_group,
    &call_score_value_group,
    &call_score_return_group,
    &call_score_tier_group,
    &call_score_why_group,
    &call_territory_group,
    &call_territory_diff_group,
    &call_territory_edit_group,
    &call_territory_handover_group,
    &call_territory_life_group,
    &call_territory_rules_group,
    &call_territory_solve_group,
    &call_territory_at_group,
    &call_density_group,
    &call_lead_group,
    &call_territory_bound_group,
    &call_route_solve_group,
    &call_route_check_group,
    &call_route_bound_group,
    &call_route_reasons_group,
    &call_route_replan_group,
    &call_route_suggest_group,
    &call_route_convert_group,
    &call_report_group,
    &call_report_ground_group,
    &call_about_group,
};

const call_method *call_method_at(size_t i)
{
    for (size_t g = 0; g < COUNT_OF(groups); g++) {
        if (i < groups[g]->n)
            return &groups[g]->methods[i];
        i -= groups[g]->n;
    }
    return NULL;
}

const call_method *call_method_find(const char *name)
{
    const call_method *method;

    for (size_t i = 0; (method = call_method_at(i)) != NULL; i++)
        if (strcmp(method->name, name) == 0)
            return method;
    return NULL;
}

/* Absent where there is no text, so that a reader sees only what there is. */
static bool put_text(json_t *object, const char *key, const char *text)
{
    return !text || call_put(object, key, json_string(text));
}

static bool put_words(const call *c, json_t *object, const char *key,
                      const char *english)
{
    return put_text(object, key, english ? call_words(c, english) : NULL);
}

static json_t *describe_choices(const char *choices)
{
    json_t *list = json_array();

    for (const char *from = choices; list && from;) {
        const char *end = strchr(from, '|');
        const size_t n = end ? (size_t)(end - from) : strlen(from);

        json_array_append_new(list, json_stringn(from, n));
        from = end ? end + 1 : NULL;
    }
    return list;
}

static json_t *describe_param(const call *c, const call_param *p)
{
    json_t *object = json_pack("{s:s, s:s, s:b, s:b}", "name", p->name,
                               "type", call_type_name(p->type), "required",
                               (int)p->is_required, "positional",
                               (int)p->is_positional);

    put_text(object, "unit", p->unit);
    if (p->choices)
        call_put(object, "choices", describe_choices(p->choices));
    put_text(object, "default", p->fallback);
    if (p->min < p->max) {
        call_put(object, "min", json_integer(p->min));
        if (p->max < INT64_MAX)
            call_put(object, "max", json_integer(p->max));
    }
    return put_words(c, object, "help", p->help) ? object : NULL;
}

static json_t *describe_params(const call *c, const call_param *params,
                               size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        if (json_array_append_new(list, describe_param(c, &params[i]))) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static const char *show_name(call_show show)
{
    static const char *const names[]
        = { "plain", "id", "fen", "s", "clock", "m", "ratio", "seconds",
            "bytes", "times" };

    return names[show];
}

/* A key that ends in _LANG means that of the caller's language. */
static json_t *describe_column(const call *c, const call_column *column)
{
    const char *lang = strstr(column->key, "_LANG");
    char key[64];

    snprintf(key, sizeof key, "%.*s%s%s",
             (int)(lang ? lang - column->key : 60), column->key,
             lang ? "_" : "", lang ? gb_context_lang(c->ctx) : "");
    return json_pack("{s:s, s:s, s:s}", "key", key, "title",
                     call_words(c, column->title), "show",
                     show_name(column->show));
}

static json_t *describe_block(const call *c, const call_block *block)
{
    json_t *object = json_object(), *columns = NULL;

    put_text(object, "when", block->when);
    put_words(c, object, "text", block->text);
    put_text(object, "rows", block->rows);
    if (block->most > 0)
        call_put(object, "most", json_integer((json_int_t)block->most));
    if (block->n_columns > 0)
        columns = json_array();
    for (size_t i = 0; i < block->n_columns; i++) {
        if (json_array_append_new(columns,
                                  describe_column(c, &block->columns[i]))) {
            json_decref(columns);
            json_decref(object);
            return NULL;
        }
    }
    if (columns)
        call_put(object, "columns", columns);
    return object;
}

static json_t *describe_method(const call *c, const call_method *method)
{
    static const char *const workspaces[] = { "none", "reads", "writes" };
    json_t *blocks = json_array();

    for (size_t i = 0; i < method->n_blocks; i++)
        if (json_array_append_new(blocks,
                                  describe_block(c, &method->blocks[i]))) {
            json_decref(blocks);
            return NULL;
        }
    return json_pack("{s:s, s:s, s:s, s:b, s:o, s:o}", "name", method->name,
                     "help", call_words(c, method->help), "workspace",
                     workspaces[method->workspace], "scoped",
                     (int)method->is_scoped, "params",
                     describe_params(c, method->params, method->n_params),
                     "show", blocks);
}

gb_status call_describe_all(call *c, json_t **result)
{
    json_t *list = json_array();
    const call_method *method;

    for (size_t i = 0; (method = call_method_at(i)) != NULL; i++)
        if (json_array_append_new(list, describe_method(c, method))) {
            json_decref(list);
            return base_fail_nomem(c->ctx);
        }
    return call_result(c, result,
                       json_pack("{s:s, s:o, s:o}", "version", gb_version(),
                                 "methods", list, "common",
                                 describe_params(c, call_common_params,
                                                 call_n_common_params)));
}
