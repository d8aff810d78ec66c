/** The whole bulk lane under crashes, faults and messages that come twice: one result for each line, in order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aBatchRegion, chatLinesNamed } from '#test/builders/a-batch-region.ts';

const linesInFlight = 4;
const messagesMax = 2;

const trouble = fc.record({
  cutAt: fc.integer({ min: 1, max: 160 }),
  failsBefore: fc.constantFrom(0, 0, 0.05),
  failsAfter: fc.constantFrom(0, 0, 0.05),
  sendsTwice: fc.constantFrom(0, 0.3),
});

describe('the dispatcher', () => {
  it('gives every line one result in the order of the file, wherever it dies', async () => {
    let repeated = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }),
        fc.array(trouble, { maxLength: 5 }),
        fc.nat(),
        async (count, troubles, seed) => {
          const region = aBatchRegion({ linesInFlight, seed });
          const batch = await region.start(chatLinesNamed(count));
          for (const each of troubles) {
            const dispatcher = region.dispatch(each);
            const limit = region.clock.sleep(20_000);
            await Promise.race([dispatcher.died, limit]);
            await Promise.race([dispatcher.stop(), region.clock.sleep(120_000)]);
          }
          const last = region.dispatch();
          const ended = await region.end(batch);
          await last.stop();
          const { output, errors } = await region.output(ended);
          expect(ended.state).toBe('completed');
          expect(errors).toEqual([]);
          expect(output.map(({ custom_id }) => custom_id)).toEqual(
            Array.from({ length: count }, (_, index) => `line-${index}`),
          );
          for (const { custom_id, response } of output)
            expect(response?.body).toEqual({ answerTo: custom_id });
          const twice = [...region.timesOf.values()].reduce((sum, times) => sum + times - 1, 0);
          expect(twice).toBeLessThanOrEqual(ended.tally?.repeatedCalls ?? 0);
          repeated += twice;
          if (troubles.every(({ failsBefore, failsAfter }) => failsBefore + failsAfter === 0)) {
            const underWay = troubles.length * messagesMax * linesInFlight;
            expect(ended.tally?.repeatedCalls).toBeLessThanOrEqual(underWay);
          }
        },
      ),
      { numRuns: 30 },
    );
    // It does not pass by never dying in the middle of a call.
    expect(repeated).toBeGreaterThan(20);
  });

  it('goes on after queues that cannot be reached, and tells so', async () => {
    const region = aBatchRegion();
    const batch = await region.start(chatLinesNamed(3));
    const blind = region.dispatch({ failsBefore: 1 });
    await region.clock.sleep(5_000);
    await blind.stop();
    expect(region.lines.some(({ event }) => event === 'receive-failed')).toBe(true);
    const seeing = region.dispatch();
    expect((await region.end(batch)).state).toBe('completed');
    await seeing.stop();
  });
});
