/** What local mode offers on its page, where no stranger comes; a deployed gateway's page offers nothing. */

const offer = (name: string): string | undefined =>
  document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content;

/** An application's key of the configuration. */
export const offeredKey = (): string | undefined => offer('spillway-local-key');

/** Asks for a fresh sign-in of the local operator. Undefined where none is offered. */
export function offeredOperator(): (() => Promise<string>) | undefined {
  const path = offer('spillway-local-operator');
  if (path === undefined) return undefined;
  return async () => {
    const request = { method: 'POST', credentials: 'omit', cache: 'no-store', redirect: 'error' } as const;
    const response = await fetch(new URL(path, document.baseURI), request);
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return ((await response.json()) as { readonly token: string }).token;
  };
}
