/*
 * base_options.h - takes a caller's options struct of any known size.
 *
 * Every options struct begins with `size_t size`, and zero means the default
 * for every field: so an older, shorter struct is simply zero-filled, and a
 * newer, longer one is refused only if it asks for something unknown here.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include "base_context.h"

/*
 * Copy the known part of `from` (NULL: all defaults) to `to`, of `known`
 * bytes, and set its size.  `first` is the size in version 1.  Refuses, with
 * GB_ERR_OPTIONS and the reason, a size below `first`, one above 4096, and
 * non-zero bytes that this library does not know.
 */
gb_status base_options_take(gb_context *ctx, void *to, size_t known,
                            const void *from, size_t first);

/*
 * The other way: fill the caller's struct, which says its size, with the
 * `known` bytes of a record.  False when `out` is NULL or too small.
 */
bool base_options_give(void *out, const void *record, size_t known);

#endif
