import type { MetricDefinition } from './metric-definition.ts';

const ofGateway = (
  name: string,
  rest: Pick<MetricDefinition, 'meaning'> & { readonly unit?: 'None' },
): MetricDefinition => ({
  ...{ namespace: 'Spillway/Gateway', name, unit: 'Count', instrument: 'counter', dimensions: [] },
  ...{ writer: 'gateway', zeroPublished: false, countMax: ({ gateways }) => gateways },
  ...rest,
});

/** Of a whole gateway region, so that one alarm watches it: an alarm reads ten metrics at most, and searches for none. */
export const serviceLevelMetrics: readonly MetricDefinition[] = [
  ofGateway('ServiceCalls', {
    meaning:
      'Calls that the service level counts (`slo`): all but those that the caller got wrong, asked too much of, or took back at once.',
  }),
  ofGateway('ServiceFailures', {
    meaning:
      'Those of them that failed. Its sum over that of `ServiceCalls` is the share of unavailability that alarms watch.',
  }),
  ofGateway('SlowStarts', {
    meaning: 'Those of them whose first content came later than `slo.firstTokenMs` of their model.',
  }),
  ofGateway('ServiceCost', {
    unit: 'None',
    meaning: 'What all answers of the gateway region cost, in USD, where every price is known.',
  }),
];
