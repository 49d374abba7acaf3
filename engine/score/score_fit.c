/*
 * score_fit.c - see score_fit.h.
 */
#include "score_fit.h"

#include <string.h>

static void clear(fit *f)
{
    for (size_t i = 0; i < f->candidates.n; i++) {
        base_free(f->mem, f->candidates.items[i].name);
        base_free(f->mem, f->candidates.items[i].bin_of_text);
        base_free(f->mem, f->candidates.items[i].bin);
    }
    base_array_clear(f->mem, &f->candidates);
    base_free(f->mem, f->rows.row);
    base_free(f->mem, f->rows.event);
    base_free(f->mem, f->rows.part);
    base_free(f->mem, f->rows.fold);
}

static void take_min_rows(fit *f)
{
    if (f->o.min_rows == 0) {
        f->o.min_rows = (int64_t)(f->rows.n / 200);
        f->o.min_rows = f->o.min_rows < 25 ? 25 : f->o.min_rows;
    }
}

gb_status score_fit(base_run *run, const gb_scorecard_table *table,
                    const uint8_t *outcome, const fit_options *options,
                    gb_score_card **out)
{
    fit f;
    gb_status status;

    *out = NULL;
    memset(&f, 0, sizeof f);
    f.run = run;
    f.mem = run->mem;
    f.table = table;
    f.o = *options;
    status = fit_take_rows(&f, outcome);
    take_min_rows(&f);
    if (!status)
        status = fit_offer_columns(&f);
    if (!status)
        status = fit_offer_pairs(&f);
    if (!status) {
        fit_screen(&f);
        status = fit_choose(&f);
    }
    if (!status)
        status = fit_make_card(&f, out);
    clear(&f);
    return status;
}
