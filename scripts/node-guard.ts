import { readFileSync } from 'node:fs';
import { transform } from 'esbuild';

/** The first line of the bundle. It returns from the module when Node.js is too old for the rest. */
export async function nodeGuard(): Promise<string> {
  const source = readFileSync(`${import.meta.dirname}/node-guard.cjs`, 'utf8');
  const { code } = await transform(source, {
    minify: true,
    target: 'node10',
    // On one line, without the line breaks of a template.
    supported: { 'template-literal': false },
  });
  const isTooOld = code.replace(/^module\.exports=/, '').replace(/;\n$/, '');
  return `"use strict";if((${isTooOld})())return;`;
}
