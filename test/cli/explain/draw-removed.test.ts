import { expect, it } from 'vitest';
import { drawRemoved } from '#cli/explain/draw-removed.ts';
import type { Explanation } from '#contract/http.ts';

const until = '2026-11-21T07:30:05.000Z';
const nova = (region: string) => `111111111111/${region}/amazon.nova-lite-v1:0`;
const draw = (removed: Explanation['removed']) =>
  drawRemoved({
    explanation: {
      decision: 'routed',
      residency: 'us',
      from: 'us-east-1',
      plan: [],
      removed,
      scored: [],
      route: { model: 'chat-small', residency: 'us', version: 1, source: 'table' },
      at: '2026-11-21T07:30:00.000Z',
    },
    width: 120,
    paint: (_, text) => text,
  });

it('tells of an ejection until when it lasts, and who found out', () => {
  const ejected = { by: 'health', code: 'ejected' } as const;
  expect(
    draw([
      {
        ...ejected,
        target: nova('us-east-1'),
        ejection: { of: 'target', foundBy: 'another-process', phase: 'ejected', until },
      },
      {
        ...ejected,
        target: nova('us-west-2'),
        ejection: { of: 'such-requests', foundBy: 'this-process', phase: 'half-open' },
      },
    ]),
  ).toEqual([
    'Removed',
    '  2 ejected: it failed too often and rests',
    '    amazon.nova-lite-v1:0 in us-east-1 (for everybody, until 07:30:05 UTC, told by another process), us-west-2 (for such',
    '    requests, being tried, seen by this process)',
  ]);
});

const full = { by: 'capacity', code: 'no-capacity' } as const;

it('tells a quota that throttled from one without room, and both from an endpoint that sleeps', () => {
  const lines = draw([
    { ...full, target: nova('us-east-1'), pressure: { lacks: 'quota', throttled: true, until } },
    { ...full, target: nova('us-west-2'), pressure: { lacks: 'quota', throttled: false, until } },
    { ...full, target: nova('us-east-2'), pressure: { lacks: 'copies', until } },
  ]);
  expect(
    lines
      .slice(2)
      .map((line) => line.trim())
      .join(' '),
  ).toBe(
    'amazon.nova-lite-v1:0 in us-east-1 (its quota was throttled and rests, until 07:30:05 UTC), us-west-2 (its quota has no room for this call, until 07:30:05 UTC), us-east-2 (it sleeps without a copy and is being woken, until 07:30:05 UTC)',
  );
});

it('tells that calls go on at once, and that memory is reserved', () => {
  expect(
    draw([
      { ...full, target: nova('us-east-1'), pressure: { lacks: 'memory', waitMsMax: 0 } },
      { ...full, target: nova('us-west-2'), pressure: { lacks: 'slots', waitMsMax: 0, until } },
    ])
      .slice(2)
      .map((line) => line.trim())
      .join(' '),
  ).toBe(
    'amazon.nova-lite-v1:0 in us-east-1 (its memory is reserved by calls under way, a call goes on at once), us-west-2 (its slots are taken, a call goes on at once, until 07:30:05 UTC)',
  );
});

it('tells what a target lacks', () => {
  expect(
    draw([
      { ...full, target: nova('us-east-1'), pressure: { lacks: 'quota', until } },
      { ...full, target: nova('us-west-2'), pressure: { lacks: 'slots' } },
    ]).at(-1),
  ).toBe(
    '    amazon.nova-lite-v1:0 in us-east-1 (its quota rests, until 07:30:05 UTC), us-west-2 (its slots are taken)',
  );
  const numbers = { neededTokens: 9_100, heldTokens: 8_000 };
  expect(
    draw([
      { ...full, target: nova('us-east-1'), pressure: { lacks: 'slots', waitMsMax: 500 } },
      { ...full, target: nova('us-west-2'), pressure: { lacks: 'memory', ...numbers } },
    ]).slice(-2),
  ).toEqual([
    '    amazon.nova-lite-v1:0 in us-east-1 (its slots are taken, waited for up to 500 ms), us-west-2 (it takes 9100 tokens',
    '    of memory, and there are 8000)',
  ]);
});
