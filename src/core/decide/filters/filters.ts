import type { Filter } from '../decision.ts';
import { budgetFilter } from './budget-filter.ts';
import { capabilityFilter } from './capability-filter.ts';
import { capacityFilter } from './capacity-filter.ts';
import { contextFilter } from './context-filter.ts';
import { credentialsFilter } from './credentials-filter.ts';
import { deadlineFilter } from './deadline-filter.ts';
import { healthFilter } from './health-filter.ts';
import { operatorFilter } from './operator-filter.ts';
import { residencyFilter } from './residency-filter.ts';
import { retentionFilter } from './retention-filter.ts';
import { stateFilter } from './state-filter.ts';
import { tenantFilter } from './tenant-filter.ts';

/**
 * Every filter, in the order in which a trail names them: the first that removes a candidate gives the reason.
 * Credentials and health stand last, because what they alone remove may be spared.
 */
export const filters: readonly Filter[] = [
  residencyFilter,
  retentionFilter,
  tenantFilter,
  capabilityFilter,
  contextFilter,
  operatorFilter,
  budgetFilter,
  deadlineFilter,
  stateFilter,
  capacityFilter,
  credentialsFilter,
  healthFilter,
];
