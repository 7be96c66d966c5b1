/*
 * The protocol of appends, replication, handover and effects, small enough to be checked in every interleaving.
 * docs/model.md says what each slice includes, what is abstracted away and what the properties mean; `check` runs it all.
 *
 * -DSLICE_x chooses a slice, -DMUTATE_x breaks one rule, -DONLY=<property> checks that property alone, and -DREACH=<phase> makes the
 * arrival at a phase an error, whose trail then shows the way there.
 */
#include "slices.pml"
#include "names.pml"

#define BLUE 0
#define GREEN 1
#define NONE 2
#define OTHER(release) (1 - (release))

/* Events are named by the command they came of. PLACE and SHIP go to stream 0; SHIP is refused where PLACE is missing. */
#define IMPORTED 1
#define PLACE 2
#define SHIP 3
#define ELSEWHERE 4

/* One stream on each shard. Per store: what was committed, and (dark) which of it reads don't show yet. */
#define VERSIONS 5
#define AT(release, s) ((release) * SHARDS + (s))
#define EV(release, s, v) event[AT(release, s) * VERSIONS + (v)]
#define EPOCH(release, s, v) stamped[AT(release, s) * VERSIONS + (v)]
#define LEN(release, s) length[AT(release, s)]
#define BIT(v) (1 << (v))
#define UP_TO(v) ((2 << (v)) - 1)
#define HOLDS(release, s, e, v) \
    ((v >= 1 && EV(release, s, 1) == e) || (v >= 2 && EV(release, s, 2) == e) \
        || (v >= 3 && EV(release, s, 3) == e) || (v >= 4 && EV(release, s, 4) == e))
#define IN_STORE(release, s, e) HOLDS(release, s, e, 4)

byte event[2 * SHARDS * VERSIONS];
byte stamped[2 * SHARDS * VERSIONS];
byte length[2 * SHARDS];
byte origin[5] = NONE;
bit acked[5];
byte answered;

typedef Head {
    bit owner;
    byte epoch;
    byte outbox;
    byte seal;
    byte events;
    byte cutEpoch;
    byte cutEvents;
    /* What a cache may hold: owner and outbox as they were in each epoch. */
    bit ownerThen[EPOCHS];
    byte outboxThen[EPOCHS]
};
Head head[SHARDS];

mtype:state = { absent, sealing, promoting, completed, aborted };
typedef Record {
    mtype:state state;
    bit from;
    bit settled;
    byte epoch[SHARDS];
    byte toEvents[SHARDS]
};
Record record[RECORDS + 1];
#define ENDED(id) (record[id].state == completed || record[id].state == aborted)
byte current;
/* Who has the lock's latest token. */
byte holder;

/* Replication, by source release and stream. A cursor of 0 is not stored yet. */
byte outbox[2 * SHARDS];
byte cursor[2 * SHARDS];
byte target[2 * SHARDS];
byte progress[2 * SHARDS];
bit tailing = 1;

#if SKEW
byte dark[2 * SHARDS];
byte darkHead[SHARDS];
byte darkOutbox[2 * SHARDS];
byte darkProgress[2 * SHARDS];
#define SHOWN(release, s, v) ((dark[AT(release, s)] & BIT(v)) == 0)
#define ALL_SHOWN(release, s) (dark[AT(release, s)] == 0)
#define HAS_GAP(release, s, v) ((dark[AT(release, s)] & UP_TO(v)) != 0)
/* A write to an item that another transaction is about to change is refused, and tried again. */
#define UNLOCKED(s) (darkHead[s] == 0)
#define OUTBOX_SHOWN(source, s, v) ((darkOutbox[AT(source, s)] & BIT(v)) == 0)
#define PROGRESS_SHOWN(source, s) (darkProgress[AT(source, s)] == 0)
#else
#define SHOWN(release, s, v) true
#define ALL_SHOWN(release, s) true
#define HAS_GAP(release, s, v) false
#define UNLOCKED(s) true
#define OUTBOX_SHOWN(source, s, v) true
#define PROGRESS_SHOWN(source, s) true
#endif

/* What a consistent read of a stream shows. A gap makes the reader read again; an end that is missing looks like the end. */
inline see(release, s, v) {
    v = LEN(release, s);
    do
    :: v > 0 && !SHOWN(release, s, v) -> v--
    :: else -> break
    od
}

/* Every event that a store gets. */
inline store(release, s, v, e, epoch) {
    MUST(NO_EVENT_TWICE, !IN_STORE(release, s, e));
    MUST(NO_VERSION_GAP, v == LEN(release, s) + 1);
    EV(release, s, v) = e;
    EPOCH(release, s, v) = epoch;
    LEN(release, s) = v
}

inline remember(s) {
    head[s].ownerThen[head[s].epoch] = head[s].owner;
    head[s].outboxThen[head[s].epoch] = head[s].outbox
}

#define KEPT(s, e) (!acked[e] || IN_STORE(head[s].owner, s, e))

/* Gives a shard to the new owner, where the head is still the one that was sealed. */
inline promote(s, id, by) {
    atomic {
        UNLOCKED(s);
        if
#ifdef MUTATE_PROMOTE_UNCONDITIONALLY
        :: head[s].owner == record[id].from ->
#else
        :: head[s].owner == record[id].from && head[s].epoch == record[id].epoch[s] && head[s].seal == id ->
#endif
            MUST(ONE_OWNER, record[id].state == promoting);
            head[s].owner = OTHER(record[id].from);
            head[s].epoch++;
            head[s].events = record[id].toEvents[s];
            head[s].outbox = (record[id].from == BLUE -> BLUE : NONE);
            head[s].seal = 0;
            remember(s);
            MUST(TOTALS_TRUE, head[s].events == LEN(head[s].owner, s));
            MUST(ACKED_KEPT, (s == 0 -> KEPT(s, PLACE) && KEPT(s, SHIP) : KEPT(s, ELSEWHERE)));
            REACHED(by)
        :: else
        fi
    }
}

/* Lets a shard's appends go on with the owner it has. */
inline unseal(s, id, then, by) {
    atomic {
        UNLOCKED(s);
        if
        :: head[s].epoch == then && head[s].seal == id -> head[s].seal = 0; REACHED(by)
        :: else
        fi
    }
}

#include "requests.pml"
#include "replication.pml"
#include "orchestrator.pml"
#include "consumers.pml"
#include "runs.pml"
