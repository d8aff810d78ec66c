import { isUsable, kindOfTarget } from '#contract/availability-cells.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { Availability } from '#contract/http.ts';
import type { ModelNames } from './availability/build-matrix.ts';
import { drawAvailability } from './availability/draw-availability.ts';
import { type AvailabilityFilter, filterTargets, parseSince } from './availability/filter-availability.ts';
import { placesOf } from './availability/find-gaps.ts';
import { type Command, type CommandContext, printJson } from './command.ts';
import { isRealAccount, openConfig, openGateway } from './open-deployment.ts';
import { loadStoredAvailability } from './stored-availability.ts';

export const availability: Command = {
  spec: {
    name: 'availability',
    synopsis: '[--model <name>] [--region <region>] [--account <id>] [--changed-since <time>] [--tracked]',
    summary:
      'Shows which models every region can really serve, and for each gap of your models why and who can repair it.',
    positionals: [],
    options: {
      model: { type: 'string', value: '<name>', help: 'a logical model or a Bedrock model id' },
      region: { type: 'string', value: '<region>', help: 'one region, such as eu-central-1' },
      account: { type: 'string', value: '<id>', help: 'one account' },
      'changed-since': { type: 'string', value: '<time>', help: 'changed since a time, or for 90m, 2h, 7d' },
      tracked: { type: 'boolean', help: 'only the models of the configuration' },
    },
    notes: ['Exit code 1: nothing of what was asked for can be used now.'],
  },
  async run(context) {
    const { line, runtime, terminal } = context;
    const filter = filterOf(context);
    const all = isRealAccount(context)
      ? await loadStoredAvailability(context)
      : await openGateway(context).loadAvailability({
          region: filter.region,
          account: filter.account,
        });
    const models = await configuredModels(context, filter);
    const asked = models?.find(({ name }) => name === filter.model);
    const alsoNamed = asked === undefined ? [] : [...asked.modelIds, ...asked.endpoints];
    const targets = filterTargets(all.targets, { ...filter, alsoNamed }).filter(
      (target) => !line.flag('tracked') || target.model !== undefined,
    );
    const shown: Availability = { ...all, targets };
    if (line.flag('json')) printJson(terminal, shown);
    else {
      const lines = drawAvailability(shown, {
        models,
        // Of all targets: a region that lacks the model asked for is still a column, and its gap is told.
        places: placesOf(all.targets),
        filtered: filter.changedSince !== undefined,
        width: terminal.width,
        paint: terminal.paint,
        now: runtime.now(),
      });
      terminal.print(...lines);
    }
    return targets.some((target) => isUsable(kindOfTarget(target))) ? 0 : 1;
  },
};

function filterOf({ line, runtime }: CommandContext): AvailabilityFilter {
  const since = line.text('changed-since');
  return {
    model: line.text('model'),
    region: line.text('region'),
    account: line.text('account'),
    changedSince: since === undefined ? undefined : parseSince(since, runtime.now()),
  };
}

/** The models of a configuration that was named; undefined to go by what the targets say. */
async function configuredModels(
  context: CommandContext,
  filter: AvailabilityFilter,
): Promise<readonly ModelNames[] | undefined> {
  const named = context.line.text('config') ?? context.runtime.settings.configFile;
  if (named === undefined && !isRealAccount(context)) return undefined;
  return namesOfConfig(await openConfig(context)).filter(
    ({ name, modelIds, endpoints }) =>
      filter.model === undefined || [name, ...modelIds, ...endpoints].includes(filter.model),
  );
}

function namesOfConfig(config: SpillwayConfig): readonly ModelNames[] {
  return Object.entries(config.models).map(([name, model]) => ({
    name,
    modelIds: model.candidates.map(({ id }) => id),
    endpoints: [...new Set(model.dedicated.map(({ endpoint }) => endpoint))],
  }));
}
