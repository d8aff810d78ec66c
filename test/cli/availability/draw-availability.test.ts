import { describe, expect, it } from 'vitest';
import { drawAvailability } from '#cli/availability/draw-availability.ts';
import { placesOf } from '#cli/availability/find-gaps.ts';
import { plainPaint } from '#cli/terminal/paint.ts';
import type { Availability } from '#contract/http.ts';
import { anAvailabilityTarget } from '#test/builders/availability-target.ts';

const now = Date.parse('2026-11-21T07:30:00Z');
const noAgreement = { who: 'account-owner', text: 'Accept the model agreement.' } as const;

const targets = [
  anAvailabilityTarget({ region: 'us-east-1', model: 'small' }),
  anAvailabilityTarget({
    region: 'us-east-1',
    model: 'small',
    endpoint: 'small',
    scope: 'dedicated',
    state: 'warm',
  }),
  anAvailabilityTarget({ region: 'eu-west-1', model: 'small', state: 'profile-only' }),
  anAvailabilityTarget({
    region: 'eu-west-1',
    model: 'small',
    profileId: 'eu.amazon.nova-lite-v1:0',
    scope: 'geo',
    stale: true,
  }),
  anAvailabilityTarget({
    region: 'eu-west-2',
    model: 'small',
    state: 'no-agreement',
    reasons: ['agreement-error'],
    hint: noAgreement,
  }),
  anAvailabilityTarget({ region: 'ap-south-1', modelId: 'other.model', state: 'legacy' }),
  anAvailabilityTarget({ region: 'mx-central-1', model: 'small', profileId: 'global.x', scope: 'global' }),
];

const draw = (shown: readonly Availability['targets'][number][], width = 80) =>
  drawAvailability(
    { asOf: '2026-11-21T07:29:00.000Z', stale: false, targets: [...shown] },
    { models: undefined, places: placesOf(targets), filtered: false, width, paint: plainPaint, now },
  );

describe('drawAvailability', () => {
  it('draws models by region with a legend, and tells each gap with who can repair it', () => {
    expect(draw(targets)).toEqual([
      'Availability as of 1 minute ago',
      '',
      '                        Americas  Europe    Asia Pacific',
      '                        use1 mxc1 euw1 euw2 aps1',
      'small',
      '  small (endpoint)      ▲    ·    ·    ·    ·',
      '  amazon.nova-lite-v1:0 ●    ◇    ◆?   ✗    ·',
      'also listed',
      '  other.model           ·    ·    ·    ·    ○',
      '',
      '▲ dedicated, warm   ● in the region   ◆ by a geographic profile',
      '◇ by a global profile only   ○ legacy   ✗ blocked   · not offered',
      '? after a symbol: last known, now stale',
      '',
      'The account owner can repair',
      '  no agreement (agreement-error): Accept the model agreement.',
      '    small  amazon.nova-lite-v1:0  eu-west-2',
      'Nobody can repair',
      '  not offered: AWS does not offer it there; other regions serve it.',
      '    small  amazon.nova-lite-v1:0  ap-south-1',
    ]);
  });

  it('wraps regions into blocks, so that no line is wider than the terminal', () => {
    const lines = draw(targets, 40);
    expect(lines.filter((line) => line.startsWith('  amazon.'))).toHaveLength(2);
    expect(lines.every((line) => [...line].length <= 40)).toBe(true);
  });

  it('says that the whole is stale before anything else', () => {
    const [head] = drawAvailability(
      { asOf: '2026-11-21T05:30:00.000Z', stale: true, targets },
      { models: [], places: placesOf(targets), filtered: false, width: 80, paint: plainPaint, now },
    );
    expect(head).toBe(
      'Availability as of 2 hours ago: STALE, discovery does not report; the last known state is shown.',
    );
  });

  it('keeps a configured model that nothing was observed of, in every place', () => {
    const lines = drawAvailability(
      { asOf: '2026-11-21T07:29:00.000Z', stale: false, targets: targets.slice(0, 1) },
      {
        models: [{ name: 'large', modelIds: ['big.model'], endpoints: [] }],
        places: [
          { account: '111111111111', region: 'us-east-1' },
          { account: '222222222222', region: 'us-east-1' },
        ],
        filtered: false,
        width: 80,
        paint: plainPaint,
        now,
      },
    );
    expect(lines).toContain('  big.model             ·');
    expect(lines.at(-1)).toBe('    large  big.model  us-east-1 (111111111111), us-east-1 (222222222222)');
  });

  it('marks a region whose accounts disagree', () => {
    const lines = draw([
      anAvailabilityTarget({ region: 'us-east-1', model: 'small' }),
      anAvailabilityTarget({
        region: 'us-east-1',
        model: 'small',
        account: '222222222222',
        state: 'denied',
        hint: noAgreement,
      }),
    ]);
    expect(lines).toContain('  amazon.nova-lite-v1:0 ●*   ·    ·    ·    ·');
    expect(lines).toContain('● in the region   · not offered   * accounts differ');
  });

  it('says so when nothing fits', () => {
    expect(draw([])).toEqual([
      'Availability as of 1 minute ago',
      'Nothing was observed that fits what you asked for.',
    ]);
  });
});
