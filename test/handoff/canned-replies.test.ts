import fc from 'fast-check';
import { soundOf } from '../../src/handoff/canned-replies.ts';
import { type Findable, filled, longestSound, matching } from '../../src/web/canned-replies.ts';

/** What the server says of a reply, found and filled as the page does it. */
describe('Finding a canned reply', () => {
  const replies = [
    reply('refund', '退货政策', '七天内可以退货。'),
    reply('ship', '运费说明', '满 99 元包邮，退货运费由您承担。'),
    reply('yh', '优惠券怎么用', '结算时选择。'),
    reply('vip', 'VIP 折扣', '会员九折。'),
    reply('你好', '问候', '{{customer}}您好，我是{{agent}}。'),
  ];

  it.each([
    ['thzc', '退货政策'],
    ['tuihuo', '退货政策'],
    ['tuih', '退货政策'],
    ['thzhengce', '退货政策'],
    ['tui huo', '退货政策'],
    ['zhengce', '退货政策'],
    ['zengce', '退货政策'],
    ['zc', '退货政策'],
    ['TH', '退货政策'],
    ['ref', '退货政策'],
    ['ｒｅｆ', '退货政策'],
    ['yunfei', '运费说明'],
    ['包邮', '运费说明'],
    ['youhuiquan', '优惠券怎么用'],
    ['vipzk', 'VIP 折扣'],
    ['nihao', '问候'],
    ['lihao', '问候'],
  ])('%s finds %s first', (typed, title) => {
    expect(matching(typed, replies)[0]?.title).toBe(title);
  });

  it.each(['thzd', 'tuihuox', 'hz9', '月球', '???', 'gg'])('%s finds nothing', (typed) => {
    expect(matching(typed, replies)).toEqual([]);
  });

  it('puts the shortcut before the title, the title before its sound, and the text last', () => {
    const ordered = [
      reply('th', 'a', 'a'),
      reply('thx', 'a', 'a'),
      reply('c', 'th', 'a'),
      reply('d', 'with', 'a'),
      reply('e', '退货', 'a'),
      reply('f', '能退货吗', 'a'),
      reply('g', 'g', 'this'),
    ];
    expect(matching('th', [...ordered].reverse())).toEqual(ordered);
  });

  it('puts the most used first among equals, and leaves the others in their order', () => {
    const equals = [1, 5, 1, 3].map((uses, n) => ({ ...reply(`a${n}`, '退货', ''), uses }));
    expect(matching('th', equals).map(({ shortcut }) => shortcut)).toEqual(['a1', 'a3', 'a0', 'a2']);
    expect(matching('', equals)).toHaveLength(4);
  });

  it('works for every beginning of every title, by whole syllables and by first letters', () => {
    const sounds: Readonly<Record<string, readonly string[]>> = { 退货政策: ['tui', 'huo', 'zheng', 'ce'] };
    for (const [title, syllables] of Object.entries(sounds)) {
      const some = fc.array(fc.nat(3), { minLength: syllables.length, maxLength: syllables.length });
      fc.assert(
        fc.property(some, fc.integer({ min: 1, max: syllables.length }), (cuts, count) => {
          const typed = syllables.slice(0, count).map((syllable, n) => syllable.slice(0, (cuts[n] ?? 0) + 1));
          expect(matching(typed.join(''), [reply('x', title, '')])).toHaveLength(1);
        }),
      );
    }
  });

  it('takes no longer than a moment, whatever is typed', () => {
    const many = Array.from({ length: 500 }, (_, n) => reply(`s${n}`, '长'.repeat(59) + n, ''));
    const begin = performance.now();
    matching('chang'.repeat(50), many);
    matching('c'.repeat(longestSound), many);
    expect(performance.now() - begin).toBeLessThan(1_000);
  });
});

describe('Filling a canned reply', () => {
  it('puts in the names', () => {
    expect(filled('{{customer}}您好，我是{{ agent }}。', { customer: '李女士', agent: '小王' })).toBe(
      '李女士您好，我是小王。',
    );
    expect(filled('{{customer}}您好', { customer: null, agent: '小王' })).toBe('您好');
  });

  it('leaves alone what it does not know, and what a name brings along', () => {
    expect(filled('{{order}} {{{agent}}}', { customer: '$&', agent: '{{customer}}' })).toBe('{{order}} {{{customer}}}');
    expect(filled('{{customer}}', { customer: '$&$1', agent: '' })).toBe('$&$1');
  });
});

function reply(shortcut: string, title: string, text: string): Findable {
  return { shortcut, title, text, sound: `${soundOf(title)}\n${soundOf(shortcut)}`, uses: 0 };
}
