import type { PlacedHold } from '#core/plan/route.ts';
import { type Command, printJson } from './command.ts';
import { confirm } from './confirm.ts';
import { inEachRegion } from './in-each-region.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';
import { checkControlRegion } from './order-options.ts';
import { readOverrides } from './overrides/read-overrides.ts';
import { routeArgument } from './route-argument.ts';
import { CommandFailure } from './usage-error.ts';

export const liftHold: Command = {
  spec: {
    name: 'lift-hold',
    synopsis: '<model> <residency> --reason <text> [--region <region>] [--yes]',
    summary:
      'Ends the hold of a route, by a pin or a rollback, before its time, so that plan publishes again: in every region that holds it, unless one is named.',
    positionals: ['model', 'residency?'],
    options: {
      residency: { type: 'string', value: '<name>', help: 'the residency, where it is not the second word' },
      reason: { type: 'string', value: '<text>', help: 'why, for the audit' },
      region: { type: 'string', value: '<region>', help: 'end only what this region holds' },
      yes: { type: 'boolean', help: 'do not ask' },
    },
    notes: ['Exit code 1: there is no such hold, or declined.'],
  },
  async run(context) {
    const { line, terminal, runtime } = context;
    const config = await openConfig(context);
    const { model, residency } = routeArgument(line, config);
    const reason = line.required('reason');
    const named = line.text('region');
    const region = checkControlRegion(config, named ?? config.home.region);
    const stores = await openStores(context, config, region);
    try {
      const holds = (await readOverrides(stores, runtime.now())).holds.filter(
        (hold) => hold.model === model && hold.residency === residency,
      );
      const chosen = named === undefined ? holds : holds.filter((hold) => hold.region === named);
      if (chosen.length === 0) throw new CommandFailure(refusal(`${model} · ${residency}`, named, holds));
      const places = chosen.map((hold) => hold.region).join(', ');
      if (!(await confirm(context, `Lift the hold of ${model} · ${residency} in ${places}?`)))
        throw new CommandFailure('Nothing was changed.');
      const order = { model, residency, reason, by: runtime.operator };
      await inEachRegion(context, { config, words: chosen, end: (there) => there.liftHold(order) });
      const standing = holds.filter((hold) => !chosen.includes(hold));
      const others = standing.map((hold) => hold.region).join(', ');
      if (line.flag('json')) printJson(terminal, { lifted: chosen, standing });
      else
        terminal.print(
          `${terminal.paint('good', '✔')} ${model} · ${residency} is held no more by ${places}; ${others === '' ? 'the next plan publishes again.' : `it still is by ${others}.`}`,
        );
      return 0;
    } finally {
      stores.close();
    }
  },
};

function refusal(route: string, named: string | undefined, elsewhere: readonly PlacedHold[]): string {
  if (elsewhere.length === 0) return `No hold stands on ${route}.`;
  const places = elsewhere.map((hold) => `${hold.region} (by ${hold.by} until ${hold.until})`).join(', ');
  return `${route} is not held by ${named}, but by ${places}: leave --region out, or name that one.`;
}
