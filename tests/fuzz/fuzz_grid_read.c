/*
 * Files of areas from any bytes: refused, or areas that the build takes: the
 * adjacency is symmetric, and a plan of one territory a component is valid in
 * the eyes of the check.
 */
#include <gridbeat/gridbeat.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Each area by the component that it can reach; their number. */
static uint32_t paint(const gb_areas *areas, uint32_t *owners,
                      uint32_t *stack)
{
    uint32_t n = 0;

    memset(owners, 0xff, areas->n_areas * sizeof *owners);
    for (uint32_t s = 0; s < areas->n_areas; s++) {
        size_t top = 0;

        if (owners[s] != GB_GRID_NONE)
            continue;
        owners[s] = n;
        stack[top++] = s;
        while (top > 0) {
            const uint32_t a = stack[--top];

            for (uint32_t i = areas->first_neighbour[a];
                 i < areas->first_neighbour[a + 1]; i++) {
                const uint32_t b = areas->neighbours[i];

                must(b < areas->n_areas && b != a);
                if (owners[b] != GB_GRID_NONE)
                    continue;
                owners[b] = n;
                stack[top++] = b;
            }
        }
        n++;
    }
    return n;
}

/* The nodes of a p-median: solved, or refused for its capacities. */
static void locate(gb_context *ctx, const gb_area_file *file, size_t k)
{
    enum { MOST = 40 };
    const gb_areas *areas = gb_area_file_areas(file);
    const double *capacities = gb_area_file_capacities(file);
    int64_t demand[MOST], capacity[MOST], beyond;
    gb_location_nodes nodes = GB_LOCATION_NODES_INIT;
    gb_location_options options = GB_LOCATION_OPTIONS_INIT;
    gb_location_summary s = { .size = sizeof s };
    uint32_t owners[MOST], medians[MOST];
    gb_status status;
    double objective;

    if (!capacities || areas->n_areas > MOST || k == 0)
        return;
    for (size_t a = 0; a < areas->n_areas; a++) {
        demand[a] = (int64_t)areas->activity[a];
        capacity[a] = (int64_t)capacities[a];
    }
    nodes.n_nodes = areas->n_areas;
    nodes.demands = demand;
    nodes.capacities = capacity;
    nodes.points = areas->centres;
    options.max_iterations = 300;
    options.bound_rounds = 5;
    status = gb_location_solve(ctx, &nodes, k, &options, owners, medians, &s);
    must(status == GB_OK || status == GB_ERR_INFEASIBLE);
    if (status)
        return;
    must(gb_location_measure(ctx, &nodes, k, owners, NULL, &objective,
                             &beyond) == GB_OK);
    must(beyond == s.beyond && s.is_valid == (beyond == 0));
    must(!s.is_valid || s.bound <= objective * (1 + 1e-9));
}

static void look_at(gb_context *ctx, const gb_area_file *file)
{
    const gb_areas *areas = gb_area_file_areas(file);
    gb_territory_rules rules = GB_TERRITORY_RULES_INIT;
    gb_area_facts facts = { .size = sizeof facts };
    gb_territory_finding found[1];
    uint32_t *owners = calloc(2 * areas->n_areas, sizeof *owners);
    double moment;
    size_t n;

    must(owners != NULL);
    gb_area_file_facts(file, &facts);
    must(facts.n_areas == areas->n_areas);
    must(areas->first_neighbour[areas->n_areas] == 2 * facts.n_edges);
    rules.n_territories = paint(areas, owners, owners + areas->n_areas);
    must(rules.n_territories == facts.n_components);
    /* Which also holds the areas to what the library asks of callers. */
    must(gb_territory_check(ctx, areas, &rules, owners, found, 1, &n)
         == GB_OK);
    must(n == 0 || found[0].kind == GB_FINDING_BALANCE);
    if (areas->n_areas < 300)
        must(gb_territory_moment(ctx, areas, gb_area_file_places(file),
                                 rules.n_territories, owners, NULL, &moment)
                 == GB_OK
             && moment >= 0);
    free(owners);
    locate(ctx, file, facts.n_territories);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_context *ctx = NULL;
    gb_area_file *file = NULL;
    gb_status status;

    if (gb_context_new(NULL, &ctx) != GB_OK)
        return 0;
    status = gb_areas_read(ctx, "fuzz", data, size, GB_AREA_FORMAT_ANY,
                           &file);
    must((status == GB_OK) == (file != NULL));
    if (!status)
        look_at(ctx, file);
    else
        must((status == GB_ERR_PARSE || status == GB_ERR_DATA)
             && strncmp(gb_last_error(ctx), "fuzz:", 5) == 0);
    gb_area_file_free(file);
    gb_context_free(ctx);
    return 0;
}
