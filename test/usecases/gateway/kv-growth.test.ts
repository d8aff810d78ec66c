import { expect, it } from 'vitest';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { answering, usageOf } from '#test/builders/scripted-invoker.ts';
import { createScriptedLedger } from '#test/builders/scripted-ledger.ts';

const here = 'us-east-1';
const share = { [here]: 5 };
const memory = { share, copies: 1, kvTokens: { [here]: 100_000 } };

/** KV tokens that the ledger is told of while an answer of so many tokens is read: above what was asked for at first. */
async function grownBeyond(
  target: ReturnType<typeof aTarget>,
  answer: { readonly tokens: number; readonly maxTokens: number; readonly stream: boolean },
) {
  const { tokens, maxTokens, stream } = answer;
  const capacity = createScriptedLedger();
  const { chat, invoker } = await aStartedGateway([target, aTarget()], {
    leap: true,
    overrides: { capacity },
  });
  invoker.script(target.id, answering(Array(tokens).fill('a'), usageOf(10, tokens)));
  const response = await chat({ stream, max_tokens: maxTokens });
  expect((await response.text()).length).toBeGreaterThan(0);
  const [demand] = capacity.demands;
  return { grown: capacity.grown.map((kvTokens) => kvTokens - (demand?.kvTokens ?? 0)), capacity };
}

it.each([true, false])(
  'doubles what an answer has come to, up to its most, where it is streamed: %s',
  async (stream) => {
    // Of answers that nobody has seen 1,024 tokens are expected.
    const long = { tokens: 3_000, maxTokens: 4_000, stream };
    const { grown, capacity } = await grownBeyond(aDedicatedTarget(memory), long);
    expect(grown).toEqual([1_024, 4_000 - 1_024]);
    expect(capacity.held.size).toBe(0);
  },
);

it('tells nothing of answers as short as expected, or of which all is reserved', async () => {
  const target = aDedicatedTarget(memory);
  expect((await grownBeyond(target, { tokens: 900, maxTokens: 4_000, stream: true })).grown).toEqual([]);
  expect((await grownBeyond(target, { tokens: 900, maxTokens: 900, stream: true })).grown).toEqual([]);
});

it('tells nothing where memory limits nothing', async () => {
  const target = aDedicatedTarget({ share });
  expect((await grownBeyond(target, { tokens: 3_000, maxTokens: 4_000, stream: true })).grown).toEqual([]);
});
