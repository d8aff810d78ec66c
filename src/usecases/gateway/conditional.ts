/** What a caller says of the answer that it wants: compressed, and not again where it has it already. */

/** `gzip` or `*`, unless its weight is 0. */
export function takesGzip(accepted: string | null): boolean {
  return (accepted ?? '').split(',').some((entry) => {
    const [coding = '', weight = ''] = entry.toLowerCase().split(';');
    return ['gzip', '*'].includes(coding.trim()) && !/^\s*q=0(\.0*)?\s*$/.test(weight);
  });
}

/** Weak comparison, as RFC 9110 asks of `If-None-Match`. */
export function hasAlready(ifNoneMatch: string | null, etag: string): boolean {
  const own = withoutWeakness(etag);
  return (ifNoneMatch ?? '').split(',').some((entry) => ['*', own].includes(withoutWeakness(entry)));
}

const withoutWeakness = (etag: string): string => etag.trim().replace(/^W\//, '');
