import { describe, expect, it } from 'vitest';
import { drawOverrides } from '#cli/overrides/draw-overrides.ts';
import { plainPaint as paint } from '#cli/terminal/paint.ts';

const now = Date.UTC(2026, 10, 21, 7, 30);
const said = { by: 'ada', region: 'us-east-1', until: '2026-11-22T06:30:00.000Z' };
const target = '111111111111/us-east-1/amazon.nova-lite-v1:0';
const standing = {
  holds: [{ ...said, model: 'chat-small', residency: 'us', reason: 'a release' }],
  disabled: [{ ...said, target, region: 'eu-west-1', reason: 'answers slowly since noon, and badly' }],
};

describe('what operators said', () => {
  it('is one row each where ids find room', () => {
    expect(drawOverrides(standing, { now, paint, width: 160 })).toEqual([
      '          route or target                               until                 left  by   written in  reason',
      'pinned    chat-small · us                               2026-11-22 06:30:00Z  23h   ada  us-east-1   a release',
      `disabled  ${target}  2026-11-22 06:30:00Z  23h   ada  eu-west-1   answers slowly since noon, and badly`,
    ]);
  });

  it('keeps ids whole on a narrow terminal, below their row', () => {
    const lines = drawOverrides(standing, { now, paint, width: 80 });
    expect(lines).toEqual([
      '          until                 left  by   written in  reason',
      'pinned    2026-11-22 06:30:00Z  23h   ada  us-east-1   a release',
      '          chat-small · us',
      'disabled  2026-11-22 06:30:00Z  23h   ada  eu-west-1   answers slowly since',
      '                                                       noon, and badly',
      `          ${target}`,
    ]);
  });
});
