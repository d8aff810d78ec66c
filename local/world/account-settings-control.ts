import type { ControlResource } from '../service.ts';
import type { AccountSettingsBook } from './account-settings.ts';
import { type EntryShape, isAccount, isRecord, isRegion, isText, oneOf, type Rule } from './body-check.ts';
import { overridesControl } from './overrides-control.ts';

const GUARDRAIL_MEMBERS = new Set(['id', 'profileId', 'enforced']);

const isGuardrail = (value: unknown): boolean =>
  isRecord(value) &&
  isText(value.id) === undefined &&
  Object.keys(value).every((name) => GUARDRAIL_MEMBERS.has(name)) &&
  (value.profileId === undefined || /^[a-z-]+\.guardrail\.v\d+:\d+$/.test(String(value.profileId))) &&
  ['undefined', 'boolean'].includes(typeof value.enforced);

const areGuardrails: Rule = (value) =>
  Array.isArray(value) && value.every(isGuardrail)
    ? undefined
    : 'a list of guardrails, such as [{"id":"abc123","profileId":"eu.guardrail.v1:0","enforced":true}]';

const SHAPE: EntryShape = {
  required: ['region'],
  rules: {
    region: isRegion,
    account: isAccount,
    retentionMode: oneOf('default', 'none', 'inherit', 'aws_review', 'provider_data_share'),
    logGroup: isText,
    logBucket: isText,
    guardrails: areGuardrails,
  },
};

/** `/_local/account-settings`: what an account keeps, shares and guards of all its calls. */
export function accountSettingsControl(settings: AccountSettingsBook): ControlResource {
  return overridesControl('account-settings', settings.overrides, { shape: SHAPE });
}
