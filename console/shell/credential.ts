/** The viewer's key: in memory and in this tab's session storage, which ends with the tab. Nowhere else. */

const PLACE = 'spillway.credential';

export function keptCredential(): string | undefined {
  try {
    return sessionStorage.getItem(PLACE) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keepCredential(credential: string | undefined): void {
  try {
    if (credential === undefined) sessionStorage.removeItem(PLACE);
    else sessionStorage.setItem(PLACE, credential);
  } catch {
    // A browser that keeps nothing for us asks again when the page is loaded again.
  }
}
