import { describe, expect, it } from 'vitest';
import { type ByteSource, webResponse } from '#usecases/gateway/gateway-answer.ts';

const headers = new Map([['x-a', '1']]);
const bytes = (text: string) => new TextEncoder().encode(text);

function aSource(texts: readonly string[]) {
  const left = [...texts];
  const seen = { pulls: 0, cancelled: false };
  const source: ByteSource = {
    pull: async (sink) => {
      seen.pulls += 1;
      const text = left.shift();
      if (text === undefined) sink.close();
      else sink.enqueue(bytes(text));
    },
    cancel: () => {
      seen.cancelled = true;
    },
  };
  return { source, seen };
}

describe('a web response', () => {
  it('says what the answer says', async () => {
    const response = webResponse({ status: 429, headers, body: 'text' });
    expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([429, '1', 'text']);
  });

  it('has no body where the answer has none', () => {
    expect(webResponse({ status: 499, headers, body: null }).body).toBeNull();
  });

  it('is read to the end of its source, and pulls only what is read', async () => {
    const { source, seen } = aSource(['a', 'b']);
    const response = webResponse({ status: 200, headers, body: source });
    await new Promise(setImmediate);
    expect(seen.pulls).toBe(0);
    expect(await response.text()).toBe('ab');
    expect(seen).toEqual({ pulls: 3, cancelled: false });
  });

  it('tells its source when nobody reads on', async () => {
    const { source, seen } = aSource(['a', 'b']);
    await webResponse({ status: 200, headers, body: source }).body?.cancel();
    expect(seen.cancelled).toBe(true);
  });
});
