/*
 * call_figures.c - see call_figures.h.
 */
#include "call_figures.h"

#include <math.h>

enum { DIGITS = 5 };

json_t *call_figure(double value)
{
    double unit;

    if (!isfinite(value))
        return json_null(); /* JSON has no other word for it */
    if (!(fabs(value) > 0))
        return json_real(0);
    unit = pow(10, DIGITS - 1 - floor(log10(fabs(value))));
    return isfinite(unit) && unit > 0 ? json_real(round(value * unit) / unit)
                                      : json_real(value);
}

bool call_put_estimate(json_t *object, const char *key,
                       const gb_policy_estimate *e)
{
    return call_put(object, key,
                    json_pack("{s:o, s:o, s:o, s:o}", "value",
                              call_figure(e->value), "se", call_figure(e->se),
                              "low", call_figure(e->low), "high",
                              call_figure(e->high)));
}
