"""All tables, one for each indicator: a line for each case, in plain words, with where the page puts it."""

from tests.involvement.hand_worked.tables import (
    c12b,
    c14,
    debrief,
    episodes,
    hoult,
    ks_13a,
    ks_13b,
    ks_13c,
    ks_13d,
    nice_ab,
    nice_ask,
    open_now,
    qs189_4,
)

TABLES = [
    *(
        each.TABLE
        for each in (ks_13a, ks_13b, ks_13c, ks_13d, hoult, nice_ask, nice_ab, qs189_4, c12b, c14, debrief, episodes)
    ),
    *(open_now.IDENTIFIED, open_now.ATTEMPTED, open_now.CALLED, open_now.COPIED, open_now.OFFERED),
]
