/** What ships with the product of hosting models on GPUs of one's own; nothing that answers a request needs it. */
import { compileHosting, type HostingFacts } from '#core/facts/compile-hosting.ts';
import hosting from '#data/hosting.json' with { type: 'json' };

let compiled: HostingFacts | undefined;

export function shippedHosting(): HostingFacts {
  compiled ??= compileHosting(hosting);
  return compiled;
}
