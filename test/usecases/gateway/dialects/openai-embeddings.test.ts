import { describe, expect, it } from 'vitest';
import { openAiEmbeddings } from '#usecases/gateway/dialects/openai-embeddings.ts';

const identity = { requestId: 'r1', model: 'embed', createdSeconds: 7, elapsedMs: () => 1 };

function read(changes: object) {
  const call = openAiEmbeddings.read({ model: 'embed', input: 'a', ...changes }, {}, new Headers());
  if (!call.ok) return call.violations.map(({ path, message }) => `${path}: ${message}`);
  if (call.work.kind !== 'embedding') throw new Error('no embedding');
  return call.work;
}

describe('the OpenAI embeddings dialect', () => {
  it('reads one text and many, as documents', () => {
    expect(read({})).toMatchObject({ request: { texts: ['a'], purpose: 'search_document' } });
    expect(read({ input: ['a', 'b'], dimensions: 256, user: 'u', encoding_format: null })).toMatchObject({
      request: { texts: ['a', 'b'], dimensions: 256 },
    });
  });

  it('writes floats unless base64 is asked for', () => {
    const written = (changes: object) => {
      const work = read(changes);
      if (!('writer' in work)) throw new Error(String(work));
      return work.writer.whole(identity, { embeddings: [[1]], inputTokens: 1 }).body;
    };
    expect(written({})).toMatchObject({ data: [{ embedding: [1] }] });
    expect(written({ encoding_format: 'base64' })).toMatchObject({ data: [{ embedding: 'AACAPw==' }] });
  });

  it.each([[[1, 2, 3]], [[[1, 2], [3]]]])('refuses tokens by name: %j', (input) => {
    expect(read({ input })).toEqual([expect.stringMatching(/^input: must be text: token numbers mean/)]);
  });

  it.each([
    [{ input: [] }, 'input: must be a text or a list of 1 to 2048 texts'],
    [
      { input: Array.from({ length: 2049 }, () => 'a') },
      'input: must be a text or a list of 1 to 2048 texts',
    ],
    [{ input: 7 }, 'input: must be a text or a list of 1 to 2048 texts'],
    [{ input: '' }, 'input: must not be empty'],
    [{ input: ['a', ''] }, 'input[1]: must not be empty'],
    [{ input: ['a', {}] }, 'input[1]: must be a text'],
    [{ seed: 1 }, 'seed: is not known here; leave it out'],
  ])('says what would be right of %j', (changes, message) => {
    expect(read(changes)).toEqual([message]);
  });
});
