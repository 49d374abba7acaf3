/*
 * route_json_api.c - implements gridbeat/route_json.h.
 */
#include <gridbeat/route_json.h>

#include "route_json_own.h"
#include "route_vroom.h"

const gb_route_order *gb_route_file_start(const gb_route_file *file)
{
    if (!file || !file->own)
        return NULL;
    if (file->facts.format == GB_ROUTE_FORMAT_VROOM)
        return ((const vroom_file *)file->own)->start;
    if (file->facts.format == GB_ROUTE_FORMAT_JSON)
        return ((const route_json_file *)file->own)->start;
    return NULL;
}
