import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { phrases, replies } from './replies.mjs';

const LANGUAGES = ['en', 'hu', 'sl', 'fr', 'zh'];
/** The console speaks more than the bot. */
const CONSOLE = [...LANGUAGES, 'ar'];
const json = (path) => JSON.parse(readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8'));

test('every language has every text, with the same places to fill', () => {
  const places = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join();
  const english = json('i18n/en.json');
  for (const language of CONSOLE) {
    const texts = json(`i18n/${language}.json`);
    assert.deepEqual(Object.keys(texts), Object.keys(english), language);
    for (const [key, text] of Object.entries(texts)) {
      assert.notEqual(text, '', `${language} ${key}`);
      assert.equal(places(text), places(english[key]), `${language} ${key}`);
    }
  }
});

test('the dialogs, the search, the wall and the admin pages have every text in every language', () => {
  for (const folder of ['acts', 'search', 'wall', 'join', 'setup', 'suggest', 'files', 'brief/edit', ...['parts', 'policy', 'sites', 'care', 'knowledge', 'system', 'reports', 'line', 'script', 'people'].map((page) => `admin/${page}`)]) {
    const english = json(`${folder}/words/en.json`);
    for (const language of CONSOLE) {
      const texts = json(`${folder}/words/${language}.json`);
      assert.deepEqual(Object.keys(texts), Object.keys(english), `${folder} ${language}`);
      for (const [key, text] of Object.entries(texts)) {
        assert.equal(text === '', english[key] === '', `${folder} ${language} ${key}`);
        assert.equal((text.match(/\{\w+\}/g) ?? []).sort().join(), (english[key].match(/\{\w+\}/g) ?? []).sort().join(), `${folder} ${language} ${key}`);
      }
    }
  }
});

test('the usual causes are those of the server, by the same names', () => {
  const read = (path, pair) => Object.fromEntries([...readFileSync(new URL(path, import.meta.url), 'utf8').matchAll(pair)].map(([, id, name]) => [id, name]));
  const server = read('../../server/presence.go', /\{ID: "(\w+)", Name: "([^"]+)"\}/g);
  assert.ok(Object.keys(server).length >= 10);
  assert.deepEqual(read('../src/store/board.ts', /\b([a-z]+(?:_[a-z]+)+): "([A-Z][^"]+)"/g), server);
});

test('every act that the server writes into the audit log has words', () => {
  const read = (name) => readFileSync(new URL(`../../server/${name}`, import.meta.url), 'utf8');
  const sources = readdirSync(new URL('../../server/', import.meta.url)).filter((name) => name.endsWith('.go') && !name.endsWith('_test.go')).map(read).join('');
  const acts = new Set([...sources.matchAll(/audit\((?:ctx|kept), \w+, "([a-z.]*[a-z])"/g), ...read('audit_test.go').matchAll(/what: "([a-z.]+)"/g)].map(([, act]) => act));
  assert.ok(acts.size > 25, `${acts.size} acts`);
  const words = json('admin/system/words/en.json');
  assert.deepEqual([...acts].filter((act) => !words[`a.${act}`]), []);
  for (const group of new Set([...acts].map((act) => act.split('.')[0]))) {
    if ([...acts].filter((act) => act.startsWith(`${group}.`)).length > 1) assert.ok(words[`ag.${group}`], group);
  }
});

test('ready replies and offers to begin with use no forbidden words; the first greets in each language', () => {
  const known = phrases();
  const free = (language, text, what) => assert.equal(known[language].find((p) => text.toLowerCase().includes(p.toLowerCase())), undefined, `${language} ${what}`);
  for (const language of LANGUAGES) {
    assert.ok(known[language].length > 20, language);
    const all = replies();
    assert.equal(all.length, 9);
    const hello = all.find((r) => r.id === 'hello').texts[language].text;
    assert.ok(hello.includes('{name}') && hello.includes('{agent}'), language);
    for (const r of all) free(language, r.texts[language].text, r.id);
    for (const [key, text] of Object.entries(json(`acts/words/${language}.json`))) if (key.startsWith('to.')) free(language, text, key);
  }
});
