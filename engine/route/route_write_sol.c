/*
 * route_write_sol.c - see route_write_sol.h.
 */
#include "route_write_sol.h"

#include <inttypes.h>

#include "route_result.h"

gb_status route_sol_figures(gb_context *ctx, const gb_route_file *file,
                            const gb_route_solution *solution,
                            gb_route_file_figures *out)
{
    const gb_route_summary *summary = &solution->summary;

    (void)ctx;
    out->length = summary->distance_m;
    out->prize = summary->prize;
    out->cost = summary->cost_milli / 1000;
    out->n_routes = summary->n_routes;
    out->n_unserved = summary->n_unserved;
    out->n_musts_unserved = summary->n_musts_unserved;
    out->uncollected = 0;
    for (uint32_t c = 0; c < solution->n_clients; c++)
        if (solution->vehicle_of[c] == GB_ROUTE_NONE)
            out->uncollected += file->clients.items[c].prize;
    if (file->counts_uncollected)
        out->cost += out->uncollected;
    out->figure = file->facts.is_prize ? out->prize : out->cost;
    return GB_OK;
}

static void write_route(const gb_route_file *file,
                        const gb_route_solution *solution, uint32_t v,
                        uint32_t number, base_text *text)
{
    base_text_format(text, "Route #%u", number);
    if (file->vehicle_depot)
        base_text_format(text, " (depot %u)", file->vehicle_depot[v]);
    if (file->vehicle_of_day)
        base_text_format(text, " (day %u)", file->vehicle_of_day[v]);
    base_text_add(text, ":");
    for (uint32_t i = solution->first_item[v]; i < solution->first_item[v + 1];
         i++)
        if (solution->stops[i].kind == GB_ROUTE_STOP_CLIENT)
            base_text_format(
                text, " %u",
                file->clients.items[solution->stops[i].client].number);
    base_text_add(text, "\n");
}

static void write_unserved(const gb_route_file *file,
                           const gb_route_solution *solution, base_text *text)
{
    uint32_t last = 0;

    if (solution->n_unserved == 0)
        return;
    base_text_add(text, "Unserved:");
    for (uint32_t c = 0; c < solution->n_clients; c++) {
        const uint32_t number = file->clients.items[c].number;

        /* The visits of a customer stand one behind the other. */
        if (solution->vehicle_of[c] == GB_ROUTE_NONE && number != last) {
            base_text_format(text, " %u", number);
            last = number;
        }
    }
    base_text_add(text, "\n");
}

static void write_figure(const gb_route_file *file, int64_t figure,
                         base_text *text)
{
    const uint32_t per = file->facts.published_per;

    base_text_add(text, file->facts.is_prize ? "Prize " : "Cost ");
    base_text_format(text, "%" PRId64, figure / per);
    if (per > 1) {
        int digits = 0;

        for (uint32_t p = per; p > 1; p = (p + 9) / 10)
            digits++;
        base_text_format(text, ".%0*" PRId64, digits, figure % per);
    }
    base_text_add(text, "\n");
}

gb_status route_write_sol(gb_context *ctx, const gb_route_file *file,
                          const gb_route_solution *solution, base_text *text)
{
    gb_route_file_figures figures;
    uint32_t number = 0;
    gb_status status = route_sol_figures(ctx, file, solution, &figures);

    if (status)
        return status;
    for (uint32_t v = 0; v < solution->n_vehicles; v++) {
        if (file->has_numbered_vehicles)
            write_route(file, solution, v, v + 1, text);
        else if (solution->totals[v].n_clients > 0)
            write_route(file, solution, v, ++number, text);
    }
    write_unserved(file, solution, text);
    write_figure(file, figures.figure, text);
    return GB_OK;
}
