import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { SpillwayConfig } from '#contract/config.ts';
import { grantReadControls, grantSayControls } from '../constructs/table-access.ts';
import { hasOperators } from '../places.ts';

/**
 * Reading operators' words in the gateway's region; and where it is operated, saying its own there and home's at home.
 * Nothing where the configuration keeps none strongly consistent.
 */
export function grantUseControls(grantee: IGrantable, config: SpillwayConfig, region: string): void {
  const { home, name, state } = config;
  if (state.controls === undefined) return;
  const owner = { deployment: name, account: home.account };
  const isOperated = hasOperators(config);
  grantReadControls(grantee, owner, isOperated ? [...new Set([region, home.region])] : [region]);
  if (!isOperated) return;
  grantSayControls(grantee, owner, { region, sid: 'SayControls' });
  if (region !== home.region)
    grantSayControls(grantee, owner, { region: home.region, sid: 'SayControlsAtHome' });
}
