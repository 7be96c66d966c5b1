/* What follows the events: effects, read models and the comparison of the two sides. */

#if EFFECTS
mtype:entry = { free, claimed, done, doubt };
mtype:entry journal[5] = free;
/* Listed for a person. */
bit listed[5];
byte acts[5];
byte passed[2];

/* A claim is one's own by its name, also after another try has parked it. */
#ifdef MUTATE_PARKED_CLAIM_CHANGED
#define MAY_CHANGE(e) true
#else
#define MAY_CHANGE(e) (journal[e] == claimed)
#endif

proctype Reactor(bit release) {
    byte version, e;
    do
    :: atomic {
            passed[release] < LEN(release, 0) ->
            version = passed[release];
            e = EV(release, 0, version + 1)
        };
        if
#ifdef MUTATE_REACTOR_WITHOUT_THE_ORIGIN
        :: false
#else
        :: origin[e] != release -> goto advance
#endif
        :: else
        fi;
        if
        :: journal[e] == free
        :: journal[e] == done || journal[e] == doubt -> goto advance
        /* Not expired yet: come again. */
        :: journal[e] == claimed -> goto again
        :: journal[e] == claimed ->
#ifdef MUTATE_CLAIM_TAKEN_OVER
            goto act
#else
            atomic {
                if
                :: journal[e] == claimed -> journal[e] = doubt; listed[e] = 1; REACHED(IN_DOUBT); goto advance
#ifdef MUTATE_REFUSED_PARKING_PASSES_OVER
                :: else -> goto advance
#else
                :: else -> goto again
#endif
                fi
            }
#endif
        fi;
        atomic {
            if
            :: journal[e] == free -> journal[e] = claimed
            :: else -> goto again
            fi
        };
        if
        :: goto again /* dies before the act */
        :: goto act
        fi;
act:
        if
        :: atomic {
                acts[e]++;
                MUST(EFFECT_ONCE, acts[e] == 1);
                MUST(EFFECT_OF_OWN_EVENT, origin[e] == release)
            }
        :: atomic {
                /* Refused by the service: certainly not done. */
                if
                :: MAY_CHANGE(e) -> journal[e] = free; REACHED(GIVEN_BACK)
                :: else
                fi;
                goto again
            }
        fi;
        if
        :: goto again /* dies after the act */
        :: atomic {
                if
                :: MAY_CHANGE(e) -> journal[e] = done
                :: else
                fi
            }
        fi;
advance:
        atomic {
            if
            :: passed[release] == version -> passed[release] = version + 1
            :: else
            fi
        };
again:
        atomic { version = 0; e = 0 }
    od
}
#endif

#if PARITY
/* The one document of stream 0 on each side: its position, and a content that may be wrong on the candidate. */
byte position[2];
bit wrong;
#define CONTENT(release, at) (release == GREEN && wrong && at >= 2 -> at - 1 : at)

proctype Projector(bit release) {
    do
    :: position[release] < LEN(release, 0) -> position[release]++
    od
}

proctype Verifier() {
    byte liveAt, live, otherAt, other;
    if
    :: wrong = 0
    :: wrong = 1
    fi;
    do
    :: atomic { liveAt = position[BLUE]; live = CONTENT(BLUE, liveAt) };
#ifdef MUTATE_POSITION_IN_ANOTHER_ITEM
        otherAt = position[GREEN];
        other = CONTENT(GREEN, position[GREEN]);
#else
        atomic { otherAt = position[GREEN]; other = CONTENT(GREEN, otherAt) };
#endif
        atomic {
            if
#ifdef MUTATE_MATCHED_AT_ANY_POSITION
            :: liveAt != otherAt && live != other -> REACHED(INCONCLUSIVE)
#elif !defined(MUTATE_MISMATCHED_AT_ANY_POSITION)
            :: liveAt != otherAt -> REACHED(INCONCLUSIVE)
#endif
            :: else ->
                if
                :: live != other -> REACHED(MISMATCHED); MUST(VERDICT_TRUE, wrong)
                :: else -> REACHED(MATCHED); MUST(VERDICT_TRUE, CONTENT(BLUE, otherAt) == CONTENT(GREEN, otherAt))
                fi;
                break
            fi
        }
    od
}
#endif

#if REPLAY
/* `immutable deploy` from its cut on. All that it knows is stored, so that a rerun goes on where any run died. */
bit replaying;
/* A segment's checkpoint: one more than the events read; 0: none. */
byte checkpoint;

proctype Deployment() {
    do
    :: !replaying ->
        atomic {
            UNLOCKED(0);
            head[0].cutEpoch = head[0].epoch;
            head[0].cutEvents = head[0].events;
            head[0].outbox = GREEN;
#ifndef MUTATE_CUT_WITHOUT_A_NEW_EPOCH
            head[0].epoch++;
            remember(0);
#endif
            replaying = 1
        }
    :: replaying && !tailing && checkpoint != 0 ->
        atomic {
            if
#ifndef MUTATE_REPLAY_NOT_COUNTED
            :: checkpoint - 1 != head[0].cutEvents -> checkpoint = 0; REACHED(REPLAY_READ_AGAIN)
#endif
#ifdef MUTATE_TAIL_NEVER_BEGINS
            :: else -> break
#else
            :: else -> tailing = 1
#endif
            fi
        }
    od
}

/* Copies what the cut closed; may be invoked twice, and may sleep through everything. */
proctype Worker() {
    byte n, v;
    do
    :: replaying && checkpoint == 0 ->
        atomic {
            see(BLUE, 0, n);
            do
            :: n > 0 && EPOCH(BLUE, 0, n) > head[0].cutEpoch -> n--
            :: else -> break
            od;
            if
            :: HAS_GAP(BLUE, 0, n) -> n = 0; goto next
            :: else
            fi
        };
        atomic {
            v = 1;
            do
            :: v <= n ->
                MUST(NO_EVENT_TWICE, EV(GREEN, 0, v) == 0 || EV(GREEN, 0, v) == EV(BLUE, 0, v));
                EV(GREEN, 0, v) = EV(BLUE, 0, v);
                v++
            :: else -> break
            od;
            LEN(GREEN, 0) = (LEN(GREEN, 0) > n -> LEN(GREEN, 0) : n);
            v = 0
        };
        atomic {
            if
            :: checkpoint == 0 && !tailing -> checkpoint = n + 1
            :: else
            fi;
            n = 0
        };
next:
        skip
    od
}
#endif
