/*
 * base_options.c - see base_options.h.
 */
#include "base_options.h"

#include <string.h>

enum { LARGEST = 4096 };

gb_status base_options_take(gb_context *ctx, void *to, size_t known,
                            const void *from, size_t first)
{
    size_t size;

    memset(to, 0, known);
    if (from) {
        memcpy(&size, from, sizeof size);
        if (size < first || size > LARGEST)
            return base_fail(ctx, GB_ERR_OPTIONS,
                             "options of %zu bytes; %zu to %d expected: "
                             "was the INIT macro used?",
                             size, first, LARGEST);
        for (size_t i = known; i < size; i++)
            if (((const char *)from)[i] != 0)
                return base_fail(ctx, GB_ERR_OPTIONS,
                                 "options set a field at byte %zu that "
                                 "version %s does not know",
                                 i, gb_version());
        memcpy(to, from, size < known ? size : known);
    }
    memcpy(to, &known, sizeof known);
    return GB_OK;
}

bool base_options_give(void *out, const void *record, size_t known)
{
    size_t size;

    if (!out)
        return false;
    memcpy(&size, out, sizeof size);
    if (size < known)
        return false;
    memcpy(out, record, known);
    memcpy(out, &size, sizeof size);
    return true;
}
