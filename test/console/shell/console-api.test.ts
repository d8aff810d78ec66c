import { describe, expect, it } from 'vitest';
import type { ApiProblem } from '../../../console/shell/api-problem.ts';
import { createConsoleApi } from '../../../console/shell/console-api.ts';

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

function world(answers: readonly (() => Response)[]) {
  const sent: Sent[] = [];
  const pauses: number[] = [];
  let unauthorized = 0;
  const left = [...answers];
  const api = createConsoleApi({
    credential: 'sk-one',
    base: 'https://door.test/live/console#/availability',
    fetch: async (input, init = {}) => {
      sent.push({ url: String(input), init });
      const answer = left.shift();
      if (answer === undefined) throw new TypeError('nobody listens');
      return answer();
    },
    later: (run, milliseconds) => {
      pauses.push(milliseconds);
      // As many tries as there are answers, and one more.
      if (sent.length <= answers.length) queueMicrotask(run);
    },
    onUnauthorized: () => {
      unauthorized += 1;
    },
  });
  return { api, sent, pauses, unauthorized: () => unauthorized };
}

const headerOf = ({ init }: Sent, name: string) => (init.headers as Record<string, string>)[name];

const problemOf = (asked: Promise<unknown>): Promise<ApiProblem> =>
  asked.then(
    () => expect.unreachable(),
    (error: ApiProblem) => error,
  );

describe('what pages ask the gateway', () => {
  it('goes to the page’s own door, whatever stands before our paths, with the viewer’s key', async () => {
    const { api, sent } = world([() => Response.json({ ok: 1 }), () => Response.json({ ok: 2 })]);
    expect(await api.getJson('/spillway/v1/availability?model=a')).toEqual({ ok: 1 });
    expect(await api.withCredential('operator').postJson('/spillway/v1/explain', { model: 'a' })).toEqual({
      ok: 2,
    });
    expect(sent.map(({ url }) => url)).toEqual([
      'https://door.test/live/spillway/v1/availability?model=a',
      'https://door.test/live/spillway/v1/explain',
    ]);
    expect(sent.map((one) => headerOf(one, 'authorization'))).toEqual(['Bearer sk-one', 'Bearer operator']);
    expect(sent[1]?.init.body).toBe('{"model":"a"}');
  });

  it('fails in the gateway’s own words, and a key that is not taken is told', async () => {
    const refused = { error: { code: 'invalid_api_key', message: 'No such key.' } };
    const { api, unauthorized } = world([
      () => Response.json(refused, { status: 401 }),
      () => new Response('<html>', { status: 502 }),
      () => new Response('{"cut', { status: 200 }),
    ]);
    const ask = () => problemOf(api.getJson('/a'));
    expect(await ask()).toMatchObject({ status: 401, code: 'invalid_api_key', message: 'No such key.' });
    expect(unauthorized()).toBe(1);
    expect(await ask()).toMatchObject({ status: 502, code: 'http_502' });
    expect(await ask()).toMatchObject({ code: 'no_json' });
    expect(await ask()).toMatchObject({ status: 0, code: 'unreachable' });
  });
});

describe('an answer that has a tag', () => {
  const tagged = (body: object) => Response.json(body, { headers: { etag: 'W/"one"' } });
  const nothingMoved = () =>
    new Response(null, { status: 304, headers: { 'x-spillway-as-of': '2026-11-21T08:01:00Z' } });

  it('is kept, and only its time is new where nothing moved', async () => {
    const { api, sent } = world([
      () => tagged({ asOf: '2026-11-21T08:00:00Z', places: [1] }),
      nothingMoved,
      () => tagged({ asOf: '2026-11-21T08:02:00Z', places: [2] }),
    ]);
    const ask = () => api.getJson<{ asOf: string; places: readonly number[] }>('/a');
    const [first, second, third] = [await ask(), await ask(), await ask()];
    expect(second).toEqual({ asOf: '2026-11-21T08:01:00Z', places: [1] });
    expect(second.places).toBe(first.places);
    expect(third.places).toEqual([2]);
    expect(sent.map((one) => headerOf(one, 'if-none-match'))).toEqual([undefined, 'W/"one"', 'W/"one"']);
  });
});

describe('events', () => {
  const listened = async (answers: readonly (() => Response)[]) => {
    const made = world(answers);
    const told: string[] = [];
    const ended = Promise.withResolvers<void>();
    const close = made.api.openEvents('/spillway/v1/events', {
      onEvent: ({ event, data }) => void told.push(`${event} ${data}`),
      onState: (state, problem) => {
        told.push(problem === undefined ? state : `${state} ${problem.code}`);
        if (problem !== undefined && problem.code !== 'stream_ended') ended.resolve();
      },
    });
    await ended.promise;
    close();
    return { ...made, told };
  };

  it('go on after a break with the last one’s id, and wait longer each time that nobody answers', async () => {
    const { told, sent, pauses } = await listened([
      () => new Response('id: 4\nevent: tick\ndata: 1\n\n'),
      () => new Response('data: 2\n\n'),
    ]);
    expect(told).toEqual([
      'open',
      'tick 1',
      'waiting stream_ended',
      'open',
      'message 2',
      'waiting stream_ended',
      'waiting unreachable',
    ]);
    expect(sent.map((one) => headerOf(one, 'last-event-id'))).toEqual([undefined, '4', '4']);
    expect(pauses).toEqual([500, 500, 1000]);
  });

  it('are not asked for again by who may not listen', async () => {
    const { told, pauses } = await listened([() => Response.json({}, { status: 403 })]);
    expect([told, pauses]).toEqual([['waiting http_403'], []]);
  });
});
