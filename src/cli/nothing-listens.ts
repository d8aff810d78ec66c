/**
 * Whether a failed call found nobody at all, and not somebody who stayed silent or hung up: only then does it help to
 * start what is missing. Node leaves the message empty when it tried several addresses of one name.
 */
export function nothingListens({ message }: { readonly message: string }): boolean {
  return message === '' || /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/.test(message);
}

/** What to do when the local AWS takes connections and does not answer. */
export function silentLocalAws(url: string): string {
  return `See which faults are in force: the local AWS at ${url} takes connections and did not answer (curl ${url}/_local/faults).`;
}
