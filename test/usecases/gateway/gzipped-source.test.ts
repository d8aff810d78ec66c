import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { type ByteSource, webResponse } from '#usecases/gateway/gateway-answer.ts';
import { gzippedSource } from '#usecases/gateway/gzipped-source.ts';

const encoder = new TextEncoder();

/** Parts of 64 KiB that no compressor makes short. */
function counted(parts: number) {
  const seen = { pulls: 0, cancelled: false };
  let state = 1;
  const source: ByteSource = {
    pull: async (sink) => {
      if (seen.pulls === parts) return sink.close();
      seen.pulls += 1;
      const noise = Uint8Array.from({ length: 65_536 }, () => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        return state >> 16;
      });
      sink.enqueue(noise);
    },
    cancel: () => {
      seen.cancelled = true;
    },
  };
  return { seen, source };
}

const answerOf = (body: ByteSource) => webResponse({ status: 200, headers: new Map(), body });

it('is the same bytes', async () => {
  const texts = ['one, ', 'two'][Symbol.iterator]();
  const source: ByteSource = {
    pull: async (sink) => {
      const { done, value } = texts.next();
      if (done === true) sink.close();
      else sink.enqueue(encoder.encode(value));
    },
    cancel: () => undefined,
  };
  const bytes = await answerOf(gzippedSource(source)).bytes();
  expect(gunzipSync(bytes).toString()).toBe('one, two');
});

it('is made no faster than it is read, and no more once nobody reads', async () => {
  const { seen, source } = counted(400);
  const reader = answerOf(gzippedSource(source)).body?.getReader();
  await reader?.read();
  expect(seen.pulls).toBeLessThan(20);
  await reader?.cancel();
  await expect.poll(() => seen.cancelled).toBe(true);
  expect(seen.pulls).toBeLessThan(20);
});

it('breaks where its source does', async () => {
  const source: ByteSource = { pull: () => Promise.reject(new Error('lost')), cancel: () => undefined };
  await expect(answerOf(gzippedSource(source)).bytes()).rejects.toThrow('lost');
});
