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
