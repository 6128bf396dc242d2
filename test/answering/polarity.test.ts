import { contradicts, deniedPlaces } from '../../src/answering/polarity.ts';

const denied = (text: string): string =>
  deniedPlaces([...text])
    .map((place) => [...text][place])
    .join('');

const denial = (text: string) => {
  const sequence = Int32Array.from([...text], (unit) => unit.codePointAt(0) ?? 0);
  return { sequence, denied: deniedPlaces([...text]).map((place) => sequence[place] ?? 0) };
};

describe('what a text denies', () => {
  it.each([
    ['不能退款', '退'],
    ['退不了款', '退'],
    ['没有收到货', '收'],
    ['收不到验证码', '收'],
    ['优惠券用不了', '用'],
    ['为什么不开发票', '开'],
    ['还没发货', '发'],
    ['不想要了', '要'],
    ['不是正品', '正'],
    ['无法显示', '显'],
  ])('%s denies %s', (text, what) => {
    expect(denied(text)).toBe(what);
  });

  it.each([
    '能不能退款',
    '有没有发票',
    '可不可以开发票',
    '是不是正品',
    '七天无理由退货',
    '不好意思怎么退款',
    '别的地方',
    '退款不',
    '有无金额限制',
    '金融卡不见了',
    '是什么币别',
  ])('%s denies nothing', (text) => {
    expect(denied(text)).toBe('');
  });

  it.each([
    ['能退款吗', '不能退款吗'],
    ['怎么退款', '为什么退不了款'],
    ['优惠券能用吗', '优惠券用不了'],
    ['已经发货了怎么取消', '还没发货怎么取消'],
  ])('%s and %s contradict each other', (one, other) => {
    expect(contradicts(denial(one), denial(other))).toBe(true);
    expect(contradicts(denial(other), denial(one))).toBe(true);
  });

  it.each([
    ['能不能退款', '能退款吗'],
    ['收不到验证码', '没收到验证码'],
    ['为什么不能退款', '退款不能退怎么办'],
  ])('%s and %s do not', (one, other) => {
    expect(contradicts(denial(one), denial(other))).toBe(false);
  });
});
