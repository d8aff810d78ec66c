/** Longest `tracestate` that is read: W3C asks for 512 characters at least, and nobody needs many more. */
const CHARACTERS_MAX = 2_048;

/** The value of one member of a `tracestate`; undefined where there is none, or the header is too long to be one. */
export function traceStateMember(traceState: string, key: string): string | undefined {
  if (traceState.length > CHARACTERS_MAX) return undefined;
  for (const member of traceState.split(',')) {
    const [name, value, ...rest] = member.trim().split('=');
    if (name === key && rest.length === 0) return value;
  }
  return undefined;
}
