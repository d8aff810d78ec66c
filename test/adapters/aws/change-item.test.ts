import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packHistory, unpackHistory } from '#adapters/aws/change-item.ts';
import { plainObservation } from '#test/builders/routes.ts';

const place = { account: '111111111111', region: 'us-east-1' };

describe('a packed history', () => {
  const last = plainObservation('us-east-1', { since: 5, observedAt: 5 });
  const known = { from: 'available', fromReasons: [], fromSince: 5 } as const;
  const left = { target: last.id, ...known, to: undefined, reasons: [], at: 6, last };

  it('comes back as it was, and takes no room where there is nothing', () => {
    const history = { from: 3, latest: [left] };
    expect(unpackHistory(packHistory(history), place)).toEqual(history);
    expect(packHistory({ from: 3, latest: [] })).toEqual({ historyFrom: 3 });
    expect(unpackHistory({}, place)).toBe(undefined);
  });

  it.each([
    ['not gzip', new Uint8Array([1, 2, 3])],
    ['not ours', gzipSync('[{"target":"a","to":"new-state","reasons":[],"at":1}]')],
    ['of another target', gzipSync(JSON.stringify([{ ...left, target: 'another' }]))],
  ])('that is %s is none: the past is not known then', (_name, latest) => {
    expect(unpackHistory({ historyFrom: 3, latest }, place)).toBe(undefined);
  });
});
