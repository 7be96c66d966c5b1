/* Properties: the number in the text of a failed assertion. */
#define ONE_OWNER 1
#define ACKED_KEPT 2
#define NO_EVENT_TWICE 3
#define NO_VERSION_GAP 4
#define STORES_EQUAL 5
#define OUTBOXES_EMPTY 6
#define TOTALS_TRUE 7
#define WHOLE_HANDOVER 8
#define EVERY_SEAL_ENDS 9
#define EVERY_REQUEST_ANSWERED 10
#define REFUSAL_IS_THE_OWNERS 11
#define OWN_TRY_RECOGNISED 12
#define EFFECT_ONCE 13
#define EFFECT_AT_LEAST_ONCE 14
#define EFFECT_OF_OWN_EVENT 15
#define DOUBT_CAN_BE_RESOLVED 16
#define VERDICT_TRUE 17
#define MUST(property, condition) assert((condition) || (ONLY != 0 && ONLY != property))

/* Phases that an unmutated run must be able to reach. */
#define SEALED 1
#define DRAINED 2
#define DECIDED 3
#define SELF_PROMOTED 4
#define ABORTED_BY_DEADLINE 5
#define UNSEALED_BY_A_REQUEST 6
#define HANDED_OVER 7
#define ROLLED_BACK 8
#define FORWARDED 9
#define RECORDED_ANSWER 10
#define REFUSED 11
#define STALE_REFUSAL_DISCARDED 12
#define CURSOR_RACE_LOST 13
#define FOREIGN_SEAL_REMOVED 14
#define LOCK_LOST 15
#define DECIDED_BY_ANOTHER 16
#define OUTBOX_BEHIND_THE_HEAD 17
#define REPLAY_READ_AGAIN 18
#define CAUGHT_UP 19
#define IN_DOUBT 20
#define GIVEN_BACK 21
#define MATCHED 22
#define MISMATCHED 23
#define INCONCLUSIVE 24
#define NOWHERE 99
#define REACHED(phase) assert(REACH != phase)
