import type { Tenant } from '../ports/tenant-directory.ts';
import type { Viewer } from './identify-viewer.ts';
import { mayUse } from './ingress.ts';
import type { LiveView } from './live-event.ts';
import type { LiveSubject } from './live-tally.ts';

/**
 * A tenant sees its own requests, of the residencies and models that the viewer's own key may use; never those of others,
 * of whose traffic and cost they tell. An operator sees all. The name of a tenant alone opens nothing: every condition must hold.
 */
export function liveViewOf({ tenant, isOperator }: Viewer): LiveView {
  if (isOperator) return { key: 'everything', everything: true, sees: () => true };
  return { key: keyOf(tenant), everything: false, sees: (subject) => isOwn(tenant, subject) };
}

function isOwn(tenant: Tenant, subject: LiveSubject): boolean {
  return (
    subject.tenant === tenant.name &&
    tenant.residencies.includes(subject.residency) &&
    mayUse(tenant, subject.model)
  );
}

const keyOf = ({ name, residencies, models }: Tenant): string =>
  JSON.stringify([name, [...residencies].sort(), [...models].sort()]);
