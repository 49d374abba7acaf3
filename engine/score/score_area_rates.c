/*
 * score_area_rates.c - see score_area_rates.h.
 */
#include "score_area_rates.h"

#include <math.h>

typedef struct overall {
    double share;   /* of all */
    double between; /* variance between areas beyond chance; >= 0 */
} overall;

/* Marshall's estimate by moments. */
static overall look_over(const double *events, const double *population,
                         size_t n)
{
    overall all = { 0, 0 };
    double people = 0, sum = 0, spread = 0;
    size_t n_lived_in = 0;

    for (size_t i = 0; i < n; i++) {
        people += population[i];
        sum += events[i];
        n_lived_in += population[i] > 0;
    }
    if (!(people > 0))
        return all;
    all.share = sum / people;
    for (size_t i = 0; i < n; i++)
        if (population[i] > 0) {
            const double off = events[i] / population[i] - all.share;

            spread += population[i] / people * off * off;
        }
    all.between
        = fmax(0, spread - all.share / (people / (double)n_lived_in));
    return all;
}

void score_area_rates(const double *events, const double *population, size_t n,
                 double *out)
{
    const overall all = look_over(events, population, n);

    for (size_t i = 0; i < n; i++) {
        const double people = population[i];
        double variance, off;

        if (!(people > 0)) {
            out[i] = NAN;
            continue;
        }
        variance = all.between + all.share / people;
        off = events[i] / people - all.share;
        out[i] = variance > 0 ? off / sqrt(variance) : 0;
    }
}
