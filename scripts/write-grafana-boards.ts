/**
 * Writes the boards for Grafana, with the files by which it provisions itself.
 *
 * Usage: node scripts/write-grafana-boards.ts [folder]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boards } from '#core/boards/boards.ts';
import { grafanaBoard } from './grafana-board.ts';

/** In the container of Grafana. */
const FOLDER_IN_GRAFANA = '/etc/grafana/dashboards/spillway';

const provider = `# Written by scripts/write-grafana-boards.ts. Do not edit.
apiVersion: 1
providers:
  - name: spillway
    folder: Spillway
    type: file
    disableDeletion: true
    allowUiUpdates: false
    options:
      path: ${FOLDER_IN_GRAFANA}
`;

/** Grafana puts variables of its environment in. Without a role of its own to take on, the last two are empty. */
const source = `# Written by scripts/write-grafana-boards.ts. Do not edit.
apiVersion: 1
datasources:
  - name: Spillway
    uid: spillway-cloudwatch
    type: cloudwatch
    jsonData:
      authType: default
      # The home region of the deployment: what plan writes is read there.
      defaultRegion: $SPILLWAY_HOME_REGION
      # A role of the home account, which sees the metrics of all accounts that link to its sinks.
      assumeRoleArn: $SPILLWAY_GRAFANA_ROLE_ARN
      externalId: $SPILLWAY_GRAFANA_EXTERNAL_ID
      customMetricsNamespaces: Spillway/Availability,Spillway/Gateway
`;

/** Every file, by its path in the folder. */
export function grafanaFiles(): ReadonlyMap<string, string> {
  return new Map([
    ...boards.map((board): [string, string] => [
      `dashboards/spillway-${board.id}.json`,
      `${JSON.stringify(grafanaBoard(board), null, 1)}\n`,
    ]),
    ['provisioning/dashboards/spillway.yaml', provider],
    ['provisioning/datasources/spillway.yaml', source],
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? fileURLToPath(new URL('../deploy/grafana', import.meta.url));
  for (const [path, text] of grafanaFiles()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    console.log(join(folder, path));
  }
}
