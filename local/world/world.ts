/**
 * What Bedrock offers in each (account, region): the facts of data/, changed by what the control API was told.
 *
 * Invariant: lists and the data plane read the same state, so that what a list drops is also refused when it is
 * called, unless someone asked for the two to differ. The catalogues own the overrides; services only read.
 */
import { AccountSettingsBook } from './account-settings.ts';
import type { WorldFacts } from './facts.ts';
import { ModelCatalogue } from './model-catalogue.ts';
import { ProfileCatalogue } from './profile-catalogue.ts';
import { QuotaBook } from './quota-book.ts';

export interface World {
  readonly models: ModelCatalogue;
  readonly profiles: ProfileCatalogue;
  readonly quotas: QuotaBook;
  readonly settings: AccountSettingsBook;
}

/** A world of these facts, without overrides. */
export function createWorld(facts: WorldFacts): World {
  const models = new ModelCatalogue(facts);
  const profiles = new ProfileCatalogue(facts, models);
  return { models, profiles, quotas: new QuotaBook(models, profiles), settings: new AccountSettingsBook() };
}
