/** `availability --watch` and `top` on a real terminal: what people see, not what was handed to a stream. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { aLiveEvent } from '#test/builders/a-live-event.ts';
import { hasPseudoTerminals, openPseudoTerminal } from '#test/builders/pseudo-terminal.ts';

const [account, region] = ['111111111111', 'us-east-1'];
let looks = 0;

/** A target that comes and goes with every look, and whose name would steer a terminal. */
const availability = () => {
  looks += 1;
  const state = looks % 2 === 0 ? 'available' : 'denied';
  const modelId = 'evil\u001b]0;owned\u0007\u001b[2Jmodel-v1:0';
  return {
    ...{ asOf: new Date().toISOString(), stale: false },
    targets: [
      {
        ...{ id: `${account}/${region}/${modelId}`, account, region, modelId, scope: 'in-region', state },
        ...{ reasons: [], hint: { who: 'nobody', text: '' }, reach: [region], stale: false },
        since: '2026-11-22T08:00:00.000Z',
      },
    ],
  };
};

const server = createServer((incoming, outgoing) => {
  if (!incoming.url?.startsWith('/spillway/v1/events')) {
    outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(availability()));
    return;
  }
  let id = 0;
  const tell = () => {
    id += 1;
    const event = aLiveEvent({ requests: id, tiers: { dedicated: id, serverless: 0, baseline: 0, none: 0 } });
    outgoing.write(`id: run-${id}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  tell();
  const timer = setInterval(tell, 200);
  outgoing.once('close', () => clearInterval(timer));
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const open = (args: readonly string[], columns: number) => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const command = [process.execPath, 'src/cli/main.ts', ...args, '--url', url, '--key', 'sk-a'];
  return openPseudoTerminal(command, { columns, rows: 24 });
};

const csi = '\u001b[';
/** Each begins and ends a drawing that terminals show at once. */
const framesOf = (text: string): readonly string[] =>
  text
    .split(`${csi}?2026h`)
    .slice(1)
    .map((part) => part.split(`${csi}?2026l`)[0] ?? '');
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of terminals begin with one
const colours = /\u001b\[[0-9;]*m/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: so do places
const rowStart = /\u001b\[\d+;1H/;
/** Lines as they are put in their places. */
const linesOf = (frame: string): readonly string[] =>
  frame
    .replace(colours, '')
    .split(rowStart)
    .slice(1)
    .map((line) => line.replace(`${csi}K`, ''));

describe.runIf(hasPseudoTerminals)('on a real terminal', () => {
  it.concurrent.for([
    [['availability', '--watch', '--every', '1s'], 120, 60],
    [['top'], 60, 200],
  ] as const)(
    '%j is drawn in place at %i and %i columns, and gives the terminal back at Ctrl-C',
    { timeout: 40_000 },
    async ([args, before, after], { expect }) => {
      const terminal = open(args, before);
      try {
        const frames = () => framesOf(terminal.written());
        await expect.poll(() => frames().length, { timeout: 20_000 }).toBeGreaterThan(2);
        const clears = () => frames().filter((frame) => frame.startsWith(`${csi}2J`)).length;
        expect(clears()).toBe(1);
        terminal.resize(after, 12);
        await expect.poll(clears, { timeout: 5_000 }).toBe(2);
        terminal.interrupt();
        expect(await terminal.ended()).toBe(0);
        const text = terminal.written();
        const [opened, closed] = [`${csi}?1049h${csi}?25l${csi}?7l`, `${csi}?7h${csi}?25h${csi}?1049l`];
        expect([text.indexOf(opened) >= 0, text.lastIndexOf(closed) > text.lastIndexOf('?2026l')]).toEqual([
          true,
          true,
        ]);
        // Nothing is drawn outside of a frame.
        const inPlace = text.slice(text.indexOf(opened) + opened.length, text.lastIndexOf(closed));
        const between = framesOf(inPlace).reduce((rest, frame) => rest.replace(frame, ''), inPlace);
        const brackets = [`${csi}2J`, `${csi}?2026h`, `${csi}?2026l`, '^C'];
        expect(brackets.reduce((rest, bracket) => rest.replaceAll(bracket, ''), between)).toBe('');
        const lastWhole = frames().findLast((frame) => frame.startsWith(`${csi}2J`)) ?? '';
        expect(linesOf(lastWhole).length).toBeLessThanOrEqual(12);
        expect(Math.max(...linesOf(lastWhole).map(({ length }) => length))).toBeLessThanOrEqual(after);
        expect(text).not.toContain('\u001b]0;');
      } finally {
        terminal.close();
      }
    },
  );
});
