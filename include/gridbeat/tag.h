/*
 * gridbeat/tag.h - the dictionary of tags: one standard for what is said of
 * customers, freely extended by the bank.
 *
 * A tag has a name, titles in both languages, and either no values or a list
 * of those that are allowed.  Once defined it is of use in rules (has_tag(),
 * tag_value()), cards and imports without any change of code; an import names
 * an unknown tag or value with its line and the nearest legal one
 * (data/FORMATS.md).
 *
 * The dictionary is JSON:
 *
 *   {"tag": "行业", "title_zh": "行业", "title_en": "Trade",
 *    "values": ["餐饮", "零售"]}
 *
 * or an array of these, or an object with such an array under "tags".  What is
 * not given stays as it was; "values": [] takes the tag alone.
 */
#ifndef GRIDBEAT_TAG_H
#define GRIDBEAT_TAG_H

#include <gridbeat/segment.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The dictionary that ships, as JSON.  Any thread. */
GB_API const char *gb_tag_sample(void);

/**
 * Add tags, or change those that are there; all or none, in one transaction.
 *
 * A name has 1 to 200 bytes and neither ; nor =, as have values; up to 200
 * values a tag and 1000 tags a call.  A value that customers have cannot be
 * taken out of the list.
 *
 * @param out  `new`, `changed`, `unchanged` counts, and `tags` with what
 *             became of each.
 * @return GB_OK; GB_ERR_PARSE for what is no such JSON, naming the place;
 *         GB_ERR_DATA for a value in use that would go, with the number of
 *         customers; GB_ERR_STATE for a read-only workspace; GB_ERR_ARGUMENT,
 *         GB_ERR_BUSY, GB_ERR_NOMEM, GB_ERR_LIBRARY.
 *
 * Ownership: free *out with gb_segment_result_free(); NULL after a failure.
 * Threads: one thread a context and a workspace.  Since: 0.1.
 */
GB_API gb_status gb_tag_define(gb_context *ctx, gb_workspace *workspace,
                               const char *json, gb_segment_result **out);

/**
 * List the tags by name: titles, allowed values, customers of the scope who
 * have it, and how many have each value.
 *
 * @param scope  As of gb_segment_options; NULL: all.
 * @param tag    This one alone; NULL: all.
 * @return GB_ERR_NOT_FOUND for a tag that is not there, with the nearest; else
 *         as gb_tag_define().
 */
GB_API gb_status gb_tag_list(gb_context *ctx, gb_workspace *workspace,
                             const char *scope, const char *tag,
                             gb_segment_result **out);

/**
 * Hold the customers' tags to the dictionary: values that are not allowed (any
 * more), with the nearest that is; tags of the same name but for case, blanks
 * and width; tags that rules ask for and nobody defined.
 *
 * @param out  `findings`, each with `kind` (value, alike, rule), `tag`,
 *             `value`, `customers`, `nearest`, `text` in the context's
 *             language; gb_segment_result_kept() is their number.
 * @return As gb_tag_define().
 */
GB_API gb_status gb_tag_check(gb_context *ctx, gb_workspace *workspace,
                              const char *scope, gb_segment_result **out);

#ifdef __cplusplus
}
#endif
#endif
