/** How the tables at home are kept. */
import * as z from 'zod';
import { regionSchema } from './config-parts.ts';
import { text } from './config-values.ts';

const KEY =
  /^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key\/(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const STREAM = /^arn:aws:dynamodb:[a-z0-9-]+:[0-9]{12}:table\/[A-Za-z0-9_.-]{3,255}\/stream\/[0-9T:.-]+$/;

const keysSchema = z
  .record(
    regionSchema,
    text(KEY, 'the ARN of a key such as "arn:aws:kms:eu-central-1:111111111111:key/1c72e9ec-…"; no alias'),
  )
  .superRefine((keys, context) => {
    for (const [region, arn] of Object.entries(keys)) {
      const own = arn.split(':')[3];
      if (own === region || !KEY.test(arn)) continue;
      context.addIssue({
        code: 'custom',
        path: [region],
        input: arn,
        message: `must be a key of ${region}, got one of ${own}: a table is encrypted under a key of its own region`,
      });
    }
  });

const existingSchema = z.strictObject({
  routes: z
    .boolean('must be true or false')
    .default(false)
    .describe('The table `<name>-routes` and its replicas are there.'),
  tenants: z
    .boolean('must be true or false')
    .default(false)
    .describe('The table `<name>-tenants` and its replicas are there.'),
  observations: z
    .strictObject({
      streamArn: text(
        STREAM,
        'the ARN of a table’s stream, as DescribeTable tells it: `LatestStreamArn`',
      ).describe('Its stream, which wakes plan.'),
    })
    .optional()
    .describe('The table `<name>-observations` is there. @default - it is made'),
});

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
  keys: keysSchema
    .default({})
    .describe(
      'By region, a key of your own of the home account, for the tables there: synth says what its policy must allow. Regions that are not named get one from `Keys-<region>` and `State-<home region>`.',
    ),
  existing: existingSchema
    .prefault({})
    .describe(
      'Tables that are there already, under the names and keys of this deployment, such as those that an earlier `State` left behind: they are used as they are, and synth says what their policies must allow. See docs/guides/deploy.md.',
    ),
  controls: controlsSchema
    .optional()
    .describe(
      'Keeps holds and disabled targets strongly consistent over three regions as well: see docs/guides/operate.md. It cannot be changed later, only taken away and made anew. @default - each region reads them in its own replica of the routes, within seconds',
    ),
});
