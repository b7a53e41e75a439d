"""The pictures of how a world works, which no world is needed for."""

from picture import BLUE, GREEN, INK, ORANGE, RULE, SOFT, Picture


def draw_parts(output):
    picture = Picture(860, 400, "The parts of the world")
    picture.box(20, 20, 240, 62, "Chance", ["seed, person, day, purpose -> a draw"], SOFT)
    picture.box(20, 130, 240, 76, "People", ["households, names, addresses,", "phones, mailboxes, and their changes"])
    picture.box(20, 254, 240, 76, "Character", ["kind, habit, rate, value,", "drop-out, trend, taste"])
    picture.box(
        320,
        130,
        220,
        92,
        "A person's day",
        ["buys, drops out, goes online,", "browses, calls, brings back", "same step for every life"],
        ORANGE,
    )
    picture.box(320, 20, 220, 62, "Calendar, catalogue", ["season, week, promotions; products"], SOFT)
    picture.box(320, 270, 220, 60, "Campaigns and policy", ["12 offers, audience, lots"], ORANGE)
    picture.box(600, 130, 240, 76, "Silos", ["21 systems, each with its own", "ids, forms, errors and delays"], GREEN)
    picture.box(600, 20, 240, 62, "data/", ["what Hilo reads"], GREEN)
    picture.box(600, 254, 240, 76, "truth/", ["who is who, what was the effect,", "what is to be expected"], GREEN)
    picture.arrow(140, 82, 140, 128)
    picture.arrow(140, 206, 140, 252)
    picture.arrow(260, 168, 318, 168)
    picture.arrow(260, 284, 318, 214)
    picture.arrow(430, 82, 430, 128)
    picture.arrow(418, 270, 418, 224)
    picture.text(410, 250, "messages", SOFT, 11, "end")
    picture.arrow(444, 222, 444, 268)
    picture.text(452, 250, "last known order", SOFT, 11)
    picture.arrow(540, 168, 598, 168)
    picture.arrow(540, 196, 598, 262)
    picture.arrow(720, 130, 720, 84)
    picture.arrow(540, 312, 598, 312)
    picture.text(
        20,
        372,
        "A block of people lives through all days on one thread; blocks are written in their order.",
        SOFT,
        12,
    )
    picture.save(output / "parts.svg")


def draw_chance(output):
    picture = Picture(860, 280, "One person, two lives, the same chance")
    left, step = 150, 62
    for at in range(11):
        x = left + at * step
        picture.text(x + step / 2, 34, f"day {at + 1}", SOFT, 11, "middle")
        picture.rect(x + 8, 112, step - 16, 30, "#f0f0f0", RULE, 4)
        picture.text(x + step / 2, 131, f"u{at + 1}", INK, 12, "middle")
        for top, other in ((48, False), (182, True)):
            buys = at in ({1, 4, 8} if not other else {1, 4, 6, 8})
            changed = other and at >= 3 and at < 8
            picture.rect(
                x + 8, top, step - 16, 34, "#fbe9d9" if changed else "#ffffff", ORANGE if changed else RULE, 4
            )
            if buys:
                picture.dot(x + step / 2, top + 17, 7, ORANGE if other and at == 6 else BLUE)
        picture.line(x + step / 2, 84, x + step / 2, 110, RULE, 1, "2 2")
        picture.line(x + step / 2, 144, x + step / 2, 180, RULE, 1, "2 2")
    picture.text(left - 10, 70, "not written to", INK, 12, "end")
    picture.text(left - 10, 131, "chance of the day", SOFT, 12, "end")
    picture.text(left - 10, 204, "written to on day 4", INK, 12, "end")
    picture.text(
        left,
        244,
        "Both lives meet the same u. The message raises the rate on the orange days, and the draw of"
        " day 7 becomes",
        SOFT,
        12,
    )
    picture.text(
        left, 262, "a purchase. The difference between the lives is the effect on this person: 1 order.", SOFT, 12
    )
    picture.save(output / "chance.svg")


def draw_regimes(output):
    picture = Picture(640, 190, "What drives what in the textbook regime")
    picture.box(20, 20, 170, 50, "rate", ["gamma(0.9, 45 days)"])
    picture.box(20, 120, 170, 50, "drop-out chance", ["beta(0.8, 4.5)"])
    picture.box(450, 20, 170, 50, "mean value", ["nu of gamma(4.1, 28 EUR)"])
    picture.box(250, 68, 140, 54, "purchases", ["times and values"], ORANGE)
    picture.arrow(190, 50, 249, 84)
    picture.arrow(190, 140, 249, 108)
    picture.arrow(450, 50, 391, 84)
    picture.text(350, 152, "The three are independent of each other.", SOFT, 12)
    picture.text(350, 168, "No season, no campaign.", SOFT, 12)
    picture.save(output / "regime-textbook.svg")
    for hidden in (False, True):
        draw_confounding(output, hidden)


def draw_confounding(output, hidden):
    name = "hidden-confounder" if hidden else "real"
    picture = Picture(860, 330, f"What drives what in the {name} regime")
    picture.box(20, 24, 150, 50, "age", ["born_on"], SOFT)
    picture.box(230, 24, 170, 50, "leaning to the web", ["shows in sessions"])
    picture.box(500, 24, 140, 50, "goes online", ["from that day on"], ORANGE)
    picture.box(500, 140, 140, 54, "purchase rate", ["orders a day"], ORANGE)
    picture.box(230, 140, 170, 54, "mean value", ["correlated with the rate"])
    picture.box(700, 140, 140, 54, "calendar", ["season, week, sales"], SOFT)
    picture.box(500, 254, 140, 54, "message", ["noticed or not"], ORANGE)
    picture.box(20, 254, 170, 54, "last known order", ["decides the propensity"])
    picture.box(700, 24, 140, 50, "channel", ["web, app or store"], SOFT)
    picture.arrow(170, 49, 229, 49)
    weak = {"colour": RULE, "dash": "4 3"} if hidden else {"colour": SOFT}
    picture.arrow(400, 49, 499, 49, **weak)
    picture.text(450, 42, "0.1" if hidden else "0.8", SOFT, 11, "middle")
    picture.arrow(570, 74, 570, 139, ORANGE)
    picture.text(578, 112, "x 1.05" if hidden else "x 1.25", ORANGE, 12, "start", True)
    picture.arrow(640, 49, 699, 49)
    picture.arrow(699, 167, 641, 167)
    picture.line(400, 167, 500, 167, SOFT, 1.4)
    picture.text(450, 160, "0.35", SOFT, 11, "middle")
    picture.arrow(570, 254, 570, 196, ORANGE)
    picture.text(578, 230, "x effect of the kind", ORANGE, 11)
    picture.arrow(190, 281, 499, 281)
    picture.text(345, 274, "0.8 / 0.55 / 0.25", SOFT, 11, "middle")
    picture.arrow(520, 194, 190, 262)
    if hidden:
        picture.box(20, 140, 150, 54, "hidden", ["in no silo"], INK)
        picture.arrow(170, 167, 229, 167, INK)
        picture.text(200, 160, "0.3", INK, 11, "middle")
        picture.arrow(150, 139, 499, 62, INK)
        picture.text(300, 100, "1.1", INK, 11, "middle")
        picture.path([(95, 194), (95, 216), (476, 216)], INK, 1.4)
        picture.arrow(476, 216, 503, 196, INK)
        picture.text(300, 211, "trend: 0.15 a year", INK, 11, "middle")
    else:
        picture.arrow(360, 139, 499, 66)
        picture.text(418, 100, "0.5", SOFT, 11, "middle")
    picture.save(output / f"regime-{name}.svg")
