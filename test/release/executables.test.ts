import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { directory } from '../support/programs.ts';

const root = resolve(import.meta.dirname, '../..');
const bundle = join(root, 'dist/lbcheck');
const native = join(root, 'dist/lbcheck-linux-x64');
const sentence = /lbcheck needs Node\.js 18 or later, and this is v\d+\.\d+\.\d+/;

/** A Node.js that claims to be version 16; tests with real old ones are in test/release/installed. */
const old = ['--require', join(root, 'test/fixtures/is-node16.cjs'), bundle];

test('the bundle tells a person which Node.js it needs', () => {
  const run = spawnSync(process.execPath, [...old, 'rbl'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect(run).toMatchObject({ status: 3, stderr: '' });
  expect(run.stdout).toMatch(sentence);
});

test('the bundle tells a load balancer which Node.js it needs', async ({ onTestFinished }) => {
  const server = createServer((socket) => {
    // As xinetd does it: the client's socket is 0, 1 and 2.
    const child = spawn(process.execPath, [...old, 'rbl'], { stdio: [socket, socket, socket] });
    child.on('exit', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((listening) => server.once('listening', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const response = await fetch(`http://127.0.0.1:${address.port}/`);
  expect(response.status).toBe(503);
  expect(await response.text()).toMatch(sentence);
});

test('the guard is the first line of the bundle', () => {
  const [shebang, guard, code] = readFileSync(bundle, 'utf8').split('\n');
  expect(shebang).toBe('#!/usr/bin/env node');
  expect(guard).toMatch(/^"use strict";if\(\(function\(\)\{.*\}\)\(\)\)return;$/);
  expect(code).toMatch(/^var parts=/);
});

test('strip leaves the native executable what it is', async ({ onTestFinished }) => {
  const copy = join(await directory(onTestFinished), 'lbcheck');
  copyFileSync(native, copy);
  // As dh_strip does it, and then all that strip can take away.
  for (const options of [['--remove-section=.comment', '--remove-section=.note'], []]) {
    execFileSync('strip', [...options, copy]);
    // Where Bun alone does not start.
    const script = 'd=$(mktemp -d) && cd $d && rmdir $d && exec "$0" rbl --help';
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script, copy], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: lbcheck rbl /);
  }
});
