/** An OpenTelemetry collector on loopback, as strict as OTLP/HTTP in JSON allows. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';

const attributes = z.array(
  z.strictObject({
    key: z.string().min(1),
    value: z.union([
      z.strictObject({ stringValue: z.string() }),
      z.strictObject({ intValue: z.union([z.int(), z.string().regex(/^-?\d+$/)]) }),
      z.strictObject({ doubleValue: z.number() }),
      z.strictObject({ boolValue: z.boolean() }),
    ]),
  }),
);
const resource = z.looseObject({ attributes });
const nanos = z.string().regex(/^\d{19}$/);
const spanSchema = z.looseObject({
  traceId: z.string().regex(/^(?!0{32})[0-9a-f]{32}$/),
  spanId: z.string().regex(/^(?!0{16})[0-9a-f]{16}$/),
  parentSpanId: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  name: z.string().min(1),
  /** SERVER or CLIENT. */
  kind: z.union([z.literal(2), z.literal(3)]),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  status: z.looseObject({ code: z.union([z.literal(0), z.literal(2)]) }),
});
const tracesSchema = z.strictObject({
  resourceSpans: z.array(
    z.looseObject({ resource, scopeSpans: z.array(z.looseObject({ spans: z.array(spanSchema) })) }),
  ),
});
const metricSchema = z.looseObject({
  name: z.string().min(1),
  unit: z.string(),
  sum: z.looseObject({ dataPoints: z.array(z.looseObject({ attributes })) }).optional(),
  gauge: z.looseObject({ dataPoints: z.array(z.looseObject({ attributes })) }).optional(),
  histogram: z.looseObject({ dataPoints: z.array(z.looseObject({ attributes })) }).optional(),
});
const metricsSchema = z.strictObject({
  resourceMetrics: z.array(
    z.looseObject({
      resource,
      scopeMetrics: z.array(
        z.looseObject({ scope: z.looseObject({ name: z.string() }), metrics: z.array(metricSchema) }),
      ),
    }),
  ),
});

type OtlpSpan = z.infer<typeof spanSchema>;

export interface OtlpCollector {
  readonly url: string;
  readonly spans: readonly OtlpSpan[];
  /** `<scope>/<name>`, and the unit. */
  readonly metrics: ReadonlyMap<string, { readonly unit: string; readonly kind: string }>;
  /** Everything that came, as it came. */
  readonly bodies: readonly string[];
  /** What was not OTLP. */
  readonly violations: readonly string[];
  /** From now on every call is answered so. */
  answerWith(status: number): void;
  close(): Promise<void>;
}

export async function openOtlpCollector(): Promise<OtlpCollector> {
  const spans: OtlpSpan[] = [];
  const metrics = new Map<string, { readonly unit: string; readonly kind: string }>();
  const bodies: string[] = [];
  const violations: string[] = [];
  let status = 200;
  const take = (url: string | undefined, body: unknown): void => {
    if (url === '/v1/traces')
      for (const { scopeSpans } of tracesSchema.parse(body).resourceSpans)
        spans.push(...scopeSpans.flatMap((scope) => scope.spans));
    else if (url === '/v1/metrics')
      for (const { scopeMetrics } of metricsSchema.parse(body).resourceMetrics)
        for (const { scope, metrics: told } of scopeMetrics)
          for (const { name, unit, sum, gauge } of told)
            metrics.set(`${scope.name}/${name}`, {
              unit,
              kind: sum ? 'counter' : gauge ? 'gauge' : 'histogram',
            });
    else violations.push(`nobody sends to ${url}`);
  };
  const server = createServer(async (request, response) => {
    const text = await textOf(request);
    if (status === 200) {
      bodies.push(text);
      try {
        take(request.url, JSON.parse(text));
      } catch (error) {
        violations.push(error instanceof Error ? error.message : String(error));
      }
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ spans, metrics, bodies, violations },
    answerWith: (next) => {
      status = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
