import type { Tenant } from '../ports/tenant-directory.ts';
import { type CallerEvidence, identify } from './identify.ts';
import { operatorOf } from './identify-operator.ts';
import type { Services } from './services.ts';
import { passed, refused, type Staged } from './stage.ts';

/** Whoever asks what is known, and calls no model with it. */
export interface Viewer {
  /** Of an operator, who need not be one: with every residency and model. */
  readonly tenant: Tenant;
  readonly isOperator: boolean;
}

/** A tenant, which sees what it may use, or an operator, who sees everything. */
export async function identifyViewer(
  services: Pick<Services, 'tenants' | 'operations' | 'config'>,
  evidence: CallerEvidence,
): Promise<Staged<Viewer>> {
  if (typeof (await operatorOf(services, evidence)) === 'object') {
    const residencies = Object.keys(services.config.residencies);
    return passed({ tenant: { name: 'operator', residencies, models: ['*'] }, isOperator: true });
  }
  const identified = await identify(services.tenants, evidence);
  return identified.ok
    ? passed({ tenant: identified.value, isOperator: false })
    : refused(identified.refusal);
}
