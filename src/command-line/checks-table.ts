import type { LoadedChecks } from '../serve/checks.ts';

const heads = ['NAME', 'PROBE', 'TARGET', 'DEADLINE', 'LABEL'];

/** The checks of a file, as a table for a person. */
export function checksTable({ checks, templates }: LoadedChecks): string {
  const rows = [
    ...checks.map(({ name, check }) => [
      ...[name, check.name, check.target, seconds(check.timeout), check.label ?? ''],
    ]),
    ...templates.map(({ name, probe, target, timeout, label }) => [
      ...[name, probe, target, seconds(timeout), label ?? ''],
    ]),
  ];
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [heads, ...rows].map((row) => `${line(row)}\n`).join('');
}

const seconds = (count: number) => `${count} s`;
