import { describe, expect, it } from 'vitest';
import { laneOfCall } from '#core/capacity/lane-of-call.ts';

describe('the lane of a call', () => {
  it('is the one it asks for, where the tenant may', () => {
    expect(laneOfCall('bulk', {})).toEqual({ kind: 'lane', lane: 'bulk' });
    expect(laneOfCall('bulk', { lanes: ['standard', 'bulk'] })).toEqual({ kind: 'lane', lane: 'bulk' });
  });

  it('is the tenant’s where it asks for none, else the highest that the tenant may have', () => {
    expect(laneOfCall(undefined, {})).toEqual({ kind: 'lane', lane: 'interactive' });
    expect(laneOfCall(undefined, { lane: 'standard' })).toEqual({ kind: 'lane', lane: 'standard' });
    expect(laneOfCall(undefined, { lanes: ['bulk', 'standard'] })).toEqual({
      kind: 'lane',
      lane: 'standard',
    });
  });

  it('rejects a word that is no lane, and a lane that is not the tenant’s', () => {
    expect(laneOfCall('Bulk', {})).toEqual({
      kind: 'unknown',
      known: ['interactive', 'standard', 'bulk'],
    });
    expect(laneOfCall('', {})).toMatchObject({ kind: 'unknown' });
    expect(laneOfCall('interactive', { lanes: ['bulk', 'standard'] })).toEqual({
      kind: 'not-allowed',
      allowed: ['standard', 'bulk'],
    });
  });
});
