import { routeItemSchema } from '#contract/route-item.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { orderFrom } from '#core/plan/order-from.ts';
import type { Route } from '#core/plan/route.ts';
import { type Command, type CommandContext, type ExitCode, printJson } from './command.ts';
import { openConfig, openGateway } from './open-deployment.ts';
import { openStores } from './open-stores.ts';
import { type Overrides, readOverrides } from './overrides/read-overrides.ts';
import { drawRoute } from './routes/draw-route.ts';
import { CommandFailure, UsageError } from './usage-error.ts';

export const routes: Command = {
  spec: {
    name: 'routes',
    synopsis: '[model] [--residency <name>] [--from <region>]',
    summary:
      'Shows the published routes: the ordered targets of each model and residency with tier, scope, reach, price and state, the baseline (b1, b2), and what operators pinned or disabled.',
    positionals: ['model?'],
    options: {
      residency: { type: 'string', value: '<name>', help: 'one residency' },
      from: { type: 'string', value: '<region>', help: 'in the order that a reader in this region uses' },
    },
    notes: [
      'Reads the routing table. With --url it asks that gateway instead, for one model and residency.',
      'Exit code 1: a model and residency were asked for that have no target and no baseline.',
    ],
  },
  async run(context) {
    const { line, terminal, runtime } = context;
    const model = line.positionals[0];
    const residency = line.text('residency');
    const asksTable = line.text('url') === undefined;
    const { found, overrides } = asksTable
      ? await readTable(context)
      : { found: await askGateway(context), overrides: undefined };
    const shown = found.map((route) => inOrderFrom(route, line.text('from'), runtime.facts));
    if (line.flag('json')) printJson(terminal, shown);
    else {
      const { width, paint } = terminal;
      shown.forEach((route, index) => {
        terminal.print(
          ...(index === 0 ? [] : ['']),
          ...drawRoute(route, { width, paint, now: runtime.now(), overrides }),
        );
      });
    }
    const nothing = (route: Route): boolean => route.targets.length + route.baseline.length === 0;
    const asked = model !== undefined || residency !== undefined;
    const answer: ExitCode = asked && shown.every(nothing) ? 1 : 0;
    return answer;
  },
};

async function readTable(
  context: CommandContext,
): Promise<{ readonly found: readonly Route[]; readonly overrides: Overrides }> {
  const { line, terminal, runtime } = context;
  const config = await openConfig(context);
  const models = chosen(Object.keys(config.models), line.positionals[0], 'model');
  const residencies = chosen(Object.keys(config.residencies), line.text('residency'), 'residency');
  const stores = await openStores(context, config);
  try {
    const { routes: published, badItems } = await stores.routes.loadAll();
    if (badItems > 0)
      terminal.complain(
        `${badItems} item${badItems === 1 ? '' : 's'} of the routing table cannot be read and ${badItems === 1 ? 'is' : 'are'} not served; see the alarms.`,
      );
    if (published.length === 0)
      throw new CommandFailure(
        'No route is published yet. Wait for the first discovery round, or run `spillway doctor`.',
      );
    const found = models.flatMap((model) =>
      residencies.map(
        (residency) =>
          published.find((route) => route.model === model && route.residency === residency) ??
          unpublished(model, residency),
      ),
    );
    return { found, overrides: await readOverrides(stores, runtime.now()) };
  } finally {
    stores.close();
  }
}

function chosen(known: readonly string[], name: string | undefined, noun: string): readonly string[] {
  if (name === undefined) return known;
  if (known.includes(name)) return [name];
  throw new UsageError(`The configuration has no ${noun} "${name}"; it has ${known.join(', ')}`);
}

/** What a model and residency look like for which plan never had anything lawful to publish. */
const unpublished = (model: string, residency: string): Route => ({
  model,
  residency,
  version: 0,
  schema: 1,
  targets: [],
  baseline: [],
  dropped: 0,
  publishedAt: '',
  reason: '',
  checksum: '',
});

async function askGateway(context: CommandContext): Promise<readonly Route[]> {
  const { line } = context;
  const [model] = line.positionals;
  const residency = line.text('residency');
  if (model === undefined || residency === undefined)
    throw new UsageError(
      'With --url, name a model and a --residency: a gateway answers for one route at a time',
    );
  const { status, body } = await openGateway(context).loadRoute(model, {
    residency,
    from: line.text('from'),
  });
  if (status === 404) return [unpublished(model, residency)];
  const parsed = routeItemSchema.safeParse(body);
  if (parsed.success) return [parsed.data];
  throw new CommandFailure(
    'The gateway answered a route of a shape that this version does not know; update Spillway here or there.',
  );
}

function inOrderFrom(route: Route, region: string | undefined, facts: CompiledFacts): Route {
  return region === undefined ? route : { ...route, targets: orderFrom(route.targets, region, facts) };
}
