import type { Dialect, ErrorFormat, WireFormat } from './dialect.ts';

/** @param load the dialect; asked again with the next call where it failed */
export function loadedWithFirstCall(errors: ErrorFormat, load: () => Promise<Dialect>): WireFormat {
  let dialect: Dialect | undefined;
  const loaded = async (): Promise<Dialect> => {
    dialect ??= await load();
    return dialect;
  };
  return {
    errors,
    load: async () => void (await loaded()),
    read: (...call) => dialect?.read(...call) ?? loaded().then((now) => now.read(...call)),
  };
}
