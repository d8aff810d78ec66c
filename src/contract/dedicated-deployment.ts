/** How a configuration describes a dedicated endpoint that Spillway itself deploys: the member `deploy`. */
import * as z from 'zod';
import { amount, instanceType, text, whole } from './config-values.ts';

const BUCKET_FOLDER = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/([A-Za-z0-9!_.*'()-]+\/)*$/;
const KEY_ARN = /^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key\/[a-f0-9-]+$/;
const HUGGING_FACE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}\/[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/;
const COMMIT = /^[0-9a-f]{40}$/;
const SECRET_NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
const IMAGE = /^[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/[a-z0-9._/-]+[:@][A-Za-z0-9._:-]+$/;
const SCHEDULE = /^(cron\([^()]{9,80}\)|at\(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\))$/;
const TIME_ZONE = /^[A-Za-z]+(\/[A-Za-z0-9_+-]+){0,2}$/;
const SCHEDULE_NAME = /^[a-z][a-z0-9-]{0,40}$/;
const SUBNET = /^subnet-[0-9a-f]{8,17}$/;
const SECURITY_GROUP = /^sg-[0-9a-f]{8,17}$/;
const PARSER = /^[a-z0-9_]{1,40}$/;
const AMI_VERSION = /^[a-z0-9.-]{1,63}$/;

const TOKENS_MAX = 100_000_000;
const COPIES_MAX = 10_000;

const weightsSchema = z.discriminatedUnion(
  'from',
  [
    z.strictObject({
      from: z.literal('s3'),
      uri: text(
        BUCKET_FOLDER,
        'a folder in a bucket that ends in /, such as "s3://models/chat/v3/"',
      ).describe('The folder in which the model’s files lie, not packed.'),
      kmsKeyArn: text(KEY_ARN, 'the ARN of a key in KMS')
        .optional()
        .describe('Key that the files are encrypted with. @default - one that S3 manages'),
    }),
    z.strictObject({
      from: z.literal('hugging-face'),
      id: text(HUGGING_FACE_ID, 'an id such as "organization/model"').describe('The model’s id.'),
      revision: text(COMMIT, 'a commit of 40 hex digits').describe(
        'The commit: copies that start later serve the same weights.',
      ),
      tokenSecret: text(SECRET_NAME, 'the name of a secret in Secrets Manager')
        .optional()
        .describe(
          'Secret whose value is the access token, in the endpoint’s account and region. @default - the model is public',
        ),
    }),
  ],
  'must have from "s3" with an uri, or from "hugging-face" with an id and a revision',
);

const guesses = { tokens: whole(1, 32).describe('Tokens to guess at a time.') };

const speculationSchema = z.discriminatedUnion(
  'method',
  [
    z.strictObject({
      method: z.literal('ngram'),
      ...guesses,
      lookupTokensMin: whole(1, 32).default(2).describe('Shortest run of tokens to look up in the prompt.'),
      lookupTokensMax: whole(1, 32).default(4).describe('Longest run of tokens to look up in the prompt.'),
    }),
    z.strictObject({
      method: z
        .enum(['draft-model', 'eagle', 'eagle3'])
        .describe(
          'How to guess: by a model of its own, or `ngram`, by what came after the same words of the prompt.',
        ),
      ...guesses,
      draft: z
        .string('must be the draft model')
        .min(1, 'must be the draft model')
        .max(200, 'must have at most 200 characters')
        .describe('The draft model: a folder below weights in S3, else a Hugging Face id.'),
      memoryGiB: amount(0.001, 1_000).describe(
        'What draft and its cache take of all GPUs of a copy, in GiB: the gateway reckons with the rest.',
      ),
    }),
  ],
  'must have the method "ngram", "draft-model", "eagle" or "eagle3"',
);

const routingSchema = z.discriminatedUnion(
  'strategy',
  [
    z.strictObject({ strategy: z.literal('least-outstanding-requests') }),
    z.strictObject({
      strategy: z.literal('prefix-aware'),
      prefixBytes: whole(1_024, 65_536).describe(
        'Bytes of a request’s body that make its beginning: longer than what all requests share.',
      ),
      concurrencyMax: whole(1, 1_024)
        .optional()
        .describe(
          'Requests in flight on an instance above which another one is taken. @default - as many as it admits',
        ),
    }),
  ],
  'must have the strategy "least-outstanding-requests" or "prefix-aware"',
);

const copies = {
  copiesMin: whole(0, COPIES_MAX).describe(
    'Fewest copies. With 0 the endpoint sleeps when nobody calls, and the call that finds no copy wakes one.',
  ),
  copiesMax: whole(1, COPIES_MAX).describe('Most copies.'),
};

const scheduleSchema = z.strictObject({
  name: text(SCHEDULE_NAME, 'a lower-case letter and up to 40 more of a-z, 0-9 and -').describe('Its name.'),
  at: text(SCHEDULE, 'an expression such as "cron(0 7 ? * MON-FRI *)"').describe(
    'When these bounds begin to hold, until another schedule’s do.',
  ),
  timeZone: text(TIME_ZONE, 'a time zone such as "Europe/Berlin"')
    .optional()
    .describe('Time zone of `at`. @default - `UTC`'),
  ...copies,
});

const networkSchema = z.strictObject({
  subnets: z
    .array(text(SUBNET, 'a subnet such as "subnet-0123456789abcdef0"'), 'must list 1 to 16 subnets')
    .min(1, 'must list 1 to 16 subnets')
    .max(16, 'must list 1 to 16 subnets')
    .describe('Subnets, of the endpoint’s account and region.'),
  securityGroups: z
    .array(text(SECURITY_GROUP, 'a security group such as "sg-0123456789abcdef0"'), 'must list 1 to 5 groups')
    .min(1, 'must list 1 to 5 groups')
    .max(5, 'must list 1 to 5 groups')
    .describe('Security groups.'),
});

export const deploySchema = z.strictObject({
  weights: weightsSchema.describe('Where the model’s weights come from: `from` is `s3` or `hugging-face`.'),
  otherInstanceTypes: z
    .array(instanceType('ml.p5.4xlarge'))
    .max(4, 'must list at most 4')
    .default([])
    .describe('Taken in this order where SageMaker finds no instance of `instanceType`.'),
  memoryGiBPerCopy: whole(1, 24_576).describe('Memory of the host that a copy is placed by, in GiB.'),
  cpuCoresPerCopy: whole(1, 1_024)
    .optional()
    .describe('CPU cores that a copy is placed by. @default - none are asked for'),
  copiesMin: copies.copiesMin,
  copiesMax: copies.copiesMax,
  targetConcurrencyPerCopy: amount(0.1, 100_000).describe(
    'Requests in flight that a copy should have, less than `concurrencyPerCopy`: more of them mean more copies.',
  ),
  targetKvShare: amount(0.01, 1)
    .optional()
    .describe(
      'Share of the cache that should be reserved, less than 1: more means more copies. @default - only requests in flight count',
    ),
  schedules: z
    .array(scheduleSchema)
    .max(20, 'must list at most 20')
    .default([])
    .describe('Other bounds of copies by the clock.'),
  quantisation: z
    .enum(
      ['fp8-at-start', 'bitsandbytes-at-start', 'fp8', 'awq', 'gptq'],
      'must be "fp8-at-start", "bitsandbytes-at-start", "fp8", "awq" or "gptq"',
    )
    .optional()
    .describe(
      'How weights are made small: `…-at-start` when the engine starts, else as they lie in the files. `engine` describes what comes of it. @default - they are not',
    ),
  speculation: speculationSchema.optional().describe('Guessing tokens ahead. @default - one token at a time'),
  prefixCaching: z
    .boolean('must be true or false')
    .default(true)
    .describe('Keep beginnings of prompts for the next request that has the same.'),
  scheduling: z
    .enum(['fcfs', 'priority'], 'must be "fcfs" or "priority"')
    .default('fcfs')
    .describe(
      'Who is served first inside the engine: who came first, or the `priority` of the request’s body.',
    ),
  stepTokensMax: whole(1, TOKENS_MAX)
    .optional()
    .describe('Tokens that the engine reads and writes in one step. @default - the engine’s own'),
  toolParser: text(PARSER, 'the name of a parser such as "llama3_json"')
    .optional()
    .describe(
      'How the engine reads calls of tools out of what the model writes: vLLM’s `tool_call_parser`. @default - it calls none',
    ),
  reasoningParser: text(PARSER, 'the name of a parser such as "qwen3"')
    .optional()
    .describe(
      'How the engine tells thoughts from the answer: vLLM’s `reasoning_parser`. @default - it does not',
    ),
  kvFormat: z
    .enum(['bf16', 'fp8'], 'must be "bf16" or "fp8"')
    .optional()
    .describe('Format of the cache. @default - as `engine` says, else `bf16`'),
  utilisation: amount(0.1, 0.99)
    .optional()
    .describe('Share of each GPU’s memory that the engine takes. @default - as `engine` says, else 0.9'),
  routing: routingSchema
    .default({ strategy: 'least-outstanding-requests' })
    .describe(
      'To which instance a request goes: `strategy` is `least-outstanding-requests`, or `prefix-aware`, to the one that has read the same beginning.',
    ),
  network: networkSchema
    .optional()
    .describe('Subnets and security groups of the containers. @default - a network of SageMaker’s'),
  image: text(IMAGE, 'the URI of an image in ECR, with its tag or digest')
    .optional()
    .describe(
      'The LMI container. @default - AWS’s own in the region, of the version in docs/guides/dedicated-endpoints.md',
    ),
  amiVersion: text(AMI_VERSION, 'the name of an inference AMI')
    .optional()
    .describe('Driver and CUDA of the hosts, as SageMaker names them. @default - SageMaker’s'),
});
