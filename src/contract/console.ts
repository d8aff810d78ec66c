/** The web console of every gateway: whether it is served, and where a function finds its files. */
import * as z from 'zod';

export const consoleSchema = z.strictObject({
  enabled: z
    .boolean('must be true or false')
    .default(true)
    .describe('Whether gateways serve it. Its page holds nothing but itself; what it shows takes a key.'),
});

/** The folder of its built files, beside the handler in the bundles of gateways. */
export const bundledConsoleFolder = 'console';
