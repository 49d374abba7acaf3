/*
 * route_vrplib_weights.c - see route_vrplib_weights.h.
 */
#include "route_vrplib_weights.h"

#include <string.h>

#include "base_near.h"

/* Columns of one triangle are the rows of the other. */
static const struct {
    const char *name;
    route_weight_form form;
} FORMS[] = {
    { "FULL_MATRIX", ROUTE_WEIGHT_FULL },
    { "LOWER_ROW", ROUTE_WEIGHT_LOWER },
    { "LOWER_DIAG_ROW", ROUTE_WEIGHT_LOWER_DIAG },
    { "UPPER_ROW", ROUTE_WEIGHT_UPPER },
    { "UPPER_DIAG_ROW", ROUTE_WEIGHT_UPPER_DIAG },
    { "UPPER_COL", ROUTE_WEIGHT_LOWER },
    { "UPPER_DIAG_COL", ROUTE_WEIGHT_LOWER_DIAG },
    { "LOWER_COL", ROUTE_WEIGHT_UPPER },
    { "LOWER_DIAG_COL", ROUTE_WEIGHT_UPPER_DIAG },
};

bool route_weight_form_parse(const char *name, route_weight_form *out,
                             const char **nearest)
{
    size_t best = SIZE_MAX;

    *nearest = NULL;
    for (size_t k = 0; k < sizeof FORMS / sizeof *FORMS; k++) {
        if (strcmp(name, FORMS[k].name) == 0) {
            *out = FORMS[k].form;
            return true;
        }
        if (base_is_nearer(name, FORMS[k].name, &best))
            *nearest = FORMS[k].name;
    }
    return false;
}

size_t route_weights_expected(route_weight_form form, size_t n)
{
    switch (form) {
    case ROUTE_WEIGHT_FULL:
        return n * n;
    case ROUTE_WEIGHT_LOWER:
    case ROUTE_WEIGHT_UPPER:
        return n * (n - 1) / 2;
    case ROUTE_WEIGHT_LOWER_DIAG:
    case ROUTE_WEIGHT_UPPER_DIAG:
        return n * (n + 1) / 2;
    case ROUTE_WEIGHT_NONE:
    default:
        return 0;
    }
}

double route_weights_at(const void *matrix, size_t n, size_t i, size_t j)
{
    const route_weights *weights = matrix;
    const double *numbers = weights->numbers.items;
    const size_t low = i < j ? i : j, high = i < j ? j : i;

    switch (weights->form) {
    case ROUTE_WEIGHT_FULL:
        return numbers[i * n + j];
    case ROUTE_WEIGHT_LOWER:
        return i == j ? 0 : numbers[high * (high - 1) / 2 + low];
    case ROUTE_WEIGHT_LOWER_DIAG:
        return numbers[high * (high + 1) / 2 + low];
    case ROUTE_WEIGHT_UPPER:
        return i == j ? 0
                      : numbers[low * (2 * n - low - 1) / 2 + high - low - 1];
    case ROUTE_WEIGHT_UPPER_DIAG:
        return numbers[low * (2 * n - low + 1) / 2 + high - low];
    case ROUTE_WEIGHT_NONE:
    default:
        return 0;
    }
}
