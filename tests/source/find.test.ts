import assert from 'node:assert/strict';
import { CASES } from './cases.js';
import { checkPlaces, find, print } from './support.js';

for (const [title, cases] of Object.entries(CASES)) {
  describe(title, () => {
    for (const { name, source, texts, how, options } of cases) {
      it(name, () => {
        const found = find(source, options);
        assert.deepEqual(found.map(({ variants }) => variants.map(print)), texts.map((text) => (typeof text === 'string' ? [text] : text)));
        if (how) assert.deepEqual(found.map((one) => one.how), how);
        for (const one of found) checkPlaces(source, one);
      });
    }
  });
}
