/** `/_local/traffic`: starts, shows and stops recorded traffic. */
import type { ControlResource } from '#local/service.ts';
import type { TrafficGenerator } from './traffic-generator.ts';
import { parseTrafficOrder, type TrafficGround } from './traffic-order.ts';

export function trafficControl(ground: TrafficGround, generator: TrafficGenerator): ControlResource {
  return {
    name: 'traffic',
    methods: {
      GET: () => generator.report,
      PUT(body) {
        generator.start(parseTrafficOrder(body, ground));
        return generator.report;
      },
      async DELETE() {
        await generator.close();
        return generator.report;
      },
    },
  };
}
