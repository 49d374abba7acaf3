/*
 * route_json_own.c - see route_json_own.h.
 */
#include "route_json_own.h"

#include <string.h>

int32_t route_json_guess(const char *bytes, size_t n)
{
    static const char mark[] = "\"" ROUTE_JSON_FORMAT;
    const size_t length = sizeof mark - 1;

    for (size_t i = 0; i + length <= n; i++) {
        const char *found = memchr(bytes + i, '"', n - length - i + 1);

        if (!found)
            break;
        if (memcmp(found, mark, length) == 0)
            return GB_ROUTE_FORMAT_JSON;
        i = (size_t)(found - bytes);
    }
    return GB_ROUTE_FORMAT_VROOM;
}
