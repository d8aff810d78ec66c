import { describe, expect, it } from 'vitest';
import type { CallTrouble, Fault } from '#contract/swarm-scenario.ts';
import { classifyFailure } from '#core/failures/classify-failure.ts';
import type { Target } from '#core/target.ts';
import { Chance } from '#simulator/engine/chance.ts';
import { VirtualTime } from '#simulator/engine/virtual-time.ts';
import { SwarmServing } from '#simulator/swarm/swarm-serving.ts';
import type { ServingListener } from '#simulator/world/serving.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';

type Failed = Parameters<ServingListener['failed']>[0];
interface Heard {
  readonly said: string[];
  tokens: number;
  /** The longest time between two pieces of the answer, the first included. */
  gapMsMax: number;
  signal?: Failed;
  endedMs?: number;
}

function aServing(faults: readonly Fault[] = [], seed = '1') {
  const time = new VirtualTime(0);
  const serving = new SwarmServing(time, new Chance(seed).stream('serving'), faults);
  const call = (target: Target = aTarget(), { outputTokens = 50, maxTokens = 1_000 } = {}) => {
    const heard: Heard = { said: [], tokens: 0, gapMsMax: 0 };
    let lastMs = time.elapsedMs;
    const note = (what: string) => {
      if (heard.said.at(-1) !== what) heard.said.push(what);
    };
    const end = (what: string) => {
      note(what);
      heard.endedMs = time.elapsedMs;
    };
    const served = serving.begin(
      { target, inputTokens: 100, outputTokens, maxTokens },
      {
        left: () => note('left'),
        wrote: (tokens) => {
          note('wrote');
          heard.tokens += tokens;
          heard.gapMsMax = Math.max(heard.gapMsMax, time.elapsedMs - lastMs);
          lastMs = time.elapsedMs;
        },
        finished: () => end('finished'),
        failed: (signal) => {
          end('failed');
          heard.signal = signal;
        },
      },
    );
    return { heard, served };
  };
  return { time, serving, call };
}

const inRegion = (trouble: CallTrouble): Fault => ({
  kind: 'region',
  region: 'us-east-1',
  trouble,
  fromSeconds: 0,
  untilSeconds: 10,
});

describe('a swarm’s serving', () => {
  it('writes all of an answer, up to what its call allows', async () => {
    const { time, serving, call } = aServing();
    const [whole, stopped] = [call(), call(aTarget(), { outputTokens: 500, maxTokens: 20 })];
    expect(serving.inFlight(aTarget().id)).toBe(2);
    await time.run();
    expect(whole.heard).toMatchObject({ said: ['left', 'wrote', 'finished'], tokens: 50 });
    expect(stopped.heard).toMatchObject({ said: ['left', 'wrote', 'finished'], tokens: 20 });
    expect(serving.inFlight(aTarget().id)).toBe(0);
  });

  it.each<[CallTrouble, Partial<Failed>, readonly string[]]>([
    ['dark', { kind: 'connect' }, ['failed']],
    ['no-credentials', { kind: 'credentials' }, ['failed']],
    ['throttled', { errorName: 'ThrottlingException', httpStatus: 429 }, ['left', 'failed']],
    ['unavailable', { errorName: 'ServiceUnavailableException' }, ['left', 'failed']],
    ['denied', { errorName: 'AccessDeniedException', httpStatus: 403 }, ['left', 'failed']],
    ['cuts', { kind: 'reset' }, ['left', 'wrote', 'failed']],
  ])('%s fails as such, and is no longer under way', async (trouble, signal, said) => {
    const { time, serving, call } = aServing([inRegion(trouble)]);
    const { heard } = call();
    expect(serving.inFlight(aTarget().id)).toBe(1);
    await time.run();
    expect(heard.said).toEqual(said);
    expect(heard.signal).toMatchObject(signal);
    expect(heard.tokens).toBeLessThanOrEqual(50);
    expect(serving.inFlight(aTarget().id)).toBe(0);
  });

  it('says what is cold in the words by which the product knows it', async () => {
    const cold: Fault = { kind: 'cold', endpoint: 'chat-small', fromSeconds: 0, untilSeconds: 10 };
    const { time, serving, call } = aServing([cold]);
    const { heard } = call(aDedicatedTarget());
    const warm = call(aTarget());
    expect(serving.copiesOf('chat-small')).toMatchObject({ copiesInService: 0 });
    expect(serving.copiesOf('another')).toMatchObject({ copiesInService: 2 });
    await time.run();
    if (heard.signal === undefined) throw new Error('it did not fail');
    const verdict = classifyFailure({ ...heard.signal, service: 'sagemaker-runtime', phase: 'before' });
    expect(verdict).toMatchObject({ cold: true });
    expect(warm.heard.said).toEqual(['left', 'wrote', 'finished']);
    await time.run(10_000);
    expect(serving.copiesOf('chat-small')).toMatchObject({ copiesInService: 2 });
  });

  it.each<[CallTrouble, readonly string[]]>([
    ['hangs', ['left']],
    ['stalls', ['left', 'wrote']],
  ])('%s without an end, until its caller goes', async (trouble, said) => {
    const { time, serving, call } = aServing([inRegion(trouble)]);
    const { heard, served } = call();
    await time.run(3_600_000);
    expect(heard.said).toEqual(said);
    expect(serving.inFlight(aTarget().id)).toBe(1);
    served.abort();
    served.abort();
    expect(serving.inFlight(aTarget().id)).toBe(0);
    expect(time.planned).toBe(0);
  });

  it('is many times slower where it is slow, and is heard of at least every twenty seconds', async () => {
    const [well, slow] = [aServing(), aServing([inRegion('slow')])];
    const size = { outputTokens: 400 };
    const [one, other] = [well.call(aTarget(), size), slow.call(aTarget(), size)];
    await Promise.all([well.time.run(), slow.time.run()]);
    expect(other.heard).toMatchObject({ tokens: 400, said: ['left', 'wrote', 'finished'] });
    expect((other.heard.endedMs ?? 0) / (one.heard.endedMs ?? 1)).toBeCloseTo(20, 3);
    expect(one.heard.gapMsMax).toBeLessThanOrEqual(4_000);
    expect(other.heard.gapMsMax).toBeLessThan(20_000);
  });

  it('stops in the middle when its caller goes, and says nothing more', async () => {
    const { time, serving, call } = aServing();
    const { heard, served } = call(aTarget(), { outputTokens: 900 });
    await time.run(1_000);
    served.abort();
    const written = heard.tokens;
    await time.run();
    expect(heard.tokens).toBe(written);
    expect(heard.said).not.toContain('finished');
    expect(serving.inFlight(aTarget().id)).toBe(0);
  });

  it('fails where the fault is, while it is, and nowhere else', async () => {
    const model: Fault = {
      kind: 'model',
      modelId: aTarget().modelId,
      trouble: 'dark',
      fromSeconds: 5,
      untilSeconds: 10,
    };
    const { time, call } = aServing([model]);
    const before = call();
    await time.run(5_000);
    const [during, otherModel] = [call(), call(aTarget({ modelId: 'another' }))];
    await time.run(10_000);
    const after = call();
    await time.run();
    const ends = [before, during, otherModel, after].map(({ heard }) => heard.said.at(-1));
    expect(ends).toEqual(['finished', 'failed', 'finished', 'finished']);
  });

  it('cuts answers after their first piece, or after their last one', async () => {
    const written = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const { time, call } = aServing([inRegion('cuts')], String(index));
        const { heard } = call(aTarget(), { outputTokens: 3 });
        await time.run();
        return heard.tokens;
      }),
    );
    expect(new Set(written)).toEqual(new Set([1, 3]));
  });
});
