import * as z from 'zod';
import type { CommandContext } from './command.ts';
import { awsUrl, gatewayUrl } from './open-deployment.ts';

const ANSWER_MS_MAX = 2_000;

/** On this machine alone: whoever is told of is shown the key. */
const gatewaysSchema = z.array(
  z.object({
    region: z.string(),
    url: z.url({ protocol: /^http$/, hostname: /^(?:127\.0\.0\.1|localhost)$/ }),
  }),
);

/**
 * By region, where the gateways of local mode listen, as its local AWS tells: with `--port 0` no rule says it. Empty
 * where nobody tells, and where `--url` names a gateway that is none of them: then its neighbours are guessed by their
 * place in the configuration.
 */
export async function localGatewayUrls(context: CommandContext): Promise<Readonly<Record<string, string>>> {
  const told = await askLocalAws(awsUrl(context));
  const named = context.line.text('url');
  const isKnown = named === undefined || told.some(({ url }) => url === new URL(gatewayUrl(context)).origin);
  return isKnown ? Object.fromEntries(told.map(({ region, url }) => [region, url])) : {};
}

async function askLocalAws(url: string): Promise<z.infer<typeof gatewaysSchema>> {
  try {
    const response = await fetch(new URL('/_local/gateways', url), {
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    const told = gatewaysSchema.safeParse(await response.json());
    return told.success ? told.data : [];
  } catch {
    return [];
  }
}
