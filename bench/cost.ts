/**
 * What does the plugin add to ESLint's user time and peak memory on a real repository?
 *
 *   npm run build && npx tsx bench/cost.ts CLONE --manifest FILE [--files N] [--rounds N] [--config strict] [--profile]
 *
 * CLONE is a git clone, bare or not; the JavaScript, TypeScript and SQL files of its HEAD are written to a temporary folder. FILE is a soft-delete.json.
 * ESLint with @typescript-eslint/parser and no rule, the same with one rule and with as many as the plugin has that do nothing (what ESLint itself spends on
 * running rules), and the same with the plugin run in processes of their own that take turns, so that what else the machine does meets all alike. `.sql` files, which ESLint does
 * not lint without the plugin, are measured by themselves.
 * `--files` takes so many of the scripts, evenly spread; `--profile` says where the plugin's time goes.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = join(__dirname, '..');
const SCRIPT = /\.[cm]?[jt]sx?$/;

/** What `lint-once.cjs` prints. */
interface Run {
  readonly files: number;
  readonly unparsable: number;
  readonly reports: number;
  readonly userMs: number;
  readonly wallMs: number;
  /** Of `wallMs`, what was spent in the plugin's rules. */
  readonly rulesMs: number;
  readonly peakMb: number;
  /** Files that name a table of the manifest, and a soft one; null without the plugin. */
  readonly mentioning: { readonly any: number; readonly soft: number } | null;
}

const MODES = ['parser', 'rule', 'rules', 'plugin'] as const;
type Mode = (typeof MODES)[number];

interface Options { readonly folder: string; readonly mode: Mode; readonly manifest: string; readonly config: string; readonly sql: boolean }

/** Writes the scripts (at most `limit`, evenly spread) and `.sql` files of HEAD to a folder. */
function checkOut(clone: string, folder: string, limit: number): void {
  const git = (args: readonly string[], input?: string): string =>
    execFileSync('git', ['-C', clone, `--work-tree=${folder}`, ...args], { encoding: 'utf8', maxBuffer: 1 << 28, input, env: { ...process.env, GIT_INDEX_FILE: join(folder, '.git-index') } });
  const paths = git(['ls-tree', '-r', '-z', '--name-only', 'HEAD']).split('\0').filter((path) => !/(?:^|\/)(?:node_modules|dist)\//.test(path));
  const scripts = paths.filter((path) => SCRIPT.test(path) && !/\.d\.[cm]?ts$/.test(path));
  const step = Math.max(1, scripts.length / limit);
  const taken = Array.from({ length: Math.floor(scripts.length / step) }, (_, i) => scripts[Math.floor(i * step)]!);
  git(['read-tree', 'HEAD']);
  git(['checkout-index', '-f', '-z', '--stdin'], [...taken, ...paths.filter((path) => path.endsWith('.sql'))].join('\0'));
}

function run(options: Options, nodeOptions: readonly string[] = []): Run {
  return JSON.parse(execFileSync(process.execPath, [...nodeOptions, join(__dirname, 'lint-once.cjs'), JSON.stringify(options)], { encoding: 'utf8', cwd: ROOT, maxBuffer: 1 << 28 })) as Run;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** User time of `require(id)` in a process of its own, in milliseconds; the median of `rounds`. */
function loadTime(id: string, rounds: number): number {
  const script = `const { user } = process.cpuUsage(); require(${JSON.stringify(id)}); process.stdout.write(String(process.cpuUsage().user - user))`;
  return median(Array.from({ length: rounds }, () => Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: ROOT })) / 1e3));
}

interface ProfileNode { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }; readonly children?: readonly number[] }
interface Profile { readonly nodes: readonly ProfileNode[]; readonly samples: readonly number[]; readonly timeDeltas: readonly number[] }

/** The steps from a file to its reports, each by the function that does it all. */
const STAGES = ['catalogOf', 'mayHold', 'declarationsIn', 'findSqlIn', 'findCalls', 'readSql', 'parseStatement', 'analyse'];

/** Where the time goes, by samples: the plugin against the rest, self time by package and by function of the plugin, and the stages with all that they call. */
function profile(options: Options): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'cost-profile-'));
  try {
    run(options, ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8')) as Profile;
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const callers = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));
    const stagesOf = (node: ProfileNode | undefined): string[] => node ? [...stagesOf(callers.get(node.id)), ...(STAGES.includes(node.callFrame.functionName) && node.callFrame.url.includes('/dist/') ? [node.callFrame.functionName] : [])] : [];
    const parts = new Map<string, number>(), functions = new Map<string, number>(), stages = new Map<string, number>();
    const add = (to: Map<string, number>, key: string, time: number): void => { to.set(key, (to.get(key) ?? 0) + time); };
    samples.forEach((id, i) => {
      const node = byId.get(id)!, { functionName, url, lineNumber } = node.callFrame, time = timeDeltas[i]! / 1e3;
      for (const stage of new Set(stagesOf(node))) add(stages, stage, time);
      const module = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
      const own = module === undefined && url.includes('/dist/');
      add(parts, module ?? (own ? 'the plugin' : functionName.startsWith('(') ? functionName : 'node'), time);
      if (own) add(functions, `${functionName || '(anonymous)'} ${url.slice(url.indexOf('/dist/') + 1)}:${lineNumber + 1}`, time);
    });
    const top = (times: Map<string, number>, count: number): string[] =>
      [...times].sort((a, b) => b[1] - a[1]).slice(0, count).map(([name, time]) => `  ${time.toFixed(0).padStart(7)} ms  ${name}`);
    // The collector's time is shared by all.
    const busy = [...parts].filter(([name]) => !/^\(/.test(name)).reduce((sum, [, time]) => sum + time, 0);
    const own = ['the plugin', 'sql-parser-cst', 'picomatch', 'fastest-levenshtein'].reduce((sum, name) => sum + (parts.get(name) ?? 0), 0);
    return [`profile: ${percent(1 + own / (busy - own))} by the plugin and what it depends on, loading included`, 'time by stage, with what it calls', ...top(stages, STAGES.length), 'self time by package', ...top(parts, 12), 'self time by function of the plugin', ...top(functions, 20)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function main(): void {
  const { values, positionals: [clone] } = parseArgs({
    allowPositionals: true,
    options: {
      manifest: { type: 'string' }, files: { type: 'string', default: 'Infinity' }, rounds: { type: 'string', default: '5' },
      config: { type: 'string', default: 'recommended' }, profile: { type: 'boolean', default: false },
    },
  });
  if (!clone || !values.manifest) {
    console.error('Usage: npx tsx bench/cost.ts CLONE --manifest FILE [--files N] [--rounds N] [--config strict] [--profile]');
    process.exitCode = 2;
    return;
  }
  const rounds = Number(values.rounds), folder = realpathSync(mkdtempSync(join(tmpdir(), 'cost-')));
  try {
    checkOut(resolve(clone), folder, Number(values.files));
    const options: Options = { folder, mode: 'plugin', manifest: resolve(values.manifest), config: values.config, sql: false };
    const runs: Record<Mode, Run[]> = { parser: [], rule: [], rules: [], plugin: [] };
    for (let round = 0; round < rounds; round++) {
      // Who goes first takes turns, too.
      for (const turn of MODES.keys()) {
        const mode = MODES[(turn + round) % MODES.length]!;
        runs[mode].push(run({ ...options, mode }));
      }
    }
    const [{ files, unparsable, reports, mentioning }] = runs.plugin as [Run];
    const middle = (mode: Mode, of: (run: Run) => number): number => median(runs[mode].map(of));
    const against = (mode: Mode, of: (run: Run) => number, what: Mode = 'plugin'): string => {
      const ratios = runs[what].map((run, i) => of(run) / of(runs[mode][i]!));
      return `${percent(median(ratios))} (${ratios.map(percent).join(' ')})`;
    };
    const compared = (what: string, unit: string, of: (run: Run) => number, digits: number): void => {
      console.log(`${what.padEnd(13)}${MODES.map((mode) => `${mode} ${middle(mode, of).toFixed(digits)} ${unit}`).join(', ')}`);
      console.log(`${''.padEnd(13)}one idle rule against the parser alone ${against('parser', of, 'rule')}`);
      console.log(`${''.padEnd(13)}the plugin against the parser alone ${against('parser', of)}, against one idle rule ${against('rule', of)}, against as many ${against('rules', of)}`);
    };
    const parser = loadTime('sql-parser-cst', rounds);
    console.log(`${files} scripts (${unparsable} unparsable), ${mentioning!.any} name a table of the manifest, ${mentioning!.soft} (${(100 * mentioning!.soft / files).toFixed(0)} %) a soft one; ${reports} reports; ${rounds} rounds`);
    compared('user time', 's', (run) => run.userMs / 1e3, 2);
    compared('peak memory', 'MB', (run) => run.peakMb, 0);
    const share = (apart: number) => percent(1 + middle('plugin', (run) => Math.max(0, run.rulesMs - apart) / (run.wallMs - run.rulesMs)));
    const loads = loadTime(ROOT, rounds) + parser;
    console.log(`besides loading the plugin and the SQL parser once: ${percent(median(runs.plugin.map((run, i) => (run.userMs - loads) / runs.parser[i]!.userMs)))} user time`);
    console.log(`in the rules ${middle('plugin', (run) => run.rulesMs).toFixed(0)} ms: ${share(0)} of the time of the rest of the run, ${share(parser)} without loading the SQL parser`);
    console.log(`loading      the plugin ${(loads - parser).toFixed(0)} ms, sql-parser-cst ${parser.toFixed(0)} ms, once per process`);
    const sql = run({ ...options, sql: true });
    console.log(`.sql files   ${sql.files}, ${(sql.userMs / 1e3).toFixed(2)} s user time, of it ${sql.rulesMs.toFixed(0)} ms in the rules; ${sql.reports} reports`);
    if (values.profile) console.log(profile(options).join('\n'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const percent = (ratio: number): string => `${ratio >= 1 ? '+' : ''}${(100 * (ratio - 1)).toFixed(1)} %`;

main();
