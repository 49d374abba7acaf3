/*
 * route_vrplib_head.c - see route_vrplib.h: "KEY : VALUE" lines.
 */
#include "route_vrplib.h"

#include <ctype.h>
#include <string.h>

#include "base_near.h"

static gb_status take_rest(vrplib *v, char *value, size_t size)
{
    route_word rest = route_scan_rest(&v->scan);

    while (rest.n >= 2 && rest.text[0] == '"' && rest.text[rest.n - 1] == '"') {
        rest.text++;
        rest.n -= 2;
    }
    if (rest.n >= size)
        rest.n = size - 1;
    memcpy(value, rest.text, rest.n);
    value[rest.n] = '\0';
    return GB_OK;
}

static gb_status spec_name(vrplib *v)
{
    char value[256];
    gb_status status = take_rest(v, value, sizeof value);

    if (status == GB_OK && value[0] && base_is_utf8(value, strlen(value))) {
        v->file->facts.name
            = route_file_strndup(v->ctx, v->file, value, strlen(value));
        if (!v->file->facts.name)
            return GB_ERR_NOMEM;
    }
    return status;
}

/* "Optimal value: 784", "Best value: 375" in the older sets. */
static gb_status spec_comment(vrplib *v)
{
    char value[1024];
    const char *at;
    gb_status status = take_rest(v, value, sizeof value);

    at = strstr(value, "ptimal value");
    if (!at)
        at = strstr(value, "est value");
    if (status || !at)
        return status;
    at += strcspn(at, "0123456789");
    if (*at) {
        char number[32];
        size_t n = strspn(at, "0123456789.");

        if (n > 0 && at[n - 1] == '.')
            n--;
        if (n < sizeof number) {
            memcpy(number, at, n);
            number[n] = '\0';
            v->has_best = base_parse_real(number, &v->best);
        }
    }
    return GB_OK;
}

static gb_status spec_type(vrplib *v)
{
    char value[64];
    gb_status status = take_rest(v, value, sizeof value);

    if (status)
        return status;
    for (size_t i = 0; value[i]; i++)
        if (!isalnum((unsigned char)value[i]) && value[i] != '-'
            && value[i] != '_')
            value[i] = '?';
    v->file->facts.variant
        = route_file_strndup(v->ctx, v->file, value, strlen(value));
    return v->file->facts.variant ? GB_OK : GB_ERR_NOMEM;
}

static gb_status spec_dimension(vrplib *v)
{
    route_text_node node;
    int64_t n;
    gb_status status = route_scan_whole(&v->scan, v->name, 1,
                                        ROUTE_FILE_MOST_LOCATIONS, &n);

    if (status)
        return status;
    memset(&node, 0, sizeof node);
    node.group = GB_ROUTE_NONE;
    node.is_must = true;
    node.visits = 1;
    v->n_nodes = (uint32_t)n;
    for (uint32_t i = 0; i < v->n_nodes; i++) {
        node.number = i;
        if (!base_array_push(v->text.mem, &v->text.nodes, node))
            return base_fail_nomem(v->ctx);
    }
    return route_scan_end_line(&v->scan, v->name);
}

static gb_status spec_vehicles(vrplib *v)
{
    int64_t n;
    gb_status status
        = route_scan_whole(&v->scan, v->name, 1, VRPLIB_MOST_VEHICLES, &n);

    v->n_vehicles = status ? 0 : (uint32_t)n;
    return status ? status : route_scan_end_line(&v->scan, v->name);
}

static gb_status spec_capacity(vrplib *v)
{
    gb_status status = GB_OK;

    while (status == GB_OK && route_scan_peek(&v->scan).n
           && v->n_capacities < ROUTE_TEXT_LOADS)
        status = route_scan_amount(&v->scan, v->name,
                                 &v->capacity[v->n_capacities++]);
    if (status == GB_OK && v->n_capacities == 0)
        status = route_scan_amount(&v->scan, v->name, &v->capacity[0]);
    v->has_capacity = true;
    return status ? status : route_scan_end_line(&v->scan, v->name);
}

static gb_status one_number(vrplib *v, double *out)
{
    gb_status status = route_scan_amount(&v->scan, v->name, out);

    return status ? status : route_scan_end_line(&v->scan, v->name);
}

static gb_status spec_service(vrplib *v)
{
    v->has_service = true;
    return one_number(v, &v->service);
}

static gb_status spec_duration(vrplib *v)
{
    return one_number(v, &v->duration);
}

static gb_status spec_distance(vrplib *v)
{
    return one_number(v, &v->distance);
}

static gb_status spec_fixed(vrplib *v)
{
    return one_number(v, &v->fixed);
}

static gb_status spec_per_length(vrplib *v)
{
    return one_number(v, &v->per_length);
}

static gb_status refuse_value(vrplib *v, const route_word *word,
                              const char *nearest, const char *expected)
{
    char shown[48];

    route_word_text(word, shown);
    if (nearest)
        return route_scan_at(&v->scan, word,
                             base_fail(v->ctx, GB_ERR_PARSE,
                                       "%s: \"%s\" is unknown; did you mean "
                                       "\"%s\"?",
                                       v->name, shown, nearest));
    return route_scan_at(&v->scan, word,
                         base_fail(v->ctx, GB_ERR_PARSE,
                                   "%s: \"%s\" is unknown; one of %s expected",
                                   v->name, shown, expected));
}

static const struct {
    const char *name;
    route_metric metric;
    int32_t rounding; /* 0: as the kind of problem has it */
    bool is_exact;
} METRICS[] = {
    { "EUC_2D", ROUTE_METRIC_EUCLID, 0, false },
    { "CEIL_2D", ROUTE_METRIC_EUCLID, GB_ROUTE_ROUNDING_UP, false },
    { "FLOOR_2D", ROUTE_METRIC_EUCLID, GB_ROUTE_ROUNDING_DOWN, false },
    { "EXACT_2D", ROUTE_METRIC_EUCLID, 0, true },
    { "MAN_2D", ROUTE_METRIC_MANHATTAN, 0, false },
    { "MAX_2D", ROUTE_METRIC_CHEBYSHEV, 0, false },
    { "GEO", ROUTE_METRIC_GEO, 0, false },
    { "ATT", ROUTE_METRIC_ATT, GB_ROUTE_ROUNDING_UP, false },
    { "EXPLICIT", ROUTE_METRIC_EXPLICIT, 0, false },
};

static gb_status spec_metric(vrplib *v)
{
    const route_word word = route_scan_word(&v->scan);
    const char *nearest = NULL;
    char shown[48];
    size_t best = SIZE_MAX;

    route_word_text(&word, shown);
    for (size_t k = 0; k < sizeof METRICS / sizeof *METRICS; k++) {
        if (strcmp(shown, METRICS[k].name) == 0) {
            v->text.metric = METRICS[k].metric;
            v->type_rounding = METRICS[k].rounding;
            v->is_exact = METRICS[k].is_exact;
            return route_scan_end_line(&v->scan, v->name);
        }
        if (base_is_nearer(shown, METRICS[k].name, &best))
            nearest = METRICS[k].name;
    }
    return refuse_value(v, &word, nearest,
                        "EUC_2D, CEIL_2D, FLOOR_2D, EXACT_2D, MAN_2D, "
                        "MAX_2D, GEO, ATT, EXPLICIT");
}

static gb_status spec_form(vrplib *v)
{
    const route_word word = route_scan_word(&v->scan);
    const char *nearest;
    char shown[48];

    route_word_text(&word, shown);
    if (strcmp(shown, "FUNCTION") == 0
        || route_weight_form_parse(shown, &v->weights.form, &nearest))
        return route_scan_end_line(&v->scan, v->name);
    return refuse_value(v, &word, nearest,
                        "FULL_MATRIX, LOWER_ROW, UPPER_ROW, LOWER_DIAG_ROW");
}

static gb_status spec_ignored(vrplib *v)
{
    route_scan_rest(&v->scan);
    return GB_OK;
}

const vrplib_keyword ROUTE_VRPLIB_SPECS[] = {
    { "NAME", spec_name },
    { "COMMENT", spec_comment },
    { "TYPE", spec_type },
    { "DIMENSION", spec_dimension },
    { "CAPACITY", spec_capacity },
    { "VEHICLES", spec_vehicles },
    { "SERVICE_TIME", spec_service },
    { "DISTANCE", spec_duration },
    { "VEHICLES_MAX_DURATION", spec_duration },
    { "VEHICLES_MAX_DISTANCE", spec_distance },
    { "VEHICLES_FIXED_COST", spec_fixed },
    { "VEHICLES_UNIT_DISTANCE_COST", spec_per_length },
    { "EDGE_WEIGHT_TYPE", spec_metric },
    { "EDGE_WEIGHT_FORMAT", spec_form },
    { "NODE_COORD_TYPE", spec_ignored },
    { "DISPLAY_DATA_TYPE", spec_ignored },
};
const size_t ROUTE_VRPLIB_N_SPECS
    = sizeof ROUTE_VRPLIB_SPECS / sizeof *ROUTE_VRPLIB_SPECS;
