/*
 * world_truth.c - who is really there when, as a file beside the delivery.
 */
#include "world_presence.h"
#include "world_write.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static const char *const kinds[] = { "workday", "off" };

static void add_rows(const world_bank *bank, uint32_t number, base_text *text)
{
    const world_customer c = world_customer_make(bank, number);

    for (int k = 0; k < 2; k++) {
        double chances[WORLD_HOURS];

        world_presence(bank, &c, k == 0, chances);
        base_text_format(text, "%s,%s", c.ref, kinds[k]);
        for (int h = 0; h < WORLD_HOURS; h++)
            base_text_format(text, ",%d", (int)floor(chances[h] * 1000 + 0.5));
        base_text_add(text, "\n");
    }
}

/* Writes what the text holds, and empties it. */
static gb_status put(base_run *run, base_text *text, FILE *to)
{
    if (text->is_short)
        return base_fail_nomem(run->ctx);
    if (fwrite(text->chars, 1, text->n, to) != text->n)
        return base_fail(run->ctx, GB_ERR_IO, "%s", strerror(errno));
    base_text_reset(text);
    return base_poll(run);
}

static gb_status write_rows(base_run *run, const world_bank *bank, FILE *to)
{
    base_text text;
    gb_status status;

    base_text_init(&text, run->mem);
    base_text_add(&text, "customer_ref,day_kind");
    for (int h = 0; h < WORLD_HOURS; h++)
        base_text_format(&text, ",h%02d", WORLD_FIRST_HOUR + h);
    base_text_add(&text, "\n");
    status = put(run, &text, to);
    for (uint32_t i = 0; !status && i < bank->n_customers; i++) {
        add_rows(bank, i, &text);
        status = put(run, &text, to);
    }
    base_text_clear(&text);
    return status;
}

gb_status world_write_truth(base_run *run, const world_bank *bank,
                            const char *path)
{
    FILE *to = fopen(path, "wb");
    gb_status status;

    if (!to)
        return base_fail(run->ctx, GB_ERR_IO, "cannot write %s: %s", path,
                         strerror(errno));
    status = write_rows(run, bank, to);
    if (fclose(to) != 0 && !status)
        status = base_fail(run->ctx, GB_ERR_IO, "cannot write %s: %s", path,
                           strerror(errno));
    if (status)
        (void)remove(path);
    return status;
}
