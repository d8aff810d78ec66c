import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decide } from '#core/decide/decide.ts';
import { believeHealth } from '#core/health/believe-health.ts';
import { nothingShared } from '#core/health/shared-health.ts';
import { stepHealth } from '#core/health/step-health.ts';
import { type TargetHealth, unknownHealth } from '#core/health/target-health.ts';
import { aQuestion, noConditions, usPolicy } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

const at = 1_000_000;
const inside = [aTarget(), aTarget({ region: 'us-west-2' }), aTarget({ region: 'us-east-2' })];
const outside = aTarget({ region: 'eu-central-1' });
const all = [...inside, outside];

const instant = fc.nat({ max: 20_000 }).map((ms) => at - 10_000 + ms);
const standing = fc.record(
  {
    episode: instant,
    phase: fc.constantFrom('ejected' as const, 'returning' as const),
    at: instant,
    until: instant,
    ejections: fc.integer({ min: 1, max: 20 }),
    by: fc.constantFrom('p1', 'p2'),
    probe: fc.record({ by: fc.constantFrom('p1', 'p2'), at: instant, open: fc.boolean() }),
  },
  { requiredKeys: ['episode', 'phase', 'at', 'until', 'ejections', 'by'] },
);
const own = fc.constantFrom(
  unknownHealth,
  stepHealth(unknownHealth, { kind: 'failed', at: at - 1, severity: 'fatal' }),
  stepHealth(unknownHealth, { kind: 'failed', at: at - 9000, severity: 'fatal' }),
);
const believed = fc
  .tuple(own, fc.option(standing, { nil: undefined }))
  .map(
    ([health, told]): TargetHealth =>
      told === undefined
        ? health
        : believeHealth(health, { ...nothingShared, standing: told }, { self: 'p1', at }),
  );

it('whatever others tell, health removes no last lawful target and makes no unlawful one lawful', () => {
  const states = fc.array(believed, { minLength: all.length, maxLength: all.length });
  fc.assert(
    fc.property(states, states, fc.boolean(), fc.string(), (told, forOrigin, isBlamed, requestId) => {
      const health = new Map(all.map(({ id }, index) => [id, told[index] ?? unknownHealth]));
      const blamed = new Map(
        all.map(({ id }, index) => [id, new Map([['poison', forOrigin[index] ?? unknownHealth]])]),
      );
      const conditions = { ...noConditions, health, ...(isBlamed ? { blamed } : {}) };
      const origin = isBlamed ? 'poison' : undefined;
      const asked = aQuestion({ policy: usPolicy, targets: all, at, requestId, conditions, origin });
      const decision = decide(asked);
      expect(decision.kind).toBe('routed');
      const plan = decision.kind === 'routed' ? decision.plan.map(({ target }) => target.id) : [];
      expect(plan.length).toBeGreaterThan(0);
      expect(plan).not.toContain(outside.id);
      const alone = decide({ ...asked, targets: [outside] });
      expect(alone).toMatchObject({ kind: 'rejected', code: 'no_lawful_target' });
    }),
  );
});
