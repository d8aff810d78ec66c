import { describe, expect, it } from 'vitest';
import { createMemoryCapacityLedger } from '#adapters/memory/memory-capacity-ledger.ts';
import { createMemoryRateLedger } from '#adapters/memory/memory-rate-ledger.ts';
import { type Explanation, explanationSchema } from '#contract/http.ts';
import { type BlockBook, emptyBook, grownIn, keptIn } from '#core/capacity/slot-block.ts';
import { houseError } from '#core/errors/catalogue.ts';
import { aStartedGateway, type TestGateway } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { answering, aSignal, usageOf } from '#test/builders/scripted-invoker.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createBlockCapacityLedger } from '#usecases/capacity/block-capacity-ledger.ts';
import { createSafeCapacityLedger } from '#usecases/capacity/safe-capacity-ledger.ts';
import type { CapacityLedger } from '#usecases/ports/capacity-ledger.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2', position: 1 });
const asking = { max_tokens: 4_900 };

async function explainIn({ post }: Pick<TestGateway, 'post'>, changes: object = {}): Promise<Explanation> {
  const body = { model: 'chat-small', messages: [{ role: 'user', content: 'Hello' }], ...changes };
  return explanationSchema.parse(await (await post('/spillway/v1/explain', body)).json());
}

/** What explain says comes first, and who answers in fact. */
async function bothOf(made: TestGateway, changes: Readonly<Record<string, unknown>> = {}) {
  const { plan, code } = await explainIn(made, changes);
  const response = await made.chat(changes);
  const { error } =
    response.status === 200 ? { error: undefined } : ((await response.json()) as { error: { code: string } });
  return { foreseen: plan[0] ?? code, served: response.headers.get('x-spillway-target') ?? error?.code };
}

/** Of the only process of its region, whose store answers at once. */
function aBlockLedger(): CapacityLedger {
  let book: BlockBook = emptyBook;
  const write = async (after: BlockBook | undefined) => {
    book = after ?? book;
    return { applied: after !== undefined, book };
  };
  return createBlockCapacityLedger({
    store: {
      grow: (_target, before, claimed) => write(grownIn(book, before, claimed)),
      keep: (_target, holder, block) => write(keptIn(book, holder, block)),
    },
    clock: createVirtualClock(0, { leap: false }),
    log: { write: () => undefined },
    holder: 'one',
  });
}

describe('explain foresees what admission would say', () => {
  it('of a quota pool without room: when it has some, and who answers instead', async () => {
    const pooled = aTarget({ quotaTokensPerMinute: 40_000 });
    const made = await aStartedGateway([pooled, west], { leap: false });
    made.invoker.script(pooled.id, answering(['Long.'], usageOf(5_000, 3_000)));
    expect(await bothOf(made, asking)).toEqual({ foreseen: pooled.id, served: pooled.id });
    const { plan, removed } = await explainIn(made, asking);
    expect(plan).toEqual([west.id]);
    const removal = removed.find(({ target }) => target === pooled.id);
    expect(removal).toMatchObject({ code: 'no-capacity', pressure: { lacks: 'quota', throttled: false } });
    const waitMs = Date.parse(removal?.pressure?.until ?? '') - made.clock.now();
    expect(waitMs).toBeGreaterThan(10_000);
    expect(waitMs).toBeLessThan(30_000);
    expect(await bothOf(made, asking)).toEqual({ foreseen: west.id, served: west.id });
  });

  it('of a call that no pool ever brings: the numbers, and 413', async () => {
    const pooled = aTarget({ quotaTokensPerMinute: 4_000 });
    const made = await aStartedGateway([pooled]);
    const { removed } = await explainIn(made, asking);
    expect(removed[0]?.pressure).toMatchObject({ lacks: 'quota', heldTokens: 4_000 });
    expect(removed[0]?.pressure?.neededTokens).toBeGreaterThan(4_900);
    expect(await bothOf(made, asking)).toEqual({
      foreseen: 'request_too_large',
      served: 'request_too_large',
    });
  });

  it('of a spilled call that is larger than the part of those: who answers instead, or that it is sent at last', async () => {
    const down = aTarget({ quotaTokensPerMinute: 4 });
    const pooled = aTarget({ region: 'us-west-2', quotaTokensPerMinute: 40_000 });
    const far = aTarget({ region: 'us-east-2', position: 1 });
    const large = { max_tokens: 9_000 };
    const made = await aStartedGateway([down, pooled, far]);
    const { removed } = await explainIn(made, large);
    expect(removed.find(({ target }) => target === pooled.id)?.pressure).toMatchObject({ lacks: 'quota' });
    expect(await bothOf(made, large)).toEqual({ foreseen: far.id, served: far.id });
    const alone = await aStartedGateway([down, pooled]);
    expect(await bothOf(alone, large)).toEqual({ foreseen: pooled.id, served: pooled.id });
  });

  it('of a call that never fits into the memory of a copy', async () => {
    const gpu = aDedicatedTarget({ share: { 'us-east-1': 8 }, copies: 1, kvTokens: { 'us-east-1': 1_000 } });
    const made = await aStartedGateway([gpu, east]);
    const long = { messages: [{ role: 'user', content: 'word '.repeat(3_000) }] };
    const { removed } = await explainIn(made, long);
    expect(removed.find(({ target }) => target === gpu.id)?.pressure).toMatchObject({
      lacks: 'memory',
      heldTokens: 1_000,
    });
    expect(await bothOf(made, long)).toEqual({ foreseen: east.id, served: east.id });
  });

  it('of a call that never fits into what the ledger lends of a copy: its numbers, as in the refusal', async () => {
    const clock = createVirtualClock(0);
    const shared = createMemoryCapacityLedger();
    const capacity = createSafeCapacityLedger({ ledger: shared, clock, processesMax: 4, share: 0.5 });
    const gpu = aDedicatedTarget({ share: { 'us-east-1': 8 }, copies: 1, kvTokens: { 'us-east-1': 4_000 } });
    const made = await aStartedGateway([gpu], { overrides: { capacity } });
    const long = { messages: [{ role: 'user', content: 'word '.repeat(2_500) }] };
    const { removed } = await explainIn(made, long);
    expect(removed[0]?.pressure).toMatchObject({ lacks: 'memory', heldTokens: 2_000 });
    const response = await made.chat(long);
    expect(response.status).toBe(413);
    expect(await response.text()).toMatch(/ 2000[ ,.]/);
    expect(await bothOf(made, { max_tokens: 100 })).toEqual({ foreseen: gpu.id, served: gpu.id });
  });

  it('of memory where a part of it is set aside for each process: what is left in that and beside it', async () => {
    const shared = createMemoryCapacityLedger();
    const clock = createVirtualClock(0, { leap: false });
    const capacity = createSafeCapacityLedger({ ledger: shared, clock, processesMax: 4, share: 0.5 });
    const gpu = aDedicatedTarget({ share: { 'us-east-1': 8 }, copies: 1, kvTokens: { 'us-east-1': 4_000 } });
    const overrides = { servesMany: true, capacity };
    const made = await aStartedGateway([gpu, east], { overrides, leap: false });
    made.invoker.script(gpu.id, { hangs: 'before' });
    const long = { max_tokens: 100, messages: [{ role: 'user', content: 'word '.repeat(1_000) }] };
    const leave = new AbortController();
    const held = made.chat(long, {}, leave.signal);
    await expect.poll(() => made.invoker.calls.length, { timeout: 40_000 }).toBe(1);
    const { removed } = await explainIn(made, long);
    expect(removed.find(({ target }) => target === gpu.id)?.pressure).toMatchObject({ lacks: 'memory' });
    expect(await bothOf(made, long)).toEqual({ foreseen: east.id, served: east.id });
    leave.abort();
    await held;
  });

  it('of slots that are all taken: how long a call would wait for one', async () => {
    const gpu = aDedicatedTarget({ share: { 'us-east-1': 2 } });
    const made = await aStartedGateway([gpu, east], { overrides: { servesMany: true }, leap: false });
    const hung = { hangs: 'before' } as const;
    made.invoker.script(gpu.id, answering(), hung);
    await made.chat();
    const leave = new AbortController();
    const held = [made.chat({}, {}, leave.signal), made.chat({}, {}, leave.signal)];
    await new Promise(setImmediate);
    const { plan, removed } = await explainIn(made);
    expect(plan).toEqual([east.id]);
    expect(removed.find(({ target }) => target === gpu.id)).toMatchObject({
      code: 'no-capacity',
      pressure: { lacks: 'slots', waitMsMax: 500 },
    });
    leave.abort();
    await Promise.all(held);
  });

  it.each([
    ['memory', () => createMemoryCapacityLedger()],
    ['blocks', aBlockLedger],
  ] as const)(
    'of memory that calls under way have reserved, by %s: who takes the next one',
    async (_, open) => {
      const gpu = aDedicatedTarget({
        share: { 'us-east-1': 32 },
        copies: 2,
        kvTokens: { 'us-east-1': 310_000 },
      });
      const overrides = { servesMany: true, capacity: open() };
      const made = await aStartedGateway([gpu, east], { overrides, leap: false });
      made.invoker.script(gpu.id, { hangs: 'before' });
      const long = { max_tokens: 100, messages: [{ role: 'user', content: 'word '.repeat(88_000) }] };
      const leave = new AbortController();
      const held: Promise<Response>[] = [];
      for (let calls = 0; calls < 2; calls += 1) {
        expect((await explainIn(made, long)).plan[0]).toBe(gpu.id);
        held.push(made.chat(long, {}, leave.signal));
        await expect.poll(() => made.invoker.calls.length, { timeout: 40_000 }).toBe(calls + 1);
      }
      const { plan, removed } = await explainIn(made, long);
      expect(plan).toEqual([east.id]);
      const removal = removed.find(({ target }) => target === gpu.id);
      expect(removal?.pressure).toEqual({ lacks: 'memory', waitMsMax: 0 });
      expect(await bothOf(made, long)).toEqual({ foreseen: east.id, served: east.id });
      // What has been found out by then is still told as what it is.
      expect(
        (await explainIn(made, long)).removed.find(({ target }) => target === gpu.id)?.pressure,
      ).toMatchObject({ lacks: 'memory', waitMsMax: 0 });
      expect((await explainIn(made)).plan[0]).toBe(gpu.id);
      leave.abort();
      await Promise.all(held);
    },
  );

  it('takes nothing, however often it is asked', async () => {
    const pooled = aTarget({ quotaTokensPerMinute: 40_000 });
    const made = await aStartedGateway([pooled, west]);
    for (let times = 0; times < 50; times += 1) await explainIn(made, asking);
    expect(await bothOf(made, asking)).toEqual({ foreseen: pooled.id, served: pooled.id });
    expect(made.invoker.calls).toHaveLength(1);
  });

  it('routes what is sent anyway while the ledger of quotas is away', async () => {
    const take = async (): Promise<never> => {
      throw houseError('upstream_unavailable', { message: 'it is gone' });
    };
    const rates = { ...createMemoryRateLedger(), take };
    const pooled = aTarget({ quotaTokensPerMinute: 40_000 });
    const made = await aStartedGateway([pooled], { overrides: { rates } });
    for (let call = 0; call < 3; call += 1)
      expect(await bothOf(made, asking)).toEqual({ foreseen: pooled.id, served: pooled.id });
  });

  it('of a target that was out for long enough: that the next request is its probe', async () => {
    const made = await aStartedGateway([east, west], { leap: false });
    const failsBefore = aSignal({ errorName: 'AccessDeniedException', httpStatus: 403 });
    made.invoker.script(east.id, { failsBefore }, answering());
    await made.chat();
    expect((await explainIn(made)).probes).toBeUndefined();
    const ejection = (await explainIn(made)).removed.find(({ target }) => target === east.id)?.ejection;
    made.clock.advance(Date.parse(ejection?.until ?? '') - made.clock.now() + 1);
    expect(await explainIn(made)).toMatchObject({ plan: [east.id, west.id], probes: [east.id] });
    expect(await bothOf(made)).toEqual({ foreseen: east.id, served: east.id });
  });
});
