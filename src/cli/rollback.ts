import { type Command, type CommandContext, printJson } from './command.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';
import { bringBack } from './rollback/bring-back.ts';
import { routeArgument } from './route-argument.ts';
import { shortTime } from './terminal/time-ago.ts';
import { UsageError } from './usage-error.ts';

const HOLD_HOURS_MAX = 720;

export const rollback: Command = {
  spec: {
    name: 'rollback',
    synopsis: '<model> <residency> --to <version> --reason <text> [--hold-hours <n>] [--yes]',
    summary:
      'Publishes an old version of a route again and holds it, so that plan shows but does not publish changes. A version with targets that the residency forbids today is refused, unless they are left out.',
    positionals: ['model', 'residency?'],
    options: {
      residency: { type: 'string', value: '<name>', help: 'the residency, where it is not the second word' },
      to: { type: 'string', value: '<version>', help: 'the version to bring back; see `spillway history`' },
      reason: { type: 'string', value: '<text>', help: 'why, for the history and the audit' },
      'hold-hours': {
        type: 'string',
        value: '<n>',
        help: `how long plan is held off, 1 to ${HOLD_HOURS_MAX} (default: 24)`,
      },
      'leave-out-forbidden': {
        type: 'boolean',
        help: 'bring the version back without the targets that its residency forbids today',
      },
      yes: { type: 'boolean', help: 'do not ask' },
    },
    notes: ['Exit code 1: refused, declined, or somebody else published meanwhile.'],
  },
  async run(context) {
    const { terminal, runtime, line } = context;
    const request = await requestOf(context);
    const { config: _config, ...order } = request;
    const stores = await openStores(context, request.config);
    try {
      const { route, hold, leftOut } = await bringBack(context, stores, { ...order, by: runtime.operator });
      if (line.flag('json')) printJson(terminal, { route, hold, leftOut });
      else
        terminal.print(
          `${terminal.paint('good', '✔')} ${route.model} · ${route.residency} is version ${route.version} now, with the targets of version ${order.version}; held until ${shortTime(hold.until)}.`,
        );
      return 0;
    } finally {
      stores.close();
    }
  },
};

async function requestOf(context: CommandContext) {
  const { line } = context;
  const config = await openConfig(context);
  return {
    config,
    ...routeArgument(line, config),
    version: wholeOption(line.required('to'), { name: 'to', maximum: 99_999_999 }),
    reason: line.required('reason'),
    holdHours: wholeOption(line.text('hold-hours') ?? '24', { name: 'hold-hours', maximum: HOLD_HOURS_MAX }),
  };
}

function wholeOption(
  text: string,
  { name, maximum }: { readonly name: string; readonly maximum: number },
): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= maximum) return value;
  throw new UsageError(`--${name} must be a whole number from 1 to ${maximum}, not "${text}"`);
}
