/** Lambda's own limits for functions of the nodejs runtimes, as its quotas page tells them. */

/** The init phase of an environment that no request waited for. */
export const INIT_MS_MAX = 10_000;
/** Of what a caller who waits sends. */
export const REQUEST_BYTES_MAX = 6 * 1024 * 1024;
/** Of what a caller who does not wait sends. */
export const EVENT_BYTES_MAX = 1024 * 1024;
/** Of an answer in one piece: Lambda's own error message names this number. */
export const RESPONSE_BYTES_MAX = 6 * 1024 * 1024 + 100;
/** Of a streamed answer. */
export const STREAMED_BYTES_MAX = 200 * 1024 * 1024;
/** Of all variables of a function, names and values, as JSON. */
export const VARIABLES_BYTES_MAX = 4096;
export const TIMEOUT_SECONDS_MAX = 900;
export const MEMORY_MEBIBYTES_MIN = 128;
export const MEMORY_MEBIBYTES_MAX = 10_240;
/** Environments at work in one account and region, where nobody asked for more. */
export const ACCOUNT_CONCURRENCY = 1000;
