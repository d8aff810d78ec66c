import { isUsable, kindOfTarget } from '#contract/availability-cells.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { Availability } from '#contract/http.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import { askedView } from './availability/asked-view.ts';
import type { ModelNames } from './availability/build-matrix.ts';
import { drawAvailability } from './availability/draw-availability.ts';
import { drawChanges } from './availability/draw-changes.ts';
import { type AvailabilityFilter, filterTargets, isAskedFor } from './availability/filter-availability.ts';
import { placesOf } from './availability/find-gaps.ts';
import { openAvailability } from './availability/open-availability.ts';
import { readMoment } from './availability/read-moment.ts';
import { watchAvailability } from './availability/watch-availability.ts';
import { watchOutput } from './availability/watch-output.ts';
import { changesAsCsv, targetsAsCsv } from './availability/write-csv.ts';
import { type Command, type CommandContext, type ExitCode, printJson } from './command.ts';
import { isRealAccount, openConfig } from './open-deployment.ts';
import { tableFailure } from './open-stores.ts';

export const availability: Command = {
  spec: {
    name: 'availability',
    synopsis: '[--watch | --since <time> | --diff <a>..<b> | --at <time>] [--model <name>] [--csv]',
    summary:
      'Shows which models every region can really serve, and for each gap of your models why and who can repair it.',
    positionals: [],
    options: {
      model: { type: 'string', value: '<name>', help: 'a logical model or a Bedrock model id' },
      region: { type: 'string', value: '<region>', help: 'one region, such as eu-central-1' },
      account: { type: 'string', value: '<id>', help: 'one account' },
      'changed-since': { type: 'string', value: '<time>', help: 'changed since a time, or for 90m, 2h, 7d' },
      tracked: { type: 'boolean', help: 'only the models of the configuration' },
      watch: { type: 'boolean', help: 'draw it again as it changes, until Ctrl-C' },
      every: { type: 'string', value: '<duration>', help: 'with --watch: how often to ask (default: 10s)' },
      since: { type: 'string', value: '<time>', help: 'what moved since a time, or for 90m, 2h, 7d' },
      diff: {
        type: 'string',
        value: '<a>..<b>',
        help: 'what is different between two moments, such as 7d..1d',
      },
      at: { type: 'string', value: '<time>', help: 'how it was at a past time' },
      csv: { type: 'boolean', help: 'print comma-separated values' },
    },
    notes: [
      'Exit code 1: nothing of what was asked for can be used now; of the past, nothing is known of it.',
      'The past reaches back 90 days at most, and is what discovery saw: refusals of calls are not part of it.',
    ],
  },
  async run(context) {
    const view = askedView(context);
    const { line, runtime } = context;
    const since = line.text('changed-since');
    const now = runtime.now();
    const changedSince =
      since === undefined ? undefined : isoOfInstant(readMoment(since, { option: '--changed-since', now }));
    const filter = {
      ...placeOf(context),
      model: line.text('model'),
      tracked: line.flag('tracked'),
      changedSince,
    };
    if (view.kind === 'changes') return showChanges(context, filter, view);
    if (view.kind === 'watch') return watch(context, filter, view.everyMs);
    return showMatrix(context, filter, view.at);
  },
};

const placeOf = ({ line }: CommandContext) => ({
  region: line.text('region'),
  account: line.text('account'),
});

async function showMatrix(
  context: CommandContext,
  asked: AvailabilityFilter,
  at: number | undefined,
): Promise<ExitCode> {
  const { line, terminal } = context;
  const source = openAvailability(context, placeOf(context));
  const all = at === undefined ? await source.loadNow() : await source.loadAt(at);
  const models = await configuredModels(context, asked);
  const { shown, filter } = narrowed(all, asked, models);
  if (line.flag('json')) printJson(terminal, shown);
  else if (line.flag('csv')) terminal.print(targetsAsCsv(shown.targets));
  else terminal.print(...matrixOf(context, { all, shown, filter, models }, terminal.width));
  return shown.targets.some((target) => isUsable(kindOfTarget(target))) ? 0 : 1;
}

async function showChanges(
  context: CommandContext,
  asked: AvailabilityFilter,
  period: { readonly since: number; readonly until: number | undefined },
): Promise<ExitCode> {
  const { line, terminal } = context;
  const all = await openAvailability(context, placeOf(context)).loadChanges(period);
  const filter = withNames(asked, await configuredModels(context, asked));
  const changes = all.changes.filter((change) => isAskedFor(change, filter));
  const counts = { ...all.counts };
  for (const kind of Object.keys(counts) as (keyof typeof counts)[])
    counts[kind] = changes.filter((change) => change.kind === kind).length;
  const shown = { ...all, counts, changes };
  if (line.flag('json')) printJson(terminal, shown);
  else if (line.flag('csv')) terminal.print(changesAsCsv(changes));
  else terminal.print(...drawChanges(shown, terminal));
  const unknown = all.unrecorded.filter(({ recordedFrom }) => (recordedFrom ?? all.until) >= all.until);
  return changes.length === 0 && unknown.length > 0 ? 1 : 0;
}

async function watch(context: CommandContext, asked: AvailabilityFilter, everyMs: number): Promise<ExitCode> {
  const { runtime, terminal } = context;
  const source = openAvailability(context, placeOf(context));
  const models = await configuredModels(context, asked);
  const interruption = runtime.listenForInterruption();
  const output = watchOutput(context);
  let all: Availability | undefined;
  try {
    const moved = await watchAvailability(
      {
        clock: runtime.clock,
        everyMs,
        signal: interruption.signal,
        load: async () => {
          all = await source.loadNow().catch((error: unknown) => {
            throw tableFailure(context, error);
          });
          return narrowed(all, asked, models).shown;
        },
        draw: (shown, width) =>
          matrixOf(context, { all: all ?? shown, shown, filter: withNames(asked, models), models }, width),
        paint: terminal.paint,
      },
      output,
    );
    output.ended(moved);
    return 0;
  } finally {
    output.close();
    interruption.close();
  }
}

function narrowed(all: Availability, asked: AvailabilityFilter, models: readonly ModelNames[] | undefined) {
  const filter = withNames(asked, models);
  return { shown: { ...all, targets: filterTargets(all.targets, filter) }, filter };
}

function withNames(asked: AvailabilityFilter, models: readonly ModelNames[] | undefined): AvailabilityFilter {
  const model = models?.find(({ name }) => name === asked.model);
  return model === undefined ? asked : { ...asked, alsoNamed: [...model.modelIds, ...model.endpoints] };
}

function matrixOf(
  { runtime, terminal }: CommandContext,
  known: {
    readonly all: Availability;
    readonly shown: Availability;
    readonly filter: AvailabilityFilter;
    readonly models: readonly ModelNames[] | undefined;
  },
  width: number,
): readonly string[] {
  const { all, shown, filter, models } = known;
  return drawAvailability(shown, {
    models,
    // Of all targets: a region that lacks the model asked for is still a column, and its gap is told.
    places: placesOf(all.targets),
    filtered: filter.changedSince !== undefined,
    width,
    paint: terminal.paint,
    now: runtime.now(),
  });
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
