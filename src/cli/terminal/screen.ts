/** The whole of a terminal, drawn over in place: only lines that differ are written again, and in one go. */
interface ScreenStream {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

export interface Screen {
  /** As they are now: people change the size of their windows. */
  readonly columns: number;
  readonly rows: number;
  /** Shows these lines from the top, each no wider than the screen; those below its end are not seen. */
  show(lines: readonly string[]): void;
  /** Gives the terminal back as it was. */
  close(): void;
}

const ESCAPE = '\u001b[';
/** The other screen, which has no history, no cursor on it, and cuts what is wider than it is. */
const OPEN = `${ESCAPE}?1049h${ESCAPE}?25l${ESCAPE}?7l${ESCAPE}2J`;
const CLOSE = `${ESCAPE}?7h${ESCAPE}?25h${ESCAPE}?1049l`;
/** Terminals that know it draw nothing in between. */
const BEGIN = `${ESCAPE}?2026h`;
const END = `${ESCAPE}?2026l`;

export function openScreen(stream: ScreenStream): Screen {
  let shown: readonly string[] = [];
  let size = '';
  const sizeOf = (): string => `${stream.columns}x${stream.rows}`;
  stream.write(OPEN);
  return {
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
    show(lines) {
      const resized = size !== sizeOf();
      size = sizeOf();
      const next = lines.slice(0, stream.rows ?? 24);
      const old = resized ? [] : shown;
      const written = Array.from({ length: Math.max(next.length, old.length) }, (_, row) =>
        next[row] === old[row] ? '' : `${ESCAPE}${row + 1};1H${next[row] ?? ''}${ESCAPE}K`,
      ).join('');
      shown = next;
      if (written !== '' || resized) stream.write(`${BEGIN}${resized ? `${ESCAPE}2J` : ''}${written}${END}`);
    },
    close: () => void stream.write(CLOSE),
  };
}
