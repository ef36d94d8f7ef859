#!/usr/bin/env node
/** The command `soft-delete`. */
import { styleText } from 'node:util';
import { run } from './run.js';

void run(process.argv.slice(2), {
  cwd: process.cwd(),
  out: (text) => { process.stdout.write(`${text}\n`); },
  err: (text) => { process.stderr.write(`${text}\n`); },
  // `styleText` asks for colours by itself from Node 22.13 on.
  paint: process.stdout.isTTY && !process.env.NO_COLOR ? (style, text) => styleText(style, text) : (_, text) => text,
}).then((code) => { process.exitCode = code; });
