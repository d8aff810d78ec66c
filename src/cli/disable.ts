import { operationSchemas } from '#contract/operations.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import { disabledAt } from '#core/plan/disabled-target.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { CliStores } from '#runtime/cli-runtime.ts';
import { type Command, printJson } from './command.ts';
import { confirm } from './confirm.ts';
import { checkTarget } from './disable/known-targets.ts';
import { drawTouchedRoutes, touchedRoutes } from './disable/touched-routes.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';
import { checkControlRegion, checkOrder, numberOf } from './order-options.ts';
import { describeWord } from './overrides/draw-overrides.ts';
import { shortTime } from './terminal/time-ago.ts';
import { CommandFailure, UsageError } from './usage-error.ts';

export const disable: Command = {
  spec: {
    name: 'disable',
    synopsis: '<target> --reason <text> [--hours <n>] [--region <region>] [--yes]',
    summary:
      "Takes a target out of every gateway's choice for a time, the baseline too. Gateways know within five seconds.",
    positionals: ['target'],
    options: {
      reason: { type: 'string', value: '<text>', help: 'why, for the audit' },
      hours: { type: 'string', value: '<n>', help: 'how long, 1 to 720 (default: 24)' },
      region: {
        type: 'string',
        value: '<region>',
        help: 'where to write it (default: the home region); name another while home is away',
      },
      yes: { type: 'boolean', help: 'do not ask' },
    },
    notes: [
      'A target is <account>/<region>/<model, profile or endpoint>; `spillway availability --json` and `spillway routes --json` tell the ids.',
      'Exit code 1: declined, or the audit could not be written. `spillway enable` ends it before its time.',
    ],
  },
  async run(context) {
    const { line, terminal, runtime } = context;
    const [target = ''] = line.positionals;
    const { hours, reason } = checkOrder(operationSchemas.disable.omit({ target: true }), {
      reason: line.required('reason'),
      hours: numberOf(line.text('hours') ?? '24'),
    });
    if (hours === 0) throw new UsageError(`To end it now, run: spillway enable ${target} --reason <text>`);
    const config = await openConfig(context);
    const region = checkControlRegion(config, line.text('region') ?? config.home.region);
    const stores = await openStores(context, config, region);
    try {
      const { routes } = await stores.routes.loadAll();
      await checkTarget(target, routes, stores);
      const now = runtime.now();
      const before = await disabledBefore(stores, now);
      const touched = touchedRoutes(routes, target, before ?? new Set());
      const { width, paintError: paint } = terminal;
      if (!line.flag('json')) terminal.complain(...drawTouchedRoutes(target, touched, { width, paint }));
      if (before === undefined) terminal.complain(`  ${paint('warn', UNREAD)}`);
      if (!(await confirm(context, `Disable it for ${hours} hour${hours === 1 ? '' : 's'}?`)))
        throw new CommandFailure('Nothing was changed.');
      const result = await stores.disable({ target, reason, hours, by: runtime.operator });
      if (!result.ok) throw new CommandFailure(result.why);
      const { disabled, standing } = result;
      if (line.flag('json')) printJson(terminal, { disabled, standing });
      else
        terminal.print(
          `${terminal.paint('good', '✔')} ${target} is disabled until ${shortTime(disabled.until)}.`,
          ...standing.map((word) => `  It is disabled elsewhere too, ${describeWord(word, now)}`),
        );
      return 0;
    } finally {
      stores.close();
    }
  },
};

const UNREAD = 'What is disabled already cannot be read now: less may be left to call.';

/** Undefined where a table is away: what is only shown must keep nobody from an order that takes a target out. */
async function disabledBefore(
  { words }: Pick<CliStores, 'words'>,
  now: InstantMs,
): Promise<ReadonlySet<string> | undefined> {
  try {
    return disabledAt(await words.loadDisabled(), now);
  } catch (error) {
    if (isHouseError(error)) return undefined;
    throw error;
  }
}
