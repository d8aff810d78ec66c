/** What every ObjectStore promises. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '#usecases/ports/object-store.ts';

const encoder = new TextEncoder();

async function textOf(body: AsyncIterable<Uint8Array> | undefined): Promise<string | undefined> {
  if (body === undefined) return undefined;
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of body) text += decoder.decode(bytes, { stream: true });
  return text;
}

export function describeObjectStore(
  name: string,
  open: () => Promise<{ readonly store: ObjectStore; close(): Promise<void> }>,
): void {
  describe(`an object store on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it('gives back what was put, the last of two, and nothing for what is not there', async () => {
      const { store } = opened;
      await store.put('a/1', encoder.encode('old'));
      await store.put('a/1', encoder.encode('new 😀'));
      expect(await textOf(await store.read('a/1'))).toBe('new 😀');
      expect(await store.read('a/none')).toBeUndefined();
    });

    it('gives back a range', async () => {
      const { store } = opened;
      await store.put('range', encoder.encode('0123456789'));
      expect(await textOf(await store.read('range', { offset: 3, bytes: 4 }))).toBe('3456');
      expect(await textOf(await store.read('range', { offset: 9, bytes: 1 }))).toBe('9');
    });

    it('lists by prefix in order, and forgets what was removed', async () => {
      const { store } = opened;
      for (const key of ['l/2', 'l/1', 'l/10', 'm/1']) await store.put(key, encoder.encode(key));
      expect(await store.list('l/')).toEqual(['l/1', 'l/10', 'l/2']);
      await store.remove(['l/1', 'l/none']);
      expect(await store.list('l/')).toEqual(['l/10', 'l/2']);
      await store.remove([]);
    });

    it('takes what comes bit by bit, longer than one part of an upload, and shows it when it is whole', async () => {
      const { store } = opened;
      const piece = encoder.encode('0123456789abcdef'.repeat(8192));
      const pieces = 70;
      const writer = store.openWriter('long');
      for (let count = 0; count < pieces; count += 1) await writer.write(piece);
      expect(await store.read('long')).toBeUndefined();
      await writer.finish();
      const text = await textOf(await store.read('long'));
      expect(text?.length).toBe(pieces * piece.length);
      expect(text?.slice(-16)).toBe('0123456789abcdef');
    });

    it('leaves nothing of what was abandoned, and takes an empty one', async () => {
      const { store } = opened;
      const writer = store.openWriter('left');
      await writer.write(new Uint8Array(9 * 1024 * 1024));
      await writer.abandon();
      expect(await store.read('left')).toBeUndefined();
      await store.openWriter('empty').finish();
      expect(await textOf(await store.read('empty'))).toBe('');
    });
  });
}
