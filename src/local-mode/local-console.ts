import type { SpillwayConfig } from '#contract/config.ts';
import { operatorTokenPath } from './local-operator.ts';

/**
 * The console as local mode serves it: built from its sources when somebody first looks, once for all gateways, since
 * most runs are never looked at. Its page offers the configuration's first key and the local operator's sign-in, which no
 * deployment knows.
 */
export function localConsole({
  tenants,
}: Pick<SpillwayConfig, 'tenants'>): () => Promise<ReadonlyMap<string, string>> {
  const [key] = Object.values(tenants).flatMap((tenant) => tenant.keys);
  let building: Promise<ReadonlyMap<string, string>> | undefined;
  const build = async (): Promise<ReadonlyMap<string, string>> => {
    const built = await (await import('../../scripts/build-console.ts')).buildConsole();
    const page = built.get('index.html') ?? '';
    const offers = { 'spillway-local-key': key, 'spillway-local-operator': operatorTokenPath };
    return new Map([...built, ['index.html', offering(page, offers)]]);
  };
  return () => {
    building ??= build().catch((error: unknown) => {
      building = undefined;
      throw error;
    });
    return building;
  };
}

function offering(page: string, offers: Readonly<Record<string, string | undefined>>): string {
  const tags = Object.entries(offers).map(([name, value]) =>
    value === undefined ? '' : `<meta name="${name}" content="${asText(value)}">`,
  );
  return page.replace('</head>', () => `${tags.join('')}</head>`);
}

const asText = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
