/** What the gateways of a region tell each other of a tenant's calls, as the capacity table holds it. Checked on every read. */
import * as z from 'zod';

/** No count of a kind gets higher: each is halved long before. */
const COUNT_MAX = 2_048;
const KINDS_MAX = 32;
const MODELS_MAX = 256;

const few = <Value>(values: Record<string, Value>, most: number): boolean =>
  Object.keys(values).length <= most;

const count = z.number().min(0).max(COUNT_MAX);
const name = z.string().min(1).max(300);

const chainsSchema = z.object({
  chains: z.int().min(0).max(COUNT_MAX),
  models: z.record(name, count).refine((models) => few(models, MODELS_MAX)),
});

const lengthsSchema = z.object({
  answers: z.int().min(0),
  /** By the place of the bucket. */
  counts: z.record(z.string().regex(/^\d{1,2}$/), count),
});

export const learnedItemSchema = z.object({
  revision: z.int().min(1),
  /** By first model and path. */
  chains: z.record(name, chainsSchema).refine((chains) => few(chains, KINDS_MAX)),
  /** By model and path. */
  lengths: z.record(name, lengthsSchema).refine((lengths) => few(lengths, KINDS_MAX)),
});

/** One chain, by its tenant and trace: what was first written of it. */
export const chainItemSchema = z.object({
  firstModel: name,
  route: name,
  /** A call of it met a target without a copy. */
  cold: z.boolean().optional(),
  /** Those that were called; counting tokens calls none. */
  models: z.set(name).optional(),
});
