import { describe, expect, it } from 'vitest';
import type { SeenChange } from '#cli/availability/compare-answers.ts';
import { changeLine, watchAvailability } from '#cli/availability/watch-availability.ts';
import { plainPaint } from '#cli/terminal/paint.ts';
import { CommandFailure } from '#cli/usage-error.ts';
import type { Availability } from '#contract/http.ts';
import { anAvailabilityTarget } from '#test/builders/availability-target.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';

const start = Date.UTC(2026, 10, 21, 8);
const asOf = '2026-11-21T08:00:00.000Z';
const of = (...targets: Availability['targets']): Availability => ({ asOf, stale: false, targets });
const nova = anAvailabilityTarget({ region: 'us-east-1', since: '2026-11-21T07:00:00.000Z' });
const other = anAvailabilityTarget({
  region: 'us-east-1',
  modelId: 'other.model',
  since: '2026-11-21T08:00:08.000Z',
});
const denied = { ...nova, state: 'denied', reasons: ['refused'], since: '2026-11-21T08:00:18.000Z' };

/** Answers in turn, one each ten seconds, then Ctrl-C. */
async function watched(answers: readonly (Availability | Error)[], rows?: number) {
  const clock = createVirtualClock(start, { leap: true });
  const ended = new AbortController();
  const frames: (readonly string[])[] = [];
  const changes: SeenChange[] = [];
  const troubles: string[] = [];
  let asked = 0;
  const screen = rows && {
    columns: 60,
    rows,
    show: (lines: readonly string[]) => void frames.push(lines),
    close: () => undefined,
  };
  const watch = {
    clock,
    everyMs: 10_000,
    signal: ended.signal,
    load: async () => {
      const answer = answers[asked];
      asked += 1;
      if (asked === answers.length) ended.abort(new Error('interrupted'));
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('asked too often');
      return answer;
    },
    draw: ({ targets }: Availability) => targets.map(({ id, state }) => `${id} ${state}`),
    paint: plainPaint,
  };
  const moved = await watchAvailability(watch, {
    screen: screen || undefined,
    began: () => undefined,
    changed: (change) => void changes.push(change),
    trouble: (sentence) => void troubles.push(sentence),
  });
  return { frames, changes, troubles, moved };
}

const down = new CommandFailure('Nothing listens at http://127.0.0.1:4000.');

describe('watching availability', () => {
  it('tells each change once, by target, with its time and why', async () => {
    const { changes, moved } = await watched([of(nova), of(nova, other), of(denied, other), of(denied)]);
    expect(changes.map(changeLine)).toEqual([
      '2026-11-21 08:00:08Z + us-east-1  absent → available  other.model of 111111111111',
      '2026-11-21 08:00:18Z ~ us-east-1  available → denied  amazon.nova-lite-v1:0 of 111111111111 (refused)',
      '2026-11-21 08:00:30Z - us-east-1  available → absent  other.model of 111111111111',
    ]);
    expect(moved).toEqual(changes);
  });

  it('waits for a gateway that is gone, calls what it shows stale, and tells what moved meanwhile', async () => {
    const { changes, troubles } = await watched([of(nova), down, down, of(denied)]);
    expect(troubles).toEqual([
      'STALE since 2026-11-21 08:00:00Z: Nothing listens at http://127.0.0.1:4000.',
      'Answers are back.',
    ]);
    expect(changes).toMatchObject([{ kind: 'changed', from: 'available', to: 'denied' }]);
  });

  it('draws the matrix with what moved since it began below, and the warning above', async () => {
    const { frames } = await watched([of(nova), of(denied), down, of(denied), of(denied)], 24);
    expect(frames[0]).toEqual([
      `${nova.id} available`,
      '',
      'Nothing moved since 2026-11-21 08:00:00Z.',
      'Ctrl-C ends it.',
    ]);
    expect(frames[1]?.slice(1)).toEqual([
      '',
      '1 moved since 2026-11-21 08:00:00Z, newest first:',
      expect.stringContaining('2026-11-21 08:00:18Z ~ us-east-1  available → denied'),
      'Ctrl-C ends it.',
    ]);
    expect(frames[2]?.slice(0, 3)).toEqual([
      'STALE, last answer 10 seconds ago: Nothing listens at',
      'http://127.0.0.1:4000.',
      `${nova.id} denied`,
    ]);
    for (const line of frames.flat()) expect(line.length).toBeLessThanOrEqual(60);
  });

  it('cuts a matrix that is taller than the screen, and never what moved', async () => {
    const tall = Array.from({ length: 100 }, (_, index) =>
      anAvailabilityTarget({ region: 'us-east-1', modelId: `m-${index}` }),
    );
    const { frames } = await watched([of(...tall), of(...tall, nova), of(...tall)], 12);
    expect(frames[1]).toHaveLength(12);
    expect(frames[1]?.join('\n')).toContain('1 moved since');
    expect(frames[1]?.join('\n')).toMatch(/… 9\d more lines/);
  });

  it('ends with the first question where that has no answer, and with a programmer’s mistake', async () => {
    await expect(watched([down, of(nova)])).rejects.toBe(down);
    const mistake = new TypeError('mistake');
    await expect(watched([of(nova), mistake, of(nova)])).rejects.toBe(mistake);
  });
});
