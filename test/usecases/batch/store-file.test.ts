import { describe, expect, it } from 'vitest';
import { houseError } from '#core/errors/catalogue.ts';
import { boundaryOf } from '#core/wire/multipart-form.ts';
import { aBatchRegion, regionStart } from '#test/builders/a-batch-region.ts';
import type { BatchDesk } from '#usecases/batch/batch-services.ts';
import { FILE_BYTES_MAX, storeFile } from '#usecases/batch/store-file.ts';

async function arriving(form: FormData) {
  const request = new Request('http://form.invalid', { method: 'POST', body: form });
  return {
    boundary: boundaryOf(request.headers.get('content-type')) ?? '',
    bytes: new Uint8Array(await request.arrayBuffer()),
  };
}

function formWith(fields: Record<string, string>, content: string | undefined = '{"a":1}\n'): FormData {
  const form = new FormData();
  if (content !== undefined) form.set('file', new Blob([content]), 'in.jsonl');
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

async function* piecesOf(bytes: Uint8Array, breaks = false): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
  if (breaks) throw new Error('the caller has gone');
}

async function store(desk: BatchDesk, form: FormData, cutBytes = 0) {
  const { boundary, bytes } = await arriving(form);
  const body = piecesOf(bytes.subarray(0, bytes.length - cutBytes), cutBytes > 0);
  return storeFile(desk, { tenant: 'demo', residency: 'eu', boundary, body, at: regionStart });
}

describe('a file that comes', () => {
  it('stands with the residency under which it came, wherever purpose stands in the form', async () => {
    const { desk } = aBatchRegion();
    const stored = await store(desk, formWith({ purpose: 'batch' }));
    if (!stored.ok) throw new Error(stored.refusal.message);
    expect(stored.value).toMatchObject({
      tenant: 'demo',
      residency: 'eu',
      filename: 'in.jsonl',
      bytes: 8,
      readers: [],
      expiresAt: regionStart + 29 * 86_400_000,
    });
    expect(await desk.store.loadFile('demo', stored.value.id)).toEqual(stored.value);
    expect(await desk.objects.list('files/')).toEqual([stored.value.key]);
  });

  it('is forgotten earlier where its owner says so, never later', async () => {
    const { desk } = aBatchRegion();
    const fields = { purpose: 'batch', 'expires_after[anchor]': 'created_at' };
    const early = await store(desk, formWith({ ...fields, 'expires_after[seconds]': '3600' }));
    expect(early.ok && early.value.expiresAt - regionStart).toBe(3_600_000);
  });

  it.each([
    ['has no purpose', {}, undefined, 'purpose'],
    ['is for something else', { purpose: 'fine-tune' }, undefined, 'purpose'],
    ['is no file', { purpose: 'batch' }, null, 'file'],
    ['has an endless field', { purpose: 'x'.repeat(2000) }, undefined, undefined],
    [
      'expires too soon',
      { purpose: 'batch', 'expires_after[seconds]': '5' },
      undefined,
      'expires_after[seconds]',
    ],
  ])('that %s is refused, and leaves nothing', async (_, fields, content, param) => {
    const { desk } = aBatchRegion();
    const form = formWith(fields as Record<string, string>);
    if (content === null) form.delete('file');
    const refused = await store(desk, form);
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'invalid_request' } });
    if (!refused.ok && param !== undefined) expect(refused.refusal.param).toContain(param.slice(0, 7));
    expect(await desk.objects.list('')).toEqual([]);
  });

  it('in a form of countless parts is refused, and leaves nothing', async () => {
    const { desk } = aBatchRegion();
    const fields = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`field-${index}`, 'x']));
    const stored = await store(desk, formWith({ ...fields, purpose: 'batch' }));
    expect(stored).toMatchObject({ ok: false, refusal: { code: 'invalid_request' } });
    expect(stored.ok || stored.refusal.message).toContain('more than 16 parts');
    expect(await desk.objects.list('files/')).toEqual([]);
  });

  it('that ends before it is whole is refused, and leaves nothing', async () => {
    const { desk } = aBatchRegion();
    const refused = await store(desk, formWith({ purpose: 'batch' }, 'x'.repeat(5000)), 300);
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'invalid_request' } });
    expect(await desk.objects.list('')).toEqual([]);
  });

  it('that is too long is refused as soon as that is known, and never held', async () => {
    const { desk } = aBatchRegion();
    const piece = new Uint8Array(10_000_000).fill(0x61);
    let taken = 0;
    let written = 0;
    async function* endless() {
      yield new TextEncoder().encode(
        '--b\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\n',
      );
      for (;;) {
        taken += piece.length;
        yield piece;
      }
    }
    const objects = {
      ...desk.objects,
      openWriter: () => ({
        write: async (bytes: Uint8Array) => {
          written += bytes.length;
        },
        finish: async () => undefined,
        abandon: async () => undefined,
      }),
    };
    const refused = await storeFile(
      { ...desk, objects },
      { tenant: 'demo', residency: 'eu', boundary: 'b', body: endless(), at: regionStart },
    );
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'request_too_large', param: 'file' } });
    expect(taken).toBeLessThanOrEqual(FILE_BYTES_MAX + 2 * piece.length);
    expect(written).toBeLessThanOrEqual(FILE_BYTES_MAX);
  });

  it('throws what the store throws, and leaves nothing', async () => {
    const { desk } = aBatchRegion();
    const trouble = houseError('throttled', { message: 'slow down' });
    const openWriter = (key: string) => ({
      ...desk.objects.openWriter(key),
      write: () => Promise.reject(trouble),
    });
    const failing = { ...desk, objects: { ...desk.objects, openWriter } };
    await expect(store(failing, formWith({ purpose: 'batch' }))).rejects.toBe(trouble);
    expect(await desk.objects.list('')).toEqual([]);
  });
});
