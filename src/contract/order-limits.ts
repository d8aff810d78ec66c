/** What an operator's order may hold: the gateway checks it, and pages say it before anything is sent. */

/** How long a word of an operator may last. */
export const ORDER_HOURS_MAX = 720;
export const ORDER_HOURS_USUAL = 24;
export const ORDER_REASON_CHARACTERS_MAX = 512;
/** One line that is not empty. */
export const orderReasonPattern = /^[^\p{C}\p{Zl}\p{Zp}]*[^\s\p{C}][^\p{C}\p{Zl}\p{Zp}]*$/u;
