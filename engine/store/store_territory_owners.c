/*
 * store_territory_owners.c - one version in force, each customer in a cell of
 * it, one owner of each territory.
 */
#include "store_territory_job.h"

#include "base_check.h"

/* -------------------------------------------------------------- version -- */

gb_status territory_check_versions(territory_check *k)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        k->ws,
        "SELECT a.id, b.id, max(a.from_date, b.from_date) "
        "FROM territory_version a JOIN territory_version b ON a.id < b.id "
        "WHERE a.state IN ('active', 'retired') "
        "AND b.state IN ('active', 'retired') "
        "AND a.from_date IS NOT NULL AND b.from_date IS NOT NULL "
        "AND (a.to_date IS NULL OR a.to_date > b.from_date) "
        "AND (b.to_date IS NULL OR b.to_date > a.from_date)",
        &st);

    while (store_next(k->ws, st, &status)) {
        territory_say(k,
                      GB_N("versions %lld and %lld are both in force on %s"),
                      (long long)store_column_int(st, 0),
                      (long long)store_column_int(st, 1),
                      store_column_text(st, 2));
        status = territory_add(k, STORE_FINDING_TWO_VERSIONS, "", "", NULL,
                               0.0);
    }
    store_finalize(st);
    return status;
}

gb_status territory_find_version(territory_check *k, int64_t version)
{
    store_statement *st = NULL;
    bool has_row;
    gb_status status = store_prepare(
        k->ws,
        version ? "SELECT id, cell_set_id FROM territory_version "
                  "WHERE id = ?1"
                : "SELECT id, cell_set_id FROM territory_version "
                  "WHERE state IN ('active', 'retired') AND from_date <= ?1 "
                  "AND (to_date IS NULL OR to_date > ?1) "
                  "ORDER BY id DESC LIMIT 1",
        &st);

    if (status)
        return status;
    if (version)
        store_bind_int(st, 1, version);
    else
        store_bind_text(st, 1, k->day);
    status = store_step(k->ws, st, &has_row);
    if (!status && has_row) {
        k->out->version = store_column_int(st, 0);
        k->set = store_column_int(st, 1);
    } else if (!status && version) {
        status = base_fail(k->ctx, GB_ERR_NOT_FOUND,
                           "there is no territory version %lld",
                           (long long)version);
    } else if (!status) {
        territory_say(k, GB_N("no territories are in force on %s"), k->day);
        status = territory_add(k, STORE_FINDING_NO_VERSION, "", "", NULL, 0.0);
    }
    store_finalize(st);
    return status;
}

/* ------------------------------------------------------------- customers -- */

static gb_status take_customer(territory_check *k, store_statement *st,
                               const gb_shapes *view)
{
    const char *ref = store_column_text(st, 0);
    const uint32_t c = store_ids_find(&k->cell_ids, store_column_int(st, 2));
    const cell_row *cell = c == STORE_NONE ? NULL : &k->cells.items[c];
    gb_lonlat lonlat;
    gb_point at;
    bool is_there;
    gb_status status = store_row_point(k->ws, st, 1, &lonlat, &is_there);

    if (!status)
        status = geo_crs_project(k->ctx, k->crs, &lonlat, 1, &at);
    if (status == GB_ERR_CRS) { /* far off: in no cell, and not on this plane */
        base_enter(k->ctx);
        status = GB_OK;
        cell = NULL;
        at = (gb_point){ 0, 0 };
    }
    if (status)
        return status;
    if (cell && cell->n_rows > 0
        && (cell->shape == STORE_NONE
            || geo_box_contains(geo_box_grow(geo_shape_box(view, cell->shape),
                                             1.0), at)))
        return GB_OK;
    if (!cell)
        territory_say(k, GB_N("customer %s lies in no cell"), ref);
    else if (cell->n_rows == 0)
        territory_say(k, GB_N("customer %s lies in cell %s, which is in no "
                              "territory"), ref, cell->ref);
    else
        territory_say(k, GB_N("customer %s is counted in cell %s and does "
                              "not lie there"), ref, cell->ref);
    return territory_add(k, STORE_FINDING_CUSTOMER, ref, cell ? cell->ref : "",
                         at.x_m > 0.0 ? &at : NULL, 0.0);
}

gb_status territory_check_customers(territory_check *k)
{
    const gb_shapes view = geo_shapes_view(&k->shapes);
    store_statement *st = NULL;
    gb_status status = store_prepare(
        k->ws,
        "SELECT c.ref, c.geom, cc.cell_id FROM customer c "
        "LEFT JOIN customer_cell cc ON cc.cell_set_id = ?1 "
        "AND cc.customer_id = c.id WHERE c.geom IS NOT NULL ORDER BY c.id",
        &st);

    if (!status)
        store_bind_int(st, 1, k->set);
    while (store_next(k->ws, st, &status)) {
        k->out->n_customers++;
        status = take_customer(k, st, &view);
        if (!status)
            status = base_poll(k->ws->run);
    }
    store_finalize(st);
    return status;
}

/* ---------------------------------------------------------------- owners -- */

gb_status territory_check_owners(territory_check *k)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        k->ws,
        "SELECT t.ref, (SELECT count(*) FROM territory_owner o "
        "WHERE o.territory_id = t.id AND o.from_date <= ?2 "
        "AND (o.to_date IS NULL OR o.to_date > ?2)), "
        "EXISTS (SELECT 1 FROM territory_owner a JOIN territory_owner b "
        "ON a.territory_id = b.territory_id AND (a.from_date < b.from_date "
        "OR (a.from_date = b.from_date AND a.manager_id < b.manager_id)) "
        "WHERE a.territory_id = t.id "
        "AND (a.to_date IS NULL OR a.to_date > b.from_date)), "
        /* the first day after `on` on which nobody has it while the version
         * is in force: an end at which no other span begins */
        "(SELECT min(e.to_date) FROM territory_owner e "
        "JOIN territory_version v ON v.id = ?1 "
        "WHERE e.territory_id = t.id AND e.to_date > ?2 "
        "AND (v.to_date IS NULL OR e.to_date < v.to_date) "
        "AND NOT EXISTS (SELECT 1 FROM territory_owner n "
        "WHERE n.territory_id = t.id AND n.from_date <= e.to_date "
        "AND (n.to_date IS NULL OR n.to_date > e.to_date))) "
        "FROM territory t WHERE t.territory_version_id = ?1 ORDER BY t.ref",
        &st);

    if (!status) {
        store_bind_int(st, 1, k->out->version);
        store_bind_text(st, 2, k->day);
    }
    while (store_next(k->ws, st, &status)) {
        const char *ref = store_column_text(st, 0);
        const long long n = (long long)store_column_int(st, 1);

        const char *from = store_column_text(st, 3);

        if (n == 1 && !store_column_int(st, 2) && !from)
            continue;
        if (n == 1 && !store_column_int(st, 2))
            territory_say(k, GB_N("territory %s has no owner from %s on"),
                          ref, from);
        else if (n != 1)
            territory_say(k, GB_N("territory %s has %lld owners on %s"), ref,
                          n, k->day);
        else
            territory_say(k, GB_N("territory %s has two owners on some date"),
                          ref);
        status = territory_add(k, STORE_FINDING_OWNER, ref, "", NULL,
                               (double)n);
    }
    store_finalize(st);
    return status;
}
