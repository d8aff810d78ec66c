/** An API key in the tenants table: hashes and scopes, never a key. Checked on every read; a bad item opens nothing. */
import * as z from 'zod';

const isoTime = z.iso.datetime({ offset: false });
const name = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/);

/** What a key is for. */
export const keyLabelSchema = name;

/** A reader refuses a schema that it does not know: a newer one could narrow a key in a way that it would not see. */
export const keyItemSchema = z.object({
  schema: z.literal(1),
  tenant: name,
  label: keyLabelSchema,
  slot: z.union([z.literal(1), z.literal(2)]),
  keyId: z.string().regex(/^[0-9a-z]{12}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  pepperId: z.string().regex(/^[0-9a-f]{12}$/),
  createdAt: isoTime,
  createdBy: z.string().max(256),
  changedAt: isoTime,
  expiresAt: isoTime.optional(),
  revokedAt: isoTime.optional(),
  residencies: z.array(name).min(1).optional(),
  models: z
    .array(z.union([z.literal('*'), name]))
    .min(1)
    .optional(),
});
