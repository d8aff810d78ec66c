/** The pipeline that carries a deployment out in waves. */
import * as z from 'zod';
import { regionSchema } from './config-parts.ts';
import { text, whole } from './config-values.ts';

const CONNECTION =
  /^arn:aws:(?:codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{12}:connection\/[A-Za-z0-9-]{1,64}$/;
const REPOSITORY = /^[\w.-]{1,100}(?:\/[\w.-]{1,100}){1,20}$/;
const BRANCH = /^[\w./-]{1,250}$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const OBJECT_KEY = /^[\w./-]{1,250}\.zip$/;
/** No way out of the source, and nothing that a shell reads. */
const FILE = /^(?!\/)(?!.*\.\.)[\w./-]{1,200}\.(?:ts|json)$/;

/** As `core/deploy-waves` has them: a test holds the two lists together. */
export const approvableWaves = [
  'keys',
  'state',
  'control',
  'one-region',
  'one-per-geography',
  'all-others',
  'names',
] as const;

const WAVE_RULE = `must be one of ${approvableWaves.map((name) => `"${name}"`).join(', ')}`;

const connectionSchema = z.strictObject({
  arn: text(
    CONNECTION,
    'the ARN of a connection such as "arn:aws:codeconnections:us-east-1:111111111111:connection/1c72e9ec-…"',
  ).describe('The connection of AWS CodeConnections, in the home account, which somebody has completed.'),
  repository: text(REPOSITORY, 'an owner and a name such as "acme/spillway"').describe('The repository.'),
  branch: text(BRANCH, 'the name of a branch such as "main"').default('main').describe('What is deployed.'),
  startOnPush: z
    .boolean('must be true or false')
    .default(false)
    .describe('Each push to the branch begins a run. Else somebody does.'),
});

const archiveSchema = z.strictObject({
  bucket: text(BUCKET, 'the name of a bucket').describe(
    'A bucket of the home account and region, with versions.',
  ),
  key: text(OBJECT_KEY, 'the key of a zip file such as "spillway.zip"').describe(
    'The project as a zip file, without node_modules.',
  ),
});

const ONE_SOURCE = 'must have either `connection` or `archive`';

export const pipelineSchema = z
  .strictObject({
    connection: connectionSchema
      .optional()
      .describe('The project in a repository. @default - it comes as `archive`'),
    archive: archiveSchema
      .optional()
      .describe('The project as a file in S3. @default - it comes by `connection`'),
    configFile: text(FILE, 'a file inside the project such as "spillway.config.ts"')
      .default('spillway.config.ts')
      .describe('The configuration inside the project.'),
    runTests: z
      .boolean('must be true or false')
      .default(false)
      .describe('`npm test` before templates are made; a test that fails ends the run.'),
    firstRegion: regionSchema
      .optional()
      .describe('Region of the first regional wave. @default - a gateway’s away from home'),
    bakeMinutes: whole(0, 240).default(10).describe('How long alarms are watched after each wave.'),
    approvals: z
      .array(z.enum(approvableWaves, WAVE_RULE))
      .default([])
      .describe('Waves before which somebody must agree, within seven days.'),
  })
  .refine(({ connection, archive }) => (connection === undefined) !== (archive === undefined), ONE_SOURCE);

export type PipelineConfig = z.output<typeof pipelineSchema>;
