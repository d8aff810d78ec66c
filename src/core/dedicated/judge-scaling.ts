import type { EngineFacts } from '../kv/described-engine.ts';
import { layoutOf } from './copy-layout.ts';
import type { Contradiction, Deployment, ScalingSchedule } from './deployment.ts';

/** How many copies there may be, what makes them more, and to which of them a request goes. */
export function judgeScaling(deployment: Deployment, facts: EngineFacts): readonly Contradiction[] {
  return [
    ...judgeCopies(deployment),
    ...judgeTargets(deployment),
    ...judgeSchedules(deployment.schedules ?? []),
    ...judgeRouting(deployment, facts),
  ];
}

function judgeCopies({ copies, copiesMin, copiesMax }: Deployment): readonly Contradiction[] {
  if (copiesMax < 1)
    return [{ member: 'copiesMax', message: `${copiesMax} lets no copy ever run; must be at least 1` }];
  if (copiesMin > copiesMax)
    return [
      {
        member: 'copiesMin',
        message: `${copiesMin} is more than copiesMax, ${copiesMax}; must be at most that`,
      },
    ];
  if (copies >= copiesMin && copies <= copiesMax) return [];
  const message = `${copies} to start with; must be from copiesMin, ${copiesMin}, to copiesMax, ${copiesMax}`;
  return [{ member: 'copies', message }];
}

function judgeTargets(deployment: Deployment): readonly Contradiction[] {
  const { targetConcurrencyPerCopy: target, concurrencyPerCopy, targetKvShare } = deployment;
  const concurrency =
    target < concurrencyPerCopy
      ? []
      : [
          {
            member: 'targetConcurrencyPerCopy',
            message: `${target} is never passed, since the gateway lets no more than concurrencyPerCopy, ${concurrencyPerCopy}, into a copy: nothing would scale; must be less`,
          },
        ];
  if (targetKvShare === undefined || targetKvShare < 1) return concurrency;
  const message = `${targetKvShare} is never passed, since no more than the whole can be reserved; must be less than 1`;
  return [...concurrency, { member: 'targetKvShare', message }];
}

function judgeSchedules(schedules: readonly ScalingSchedule[]): readonly Contradiction[] {
  return schedules.flatMap(({ name, copiesMin, copiesMax }, index) => {
    const member = `schedules[${index}]`;
    if (schedules.findIndex((each) => each.name === name) < index)
      return [
        { member: `${member}.name`, message: `"${name}" stands in the list before; take another name` },
      ];
    if (copiesMin <= copiesMax) return [];
    const message = `${copiesMin} is more than its copiesMax, ${copiesMax}; must be at most that`;
    return [{ member: `${member}.copiesMin`, message }];
  });
}

function judgeRouting(deployment: Deployment, facts: EngineFacts): readonly Contradiction[] {
  const { routing, prefixCaching, concurrencyPerCopy } = deployment;
  if (routing.strategy !== 'prefix-aware') return [];
  if (!prefixCaching) {
    const message =
      '"prefix-aware" sends the same beginning to the same instance, which keeps none of it with prefixCaching false; must be "least-outstanding-requests", or prefixCaching true';
    return [{ member: 'routing.strategy', message }];
  }
  const layout = layoutOf(deployment, facts);
  const { concurrencyMax } = routing;
  if (layout === undefined || concurrencyMax === undefined) return [];
  const admitted = layout.copiesPerInstance * concurrencyPerCopy;
  if (concurrencyMax <= admitted) return [];
  const message = `${concurrencyMax} is never reached: ${layout.copiesPerInstance} copies of ${concurrencyPerCopy} requests are all that an instance admits; must be at most ${admitted}`;
  return [{ member: 'routing.concurrencyMax', message }];
}
