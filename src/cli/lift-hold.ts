import type { SpillwayConfig } from '#contract/config.ts';
import { type Command, printJson } from './command.ts';
import { confirm } from './confirm.ts';
import { checkRouteName } from './history.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';
import { CommandFailure, UsageError } from './usage-error.ts';

export const liftHold: Command = {
  spec: {
    name: 'lift-hold',
    synopsis: '<model> --residency <name> --reason <text> [--region <region>] [--yes]',
    summary: 'Ends the hold of a route before its time, so that plan publishes again.',
    positionals: ['model'],
    options: {
      residency: { type: 'string', value: '<name>', help: 'the residency of the route' },
      reason: { type: 'string', value: '<text>', help: 'why, for the audit' },
      region: {
        type: 'string',
        value: '<region>',
        help: 'whose control item holds the route (default: the home region); a refusal names it',
      },
      yes: { type: 'boolean', help: 'do not ask' },
    },
    notes: ['Exit code 1: there is no such hold, or declined.'],
  },
  async run(context) {
    const { line, terminal, runtime } = context;
    const config = await openConfig(context);
    const model = line.positionals[0] ?? '';
    const residency = line.required('residency');
    checkRouteName(config, model, residency);
    const reason = line.required('reason');
    const region = regionOf(config, line.text('region'));
    const stores = await openStores(context, config, region);
    try {
      const question = `Lift the hold of ${model} · ${residency} in ${region}?`;
      if (!(await confirm(context, question))) throw new CommandFailure('Nothing was changed.');
      const result = await stores.liftHold({ model, residency, reason, by: runtime.operator });
      if (!result.ok) throw new CommandFailure(result.why);
      const { lifted, standing } = result;
      const others = [...new Set(standing.map((hold) => hold.region))].join(', ');
      if (line.flag('json')) printJson(terminal, { lifted, standing });
      else
        terminal.print(
          `${terminal.paint('good', '✔')} ${model} · ${residency} is held no more by ${region}; ${others === '' ? 'the next plan publishes again.' : `it still is by ${others}.`}`,
        );
      return 0;
    } finally {
      stores.close();
    }
  },
};

/** Those that have control items: home, the one that stands by, and the gateways'. */
function regionOf(config: SpillwayConfig, named: string | undefined): string {
  const { home, standby, gateways } = config;
  const known = [...new Set([home.region, ...(standby === undefined ? [] : [standby]), ...gateways])];
  const region = named ?? home.region;
  if (known.includes(region)) return region;
  throw new UsageError(`No route can be held from "${region}"; the regions are ${known.join(', ')}`);
}
