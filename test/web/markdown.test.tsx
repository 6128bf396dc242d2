import fc from 'fast-check';
import { markdownNodes } from '../../src/web/markdown.tsx';
import { elementsOf, markupOf, textOf, type Element } from './nodes.ts';
import { payloads } from './payloads.ts';

const base = 'http://desk.example:3978/';
const shown = (source: string) => markupOf(markdownNodes(source, { base }));

describe('what a writer means', () => {
  test('emphasis, lists, code and tables become elements', () => {
    expect(shown('**a** ~~b~~ `c`')).toBe('<p><strong>a</strong> <del>b</del> <code>c</code></p>');
    expect(shown('1. 先\n2. 后')).toBe('<ol><li>先</li><li>后</li></ol>');
    expect(shown('3. 先')).toBe('<ol start="3"><li>先</li></ol>');
    expect(shown('|a|b|\n|--|-:|\n|1|2|')).toBe(
      '<div class="md-table"><table><thead><tr><th scope="col">a</th><th scope="col" class="md-right">b</th></tr></thead>' +
        '<tbody><tr><td>1</td><td class="md-right">2</td></tr></tbody></table></div>',
    );
  });

  test('bold ends before Chinese without a space, as Chinese is written', () => {
    expect(shown('**注意：**请先看**「说明」**再装')).toBe(
      '<p><strong>注意：</strong>请先看<strong>「说明」</strong>再装</p>',
    );
  });

  test('a line break is a line break', () => {
    expect(shown('一\n二')).toBe('<p>一<br></br>二</p>');
  });

  test('a bare address ends where the Chinese goes on, and what follows is markdown again', () => {
    expect(shown('详见https://a.cn/b，**谢谢**')).toBe(
      '<p>详见<a href="https://a.cn/b" target="_blank" rel="noopener">https://a.cn/b</a>，<strong>谢谢</strong></p>',
    );
  });

  test('a relative link and image lead to the desk, not to the page the chat is shown on', () => {
    expect(shown('[表](/files/a.pdf)')).toContain('href="http://desk.example:3978/files/a.pdf"');
    expect(shown('![图](pic.png)')).toContain('<img src="http://desk.example:3978/pic.png" alt="图"');
  });

  test('character references are read once, and only once', () => {
    expect(textOf(markdownNodes('A&amp;B &lt;b&gt; &#20013; &amp;lt;', { base }))).toBe('A&B <b> 中 &lt;');
    expect(shown('[x](https://a.cn/?a=1&amp;b=2)')).toContain('href="https://a.cn/?a=1&b=2"');
  });

  test('a link to another article asks for it where one can ask, and is its text elsewhere', () => {
    const source = '见[港澳台&amp;配送](../overseas/hk-delivery.md#fee)。';
    expect(shown(source)).toBe('<p>见港澳台&amp;配送。</p>');
    const asked: string[] = [];
    const [button] = elementsOf(markdownNodes(source, { base, onArticle: (title) => asked.push(title) })).slice(1);
    expect(button).toMatchObject({ type: 'button', props: { type: 'button', class: 'md-article' } });
    (button?.props.onClick as () => void)();
    expect(asked).toEqual(['港澳台&配送']);
  });

  test('a markdown file elsewhere is a link like any other', () => {
    expect(shown('[x](https://a.cn/b.md)')).toContain('href="https://a.cn/b.md"');
    expect(shown('[x](/b.md)')).toContain('href="http://desk.example:3978/b.md"');
    expect(shown('[x](javascript:a.md)')).toBe('<p>x</p>');
  });

  test.each(['1–3', '9:00—18:00', '10,000～20,000', '5%–10%', '¥10–¥20'])(
    '%s is not broken into two lines',
    (range) => {
      expect(shown(`约 ${range} 个工作日`)).toBe(`<p>约 <span class="md-range">${range}</span> 个工作日</p>`);
      expect(shown(`**${range}**`)).toBe(`<p><strong><span class="md-range">${range}</span></strong></p>`);
    },
  );

  test('a dash between words, in code or in an address is no range', () => {
    expect(shown('退款——3 天内')).toBe('<p>退款——3 天内</p>');
    expect(shown('`1–3`')).toBe('<p><code>1–3</code></p>');
    expect(shown('[x](https://a.cn/1–3)')).not.toContain('md-range');
  });

  test('a range never grows wider than a bubble', () => {
    const spans = elementsOf(markdownNodes(`${'1,'.repeat(400)}–${'2.'.repeat(400)}`, { base }));
    expect(
      spans.filter(({ type }) => type === 'span').every((span) => textOf(span.props.children as string).length < 24),
    ).toBe(true);
    expect(spans.filter(({ type }) => type === 'span')).toHaveLength(1);
  });

  test('headings stay below those of the page around them', () => {
    expect(shown('# 一\n\n###### 二')).toBe('<h3>一</h3><h5>二</h5>');
  });

  test('raw HTML is shown as the text it is', () => {
    expect(textOf(markdownNodes('见 <b>粗</b>', { base }))).toBe('见 <b>粗</b>');
    expect(textOf(markdownNodes('<script>alert(1)</script>', { base }))).toBe('<script>alert(1)</script>');
  });

  test('an image that may not be loaded leaves its description, a link that may not be followed its text', () => {
    expect(shown('![发票](http://tracker.example/p.gif)')).toBe('<p>发票</p>');
    expect(shown('[点这里](javascript:alert(1))')).toBe('<p>点这里</p>');
  });
});

describe('what an attacker means', () => {
  test.each(payloads)('nothing runs and nothing is loaded from elsewhere: %j', (payload) => {
    expect(faults(payload)).toEqual([]);
  });

  test('nor in anything made of their pieces', () => {
    const pieces = payloads.flatMap((payload) => payload.split(/(?<=[\s()[\]<>"'`!:*|-])/));
    const source = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(source, (text) => faults(text).length === 0),
      { numRuns: 2000 },
    );
  });

  test('the check itself sees a fault when there is one', () => {
    const a = { type: 'a', props: { href: 'javascript:alert(1)', target: '_blank', rel: 'noopener' } };
    const fine = { type: 'a', props: { href: 'https://a.cn/', target: '_blank', rel: 'noopener' } };
    expect([a, { type: 'script', props: {} }, { type: 'p', props: { onClick: 'x' } }].map(faultOf)).not.toContain(null);
    expect(faultOf({ type: 'img', props: { src: 'http://tracker.example/p.gif' } })).not.toBeNull();
    expect(faultOf(fine)).toBeNull();
  });

  test('a link always opens beside the page and knows nothing of it', () => {
    for (const payload of ['[x](https://a.cn)', '<https://a.cn>', 'www.a.cn', 'a@b.cn', '![x](https://a.cn/p.png)']) {
      const links = elementsOf(markdownNodes(payload, { base })).filter(({ type }) => type === 'a');
      expect(links.map(({ props }) => [props.target, props.rel])).toEqual([['_blank', 'noopener']]);
    }
  });
});

describe('what takes too long', () => {
  const lone = (source: string) =>
    expect(shown(source)).toBe(`<p class="md-plain">${source.replace(/</g, '&lt;')}</p>`);

  test('a text too long to parse is shown as it is', () => lone('- '.repeat(30_000)));
  test('five thousand quote marks are shown as they are', () => lone('>'.repeat(5_000)));
  test('nesting goes so deep and no deeper', () => {
    const nested = Array.from({ length: 60 }, (_, depth) => `${'  '.repeat(depth)}- ${depth}`).join('\n');
    const depth = (markup: string) => Math.max(...[...markup.matchAll(/(<ul>)|(<\/ul>)/g)].map(opened()));
    expect(depth(shown(nested))).toBeLessThanOrEqual(12);
    expect(textOf(markdownNodes(nested, { base }))).toContain('59');
  });
});

function faults(source: string): readonly string[] {
  return elementsOf(markdownNodes(source, { base })).flatMap((element) => faultOf(element) ?? []);
}

const attributes: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'target', 'rel'],
  img: ['src', 'alt', 'loading', 'decoding', 'referrerpolicy'],
  ol: ['start'],
  th: ['scope', 'class'],
  td: ['class'],
  li: ['class'],
  p: ['class'],
  div: ['class'],
  span: ['class'],
};
const rules: Readonly<Record<string, RegExp>> = {
  href: /^(https?:\/\/|mailto:)/,
  src: /^(https:\/\/|http:\/\/desk\.example:3978\/)/,
  class: /^md-(plain|table|task|left|center|right|range)$/,
};
const plainElements = 'blockquote br code del em h3 h4 h5 hr pre strong table tbody thead tr ul'.split(' ');

/** What makes an element dangerous, by the list of what is allowed: whatever is not on it is a fault. */
function faultOf({ type, props }: Element): string | null {
  const allowed = plainElements.includes(type) ? [] : attributes[type];
  if (!allowed) return `<${type}>`;
  for (const [name, value] of Object.entries(props)) {
    if (name === 'children' || value === undefined) continue;
    if (!allowed.includes(name)) return `<${type} ${name}>`;
    const rule = rules[name];
    if (rule && !(typeof value === 'string' && rule.test(value))) return `<${type} ${name}=${JSON.stringify(value)}>`;
  }
  return type === 'a' && props.rel !== 'noopener' ? 'rel' : null;
}

function opened() {
  let open = 0;
  return ([tag]: RegExpMatchArray) => (open += tag === '<ul>' ? 1 : -1);
}
