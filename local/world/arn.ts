import { EVERYWHERE } from './facts.ts';

/** `arn:aws:bedrock:<region>::foundation-model/<id>`; the region is empty for "anywhere". */
export function modelArn(region: string, modelId: string): string {
  return `arn:aws:bedrock:${region}::foundation-model/${modelId}`;
}

/** `arn:aws:bedrock:<region>:<account>:inference-profile/<id>` */
export function profileArn(region: string, account: string, profileId: string): string {
  return `arn:aws:bedrock:${region}:${account}:inference-profile/${profileId}`;
}

/** The parts of a Bedrock ARN, or undefined when the text is none. */
export function parseBedrockArn(
  text: string,
):
  | { readonly region: string; readonly account: string; readonly type: string; readonly id: string }
  | undefined {
  const match = /^arn:aws(?:-[a-z-]+)?:bedrock:([a-z0-9-]*):(\d{12})?:([a-z-]+)\/(.+)$/.exec(text);
  if (!match) return undefined;
  const [, region = '', account = '', type = '', id = ''] = match;
  return { region, account, type, id };
}

/** The id that a caller's model identifier names: an ARN is cut down to its last part. */
export function bareId(identifier: string): string {
  return parseBedrockArn(identifier)?.id ?? identifier;
}

/** Region of a foundation-model ARN as a destination: the empty one means everywhere. */
export function destinationOf(arn: string): string {
  const parsed = parseBedrockArn(arn);
  return parsed === undefined || parsed.region === '' ? EVERYWHERE : parsed.region;
}
