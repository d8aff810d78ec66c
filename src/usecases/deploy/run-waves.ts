/**
 * usecases/deploy: a deployment wave by wave, each of which must leave alarms quiet before the next one begins.
 *
 * Invariant: nothing is deployed after a failure, an alarm, or an alarm that could not be read. What was deployed before
 * stays: going back is a decision of a person, and the same run with the version before. The folder owns no state.
 */
import { isSilenceAlarm } from '#core/deploy-waves/silence-alarm.ts';
import type { Wave } from '#core/deploy-waves/wave-plan.ts';
import type { AlarmWatch } from '../ports/alarm-watch.ts';
import type { Clock } from '../ports/clock.ts';
import type { StackDeployer } from '../ports/stack-deployer.ts';

export interface WaveDependencies {
  readonly clock: Clock;
  readonly deployer: StackDeployer;
  readonly alarms: AlarmWatch;
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
      /** `deploy`: a stack failed. `alarm`: at least one goes off that did not before. `unreadable`: alarms could not be read. */
      readonly at: 'deploy' | 'alarm' | 'unreadable';
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

async function runWave(
  { clock, deployer, alarms, tell }: WaveDependencies,
  wave: Wave,
  onDeployed: () => void,
): Promise<Stop | undefined> {
  const before = await goingOff(alarms, wave);
  if (typeof before === 'string') return { at: 'unreadable', why: before };
  if (before.length > 0) tell({ kind: 'already-going-off', wave, alarms: before });
  tell({ kind: 'deploying', wave });
  const failure = await deployer.deploy(wave.stacks);
  if (failure !== undefined) return { at: 'deploy', why: failure };
  onDeployed();
  tell({ kind: 'baking', wave });
  const endMs = clock.monotonicMs() + wave.bakeSeconds * MS_PER_SECOND;
  for (;;) {
    const now = await goingOff(alarms, wave);
    if (typeof now === 'string') return { at: 'unreadable', why: now };
    const leftMs = endMs - clock.monotonicMs();
    const fresh = now.filter((alarm) => !before.includes(alarm) && (leftMs <= 0 || !mayPass(alarm)));
    if (fresh.length > 0) return { at: 'alarm', why: fresh.join(', ') };
    if (leftMs <= 0) return undefined;
    await clock.sleep(Math.min(leftMs, LOOK_EVERY_MS));
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
