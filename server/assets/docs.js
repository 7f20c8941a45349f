// Lists the routes of /openapi.json and sends requests to them. Text is only ever set as text.
'use strict';

function el(tag, props, ...children) {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
}

function resolve(doc, schema) {
  return schema && schema.$ref ? schema.$ref.slice(2).split('/').reduce((at, key) => at[key], doc) : schema || {};
}

function example(doc, schema, depth) {
  const s = resolve(doc, schema);
  if (s.enum) return s.enum[0];
  const type = Array.isArray(s.type) ? s.type.find((t) => t !== 'null') : s.type;
  switch (type) {
    case 'object': {
      const out = {};
      if (depth < 4) for (const key of Object.keys(s.properties || {})) if (key !== '$schema') out[key] = example(doc, s.properties[key], depth + 1);
      return out;
    }
    case 'array': return [];
    case 'integer': case 'number': return s.minimum || 0;
    case 'boolean': return false;
    case 'string': return '';
  }
  return null;
}

function form(doc, method, path, op) {
  const inputs = (op.parameters || []).filter((p) => p.in === 'path' || p.in === 'query').map((p) => ({ p, input: el('input', { name: p.name }) }));
  const content = op.requestBody && op.requestBody.content['application/json'];
  const body = content && el('textarea', { value: JSON.stringify(example(doc, content.schema, 0), null, 2) });
  const answer = el('pre', { hidden: true, tabIndex: 0 });
  const node = el('form', {});
  for (const { p, input } of inputs) node.append(el('label', {}, `${p.name} (${p.in}) ${p.description || ''}`, input));
  if (body) node.append(el('label', {}, 'Body', body));
  node.append(el('button', {}, 'Send'), answer);
  node.addEventListener('submit', async (event) => {
    event.preventDefault();
    let at = path;
    const query = new URLSearchParams();
    for (const { p, input } of inputs) {
      if (p.in === 'path') at = at.replace(`{${p.name}}`, encodeURIComponent(input.value));
      else if (input.value) query.set(p.name, input.value);
    }
    answer.hidden = false;
    try {
      const response = await fetch(at + (query.size ? `?${query}` : ''), {
        method: method.toUpperCase(),
        headers: body ? { 'Content-Type': 'application/json' } : {},
        body: body ? body.value : undefined,
      });
      const text = await response.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* shown as it came */ }
      answer.textContent = `${response.status} ${response.statusText}\n${shown}`;
    } catch (error) {
      answer.textContent = String(error);
    }
  });
  return node;
}

async function main() {
  const doc = await (await fetch('/openapi.json')).json();
  const tags = new Map();
  for (const [path, methods] of Object.entries(doc.paths)) {
    for (const [method, op] of Object.entries(methods)) {
      const tag = (op.tags || ['Other'])[0];
      if (!tags.has(tag)) tags.set(tag, []);
      tags.get(tag).push(el('details', {}, el('summary', {},
        el('span', { className: 'method' }, method.toUpperCase()), el('code', {}, path), op.summary || ''), form(doc, method, path, op)));
    }
  }
  const root = document.getElementById('routes');
  for (const [tag, nodes] of tags) root.append(el('section', {}, el('h2', {}, tag), ...nodes));
  root.removeAttribute('aria-busy');
}

main();
