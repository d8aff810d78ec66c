import { describe, expect, it } from 'vitest';
import { createMemoryHealthStore } from '#adapters/memory/memory-health-store.ts';
import { explanationSchema } from '#contract/http.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { aStartedGateway, type GatewayOptions, type TestGateway } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { aSignal } from '#test/builders/scripted-invoker.ts';
import { createScriptedLedger } from '#test/builders/scripted-ledger.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const body = { model: 'chat-small', messages: [{ role: 'user', content: 'x' }] };
const forbidden = { failsBefore: aSignal({ errorName: 'AccessDeniedException', httpStatus: 403 }) };

const world = (options: GatewayOptions = {}, targets = [east, west]) => aStartedGateway(targets, options);

async function removedIn({ post }: Pick<TestGateway, 'post'>, target: string) {
  const response = await post('/spillway/v1/explain', body);
  const { removed } = explanationSchema.parse(await response.json());
  return removed.find((each) => each.target === target);
}

describe('an ejected target', () => {
  it('is told with its end, and with who found out', async () => {
    const health = createMemoryHealthStore();
    const [one, other] = await Promise.all(
      [1, 2].map((seed) => world({ overrides: { health, random: createSeededRandom(seed) } })),
    );
    if (one === undefined || other === undefined) throw new Error('two gateways');
    one.invoker.script(east.id, forbidden);
    await one.chat();
    await one.gateway.settled();
    await other.gateway.refresh();
    const ejection = { of: 'target', phase: 'ejected', until: expect.stringMatching(/^2026-11-21T08:00:/) };
    expect(await removedIn(one, east.id)).toMatchObject({
      code: 'ejected',
      ejection: { ...ejection, foundBy: 'this-process' },
    });
    expect(await removedIn(other, east.id)).toMatchObject({
      code: 'ejected',
      ejection: { ...ejection, foundBy: 'another-process' },
    });
  });
});

describe('a target without capacity', () => {
  it('is told by what it lacks: a quota that rests', async () => {
    const made = await world();
    const throttled = aSignal({ errorName: 'ThrottlingException', httpStatus: 429 });
    made.invoker.script(east.id, { failsBefore: throttled });
    await made.chat();
    const removal = await removedIn(made, east.id);
    expect(removal).toMatchObject({ code: 'no-capacity', pressure: { lacks: 'quota', throttled: true } });
    expect(Date.parse(removal?.pressure?.until ?? '')).toBeGreaterThan(made.clock.now());
  });

  it('is told by what it lacks: a copy, which is being woken', async () => {
    const gpu = aDedicatedTarget();
    const made = await world({ leap: false }, [gpu, east]);
    const asleep = aSignal({
      service: 'sagemaker-runtime',
      errorName: 'ValidationError',
      httpStatus: 400,
      message: 'Inference Component has no capacity to process this request.',
    });
    made.invoker.script(gpu.id, { failsBefore: asleep });
    expect((await made.chat()).headers.get('x-spillway-target')).toBe(east.id);
    const removal = await removedIn(made, gpu.id);
    expect(removal).toMatchObject({ code: 'no-capacity', pressure: { lacks: 'copies' } });
    expect(removal?.pressure).not.toHaveProperty('throttled');
    expect(Date.parse(removal?.pressure?.until ?? '')).toBeGreaterThan(made.clock.now());
  });

  it('is told by what it lacks: slots', async () => {
    const gpu = aDedicatedTarget({ share: { 'us-east-1': 2 } });
    const capacity = createScriptedLedger({ answer: () => 'full', isRemote: true });
    const made = await world({ overrides: { capacity }, leap: false }, [gpu, east]);
    await made.chat();
    const removal = await removedIn(made, gpu.id);
    expect(removal).toMatchObject({ code: 'no-capacity', pressure: { lacks: 'slots', waitMsMax: 0 } });
    const restMs = Date.parse(removal?.pressure?.until ?? '') - made.clock.now();
    expect(restMs).toBeGreaterThanOrEqual(50);
    expect(restMs).toBeLessThanOrEqual(100);
  });

  it('lets nobody go on at once where there is nobody else', async () => {
    const gpu = aDedicatedTarget({ share: { 'us-east-1': 1 } });
    const made = await world({ overrides: { servesMany: true }, leap: false }, [gpu]);
    made.invoker.script(gpu.id, { hangs: 'before' });
    const leave = new AbortController();
    const held = made.chat({}, {}, leave.signal);
    await expect.poll(() => made.invoker.calls.length, { timeout: 40_000 }).toBe(1);
    expect((await removedIn(made, gpu.id))?.pressure).toEqual({ lacks: 'slots' });
    leave.abort();
    await held;
  });
});
