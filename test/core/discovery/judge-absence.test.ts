import { describe, expect, it } from 'vitest';
import { type Absence, judgeAbsence } from '#core/discovery/judge-absence.ts';
import { plainObservation } from '#test/builders/routes.ts';

const at = Date.UTC(2026, 7, 21);
const absence = (changes: Partial<Absence> = {}): Absence => ({
  previous: plainObservation('us-east-1', { since: 5 }),
  access: { kind: 'unchecked' },
  nowTime: '2026-08-21T00:00:00.000Z',
  at,
  availabilitySpeaks: true,
  ...changes,
});

describe('an absence', () => {
  it('keeps the last known state twice and ends with the third good list', () => {
    let previous = plainObservation('us-east-1');
    const seen: unknown[] = [];
    for (let list = 1; list <= 3; list += 1) {
      const next = judgeAbsence(absence({ previous }));
      if (next === undefined) throw new Error('it must stay visible');
      seen.push([next.state, next.stale, next.reasons, next.goneEvidence]);
      previous = next;
    }
    expect(seen).toEqual([
      ['available', true, ['absent-1-of-3'], undefined],
      ['available', true, ['absent-2-of-3'], undefined],
      ['not-offered', false, ['three-lists'], 'three-lists'],
    ]);
  });

  it('is a withdrawal at once where availability says the same', () => {
    const access = { kind: 'blocked', state: 'not-offered', reasons: [], gone: true } as const;
    expect(judgeAbsence(absence({ access }))).toMatchObject({
      state: 'not-offered',
      goneEvidence: 'availability-not-available',
      since: at,
    });
  });

  it('is a withdrawal at once after the end of life, to the millisecond', () => {
    const ending = (endOfLifeTime: string) =>
      judgeAbsence(absence({ previous: plainObservation('us-east-1', { endOfLifeTime }) }))?.goneEvidence;
    expect(ending('2026-08-21T00:00:00.000Z')).toBe('end-of-life-passed');
    expect(ending('2026-08-21T00:00:00.001Z')).toBeUndefined();
  });

  it('removes nothing, ever, while availability says the opposite of this very target', () => {
    let previous = plainObservation('us-east-1');
    for (let list = 0; list < 10; list += 1)
      previous = judgeAbsence(absence({ previous, access: { kind: 'usable' } })) ?? previous;
    expect(previous).toMatchObject({
      state: 'available',
      stale: true,
      reasons: ['absent-but-available'],
      absentLists: 3,
    });
  });

  it('is not contradicted for a profile by the availability of its model', () => {
    const previous = plainObservation('us-east-1', { absentLists: 2 });
    expect(
      judgeAbsence(absence({ previous, access: { kind: 'usable' }, availabilitySpeaks: false }))
        ?.goneEvidence,
    ).toBe('three-lists');
  });

  it('stays as it is once it is known, and is forgotten after a week', () => {
    const previous = plainObservation('us-east-1', {
      state: 'not-offered',
      goneEvidence: 'operator',
      since: at,
    });
    expect(judgeAbsence(absence({ previous }))).toBe(previous);
    expect(judgeAbsence(absence({ previous, at: at + 7 * 86_400_000 }))).toBe(previous);
    expect(judgeAbsence(absence({ previous, at: at + 7 * 86_400_000 + 1 }))).toBeUndefined();
  });
});
