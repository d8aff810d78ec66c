import { describe, expect, it } from 'vitest';
import type { Explanation } from '#contract/http.ts';
import { readFlow, rejectionOf } from '../../../console/routes/read-decision.ts';

const explanation = (changes: Partial<Explanation> = {}): Explanation => ({
  decision: 'routed',
  residency: 'eu',
  from: 'eu-central-1',
  plan: ['a', 'b'],
  removed: [],
  scored: [],
  route: { model: 'chat-small', residency: 'eu', version: 1, source: 'table' },
  at: '2026-11-21T07:30:00.000Z',
  ...changes,
});

describe('a decision as a picture', () => {
  it('lets candidates fall in the order of the filters, for each reason, and counts who is left', () => {
    const flow = readFlow(
      explanation({
        removed: [
          {
            target: 'e',
            by: 'health',
            code: 'ejected',
            ejection: {
              of: 'region',
              foundBy: 'another-process',
              phase: 'ejected',
              until: '2026-11-21T07:31:00.000Z',
            },
          },
          { target: 'd', by: 'residency', code: 'residency-forbidden' },
          { target: 'c', by: 'residency', code: 'residency-forbidden' },
          { target: 'f', by: 'capability', code: 'capability-missing', missing: ['tools', 'images'] },
        ],
      }),
    );
    expect([flow.candidates, flow.left]).toEqual([6, 2]);
    expect(flow.steps.map((step) => [step.kind, step.before, step.after])).toEqual([
      ['filter', 6, 4],
      ['passed', 4, 4],
      ['filter', 4, 3],
      ['passed', 3, 3],
      ['filter', 3, 2],
    ]);
    const filters = flow.steps.flatMap((step) => (step.kind === 'filter' ? [step] : []));
    expect(filters.map(({ title, falls }) => [title, falls])).toMatchObject([
      [
        'Residency',
        [{ said: 'its reach leaves the residency', fallen: [{ target: 'c', more: '' }, { target: 'd' }] }],
      ],
      ['Capability', [{ fallen: [{ target: 'f', more: 'it lacks tools, images' }] }]],
      [
        'Health',
        [
          {
            fallen: [{ target: 'e', more: 'its whole region, until 07:31:00 UTC, told by another process' }],
          },
        ],
      ],
    ]);
  });

  it('tells a target once: a twin of one that stays does not fall, and two words of one are one fall', () => {
    const flow = readFlow(
      explanation({
        removed: [
          { target: 'a', by: 'capacity', code: 'no-capacity' },
          { target: 'c', by: 'health', code: 'ejected' },
          { target: 'c', by: 'state', code: 'state-unusable' },
        ],
      }),
    );
    expect([flow.candidates, flow.left]).toEqual([3, 2]);
    expect(flow.steps.flatMap((step) => (step.kind === 'filter' ? [step.name] : []))).toEqual(['state']);
  });

  it('shows filters and codes of a newer gateway as they are, last', () => {
    const removed = [{ target: 'c', by: 'moon', code: 'new-moon' }] as unknown as Explanation['removed'];
    const flow = readFlow(explanation({ removed }));
    expect(flow.steps.at(-1)).toMatchObject({ title: 'moon', falls: [{ said: 'new-moon' }] });
  });

  it('of nothing is an empty one', () => {
    expect(readFlow(explanation({ decision: 'rejected', plan: [] }))).toMatchObject({
      candidates: 0,
      left: 0,
    });
  });
});

describe('a rejection', () => {
  it('says why and what would help, whatever its code', () => {
    expect(rejectionOf(explanation())).toBeUndefined();
    const rejected = (code?: string) =>
      rejectionOf(explanation({ decision: 'rejected', ...(code === undefined ? {} : { code }) }));
    expect(rejected('no_lawful_target')?.helps).toMatch(/^Take a wider residency/);
    expect(rejected('from_the_moon')).toEqual({ said: 'it is refused with from_the_moon', helps: '' });
    expect(rejected()?.said).toBe('it is refused with no reason given');
  });
});
