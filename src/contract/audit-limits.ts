/** What gateways need to know of their audit records without being able to check one. */
export const AUDIT_RECORD_SCHEMA = 2;
/** Had no `overrides`. Such records are read for good. */
export const AUDIT_RECORD_SCHEMA_FIRST = 1;
/** Of one request. Those that come after are counted, and only the last of them is kept. */
export const DECISIONS_KEPT_MAX = 24;
/** Of a record as JSON, in bytes: with what is said of it on its way it must fit one message of a queue. */
export const AUDIT_RECORD_BYTES_MAX = 200_000;
