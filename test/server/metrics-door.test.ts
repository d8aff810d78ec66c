import { expect, it, onTestFinished } from 'vitest';
import { openMetricsDoor } from '#server/metrics-door.ts';

it('shows metrics to whoever asks on loopback, and nothing else', async () => {
  const defects: unknown[] = [];
  let text = async () => 'spillway_Requests_total 1\n';
  const onDefect = (error: unknown) => void defects.push(error);
  const door = await openMetricsDoor({ text: () => text(), port: 0, onDefect });
  onTestFinished(() => door.close());
  expect(door.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const answer = await fetch(`${door.url}/metrics?format=text`);
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
    'spillway_Requests_total 1\n',
  ]);
  expect((await fetch(`${door.url}/`)).status).toBe(404);
  const posted = await fetch(`${door.url}/metrics`, { method: 'POST', body: 'x' });
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET']);
  text = () => Promise.reject(new Error('no metrics'));
  expect((await fetch(`${door.url}/metrics`)).status).toBe(500);
  expect(defects).toHaveLength(1);
});
