import { useEffect, useState } from 'preact/hooks';

/** Whether the gateway is one of local mode, whose AWS can be broken. Undefined until that is known. */
export function useLocalMode(): boolean | undefined {
  const [isLocal, setLocal] = useState(isLoopback() ? undefined : false);
  useEffect(() => {
    if (isLocal !== undefined) return;
    fetch(new URL('_local/health', document.baseURI), { credentials: 'omit', cache: 'no-store' }).then(
      (response) => setLocal(response.ok),
      () => setLocal(false),
    );
  }, [isLocal]);
  return isLocal;
}

/** Local mode listens nowhere else. */
const isLoopback = (): boolean => ['127.0.0.1', 'localhost'].includes(window.location.hostname);
