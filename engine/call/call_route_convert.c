/*
 * call_route_convert.c - route.convert: a problem of any format as our own
 * JSON.
 */
#include "call_groups.h"

#include <gridbeat/route_json.h>

#include "call_file.h"
#include "call_route.h"

static gb_status write_problem(const call_route *r, base_text *text)
{
    call *c = r->c;
    size_t needed = 0;
    char *buffer;
    gb_status status = gb_route_problem_text(c->ctx, r->problem, r->file, NULL,
                                             0, &needed);

    if (status && status != GB_ERR_BUFFER)
        return status;
    buffer = base_alloc(c->mem, needed);
    if (!buffer)
        return base_fail_nomem(c->ctx);
    status = gb_route_problem_text(c->ctx, r->problem, r->file, buffer, needed,
                                   &needed);
    if (!status)
        base_text_append(text, buffer, needed - 1);
    base_free(c->mem, buffer);
    return status;
}

static json_t *describe(const call_route *r)
{
    const gb_route_problem *p = r->problem;

    return json_pack(
        "{s:o, s:s, s:s?, s:I, s:I, s:I, s:I, s:I, s:I}", "name",
        call_string(r->facts.name ? r->facts.name : ""), "format",
        gb_route_format_name(r->facts.format), "variant", r->facts.variant,
        "clients", (json_int_t)p->n_clients, "vehicles",
        (json_int_t)p->n_vehicles, "locations", (json_int_t)p->n_locations,
        "depots", (json_int_t)r->facts.n_depots, "days",
        (json_int_t)r->facts.n_days, "scale", (json_int_t)r->facts.scale);
}

static gb_status run(call *c, json_t **result)
{
    call_route r = { 0 };
    base_text text;
    gb_status status = call_route_open(c, &r);

    base_text_init(&text, c->mem);
    if (!status)
        status = call_result(c, result, describe(&r));
    if (!status)
        status = write_problem(&r, &text);
    if (!status)
        status = call_file_give(c, *result, &text);
    base_text_clear(&text);
    call_route_close(&r);
    return status;
}

static const call_param params[] = {
    CALL_ROUTE_PARAMS,
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("the file to write; else the console") },
};
static const call_block blocks[] = {
    { .when = "document", .text = GB_N("{document}") },
    { .when = "file", .text = GB_N("written: {file}") },
};

static const call_method methods[] = {
    { .name = "route.convert",
      .help = GB_N("Write a problem of any format as our own JSON"),
      CALL_PARAMS(params), CALL_BLOCKS(blocks), .run = run },
};
const call_group call_route_convert_group = CALL_GROUP(methods);
