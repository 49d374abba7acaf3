/*
 * fuzz_options.c - an options struct of any bytes through the one place that
 * takes them: what comes out is a known prefix and zeros, or a refusal.
 */
#include "base_options.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 8192, FIRST = 24, KNOWN = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* `claimed` bytes of options; all that lies behind what was given is zero. */
static void check_taken(const unsigned char *from, size_t claimed,
                        const unsigned char *to)
{
    const size_t kept = claimed < KNOWN ? claimed : KNOWN;
    const size_t known = KNOWN;

    if (memcmp(to, &known, sizeof known) != 0)
        abort();
    if (memcmp(to + sizeof known, from + sizeof known, kept - sizeof known)
        != 0)
        abort();
    for (size_t i = kept; i < KNOWN; i++)
        if (to[i] != 0)
            abort();
    for (size_t i = KNOWN; i < claimed; i++)
        if (from[i] != 0)
            abort(); /* something unknown was let through */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char from[ROOM];
    unsigned char to[KNOWN];
    gb_context_options named = GB_CONTEXT_OPTIONS_INIT;
    gb_context *ctx = NULL;
    size_t claimed = 0;
    gb_status status;

    if (gb_context_new(&named, &ctx) != GB_OK)
        return 0;
    memset(from, 0, sizeof from);
    memcpy(from, data, size < ROOM ? size : ROOM);
    memcpy(&claimed, from, sizeof claimed);
    status = base_options_take(ctx, to, KNOWN, from, FIRST);
    if ((status == GB_OK) && (claimed < FIRST || claimed > 4096))
        abort();
    if (status == GB_OK)
        check_taken(from, claimed, to);
    else if (status != GB_ERR_OPTIONS || gb_last_error(ctx)[0] == '\0')
        abort();
    gb_context_free(ctx);
    return 0;
}
