/*
 * world_write_bank.c - the files of the bank itself: the tree of its units,
 * branches, managers, the calendar, and the dictionaries.
 */
#include "world_cell.h"
#include "world_customer.h"
#include "world_date.h"

#include "base_check.h"

enum { CALENDAR_DAYS = 90, IN_A_GROUP = 4 };

/* ---- the tree ---- */

/* Branches from west to east: neighbours make a group. */
static uint32_t *sorted_branches(world_writer *w)
{
    const world_bank *bank = w->bank;
    uint32_t *order
        = base_alloc_array(w->run->mem, bank->n_branches, sizeof *order);

    for (uint32_t b = 0; order && b < bank->n_branches; b++) {
        uint32_t i = b;

        for (; i > 0
               && bank->branches[order[i - 1]].at.x_m
                      > bank->branches[b].at.x_m;
             i--)
            order[i] = order[i - 1];
        order[i] = b;
    }
    return order;
}

/* The third and fourth of a group are offices below the first and second. */
static bool is_office(uint32_t position)
{
    return position % IN_A_GROUP >= 2;
}

static void add_org_ref(base_text *row, uint32_t branch, bool office,
                        const char *after)
{
    base_text_add(row, office ? "o4-" : "o3-");
    world_cell_ref(row, 'b', branch, after);
}

static gb_status write_unit(world_writer *w, const uint32_t *order,
                            uint32_t position)
{
    base_text *row = &w->folder->text;
    const uint32_t b = order[position];
    const bool office = is_office(position);

    add_org_ref(row, b, office, ",");
    if (office)
        add_org_ref(row, order[position - 2], false, ",");
    else
        base_text_format(row, "o2-%u,", position / IN_A_GROUP + 1);
    base_text_format(row, office ? "分理处,示范银行第%u分理处\n"
                                 : "支行,示范银行第%u支行\n",
                     b + 1);
    return world_file_row(w->folder);
}

/* Children before their parents: an import must not mind. */
gb_status world_write_orgs(world_writer *w)
{
    const uint32_t n = w->bank->n_branches;
    uint32_t *order = sorted_branches(w);
    base_text *row = &w->folder->text;
    gb_status status;

    if (!order)
        return base_fail_nomem(w->run->ctx);
    status = world_file_open(w->folder, "orgs", "orgs.csv", "utf-8");
    base_text_add(row, "org_ref,parent_ref,level,name\n");
    for (uint32_t i = 0; !status && i < n; i++)
        status = write_unit(w, order, i);
    for (uint32_t g = 0; !status && g * IN_A_GROUP < n; g++) {
        base_text_format(row, "o2-%u,o1,二级分行,示范银行第%u二级分行\n",
                         g + 1, g + 1);
        status = world_file_row(w->folder);
    }
    if (!status) {
        base_text_add(row, "o1,,一级分行,示范银行一级分行\n");
        status = world_file_row(w->folder);
    }
    base_free(w->run->mem, order);
    return status ? status : world_file_close(w->folder);
}

gb_status world_write_branches(world_writer *w)
{
    const world_bank *bank = w->bank;
    uint32_t *order = sorted_branches(w);
    base_text *row = &w->folder->text;
    gb_status status;

    if (!order)
        return base_fail_nomem(w->run->ctx);
    status = world_file_open(w->folder, "branches", "branches.csv", "utf-8");
    base_text_add(row, "branch_ref,org_ref,name,lon,lat\n");
    for (uint32_t i = 0; !status && i < bank->n_branches; i++) {
        const uint32_t b = order[i];

        world_cell_ref(row, 'b', b, ",");
        add_org_ref(row, b, is_office(i), ",");
        base_text_format(row, is_office(i) ? "第%u分理处," : "第%u支行,",
                         b + 1);
        status = world_cell_lonlat(w, row, bank->branches[b].at, "\n");
        if (!status)
            status = world_file_row(w->folder);
    }
    base_free(w->run->mem, order);
    return status ? status : world_file_close(w->folder);
}

/* ---- people and days ---- */

static const char *mode_name(gb_mode mode)
{
    return mode == GB_MODE_FOOT ? "foot" : mode == GB_MODE_CAR ? "car" : "ebike";
}

gb_status world_write_managers(world_writer *w)
{
    base_text *row = &w->folder->text;
    gb_status status
        = world_file_open(w->folder, "managers", "managers.csv", "utf-8");

    base_text_add(row, "manager_ref,branch_ref,mode,shift_start,shift_end,"
                       "break_from,break_to,break_s,hired_on\n");
    for (uint32_t m = 0; !status && m < w->bank->n_managers; m++) {
        const world_manager *manager = &w->bank->managers[m];

        world_cell_ref(row, 'm', m, ",");
        world_cell_ref(row, 'b', manager->branch, ",");
        world_cell_text(row, mode_name(manager->mode), ",");
        world_cell_clock(row, manager->shift_start_min, ",");
        world_cell_clock(row, manager->shift_end_min, ",");
        if (manager->break_to_min > manager->break_from_min) {
            world_cell_clock(row, manager->break_from_min, ",");
            world_cell_clock(row, manager->break_to_min, ",");
            base_text_add(row, "3600,");
        } else {
            base_text_add(row, ",,0,");
        }
        world_cell_day(row, manager->hired_day, "\n");
        status = world_file_row(w->folder);
    }
    return status ? status : world_file_close(w->folder);
}

/* A line for everybody on each day, then those who are away. */
gb_status world_write_calendar(world_writer *w)
{
    const world_bank *bank = w->bank;
    base_text *row = &w->folder->text;
    gb_status status
        = world_file_open(w->folder, "calendar", "calendar.csv", "utf-8");

    base_text_add(row, "date,manager_ref,is_working\n");
    for (int32_t d = 0; !status && d <= CALENDAR_DAYS; d++) {
        const int32_t day = bank->as_of_day + d;

        world_cell_day(row, day, ",,");
        world_cell_int(row, world_is_working_day(day), "\n");
        status = world_file_row(w->folder);
        for (uint32_t m = 0; !status && m < bank->n_managers; m++)
            if (world_manager_is_on_leave(bank, m, day)) {
                world_cell_day(row, day, ",");
                world_cell_ref(row, 'm', m, ",0\n");
                status = world_file_row(w->folder);
            }
    }
    return status ? status : world_file_close(w->folder);
}

/* ---- dictionaries ---- */

/* With a byte order mark, as spreadsheets write it. */
gb_status world_write_products(world_writer *w)
{
    static const char *const rest[WORLD_PRODUCT_COUNT] = {
        [WORLD_PRODUCT_CARD] = "借记卡,card,standard\n",
        [WORLD_PRODUCT_CREDIT_CARD] = "信用卡,card,standard\n",
        [WORLD_PRODUCT_DEPOSIT_3M] = "定期存款三个月,deposit,standard\n",
        [WORLD_PRODUCT_DEPOSIT_1Y] = "定期存款一年,deposit,standard\n",
        [WORLD_PRODUCT_DEPOSIT_3Y] = "大额存单三年,deposit,standard\n",
        [WORLD_PRODUCT_WEALTH_90D] = "稳盈九十天理财,wealth,standard\n",
        [WORLD_PRODUCT_WEALTH_PREMIUM] = "翠湖尊享理财,wealth,complex\n",
        [WORLD_PRODUCT_FUND] = "混合型基金,fund,complex\n",
        [WORLD_PRODUCT_INSURANCE] = "终身寿险,insurance,complex\n",
        [WORLD_PRODUCT_MORTGAGE] = "个人住房贷款,loan,standard\n",
        [WORLD_PRODUCT_BUSINESS_LOAN] = "商户经营贷,loan,complex\n",
        [WORLD_PRODUCT_POS] = "POS收单,pos,standard\n",
        [WORLD_PRODUCT_EBANK] = "手机银行,ebank,standard\n",
    };
    gb_status status
        = world_file_open(w->folder, "products", "products.csv", "utf-8-bom");

    base_text_add(&w->folder->text, "product_ref,name,kind,complexity\n");
    for (size_t p = 0; !status && p < WORLD_PRODUCT_COUNT; p++) {
        world_cell_text(&w->folder->text, world_product_refs[p], ",");
        base_text_add(&w->folder->text, rest[p]);
        status = world_file_row(w->folder);
    }
    return status ? status : world_file_close(w->folder);
}

/* The one file in GB18030. */
gb_status world_write_tags(world_writer *w)
{
    static const char *const titles[WORLD_TAG_COUNT] = {
        [WORLD_TAG_POS_PROSPECT] = "待发展POS机商户,Merchant to win for POS",
        [WORLD_TAG_BUSY_DINER] = "高流水餐饮店,Restaurant with high turnover",
        [WORLD_TAG_ALLIANCE] = "可合作异业联盟,Possible ally of another trade",
        [WORLD_TAG_VIP] = "贵宾客户,Premium customer",
        [WORLD_TAG_REFERRER] = "转介绍客户,Brings others",
        [WORLD_TAG_INTENT] = "已表达意向,Stated an intent",
        [WORLD_TAG_LIFE + WORLD_LIFE_RETIRED] = "退休,Retired",
        [WORLD_TAG_LIFE + WORLD_LIFE_OFFICE] = "上班族,Works in an office",
        [WORLD_TAG_LIFE + WORLD_LIFE_FAMILY] = "居家,At home with a family",
        [WORLD_TAG_LIFE + WORLD_LIFE_MERCHANT] = "商户,Keeps a shop",
        [WORLD_TAG_LIFE + WORLD_LIFE_STUDENT] = "学生,Student",
        [WORLD_TAG_BEST_TIME] = "适宜时段,Good time of day",
        [WORLD_TAG_CHANNEL] = "常用渠道,Usual channel",
        [WORLD_TAG_INTEREST] = "兴趣点,Interest",
        [WORLD_TAG_SOURCE] = "来源渠道,Source",
    };
    base_text *row = &w->folder->text;
    gb_status status
        = world_file_open(w->folder, "tags", "tags.csv", "gb18030");

    base_text_add(row, "tag,title_zh,title_en,values\n");
    for (size_t t = 0; !status && t < WORLD_TAG_COUNT; t++) {
        world_cell_text(row, world_tag_names[t], ",");
        world_cell_text(row, titles[t], ",");
        world_cell_text(row, world_tag_values[t] ? world_tag_values[t] : "",
                        "\n");
        status = world_file_row(w->folder);
    }
    return status ? status : world_file_close(w->folder);
}
