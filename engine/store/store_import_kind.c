#include "store_import_kind.h"

#include "base_check.h"

#include <stdint.h>
#include <string.h>

#define MUST true
#define MAY false

static const import_column org_columns[] = {
    { "org_ref", IMPORT_REF, MUST, NULL, "ref", NULL },
    /* Parents may follow their children: linked after the last row. */
    { "parent_ref", IMPORT_LINK, MAY, "org", NULL, NULL },
    { "level", IMPORT_TEXT, MAY, NULL, "level", NULL },
    { "name", IMPORT_TEXT, MAY, NULL, "name", NULL },
};

static const import_column branch_columns[] = {
    { "branch_ref", IMPORT_REF, MUST, NULL, "ref", NULL },
    { "org_ref", IMPORT_LINK, MAY, "org", "org_id", NULL },
    { "name", IMPORT_TEXT, MAY, NULL, "name", NULL },
    { "lon", IMPORT_LON, MUST, NULL, "geom", NULL },
    { "lat", IMPORT_LAT, MUST, NULL, "datum", NULL },
};

static const import_column manager_columns[] = {
    { "manager_ref", IMPORT_REF, MUST, NULL, "ref", NULL },
    { "branch_ref", IMPORT_LINK, MUST, "branch", "branch_id", NULL },
    { "mode", IMPORT_CHOICE, MUST, "foot ebike car", "mode", NULL },
    { "shift_start", IMPORT_CLOCK, MUST, NULL, "shift_start_s", NULL },
    { "shift_end", IMPORT_CLOCK, MUST, NULL, "shift_end_s", NULL },
    { "break_from", IMPORT_CLOCK, MAY, NULL, "break_from_s", NULL },
    { "break_to", IMPORT_CLOCK, MAY, NULL, "break_to_s", NULL },
    { "break_s", IMPORT_SECONDS, MAY, NULL, "break_s", NULL },
    { "hired_on", IMPORT_DAY, MAY, NULL, "hired_on", NULL },
};

static const import_column calendar_columns[] = {
    { "date", IMPORT_DAY, MUST, NULL, "day", NULL },
    { "manager_ref", IMPORT_LINK, MAY, "manager", "manager_id", NULL },
    { "is_working", IMPORT_BOOL, MUST, NULL, "is_working", NULL },
};

static const import_column product_columns[] = {
    { "product_ref", IMPORT_REF, MUST, NULL, "ref", NULL },
    { "name", IMPORT_TEXT, MAY, NULL, "name", NULL },
    { "kind", IMPORT_CHOICE, MUST,
      "deposit wealth fund insurance loan card pos ebank", "kind", NULL },
    { "complexity", IMPORT_CHOICE, MAY, "standard complex", "complexity",
      "standard" },
};

static const import_column tag_columns[] = {
    { "tag", IMPORT_TAG_NAME, MUST, NULL, "tag", NULL },
    { "title_zh", IMPORT_TEXT, MAY, NULL, "title_zh", NULL },
    { "title_en", IMPORT_TEXT, MAY, NULL, "title_en", NULL },
    { "values", IMPORT_VALUES, MAY, NULL, "allowed_values", NULL },
};

static const import_column place_columns[] = {
    { "place_ref", IMPORT_REF, MUST, NULL, "ref", NULL },
    { "kind", IMPORT_CHOICE, MUST, "compound building market", "kind", NULL },
    { "name", IMPORT_TEXT, MAY, NULL, "name", NULL },
    { "lon", IMPORT_LON, MUST, NULL, "geom", NULL },
    { "lat", IMPORT_LAT, MUST, NULL, "datum", NULL },
    { "gate_lon", IMPORT_LON, MAY, NULL, "gate", NULL },
    { "gate_lat", IMPORT_LAT, MAY, NULL, NULL, NULL },
    { "access_s", IMPORT_SECONDS, MAY, NULL, "access_s", "0" },
};

static const import_column outline_columns[] = {
    { "place_ref", IMPORT_LINK, MUST, "place", "place_id", NULL },
};

static const import_column area_columns[] = {
    { "area_ref", IMPORT_REF, MUST, NULL, "ref", NULL },
    { "name", IMPORT_TEXT, MAY, NULL, "name", NULL },
};

static const import_column cell_columns[] = {
    { "cell_ref", IMPORT_REF, MUST, NULL, "ref", NULL },
};

static const import_column customer_columns[] = {
    { "customer_ref", IMPORT_REF, MUST, NULL, "ref", NULL },
    { "branch_ref", IMPORT_LINK, MUST, "branch", "branch_id", NULL },
    { "place_ref", IMPORT_LINK, MAY, "place", "place_id", NULL },
    { "manager_ref", IMPORT_LINK, MAY, "manager", "manager_id", NULL },
    { "lon", IMPORT_LON, MAY, NULL, "geom", NULL },
    { "lat", IMPORT_LAT, MAY, NULL, "datum", NULL },
    { "accuracy", IMPORT_CHOICE, MAY,
      "exact building compound street district none", "accuracy", NULL },
    { "balance_fen", IMPORT_FEN, MUST, NULL, "balance_fen", NULL },
    { "peak_24m_fen", IMPORT_FEN, MAY, NULL, "peak_24m_fen", NULL },
    { "last_txn_on", IMPORT_DAY, MAY, NULL, "last_txn_on", NULL },
    { "opened_on", IMPORT_DAY, MAY, NULL, "opened_on", NULL },
    { "do_not_visit", IMPORT_BOOL, MAY, NULL, "do_not_visit", "0" },
    { "reach_sms", IMPORT_BOOL, MAY, NULL, "reach_sms", NULL },
    { "window_from", IMPORT_CLOCK, MAY, NULL, "window_from_s", NULL },
    { "window_to", IMPORT_CLOCK, MAY, NULL, "window_to_s", NULL },
    { "service_s", IMPORT_SECONDS, MAY, NULL, "service_s", NULL },
    { "tags", IMPORT_TAGS, MAY, NULL, NULL, NULL },
    { "fees_12m_fen", IMPORT_FEN, MAY, NULL, "fees_12m_fen", NULL },
    { "promised_on", IMPORT_DAY, MAY, NULL, "promised_on", NULL },
};

static const import_column holding_columns[] = {
    { "customer_ref", IMPORT_LINK, MUST, "customer", "customer_id", NULL },
    { "product_ref", IMPORT_LINK, MUST, "product", "product_id", NULL },
    { "opened_on", IMPORT_DAY, MUST, NULL, "opened_on", NULL },
    { "amount_fen", IMPORT_FEN, MAY, NULL, "amount_fen", NULL },
    { "matures_on", IMPORT_DAY, MAY, NULL, "matures_on", NULL },
    { "closed_on", IMPORT_DAY, MAY, NULL, "closed_on", NULL },
};

static const import_column appointment_columns[] = {
    { "customer_ref", IMPORT_LINK, MUST, "customer", "customer_id", NULL },
    { "date", IMPORT_DAY, MUST, NULL, "day", NULL },
    { "from", IMPORT_CLOCK, MUST, NULL, "from_s", NULL },
    { "to", IMPORT_CLOCK, MUST, NULL, "to_s", NULL },
    { "manager_ref", IMPORT_LINK, MAY, "manager", "manager_id", NULL },
};

static const import_column visit_columns[] = {
    { "customer_ref", IMPORT_LINK, MUST, "customer", "customer_id", NULL },
    { "date", IMPORT_DAY, MUST, NULL, "day", NULL },
    { "manager_ref", IMPORT_LINK, MAY, "manager", "manager_id", NULL },
    { "outcome", IMPORT_CHOICE, MAY, "met absent refused", "outcome", NULL },
    { "at", IMPORT_CLOCK, MAY, NULL, "at_s", NULL },
};

static const import_column relation_columns[] = {
    { "customer_ref", IMPORT_LINK, MUST, "customer", "customer_id", NULL },
    { "manager_ref", IMPORT_LINK, MUST, "manager", "manager_id", NULL },
    { "role", IMPORT_CHOICE, MUST, "lead assist", "role", NULL },
    { "comes_along", IMPORT_BOOL, MAY, NULL, "comes_along", "0" },
};

static const import_column assignment_columns[] = {
    { "customer_ref", IMPORT_LINK, MUST, "customer", "customer_id", NULL },
    { "manager_ref", IMPORT_LINK, MUST, "manager", "manager_id", NULL },
    { "reason", IMPORT_TEXT, MUST, NULL, "reason", NULL },
    { "from", IMPORT_DAY, MAY, NULL, "from_date", NULL },
    { "until", IMPORT_DAY, MAY, NULL, "to_date", NULL },
};

#define COLUMNS(array) array, COUNT_OF(array)

/* In the order in which a delivery is loaded. */
const import_kind store_import_kinds[] = {
    { "orgs", "org", COLUMNS(org_columns), 1, false, true,
      "SELECT id, ref FROM org" },
    { "branches", "branch", COLUMNS(branch_columns), 1, false, true,
      "SELECT id, ref FROM branch" },
    { "managers", "manager", COLUMNS(manager_columns), 1, false, false,
      "SELECT id, ref FROM manager" },
    { "calendar", "calendar_day", COLUMNS(calendar_columns), 2, false, false,
      "SELECT d.id, d.day || char(31) || coalesce(m.ref, '') "
      "FROM calendar_day d LEFT JOIN manager m ON m.id = d.manager_id" },
    { "products", "product", COLUMNS(product_columns), 1, false, true,
      "SELECT id, ref FROM product" },
    { "tags", "tag", COLUMNS(tag_columns), 1, false, false,
      "SELECT id, tag FROM tag" },
    { "places", "place", COLUMNS(place_columns), 1, false, true,
      "SELECT id, ref FROM place" },
    { "outlines", "place_outline", COLUMNS(outline_columns), 1, true, false,
      "SELECT o.id, p.ref FROM place_outline o "
      "JOIN place p ON p.id = o.place_id" },
    { "areas", "area", COLUMNS(area_columns), 1, true, true,
      "SELECT id, ref FROM area" },
    { "cells", "cell", COLUMNS(cell_columns), 1, true, false,
      "SELECT id, ref FROM cell WHERE cell_set_id = "
      "(SELECT id FROM cell_set WHERE source = 'given')" },
    { "customers", "customer", COLUMNS(customer_columns), 1, false, false,
      "SELECT id, ref FROM customer" },
    { "holdings", "holding", COLUMNS(holding_columns), 3, false, false,
      "SELECT h.id, c.ref || char(31) || p.ref || char(31) || h.opened_on "
      "FROM holding h JOIN customer c ON c.id = h.customer_id "
      "JOIN product p ON p.id = h.product_id" },
    { "appointments", "appointment", COLUMNS(appointment_columns), 3, false,
      false,
      "SELECT a.id, c.ref || char(31) || a.day || char(31) || a.from_s "
      "FROM appointment a JOIN customer c ON c.id = a.customer_id" },
    { "visits", "visit", COLUMNS(visit_columns), 2, false, false,
      "SELECT v.id, c.ref || char(31) || v.day "
      "FROM visit v JOIN customer c ON c.id = v.customer_id" },
    { "relations", "customer_relation", COLUMNS(relation_columns), 2, false,
      false,
      "SELECT r.id, c.ref || char(31) || m.ref FROM customer_relation r "
      "JOIN customer c ON c.id = r.customer_id "
      "JOIN manager m ON m.id = r.manager_id" },
    { "assignments", "customer_assignment", COLUMNS(assignment_columns), 1,
      false, false,
      "SELECT a.id, c.ref FROM customer_assignment a "
      "JOIN customer c ON c.id = a.customer_id" },
};
const size_t store_n_import_kinds = COUNT_OF(store_import_kinds);

const import_kind *import_kind_find(const char *name)
{
    for (size_t k = 0; k < store_n_import_kinds; k++)
        if (strcmp(store_import_kinds[k].name, name) == 0)
            return &store_import_kinds[k];
    return NULL;
}

size_t import_kind_column(const import_kind *kind, const char *name)
{
    for (size_t c = 0; c < kind->n_columns; c++)
        if (strcmp(kind->columns[c].name, name) == 0)
            return c;
    return SIZE_MAX;
}
