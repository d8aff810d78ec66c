/** A call that must not be let through, and who would make it. */
import type { CallFacts } from '#test/builders/call-uses.ts';
import type { PolicyJson } from '#test/builders/deployed-policies.ts';

export interface RefusedCall {
  /** What goes wrong if it is let through. */
  readonly danger: string;
  /** A role of the deployment, else one that its account lets do anything. */
  readonly role: string;
  readonly call: CallFacts;
  /** @default - the deployment's own */
  readonly organization?: string | undefined;
}

/** What a careless account gives its administrators: whatever is refused them is refused by what they touch. */
export const anything: readonly PolicyJson[] = [
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
];

export const roleIn = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;
export const us = roleIn('111111111111', 'acme-gateway-us-east-1');
export const frankfurt = roleIn('222222222222', 'acme-gateway-eu-central-1');
export const ireland = roleIn('222222222222', 'acme-gateway-eu-west-1');
export const tokyo = roleIn('333333333333', 'acme-gateway-ap-northeast-1');
export const plan = roleIn('111111111111', 'acme-plan-us-east-1');
export const verify = roleIn('111111111111', 'acme-verify-us-east-1');
export const discoverHome = roleIn('111111111111', 'acme-discover-us-east-1');
export const discoverIreland = roleIn('222222222222', 'acme-discover-eu-west-1');
export const discoverTokyo = roleIn('333333333333', 'acme-discover-ap-northeast-1');
export const adminOfEu = roleIn('222222222222', 'admin');
export const stranger = roleIn('444444444444', 'acme-gateway-eu-central-1');

export const access = (account: string) => roleIn(account, 'acme-gateway-access');
export const refuse = (
  danger: string,
  role: string,
  call: CallFacts,
  organization?: string,
): RefusedCall => ({
  danger,
  role,
  call,
  ...(organization === undefined ? {} : { organization }),
});
