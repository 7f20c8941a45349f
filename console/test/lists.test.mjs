import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const LANGUAGES = ['en', 'hu', 'sl', 'fr', 'zh'];
const json = (path) => JSON.parse(readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8'));

test('every language has every text, with the same places to fill', () => {
  const places = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join();
  const english = json('i18n/en.json');
  for (const language of LANGUAGES) {
    const texts = json(`i18n/${language}.json`);
    assert.deepEqual(Object.keys(texts), Object.keys(english), language);
    for (const [key, text] of Object.entries(texts)) {
      assert.notEqual(text, '', `${language} ${key}`);
      assert.equal(places(text), places(english[key]), `${language} ${key}`);
    }
  }
});

test('the tone warning knows every phrase that the script forbids', () => {
  const known = json('chat/forbidden.json');
  for (const language of LANGUAGES) {
    const file = readFileSync(new URL(`../../bot/script/default/forbidden/${language}.yaml`, import.meta.url), 'utf8');
    const phrases = [...file.matchAll(/^\s+- ['"]?(.+?)['"]?\s*$/gm)].map((m) => m[1]);
    assert.ok(phrases.length > 20, language);
    assert.deepEqual(phrases.filter((p) => !known[language].includes(p)), [], language);
  }
});

test('ready replies use no forbidden words and greet in each language', () => {
  const known = json('chat/forbidden.json');
  for (const [language, replies] of Object.entries(json('chat/canned.json'))) {
    assert.ok(replies[0].text.includes('{name}') && replies[0].text.includes('{agent}'), language);
    for (const r of replies) assert.equal(known[language].find((p) => r.text.toLowerCase().includes(p.toLowerCase())), undefined, `${language} ${r.key}`);
  }
});
