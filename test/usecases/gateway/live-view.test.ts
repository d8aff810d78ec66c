import fc from 'fast-check';
import { expect, it } from 'vitest';
import { liveViewOf } from '#usecases/gateway/live-view.ts';

const name = fc.constantFrom('a', 'b', 'c');
const names = fc.subarray<string>(['a', 'b', 'c']);

it('opens nothing to a tenant that is not its own, or that its key may not use', () => {
  const viewer = fc.record({
    name,
    residencies: names,
    models: fc.oneof(names, fc.constant<string[]>(['*'])),
  });
  const subject = fc.record({ tenant: name, residency: name, model: name });
  fc.assert(
    fc.property(viewer, subject, (tenant, asked) => {
      const mayUse = tenant.models.includes('*') || tenant.models.includes(asked.model);
      const isOwn = tenant.name === asked.tenant && tenant.residencies.includes(asked.residency) && mayUse;
      expect(liveViewOf({ tenant, isOperator: false }).sees(asked)).toBe(isOwn);
    }),
  );
});

it('gives one view to keys that may use the same, and another to every other, also to an operator', () => {
  const keyOf = (residencies: readonly string[], isOperator = false) =>
    liveViewOf({ tenant: { name: 'demo', residencies, models: ['*'] }, isOperator }).key;
  expect(keyOf(['us', 'eu'])).toBe(keyOf(['eu', 'us']));
  expect(new Set([keyOf(['us', 'eu']), keyOf(['us']), keyOf(['us,eu']), keyOf(['us'], true)]).size).toBe(4);
});
