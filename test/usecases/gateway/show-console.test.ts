import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { aGateway } from '#test/builders/a-gateway.ts';
import type { ConsoleFile, ConsoleFiles } from '#usecases/ports/console-files.ts';

const file = (text: string, contentType: string): ConsoleFile => ({
  contentType,
  text,
  gzipped: gzipSync(text),
  hash: 'ab'.repeat(32),
});

const built: ConsoleFiles = {
  load: async () =>
    new Map([
      ['index.html', file('<!doctype html>', 'text/html; charset=utf-8')],
      ['main-ABCD2345.js', file('run()', 'text/javascript; charset=utf-8')],
    ]),
};

function asking(consoleFiles: ConsoleFiles | undefined = built) {
  const { gateway, lines } = aGateway({ overrides: { consoleFiles } });
  const ask = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
    gateway.handle(new Request(`http://gateway.test${path}`, { method, headers }));
  return { ask, lines };
}

describe('the console', () => {
  it('is shown to everybody, under a policy that runs nothing but its own files', async () => {
    const response = await asking().ask('/console');
    expect([response.status, await response.text()]).toEqual([200, '<!doctype html>']);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('cache-control')).toBe('no-cache');
  });

  it('lets a browser keep what carries its hash for good', async () => {
    const response = await asking().ask('/console/main-ABCD2345.js');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  it('is sent compressed to who takes that, under a tag of its own', async () => {
    const { ask } = asking();
    const zipped = await ask('/console', { 'accept-encoding': 'br;q=1, gzip;q=0.5' });
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(await zipped.bytes()).toString()).toBe('<!doctype html>');
    const plain = await ask('/console', { 'accept-encoding': 'gzip;q=0' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.headers.get('etag')).not.toBe(zipped.headers.get('etag'));
    expect(plain.headers.get('vary')).toBe('accept-encoding');
  });

  it('is not sent again to who has it', async () => {
    const { ask } = asking();
    const etag = (await ask('/console')).headers.get('etag') ?? '';
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await ask('/console', { 'if-none-match': known });
      expect([response.status, await response.text(), response.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await ask('/console', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('names its files from the address without the slash', async () => {
    const response = await asking().ask('/console/');
    expect([response.status, response.headers.get('location')]).toEqual([308, '../console']);
  });

  it.each(['/console/nothing.js', '/console/index.html', '/console/a/b', '/console/..%2Findex.html'])(
    'has nothing at %s',
    async (path) => {
      expect((await asking().ask(path)).status).toBe(404);
    },
  );

  it('takes GET and HEAD only', async () => {
    const { ask } = asking();
    expect((await ask('/console', {}, 'HEAD')).status).toBe(200);
    const refused = await ask('/console', {}, 'POST');
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('is not there where a gateway has none', async () => {
    const { gateway } = aGateway();
    for (const path of ['/console', '/console/main-ABCD2345.js'])
      expect((await gateway.handle(new Request(`http://gateway.test${path}`))).status).toBe(404);
  });

  it('fails with 503 and a line in the log where its files cannot be read', async () => {
    const { ask, lines } = asking({ load: () => Promise.reject(new Error('no such folder')) });
    expect((await ask('/console')).status).toBe(503);
    expect(lines).toContainEqual({
      level: 'error',
      event: 'console-unreadable',
      facts: { error: 'no such folder' },
    });
  });
});
