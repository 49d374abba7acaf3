#!/usr/bin/env bash
# Every public function is called under a faulty allocator by a test of
# tests/fault, or is listed below with the reason why it has no need of it.  So
# a new function without a loop over its requests for memory is found.
set -u
source=${GB_SOURCE:-$(dirname "$0")/../..}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export LC_ALL=C

# No context, so no allocator: these read what they are given, or release it.
# Functions that take a context may not stand here; see below.
cat > "$work/asks_for_none" <<'END'
gb_area_file_capacities
gb_area_file_distances
gb_area_file_facts
gb_area_file_familiarity
gb_area_file_ref
gb_area_file_tolerances
gb_behaviour_name
gb_behaviour_param
gb_behaviour_parse
gb_behaviour_return_weight
gb_cells_findings
gb_crs_epsg
gb_datum_name
gb_datum_parse
gb_exit_code
gb_import_report_counts
gb_import_report_file
gb_import_report_kind
gb_import_report_n_files
gb_import_report_n_reasons
gb_import_report_reason
gb_import_report_roads
gb_mode_name
gb_mode_parse
gb_plan_result_json
gb_plan_result_musts_missed
gb_point_reason_name
gb_roads_arrival_s
gb_roads_band_count
gb_route_change_name
gb_route_change_parse
gb_route_constraint_name
gb_route_diff_problem
gb_route_diff_summarize
gb_route_findings_text
gb_route_patterns
gb_route_solution_find
gb_route_solution_order
gb_route_solution_reason
gb_route_solution_stop
gb_route_solution_totals
gb_policy_held_out
gb_policy_shifted
gb_presence_at
gb_presence_from
gb_presence_row_at
gb_presence_strength
gb_score_card_factor
gb_score_card_n_factors
gb_score_card_n_profiles
gb_score_card_n_slots
gb_score_card_profile
gb_score_card_shipped
gb_score_card_slot_borders
gb_score_card_title
gb_segment_result_json
gb_segment_result_kept
gb_segment_result_seen
gb_segment_result_unknown
gb_status_name
gb_status_text
gb_territories_findings
gb_territories_owners
gb_territories_summary
gb_territory_index_ref
gb_tag_sample
gb_tiers_count
gb_tiers_name
gb_value_fen_per_point
gb_value_matrix
gb_value_n_parts
gb_value_part
gb_value_part_title
gb_value_prices_visits
gb_version
gb_workspace_epsg
gb_workspace_path
gb_workspace_schema_version
END

sed -n 's/^ *\(gb_[a-z0-9_]*\);.*/\1/p' "$source/engine/gridbeat.map" \
  | sort -u > "$work/public"
grep -lE "faulty_(context|loop)" "$source"/tests/fault/test_*.c \
  | xargs cat "$source"/tests/harness/small_bank.c \
  | grep -o 'gb_[a-z0-9_]* *(\|gb_plan_##name' | tr -d '( ' | sort -u > "$work/called"
# gb_plan_##name in test_night.c stands for the steps that its macro names.
sed -n 's/^PLAN_STEP(\(.*\))$/gb_plan_\1/p' "$source/tests/fault/test_night.c" \
  >> "$work/called"
sort -u -o "$work/called" "$work/called"

failed=0
tell() { # words, lines
  [ -z "$2" ] && return
  echo "$1:"; sed 's/^/  /' <<<"$2"; failed=1
}
sort -u -o "$work/asks_for_none" "$work/asks_for_none"
sort "$work/called" "$work/asks_for_none" | uniq > "$work/known"
tell "public, and no fault test calls it" \
  "$(comm -23 "$work/public" "$work/known")"
tell "listed here, and not public" \
  "$(comm -13 "$work/public" "$work/asks_for_none")"
# Whoever takes a context can ask it for memory: a list cannot excuse it.
takes_context=$(cat "$source"/include/gridbeat/*.h | tr '\n' ' ' | tr ';' '\n' \
  | sed -n 's/.*GB_API.* [*]*\(gb_[a-z0-9_]*\)(gb_context \*.*/\1/p' | sort -u)
tell "takes a context, and is listed as asking for no memory" \
  "$(comm -12 <(echo "$takes_context") "$work/asks_for_none")"
[ "$(wc -l < "$work/public")" -ge 100 ] || tell "too few public functions" "$work"
[ $failed = 0 ] && echo "$(wc -l < "$work/public") public functions, $(comm -12 "$work/public" "$work/called" | wc -l) under a faulty allocator"
exit $failed
