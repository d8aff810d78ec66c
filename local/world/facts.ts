/** What the stand-in takes from data/: its own reading of those files, apart from the product's. */

/** A base model and the regions in which bedrock-runtime offers it. */
export interface ModelFact {
  readonly modelId: string;
  readonly provider: string;
  readonly name: string;
  /** Open strings: the service is ahead of the SDK's enums. */
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly streaming: boolean;
  readonly inferenceTypes: readonly string[];
  readonly customizations: readonly string[];
  readonly lifecycle: Lifecycle;
  /** `null`: not known, so not checked. */
  readonly contextTokensMax: number | null;
  readonly outputTokensMax: number | null;
  readonly onDemandRegions: readonly string[];
  readonly profileOnlyRegions: readonly string[];
  /** Has structured outputs of its own; said of it by a source, else it has none. */
  readonly structuredOutputs: boolean;
  /** Choices of a tool that a source says it refuses. */
  readonly refusedToolChoices: readonly ('any' | 'tool')[];
}

/** As ListFoundationModels answers it. */
export interface Lifecycle {
  readonly status: string;
  readonly startOfLifeTime?: Date;
  readonly endOfLifeTime?: Date;
  readonly legacyTime?: Date;
  readonly publicExtendedAccessTime?: Date;
}

/** Everywhere: the destinations of a global profile. */
export const EVERYWHERE = '*';

/** A system-defined inference profile: destinations by source region. */
export interface ProfileFact {
  readonly profileId: string;
  readonly modelId: string;
  readonly destinationsBySource: Readonly<Record<string, readonly string[] | typeof EVERYWHERE>>;
}

/** Everything that the stand-in's Bedrock is made from. */
export interface WorldFacts {
  readonly models: readonly ModelFact[];
  readonly profiles: readonly ProfileFact[];
}
