/** `GET /metrics` in Prometheus's text format, on a port of its own: no caller of the gateway comes to it. */
import { type ServedGateway, serveGateway } from './node-server.ts';

export interface MetricsDoorOptions {
  /** All metrics in Prometheus's text format. */
  readonly text: () => Promise<string>;
  /** 0 picks a free one. */
  readonly port: number;
  /** Told of what `text` threw. */
  readonly onDefect: (error: unknown) => void;
}

/** Of the format that the answer is in: https://prometheus.io/docs/instrumenting/exposition_formats/. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * On loopback only: names of models and tenants and what they cost stand here, and nobody is asked who they are.
 *
 * @throws the listening error (`EADDRINUSE`, ...)
 */
export function openMetricsDoor({ text, port, onDefect }: MetricsDoorOptions): Promise<ServedGateway> {
  return serveGateway({
    port,
    onDefect,
    handle: async ({ method, url }) => {
      if (new URL(url).pathname !== '/metrics')
        return new Response('There is only /metrics here.\n', { status: 404 });
      if (method !== 'GET') return new Response(null, { status: 405, headers: { allow: 'GET' } });
      return new Response(await text(), { headers: { 'content-type': CONTENT_TYPE } });
    },
  });
}
