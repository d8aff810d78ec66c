import type { Dialect, ErrorFormat, WireFormat } from './dialect.ts';

/** @param load the dialect; asked again with the next call where it failed */
export function loadedWithFirstCall(errors: ErrorFormat, load: () => Promise<Dialect>): WireFormat {
  let dialect: Dialect | undefined;
  return {
    errors,
    read: (...call) => {
      if (dialect !== undefined) return dialect.read(...call);
      return load().then((loaded) => {
        dialect = loaded;
        return loaded.read(...call);
      });
    },
  };
}
