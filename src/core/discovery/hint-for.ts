/** Who can repair what discovery found, in one sentence for people. */
import type { TargetState } from '../target.ts';
import type { Observation } from './observation.ts';

export interface Hint {
  readonly who: 'nobody' | 'account-owner' | 'aws-support' | 'wait';
  readonly text: string;
}

const HINTS: Readonly<Record<TargetState, Hint>> = {
  available: { who: 'nobody', text: 'Nothing to repair: it can be used.' },
  legacy: {
    who: 'nobody',
    text: 'It can be used, but its provider is retiring it: plan a successor before its end of life.',
  },
  'profile-only': {
    who: 'nobody',
    text: 'The plain model id cannot be called on demand here: call it through an inference profile of this region.',
  },
  'not-authorized': {
    who: 'aws-support',
    text: 'The account itself is not cleared for this model: the account owner opens a case with AWS Support.',
  },
  'not-entitled': {
    who: 'account-owner',
    text: 'The account has no entitlement yet; it follows the model agreement, so accept that first.',
  },
  'no-agreement': {
    who: 'account-owner',
    text: 'The model agreement is not accepted: accept it in the Bedrock console or with CreateFoundationModelAgreement.',
  },
  'not-offered': { who: 'nobody', text: 'The model is not offered in this region: other regions serve it.' },
  'quota-zero': {
    who: 'account-owner',
    text: 'The quota of this model is 0 here: ask for an increase in Service Quotas.',
  },
  denied: {
    who: 'account-owner',
    text: 'Listed and entitled, but a call was refused: look for a service control policy on a destination region or a missing permission of the gateway role.',
  },
  warm: { who: 'nobody', text: 'Nothing to repair: copies are in service.' },
  warming: { who: 'wait', text: 'Copies are being started; this takes several minutes.' },
  cold: {
    who: 'wait',
    text: 'Scaled to zero: the next spilled request wakes it, which takes several minutes.',
  },
  unknown: { who: 'wait', text: 'No answer from AWS yet: the next run asks again.' },
};

const PENDING: Hint = {
  who: 'wait',
  text: 'The Marketplace subscription is in progress; it takes up to 15 minutes.',
};
const AGREEMENT_ERROR: Hint = {
  who: 'account-owner',
  text: 'The Marketplace subscription failed: check the payment method and the geography of the account.',
};
const ABSENT: Hint = {
  who: 'wait',
  text: 'Missing from the last list; a second sign or three lists in a row decide.',
};
const STALE: Hint = {
  who: 'wait',
  text: 'The last answer is missing, so this is the last known state: the next run asks again.',
};
const ENDPOINT_GONE: Hint = {
  who: 'account-owner',
  text: 'The endpoint does not exist or cannot serve: deploy it again or take it out of the configuration.',
};
const REACH_UNKNOWN: Hint = {
  who: 'wait',
  text: 'AWS did not list where this profile runs, so no residency permits it: the next run asks again.',
};

/** The most specific hint that state and reasons allow. */
export function hintFor(observation: Pick<Observation, 'state' | 'reasons' | 'stale' | 'kind'>): Hint {
  const { state, reasons, stale, kind } = observation;
  const has = (start: string): boolean => reasons.some((reason) => reason.startsWith(start));
  if (state === 'no-agreement' && has('agreement-pending')) return PENDING;
  if (state === 'no-agreement' && has('agreement-error')) return AGREEMENT_ERROR;
  if (state === 'not-offered' && kind === 'sagemaker') return ENDPOINT_GONE;
  if (has('reach-unknown')) return REACH_UNKNOWN;
  if (has('absent-')) return ABSENT;
  if (stale && state !== 'unknown') return STALE;
  return HINTS[state];
}
