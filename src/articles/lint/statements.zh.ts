/** The Chinese that finding contradictions must know. Data only, simplified script. */

/** Take away what a sentence says, or turn it round. */
export const denials: readonly string[] = ['不', '没', '未', '无法', '无需', '勿', '别'];

/** Stand where a denial stands in the opposite sentence, and say nothing else. */
export const affirmations: readonly string[] = ['可以', '能够', '能', '会', '需要', '需', '要'];

/** Contain a denial and deny nothing. */
export const notDenials: readonly string[] = [
  '不同',
  '不过',
  '不仅',
  '不但',
  '不论',
  '不管',
  '不断',
  '无理由',
  '未来',
  '没关系',
];

/** Figures written as words, where a unit follows. */
export const figures: Readonly<Record<string, string>> = {
  一: '1',
  二: '2',
  两: '2',
  三: '3',
  四: '4',
  五: '5',
  六: '6',
  七: '7',
  八: '8',
  九: '9',
  十: '10',
};

/** Before a number that counts nothing. */
export const ordinal = '第';

/** What amounts are given in; spellings of one unit as its first. */
export const units: readonly (readonly string[])[] = [
  ['天', '日'],
  ['个工作日', '工作日'],
  ['元', '块', '块钱'],
  ['小时', '个小时'],
  ['分钟'],
  ['周', '星期', '个星期'],
  ['个月', '月'],
  ['年'],
  ['次'],
  ['件'],
  ['折'],
  ['倍'],
  ['公斤', '千克', 'kg'],
  ['%'],
];
