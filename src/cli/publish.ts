import type { RoutePlan } from '#core/plan/plan-route.ts';
import type { CliStores } from '#runtime/cli-runtime.ts';
import { type Command, type CommandContext, printJson } from './command.ts';
import { confirm } from './confirm.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';
import { routeArgument } from './route-argument.ts';
import { wrapText } from './terminal/wrap-text.ts';
import { CommandFailure } from './usage-error.ts';

type Order = Parameters<CliStores['publish']>[0];

export const publish: Command = {
  spec: {
    name: 'publish',
    synopsis: '<model> <residency> --reason <text> [--force] [--yes]',
    summary:
      'Publishes what plan wants of one route now. The guard and a hold may refuse it; --force passes both, never the residency.',
    positionals: ['model', 'residency?'],
    options: {
      residency: { type: 'string', value: '<name>', help: 'the residency, where it is not the second word' },
      reason: { type: 'string', value: '<text>', help: 'why, for the history and the audit' },
      force: { type: 'boolean', help: 'publish even what the guard refuses or a hold stops' },
      yes: { type: 'boolean', help: 'do not ask' },
    },
    notes: ['Exit code 1: nothing changed, refused, declined, or somebody else published meanwhile.'],
  },
  async run(context) {
    const { line, terminal, runtime } = context;
    const config = await openConfig(context);
    const { model, residency } = routeArgument(line, config);
    const reason = line.required('reason');
    const order = { model, residency, reason, by: runtime.operator, force: line.flag('force') };
    const stores = await openStores(context, config);
    try {
      const wanted = await stores.showPublication(order);
      if (!line.flag('json')) terminal.complain(...preview(context, wanted));
      checkPublishable(wanted, order);
      const question = `Publish this${order.force ? ' against the guard and any hold' : ''}?`;
      if (!(await confirm(context, question))) throw new CommandFailure('Nothing was changed.');
      const result = await stores.publish(order);
      if (!result.ok) throw new CommandFailure(result.why);
      const { plan } = result;
      if (plan.outcome === 'conflict')
        throw new CommandFailure('Somebody else published in between; look at the route and try again.');
      // What was right a moment ago may be refused now.
      checkPublishable(plan, order);
      const { version, added, removed } = plan;
      if (line.flag('json')) printJson(terminal, { model, residency, version, added, removed });
      else
        terminal.print(`${terminal.paint('good', '✔')} ${model} · ${residency} is version ${version} now.`);
      return 0;
    } finally {
      stores.close();
    }
  },
};

function checkPublishable({ kind, why }: RoutePlan, { force }: Order): void {
  if (kind === 'publish') return;
  if (kind === 'unchanged')
    throw new CommandFailure('What stands is what plan wants; there is nothing to publish.');
  const way = force ? 'No force passes that.' : 'If you know better, say so with --force.';
  throw new CommandFailure(`Not published: ${why}. ${way}`);
}

/** What would come and go, and why. */
function preview({ terminal }: CommandContext, plan: RoutePlan): readonly string[] {
  const { width, paintError: paint } = terminal;
  return [
    paint('strong', `${plan.model} · ${plan.residency}`),
    ...wrapText(plan.why, width - 2).map((text) => `  ${text}`),
    ...plan.added.map((id) => paint('good', `  + ${id}`)),
    ...plan.removed.map(({ target, why }) => paint('bad', `  - ${target} (${why})`)),
  ];
}
