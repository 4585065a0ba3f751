import { stateOf } from '../../check/history.ts';
import type { Report } from '../../check/outcome.ts';
import type { Request } from './request.ts';

/** One form of an answer's body. */
export interface Body {
  readonly contentType: string;
  readonly render: (report: Report) => string;
  /** More field lines for this form. */
  readonly fields?: readonly string[];
  /** True when the status line is about the scrape, not about the target. */
  readonly isScrape?: boolean;
}

/** The forms by the value of `?format=`. */
type Format = 'text' | 'json' | 'metrics' | 'html';

const formatOfType = {
  'text/plain': 'text',
  'application/health+json': 'json',
  'application/json': 'json',
  'text/html': 'html',
} as const satisfies Record<string, Format>;

type MediaType = keyof typeof formatOfType;

/** In the order of preference for a client that accepts all of them. */
const mediaTypes = Object.keys(formatOfType) as [MediaType, ...MediaType[]];

/**
 * The body that a request asks for, by its path, its `?format=` and its Accept field. A form is loaded
 * only when a request asks for it.
 */
export async function bodyFor({ target, accept }: Request): Promise<Body> {
  if (isMetricsTarget(target)) return bodies.metrics();
  const probed = probePath(target);
  const format = formatInQuery(target);
  if (format !== undefined) return bodies[format](probed);
  // A scrape accepts text too, and does not know the other forms.
  const usual = probed === undefined ? 'text' : 'metrics';
  if (accept === undefined) return bodies[usual]();
  const { preferredType } = await import('./accept.ts');
  const mediaType = preferredType(mediaTypes, accept);
  if (mediaType === 'text/plain') return bodies[usual]();
  const body = await bodies[formatOfType[mediaType]](probed);
  return mediaType === 'application/json' ? { ...body, contentType: mediaType } : body;
}

const bodies = {
  text: async () => ({ contentType: 'text/plain; charset=utf-8', render: verdictText }),
  async json() {
    const { healthDocument } = await import('../formats/health-json.ts');
    return { contentType: 'application/health+json', render: healthDocument };
  },
  async metrics() {
    const { exposition } = await import('../formats/exposition.ts');
    const contentType = 'text/plain; version=0.0.4; charset=utf-8';
    return { contentType, render: (report) => exposition(report), isScrape: true };
  },
  async html(probed?: string) {
    const { page, pagePolicy } = await import('../formats/page.ts');
    return {
      contentType: 'text/html; charset=utf-8',
      fields: [`Content-Security-Policy: ${await pagePolicy()}`, 'Referrer-Policy: no-referrer'],
      render: (report) => page(report, verdictOf(report), probed),
    };
  },
} satisfies Record<Format, (probed?: string) => Promise<Body>>;

/** The path in front of the query, also in a whole URI (RFC 9112 section 3.2.2). */
const metricsTarget = /^(?:https?:\/\/[^/?#]*)?\/metrics\/?(?:[?#]|$)/i;
const probeTarget = /^(?:https?:\/\/[^/?#]*)?(\/probe\/?\?(?:[^#]*&)?check=[^#]*)/i;

// Most targets are `/`, and the expressions take long to compile.
const isMetricsTarget = (target: string) =>
  target.toLowerCase().includes('metrics') && metricsTarget.test(target);

/** `/probe` with its query and without a format; undefined for another path. */
function probePath(target: string): string | undefined {
  if (!target.toLowerCase().includes('check=')) return undefined;
  return probeTarget.exec(target)?.[1]?.replace(/&format=[^&]*|(?<=\?)format=[^&]*&/g, '');
}

function formatInQuery(target: string): Format | undefined {
  const [, text] = /[?&]format=([a-z]+)(?:[&#]|$)/.exec(target) ?? [];
  return text !== undefined && Object.hasOwn(bodies, text) ? (text as Format) : undefined;
}

/**
 * The verdict on the first line, as operators match on it, and the reason on the second. After them come
 * the lines of `--verbose`, or a line for each check that the report combines.
 */
function verdictText(report: Report): string {
  const { outcome, lines = [], parts = [] } = report;
  const checks = parts.map((part) => `${part.name} ${stateOf(part)}: ${part.outcome.summary}`);
  return `${[verdictOf(report), outcome.summary, ...lines, ...checks].join('\n')}\n`;
}

function verdictOf({ probe, outcome: { status, isDraining } }: Report): string {
  const works = status === 'ok' || status === 'warning';
  const verdict = works ? 'is running.' : 'is not running or not accessible.';
  return `${probe.toUpperCase()} ${isDraining ? 'is drained.' : verdict}`;
}
