import { describe, expect, it } from 'vitest';
import { acmeConfig } from '#test/builders/configs.ts';
import { hoursAgo, keptAvailability, nova, type Run, story } from '#test/builders/kept-availability.ts';

describe('the past of another tenant’s models', () => {
  const tenant = {
    name: 'narrow',
    residencies: ['eu'],
    defaultResidency: 'eu',
    models: ['chat-small'],
  };

  it('is not told, not even that a place has one', async () => {
    const runs: readonly Run[] = [
      ...story,
      { ago: 9, region: 'eu-west-1', account: '222222222222', targets: [nova] },
      { ago: 3, region: 'eu-west-1', account: '222222222222', targets: [{ ...nova, state: 'legacy' }] },
    ];
    const config = acmeConfig();
    const overrides = { tenants: { identify: async () => tenant } };
    const { changesOf, at } = await keptAvailability(runs, { config, overrides });
    const told = await changesOf(`since=${hoursAgo(48)}`);
    expect(told.changes.map(({ region }) => region)).toEqual(['eu-west-1']);
    expect(told.counts).toEqual({ appeared: 0, left: 0, changed: 1, returned: 0, lost: 0 });
    expect(told.unrecorded.map(({ region }) => region)).toEqual(['eu-west-1']);
    expect((await at(hoursAgo(7))).targets.map(({ region }) => region)).toEqual(['eu-west-1']);
    expect((await changesOf('model=someone.else-v1:0')).changes).toEqual([]);
  });
});
