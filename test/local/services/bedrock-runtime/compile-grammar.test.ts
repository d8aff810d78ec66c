import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GrammarCache } from '#local/services/bedrock-runtime/compile-grammar.ts';

type Arguments = Parameters<GrammarCache['whenCompiled']>;

const asking = (schema: string | undefined): Arguments[0] => ({
  modelId: 'a',
  messages: [],
  ...(schema === undefined
    ? {}
    : { outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema } } } } }),
});

/** Whether the grammar is there at once; who does not get it, leaves. */
async function isThere(
  cache: GrammarCache,
  {
    schema = '{}',
    region = 'us-east-1',
    account = '111111111111',
    modelId = 'a',
    grammarCompileMs = 60_000,
  } = {},
  asked = asking(schema),
): Promise<boolean> {
  const leaving = new AbortController();
  const compiled = cache.whenCompiled(
    asked,
    { grammarCompileMs, fact: { modelId } } as Arguments[1],
    { account, region, signal: leaving.signal } as Arguments[2],
  );
  const there = await Promise.race([compiled.then(() => true), nextTurn(false)]);
  leaving.abort();
  await compiled;
  return there;
}

describe('the grammar of a schema', () => {
  it('is there at once where nothing is said, and for calls without a schema', async () => {
    const cache = new GrammarCache();
    expect(await isThere(cache, { grammarCompileMs: 0 })).toBe(true);
    expect(await isThere(cache, {}, asking(undefined))).toBe(true);
  });

  it('is compiled for each account, region, model and schema, and goes on when its caller leaves', async () => {
    const cache = new GrammarCache();
    expect(await isThere(cache, { grammarCompileMs: 1 })).toBe(false);
    await expect.poll(() => isThere(cache)).toBe(true);
    for (const other of [
      { schema: '{"type":"object"}' },
      { region: 'us-east-2' },
      { account: '222222222222' },
      { modelId: 'b' },
    ])
      expect(await isThere(cache, other)).toBe(false);
  });
});
