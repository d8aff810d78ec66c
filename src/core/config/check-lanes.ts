import {
  type CheckableConfig,
  type ConfigFinding,
  type ConfigFindings,
  listText,
  repeatedIndexes,
} from './config-findings.ts';

/** Lanes: a lower one is never kept out of less than a higher one, and tenants start in a lane that is theirs. */
export function checkLanes({ lanes: { standard, bulk }, tenants }: CheckableConfig): ConfigFindings {
  const errors: ConfigFinding[] = [];
  if (bulk.slotShareMin > standard.slotShareMin)
    errors.push({
      path: 'lanes.bulk.slotShareMin',
      message: `${bulk.slotShareMin} is more than standard, the lane above, is sure of; want ${standard.slotShareMin} or less`,
    });
  for (const [name, { lane, lanes }] of Object.entries(tenants)) {
    for (const index of repeatedIndexes(lanes ?? []))
      errors.push({
        path: `tenants.${name}.lanes[${index}]`,
        message: `"${lanes?.[index]}" is there already`,
      });
    if (lane === undefined || lanes === undefined || lanes.includes(lane)) continue;
    errors.push({
      path: `tenants.${name}.lane`,
      message: `"${lane}" is not among the tenant's lanes, ${listText(lanes)}`,
    });
  }
  return { errors, warnings: [] };
}
