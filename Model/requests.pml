/* A client with its command, and the command function that serves it in whichever release it reaches. */

/* Why an answer isn't this release's to give, by a head that was read consistently. A request is forwarded once. */
inline followHead() {
    version = 0;
    epoch = 0;
    mustSee = 0;
    if
    :: head[s].seal != 0 -> goto wait
    :: head[s].seal == 0 && head[s].owner != release && !forwarded ->
        REACHED(FORWARDED);
        forwarded = 1;
        release = OTHER(release);
        goto load
    :: head[s].seal == 0 && head[s].owner != release && forwarded -> goto send
    :: else -> goto load
    fi
}

inline commit() {
    MUST(ONE_OWNER, head[s].owner == release);
    origin[command] = release;
    store(release, s, version + 1, command, epoch);
#if SKEW
    dark[AT(release, s)] = dark[AT(release, s)] | BIT(version + 1);
    darkHead[s]++;
    if
    :: head[s].outboxThen[epoch] != NONE -> darkOutbox[AT(release, s)] = darkOutbox[AT(release, s)] | BIT(version + 1)
    :: else
    fi
#else
#ifndef MUTATE_COMMIT_NOT_COUNTED
    head[s].events++;
#endif
    if
    :: head[s].outboxThen[epoch] != NONE -> outbox[AT(release, s)] = outbox[AT(release, s)] | BIT(version + 1)
    :: else
    fi
#endif
}

#ifdef MUTATE_APPEND_IGNORES_THE_SEAL
#define ADMITS (head[s].owner == release && head[s].epoch == epoch)
#elif defined(MUTATE_APPEND_IGNORES_THE_EPOCH)
#define ADMITS (head[s].owner == release && head[s].seal == 0)
#else
#define ADMITS (head[s].owner == release && head[s].epoch == epoch && head[s].seal == 0)
#endif
/* Only the one read of a refusal needs the version once more. */
#if SKEW_COPIES
#define SHORTEN skip
#else
#define SHORTEN version = 0
#endif
#define OCCUPANT EV(release, s, version + 1)
/* The event's reason comes before the head's. */
#ifdef MUTATE_HEAD_REASON_FIRST
#define IS_REFUSED_BY_THE_EVENT(who) (ADMITS && (who))
#define IS_REFUSED_BY_THE_HEAD (!ADMITS)
#elif defined(MUTATE_APPEND_WRITES_OVER)
#define IS_REFUSED_BY_THE_EVENT(who) false
#define IS_REFUSED_BY_THE_HEAD (!ADMITS)
#else
#define IS_REFUSED_BY_THE_EVENT(who) (who)
#define IS_REFUSED_BY_THE_HEAD (OCCUPANT == 0 && !ADMITS)
#endif

/* What a request does about the seal that it met, by the record alone. A deadline may have passed at any moment, by anyone's clock. */
inline participate(s, id) {
#ifdef MUTATE_REQUEST_ONLY_WAITS
    head[s].seal == 0
#else
    if
    :: record[id].state == promoting ->
        promote(s, id, SELF_PROMOTED)
#ifdef MUTATE_ABORT_OF_A_DECIDED_RECORD
    :: record[id].state == promoting ->
        record[id].state = aborted
#endif
    :: ENDED(id) ->
#ifdef MUTATE_ABORT_LEAVES_THE_SEAL
        skip
#else
        unseal(s, id, record[id].epoch[s], UNSEALED_BY_A_REQUEST)
#endif
    :: record[id].state == sealing ->
        atomic {
            if
            :: record[id].state == sealing -> record[id].state = aborted; REACHED(ABORTED_BY_DEADLINE)
            :: else
            fi
        }
    fi
#endif
}

proctype Client(byte command; byte s; bit stays) {
    bit release, forwarded, mustSee;
    byte version, epoch, id;

    atomic {
        version = 0;
send:
        /* API Gateway may lead to either release, at any time. */
        if
        :: release = BLUE
        :: release = GREEN
        fi;
        forwarded = 0;
load:
        see(release, s, version);
        if
        :: HAS_GAP(release, s, version) -> version = 0; ALL_SHOWN(release, s) -> goto load
        :: else
        fi;
#ifndef MUTATE_RECORDED_ANSWER_IGNORED
        if
        :: HOLDS(release, s, command, version) -> REACHED(RECORDED_ANSWER); goto answer
        :: else
        fi;
#endif
        /* The head that this process knows was read before, by this request or an earlier one. */
        epoch = head[s].epoch;
        do
        :: epoch > FIRST_EPOCH -> epoch--
        :: break
        od;
        if
        :: command == SHIP && !HOLDS(release, s, PLACE, version) -> mustSee = acked[PLACE]; SHORTEN; goto refuse
        :: else
        fi
    }
    atomic {
        /* An owner is never believed from a cache. */
        if
        :: head[s].ownerThen[epoch] != release -> followHead()
        :: else
        fi;
        UNLOCKED(s) && SHOWN(release, s, version + 1);
        if
        :: IS_REFUSED_BY_THE_EVENT(OCCUPANT == command) -> goto answer
        :: IS_REFUSED_BY_THE_EVENT(OCCUPANT != 0 && OCCUPANT != command) -> version = 0; epoch = 0; goto load
        :: IS_REFUSED_BY_THE_HEAD -> MUST(OWN_TRY_RECOGNISED, OCCUPANT != command); followHead()
        :: else -> commit()
        fi;
#if !SKEW
        acked[command] = 1;
#endif
        /* The answer is lost, or the function dies: the client sends its command again. */
        if
        :: true
        :: !LIVENESS -> version = 0; epoch = 0; goto send
        fi
    }
    SHOWN(release, s, version + 1) && UNLOCKED(s) && OUTBOX_SHOWN(release, s, version + 1);
answer:
    atomic {
        acked[command] = 1;
        MUST(ACKED_KEPT, IN_STORE(head[s].owner, s, command));
        goto leave
    }
refuse:
    atomic {
#ifndef MUTATE_REFUSAL_WITHOUT_THE_HEAD
#if SKEW_COPIES && !defined(MUTATE_REFUSAL_BY_TWO_READS)
        /* A transaction that only checks the head and the stream's next version: nothing is on its way into the stream. */
        UNLOCKED(s) && SHOWN(release, s, version + 1);
        if
        :: OCCUPANT != 0 -> mustSee = 0; version = 0; epoch = 0; goto load
        :: else
        fi;
#endif
        if
        :: head[s].seal != 0 || head[s].owner != release -> followHead()
#ifndef MUTATE_REFUSAL_BY_OWNER_ALONE
        :: head[s].seal == 0 && head[s].owner == release && head[s].epoch != epoch ->
            REACHED(STALE_REFUSAL_DISCARDED);
            mustSee = 0; version = 0; epoch = 0;
            goto load
#endif
        :: else
        fi;
#endif
        MUST(REFUSAL_IS_THE_OWNERS, !mustSee);
        REACHED(REFUSED);
        goto leave
    }
wait:
    /* To the new owner by the head that was seen or, which is more than the code does, after the stream was read again. */
    atomic {
        if
        :: head[s].seal == 0 && head[s].owner != release -> followHead()
        :: head[s].seal == 0 -> goto load
        :: head[s].seal != 0 -> id = head[s].seal
        fi
    }
    participate(s, id);
    atomic { id = 0; goto wait }
leave:
    atomic {
        answered++;
        release = 0; forwarded = 0; mustSee = 0; version = 0; epoch = 0
    }
    /* Later requests, of which a seal always meets some. */
    do
    :: stays ->
        atomic {
            if
            :: head[0].seal != 0 -> s = 0
#if SHARDS == 2
            :: head[1].seal != 0 -> s = 1
#endif
            fi;
            id = head[s].seal
        }
        participate(s, id);
        atomic { id = 0; s = 0 }
    od
}
