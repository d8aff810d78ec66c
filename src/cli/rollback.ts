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
    const request = await requestOf(context);
    const { terminal, runtime, line } = context;
    const stores = await openStores(context, request.config);
    try {
      const versions = await stores.routes.loadHistory(request.model, request.residency);
      const current = versions[0];
      const wanted = versions.find((route) => route.version === request.version);
      if (current === undefined || wanted === undefined)
        throw new CommandFailure(
          `There is no version ${request.version} of ${request.model} · ${request.residency}; the history holds ${versions.map((route) => route.version).join(', ') || 'none'}.`,
        );
      if (wanted.version === current.version)
        throw new CommandFailure(
          `Version ${wanted.version} is the current one already; there is nothing to roll back.`,
        );
      const forbidden = stores.forbiddenTargets(wanted);
      if (forbidden.length > 0 && !line.flag('leave-out-forbidden'))
        throw new CommandFailure(
          `Version ${wanted.version} is refused: ${request.residency} forbids ${forbidden.join(', ')} today. Take another version, or leave them out with --leave-out-forbidden.`,
        );
      if (!line.flag('json')) {
        const { width, paintError: paint } = terminal;
        const change = readHistory([wanted, current]).slice(0, 1);
        const title = `Going back from version ${current.version} would change`;
        terminal.complain(...drawHistory(title, change, { width, paint, now: runtime.now() }));
      }
      if (
        !(await confirm(
          context,
          `Publish version ${wanted.version} again and hold it for ${request.holdHours} hours?`,
        ))
      )
        throw new CommandFailure('Nothing was changed.');
      const result = await stores.rollback({ ...request, by: runtime.operator });
      if (!result.ok) throw new CommandFailure(result.why);
      if (line.flag('json'))
        printJson(terminal, { route: result.route, hold: result.hold, leftOut: result.leftOut });
      else
        terminal.print(
          `${terminal.paint('good', '✔')} ${request.model} · ${request.residency} is version ${result.route.version} now, with the targets of version ${wanted.version}; held until ${shortTime(result.hold.until)}.`,
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
