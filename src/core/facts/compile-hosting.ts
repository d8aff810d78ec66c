import type { ServiceLevel } from '../capacity-plan/copy-limits.ts';
import type { EngineSpeed, SpeedPoint } from '../capacity-plan/engine-speed.ts';

/** The parsed data/hosting.json. */
export interface HostingInput {
  readonly asOf: string;
  readonly prices: readonly { readonly id: string; readonly microUsdPerHour: number }[];
  readonly engineSpeeds: readonly SpeedRow[];
  readonly serviceLevels: readonly LevelRow[];
}

interface SpeedRow {
  readonly engine: string;
  readonly instance: string;
  readonly gpusPerCopy: number;
  readonly measured: string;
  readonly promptMs: readonly (readonly number[])[];
  readonly tokenMs: readonly (readonly number[])[];
  readonly source: string;
}

interface LevelRow extends ServiceLevel {
  readonly id: string;
  /** Null for the last: whatever is larger. */
  readonly weightsGiBMax: number | null;
}

/** The speed of an engine on so many GPUs of an instance type. */
export interface MeasuredSpeed {
  readonly instanceType: string;
  readonly gpusPerCopy: number;
  readonly speed: EngineSpeed;
  readonly source: string;
}

interface NamedServiceLevel extends ServiceLevel {
  readonly name: string;
}

/** What the facts know of hosting models on GPUs of one’s own. */
export interface HostingFacts {
  readonly asOf: string;
  /** Micro-USD an hour, on demand; undefined where no price is known. */
  instancePrice(instanceType: string): number | undefined;
  /** Engines that somebody measured in public, by name. */
  readonly measuredEngines: readonly string[];
  /** Every place where somebody measured this engine. */
  speedsOf(engine: string): readonly MeasuredSpeed[];
  /** Of the benchmark’s model that is nearest in size; undefined without facts. */
  serviceLevelOf(weightsGiB: number): NamedServiceLevel | undefined;
}

export function compileHosting({ asOf, prices, engineSpeeds, serviceLevels }: HostingInput): HostingFacts {
  const priceById = new Map(prices.map(({ id, microUsdPerHour }) => [id, microUsdPerHour]));
  return {
    asOf,
    measuredEngines: [...new Set(engineSpeeds.map(({ engine }) => engine))].sort(),
    instancePrice: (instanceType) => priceById.get(instanceType),
    speedsOf: (engine) => engineSpeeds.filter((row) => row.engine === engine).map(measuredSpeed),
    serviceLevelOf: (weightsGiB) => {
      const row = serviceLevels.find(
        ({ weightsGiBMax }) => weightsGiBMax === null || weightsGiB <= weightsGiBMax,
      );
      if (row === undefined) return undefined;
      return { name: row.id, firstTokenMs: row.firstTokenMs, tokenMs: row.tokenMs };
    },
  };
}

function measuredSpeed(row: SpeedRow): MeasuredSpeed {
  return {
    instanceType: row.instance,
    gpusPerCopy: row.gpusPerCopy,
    speed: {
      promptMs: row.promptMs.map(pointOf),
      tokenMs: row.tokenMs.map(pointOf),
      measured: row.measured === 'apart' ? 'apart' : 'together',
    },
    source: row.source,
  };
}

const pointOf = ([at = 0, milliseconds = 0]: readonly number[]): SpeedPoint => [at, milliseconds];
