import { expect, it } from 'vitest';
import { aLiveEvent, aSlowRequest } from '#test/builders/a-live-event.ts';
import { chartsOf } from '../../../console/live/charts.ts';
import {
  columns,
  LiveHistory,
  MODELS_MAX,
  SECONDS_KEPT,
  SLOW_KEPT,
} from '../../../console/live/live-history.ts';

const start = Date.UTC(2026, 10, 22, 8);
const eventAt = (second: number, changes: Parameters<typeof aLiveEvent>[0] = {}) =>
  aLiveEvent({ at: new Date(start + second * 1000).toISOString(), ...changes });

it('keeps five minutes, whatever comes: the events of twelve hours leave it as large as those of five minutes', () => {
  const history = new LiveHistory();
  const sizes = () => [
    history.times.length,
    ...columns.map((column) => history.points(column).length),
    ...history.models.map(({ p95 }) => p95.length),
    history.slow.length,
  ];
  const add = (second: number) =>
    history.add(
      eventAt(second, {
        slow: [aSlowRequest({ requestId: `r-${second}` })],
        models: [
          { model: `m-${second % 40}`, requests: 1, firstContentMs: null, totalMs: { p50: 1, p95: 2 } },
        ],
      }),
    );
  for (let second = 0; second < SECONDS_KEPT; second += 1) add(second);
  const before = sizes();
  for (let second = SECONDS_KEPT; second < 43_200; second += 1) add(second);
  expect(sizes()).toEqual(before);
  expect(history.models).toHaveLength(MODELS_MAX);
  expect(history.slow).toHaveLength(SLOW_KEPT);
  expect(history.slow[0]?.requestId).toBe('r-43199');
});

it('breaks its lines where nothing was heard, and draws once what was told twice', () => {
  const history = new LiveHistory();
  for (const second of [0, 1, 1, 10]) history.add(eventAt(second, { spilled: 2, coversMs: 2000 }));
  expect(history.points('spilled')).toEqual([1, 1, null, 1]);
  expect(history.times).toHaveLength(4);
  history.add(aLiveEvent({ at: 'no time' }));
  expect(history.times).toHaveLength(4);
});

it('gives a new model a line of its own, as long as the others, and takes back that of a silent one', () => {
  const history = new LiveHistory();
  const told = (model: string) => ({
    models: [{ model, requests: 1, firstContentMs: null, totalMs: { p50: 1, p95: 20 } }],
  });
  history.add(eventAt(0));
  history.add(eventAt(1, told('late')));
  expect(history.models).toEqual([{ model: 'late', p95: [null, 20] }]);
  for (let model = 0; model < MODELS_MAX; model += 1) history.add(eventAt(2 + model, told(`m-${model}`)));
  expect(history.models.map(({ model }) => model)).not.toContain(`m-${MODELS_MAX - 1}`);
  for (let second = 10; second < 10 + SECONDS_KEPT; second += 1) history.add(eventAt(second));
  history.add(eventAt(400, told('new')));
  expect(history.models.map(({ model }) => model)).toContain('new');
});

it('says what each line is now, with its unit, and a dash where nothing is known', () => {
  const history = new LiveHistory();
  history.add(
    eventAt(0, { tiers: { dedicated: 3, serverless: 0, baseline: 0, none: 0 }, costUsdPerHour: 12.345 }),
  );
  const shown = chartsOf(history).map(({ title, lines }) => [title, ...lines.map(({ now }) => now)]);
  expect(shown).toContainEqual(['Requests by tier', '3/s', '0/s', '0/s', '0/s']);
  expect(shown).toContainEqual(['Cost', 'USD 12.35']);
  history.add(eventAt(60));
  expect(chartsOf(new LiveHistory()).at(-1)?.lines[0]?.now).toBe('–');
});
