import { describe, expect, it } from 'vitest';
import { drawKnown } from '#cli/explain/draw-known.ts';
import { anAvailabilityTarget } from '#test/builders/availability-target.ts';

describe('what discovery knows where nothing is lawful', () => {
  it('is told once for each name and reach, the nearest miss first', () => {
    const profile = 'eu.amazon.nova-lite-v1:0';
    const lines = drawKnown({
      known: [
        anAvailabilityTarget({
          region: 'eu-west-1',
          profileId: 'global.amazon.nova-lite-v1:0',
          reach: ['*'],
        }),
        anAvailabilityTarget({ region: 'eu-west-1', profileId: profile, reach: ['eu-west-1', 'eu-north-1'] }),
        anAvailabilityTarget({
          region: 'eu-north-1',
          profileId: profile,
          reach: ['eu-north-1', 'eu-west-1'],
        }),
        anAvailabilityTarget({
          region: 'eu-west-1',
          state: 'profile-only',
          hint: { who: 'nobody', text: 'Only a profile can be called here.' },
        }),
      ],
      residency: 'frankfurt',
      width: 80,
      paint: (_, text) => text,
    });
    expect(lines).toEqual([
      'Known, and not lawful or not callable in frankfurt',
      '  amazon.nova-lite-v1:0',
      '    profile-only: Only a profile can be called here.',
      `  ${profile}`,
      '    may reach eu-north-1, eu-west-1',
      '  global.amazon.nova-lite-v1:0',
      '    may reach every region',
    ]);
  });

  it('takes no room where nothing is known', () => {
    expect(drawKnown({ known: [], residency: 'eu', width: 80, paint: (_, text) => text })).toEqual([]);
  });
});
