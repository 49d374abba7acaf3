/*
 * route_file_formats.c - the formats, and how to tell them apart.
 */
#include "route_file_internal.h"

#include <string.h>

const route_file_format ROUTE_FILE_FORMATS[ROUTE_FILE_N_FORMATS] = {
    [GB_ROUTE_FORMAT_AUTO] = { "auto", NULL, NULL, NULL, NULL },
    [GB_ROUTE_FORMAT_VRPLIB] = { "vrplib", NULL, NULL, NULL, NULL },
    [GB_ROUTE_FORMAT_SOLOMON] = { "solomon", NULL, NULL, NULL, NULL },
    [GB_ROUTE_FORMAT_CORDEAU] = { "cordeau", NULL, NULL, NULL, NULL },
    [GB_ROUTE_FORMAT_TOPTW] = { "toptw", NULL, NULL, NULL, NULL },
    [GB_ROUTE_FORMAT_VROOM] = { "vroom", NULL, NULL, NULL, NULL },
    [GB_ROUTE_FORMAT_JSON] = { "json", NULL, NULL, NULL, NULL },
};

const char *gb_route_format_name(int32_t format)
{
    if (format < 0 || format >= ROUTE_FILE_N_FORMATS)
        return NULL;
    return ROUTE_FILE_FORMATS[format].name;
}

bool gb_route_format_parse(const char *name, int32_t *format)
{
    for (int32_t f = 0; name && format && f < ROUTE_FILE_N_FORMATS; f++)
        if (strcmp(name, ROUTE_FILE_FORMATS[f].name) == 0) {
            *format = f;
            return true;
        }
    return false;
}

int32_t route_json_guess(const char *bytes, size_t n)
{
    (void)bytes;
    (void)n;
    return GB_ROUTE_FORMAT_VROOM;
}

int32_t route_file_guess(const char *bytes, size_t n)
{
    (void)bytes;
    (void)n;
    return GB_ROUTE_FORMAT_AUTO;
}
