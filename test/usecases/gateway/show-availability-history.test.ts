import { describe, expect, it } from 'vitest';
import { aGateway } from '#test/builders/a-gateway.ts';
import { hoursAgo, keptAvailability, story } from '#test/builders/kept-availability.ts';

describe('a question about the past', () => {
  it.each([
    ['since=yesterday&limit=0', ['since must be a time', '"yesterday"', 'limit must be', 'not "0"']],
    [`since=${hoursAgo(1)}&until=${hoursAgo(2)}`, ['since must be before until']],
    [`since=${hoursAgo(-1)}`, ['since must be before until']],
    ['until=2026-02-30', ['until must be a time', '2026-02-30']],
  ])('refuses %s and says what is right', async (query, words) => {
    const { get } = await keptAvailability([]);
    const answer = await get(`/spillway/v1/availability/changes?${query}`);
    expect(answer.status).toBe(400);
    const text = await answer.text();
    for (const word of words) expect(text).toContain(word.replaceAll('"', '\\"'));
  });

  it('is 404 for a model that is none, and 503 while a log cannot be read', async () => {
    const made = await keptAvailability(story);
    expect((await made.get('/spillway/v1/availability/changes?model=nobody')).status).toBe(404);
    const broken = aGateway({
      overrides: {
        observations: made.observations,
        changes: { load: () => Promise.reject(new Error('down')) },
      },
    });
    expect((await broken.get('/spillway/v1/availability/changes')).status).toBe(503);
    expect((await broken.get(`/spillway/v1/availability?at=${hoursAgo(1)}`)).status).toBe(503);
  });

  it.each(['2026-11-21T07:00:00', 'now', hoursAgo(-1)])('refuses %s', async (moment) => {
    const { get } = await keptAvailability([]);
    const answer = await get(`/spillway/v1/availability?at=${encodeURIComponent(moment)}`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('at must be a past time in ISO 8601');
  });
});
