import type { Judge } from './judge.ts';

/** Words of the product's own log that say that it has a defect. Trouble that it is told of is none. */
const DEFECTS: ReadonlySet<string> = new Set(['internal-error', 'stream-defect', 'request-rejected']);

/** The product never says of itself that something is wrong with it. */
export function defectJudge(): Judge {
  return {
    name: 'defect',
    phase: 'safety',
    defect: (event, facts, report) => {
      if (DEFECTS.has(event)) report(`${event} ${JSON.stringify(facts)}`);
    },
  };
}
