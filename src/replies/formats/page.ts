import { version } from '../../../package.json';
import { formatDuration } from '../../check/duration.ts';
import { type CheckState, type History, stateOf } from '../../check/history.ts';
import type { Metric, Report } from '../../check/outcome.ts';
import { pageStyle } from './page-style.ts';

/** How often the page reloads itself, in seconds. */
const reloadSeconds = 5;

/** How many checks the page shows, the gravest first; it counts the others, and so stays small. */
const maxChecks = 50;

/**
 * How many changes and metrics of one check are shown, when it is the only one, and when there are
 * others.
 */
const alone = { changes: 10, metrics: 40 };
const besideOthers = { changes: 3, metrics: 0 };

const gravityOrder = [
  'critical',
  'unknown',
  'warning',
  'drained',
  'ok',
] as const satisfies readonly CheckState[];

/**
 * A report as one HTML document without scripts, images or other files. `verdict` is the first line of
 * the text answer. `probed` is the path of `/probe` with its query, if that gave the report. All text in it
 * is escaped.
 */
export function page(report: Report, verdict: string, probed?: string): string {
  const parts = report.parts ?? [report];
  const shown = [...parts].sort(byGravity).slice(0, maxChecks);
  const limits = parts.length > 1 ? besideOthers : alone;
  const others = parts.length - shown.length;
  const state = stateOf(report);
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${state.toUpperCase()}: ${escapeText(titleOf(report))}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="refresh" content="${reloadSeconds}">
<style>${pageStyle}</style></head><body><main>
<h1 class="${state}">${escapeText(verdict)}</h1>
<p>${escapeText(report.outcome.summary)}</p>
<ul>
${shown.map((part) => checkItem(part, limits, probed)).join('\n')}
</ul>
${others > 0 ? `<p>And ${others} more, none of them worse than these.</p>\n` : ''}<p class="dim">lbcheck ${version}, ${timeTag(report.startedAt)}. This page reloads every ${reloadSeconds} seconds. ${formLinks(probed ?? '')}</p>
</main></body></html>
`;
}

/** The Content-Security-Policy of the page: it may use its own style sheet, and nothing else. */
export async function pagePolicy(): Promise<string> {
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256').update(pageStyle).digest('base64');
  const none = ['default-src', 'base-uri', 'form-action', 'frame-ancestors'];
  return [...none.map((name) => `${name} 'none'`), `style-src 'sha256-${hash}'`].join('; ');
}

const byGravity = (a: Report, b: Report) =>
  gravityOrder.indexOf(stateOf(a)) - gravityOrder.indexOf(stateOf(b));

const titleOf = ({ name, label, target, probe }: Report) => name ?? label ?? (target || probe);

interface ItemLimits {
  readonly changes: number;
  readonly metrics: number;
}

function checkItem(report: Report, limits: ItemLimits, probed?: string): string {
  const { probe, target, label, name, time, outcome, history = [] } = report;
  const state = stateOf(report);
  const [latest] = history;
  const took = state === 'unknown' || state === 'drained' ? [] : [milliseconds(time.value)];
  const since = latest ? [`since ${sinceTag(latest.at)}`] : [];
  const facts = [`${probe.toUpperCase()} ${escapeText(label ?? target)}`.trim(), ...took, ...since];
  const links =
    name === undefined ? [] : [formLinks(probed ?? `/${encodeURIComponent(name)}`, name)];
  return `<li class="${state}"><h2><b>${state.toUpperCase()}</b> ${escapeText(titleOf(report))}</h2>
<p>${escapeText(outcome.summary)}</p><p class="dim">${[...facts, ...links].join(' · ')}</p>${changeList(history.slice(0, limits.changes))}${metricList((outcome.metrics ?? []).slice(0, limits.metrics))}</li>`;
}

/** Links to the other forms of what is at a path, for a check of this name or for all. */
function formLinks(path: string, name?: string): string {
  const start = escapeText(`${path}${path.includes('?') ? '&' : '?'}format=`);
  const spoken = (form: string) =>
    name === undefined ? '' : ` aria-label="${escapeText(name)} as ${form}"`;
  return `<a href="${start}json"${spoken('JSON')}>JSON</a> <a href="${start}metrics"${spoken('metrics')}>Metrics</a>`;
}

function changeList(history: History): string {
  if (history.length === 0) return '';
  const items = history.map(({ state, at }) => `<li class="${state}">${state} ${clock(at)}</li>`);
  return `<ol aria-label="Last changes, the latest first">${items.join('')}</ol>`;
}

function metricList(metrics: readonly Metric[]): string {
  if (metrics.length === 0) return '';
  const items = metrics.map(({ name, value, unit = '', labels = {} }) => {
    const title = [name, ...Object.values(labels)].join(' ');
    return `<dt>${escapeText(title)}</dt><dd>${Number(value.toPrecision(6))} ${unit}</dd>`;
  });
  return `<dl>${items.join('')}</dl>`;
}

const milliseconds = (seconds: number) => `${Number((seconds * 1000).toPrecision(3))} ms`;

/** Times of a page are in UTC: the server does not know where its reader is. */
const timeTag = (at: Date) =>
  `<time datetime="${at.toISOString()}">${at.toISOString().slice(0, 19).replace('T', ' ')} UTC</time>`;

const sinceTag = (at: Date) =>
  `<time datetime="${at.toISOString()}">${formatDuration((Date.now() - at.getTime()) / 1000)}</time>`;

const clock = (at: Date) => at.toISOString().slice(11, 19);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
