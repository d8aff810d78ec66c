import { describe, expect, it } from 'vitest';
import { type AnnouncerOptions, createAnnouncer, type LocalModeEvent } from '#local-mode/announce.ts';

const ready: LocalModeEvent = {
  event: 'ready',
  awsUrl: 'http://127.0.0.1:4566',
  gateways: [{ region: 'us-east-1', url: 'http://127.0.0.1:4000' }],
};

function told(
  options: Partial<AnnouncerOptions>,
  events: readonly LocalModeEvent[],
): { out: string; error: string } {
  const result = { out: '', error: '' };
  const announcer = createAnnouncer({
    json: false,
    quiet: false,
    isTerminal: false,
    write: (text) => {
      result.out += text;
    },
    writeError: (text) => {
      result.error += text;
    },
    ...options,
  });
  for (const event of events) announcer.tell(event);
  return result;
}

describe('what local mode tells', () => {
  it('is the ready line alone when it is to be quiet', () => {
    const events: LocalModeEvent[] = [
      { event: 'warning', path: 'a', message: 'b' },
      { event: 'progress', done: 1, total: 2, failed: 0 },
      ready,
    ];
    expect(told({ quiet: true }, events)).toEqual({
      out: 'Spillway is ready  us-east-1 http://127.0.0.1:4000\n',
      error: '',
    });
  });

  it('is one JSON object a line for programs', () => {
    expect(told({ json: true }, [ready]).out).toBe(`${JSON.stringify(ready)}\n`);
  });

  it('draws progress over itself on a terminal, and in steps elsewhere', () => {
    const events = Array.from(
      { length: 250 },
      (_, index): LocalModeEvent => ({ event: 'progress', done: index + 1, total: 250, failed: 0 }),
    );
    expect(told({ isTerminal: true }, events).out.split('\r')).toHaveLength(251);
    expect(told({}, events).out).toBe(
      'Discovering      100 of 250 regions\nDiscovering      200 of 250 regions\n',
    );
  });

  it('says for how long calls under way keep it', () => {
    const ending = (underWay: number): LocalModeEvent => ({ event: 'ending', underWay, msMax: 3_000 });
    expect(told({}, [ending(1), ending(4)]).out).toBe(
      'Ending           1 call under way, at most 3 s\nEnding           4 calls under way, at most 3 s\n',
    );
    expect(told({ quiet: true }, [ending(1)])).toEqual({ out: '', error: '' });
  });

  it('says a lasting problem once', () => {
    const problem: LocalModeEvent = { event: 'problem', part: 'plan', message: 'dark' };
    expect(told({}, [problem, problem]).error).toBe('Problem          plan: dark\n');
  });

  it('suggests a command that works on the ports of this run', () => {
    expect(told({}, [ready]).out).toContain('\n\nTry              npx spillway availability\n');
    expect(told({}, [{ ...ready, console: 'http://127.0.0.1:4000/console' }]).out).toContain(
      '\n\nConsole          http://127.0.0.1:4000/console\nTry ',
    );
    const elsewhere = { ...ready, awsUrl: 'http://127.0.0.1:5555' };
    expect(told({}, [elsewhere]).out).toContain(
      'availability --url http://127.0.0.1:4000 --aws-url http://127.0.0.1:5555\n',
    );
  });

  it('is silent about rounds once it is ready', () => {
    const round: LocalModeEvent = { event: 'round', total: 10, failed: 1, durationMs: 1234 };
    expect(
      told({}, [round, ready, round]).out.match(/Discovered {7}10 regions in 1.2 s, 1 failed/g),
    ).toHaveLength(1);
  });
});
