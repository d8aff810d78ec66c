/**
 * usecases/deploy: a deployment wave by wave, each of which must leave alarms quiet before the next one begins.
 *
 * Invariant: nothing is deployed after a failure, an alarm, an alarm that could not be read, or a wish to stop, and no
 * table turns to a key that its readers may not use yet. What was deployed before stays: going back is a decision of a person, and the same run with the version before. The folder owns no state.
 */
import { isSilenceAlarm } from '#core/deploy-waves/silence-alarm.ts';
import { type Wave, waveKindOf } from '#core/deploy-waves/wave-plan.ts';
import type { AlarmWatch } from '../ports/alarm-watch.ts';
import type { Clock } from '../ports/clock.ts';
import type { StackDeployer } from '../ports/stack-deployer.ts';
import type { TableKeys } from '../ports/table-keys.ts';

export interface WaveDependencies {
  readonly clock: Clock;
  readonly deployer: StackDeployer;
  readonly alarms: AlarmWatch;
  /**
   * Asked before state is deployed.
   * @default - whoever reads the tables is known to be deployed before them
   */
  readonly tableKeys?: TableKeys;
  /** Ends the run where it stands; what CloudFormation has begun goes on by itself. */
  readonly interrupted: AbortSignal;
  /** Hears what is done, for people who wait. */
  readonly tell: (event: WaveEvent) => void;
}

export type WaveEvent =
  | { readonly kind: 'deploying' | 'baking' | 'done'; readonly wave: Wave }
  | { readonly kind: 'already-going-off'; readonly wave: Wave; readonly alarms: readonly string[] };

export type WaveOutcome =
  | { readonly kind: 'complete' }
  | {
      readonly kind: 'stopped';
      readonly wave: string;
      /**
       * `deploy`: a stack failed. `alarm`: at least one goes off that did not before. `unreadable`: alarms or tables could
       * not be read. `readers`: tables would turn to keys that their readers may not use yet. `interrupted`: somebody
       * wished so.
       */
      readonly at: 'deploy' | 'alarm' | 'unreadable' | 'readers' | 'interrupted';
      readonly why: string;
      /** Waves that are deployed, and this one where its stacks are. */
      readonly deployed: readonly string[];
    };

/** How often alarms are looked at while a wave bakes: they change once a minute. */
const LOOK_EVERY_MS = 60_000;
const MS_PER_SECOND = 1_000;

/** Runs the waves in order, and stops at the first that does not go well. */
export async function runWaves(dependencies: WaveDependencies, waves: readonly Wave[]): Promise<WaveOutcome> {
  const deployed: string[] = [];
  for (const wave of waves) {
    const stop = await runWave(dependencies, wave, () => void deployed.push(wave.name));
    if (stop !== undefined) return { kind: 'stopped', wave: wave.name, ...stop, deployed };
    dependencies.tell({ kind: 'done', wave });
  }
  return { kind: 'complete' };
}

type Stop = Pick<Extract<WaveOutcome, { readonly kind: 'stopped' }>, 'at' | 'why'>;

const INTERRUPTED: Stop = { at: 'interrupted', why: 'what CloudFormation had begun goes on by itself' };

async function runWave(
  dependencies: WaveDependencies,
  wave: Wave,
  onDeployed: () => void,
): Promise<Stop | undefined> {
  const { deployer, alarms, tell, interrupted } = dependencies;
  const early = await stopOfTables(dependencies, wave);
  if (early !== undefined) return early;
  const before = await goingOff(alarms, wave);
  if (typeof before === 'string') return { at: 'unreadable', why: before };
  if (before.length > 0) tell({ kind: 'already-going-off', wave, alarms: before });
  if (interrupted.aborted) return INTERRUPTED;
  tell({ kind: 'deploying', wave });
  const failure = await deployer.deploy(wave.stacks);
  // Whoever wished to stop ended the CDK too: that is no failure of a stack.
  if (interrupted.aborted) return INTERRUPTED;
  if (failure !== undefined) return { at: 'deploy', why: failure };
  onDeployed();
  tell({ kind: 'baking', wave });
  return await bake(dependencies, wave, before);
}

/** Watches the alarms of a wave that is deployed, for its time. */
async function bake(
  { clock, alarms, interrupted }: WaveDependencies,
  wave: Wave,
  before: readonly string[],
): Promise<Stop | undefined> {
  const endMs = clock.monotonicMs() + wave.bakeSeconds * MS_PER_SECOND;
  for (;;) {
    const now = await goingOff(alarms, wave);
    if (typeof now === 'string') return { at: 'unreadable', why: now };
    const leftMs = endMs - clock.monotonicMs();
    const fresh = now.filter((alarm) => !before.includes(alarm) && (leftMs <= 0 || !mayPass(alarm)));
    if (fresh.length > 0) return { at: 'alarm', why: fresh.join(', ') };
    if (leftMs <= 0) return undefined;
    try {
      await clock.sleep(Math.min(leftMs, LOOK_EVERY_MS), interrupted);
    } catch (error) {
      if (interrupted.aborted) return INTERRUPTED;
      throw error;
    }
  }
}

/** What forbids state: tables that turn to keys of the deployment while gateways and discovery may not use these yet. */
async function stopOfTables({ tableKeys }: WaveDependencies, wave: Wave): Promise<Stop | undefined> {
  if (tableKeys === undefined || waveKindOf(wave) !== 'state') return undefined;
  try {
    const tables = await tableKeys.underKeysOfDynamodb();
    if (tables.length === 0) return undefined;
    return { at: 'readers', why: `${tables.join(', ')} would turn to a key that nobody may use yet` };
  } catch (error) {
    return { at: 'unreadable', why: error instanceof Error ? error.message : String(error) };
  }
}

/** A function that was deployed just now is silent until its clock has come round: that is judged when the wave has baked. */
const mayPass = (alarm: string): boolean => isSilenceAlarm(alarm.split(' ')[0] ?? alarm);

/** Alarms of every place of a wave with where they stand; a text that says why they cannot be read. */
async function goingOff(alarms: AlarmWatch, wave: Wave): Promise<readonly string[] | string> {
  try {
    const found = await Promise.all(
      wave.places.map(async (place) =>
        (await alarms.goingOff(place)).map((name) => `${name} (${place.account} ${place.region})`),
      ),
    );
    return found.flat().sort();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
