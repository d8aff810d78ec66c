import { type Command, type CommandContext, printJson } from './command.ts';
import { localGatewayUrls } from './local-gateways.ts';
import { gatewayKey, gatewayUrl } from './open-deployment.ts';
import { drawTop } from './top/draw-top.ts';
import { type FollowedGateway, followGateway } from './top/follow-gateway.ts';
import { CommandFailure } from './usage-error.ts';

const SECOND_MS = 1_000;
/** Two seconds of each gateway, and the way there and back. */
const FIRST_MS_MAX = 5_000;

export const top: Command = {
  spec: {
    name: 'top',
    synopsis: '[--once]',
    summary:
      'Shows live what gateways do, drawn over every second: requests by tier, spills, failovers, percentiles of each model, lanes, cost, and the slowest requests.',
    positionals: [],
    options: { once: { type: 'boolean', help: 'print one second and end' } },
    notes: [
      'Without --url all gateways of local mode. A key sees the requests of its tenant, an operator’s token all.',
      'With --json, and where stdout is no terminal, one line a second. Ctrl-C ends it.',
      'Exit code 1: no gateway told anything.',
    ],
  },
  async run(context) {
    const { runtime } = context;
    const gateways = await gatewaysOf(context);
    const interruption = runtime.listenForInterruption();
    const ended = new AbortController();
    const signal = AbortSignal.any([interruption.signal, ended.signal]);
    const following = gateways.map((gateway) =>
      followGateway(gateway, { key: gatewayKey(context), clock: runtime.clock, signal }),
    );
    try {
      await firstNews(gateways, context, signal);
      if (context.line.flag('once')) showOnce(gateways, context);
      else await showUntil(gateways, context, signal);
    } finally {
      ended.abort();
      interruption.close();
      await Promise.all(following);
    }
    return gateways.some(({ last }) => last !== undefined) ? 0 : 1;
  },
};

async function gatewaysOf(context: CommandContext): Promise<readonly FollowedGateway[]> {
  const named = context.line.text('url') !== undefined;
  const local = named ? [] : Object.values(await localGatewayUrls(context));
  return (local.length > 0 ? local : [gatewayUrl(context)]).map((url) => ({ url }));
}

/** @throws what the first gateway said, where none tells anything */
async function firstNews(
  gateways: readonly FollowedGateway[],
  { runtime }: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = runtime;
  const began = clock.monotonicMs();
  const isWaiting = () => gateways.some(({ last, trouble }) => last === undefined && trouble === undefined);
  while (isWaiting() && !signal.aborted && clock.monotonicMs() - began < FIRST_MS_MAX)
    await clock.sleep(SECOND_MS / 20, signal).catch(() => undefined);
  if (signal.aborted || gateways.some(({ last }) => last !== undefined)) return;
  const [first] = gateways;
  throw first?.trouble ?? new CommandFailure(`The gateway at ${first?.url} told nothing within 5 s.`);
}

function showOnce(gateways: readonly FollowedGateway[], context: CommandContext): void {
  const { line, terminal } = context;
  if (line.flag('json')) printJson(terminal, secondOf(gateways, context));
  else terminal.print(...linesOf(gateways, context, terminal.width));
}

/** In place on a terminal; elsewhere, and with `--json`, one line a second. */
async function showUntil(
  gateways: readonly FollowedGateway[],
  context: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  const { line, terminal, runtime } = context;
  const screen = line.flag('json') ? undefined : terminal.openScreen();
  try {
    while (!signal.aborted) {
      if (screen === undefined) terminal.print(JSON.stringify(secondOf(gateways, context)));
      else screen.show(linesOf(gateways, context, screen.columns));
      await runtime.clock.sleep(SECOND_MS, signal).catch(() => undefined);
    }
  } finally {
    screen?.close();
  }
}

const linesOf = (gateways: readonly FollowedGateway[], context: CommandContext, width: number) =>
  drawTop(gateways, { width, paint: context.terminal.paint, now: context.runtime.clock.now() });

function secondOf(gateways: readonly FollowedGateway[], { runtime }: CommandContext) {
  return {
    at: new Date(runtime.clock.now()).toISOString(),
    gateways: gateways.map(({ url, last, trouble }) => ({ url, last, trouble: trouble?.message })),
  };
}
