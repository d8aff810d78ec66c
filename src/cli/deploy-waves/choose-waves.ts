import { type Wave, type WaveStack, waveKindOf, wavePlan } from '#core/deploy-waves/wave-plan.ts';
import type { AssemblyStack } from '#runtime/cli-runtime.ts';
import type { CommandContext } from '../command.ts';
import { numberOf } from '../order-options.ts';
import type { CommandLine } from '../parse-command-line.ts';
import { readSynthContext } from '../plan-deploy/read-synth-context.ts';
import { CommandFailure, UsageError } from '../usage-error.ts';

export interface ChosenWaves {
  readonly waves: readonly Wave[];
  /** The configuration's file, found and checked. */
  readonly file: string;
  /** Undefined where templates are still to be made. */
  readonly assembly: { readonly folder: string; readonly stacks: readonly AssemblyStack[] } | undefined;
}

const BAKE_MINUTES_DEFAULT = 10;
const BAKE_MINUTES_MAX = 1_440;
export const SECONDS_PER_MINUTE = 60;

/** The plan that was asked for. @throws UsageError for what no plan has, CommandFailure where none can be made */
export async function chooseWaves(context: CommandContext): Promise<ChosenWaves> {
  const { line, runtime } = context;
  const bakeSeconds = readBakeMinutes(line) * SECONDS_PER_MINUTE;
  refuseTogether(line);
  const synthContext = readSynthContext(line);
  const { config, file } = await runtime.loadConfig(line.text('config'));
  const assembly = readAssembly(context);
  refuseForeign(config.name, assembly?.stacks ?? []);
  const stacks =
    assembly?.stacks ??
    (await runtime.readInventory(file, synthContext).catch((error: Error) => {
      throw new CommandFailure(error.message, error);
    }));
  const waves = planOf(line, stacks, { homeRegion: config.home.region, bakeSeconds });
  refuseUnexpected(line, waves);
  return { waves: wavesAsked(line, waves), file, assembly };
}

function planOf(
  line: CommandLine,
  stacks: readonly WaveStack[],
  options: { readonly homeRegion: string; readonly bakeSeconds: number },
): readonly Wave[] {
  const firstRegion = line.text('first');
  try {
    return wavePlan(stacks, { ...options, firstRegion, readersFirst: line.flag('readers-first') });
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(`--first: ${error.message}`) : error;
  }
}

function readAssembly({ line, runtime }: CommandContext): ChosenWaves['assembly'] {
  const folder = line.text('assembly');
  if (folder === undefined) return undefined;
  try {
    return runtime.readAssembly(folder);
  } catch (error) {
    throw new CommandFailure(error instanceof Error ? error.message : String(error), error);
  }
}

function readBakeMinutes(line: CommandLine): number {
  const text = line.text('bake-minutes');
  if (text === undefined) return BAKE_MINUTES_DEFAULT;
  const minutes = numberOf(text);
  if (minutes >= 0 && minutes <= BAKE_MINUTES_MAX) return minutes;
  throw new UsageError(`--bake-minutes must be a number from 0 to ${BAKE_MINUTES_MAX}, got "${text}"`);
}

/** Each pair of options that contradict each other, or of which one needs the other. */
function refuseTogether(line: CommandLine): void {
  const has = (name: string): boolean => line.text(name) !== undefined;
  const wrong = [
    has('from') && has('only') ? '--from and --only exclude each other' : '',
    has('assembly') && line.texts('context').length > 0
      ? '--context and --assembly exclude each other: the templates are made already'
      : '',
    line.flag('lookup-roles') && !has('assembly')
      ? '--lookup-roles needs --assembly: its stacks name the roles'
      : '',
    line.flag('lookup-roles') && line.texts('profile').length > 0
      ? '--lookup-roles and --profile exclude each other'
      : '',
  ].filter((sentence) => sentence !== '');
  if (wrong.length > 0) throw new UsageError(wrong.join('; '));
}

/** Alarms and tables are looked for by the configuration's name: of another deployment nothing would ever go off. */
function refuseForeign(deployment: string, stacks: readonly AssemblyStack[]): void {
  const foreign = stacks.find((stack) => stack.deployment !== undefined && stack.deployment !== deployment);
  if (foreign === undefined) return;
  throw new CommandFailure(
    `The assembly's ${foreign.id} is of the deployment ${foreign.deployment}, and the configuration is of ${deployment}: give the configuration that the assembly was made with.`,
  );
}

/** A pipeline has a stage for each wave; a plan with others would leave one out. */
function refuseUnexpected(line: CommandLine, waves: readonly Wave[]): void {
  const expected = line.text('expect');
  if (expected === undefined) return;
  const kinds = waves.map(waveKindOf).join(',');
  if (kinds === expected) return;
  throw new CommandFailure(
    `The plan has the waves ${kinds}, and ${expected} were expected. Where a pipeline expects them, deploy it first: npx cdk deploy 'Pipeline-*'.`,
  );
}

/** A wave goes by its name, or by the word before its regions. */
function wavesAsked(line: CommandLine, waves: readonly Wave[]): readonly Wave[] {
  const from = line.text('from');
  const only = line.text('only');
  if (from !== undefined) return waves.slice(indexOf(waves, '--from', from));
  if (only === undefined) return waves;
  const index = indexOf(waves, '--only', only);
  return waves.slice(index, index + 1);
}

function indexOf(waves: readonly Wave[], option: string, asked: string): number {
  const index = waves.findIndex((wave) => wave.name === asked || waveKindOf(wave) === asked);
  if (index >= 0) return index;
  const names = waves.map(waveKindOf).join(', ');
  throw new UsageError(`${option}: there is no wave "${asked}"; the waves are ${names}`);
}
