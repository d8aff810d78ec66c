import type { Fault } from '#contract/swarm-scenario.ts';

/** What is wrong with a world for a while, in one line that a person can read. */
export function describeFault(fault: Fault): string {
  const when = `${fault.fromSeconds}–${fault.untilSeconds} s`;
  switch (fault.kind) {
    case 'region':
    case 'table':
    case 'catalogue':
      return `${fault.kind} ${fault.region} ${fault.trouble}, ${when}`;
    case 'model':
      return `model ${fault.modelId} ${fault.trouble}, ${when}`;
    case 'cold':
      return `endpoint ${fault.endpoint} cold, ${when}`;
    case 'planted':
      return `planted routes in ${fault.region}, ${when}`;
  }
}

/** Whether it makes calls fail, and not only what is known of targets. */
export function isOfCalls({ kind }: Fault): boolean {
  return kind === 'region' || kind === 'model' || kind === 'cold';
}

/** Whether calls are refused as not allowed. */
export function isDenial(fault: Fault): boolean {
  return (fault.kind === 'region' || fault.kind === 'model') && fault.trouble === 'denied';
}
