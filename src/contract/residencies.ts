/** What a gateway tells of residencies and regions: `GET /spillway/v1/residencies`. */
import * as z from 'zod';

const region = z.string();

export const residencyMapSchema = z.object({
  /** Those that the viewer may name, each with every region that a prompt under it may touch. */
  residencies: z.array(
    z.object({
      name: z.string(),
      /** `any`: there is no bound, and regions of tomorrow are lawful too. */
      lawful: z.union([z.literal('any'), z.array(region)]),
    }),
  ),
  /** Every region that the facts or a residency know. */
  regions: z.array(
    z.object({
      region,
      /** ISO 3166. Absent: the facts do not know the region. */
      country: z.string().optional(),
      /** Codes that a residency may name, such as `EU`. */
      jurisdictions: z.array(z.string()),
    }),
  ),
  /** Where callers enter. A prompt under a residency may enter at the lawful ones alone. */
  gateways: z.array(region),
});

export type ResidencyMap = z.infer<typeof residencyMapSchema>;
