import { useEffect, useState } from 'preact/hooks';

/** What stands behind `#/` in the address, such as `availability?region=eu-central-1`. */
export function useHash(): string {
  const [hash, setHash] = useState(currentHash());
  useEffect(() => {
    const follow = () => setHash(currentHash());
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return hash;
}

const currentHash = (): string => window.location.hash.replace(/^#\/?/, '');
/** The page's own questions, so that an address can be sent to somebody. */
export function hashQuery(hash: string): URLSearchParams {
  return new URLSearchParams(hash.split('?')[1] ?? '');
}

/** Writes the page's questions into the address without a new place in the browser's history. */
export function replaceHashQuery(page: string, query: URLSearchParams): void {
  const text = query.toString();
  window.history.replaceState(null, '', `#/${page}${text === '' ? '' : `?${text}`}`);
}
