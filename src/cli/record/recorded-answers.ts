import * as z from 'zod';

/** A model as ListFoundationModels names it in one region. */
export interface RecordedModel {
  readonly modelId: string;
  readonly provider: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly streaming: boolean | undefined;
  readonly inferenceTypes: readonly string[];
  readonly customizations: readonly string[];
  readonly lifecycle: string;
  /** Dates as `YYYY-MM-DD`; undefined where AWS says none. */
  readonly launchedOn: string | undefined;
  readonly legacyOn: string | undefined;
  readonly publicExtendedAccessOn: string | undefined;
  readonly endOfLifeOn: string | undefined;
}

/** A system-defined inference profile as one source region lists it. */
export interface RecordedProfile {
  readonly profileId: string;
  readonly modelArns: readonly string[];
}

/** What one region answered. A part that failed, or was empty, is undefined: unknown, never "none". */
export interface RecordedRegion {
  readonly region: string;
  readonly models: readonly RecordedModel[] | undefined;
  readonly profiles: readonly RecordedProfile[] | undefined;
  /** Why a part is missing, for people. */
  readonly failures: readonly string[];
}

const texts = z.array(z.string());
const date = z.string().nullable();

/** data/catalogue.json, as data/README.md describes it; the order of members is the order in the file. */
export const catalogueFileSchema = z.strictObject({
  source: z.string(),
  asOf: z.string(),
  models: z.array(
    z.strictObject({
      id: z.string(),
      provider: z.string(),
      name: z.string(),
      input: texts.nullable(),
      output: texts.nullable(),
      streaming: z.boolean().nullable(),
      inferenceTypes: texts,
      customizations: texts,
      lifecycle: z.string(),
      launchedOn: date,
      legacyOn: date,
      publicExtendedAccessOn: date,
      endOfLifeOn: date,
      contextTokensMax: z.number().nullable(),
      outputTokensMax: z.number().nullable(),
      endpoints: texts,
      onDemandRegions: texts.nullable(),
      profileOnlyRegions: texts.nullable(),
      globalOnlyRegions: texts,
      onDemandOrMantleRegions: texts,
      mantleRegions: texts,
      retentionMode: z.string().nullable(),
      asOf: z.string(),
    }),
  ),
});

/** data/profiles.json. A row has `destinationsBySource`, or `sources` for a global profile. */
export const profilesFileSchema = z.strictObject({
  source: z.string(),
  asOf: z.string(),
  destinationSets: z.array(z.strictObject({ id: z.string(), regions: texts })),
  profiles: z.array(
    z.strictObject({
      id: z.string(),
      geo: z.string(),
      modelId: z.string(),
      destinationsBySource: z.record(z.string(), z.string()).nullable().optional(),
      sources: texts.nullable().optional(),
    }),
  ),
});

export type CatalogueFile = z.infer<typeof catalogueFileSchema>;
export type ModelFactRow = CatalogueFile['models'][number];
export type ProfilesFile = z.infer<typeof profilesFileSchema>;
export type ProfileFactRow = ProfilesFile['profiles'][number];
