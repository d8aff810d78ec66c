import type { Route } from '#core/plan/route.ts';
import { type Command, type CommandContext, printJson } from './command.ts';
import { confirm } from './confirm.ts';
import { drawHistory, readHistory } from './history/draw-history.ts';
import { checkRouteName } from './history.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';
import { shortTime } from './terminal/time-ago.ts';
import { CommandFailure, UsageError } from './usage-error.ts';

const HOLD_HOURS_MAX = 720;

export const rollback: Command = {
  spec: {
    name: 'rollback',
    synopsis: '<model> --residency <name> --to <version> --reason <text> [--hold-hours <n>] [--yes]',
    summary:
      'Publishes an old version of a route again and holds it, so that plan shows but does not publish changes. A version with targets that the residency forbids today is refused, unless they are left out.',
    positionals: ['model'],
    options: {
      residency: { type: 'string', value: '<name>', help: 'the residency of the route' },
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
      const change = chooseVersion(await stores.routes.loadHistory(order.model, order.residency), order);
      const forbidden = line.flag('leave-out-forbidden') ? [] : stores.forbiddenTargets(change.wanted);
      if (forbidden.length > 0)
        throw new CommandFailure(
          `Version ${order.version} is refused: ${order.residency} forbids ${forbidden.join(', ')} today. Take another version, or leave them out with --leave-out-forbidden.`,
        );
      if (!line.flag('json')) terminal.complain(...preview(context, change));
      const question = `Publish version ${order.version} again and hold it for ${order.holdHours} hours?`;
      if (!(await confirm(context, question))) throw new CommandFailure('Nothing was changed.');
      const result = await stores.rollback({ ...order, by: runtime.operator });
      if (!result.ok) throw new CommandFailure(result.why);
      const { route, hold, leftOut } = result;
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

interface VersionChoice {
  readonly wanted: Route;
  readonly current: Route;
}

function chooseVersion(
  versions: readonly Route[],
  order: { readonly model: string; readonly residency: string; readonly version: number },
): VersionChoice {
  const [current] = versions;
  const wanted = versions.find((route) => route.version === order.version);
  if (current === undefined || wanted === undefined) {
    const known = versions.map((route) => route.version).join(', ');
    throw new CommandFailure(
      `There is no version ${order.version} of ${order.model} · ${order.residency}; the history holds ${known || 'none'}.`,
    );
  }
  if (wanted === current)
    throw new CommandFailure(
      `Version ${order.version} is the current one already; there is nothing to roll back.`,
    );
  return { wanted, current };
}

/** What would come and go, and a warning before everything goes. */
function preview(
  { terminal, runtime }: CommandContext,
  { wanted, current }: VersionChoice,
): readonly string[] {
  const { width, paintError: paint } = terminal;
  const drawing = { width, paint, now: runtime.now(), currentVersion: current.version };
  const title = `Going back from version ${current.version} would change`;
  const warning = `Version ${wanted.version} has no target: only the baseline would answer.`;
  return [
    ...drawHistory(title, readHistory([wanted, current]).slice(0, 1), drawing),
    ...(wanted.targets.length === 0 ? [paint('warn', warning)] : []),
  ];
}

async function requestOf(context: CommandContext) {
  const { line } = context;
  const config = await openConfig(context);
  const model = line.positionals[0] ?? '';
  const residency = line.required('residency');
  checkRouteName(config, model, residency);
  return {
    config,
    model,
    residency,
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
