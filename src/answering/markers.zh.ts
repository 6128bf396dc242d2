/**
 * The Chinese that answering itself must know; everything else it learns from the base. Data only, simplified script.
 */

/** What questions are full of whatever they are about, with the share of questions that contain it (rounded). */
export const commonInQuestions: readonly (readonly [number, readonly string[]])[] = [
  [0.3, ['怎么', '什么', '如何', '吗', '我', '的', '是', '有', '可以', '怎么办', '了']],
  [
    0.15,
    [
      '请问',
      '呢',
      '啊',
      '吧',
      '能',
      '要',
      '在',
      '到',
      '会',
      '为什么',
      '为何',
      '哪',
      '多少',
      '想',
      '这',
      '你',
      '你们',
      '不',
    ],
  ],
  [
    0.05,
    [
      '没',
      '没有',
      '是否',
      '哪里',
      '哪些',
      '哪个',
      '多久',
      '几',
      '时候',
      '什么时候',
      '需要',
      '应该',
      '怎样',
      '怎么样',
      '一下',
      '知道',
      '可不可以',
      '能不能',
      '有没有',
      '是不是',
      '谢谢',
      '您好',
      '你好',
      '麻烦',
      '谁',
      '还',
      '就',
      '都',
      '和',
      '一个',
      '问题',
      '办理',
      '进行',
      '那',
      '才',
      '给',
      '想问',
      '请教',
      '咨询',
      '告诉',
      '关于',
    ],
  ],
];

/** Characters that turn what follows into its opposite. */
export const negations: readonly string[] = ['不', '没', '无', '未', '别', '勿', '非'];

/** Words that contain one of them and negate nothing; the longest is tried first. */
export const notNegations: readonly string[] = [
  '不好意思',
  '差不多',
  '对不起',
  '来不及',
  '不得不',
  '不但',
  '不仅',
  '不光',
  '不过',
  '不同',
  '不管',
  '不论',
  '不断',
  '不止',
  '不妨',
  '不如',
  '不错',
  '无论',
  '无线',
  '无忧',
  '无人机',
  '非常',
  '非要',
  '未来',
  '特别',
  '别人',
  '别的',
  '级别',
  '类别',
  '性别',
  '区别',
  '识别',
  '分别',
  '无理由',
  '了不起',
  '不见了',
  '有无',
  '币别',
  '个别',
  '国别',
  '告别',
  '差别',
  '辨别',
  '鉴别',
];

/** After "verb + 不/没": the verb itself is what cannot be done (退不了, 收不到). */
export const complements: readonly string[] = [...'了到成掉着见住动通上出开下起进来去'];

/** Before a negation, these are no verb, so that what follows is denied (为什么不开发票, 还不下单). */
export const notVerbs: readonly string[] = [...'么我你您他她们都就还也又才怎为能可以会要是如若因但这那谁货款单'];

/** Characters that may stand between a negation and what it negates (不能退, 没有收到, 不可以用). */
export const betweenNegationAndVerb: readonly string[] = [...'能可以会要想有给让是用得该应需被再法'];

/** Said for the tone at the end of a sentence. Those that make it a question or a change of state are not among them. */
export const tones: readonly string[] = [...'呀啊哦噢喔嘛哈啦哇哎诶欸咯呗'];

/** Nothing to deny: they end a sentence. */
export const particles: readonly string[] = [...'了吗呢吧啊的么呀嘛'];
