/*
 * route_json_solution.c - a solution of any file as our own JSON:
 * data/ROUTE_JSON.md.
 */
#include "route_json_own.h"

#include <inttypes.h>
#include <string.h>

static const char *name_of(const char *name)
{
    return name ? name : "";
}

static void put_stop(const gb_route_file *file, const gb_route_stop *stop,
                     base_text *text)
{
    if (stop->kind == GB_ROUTE_STOP_BREAK) {
        base_text_format(text, "    {\"break\": %u", stop->client);
    } else {
        base_text_format(text, "    {\"client\": %u, \"name\": ", stop->client);
        base_text_json(text,
                       name_of(gb_route_file_client_name(file, stop->client)));
    }
    if (stop->location != GB_ROUTE_NONE)
        base_text_format(text, ", \"location\": %u", stop->location);
    base_text_format(text,
                     ", \"travel_s\": %d, \"distance_m\": %d, \"arrival_s\": "
                     "%d, \"access_s\": %d, \"wait_s\": %d, \"start_s\": %d, "
                     "\"end_s\": %d",
                     stop->travel_s, stop->distance_m, stop->arrival_s,
                     stop->access_s, stop->wait_s, stop->start_s, stop->end_s);
    if (stop->slot != GB_ROUTE_NONE && stop->kind == GB_ROUTE_STOP_CLIENT
        && file->problem.n_slots)
        base_text_format(text, ", \"slot\": %u", stop->slot);
    if (stop->kind == GB_ROUTE_STOP_CLIENT)
        base_text_format(text, ", \"prize\": %" PRId64, stop->prize);
    base_text_add(text, "}");
}

static void put_route(const gb_route_file *file,
                      const gb_route_solution *solution, uint32_t v,
                      const gb_route_totals *t, base_text *text)
{
    base_text_format(text, "  {\"vehicle\": %u, \"name\": ", v);
    base_text_json(text, name_of(gb_route_file_vehicle_name(file, v)));
    base_text_format(text,
                     ", \"depart_s\": %d, \"end_s\": %d, \"duration_s\": %d, "
                     "\"field_s\": %d, \"travel_s\": %d, \"service_s\": %d, "
                     "\"access_s\": %d, \"wait_s\": %d, \"break_s\": %d, "
                     "\"distance_m\": %" PRId64 ", \"prize\": %" PRId64
                     ", \"cost_milli\": %" PRId64,
                     t->depart_s, t->end_s, t->duration_s, t->field_s,
                     t->travel_s, t->service_s, t->access_s, t->wait_s,
                     t->break_s, t->distance_m, t->prize, t->cost_milli);
    if (t->n_frozen)
        base_text_format(text, ", \"n_frozen\": %u", t->n_frozen);
    base_text_add(text, ", \"stops\": [");
    for (uint32_t i = 0; i < t->n_items; i++) {
        gb_route_stop stop = { .size = sizeof stop };

        gb_route_solution_stop(solution, v, i, &stop);
        base_text_add(text, i ? ",\n" : "\n");
        put_stop(file, &stop, text);
    }
    base_text_add(text, "]}");
}

static void put_reason(const gb_route_file *file, const gb_route_reason *reason,
                       base_text *text)
{
    static const char *const kinds[] = { "none", "impossible", "crowded_out",
                                         "unprofitable" };
    const bool is_known = reason->kind >= 0 && reason->kind <= 3;

    base_text_format(text, "  {\"client\": %u, \"name\": ", reason->client);
    base_text_json(text,
                   name_of(gb_route_file_client_name(file, reason->client)));
    base_text_format(text, ", \"reason\": \"%s\", \"constraint\": \"%s\"",
                     is_known ? kinds[reason->kind] : "none",
                     gb_route_constraint_name(reason->constraint));
    if (reason->vehicle != GB_ROUTE_NONE
        && reason->kind != GB_ROUTE_REASON_NONE)
        base_text_format(text, ", \"vehicle\": %u", reason->vehicle);
    if (reason->kind == GB_ROUTE_REASON_IMPOSSIBLE)
        base_text_format(text,
                         ", \"mend\": %" PRId64 ", \"needed\": %" PRId64
                         ", \"limit\": %" PRId64,
                         reason->mend, reason->needed, reason->limit);
    else if (reason->kind != GB_ROUTE_REASON_NONE)
        base_text_format(text,
                         ", \"extra_s\": %d, \"extra_m\": %d, \"prize\": "
                         "%" PRId64 ", \"gain_milli\": %" PRId64,
                         reason->extra_s, reason->extra_m, reason->prize,
                         reason->gain_milli);
    base_text_add(text, "}");
}

static void put_head(const gb_route_file *file, const gb_route_summary *s,
                     const gb_route_file_figures *figures, base_text *text)
{
    base_text_format(text, "{\"format\": \"%s\", \"version\": %d, \"name\": ",
                     ROUTE_JSON_SOLUTION, ROUTE_JSON_VERSION);
    base_text_json(text, name_of(file->facts.name));
    base_text_format(text,
                     ",\n\"cost\": %" PRId64 ", \"prize\": %" PRId64
                     ", \"cost_milli\": %" PRId64 ", \"value_milli\": %" PRId64
                     ",\n\"n_served\": %u, \"n_unserved\": %u, "
                     "\"n_musts_unserved\": %u, \"n_routes\": %u, "
                     "\"certified\": %s",
                     figures->cost, figures->prize, s->cost_milli,
                     s->value_milli, s->n_served, s->n_unserved,
                     s->n_musts_unserved, s->n_routes,
                     s->is_certified ? "true" : "false");
}

gb_status route_own_write(gb_context *ctx, const gb_route_file *file,
                          const gb_route_solution *solution, base_text *text)
{
    gb_route_summary summary = { .size = sizeof summary };
    gb_route_file_figures figures = { .size = sizeof figures };
    const char *before = "\n";
    gb_status status = gb_route_file_figures_get(ctx, file, solution, &figures);

    if (status)
        return status;
    gb_route_solution_summary(solution, &summary);
    put_head(file, &summary, &figures, text);
    base_text_add(text, ",\n\"routes\": [");
    for (uint32_t v = 0; v < file->problem.n_vehicles; v++) {
        gb_route_totals totals = { .size = sizeof totals };

        if (!gb_route_solution_totals(solution, v, &totals)
            || totals.n_clients == 0)
            continue;
        base_text_add(text, before);
        before = ",\n";
        put_route(file, solution, v, &totals, text);
    }
    base_text_add(text, "],\n\"unserved\": [");
    before = "\n";
    for (uint32_t i = 0; i < summary.n_unserved; i++) {
        gb_route_reason reason = { .size = sizeof reason };

        gb_route_solution_reason(solution, i, &reason);
        base_text_add(text, before);
        before = ",\n";
        put_reason(file, &reason, text);
    }
    base_text_add(text, "]}\n");
    return GB_OK;
}
