import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createConsoleFiles } from '#adapters/system/built-console-files.ts';

describe('the console’s files', () => {
  it('are read once, when somebody first asks, each with its type, hash and compressed form', async () => {
    let reads = 0;
    const files = createConsoleFiles(async () => {
      reads += 1;
      return new Map([
        ['index.html', '<p>ä</p>'],
        ['main-ABCD2345.js', 'run()'],
      ]);
    });
    expect(reads).toBe(0);
    const [first, second] = await Promise.all([files.load(), files.load()]);
    expect([reads, first === second]).toEqual([1, true]);
    const page = first.get('index.html');
    expect(page?.contentType).toBe('text/html; charset=utf-8');
    expect(gunzipSync(page?.gzipped ?? new Uint8Array()).toString()).toBe('<p>ä</p>');
    expect(page?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(first.get('main-ABCD2345.js')?.contentType).toBe('text/javascript; charset=utf-8');
  });

  it('are read again after they could not be', async () => {
    let fails = true;
    const files = createConsoleFiles(async () => {
      if (fails) throw new Error('not built');
      return new Map([['index.html', '']]);
    });
    await expect(files.load()).rejects.toThrow('not built');
    fails = false;
    expect((await files.load()).size).toBe(1);
  });
});
