/*
 * report_map_spots.c - hot spots and clusters on a map page.
 *
 * Each cell of the page gets "spots": for dormant, value and share in turn
 * [class by Gi*, class by local Moran, z of Gi* in tenths], null where the
 * night has not looked.  Clusters have their outline and figures.
 */
#include <math.h>
#include <string.h>

#include "base_check.h"
#include "report_map_work.h"
#include "store_spots.h"

static const char *const names[REPORT_MAP_MEASURES]
    = { "dormant", "value", "share" };

/* One layer; one that is not there has no items. */
static gb_status load_one(map_work *w, const char *name, const char *stat,
                          store_spots *out)
{
    gb_status status = store_load_spots(w->data->ws, name, stat,
                                        w->data->plan.as_of, out);

    return status == GB_ERR_NOT_FOUND ? GB_OK : status;
}

gb_status report_map_load_spots(map_work *w, report_map_spots *out)
{
    gb_status status = GB_OK;

    memset(out, 0, sizeof *out);
    for (size_t m = 0; m < REPORT_MAP_MEASURES && !status; m++) {
        status = load_one(w, names[m], "gistar", &out->gistar[m]);
        if (!status)
            status = load_one(w, names[m], "moran", &out->moran[m]);
        /* An older version of territories may be shown, on other cells. */
        if (!status && (out->gistar[m].n != w->cells.n
                        || out->moran[m].n != w->cells.n)) {
            store_spots_clear(&out->gistar[m]);
            store_spots_clear(&out->moran[m]);
        }
    }
    if (status)
        report_map_clear_spots(out);
    return status;
}

void report_map_clear_spots(report_map_spots *spots)
{
    for (size_t m = 0; m < REPORT_MAP_MEASURES; m++) {
        store_spots_clear(&spots->gistar[m]);
        store_spots_clear(&spots->moran[m]);
    }
}

void report_map_add_spots(base_text *json, const report_map_spots *spots,
                          size_t cell)
{
    report_map_key(json, "spots");
    for (size_t m = 0; m < REPORT_MAP_MEASURES; m++) {
        base_text_add(json, m ? "," : "[");
        if (spots->gistar[m].n == 0) {
            base_text_add(json, "null");
            continue;
        }
        base_text_format(json, "[%d,%d,%lld]",
                         (int)spots->gistar[m].items[cell].spot_class,
                         (int)spots->moran[m].items[cell].spot_class,
                         isnan(spots->gistar[m].items[cell].z)
                             ? 0
                             : llround(spots->gistar[m].items[cell].z * 10));
    }
    base_text_add(json, "]");
}

/* ---- clusters ---- */

static void add_cluster(map_work *w, const store_clusters *k,
                        const gb_shapes *shapes, const gb_lonlat *degrees,
                        size_t i)
{
    const store_cluster *c = &k->items[i];

    base_text_format(w->json,
                     "{\"number\":%u,\"targets\":%lld,\"value\":%lld,"
                     "\"fen\":%lld,\"area_m2\":%lld,\"grid\":",
                     c->number, (long long)c->targets, (long long)c->value,
                     (long long)c->balance_fen, llround(c->area_m2));
    base_text_json(w->json, c->grid);
    base_text_add(w->json, ",\"at\":");
    report_add_point(w->json, &w->pen, c->at);
    base_text_add(w->json, ",\"p\":");
    report_add_shape(w->json, &w->pen, shapes, degrees, i);
    base_text_add(w->json, "}");
}

static gb_status add_clusters(map_work *w, const store_clusters *k)
{
    const gb_shapes shapes = geo_shapes_view(&k->outlines);
    gb_lonlat *degrees = base_alloc_array(w->data->run->mem, shapes.n_points,
                                          sizeof *degrees);
    const char *comma = "";

    if (!degrees)
        return base_fail_nomem(w->data->run->ctx);
    for (size_t p = 0; p < shapes.n_points; p++)
        degrees[p] = (gb_lonlat){ shapes.points[p].x_m, shapes.points[p].y_m };
    base_text_format(w->json, "\"min_points\":%u,\"radius_m\":",
                     k->min_points);
    base_text_real(w->json, k->radius_m, 0);
    base_text_add(w->json, ",\"items\":[");
    for (size_t i = 0; i < k->n; i++)
        if (report_map_in_box(w, k->items[i].at)) {
            base_text_add(w->json, comma);
            add_cluster(w, k, &shapes, degrees, i);
            comma = ",";
        }
    base_text_add(w->json, "]");
    base_free(w->data->run->mem, degrees);
    return GB_OK;
}

gb_status report_map_clusters(map_work *w)
{
    const gb_lonlat box[] = { w->sw, w->ne };
    store_clusters clusters;
    gb_status status = store_load_clusters(
        w->data->ws, w->scope, w->data->plan.as_of, box, &clusters);

    if (status)
        return status;
    report_map_key(w->json, "clusters");
    base_text_add(w->json, "{");
    status = add_clusters(w, &clusters);
    base_text_add(w->json, "}");
    store_clusters_clear(&clusters);
    return status;
}
