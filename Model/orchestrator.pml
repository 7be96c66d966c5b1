/*
 * `immutable cutover` and `immutable rollback`. What is stored decides what a run does next, so a run that died at any step is simply
 * begun again. A lock's lease may run out at any moment: another orchestrator takes it by beginning a run.
 */
#define FROM record[id].from
#define COUNTED(source, k) ((source == BLUE -> head[k].cutEvents : record[1].toEvents[k]) + progress[AT(source, k)])
#define IS_SEALABLE (head[k].owner == FROM && head[k].epoch == record[id].epoch[k])

#if ORCHESTRATORS == 2
#define TAKE_THE_LOCK holder = me
#define HAS_THE_LOCK (holder == me)
#else
#define TAKE_THE_LOCK skip
#define HAS_THE_LOCK true
#endif

#ifdef MUTATE_DRAIN_TRUSTS_AN_EMPTY_OUTBOX
#define DRAINS(k) (outbox[AT(FROM, k)] == 0)
#elif defined(MUTATE_DECIDE_BEFORE_THE_DRAIN)
#define DRAINS(k) true
#else
#define DRAINS(k) (COUNTED(FROM, k) == head[k].events)
#endif

#if SHARDS == 2
#define EACH_SHARD(then) if :: k == 0 -> k = 1 :: else -> k = 0; pc = then fi
#define FORGET_FIGURES figure[0] = 0; figure[1] = 0
#else
#define EACH_SHARD(then) pc = then
#define FORGET_FIGURES figure[0] = 0
#endif

mtype:step = {
    beginning, readingHeads, creating, sealingShards, lifting, draining, deciding, aborting, unsealing, promotingShards, checking,
    completing, settling, sweeping, stopped
};

inline begin(step) {
    id = current;
    TAKE_THE_LOCK;
    pc = step
}

proctype Orchestrator(byte me) {
    mtype:step pc = beginning;
    byte id, k;
    /* Per shard: the epochs that were read for a new record, then the totals that the drain counted. */
    byte figure[SHARDS];
    /* Whom a new record takes the writes from: a rollback follows a settled cutover, a cutover what was aborted. */
    bit from;

    do
    :: atomic { pc == beginning && record[current].state == sealing -> begin(sealingShards) }
    :: atomic { pc == beginning && record[current].state == promoting -> begin(promotingShards) }
    :: atomic { pc == beginning && record[current].state == completed && !record[current].settled -> begin(settling) }
    :: atomic {
            pc == beginning && current < RECORDS && (record[current].state == absent || record[current].state == aborted) ->
            from = record[current].from;
            begin(readingHeads)
        }
#if ROLLBACK
    :: atomic {
            pc == beginning && current < RECORDS && record[current].settled && record[current].from == BLUE ->
            from = GREEN;
            begin(readingHeads)
        }
#endif
    /* It died, and nobody runs it again. */
    :: CRASHES && pc == beginning -> pc = stopped
    :: atomic {
            CRASHES && pc != beginning && pc != stopped ->
            id = 0; k = 0; from = BLUE; FORGET_FIGURES;
            pc = beginning
        }

    :: atomic {
            pc == readingHeads ->
            if
            :: head[k].owner == from && head[k].outbox == OTHER(from) -> figure[k] = head[k].epoch; EACH_SHARD(creating)
            :: else -> pc = stopped
            fi
        }
    :: atomic {
            pc == creating ->
            if
            :: !HAS_THE_LOCK -> REACHED(LOCK_LOST); id = 0; pc = beginning
            :: HAS_THE_LOCK && current != id -> id = 0; pc = beginning
            :: HAS_THE_LOCK && current == id ->
                id++;
                current = id;
                record[id].state = sealing;
                record[id].from = from;
                record[id].epoch[0] = figure[0];
#if SHARDS == 2
                record[id].epoch[1] = figure[1];
#endif
                pc = sealingShards
            fi;
            from = BLUE; FORGET_FIGURES
        }

    :: atomic {
            pc == sealingShards ->
            UNLOCKED(k);
            if
            :: !IS_SEALABLE -> pc = aborting
            :: IS_SEALABLE && (head[k].seal == 0 || head[k].seal == id) ->
                head[k].seal = id;
                REACHED(SEALED);
                EACH_SHARD(draining)
            :: IS_SEALABLE && head[k].seal != 0 && head[k].seal != id ->
#ifdef MUTATE_SEAL_PASSES_OVER_A_SHARD
                EACH_SHARD(draining)
#else
                figure[0] = head[k].seal;
                pc = (ENDED(head[k].seal) -> lifting : aborting)
#endif
            fi
        }
    :: atomic {
            pc == lifting ->
            unseal(k, figure[0], record[id].epoch[k], FOREIGN_SEAL_REMOVED);
            figure[0] = 0;
            pc = sealingShards
        }
    /* The head was read before the progress; the seal keeps it as it was. */
    :: atomic {
            pc == draining && DRAINS(k) ->
            figure[k] = COUNTED(FROM, k);
            REACHED(DRAINED);
            EACH_SHARD(deciding)
        }
    :: atomic {
            pc == deciding ->
            if
            :: record[id].state == sealing ->
                record[id].toEvents[0] = figure[0];
#if SHARDS == 2
                record[id].toEvents[1] = figure[1];
#endif
#ifndef MUTATE_PROMOTE_WITHOUT_THE_DECISION
                record[id].state = promoting;
#endif
                REACHED(DECIDED);
                pc = promotingShards
            :: else -> pc = (record[id].state == aborted -> unsealing : promotingShards)
            fi;
            FORGET_FIGURES
        }

    /* Some call fails, or the deadline passes by its clock. */
    :: atomic {
            pc == sealingShards || pc == lifting || pc == draining || pc == deciding ->
            k = 0; FORGET_FIGURES;
            pc = aborting
        }
    :: atomic {
            pc == aborting ->
            k = 0; FORGET_FIGURES;
            if
            :: record[id].state == sealing -> record[id].state = aborted
            :: record[id].state == promoting -> REACHED(DECIDED_BY_ANOTHER)
            :: else
            fi;
            pc = (record[id].state == aborted -> unsealing : promotingShards)
        }
    :: atomic {
            pc == unsealing ->
#ifndef MUTATE_ABORT_LEAVES_THE_SEAL
            unseal(k, id, record[id].epoch[k], NOWHERE);
#endif
            EACH_SHARD(beginning);
            id = (pc == beginning -> 0 : id)
        }

    :: atomic { pc == promotingShards -> promote(k, id, NOWHERE); EACH_SHARD(checking) }
    :: atomic {
            pc == checking ->
            if
            :: head[k].owner == OTHER(FROM) -> EACH_SHARD(completing)
            :: head[k].owner == FROM && head[k].seal == id -> k = 0; pc = promotingShards
            /* It has moved on without us. */
            :: head[k].owner == FROM && head[k].seal != id -> k = 0; id = 0; pc = beginning
            fi
        }
    :: atomic {
            pc == completing ->
            record[id].state = (record[id].state == promoting -> completed : record[id].state);
            pc = settling
        }

    /* The flip, which the lock's token precedes; then what is left of the old owner's outbox is deleted. */
    :: atomic {
            pc == settling ->
            if
            :: HAS_THE_LOCK -> pc = sweeping
            :: else -> REACHED(LOCK_LOST); id = 0; pc = beginning
            fi
        }
    :: atomic {
            pc == sweeping ->
            outbox[AT(FROM, k)] = 0;
            EACH_SHARD(beginning);
            if
            :: pc == beginning ->
                if
                :: HAS_THE_LOCK && FROM == BLUE -> record[id].settled = 1; REACHED(HANDED_OVER)
                :: HAS_THE_LOCK && FROM == GREEN -> record[id].settled = 1; REACHED(ROLLED_BACK)
                :: else
                fi;
                id = 0
            :: else
            fi
        }
    od
}
