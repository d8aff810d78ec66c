import type { Environment } from './environment.ts';

/** What the environment says, read once. */
export interface CliSettings {
  /** NO_COLOR (any text) wins over FORCE_COLOR. */
  readonly colour: 'auto' | 'always' | 'never';
  /** COLUMNS; undefined to ask the terminal. */
  readonly columns: number | undefined;
  readonly gatewayUrl: string;
  readonly awsUrl: string;
  readonly configFile: string | undefined;
  /** SPILLWAY_KEY */
  readonly key: string | undefined;
  /** SPILLWAY_KEY_PEPPER, for the keys of a real account. */
  readonly keyPepper: string | undefined;
}

export function readCliSettings(environment: Environment): CliSettings {
  const { NO_COLOR: noColour, FORCE_COLOR: forceColour = '0' } = environment;
  const columns = Number(environment.COLUMNS ?? Number.NaN);
  return {
    colour: noColour !== undefined ? 'never' : forceColour === '0' ? 'auto' : 'always',
    columns: Number.isInteger(columns) && columns > 0 ? columns : undefined,
    gatewayUrl: `http://127.0.0.1:${environment.SPILLWAY_PORT ?? '4000'}`,
    awsUrl: environment.AWS_ENDPOINT_URL ?? `http://127.0.0.1:${environment.SPILLWAY_AWS_PORT ?? '4566'}`,
    configFile: environment.SPILLWAY_CONFIG,
    key: environment.SPILLWAY_KEY,
    keyPepper: environment.SPILLWAY_KEY_PEPPER,
  };
}
