/*
 * call_score_model.c - see call_score_model.h.
 */
#include "call_score_model.h"

#include <string.h>

#include "call_file.h"
#include "report_file.h"

/* ---- out ---- */

static json_t *edges_json(const gb_behaviour_model *model, char *names,
                          size_t size)
{
    json_t *list = json_array();

    names[0] = '\0';
    for (size_t i = 0; gb_behaviour_param(model->kind, i); i++) {
        const char *name = gb_behaviour_param(model->kind, i);

        if (!(model->at_edge >> i & 1))
            continue;
        call_put(list, NULL, json_string(name));
        if (names[0])
            strncat(names, ", ", size - strlen(names) - 1);
        strncat(names, name, size - strlen(names) - 1);
    }
    return list;
}

json_t *score_model_json(const gb_behaviour_model *model)
{
    json_t *params = json_object(), *list = json_array(), *edges;
    char names[64];

    for (size_t i = 0; gb_behaviour_param(model->kind, i); i++) {
        const char *name = gb_behaviour_param(model->kind, i);

        call_put(params, name, json_real(model->params[i]));
        call_put(list, NULL, json_pack("{s:s, s:f}", "name", name, "value",
                                       model->params[i]));
    }
    edges = edges_json(model, names, sizeof names);
    return json_pack(
        "{s:s, s:o, s:f, s:b, s:I, s:I, s:f, s:f, s:I, s:o, s:s, s:b, s:o}",
        "model", gb_behaviour_name(model->kind), "params", params, "loglik",
        model->loglik, "converged", (int)model->is_converged, "n",
        (json_int_t)model->n, "n_distinct", (json_int_t)model->n_distinct,
        "penalty", model->penalty, "gradient", model->gradient, "evaluations",
        (json_int_t)model->n_evaluations, "at_edge", edges, "edges", names,
        "unfinished", (int)!model->is_converged, "list", list);
}

gb_status score_model_write(call *c, const char *param, json_t *result)
{
    static const char *const keys[]
        = { "model", "params", "weights", "within_days", "dormant_days",
            "unit_days", "amount_scale", "loglik", "converged", "n" };
    const char *path = call_text(c, param);
    json_t *kept = json_object();
    char *bytes = NULL;
    base_text text;
    gb_status status = GB_OK;

    base_text_init(&text, c->mem);
    for (size_t i = 0; path && i < COUNT_OF(keys); i++)
        if (json_object_get(result, keys[i]))
            json_object_set(kept, keys[i], json_object_get(result, keys[i]));
    if (path)
        bytes = json_dumps(kept, JSON_INDENT(2));
    if (bytes) {
        base_text_add(&text, bytes);
        base_text_add(&text, "\n");
    }
    if (path && (!bytes || text.is_short))
        status = base_fail_nomem(c->ctx);
    else if (path)
        status = report_file_write(c->ctx, path, &text);
    if (!status && path && !call_put(result, "file", call_string(path)))
        status = base_fail_nomem(c->ctx);
    free(bytes);
    json_decref(kept);
    base_text_clear(&text);
    return status;
}

/* ---- in ---- */

static gb_status take_params(call *c, const char *param, const json_t *params,
                             gb_behaviour_model *out)
{
    for (size_t i = 0; gb_behaviour_param(out->kind, i); i++) {
        const char *name = gb_behaviour_param(out->kind, i);
        const json_t *value = json_object_get(params, name);

        if (!json_is_number(value) || !(json_number_value(value) > 0))
            return base_fail(c->ctx, GB_ERR_DATA,
                             "%s: the parameter \"%s\" must be a number above "
                             "0", param, name);
        out->params[i] = json_number_value(value);
    }
    return GB_OK;
}

static gb_status take_json(call *c, const char *param, const json_t *json,
                           gb_behaviour_model *out)
{
    const char *name = json_string_value(json_object_get(json, "model"));

    if (!gb_behaviour_parse(name, &out->kind))
        return base_fail(c->ctx, GB_ERR_DATA,
                         "%s: \"model\" must be bgnbd, mbgnbd, paretonbd or "
                         "gammagamma", param);
    return take_params(c, param, json_object_get(json, "params"), out);
}

gb_status score_model_json_take(call *c, const char *param,
                                gb_behaviour_model *out, json_t **json)
{
    const json_t *given = call_document(c, param);
    const char *path = given ? param : call_text(c, param);
    json_error_t error;
    base_text text;
    gb_status status = GB_OK;

    *out = (gb_behaviour_model)GB_BEHAVIOUR_MODEL_INIT;
    base_text_init(&text, c->mem);
    if (given) {
        *json = json_deep_copy(given);
        status = *json ? GB_OK : base_fail_nomem(c->ctx);
    } else {
        *json = NULL;
        status = call_file_read(c, path, &text);
        if (!status)
            *json = json_loadb(text.chars ? text.chars : "", text.n, 0,
                               &error);
        if (!status && !*json)
            status = base_fail(c->ctx, GB_ERR_PARSE,
                               "%s: line %d: no JSON: %s", path, error.line,
                               error.text);
    }
    base_text_clear(&text);
    if (!status)
        status = take_json(c, path, *json, out);
    if (status) {
        json_decref(*json);
        *json = NULL;
    }
    return status;
}

gb_status score_model_take(call *c, const char *param, gb_behaviour_model *out)
{
    json_t *json;
    const gb_status status = score_model_json_take(c, param, out, &json);

    json_decref(json);
    return status;
}
