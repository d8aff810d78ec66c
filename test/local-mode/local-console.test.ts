import { expect, it } from 'vitest';
import { acmeConfig } from '#test/builders/configs.ts';
import { localConsole } from '../../src/local-mode/local-console.ts';

const pageOf = async (config: Parameters<typeof localConsole>[0]): Promise<string> =>
  (await localConsole(config)()).get('index.html') ?? '';

it('offers the first key of the configuration on the page, and builds it once', async () => {
  const load = localConsole(acmeConfig());
  const files = await load();
  expect(files.get('index.html')).toContain(
    '<meta name="spillway-local-key" content="sk-local"><meta name="spillway-local-operator" content="_local/operator-token"></head>',
  );
  expect(await load()).toBe(files);
});

it('writes a key as text, whatever stands in it, and none where there is none', async () => {
  const { tenants } = acmeConfig();
  const tenant = Object.values(tenants)[0];
  if (tenant === undefined) throw new Error('the example has a tenant');
  const odd = { tenants: { odd: { ...tenant, keys: ['"><script>$&'] } } };
  expect(await pageOf(odd)).toContain('content="&quot;>&lt;script>$&amp;">');
  expect(await pageOf({ tenants: {} })).not.toContain('spillway-local-key');
});
