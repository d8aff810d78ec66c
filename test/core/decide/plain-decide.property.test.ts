/** What is prepared once for many requests must change no answer: against the decision made the plain way. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decide } from '#core/decide/decide.ts';
import { someQuestion } from '#test/builders/decision-questions.ts';
import { decidePlainly, shown } from '#test/builders/plain-decide.ts';

const DECISIONS = 6_000;

/** Each must have been met, or nothing was shown of it. */
const outcomesWanted: readonly string[] = [
  ...['routed', 'wakes', 'dropped'],
  ...[
    'native',
    'native tool-closed',
    'tool',
    'tool native-closed',
    'tool native-refused',
    'tool schema-compiling',
  ],
  ...['no_lawful_target', 'model_not_allowed', 'invalid_request', 'budget_exhausted', 'capacity_exhausted'],
  ...['not_ready', 'request_too_large', 'deadline_exceeded', 'upstream_failed'],
  ...[
    'residency-forbidden',
    'retention-forbidden',
    'tenant-forbidden',
    'capability-missing',
    'context-too-long',
  ],
  ...['state-unusable', 'operator-disabled', 'ejected', 'no-capacity', 'budget-exhausted', 'price-unknown'],
  'deadline-too-short',
];

it(`answers as the plain way does, with the same plan and the same trail: ${DECISIONS} decisions`, () => {
  const count = new Map<string, number>();
  fc.assert(
    fc.property(someQuestion, (asked) => {
      const decision = decide(asked);
      expect(shown(decision)).toStrictEqual(shown(decidePlainly(asked)));
      const outcomes = [
        decision.kind === 'routed' ? 'routed' : decision.code,
        ...decision.trail.removed.map(({ code }) => code),
        ...(decision.wakeUps.length > 0 ? ['wakes'] : []),
        ...(decision.trail.dropped === undefined ? [] : ['dropped']),
        ...(decision.trail.jsonBy ?? []).map(({ way, because }) =>
          because === undefined ? way : `${way} ${because}`,
        ),
      ];
      for (const outcome of outcomes) count.set(outcome, (count.get(outcome) ?? 0) + 1);
    }),
    { numRuns: DECISIONS, seed: 20_261_121 },
  );
  expect(outcomesWanted.filter((outcome) => !count.has(outcome))).toEqual([]);
  expect(count.get('routed')).toBeGreaterThan(DECISIONS / 4);
}, 60_000);

it('opens no target and hides none where nobody could read the route: only "none is lawful" becomes "not known"', () => {
  const codes = new Map<string, number>();
  fc.assert(
    fc.property(someQuestion, (asked) => {
      const [known, unknown] = [false, true].map((routeUnknown) => shown(decide({ ...asked, routeUnknown })));
      const codeOf = (one: typeof known) => (one !== undefined && 'code' in one ? one.code : 'routed');
      const pair = `${codeOf(known)} ${codeOf(unknown)}`;
      codes.set(pair, (codes.get(pair) ?? 0) + 1);
      expect(unknown).toStrictEqual(
        codeOf(unknown) === 'not_ready' ? { ...known, code: 'not_ready' } : known,
      );
    }),
    { numRuns: 2_000, seed: 20_261_122 },
  );
  const changed = [...codes.keys()].filter((pair) => pair.split(' ')[0] !== pair.split(' ')[1]);
  expect(changed).toEqual(['no_lawful_target not_ready']);
  // A guardrail reads anywhere, and a gateway outside reads nothing: no route could help.
  expect(codes.get('no_lawful_target no_lawful_target')).toBeGreaterThan(0);
});
