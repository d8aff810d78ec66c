/** How the tables at home are kept. */
import * as z from 'zod';
import { regionSchema } from './config-parts.ts';

const count = 'must list three regions, or two beside a witness';

const controlsSchema = z.strictObject({
  regions: z
    .array(regionSchema, count)
    .min(2, count)
    .max(3, count)
    .describe(
      'Regions with a copy of the set: home, the one that stands by and every gateway are among them. Three, or two beside a `witness`, all of one of AWS’s sets.',
    ),
  witness: regionSchema
    .optional()
    .describe(
      'A third region that confirms writes and that nobody reads. @default - `regions` are three, and each has a copy',
    ),
});

export const stateSchema = z.strictObject({
  controls: controlsSchema
    .optional()
    .describe(
      'Keeps holds and disabled targets strongly consistent over three regions as well: see docs/guides/operate.md. It cannot be changed later, only taken away and made anew. @default - each region reads them in its own replica of the routes, within seconds',
    ),
});
