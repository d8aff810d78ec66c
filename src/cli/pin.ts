import { operationSchemas } from '#contract/operations.ts';
import type { Route } from '#core/plan/route.ts';
import type { CliStores } from '#runtime/cli-runtime.ts';
import { type Command, type CommandContext, printJson } from './command.ts';
import { confirm } from './confirm.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';
import { checkOrder, numberOf } from './order-options.ts';
import { describeWord } from './overrides/draw-overrides.ts';
import { readOverrides } from './overrides/read-overrides.ts';
import { bringBack } from './rollback/bring-back.ts';
import { routeArgument } from './route-argument.ts';
import { drawRoute } from './routes/draw-route.ts';
import { shortTime } from './terminal/time-ago.ts';
import { CommandFailure } from './usage-error.ts';

export const pin: Command = {
  spec: {
    name: 'pin',
    synopsis: '<model> <residency> [--version <n>] --reason <text> [--hours <n>] [--yes]',
    summary:
      'Holds a route as it stands: plan shows what it would change and publishes only what the residency demands. With another --version than the current one that version is published again first, as by `spillway rollback`.',
    positionals: ['model', 'residency?'],
    options: {
      residency: { type: 'string', value: '<name>', help: 'the residency, where it is not the second word' },
      version: {
        type: 'string',
        value: '<n>',
        help: 'the version to pin; see `spillway history` (default: the current one)',
      },
      reason: { type: 'string', value: '<text>', help: 'why, for the audit' },
      hours: { type: 'string', value: '<n>', help: 'how long, 1 to 720 (default: 24)' },
      'leave-out-forbidden': {
        type: 'boolean',
        help: 'bring an old version back without the targets that its residency forbids today',
      },
      yes: { type: 'boolean', help: 'do not ask' },
    },
    notes: [
      'Exit code 1: nothing is published, refused, declined, or somebody else published meanwhile.',
      '`spillway lift-hold` ends a pin before its time, `spillway overrides` lists what is pinned.',
    ],
  },
  async run(context) {
    const { line } = context;
    const config = await openConfig(context);
    const { hours, ...order } = checkOrder(operationSchemas.pin, {
      ...routeArgument(line, config),
      reason: line.required('reason'),
      hours: numberOf(line.text('hours') ?? '24'),
    });
    const versionText = line.text('version');
    const { version } = checkOrder(operationSchemas.rollback.pick({ version: true }).partial(), {
      version: versionText === undefined ? undefined : numberOf(versionText),
    });
    const stores = await openStores(context, config);
    try {
      const current = await stores.routes.load(order.model, order.residency);
      if (current === undefined)
        throw new CommandFailure(
          `Nothing is published for ${order.model} · ${order.residency}, so there is nothing to pin.`,
        );
      if (version === undefined || version === current.version)
        await pinCurrent(context, stores, { order: { ...order, version, hours }, current });
      else await pinOld(context, stores, { ...order, version, holdHours: hours });
      return 0;
    } finally {
      stores.close();
    }
  },
};

interface CurrentPin {
  readonly order: Omit<Parameters<CliStores['pin']>[0], 'by'>;
  readonly current: Route;
}

async function pinCurrent(
  context: CommandContext,
  stores: CliStores,
  { order, current }: CurrentPin,
): Promise<void> {
  const { line, terminal, runtime } = context;
  const { model, residency, hours } = order;
  const now = runtime.now();
  const overrides = await readOverrides(stores, now);
  const holds = overrides.holds.filter((hold) => hold.model === model && hold.residency === residency);
  if (!line.flag('yes')) {
    const { width, paintError: paint } = terminal;
    terminal.complain(...drawRoute(current, { width, paint, now, overrides }));
  }
  const question = `Pin version ${current.version} of ${model} · ${residency} for ${hoursText(hours)}?`;
  if (!(await confirm(context, question))) throw new CommandFailure('Nothing was changed.');
  const result = await stores.pin({ ...order, by: runtime.operator });
  if (!result.ok) throw new CommandFailure(result.why);
  const { version, hold } = result;
  if (line.flag('json')) return printJson(terminal, { version, hold });
  terminal.print(doneText(context, { model, residency, version, until: hold.until }));
  const longer = holds.filter((each) => each.region !== stores.words.region && each.until > hold.until);
  for (const each of longer) terminal.print(`  It is held longer, ${describeWord(each, now)}`);
}

async function pinOld(
  context: CommandContext,
  stores: CliStores,
  order: Omit<Parameters<typeof bringBack>[2], 'by'>,
): Promise<void> {
  const { line, terminal, runtime } = context;
  const { route, hold, leftOut } = await bringBack(context, stores, { ...order, by: runtime.operator });
  const { model, residency, version } = route;
  if (line.flag('json')) printJson(terminal, { version, content: order.version, hold, leftOut });
  else
    terminal.print(
      doneText(context, { model, residency, version, until: hold.until }),
      `  It has the targets of version ${order.version}${leftOut.length === 0 ? '' : `, without ${leftOut.join(', ')}`}.`,
    );
}

const hoursText = (hours: number): string => `${hours} hour${hours === 1 ? '' : 's'}`;

function doneText(
  { terminal }: CommandContext,
  pinned: {
    readonly model: string;
    readonly residency: string;
    readonly version: number;
    readonly until: string;
  },
): string {
  const { model, residency, version, until } = pinned;
  return `${terminal.paint('good', '✔')} ${model} · ${residency} is pinned at version ${version} until ${shortTime(until)}.`;
}
