import { createTableClient } from '#adapters/aws/account-probe.ts';
import { createDynamodbChangeLog } from '#adapters/aws/dynamodb-change-log.ts';
import { createDynamodbObservationStore } from '#adapters/aws/dynamodb-observation-store.ts';
import { createDynamodbOperatorStore } from '#adapters/aws/dynamodb-operator-store.ts';
import { createDynamodbRefusalLedger } from '#adapters/aws/dynamodb-refusal-ledger.ts';
import { createDynamodbRouteStore } from '#adapters/aws/dynamodb-route-store.ts';
import { createDynamodbVerificationStore } from '#adapters/aws/dynamodb-verification-store.ts';
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import { routeHistoryDays } from '#contract/audit.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { tableName } from '#contract/resources.ts';
import { controlSetting } from '#usecases/plan/control-setting.ts';
import { type AwsConnection, COMMAND_CALL_MS_MAX } from './aws-connection.ts';
import type { CliTables } from './cli-stores.ts';
import { controlRegions } from './control-regions.ts';
import { shippedFacts } from './facts-data.ts';
import { openControls, withConfirmedHolds, withConfirmedWords } from './open-controls.ts';

/** Opens the tables of a deployment: the routes in the replica of a region, the observations at home. */
export type OpenTables = (config: SpillwayConfig, connection: AwsConnection, region: string) => CliTables;

export const openDynamodbTables: OpenTables = (config, connection, region) => {
  const { home, name } = config;
  const regions = controlRegions(config);
  const here = createTableClient({ region, ...connection });
  const atHome = region === home.region ? here : createTableClient({ region: home.region, ...connection });
  const table = tableName(name, 'observations');
  const callMsMax = COMMAND_CALL_MS_MAX;
  const routeTable = { client: here, table: tableName(name, 'routes'), region, callMsMax };
  const controls = openControls(config, { client: here, region, callMsMax });
  const routes = createDynamodbRouteStore({
    historyDays: routeHistoryDays(config.audit),
    ...routeTable,
    models: Object.keys(config.models),
    regions,
    digest: cryptoDigest,
  });
  return {
    routes: withConfirmedHolds(routes, controls),
    observations: createDynamodbObservationStore({
      ...{ client: atHome, table, callMsMax },
      places: controlSetting(config, shippedFacts()).accountRegions,
    }),
    changes: createDynamodbChangeLog({ client: atHome, table, callMsMax }),
    verifications: createDynamodbVerificationStore({ client: atHome, table, callMsMax }),
    words: withConfirmedWords(createDynamodbOperatorStore({ ...routeTable, regions }), controls),
    refusals: createDynamodbRefusalLedger(routeTable),
    close: () => {
      here.destroy();
      atHome.destroy();
    },
  };
};
