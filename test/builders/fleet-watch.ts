/** What goes wrong in a deployed fleet from one moment on, each thing by its name. */
import type { JournalEntry } from '#local/control/journal.ts';
import type { DeployedFleet } from './deployed-fleet.ts';

export interface FleetWatch {
  /** Since the watch began. Empty for a fleet in order. */
  problems(): Promise<readonly string[]>;
}

/** Refusals that a correct product asks for: the condition of a write does its work so. */
const wanted = new Set(['ConditionalCheckFailedException', 'PreconditionFailed']);

export async function watchFleet(fleet: DeployedFleet): Promise<FleetWatch> {
  const { cloud } = fleet;
  const verdictsBefore = cloud.judge.verdicts.length;
  const seqBefore = (await fleet.journal()).at(-1)?.seq ?? 0;
  const functions = () => resourcesOf(fleet, 'AWS::Lambda::Function');
  const failuresBefore = new Map(functions().map((arn) => [arn, cloud.functions.calls(arn).failures]));
  const schedules = resourcesOf(fleet, 'AWS::Scheduler::Schedule');
  const firedBefore = new Map(schedules.map((arn) => [arn, cloud.schedules.seen(arn)?.fired ?? 0]));
  const minutesBefore = cloud.schedules.now.getTime();
  return {
    async problems() {
      const found = new Set<string>();
      for (const { isAllowed, principal, action, resource } of cloud.judge.verdicts.slice(verdictsBefore)) {
        if (!isAllowed) found.add(`${principal} may not ${action} on ${resource}`);
      }
      // A deployment brings functions and takes them away.
      for (const arn of functions()) {
        const { failures, lastError } = cloud.functions.calls(arn);
        if (failures > (failuresBefore.get(arn) ?? 0)) found.add(`${arn} fails: ${lastError}`);
      }
      for (const arn of cloud.schedules.now.getTime() > minutesBefore ? schedules : []) {
        if (!arn.includes('discover')) continue;
        const fired = (cloud.schedules.seen(arn)?.fired ?? 0) - (firedBefore.get(arn) ?? 0);
        if (fired === 0) found.add(`${arn} has not fired`);
      }
      for (const entry of await fleet.journal()) {
        if (entry.seq > seqBefore && isRefusal(entry)) found.add(refusalOf(entry));
      }
      return [...found];
    },
  };
}

function resourcesOf({ deployment }: DeployedFleet, type: string): string[] {
  return [...deployment.stacks.values()]
    .flatMap(({ resources }) => [...resources.values()])
    .filter(({ definition }) => definition.type === type)
    .map(({ made }) => made.attributes.Arn ?? '');
}

/** Who was denied stands among the verdicts already. */
const isRefusal = ({ error }: JournalEntry): boolean =>
  error !== undefined && !wanted.has(error) && !error.startsWith('AccessDenied');

const refusalOf = ({ service, operation, target, region, error }: JournalEntry): string =>
  `${service} ${operation} of ${target} in ${region}: ${error}`;
