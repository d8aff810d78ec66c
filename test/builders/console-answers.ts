/** The console as a browser and a hostile caller ask for it, of a gateway behind whatever front door. */
import { expect } from 'vitest';
import { compactAvailabilitySchema } from '#contract/http.ts';

const contentTypes: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
};

const strays = [
  '/console/..%2fhandler.mjs',
  '/console/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '/console/..%5chandler.mjs',
  '/console/handler.mjs',
  '/console/index.html',
  '/console/__proto__',
  '/console/%00',
  '/console/constructor',
];

/** @param origin of a gateway whose processes answer one request at a time, with what stands before its paths */
export async function consoleAnswers(origin: string, key: string): Promise<void> {
  const ask = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
    fetch(`${origin}${path}`, { method, headers, redirect: 'manual' });
  const page = await ask('/console');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.headers.get('cache-control')).toBe('no-cache');
  const names = [...(await page.text()).matchAll(/(?:src|href)="(console\/[^"]+)"/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) {
    const file = await ask(`/${name}`, { 'accept-encoding': 'gzip' });
    expect([name, file.status, file.headers.get('content-type')]).toEqual([
      name,
      200,
      contentTypes[name?.split('.').at(-1) ?? ''],
    ]);
    expect(file.headers.get('content-encoding')).toBe('gzip');
    expect((await file.text()).length).toBeGreaterThan(100);
    const head = await ask(`/${name}`, { 'accept-encoding': 'gzip' }, 'HEAD');
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([
      200,
      file.headers.get('etag'),
      '',
    ]);
    const known = { 'accept-encoding': 'gzip', 'if-none-match': file.headers.get('etag') ?? 'none' };
    expect((await ask(`/${name}`, known)).status).toBe(304);
  }
  const elsewhere = await ask('/console/');
  expect([elsewhere.status, elsewhere.headers.get('location')]).toEqual([308, '../console']);
  for (const path of strays) expect([path, (await ask(path)).status]).toEqual([path, 404]);
  await dataAnswers(ask, { authorization: `Bearer ${key}` });
}

async function dataAnswers(
  ask: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>,
  signedIn: Readonly<Record<string, string>>,
): Promise<void> {
  const availability = '/spillway/v1/availability?format=compact';
  for (const path of [availability, '/spillway/v1/events']) expect((await ask(path)).status).toBe(401);
  // A key in the address would stand in logs on the way: it is none.
  const inAddress = `${availability}&key=${encodeURIComponent(signedIn.authorization ?? '')}`;
  expect((await ask(inAddress)).status).toBe(401);
  const zipped = { ...signedIn, 'accept-encoding': 'gzip' };
  const told = await ask(availability, zipped);
  expect([told.status, told.headers.get('content-encoding')]).toEqual([200, 'gzip']);
  expect(compactAvailabilitySchema.parse(await told.json()).places.length).toBeGreaterThan(0);
  const again = await ask(availability, { ...zipped, 'if-none-match': told.headers.get('etag') ?? 'none' });
  expect([again.status, await again.text()]).toEqual([304, '']);
  const events = await ask('/spillway/v1/events', signedIn);
  expect([events.status, await events.text()]).toEqual([404, expect.stringContaining('no live events here')]);
}
