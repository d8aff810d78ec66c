/** Who hears of alarms, and where the metrics of many accounts are seen together. */
import * as z from 'zod';
import { regionSchema } from './config-parts.ts';
import { amount, text } from './config-values.ts';

const TOPIC = /^[A-Za-z0-9_-]{1,256}$/;
const SINK = /^arn:aws:oam:[a-z0-9-]+:[0-9]{12}:sink\/[A-Za-z0-9-]{1,64}$/;

const sinksSchema = z
  .record(
    regionSchema,
    text(SINK, 'the ARN of a sink such as "arn:aws:oam:eu-central-1:111111111111:sink/1c72e9ec-…"'),
  )
  .superRefine((sinks, context) => {
    for (const [region, arn] of Object.entries(sinks)) {
      const own = arn.split(':')[3];
      if (own === region || !SINK.test(arn)) continue;
      context.addIssue({
        code: 'custom',
        path: [region],
        input: arn,
        message: `must be a sink of ${region}, got one of ${own}: metrics are linked inside a region`,
      });
    }
  });

const COLLECTOR = /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:\/[a-z0-9._~-]+)*$/i;

const otlpSchema = z.strictObject({
  endpoint: text(
    COLLECTOR,
    'an http(s) URL that ends in no slash, such as "http://collector.internal:4318"',
  ).describe('Base URL of the collector, as gateways reach it: `/v1/traces` and `/v1/metrics` follow.'),
  sampledShare: amount(0, 1)
    .default(1)
    .describe(
      'Share of the traces that begin at a gateway whose spans are sent. Callers who bring a trace decide for it themselves.',
    ),
});

export const observabilitySchema = z.strictObject({
  alarmTopic: text(TOPIC, 'the name of an SNS topic: letters, digits, _ and -')
    .optional()
    .describe(
      'Name of the SNS topic that alarms call, in the account and region of each alarm: it must be there before. @default - nobody is called',
    ),
  dashboards: z
    .boolean('must be true or false')
    .default(true)
    .describe(
      'Makes CloudWatch dashboards in the home account: see docs/guides/dashboards.md for what they show and cost.',
    ),
  otlp: otlpSchema
    .optional()
    .describe(
      'Where gateways send spans and metrics besides: an OpenTelemetry collector. See docs/guides/observe.md. @default - nowhere',
    ),
  createSinks: z
    .boolean('must be true or false')
    .default(false)
    .describe(
      'Makes a sink in the home account, in each region in which other accounts are observed; the home account must be bootstrapped there.',
    ),
  sinks: sinksSchema
    .default({})
    .describe(
      'By region, the ARN of the sink that takes in the metrics of its accounts: the output `SinkArn` of `Observability-<region>`, or a sink of your own. A region that is not named links none.',
    ),
});
