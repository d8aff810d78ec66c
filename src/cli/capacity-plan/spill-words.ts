import type { MadePlan } from './make-plan.ts';

/** What becomes of calls that find no room in copies. */
export function whatBecomes({ serverlessSpeed }: Pick<MadePlan, 'serverlessSpeed'>): 'refused' | 'spilled' {
  return serverlessSpeed === 'none' ? 'refused' : 'spilled';
}
