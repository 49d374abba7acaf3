/*
 * call_groups.h - the tables of methods, one for each call_<noun>.c.
 */
#ifndef CALL_GROUPS_H
#define CALL_GROUPS_H

#include "call_door.h"

extern const call_group call_about_group;
extern const call_group call_density_group;
extern const call_group call_import_group;
extern const call_group call_lead_group;
extern const call_group call_roads_group;
extern const call_group call_route_bound_group;
extern const call_group call_route_check_group;
extern const call_group call_route_convert_group;
extern const call_group call_route_reasons_group;
extern const call_group call_route_replan_group;
extern const call_group call_route_solve_group;
extern const call_group call_route_suggest_group;
extern const call_group call_score_fit_group;
extern const call_group call_score_return_group;
extern const call_group call_score_tier_group;
extern const call_group call_score_why_group;
extern const call_group call_score_calibrate_group;
extern const call_group call_score_feedback_group;
extern const call_group call_score_policies_group;
extern const call_group call_tag_group;
extern const call_group call_score_presence_group;
extern const call_group call_segment_group;
extern const call_group call_clusters_group;
extern const call_group call_spots_group;
extern const call_group call_score_card_group;
extern const call_group call_score_check_group;
extern const call_group call_score_explain_group;
extern const call_group call_score_value_group;
extern const call_group call_nightly_group;
extern const call_group call_report_group;
extern const call_group call_report_ground_group;
extern const call_group call_territory_at_group;
extern const call_group call_territory_bound_group;
extern const call_group call_territory_group;
extern const call_group call_territory_diff_group;
extern const call_group call_territory_edit_group;
extern const call_group call_territory_handover_group;
extern const call_group call_territory_life_group;
extern const call_group call_territory_rules_group;
extern const call_group call_territory_solve_group;
extern const call_group call_workspace_group;
extern const call_group call_world_group;

/* call_methods.c: the answer of `methods`. */
gb_status call_describe_all(call *c, json_t **result);

#endif
