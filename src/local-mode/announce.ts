/** What local mode tells a person (text, progress on a terminal) or a program (one JSON object per line). */

export type LocalModeEvent =
  | { readonly event: 'warning'; readonly path: string; readonly message: string }
  | { readonly event: 'listening'; readonly config: string; readonly awsUrl: string }
  | { readonly event: 'progress'; readonly done: number; readonly total: number; readonly failed: number }
  | { readonly event: 'round'; readonly total: number; readonly failed: number; readonly durationMs: number }
  | { readonly event: 'problem'; readonly part: string; readonly message: string }
  | { readonly event: 'ending'; readonly underWay: number; readonly msMax: number }
  | {
      readonly event: 'ready';
      readonly gateways: readonly { readonly region: string; readonly url: string }[];
      readonly awsUrl: string;
      /** Undefined where the configuration switches it off. */
      readonly console?: string | undefined;
    }
  | { readonly event: 'metrics'; readonly url: string };

export interface Announcer {
  tell(event: LocalModeEvent): void;
}

export interface AnnouncerOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  /** True when the output is a terminal: progress is then drawn over itself. */
  readonly isTerminal: boolean;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
}

const clearLine = '\r\u001b[K';
/** Where nobody watches, every so many finished regions get a line. */
const progressStep = 100;

export function createAnnouncer(options: AnnouncerOptions): Announcer {
  if (options.json) return { tell: (event) => options.write(`${JSON.stringify(event)}\n`) };
  const seen = { problems: new Set<string>(), ready: false };
  return {
    tell(event) {
      const text = textOf(event, options, seen.ready);
      if (event.event === 'ready') seen.ready = true;
      if (event.event === 'problem') {
        // A fault that lasts would say the same with every round.
        if (options.quiet || seen.problems.has(`${event.part} ${event.message}`)) return;
        seen.problems.add(`${event.part} ${event.message}`);
        options.writeError(text);
      } else if (event.event === 'ready' || !options.quiet) options.write(text);
    },
  };
}

function textOf(event: LocalModeEvent, options: AnnouncerOptions, ready: boolean): string {
  switch (event.event) {
    case 'warning':
      return `Warning          ${event.path}: ${event.message}\n`;
    case 'listening':
      return `Configuration    ${event.config}\nLocal AWS        ${event.awsUrl}\n`;
    case 'metrics':
      return `Metrics          ${event.url}\n`;
    case 'progress':
      return ready ? '' : progressText(event, options);
    case 'round':
      return ready ? '' : roundText(event, options);
    case 'problem':
      return `Problem          ${event.part}: ${event.message}\n`;
    case 'ending':
      return `Ending           ${event.underWay} ${event.underWay === 1 ? 'call' : 'calls'} under way, at most ${event.msMax / 1000} s\n`;
    case 'ready': {
      const pairs = event.gateways.map(({ region, url }) => `  ${region} ${url}`).join('');
      return `Spillway is ready${pairs}\n${options.quiet ? '' : hintText(event)}`;
    }
  }
}

function progressText(
  event: { done: number; total: number; failed: number },
  options: AnnouncerOptions,
): string {
  const text = `Discovering      ${event.done} of ${event.total} regions${event.failed === 0 ? '' : `, ${event.failed} failed`}`;
  if (options.isTerminal) return `${clearLine}${text}`;
  return event.done % progressStep === 0 && event.done < event.total ? `${text}\n` : '';
}

function roundText(
  event: { total: number; failed: number; durationMs: number },
  options: AnnouncerOptions,
): string {
  const seconds = (event.durationMs / 1000).toFixed(1);
  const failures = event.failed === 0 ? '' : `, ${event.failed} failed`;
  return `${options.isTerminal ? clearLine : ''}Discovered       ${event.total} regions in ${seconds} s${failures}\n`;
}

/** A command that works as it stands, whatever ports this run got. */
function hintText(event: Extract<LocalModeEvent, { event: 'ready' }>): string {
  const { gateways, awsUrl } = event;
  const url = gateways[0]?.url ?? '';
  const usual = url === 'http://127.0.0.1:4000' && awsUrl === 'http://127.0.0.1:4566';
  const where = usual ? '' : ` --url ${url} --aws-url ${awsUrl}`;
  const page = event.console === undefined ? '' : `Console          ${event.console}\n`;
  return `\n${page}Try              npx spillway availability${where}\nStop             Ctrl-C\n`;
}
