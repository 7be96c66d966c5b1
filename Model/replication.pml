/* One of the functions that sweep the outbox, in either direction, woken by anything at any time. */

/* What the source got from the target; the only input of the rule against echoes. */
#define COPIED(source, e) (source == GREEN -> origin[e] != GREEN : origin[e] == GREEN)

#ifdef MUTATE_CURSOR_UNCONDITIONAL
#define CURSOR_FITS true
#else
#define CURSOR_FITS (stored -> cursor[AT(source, s)] == at : cursor[AT(source, s)] == 0)
#endif

proctype Replicator() {
    bit source, s, stored;
    byte at, to, seen;

sweep:
    atomic {
        if
        :: tailing && outbox[AT(BLUE, 0)] != 0
        :: tailing && outbox[AT(GREEN, 0)] != 0 -> source = GREEN
#if SHARDS == 2
        :: tailing && outbox[AT(BLUE, 1)] != 0 -> s = 1
        :: tailing && outbox[AT(GREEN, 1)] != 0 -> source = GREEN; s = 1
#endif
        fi;
        at = cursor[AT(source, s)];
        stored = at != 0;
        to = (stored -> target[AT(source, s)] : 0);
        if
        :: outbox[AT(source, s)] & UP_TO(at) -> outbox[AT(source, s)] = outbox[AT(source, s)] & ~UP_TO(at); goto slept
        :: else
        fi
    }
    if
    :: stored
    :: !stored ->
        /* First contact: what replay copied, and what came from the target, counts as replicated. The target is read first. */
        atomic { see(OTHER(source), s, to) };
        atomic {
            see(source, s, at);
            do
            :: at > 0 && EPOCH(source, s, at) > head[s].cutEpoch && !COPIED(source, EV(source, s, at)) -> at--
            :: else -> break
            od;
#ifdef MUTATE_ECHO
            at = (source == GREEN -> 0 : at)
#endif
        }
    fi;
    atomic {
        see(source, s, seen);
        if
        :: at >= seen || HAS_GAP(source, s, seen) -> goto slept
        :: else
        fi;
        SHOWN(OTHER(source), s, to + 1) && PROGRESS_SHOWN(source, s);
        if
        :: !(CURSOR_FITS) || EV(OTHER(source), s, to + 1) != 0 -> REACHED(CURSOR_RACE_LOST); goto slept
        :: else
        fi;
        cursor[AT(source, s)] = at + 1;
        target[AT(source, s)] = to;
#ifndef MUTATE_ECHO
        if
        :: COPIED(source, EV(source, s, at + 1)) -> goto slept
        :: else
        fi;
#endif
        target[AT(source, s)] = to + 1;
        store(OTHER(source), s, to + 1, EV(source, s, at + 1), 0);
        outbox[AT(source, s)] = outbox[AT(source, s)] & ~BIT(at + 1);
#if SKEW_COPIES
        dark[AT(OTHER(source), s)] = dark[AT(OTHER(source), s)] | BIT(to + 1);
        darkProgress[AT(source, s)]++;
#else
        progress[AT(source, s)]++;
#endif
slept:
        source = BLUE; s = 0; stored = 0; at = 0; to = 0; seen = 0;
        goto sweep
    }
}

#if SKEW
/* The store makes each item of a committed transaction visible at a moment of its own. */
#define SHOWS(items, i, v) :: atomic { (items[i] & BIT(v)) != 0 -> items[i] = items[i] & ~BIT(v) }
#define SHOWS_ANY(items, i) SHOWS(items, i, 1) SHOWS(items, i, 2) SHOWS(items, i, 3) SHOWS(items, i, 4)

proctype Store() {
    do
    SHOWS_ANY(dark, BLUE)
    SHOWS_ANY(dark, GREEN)
    :: atomic { darkHead[0] != 0 -> darkHead[0]--; head[0].events++ }
    :: atomic {
            darkOutbox[BLUE] != 0 ->
            outbox[BLUE] = outbox[BLUE] | darkOutbox[BLUE]; darkOutbox[BLUE] = 0;
            if
            :: head[0].seal != 0 -> REACHED(OUTBOX_BEHIND_THE_HEAD)
            :: else
            fi
        }
    :: atomic { darkOutbox[GREEN] != 0 -> outbox[GREEN] = outbox[GREEN] | darkOutbox[GREEN]; darkOutbox[GREEN] = 0 }
    :: atomic { darkProgress[BLUE] != 0 -> darkProgress[BLUE]--; progress[BLUE]++ }
    :: atomic { darkProgress[GREEN] != 0 -> darkProgress[GREEN]--; progress[GREEN]++ }
    od
}
#endif
