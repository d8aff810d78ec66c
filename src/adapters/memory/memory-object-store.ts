/** Objects in memory: for tests, and for a simulated region. */
import type { ByteRange, ObjectStore } from '#usecases/ports/object-store.ts';

/** What is read comes in pieces of this size, as from a socket. */
const PIECE_BYTES = 16 * 1024;

export function createMemoryObjectStore(): ObjectStore {
  const objects = new Map<string, Uint8Array>();
  const put = async (key: string, bytes: Uint8Array): Promise<void> => {
    objects.set(key, bytes.slice());
  };
  return {
    put,
    openWriter(key) {
      const parts: Uint8Array[] = [];
      return {
        write: async (bytes) => void parts.push(bytes.slice()),
        finish: () => put(key, new Uint8Array(parts.flatMap((part) => [...part]))),
        abandon: async () => void parts.splice(0),
      };
    },
    async read(key, range) {
      const bytes = objects.get(key);
      return bytes === undefined ? undefined : piecesOf(cut(bytes, range));
    },
    list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
    async remove(keys) {
      for (const key of keys) objects.delete(key);
    },
  };
}

function cut(bytes: Uint8Array, range: ByteRange | undefined): Uint8Array {
  return range === undefined ? bytes : bytes.subarray(range.offset, range.offset + range.bytes);
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
