import { expect, it } from 'vitest';
import { describeFinding, drawChains } from '#cli/audit/draw-chain.ts';
import { plainPaint } from '#cli/terminal/paint.ts';
import { aChain, checkBuilt } from '#test/builders/a-chain.ts';

it('draws a proved chain, an empty one and a broken one, which is named below', () => {
  const whole = aChain([3, 4]);
  const cut = { ...whole, segments: whole.segments.slice(0, 1) };
  const lines = drawChains(
    [
      {
        region: 'eu-central-1',
        ...checkBuilt(whole),
        signed: { sequence: 3, at: '2026-11-21T08:30:00.000Z' },
      },
      { region: 'eu-west-1', ...checkBuilt({ segments: [], head: undefined }), signed: undefined },
      { region: 'us-east-1', ...checkBuilt(cut), signed: undefined },
    ],
    { width: 160, paint: plainPaint },
  );
  expect(lines).toEqual([
    'region        records  chain   decided                                       signed                        locked until',
    'eu-central-1        7  1 to 7  2026-11-21 08:00:00Z to 2026-11-21 08:00:00Z  1 to 3, 2026-11-21 08:30:00Z  2027-11-21 (compliance)  proved',
    'eu-west-1           0  –       –                                             –                             –                        nothing to prove',
    'us-east-1           3  1 to 3  2026-11-21 08:00:00Z to 2026-11-21 08:00:00Z  –                             2027-11-21 (compliance)  broken',
    '',
    'us-east-1: records 4 to 7: tail-missing, the head speaks of them, and no segment holds them',
  ]);
});

it('tells what is worth to know of a proved one', () => {
  const whole = aChain([3, 4]);
  const behind = checkBuilt({ segments: whole.segments, head: aChain([3]).head });
  const onTheirWay = [{ writer: 'one', from: 3, to: 4, before: '' }];
  const sealedTwice = [{ sequence: 3, id: 'a' }];
  const report = { region: 'us-east-1', ...behind, onTheirWay, sealedTwice, signed: undefined };
  expect(drawChains([report], { width: 140, paint: plainPaint }).slice(3)).toEqual([
    'us-east-1: 1 sealed twice, such as a: their message came twice',
    'us-east-1: number 3 to 4 of writer one may be on its way',
    'us-east-1: 4 after the head: a sealer was cut off, and the next one moves it',
  ]);
});

it('prints the first of many findings', () => {
  const findings = Array.from({ length: 25 }, (_, index) => ({
    ...{ kind: 'record-changed', sequence: index + 1, id: `id-${index}`, segment: 's', why: 'why' },
  })) as never;
  const report = { region: 'us-east-1', ...checkBuilt(aChain([1])), findings, signed: undefined };
  const lines = drawChains([report], { width: 140, paint: plainPaint }).slice(3);
  expect(lines).toHaveLength(21);
  expect(lines[0]).toBe('us-east-1: record 1 (id-0) in s: record-changed, why');
  expect(lines[20]).toBe('us-east-1: and 5 more, which --json tells');
});

it('describes a finding without a place', () => {
  expect(describeFinding({ kind: 'never-arrived', why: 'number 3' })).toBe('never-arrived, number 3');
});
