/*
 * report_sketch.c - see report_sketch.h.
 */
#include "report_sketch.h"

#include <math.h>

report_sketch report_sketch_fit(double w, double h, double edge,
                                gb_lonlat sw, gb_lonlat ne)
{
    report_sketch s;

    s.cosine
        = cos((sw.lat_deg + ne.lat_deg) / 2 * 0.017453292519943295);
    s.scale = fmin((w - 2 * edge)
                       / fmax(1e-5, (ne.lon_deg - sw.lon_deg) * s.cosine),
                   (h - 2 * edge) / fmax(1e-5, ne.lat_deg - sw.lat_deg));
    s.x0 = w / 2 - (sw.lon_deg + ne.lon_deg) / 2 * s.cosine * s.scale;
    s.y0 = h / 2 + (sw.lat_deg + ne.lat_deg) / 2 * s.scale;
    return s;
}

double report_sketch_x(const report_sketch *s, gb_lonlat p)
{
    return s->x0 + p.lon_deg * s->cosine * s->scale;
}

double report_sketch_y(const report_sketch *s, gb_lonlat p)
{
    return s->y0 - p.lat_deg * s->scale;
}

void report_sketch_add_at(base_text *text, const report_sketch *s,
                          const char *x, const char *y, gb_lonlat p)
{
    base_text_format(text, " %s=\"", x);
    base_text_real(text, report_sketch_x(s, p), 1);
    base_text_format(text, "\" %s=\"", y);
    base_text_real(text, report_sketch_y(s, p), 1);
    base_text_add(text, "\"");
}

void report_sketch_add_points(base_text *text, const report_sketch *s,
                              const gb_lonlat *points, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            base_text_add(text, " ");
        base_text_real(text, report_sketch_x(s, points[i]), 1);
        base_text_add(text, ",");
        base_text_real(text, report_sketch_y(s, points[i]), 1);
    }
}
