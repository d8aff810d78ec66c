import { describe, expect, it } from 'vitest';
import { judgeAccess, lastingReasons, stateOfListed } from '#core/discovery/access.ts';
import { answered, failed, good } from '#test/builders/region-run.ts';
import { plainObservation } from '#test/builders/routes.ts';

describe('access', () => {
  it.each([
    [{}, 'usable', undefined],
    [{ region: 'NOT_AVAILABLE', authorization: 'NOT_AUTHORIZED' }, 'blocked', 'not-offered'],
    [{ authorization: 'NOT_AUTHORIZED', agreement: 'NOT_AVAILABLE' }, 'blocked', 'not-authorized'],
    [{ agreement: 'PENDING', entitlement: 'NOT_AVAILABLE' }, 'blocked', 'no-agreement'],
    [{ agreement: 'ERROR' }, 'blocked', 'no-agreement'],
    [{ entitlement: 'NOT_AVAILABLE' }, 'blocked', 'not-entitled'],
    [{ region: 'SOMETHING_NEW' }, 'blocked', 'not-offered'],
  ])('reads %j as %s %s', (change, kind, state) => {
    const access = judgeAccess(true, answered({ ...good, ...change }));
    expect(access.kind).toBe(kind);
    if (access.kind === 'blocked') expect(access.state).toBe(state);
  });

  it('names every field that is not fine', () => {
    const access = judgeAccess(
      true,
      answered({ ...good, agreement: 'PENDING', entitlement: 'NOT_AVAILABLE' }),
    );
    expect(access).toMatchObject({ reasons: ['agreement-pending', 'entitlement-not-available'] });
  });

  it('takes a 404 as the second sign of a withdrawal', () => {
    expect(judgeAccess(true, answered(undefined))).toMatchObject({ state: 'not-offered', gone: true });
  });

  it('tells an unasked question from a failed one and from a model that nobody tracks', () => {
    expect(judgeAccess(false, answered(good)).kind).toBe('unchecked');
    expect(judgeAccess(true, undefined).kind).toBe('not-asked');
    expect(judgeAccess(true, failed()).kind).toBe('failed');
  });
});

describe('the state of a listed target', () => {
  const state = (
    access: Parameters<typeof stateOfListed>[0]['access'],
    previous?: object,
    lifecycle = 'ACTIVE',
  ) =>
    stateOfListed({
      access,
      lifecycle,
      previous: previous === undefined ? undefined : plainObservation('us-east-1', previous),
    });

  it('is legacy where the lifecycle says so, and available for a lifecycle that nobody knows', () => {
    expect(state({ kind: 'usable' }, undefined, 'LEGACY').state).toBe('legacy');
    expect(state({ kind: 'usable' }, undefined, 'SUNSET').state).toBe('available');
  });

  it('carries what an earlier run found over a failed check, stale', () => {
    expect(state({ kind: 'failed' }, { state: 'available' })).toEqual({
      state: 'available',
      reasons: ['availability-failed'],
      stale: true,
    });
    expect(
      state(
        { kind: 'failed' },
        { state: 'not-authorized', reasons: ['authorization-not-authorized', 'availability-failed'] },
      ),
    ).toEqual({
      state: 'not-authorized',
      reasons: ['authorization-not-authorized', 'availability-failed'],
      stale: true,
    });
  });

  it('is unknown when no run ever checked it', () => {
    expect(state({ kind: 'failed' }).state).toBe('unknown');
    expect(state({ kind: 'not-asked' }).state).toBe('unknown');
    expect(state({ kind: 'failed' }, { state: 'available', reasons: ['access-not-checked'] }).state).toBe(
      'unknown',
    );
    expect(state({ kind: 'not-asked' }, { state: 'not-offered', goneEvidence: 'three-lists' }).state).toBe(
      'unknown',
    );
  });

  it('keeps a state that was not asked about as fresh as it was', () => {
    expect(state({ kind: 'not-asked' }, { state: 'available' })).toEqual({
      state: 'available',
      reasons: [],
      stale: false,
    });
  });
});

it('reasons of a run do not last; reasons of access do', () => {
  const reasons = [
    'agreement-pending',
    'list-failed',
    'absent-1-of-3',
    'endpoint-failed',
    'access-not-checked',
  ];
  expect(lastingReasons(plainObservation('us-east-1', { reasons }))).toEqual([
    'agreement-pending',
    'access-not-checked',
  ]);
});
