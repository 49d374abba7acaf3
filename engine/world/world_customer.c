/*
 * world_customer.c - see world_customer.h.  The shares in the tables are
 * guesses of a retail bank in a Chinese city; where a figure was chosen to
 * hit a share that the demo promises, it says so.
 */
#include "world_customer.h"

#include "base_check.h"
#include "world_math.h"

const char *const world_tag_names[WORLD_TAG_COUNT] = {
    [WORLD_TAG_POS_PROSPECT] = "待发展POS机商户",
    [WORLD_TAG_BUSY_DINER] = "高流水餐饮店",
    [WORLD_TAG_ALLIANCE] = "可合作异业联盟",
    [WORLD_TAG_VIP] = "贵宾",
    [WORLD_TAG_REFERRER] = "转介绍",
    [WORLD_TAG_INTENT] = "有意向",
    [WORLD_TAG_LIFE + WORLD_LIFE_RETIRED] = "退休",
    [WORLD_TAG_LIFE + WORLD_LIFE_OFFICE] = "上班族",
    [WORLD_TAG_LIFE + WORLD_LIFE_FAMILY] = "居家",
    [WORLD_TAG_LIFE + WORLD_LIFE_MERCHANT] = "商户",
    [WORLD_TAG_LIFE + WORLD_LIFE_STUDENT] = "学生",
    [WORLD_TAG_BEST_TIME] = "best_time",
    [WORLD_TAG_CHANNEL] = "channel",
    [WORLD_TAG_INTEREST] = "interest",
    [WORLD_TAG_SOURCE] = "source",
};

/* NULL for the plain ones. */
const char *const world_tag_values[WORLD_TAG_COUNT] = {
    [WORLD_TAG_BEST_TIME] = "morning;midday;afternoon",
    [WORLD_TAG_CHANNEL] = "counter;mobile;both",
    [WORLD_TAG_INTEREST] = "deposit;wealth;loan;insurance",
    [WORLD_TAG_SOURCE] = "street;referral;payroll;event",
};

const char *const world_product_refs[WORLD_PRODUCT_COUNT]
    = { "card",       "credit_card",    "deposit_3m", "deposit_1y",
        "deposit_3y", "wealth_90d",     "wealth_premium",
        "fund_mixed", "insurance_life", "mortgage",   "business_loan",
        "pos",        "ebank" };

/* Who lives where: a row for each tone, and one for markets. */
static const uint8_t lives[WORLD_TONE_COUNT + 1][WORLD_LIFE_COUNT] = {
    [WORLD_TONE_MIXED] = { 24, 36, 28, 7, 5 },
    [WORLD_TONE_ELDERLY] = { 46, 22, 24, 5, 3 },
    [WORLD_TONE_STUDENT] = { 6, 30, 12, 8, 44 },
    [WORLD_TONE_TRADE] = { 12, 22, 20, 42, 4 },
    [WORLD_TONE_OFFICE] = { 8, 62, 18, 9, 3 },
    [WORLD_TONE_COUNT] = { 4, 6, 8, 80, 2 },
};

/* Log of the yuan that somebody has more than the median, by life. */
static const double life_wealth[WORLD_LIFE_COUNT]
    = { 0.35, 0.05, 0.15, 0.55, -1.1 };
static const double life_dormancy[WORLD_LIFE_COUNT]
    = { -0.07, 0.02, 0, -0.04, 0.1 };

static base_rng chance(const world_bank *bank, world_stream purpose,
                       uint64_t number)
{
    return world_bank_chance(bank, purpose, number);
}

void world_customer_ref(const world_bank *bank, uint32_t number, char ref[12])
{
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    const uint64_t mask = (UINT64_C(1) << 35) - 1;
    uint64_t x = number;

    /* Steps that can be undone keep numbers apart. */
    for (int round = 0; round < 3; round++) {
        x = (x + world_mix(bank->seed, WORLD_STREAM_REF)) & mask;
        x = x * UINT64_C(0x2545f4914f6cdd1d) & mask;
        x ^= x >> 17;
    }
    ref[0] = 'c';
    for (int i = 0; i < 7; i++)
        ref[1 + i] = letters[x >> (5 * i) & 31];
    ref[8] = '\0';
}

world_spoil world_customer_spoil(const world_bank *bank, uint32_t number)
{
    const uint32_t hundred = number / 100;
    base_rng rng = chance(bank, WORLD_STREAM_SPOIL, hundred);
    /* Not the first: TWICE needs a good row before it. */
    const uint32_t chosen = hundred * 100 + 1
                            + (uint32_t)base_rng_below(&rng, 99);

    if (chosen != number || bank->n_customers / 100 <= hundred)
        return WORLD_SPOIL_NOT;
    return (world_spoil)(1 + base_rng_below(&rng, WORLD_SPOIL_COUNT - 1));
}

/* ---- where ---- */

static uint32_t choose_place(const world_bank *bank, base_rng *rng)
{
    const double at
        = base_rng_unit(rng) * bank->heaped[bank->n_places - 1];
    uint32_t low = 0, high = bank->n_places - 1;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (bank->heaped[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* A point inside a border, the same for a block's number. */
static gb_point block_point(const world_bank *bank, uint32_t p, uint32_t block)
{
    const world_place *place = &bank->places[p];
    const world_site *site = &bank->ground.sites[place->site];
    const double reach_m = 1.6 * sqrt(site->area_m2);
    base_rng rng = chance(bank, WORLD_STREAM_BLOCK,
                          ((uint64_t)p << 12) + block);

    for (int i = 0; i < 40; i++) {
        /* Of the two in one expression either might be drawn first. */
        const double x = 2 * base_rng_unit(&rng) - 1;
        const double y = 2 * base_rng_unit(&rng) - 1;
        const gb_point at = { place->at.x_m + reach_m * x,
                              place->at.y_m + reach_m * y };

        if (world_site_contains(&bank->ground, site, at))
            return at;
    }
    return place->at;
}

static gb_point scattered(base_rng *rng, gb_point at, double sigma_m)
{
    at.x_m += sigma_m * world_normal(rng);
    at.y_m += sigma_m * world_normal(rng);
    return at;
}

/* The shares sum to 100 %: 4.5 % are coarse or lost. */
static world_accuracy choose_accuracy(base_rng *rng, world_place_kind kind)
{
    static const uint8_t in_compound[] = { 148, 22, 21, 4, 3, 2 };
    static const uint8_t elsewhere[] = { 156, 35, 0, 4, 3, 2 };

    return (world_accuracy)world_pick(
        rng, kind == WORLD_PLACE_COMPOUND ? in_compound : elsewhere, 6);
}

static void locate(const world_bank *bank, world_customer *c, base_rng *rng)
{
    const world_place *place = &bank->places[c->place];
    const double area = place->site == WORLD_NONE
                            ? 100
                            : bank->ground.sites[place->site].area_m2;
    const uint32_t blocks = 1 + (uint32_t)fmin(60, area / 2500);

    c->accuracy = choose_accuracy(rng, place->kind);
    c->at = place->at;
    switch (c->accuracy) {
    case WORLD_ACCURACY_EXACT:
    case WORLD_ACCURACY_BUILDING:
        if (place->kind == WORLD_PLACE_COMPOUND)
            c->at = block_point(bank, c->place,
                                (uint32_t)base_rng_below(rng, blocks));
        break;
    case WORLD_ACCURACY_STREET:
        c->at = scattered(rng, place->gate, 120);
        break;
    case WORLD_ACCURACY_DISTRICT:
        c->at = scattered(rng, place->at, 600);
        break;
    default:
        break;
    }
}

/* Most belong to the nearest branch; some moved house, a few to a colleague. */
static void attach(const world_bank *bank, world_customer *c, base_rng *rng)
{
    const world_place *place = &bank->places[c->place];
    const double dice = base_rng_unit(rng);

    c->branch = place->branches[dice < 0.94 ? 0 : 1];
    if (dice > 0.985)
        c->branch = (uint32_t)base_rng_below(rng, bank->n_branches);
}

/* Which part of a turn the direction is, east first: like an angle, without
 * the C library's atan2(). */
static double turn_of(gb_point from, gb_point to)
{
    const double x = to.x_m - from.x_m, y = to.y_m - from.y_m;
    const double size = fabs(x) + fabs(y);
    const double quarter = size > 0 ? y / size / 4 : 0; /* -1/4 to 1/4 */

    return x < 0 ? 0.5 - quarter : quarter < 0 ? 1 + quarter : quarter;
}

/*
 * Who has or had 50,000 yuan mostly has a manager of his own, others hardly
 * ever.  Each manager looks after a side of the branch, more or less.
 */
static void look_after(const world_bank *bank, world_customer *c,
                       base_rng *rng)
{
    const world_branch *branch = &bank->branches[c->branch];
    const bool is_kept
        = base_rng_chance(rng, c->peak_24m_fen >= 5000000 ? 0.75 : 0.03);
    const bool is_from_the_side = base_rng_chance(rng, 0.8);
    uint32_t k = (uint32_t)base_rng_below(rng, branch->n_managers);

    if (is_from_the_side)
        k = (uint32_t)(turn_of(branch->at, bank->places[c->place].at)
                       * branch->n_managers)
            % branch->n_managers;
    c->manager = is_kept ? branch->first_manager + k : WORLD_NONE;
}

/* ---- when last ---- */

/*
 * 0.44 and 0.36 make 60 to 75 % sleep on any map: the mean of the second
 * term lies near 0.21, for distances are taken in their own mean.
 */
static void fall_asleep(const world_bank *bank, world_customer *c,
                        base_rng *rng)
{
    const world_place *place = &bank->places[c->place];
    const double far = geo_distance_m(place->at, bank->branches[c->branch].at)
                       / bank->reach_m;
    const double share = 0.44 + 0.36 * (1 - world_exp(-fmin(far, 50)))
                         + life_dormancy[c->life] - 0.02 * place->wealth;
    const double dice = base_rng_unit(rng);
    int64_t days;

    c->is_dormant = base_rng_chance(rng, fmax(0.15, fmin(0.93, share)));
    if (!c->is_dormant) /* most within weeks; half a year is 181 days */
        days = (int64_t)(180 * dice * dice * base_rng_unit(rng));
    else if (dice < 0.42)
        days = base_rng_between(rng, 184, 365);
    else if (dice < 0.76)
        days = base_rng_between(rng, 366, 730);
    else
        days = base_rng_between(rng, 731, 2900);
    c->last_txn_day = bank->as_of_day - (int32_t)days;
    c->opened_day
        = c->last_txn_day - 30
          - (int32_t)fmin(9000, world_lognormal(rng, world_log(1100), 0.9));
    if (c->is_dormant && dice > 0.985)
        c->last_txn_day = WORLD_NO_DAY;
}

/* ---- how much ---- */

static int64_t in_fen(double yuan)
{
    return (int64_t)(fmin(yuan, 2e8) * 100 + 0.5);
}

/* What is left of a peak, as a ratio. */
static double left_over(const world_customer *c, int32_t days, base_rng *rng)
{
    const double dice = base_rng_unit(rng), unit = base_rng_unit(rng);

    if (!c->is_dormant)
        return 0.2 + 0.8 * unit;
    /* Whoever slept through the 24 months could not have moved it: what
     * went, went by itself (instalments, premiums). */
    if (days > 730)
        return dice < 0.72 ? 0.93 + 0.07 * unit : 0.05 + 0.8 * unit;
    if (dice < 0.72)
        return 0.0005 + 0.03 * unit * unit;
    return dice < 0.87 ? 0.04 + 0.4 * unit : 0.6 + 0.4 * unit;
}

static void endow(const world_bank *bank, world_customer *c, base_rng *rng)
{
    const int32_t days = c->last_txn_day == WORLD_NO_DAY
                             ? 3000
                             : bank->as_of_day - c->last_txn_day;
    double peak = world_lognormal(
        rng,
        world_log(13000) + 0.65 * bank->places[c->place].wealth
            + life_wealth[c->life],
        1.25);

    /* One in fifty is of another order: Pareto with exponent 1.25. */
    if (base_rng_chance(rng, 0.02))
        peak *= world_exp(-0.8 * world_log(1e-4 + base_rng_unit(rng)));
    /* A long sleeper with much would have been called: he has little. */
    if (days > 730)
        peak *= 0.05 + 0.6 * base_rng_unit(rng);
    c->peak_24m_fen = in_fen(peak);
    c->balance_fen = in_fen(peak * left_over(c, days, rng));
    if (c->balance_fen > c->peak_24m_fen)
        c->balance_fen = c->peak_24m_fen;
}

/* ---- what ---- */

static void hold(world_customer *c, world_product product, int64_t amount_fen,
                 int32_t opened, int32_t matures, int32_t closed)
{
    assert(c->n_holdings < WORLD_HOLDINGS);
    if (opened < c->opened_day)
        opened = c->opened_day;
    c->holdings[c->n_holdings++] = (world_holding){
        product, amount_fen, opened, matures, closed
    };
}

/* A plain product, held since some day. */
static void hold_since(world_customer *c, base_rng *rng, world_product product,
                       double chance_of_it, int32_t until)
{
    const bool has_it = base_rng_chance(rng, chance_of_it);
    const int64_t after = base_rng_between(rng, 0, until - c->opened_day);

    if (has_it)
        hold(c, product, 0, c->opened_day + (int32_t)after, WORLD_NO_DAY,
             WORLD_NO_DAY);
}

static void deposit(const world_bank *bank, world_customer *c, base_rng *rng)
{
    static const uint8_t shares[] = { 30, 45, 25 };
    static const int32_t terms[] = { 91, 365, 1096 };
    const uint32_t kind = world_pick(rng, shares, 3);
    const double rich = c->balance_fen > 5000000 ? 0.5
                        : c->balance_fen > 500000 ? 0.28
                                                  : 0.03;
    const double part = 0.4 + 0.55 * base_rng_unit(rng);
    double amount = (double)c->balance_fen * part;
    const int32_t opened
        = bank->as_of_day
          - (int32_t)base_rng_between(rng, 1, terms[kind] - 1);

    if (!base_rng_chance(rng, rich))
        return;
    /* Who must be visited when it matures has a door that is known. */
    if (c->accuracy > WORLD_ACCURACY_COMPOUND)
        amount = fmin(amount, 19000000);
    /* He opened it himself, so a sleeper's rolls over again and again and
     * its current term began after his last transaction. */
    hold(c, (world_product)(WORLD_PRODUCT_DEPOSIT_3M + kind),
         (int64_t)amount, opened, opened + terms[kind], WORLD_NO_DAY);
}

/* Wealth products: sleepers held them once, the rest hold them now. */
static void invest(const world_bank *bank, world_customer *c, base_rng *rng,
                   int32_t last_day)
{
    const double peak_yuan = (double)c->peak_24m_fen / 100;
    const double keen = peak_yuan > 200000 ? 0.55
                        : peak_yuan > 30000 ? 0.35
                        : peak_yuan > 8000  ? 0.14
                                            : 0.02;
    const world_product product = peak_yuan > 150000
                                      ? WORLD_PRODUCT_WEALTH_PREMIUM
                                      : WORLD_PRODUCT_WEALTH_90D;
    const int32_t term = product == WORLD_PRODUCT_WEALTH_90D ? 90 : 365;
    const int64_t amount = (int64_t)((double)c->peak_24m_fen
                                     * (0.3 + 0.6 * base_rng_unit(rng)));
    const int32_t ago = (int32_t)base_rng_between(rng, 0, term - 1);

    if (!base_rng_chance(rng, keen) || last_day - term < c->opened_day)
        return;
    if (c->is_dormant)
        hold(c, product, amount, last_day - term - ago, last_day - ago,
             last_day - ago);
    else
        hold(c, product, amount, bank->as_of_day - ago,
             bank->as_of_day - ago + term, WORLD_NO_DAY);
}

static void sell(const world_bank *bank, world_customer *c, base_rng *rng)
{
    const bool trades = c->life == WORLD_LIFE_MERCHANT;
    const bool is_rich = c->peak_24m_fen > 10000000;
    const int32_t last
        = c->last_txn_day == WORLD_NO_DAY ? c->opened_day : c->last_txn_day;

    hold_since(c, rng, WORLD_PRODUCT_CARD, 0.62, last);
    hold_since(c, rng, WORLD_PRODUCT_CREDIT_CARD, is_rich ? 0.3 : 0.1, last);
    deposit(bank, c, rng);
    invest(bank, c, rng, last);
    hold_since(c, rng, WORLD_PRODUCT_FUND, is_rich ? 0.14 : 0.03, last);
    hold_since(c, rng, WORLD_PRODUCT_INSURANCE, 0.04, last);
    hold_since(c, rng, WORLD_PRODUCT_MORTGAGE,
               c->life == WORLD_LIFE_FAMILY ? 0.12 : 0.03, last);
    hold_since(c, rng, WORLD_PRODUCT_BUSINESS_LOAN, trades ? 0.08 : 0, last);
    hold_since(c, rng, WORLD_PRODUCT_POS, trades ? 0.38 : 0, last);
    hold_since(c, rng, WORLD_PRODUCT_EBANK,
               c->life == WORLD_LIFE_RETIRED ? 0.12 : 0.42, last);
}

static bool holds(const world_customer *c, world_product product)
{
    for (uint32_t i = 0; i < c->n_holdings; i++)
        if (c->holdings[i].product == product)
            return true;
    return false;
}

/* ---- how to reach ---- */

static void set_tag(world_customer *c, world_tag tag, bool is_set)
{
    if (is_set)
        c->tags |= 1u << tag;
}

/* A tag with one of n values, all as likely. */
static void set_value(world_customer *c, base_rng *rng, world_tag tag,
                      double share, uint32_t n)
{
    set_tag(c, tag, base_rng_chance(rng, share));
    c->tag_values[tag] = (uint8_t)base_rng_below(rng, n);
}

static void set_tags(world_customer *c, base_rng *rng)
{
    /* When each is at home or in the shop: morning, midday, afternoon. */
    static const uint8_t times[WORLD_LIFE_COUNT][3] = { { 80, 5, 15 },
                                                        { 5, 70, 25 },
                                                        { 40, 15, 45 },
                                                        { 15, 10, 75 },
                                                        { 10, 30, 60 } };
    const bool trades = c->life == WORLD_LIFE_MERCHANT;
    const bool has_pos = holds(c, WORLD_PRODUCT_POS);

    set_tag(c, WORLD_TAG_POS_PROSPECT,
            base_rng_chance(rng, 0.55) && trades && !has_pos);
    set_tag(c, WORLD_TAG_BUSY_DINER, base_rng_chance(rng, 0.16) && trades);
    set_tag(c, WORLD_TAG_ALLIANCE, base_rng_chance(rng, 0.1) && trades);
    set_tag(c, WORLD_TAG_VIP, c->peak_24m_fen >= 50000000);
    set_tag(c, WORLD_TAG_REFERRER, base_rng_chance(rng, 0.03));
    set_tag(c, WORLD_TAG_INTENT, base_rng_chance(rng, 0.05));
    set_tag(c, (world_tag)(WORLD_TAG_LIFE + c->life),
            base_rng_chance(rng, 0.8));
    set_tag(c, WORLD_TAG_BEST_TIME, base_rng_chance(rng, 0.25));
    c->tag_values[WORLD_TAG_BEST_TIME]
        = (uint8_t)world_pick(rng, times[c->life], 3);
    set_value(c, rng, WORLD_TAG_CHANNEL, 0.3, 3);
    set_value(c, rng, WORLD_TAG_INTEREST, 0.2, 4);
    set_value(c, rng, WORLD_TAG_SOURCE, 0.35, 4);
}

/* When a visit is welcome: said by one in six, and as life goes. */
static void wish(world_customer *c, base_rng *rng)
{
    static const int32_t hours[WORLD_LIFE_COUNT][2] = {
        { 540, 690 }, { 705, 825 }, { 540, 690 }, { 840, 1020 }, { 870, 1035 }
    };
    const bool says = base_rng_chance(rng, 0.17);
    const int32_t shift = 15 * (int32_t)base_rng_between(rng, -1, 1);

    if (!says)
        return;
    c->window_from_min = hours[c->life][0] + shift;
    c->window_to_min = hours[c->life][1] + shift;
}

static void set_service(world_customer *c, base_rng *rng)
{
    int64_t s = 600 + 60 * base_rng_between(rng, 0, 10);

    if (c->peak_24m_fen > 10000000)
        s += 300;
    if (c->life == WORLD_LIFE_MERCHANT)
        s += 180;
    c->service_s = (int32_t)s;
}

world_customer world_customer_make(const world_bank *bank, uint32_t number)
{
    base_rng rng = chance(bank, WORLD_STREAM_CUSTOMER, number);
    world_customer c = { .number = number };
    const world_place *place;

    world_customer_ref(bank, number, c.ref);
    c.place = choose_place(bank, &rng);
    place = &bank->places[c.place];
    c.life = (world_life)world_pick(
        &rng,
        lives[place->kind == WORLD_PLACE_MARKET ? WORLD_TONE_COUNT
                                                : place->tone],
        WORLD_LIFE_COUNT);
    locate(bank, &c, &rng);
    attach(bank, &c, &rng);
    fall_asleep(bank, &c, &rng);
    endow(bank, &c, &rng);
    look_after(bank, &c, &rng);
    sell(bank, &c, &rng);
    set_tags(&c, &rng);
    wish(&c, &rng);
    set_service(&c, &rng);
    c.do_not_visit = base_rng_chance(&rng, 0.025);
    c.reach_sms = base_rng_chance(&rng, 0.72);
    c.spoil = world_customer_spoil(bank, number);
    if (c.accuracy == WORLD_ACCURACY_NONE
        && (c.spoil == WORLD_SPOIL_SHIFTED || c.spoil == WORLD_SPOIL_SWAPPED))
        c.spoil = WORLD_SPOIL_DATE;
    if (c.accuracy >= WORLD_ACCURACY_STREET)
        c.place = WORLD_NONE;
    return c;
}
