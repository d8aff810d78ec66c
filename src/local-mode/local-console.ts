import type { SpillwayConfig } from '#contract/config.ts';

/**
 * The console as local mode serves it: built from its sources when somebody first looks, once for all gateways, since
 * most runs are never looked at. Its page offers the configuration's first key, which no deployment knows.
 */
export function localConsole({
  tenants,
}: Pick<SpillwayConfig, 'tenants'>): () => Promise<ReadonlyMap<string, string>> {
  const [key] = Object.values(tenants).flatMap((tenant) => tenant.keys);
  let building: Promise<ReadonlyMap<string, string>> | undefined;
  const build = async (): Promise<ReadonlyMap<string, string>> => {
    const built = await (await import('../../scripts/build-console.ts')).buildConsole();
    const page = built.get('index.html') ?? '';
    return new Map([...built, ['index.html', key === undefined ? page : offering(page, key)]]);
  };
  return () => {
    building ??= build().catch((error: unknown) => {
      building = undefined;
      throw error;
    });
    return building;
  };
}

function offering(page: string, key: string): string {
  const value = key.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return page.replace('</head>', () => `<meta name="spillway-local-key" content="${value}"></head>`);
}
