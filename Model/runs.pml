/* How a slice starts, and what must hold once nothing is left to do. */

#define SAME(s, v) (EV(BLUE, s, v) == EV(GREEN, s, v))
/* A release that gave its writes back no longer follows. */
#define FOLLOWS(s) ((head[s].outbox == NONE) -> LEN(OTHER(head[s].owner), s) <= LEN(head[s].owner, s) : LEN(BLUE, s) == LEN(GREEN, s))
#define EQUAL_UP_TO(s, v) (v > LEN(BLUE, s) || v > LEN(GREEN, s) || SAME(s, v))

inline judge(s) {
    MUST(EVERY_SEAL_ENDS, head[s].seal == 0);
    MUST(OUTBOXES_EMPTY, outbox[AT(BLUE, s)] == 0 && outbox[AT(GREEN, s)] == 0);
    MUST(STORES_EQUAL, FOLLOWS(s) && EQUAL_UP_TO(s, 1) && EQUAL_UP_TO(s, 2) && EQUAL_UP_TO(s, 3) && EQUAL_UP_TO(s, 4));
    MUST(TOTALS_TRUE, head[s].events == LEN(head[s].owner, s));
    MUST(ACKED_KEPT, (s == 0 -> KEPT(s, PLACE) && KEPT(s, SHIP) : KEPT(s, ELSEWHERE)));
    MUST(WHOLE_HANDOVER, head[s].owner == head[0].owner)
}

#if EFFECTS
#define OWN(e) (IN_STORE(BLUE, 0, e) || IN_STORE(GREEN, 0, e))
#define EFFECT_IS_DONE(e) (acts[e] == 1 || listed[e] || !OWN(e))
#define IS_RESOLVABLE(e) (!listed[e] || journal[e] == doubt)
#endif

inline found(s) {
    head[s].owner = BLUE;
    head[s].events = 1;
    origin[IMPORTED] = NONE;
    EV(BLUE, s, 1) = IMPORTED;
    LEN(BLUE, s) = 1;
    head[s].epoch = FIRST_EPOCH;
#if REPLAY
    head[s].outbox = NONE;
    tailing = 0;
#else
    EV(GREEN, s, 1) = IMPORTED;
    LEN(GREEN, s) = 1;
    head[s].outbox = GREEN;
    head[s].cutEpoch = 1;
    head[s].cutEvents = 1;
#endif
    remember(s)
}

init {
    atomic {
        record[0].state = absent;
        found(0);
#if SHARDS == 2
        found(1);
#endif
        run Client(PLACE, 0, 1);
#if CLIENTS == 2
        if
        :: run Client(PLACE, 0, 0)
        :: run Client(SHIP, 0, 0)
#if SHARDS == 2
        :: run Client(ELSEWHERE, 1, 0)
#endif
        fi;
#endif
        run Replicator();
#if REPLICATORS == 2
        run Replicator();
#endif
#if ORCHESTRATORS >= 1
        run Orchestrator(1);
#endif
#if ORCHESTRATORS == 2
        run Orchestrator(2);
#endif
#if SKEW
        run Store();
#endif
#if REPLAY
        run Deployment();
        run Worker();
        run Worker();
#endif
#if EFFECTS
        run Reactor(BLUE);
        run Reactor(BLUE);
        run Reactor(GREEN);
#endif
#if PARITY
        run Projector(BLUE);
        run Projector(GREEN);
        run Verifier();
#endif
    }
#if !LIVENESS
    /* Nothing can go on: every request must have its answer, and both sides agree. */
    timeout;
    atomic {
        MUST(EVERY_REQUEST_ANSWERED, answered == CLIENTS);
        judge(0);
#if SHARDS == 2
        judge(1);
#endif
#if REPLAY
        if
        :: tailing -> MUST(TOTALS_TRUE, COUNTED(BLUE, 0) == head[0].events); REACHED(CAUGHT_UP)
        :: else
        fi;
#endif
#if EFFECTS
        MUST(EFFECT_AT_LEAST_ONCE, EFFECT_IS_DONE(PLACE) && EFFECT_IS_DONE(SHIP));
        MUST(DOUBT_CAN_BE_RESOLVED, IS_RESOLVABLE(PLACE) && IS_RESOLVABLE(SHIP));
#endif
        skip
    }
#endif
}

#if LIVENESS
ltl every_seal_ends { [] ((head[0].seal != 0) -> <> (head[0].seal == 0)) }
#endif
