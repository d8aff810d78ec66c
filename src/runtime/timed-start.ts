import type { StartMetrics } from '#adapters/aws/emf-gateway-metrics.ts';
import type { Gateway } from '#usecases/gateway/gateway.ts';
import type { Clock } from '#usecases/ports/clock.ts';

/** The same gateway, which tells once how long after its process began it had what it needs to answer. */
export function timedStart(
  gateway: Gateway,
  { metrics, clock }: { readonly metrics: StartMetrics; readonly clock: Pick<Clock, 'now'> },
): Gateway {
  return {
    ...gateway,
    async start() {
      await gateway.start();
      metrics.started({ at: clock.now(), durationMs: process.uptime() * 1000 });
    },
  };
}
