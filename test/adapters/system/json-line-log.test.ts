import { describe, expect, it } from 'vitest';
import { createJsonLineLog } from '#adapters/system/json-line-log.ts';

describe('the JSON line log', () => {
  it('writes one line an event, which no fact can rename', () => {
    const lines: string[] = [];
    const log = createJsonLineLog({ clock: { now: () => 0 }, write: (line) => lines.push(line) });
    log.write('warn', 'routes-refresh-failed', { error: 'Timeout\nsecond line', level: 'info', attempts: 2 });
    log.write('info', 'started');
    expect(lines).toEqual([
      '{"time":"1970-01-01T00:00:00.000Z","level":"warn","event":"routes-refresh-failed","error":"Timeout\\nsecond line","attempts":2}\n',
      '{"time":"1970-01-01T00:00:00.000Z","level":"info","event":"started"}\n',
    ]);
  });
});
