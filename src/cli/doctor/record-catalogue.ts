import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SpillwayConfig } from '#contract/config.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import { isRegionId } from '#core/units/region-id.ts';
import regionFacts from '#data/regions.json' with { type: 'json' };
import { type AwsAccess, probeFailure } from '#runtime/cli-runtime.ts';
import { type CommandContext, type ExitCode, printJson } from '../command.ts';
import { openAws, openConfig } from '../open-deployment.ts';
import { drawRecord } from '../record/draw-record.ts';
import { type FactsBefore, recordFacts } from '../record/record-facts.ts';
import { catalogueFileSchema, profilesFileSchema, type RecordedRegion } from '../record/recorded-answers.ts';
import { CommandFailure, UsageError } from '../usage-error.ts';
import { runLimited } from './run-limited.ts';

const CONCURRENCY = 6;

/** `doctor --record`: asks every region, says what changed, then writes the fact files. */
export async function recordCatalogue(context: CommandContext): Promise<ExitCode> {
  const { line, runtime, terminal } = context;
  const config = await openConfig(context);
  const places = placesOf(context, config);
  const before = loadFacts(runtime.dataFolder);
  const aws = await openAws(context, config);
  let recorded: readonly RecordedRegion[];
  try {
    recorded = await runLimited(
      places.map((place) => () => recordRegion(aws, place)),
      CONCURRENCY,
      (done) => terminal.progress(`Recording: ${done} of ${places.length} regions`),
    );
  } finally {
    aws.close();
    terminal.progress('');
  }
  if (recorded.every(({ models, profiles }) => models === undefined && profiles === undefined))
    throw new CommandFailure(
      `No region answered, so nothing was recorded (${recorded[0]?.region}: ${recorded[0]?.failures.join('; ')}). Run \`spillway doctor\` to find out why.`,
    );
  const facts = recordFacts(before, recorded, isoOfInstant(runtime.now()).slice(0, 10));
  const folder = resolve(line.text('out') ?? runtime.dataFolder);
  const written = line.flag('dry-run') ? [] : [...facts.files.keys()].map((name) => join(folder, name));
  if (line.flag('json')) {
    const { files: _files, ...changes } = facts;
    printJson(terminal, { ...changes, regions: recorded.length, written });
  } else {
    const { width, paint } = terminal;
    terminal.print(`Asked ${recorded.length} regions.`, ...drawRecord(facts, { width, paint }));
    if (facts.files.size === 0) terminal.print('Nothing to write.');
    else if (line.flag('dry-run')) terminal.print('Nothing was written (--dry-run).');
  }
  if (!line.flag('dry-run')) writeFacts(folder, facts.files);
  if (!line.flag('json')) terminal.print(...written.map((path) => `Wrote ${path}`));
  return 0;
}

interface Place {
  readonly account: string;
  readonly region: string;
}

function placesOf({ line }: CommandContext, config: SpillwayConfig): readonly Place[] {
  const named = line
    .text('regions')
    ?.split(',')
    .map((region) => region.trim());
  const wrong = named?.find((region) => !isRegionId(region));
  if (wrong !== undefined)
    throw new UsageError(
      `--regions must be region codes with commas, such as eu-west-1,us-east-1; "${wrong}" is none`,
    );
  const regions = [...new Set(named ?? config.accounts.flatMap((account) => account.regions))];
  return regions.sort().map((region) => ({
    region,
    account:
      line.text('account') ??
      config.accounts.find((account) => account.regions.includes(region))?.id ??
      config.home.account,
  }));
}

/** A part that fails or is empty is left undefined, with why. */
async function recordRegion(aws: AwsAccess, { account, region }: Place): Promise<RecordedRegion> {
  const failures: string[] = [];
  const ask = async <Item>(
    name: string,
    list: () => Promise<readonly Item[]>,
  ): Promise<readonly Item[] | undefined> => {
    try {
      const items = await list();
      if (items.length > 0) return items;
      failures.push(`${name} answered an empty list`);
    } catch (error) {
      const failure = probeFailure(error);
      failures.push(`${name}: ${failure.name}: ${failure.message}`);
    }
    return undefined;
  };
  if (!aws.reaches(account))
    return {
      region,
      models: undefined,
      profiles: undefined,
      failures: [`no --profile opens account ${account}`],
    };
  const probe = aws.probe(account, region);
  const models = await ask('ListFoundationModels', probe.listModels);
  const profiles = await ask('ListInferenceProfiles', probe.listProfiles);
  return { region, models, profiles, failures };
}

function loadFacts(folder: string): FactsBefore {
  const load = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  return {
    catalogue: catalogueFileSchema.parse(load('catalogue.json')),
    profiles: profilesFileSchema.parse(load('profiles.json')),
    regions: regionFacts.regions.map((row) => row.code),
  };
}

function writeFacts(folder: string, files: ReadonlyMap<string, string>): void {
  if (files.size > 0) mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}
