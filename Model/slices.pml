/* What each slice runs. A switch that a slice doesn't name is off. */
#ifndef ONLY
#define ONLY 0
#endif
#ifndef REACH
#define REACH 0
#endif

#if defined(SLICE_CUTOVER)
/* One handover of two shards, whose orchestrator may die at any step and be run again or not. */
#define SHARDS 2
#define RECORDS 1
#define CRASHES 1
#elif defined(SLICE_ABORTS)
/* A second handover after an aborted one. */
#define SHARDS 1
#define RECORDS 2
#define CRASHES 1
#elif defined(SLICE_ROLLBACK)
/* A cutover and the rollback after it, by an orchestrator that may die. */
#define SHARDS 1
#define RECORDS 2
#define CRASHES 1
#define ROLLBACK 1
#elif defined(SLICE_RACES)
/* Two replicators, in both directions. */
#define SHARDS 1
#define RECORDS 2
#define REPLICATORS 2
#define ROLLBACK 1
#elif defined(SLICE_ORCHESTRATORS)
/* Two orchestrators that take the lock from each other. */
#define SHARDS 1
#define RECORDS 2
#define ORCHESTRATORS 2
#define CLIENTS 1
#define ROLLBACK 1
#elif defined(SLICE_VISIBILITY)
/* The items of an append become visible one by one. */
#define SHARDS 1
#define RECORDS 1
#define SKEW 1
#elif defined(SLICE_COPIES)
/* Those of a replicator's transaction as well. */
#define SHARDS 1
#define RECORDS 1
#define SKEW 1
#define SKEW_COPIES 1
#elif defined(SLICE_REPLAY)
/* The cut, and the replay and the tail that follow it. */
#define SHARDS 1
#define RECORDS 0
#define ORCHESTRATORS 0
#define REPLICATORS 2
#define SKEW 1
#define REPLAY 1
#elif defined(SLICE_EFFECTS)
#define SHARDS 1
#define RECORDS 1
#define CLIENTS 1
#define EFFECTS 1
#elif defined(SLICE_EFFECTS_BACK)
/* Effects across a cutover and the rollback after it. */
#define SHARDS 1
#define RECORDS 2
#define CLIENTS 1
#define EFFECTS 1
#define ROLLBACK 1
#elif defined(SLICE_PARITY)
#define SHARDS 1
#define RECORDS 0
#define CLIENTS 1
#define ORCHESTRATORS 0
#define PARITY 1
#elif defined(SLICE_PARITY_BACK)
/* A comparison while the writes are handed over, and back. */
#define SHARDS 1
#define RECORDS 2
#define CLIENTS 1
#define PARITY 1
#define ROLLBACK 1
#elif defined(SLICE_LIVENESS)
/* Under weak fairness. */
#define SHARDS 1
#define RECORDS 1
#define CLIENTS 1
#define CRASHES 1
#define LIVENESS 1
#else
#error "choose a slice"
#endif

#define EPOCHS 6
#if REPLAY
#define FIRST_EPOCH 1
#else
#define FIRST_EPOCH 2
#endif
#ifndef CLIENTS
#define CLIENTS 2
#endif
#ifndef ORCHESTRATORS
#define ORCHESTRATORS 1
#endif
#ifndef REPLICATORS
#define REPLICATORS 1
#endif
#ifndef CRASHES
#define CRASHES 0
#endif
#ifndef ROLLBACK
#define ROLLBACK 0
#endif
#ifndef SKEW
#define SKEW 0
#endif
#ifndef SKEW_COPIES
#define SKEW_COPIES 0
#endif
#ifndef REPLAY
#define REPLAY 0
#endif
#ifndef EFFECTS
#define EFFECTS 0
#endif
#ifndef PARITY
#define PARITY 0
#endif
#ifndef LIVENESS
#define LIVENESS 0
#endif
