// Prints `N passed, N failed` from the files that mocha's json reporter wrote; fails where a test failed or a run left no result.
//
//     node tools/test-summary.mjs FILE...
import { readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;
for (const file of process.argv.slice(2)) {
  const { stats } = JSON.parse(readFileSync(file, 'utf8'));
  passed += stats.passes;
  failed += stats.failures;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
