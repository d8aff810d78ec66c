import { ControlError, type ControlResource } from '../service.ts';
import {
  type EntryShape,
  entryPath,
  isAccount,
  isBoolean,
  isRegion,
  isText,
  listOf,
  matches,
} from './body-check.ts';
import { overrideKey, type ProfileOverride } from './overrides.ts';
import { overridesControl } from './overrides-control.ts';
import type { ProfileCatalogue } from './profile-catalogue.ts';

const isModelArn = matches(
  /^arn:aws[a-z-]*:bedrock:[a-z0-9-]*::foundation-model\/\S+$/,
  'a foundation-model ARN',
);

const SHAPE: EntryShape = {
  required: ['region', 'profileId'],
  rules: {
    region: isRegion,
    account: isAccount,
    profileId: isText,
    offered: isBoolean,
    modelArns: listOf(
      isModelArn,
      'a list of foundation-model ARNs, such as ["arn:aws:bedrock:eu-west-1::foundation-model/<id>"]; an empty region means everywhere',
    ),
  },
};

/** `/_local/profiles`: which inference profiles stand in a source region, and where they send prompts. */
export function profilesControl(profiles: ProfileCatalogue): ControlResource {
  return overridesControl('profiles', profiles.overrides, {
    shape: SHAPE,
    require: (body, entries) => requireDestinations(body, entries, profiles),
  });
}

/** A profile that nobody knows from this source has to say where it sends prompts. */
function requireDestinations(
  body: unknown,
  entries: readonly ProfileOverride[],
  profiles: ProfileCatalogue,
): void {
  const violations = entries.flatMap(({ region, account, profileId, offered, modelArns }, index) => {
    const known =
      profiles.factArns(region, profileId) ??
      profiles.overrides.get(overrideKey(region, undefined, profileId))?.modelArns ??
      profiles.overrides.get(overrideKey(region, account, profileId))?.modelArns ??
      entries.find((entry) => entry.region === region && entry.profileId === profileId && entry.modelArns);
    if (modelArns || offered === false || known) return [];
    const message = `is required: ${profileId} has no known destinations from ${region}`;
    return [{ path: entryPath(body, index, 'modelArns'), message }];
  });
  if (violations.length > 0) throw new ControlError(violations);
}
