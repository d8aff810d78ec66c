import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderFrom as publicOrderFrom } from '#core/index.ts';
import { distanceBetween, orderFrom } from '#core/plan/order-from.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { dedicatedTarget } from '#test/builders/model-call.ts';
import { plainTarget } from '#test/builders/routes.ts';

describe('the order from a region', () => {
  it('is part of the public contract', () => {
    expect(publicOrderFrom).toBe(orderFrom);
  });

  it('takes the own region, the own country, a shared jurisdiction, then the rest', () => {
    const targets = ['ap-northeast-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'us-east-1'].map((region) =>
      plainTarget(region),
    );
    const from = (region: string) => orderFrom(targets, region, shippedFacts).map((target) => target.region);
    expect(from('eu-central-1')).toEqual([
      'eu-central-1',
      'eu-west-1',
      'ap-northeast-1',
      'us-west-2',
      'us-east-1',
    ]);
    expect(from('us-east-1')[0]).toBe('us-east-1');
    expect(from('us-east-1')[1]).toBe('us-west-2');
  });

  it('prefers the own geographic profile to a far plain id, and both to a global profile', () => {
    const near = plainTarget('eu-central-1', { profileId: 'eu.x', scope: 'geo' });
    const global = plainTarget('eu-central-1', { profileId: 'global.x', scope: 'global' });
    const far = plainTarget('us-east-1');
    expect(orderFrom([far, near, global], 'eu-central-1', shippedFacts)).toEqual([near, far, global]);
    expect(orderFrom([far, near, global], 'us-east-1', shippedFacts)).toEqual([far, near, global]);
  });

  it('never lets nearness overrule tier, candidate position or warmth', () => {
    const warm = dedicatedTarget({ id: 'warm', region: 'ap-northeast-1' });
    const cold = dedicatedTarget({ id: 'cold', region: 'eu-central-1', state: 'cold' });
    const first = plainTarget('us-east-1', { position: 0 });
    const second = plainTarget('eu-central-1', { position: 1 });
    expect(orderFrom([warm, cold, first, second], 'eu-central-1', shippedFacts)).toEqual([
      warm,
      cold,
      first,
      second,
    ]);
  });

  it('goes by the area of the code where no geography is known', () => {
    expect(distanceBetween('eu-west-1', 'eu-north-1')).toBe(2);
    expect(distanceBetween('eu-west-1', 'us-east-1')).toBe(3);
    expect(distanceBetween('xx-north-9', 'xx-north-9')).toBe(0);
    expect(distanceBetween('xx-north-9', 'us-east-1', shippedFacts)).toBe(3);
  });

  it('loses, adds and changes nothing, and keeps the published order among equals', () => {
    const regions = fc.constantFrom('us-east-1', 'us-west-2', 'eu-central-1', 'eu-west-2', 'ap-northeast-1');
    const scopes = fc.constantFrom('in-region', 'geo', 'global');
    const target = fc.record({ region: regions, scope: scopes, position: fc.nat(2) } as const);
    fc.assert(
      fc.property(fc.array(target, { maxLength: 12 }), regions, (rows, from) => {
        const targets = rows.map((row, index) => plainTarget(row.region, { ...row, id: `t${index}` }));
        const before = structuredClone(targets);
        const ordered = orderFrom(targets, from, shippedFacts);
        expect(targets).toEqual(before);
        expect([...ordered].map((each) => each.id).sort()).toEqual(targets.map((each) => each.id).sort());
        expect(orderFrom(ordered, from, shippedFacts)).toEqual(ordered);
        const positions = ordered.map((each) => each.position);
        expect(positions).toEqual([...positions].sort());
      }),
    );
  });
});
