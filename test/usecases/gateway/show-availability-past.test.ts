import { describe, expect, it } from 'vitest';
import { hoursAgo, keptAvailability, other, story } from '#test/builders/kept-availability.ts';

describe('how it was at a moment', () => {
  it('is the matrix of then, with what was said then', async () => {
    const { at } = await keptAvailability(story);
    const then = await at(hoursAgo(7));
    expect(then).toMatchObject({ asOf: hoursAgo(7), at: hoursAgo(7), stale: false, unrecorded: [] });
    expect(then.targets).toMatchObject([
      { model: 'chat-small', state: 'available', since: hoursAgo(10) },
      {
        id: other.id,
        state: 'no-agreement',
        reasons: ['agreement-not-available'],
        since: hoursAgo(8),
        hint: { who: 'account-owner' },
      },
    ]);
    expect((await at(hoursAgo(9))).targets.map(({ state }) => state)).toEqual(['available']);
    expect(await at(hoursAgo(11))).toMatchObject({ targets: [], unrecorded: [{ region: 'us-east-1' }] });
  });
});
