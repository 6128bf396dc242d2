import { lintArticles } from '../../src/articles/lint.ts';
import { loadArticles } from '../../src/articles/load.ts';
import { temporaryFolder } from './folder.ts';

const folder = temporaryFolder();

const answer =
  '退款在仓库验货通过后原路退回。支付宝和微信 1–3 个工作日到账，银行卡 3–7 个工作日到账，周末和节假日顺延。超过时间没有收到，请联系在线客服并提供订单号。';

describe('articles that are nearly the same', () => {
  it('are found by their bodies, whatever their titles', async () => {
    folder.write('a.md', `---\ntitle: 退款多久到账\n---\n${answer}`);
    folder.write('b.md', `---\ntitle: 我的钱呢\n---\n**您好。** ${answer}`);
    folder.write('c.md', `---\ntitle: 何时退钱\n---\n${answer}谢谢。`);
    expect(await findings()).toEqual([
      expect.stringMatching(
        /^b\.md:2 warning near-duplicate \d+ % of "我的钱呢" is what "退款多久到账" \(a\.md\) says/,
      ),
      expect.stringMatching(
        /^c\.md:2 warning near-duplicate \d+ % of "何时退钱" is what "退款多久到账" \(a\.md\) says/,
      ),
    ]);
  });

  it('are found by half a body where they are asked for alike', async () => {
    const more = '礼品卡和余额即时退回。';
    folder.write('a.md', `---\ntitle: 退款多久到账呢\n---\n${answer}`);
    folder.write(
      'b.md',
      `---\ntitle: 其他\nquestions:\n  - 退款多久到账\n---\n${answer}${more.repeat(3)}花呗恢复额度，信用卡恢复可用额度，都要看银行。`,
    );
    expect(await findings()).toEqual([expect.stringMatching(/^b\.md:4 warning near-duplicate/)]);
  });

  it.each([
    ['in a draft', 'status: draft\n'],
    ['for colleagues', 'audience: internal\n'],
  ])('may be so %s', async (_, field) => {
    folder.write('a.md', `---\ntitle: 退款多久到账\n---\n${answer}`);
    folder.write('b.md', `---\ntitle: 退款说明\n${field}---\n${answer}`);
    expect(await findings()).toEqual([]);
  });

  it('may be so where there is hardly anything to say', async () => {
    folder.write('a.md', '---\ntitle: 北京店地址\n---\n请联系在线客服。');
    folder.write('b.md', '---\ntitle: 上海店电话\n---\n请联系在线客服。');
    expect(await findings()).toEqual([]);
  });
});

describe('articles that contradict each other', () => {
  const both = async (one: string, other: string, title = '退款几天到账呢'): Promise<readonly string[]> => {
    folder.write('a.md', `---\ntitle: 退款几天到账\n---\n${one}`);
    folder.write('b.md', `---\ntitle: ${title}\n---\n好的。\n\n- ${other}`);
    return findings();
  };

  it.each([
    ['days', '支付宝 3 个工作日内到账。', '支付宝 7 个工作日内到账'],
    ['money', '运费每单最高补 12 元。', '运费每单最高补**15**元'],
    ['figures in words', '签收后七天内可以申请。', '签收后 15 天内可以申请'],
    ['a denial', '拆封以后可以退货。', '拆封以后不可以退货'],
    ['another denial', '特价商品支持退货。', '特价商品不支持退货'],
    ['nearly the same words', '审核通过以后，支付宝 3 个工作日内到账。', '审核通过后，支付宝 5 个工作日内到账'],
  ])('are found: %s', async (_, one, other) => {
    expect(await both(one, other)).toEqual([
      expect.stringMatching(/^b\.md:6 warning contradiction ".*" here, but ".*" in a\.md, on nearly the same question/),
    ]);
  });

  it('are found by a yes and a no', async () => {
    folder.write('a.md', '---\ntitle: 拆封了能退货吗\n---\n可以。保持完好就行。');
    folder.write('b.md', '---\ntitle: 拆封了能退货吗亲\n---\n不可以。请看说明。');
    expect(await findings()).toEqual([
      expect.stringMatching(/^b\.md:4 warning contradiction "不可以" here, but "可以"/),
    ]);
  });

  it.each([
    ['the same in other figures', '签收后七天内可以申请。', '签收后 7 日内可以申请'],
    ['other cases', '支付宝 3 天内到账。微信支付 3 天内到账。', '银行卡转账 7 天内到账'],
    ['an amount more', '支付宝 3 天内到账，记得查看。', '支付宝到账，记得查看一下账单'],
    ['set phrases', '七天无理由退货不同于质量退货。', '七天理由退货同于质量退货吗'],
    ['ordinals', '第 2 步，打开订单详情页面。', '第 3 步，打开订单详情页面'],
  ])('are not: %s', async (_, one, other) => {
    expect(await both(one, other)).toEqual([]);
  });

  it.each([['退款几天到账（第2版）'], ['换货几天收到新的'], ['Visa 退款几天到账']])(
    'are not where another thing is asked: %s',
    async (title) => {
      expect(await both('支付宝 3 个工作日内到账。', '支付宝 7 个工作日内到账', title)).toEqual([]);
    },
  );

  it('are not where an article tells cases apart', async () => {
    expect(await both('小件 3 天内到账。\n\n小件 5 天内到账。', '小件 7 天内到账')).toEqual([]);
  });
});

describe('upkeep', () => {
  it.each([
    ['2026-11-21', /^a\.md:1 warning review-overdue was to be read again by 售后组 until 2026-11-21, 1 days ago$/],
    ['2026-11-22', /^a\.md:1 warning review-soon is to be read again by 售后组 until 2026-11-22, in 0 days$/],
    ['2026-12-06', /^a\.md:1 warning review-soon .* in 14 days$/],
  ])('tells of a review by %s', async (date, message) => {
    folder.write('a.md', `---\ntitle: 退货\nowner: 售后组\nreview_by: ${date}\n---\n好`);
    expect(await findings()).toEqual([expect.stringMatching(message)]);
  });

  it.each([['review_by: 2026-12-07'], ['review_by: 2020-01-01\nstatus: archived']])(
    'is content with %s',
    async (fields) => {
      folder.write('a.md', `---\ntitle: 退货\n${fields}\n---\n好`);
      expect(await findings()).toEqual([]);
    },
  );

  it('tells of an article nobody owns, where others have an owner', async () => {
    folder.write('a.md', '---\ntitle: 退货\nowner: 售后组\n---\n好');
    folder.write('b.md', '---\ntitle: 换货\n---\n好');
    folder.write('c.md', '---\ntitle: 草稿\nstatus: draft\n---\n好');
    expect(await findings()).toEqual(['b.md:1 warning no-owner nobody owns it: add `owner:`']);
  });

  it('asks for no owner where there are none', async () => {
    folder.write('a.md', '---\ntitle: 退货\n---\n好');
    expect(await findings()).toEqual([]);
  });
});

async function findings(): Promise<readonly string[]> {
  const found = lintArticles(await loadArticles(folder.path), { today: '2026-11-22' });
  return found.map(({ file, line, severity, rule, message }) => `${file}:${line} ${severity} ${rule} ${message}`);
}
