import { describe, expect, it } from 'vitest';
import { Bench, type Judge } from '#simulator/judges/judge.ts';
import { aRequestRecord } from '#test/builders/a-request-record.ts';
import { anEnding, aSentCall, worldStartMs } from '#test/builders/judged-history.ts';

/** Says of each thing that it heard it. */
const parrot: Judge = {
  name: 'parrot',
  phase: 'liveness',
  sent: ({ target }, report) => report(`sent ${target.id}`),
  ended: ({ status }, report) => report(`ended ${status}`),
  recorded: ({ requestId }, report) => report(`recorded ${requestId}`),
  defect: (event, facts, report) => report(`defect ${event} ${JSON.stringify(facts)}`),
  atRest: (report) => report('at rest'),
};
const silent: Judge = { name: 'silent', phase: 'safety' };

describe('a bench of judges', () => {
  it('tells each judge of everything, and notes what it says with its name, its phase and the time', () => {
    let nowMs = worldStartMs;
    const bench = new Bench([silent, parrot], () => nowMs);
    bench.sent(aSentCall());
    nowMs += 5;
    bench.ended(anEnding());
    bench.recorded(aRequestRecord());
    bench.defect('internal-error', { why: 'planted' });
    bench.atRest();
    expect(bench.violations.map(({ what }) => what)).toEqual([
      `sent ${aSentCall().target.id}`,
      'ended 200',
      'recorded request-1',
      'defect internal-error {"why":"planted"}',
      'at rest',
    ]);
    const of = { judge: 'parrot', phase: 'liveness' };
    expect(bench.violations[0]).toMatchObject({ ...of, atMs: worldStartMs });
    expect(bench.violations[1]).toMatchObject({ ...of, atMs: worldStartMs + 5 });
  });

  it('counts every violation and keeps the first twenty', () => {
    const bench = new Bench([parrot], () => worldStartMs);
    for (let index = 0; index < 1_000; index += 1) bench.defect(`number ${index}`, undefined);
    expect(bench.count).toBe(1_000);
    expect(bench.violations).toHaveLength(20);
    expect(bench.violations[0]?.what).toBe('defect number 0 undefined');
  });
});
