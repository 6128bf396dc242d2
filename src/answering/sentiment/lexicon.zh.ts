/**
 * How customers of a shop show what they feel. Data only, simplified script, lower case. To maintain it: add a word to
 * the group it belongs to, run test/answering/sentiment.test.ts, and never move a sentence from its gate to its tuning half.
 *
 * Weights run from -4 to 3. A word of the domain (return, broken, complaint) says what a message is about, not how its
 * writer feels: it weighs nothing or little.
 */

/** A weight and the words that have it, separated by spaces. */
export type Weights = readonly (readonly [number, ...string[]])[];

/** Words and set phrases; of those that begin at one place the longest counts. */
export const weights: Weights = [
  // Abuse.
  [
    -4,
    '傻逼 傻b 傻比 傻叉 煞笔 沙比 sb 脑残 白痴 蠢货 蠢猪 废物 畜生 畜牲 禽兽 王八蛋 混蛋 混账',
    '狗日的 杂种 贱人 人渣 操你妈 草泥马 尼玛 你妈的 去你妈 去你妈的 你妈逼 去死 死全家 全家死光 nmsl cnm',
    '滚蛋 滚开 滚出去 快滚 给我滚 滚远点 不要脸 臭不要脸 不是人 不得好死 丧尽天良 丧良心 昧良心 没良心 没人性',
    '脑子有病 脑子进水 猪脑子 狗屁 放屁 放狗屁 fuck fucking fucked bullshit asshole bastard bastards',
    'scammers idiots',
  ],
  // Swearing and accusations.
  [
    -3,
    '狗东西 他妈 他妈的 特么 他娘的 妈的 妈蛋 tmd mmp 神经病 弱智 智障 mlgb 大骗子 诈骗集团 骗钱 奸商 黑店 黑心 黑心商家 无良',
    '无良商家 无耻 可耻 流氓 强盗 土匪 吃人不吐骨头 欺人太甚 忍无可忍 受够 受够了 气死 气死我了 气死人 气炸 气炸了',
    '人神共愤 猪狗不如 太过分 岂有此理 什么玩意 什么鬼东西 垃圾店 垃圾客服 垃圾公司 垃圾平台 垃圾卖家',
    '垃圾商家 垃圾服务 垃圾产品 垃圾东西 垃圾质量 垃圾玩意 垃圾机器人 垃圾售后 破店 破公司 破平台 破客服 破机器人',
    '破玩意 破东西 破网站 破质量 破烂货 去死吧 shit scammer liars liar thieves furious wtf',
  ],
  // What is said of crooks, and in disgust.
  [
    -2.5,
    '垃圾 骗子 骗人 坑人 坑爹 坑钱 缺德 愤怒 暴怒 可恶 可恨 混帐 见鬼 死骗子 臭骗子 狗客服 耍我 耍人 耍猴',
    '耍流氓 欺负人 过分 报应 瞎了眼 眼瞎 scam garbage trash disgusting worst',
  ],
  // Anger told, and strong disappointment.
  [
    -2,
    '火大 倒闭 恶心 恼火 生气 发火 烦死 烦死了 烦人 烦透 受不了 离谱 不像话 恶劣 差劲 糟糕 糟心 闹心 寒心 心寒 烂 烂透 上当',
    '上当受骗 被坑 被骗 受骗 忽悠 糊弄 欺骗 推卸责任 推诿 踢皮球 不负责任 耍赖 店大欺客 欺负 言而无信 说话不算话',
    '不要碧莲 呸 terrible horrible awful ridiculous angry unacceptable pathetic useless',
  ],
  // Displeasure.
  [
    -1.5,
    '失望 后悔 敷衍 无语 太差 很差 真差 好差 最差 更差 极差 质量差 态度差 服务差 体验差 做工差 不靠谱 不满意 不满',
    '没用 不好用 难用 难吃 难看 难闻 刺鼻 劣质 粗糙 差评 避雷 踩雷 坑 黑幕 无奈 郁闷 讨厌 浪费时间 浪费钱 没人管',
    '不理人 装死 不管不顾 爱理不理 态度不好 服务不好 质量不好 体验不好 不专业 没诚意 卧槽 我靠 乱七八糟 一塌糊涂',
    '莫名其妙 闹着玩 凭什么 糟 废话 不值 太烂 呵呵 没素质 bad poor disappointed disappointing unhappy annoying',
    'annoyed rubbish hate upset',
  ],
  // Displeasure, mildly.
  [
    -1,
    '差 不好 不行 着急 急死 急死了 烦 慢 太慢 太久 半天 麻烦死 难受 心疼 不爽 不舒服 不方便 不值得 不喜欢 没意思',
    '一般般 将就 凑合 可惜 担心 害怕 糟蹋 吃亏 骂人 乱 唉 哎 委屈 难过 不合理 不公平 说话难听 难听 没动静 没反应',
    '不给力 slow wrong sad sucks',
  ],
  // What is wrong with the thing.
  [-0.4, '坏 坏了 破损 碎 碎了 划痕 瑕疵 漏发 少发 发错 假货 缺货 没收到 损坏'],
  // These contain a word from above and say nothing.
  [
    0,
    '不好意思 差不多 差价 补差价 退差价 价差 色差 误差 温差 时差 偏差 差额 差多少 差几 差一点 差一个 差别 差距 差异',
    '出差 差一件 给差评 打差评 删差评 好不好 满不满意 行不行 好不好用 难不难 慢不慢 坏不坏 垃圾桶 垃圾袋 垃圾箱',
    '垃圾分类 垃圾处理 垃圾处理器 厨余垃圾 扔垃圾 倒垃圾 垃圾盒 垃圾短信 垃圾邮件 垃圾车 放屁垫 放屁坐垫 废物利用',
    '废物回收 废物箱 智障人士 恶心想吐 恶心呕吐 慢慢',
    '慢炖 慢煮 慢跑 对不起 坑位 坑洼 过分别 乱码 骗子电话 诈骗电话 防骗 烂果 破损险 急救 人品好 好坏 死机 破壁机',
    '慢充 慢速',
  ],
  // Contentment.
  [0.5, '好 好的 没问题 没事 可以的 还行 还可以 还好 ok fine 🙏'],
  [
    1.2,
    '不错 挺好 好用 好吃 好看 好喝 舒服 方便 划算 实惠 便宜又好 放心 值得 很快 真快 及时 清楚 耐用 结实 合适 有用',
    '有帮助 谢谢 谢了 多谢 感谢 辛苦了 辛苦 贴心 耐心 细心 用心 专业 靠谱 周到 热情 推荐 没毛病 解决了 搞定了',
    '棒 thanks thank good nice helpful happy solved',
  ],
  [
    1.8,
    '满意 喜欢 很好 很棒 真棒 太棒 给力 好评 五星 点赞 赞 超赞 开心 高兴 太好了 漂亮 完美 优秀 惊喜 厉害 爱了',
    '非常感谢 十分感谢 物超所值 无可挑剔 比想象的好 么么哒 great love excellent perfect awesome amazing',
  ],
];

/** By how much a word behind it counts more, or less. */
export const intensities: Weights = [
  [1.6, '极其 极度 超级 无比 特么 他妈 尤其 巨 贼'],
  [1.5, '太 非常 特别 十分 相当 超 最 very so extremely totally'],
  [1.3, '真 真的 真是 实在 简直 根本 完全 这么 那么 如此 很 好 更 还 都是 really too'],
  [0.6, '有点 有点儿 有些 稍微 略 稍 不太 不怎么 不大 一点点 比较 还算 bit little'],
];

/** Behind a word, they make more of it. */
export const enhancements = '死了 透了 极了 要命 要死 透顶 到家 得很 至极 爆了';

/** The segmenter may take them for the end of the word before. */
export const endings = '得 了 的';

/** They turn what stands a few words behind them into its opposite; two of them do so twice. */
export const negators =
  '不 没 没有 别 无 未 不是 不会 不能 不要 不够 不太 不怎么 不大 并不 并非 从不 从没 毫无 毫不 绝不 不算 没那么 谈不上 算不上 不再 not no never without';

/** What need not have happened: they halve what is said in their sentence. */
export const hypotheses = '如果 要是 万一 假如 若 若是 假设 的话 怕 会不会 if';

/**
 * A clause like this asks, which is no way to abuse anybody, unless it is put to the shop itself. At the end, what was
 * 么 is normalised to 幺.
 */
export const asking =
  /怎么(?![这那]么|又|还|就)|如何|怎样|什么意思|是什么|区别|是不是|会不会|能不能|有没有|要不要|可以|多少|哪[里些个]|谁|[吗么幺]$/u;
/** Whoever says this tells of abuse that was theirs to hear. */
export const telling = /骂(?:我|人|了|他|她)|说我|叫我/u;
export const addressees = '你 你们 您 你家 客服 商家 卖家 店家 这家 贵司 you';

/** Characters of faces and signs. WeChat's faces come as words in brackets. */
export const signs: Weights = [
  [-3.5, '🤬 🖕 [怒骂] [咒骂]'],
  [-2.5, '😡 👿 💩 [发怒] [怒] [便便] [菜刀]'],
  [-2, '👎 😠 😤 [弱] [鄙视] [抓狂]'],
  [-1, '🙄 😒 😞 😢 😭 💔 😩 😫 [大哭] [流泪] [白眼] [心碎] [难过] [快哭了]'],
  [1.2, '😊 😀 😄 😁 🙂 🌹 💐 [玫瑰] [愉快] [呲牙] [ok] [握手] [抱拳]'],
  [1.8, '👍 ❤ 😍 🥰 💯 👏 🎉 [强] [爱心] [鼓掌] [色] [哇]'],
];

/**
 * Turns of speech that are no words: rhetorical questions, counting the times, threats. Matched on the whole text in
 * simplified lower case; every repetition in them is bounded. What weighs -2.5 or less is said in anger.
 */
export const turns: readonly (readonly [number, RegExp])[] = [
  [-3, /什么(?:破|烂|狗屁|垃圾(?![桶袋箱盒车处分短邮]))(?![损洞裂碎解壁冰浪产译])/u],
  [-3, /(?:还是人吗|是死人|都死了吗|死绝了|还有良心|有没有良心|良心不会痛|还要不要脸|要不要脸|要点脸|还要脸吗)/u],
  [-3, /(?:听不懂|听得懂|不说|会不会说|会说|不讲|能说|能不能说)人话/u],
  [-3.5, /(?:^|[,。.!?;\n])滚(?:$|[,。.!?~吧啊])/u],
  [-3, /什么态度(?=$|[\p{P}啊呀嘛])/u],
  [
    -3,
    /(?:你|你们|客服|这人)(?:们|是不是|都|他妈|真)?(?:脑子)?有(?:病|毛病)(?:吧|啊|吗|$|[\s\p{P}])|^有病(?:吧|啊|[\s\p{P}])/u,
  ],
  [
    -3,
    /(?:一群|一帮|这群|这帮|全是|都是|就是|简直是|纯属|不愧是)(?:死|臭|大)?(?:骗子|流氓|土匪|强盗|垃圾(?![桶袋箱盒车处分短邮])|小偷)/u,
  ],
  [-2.5, /(?:当|拿)(?:我|我们|顾客|消费者|人)(?:是|当|做)?(?:成)?(?:傻子|傻瓜|傻|猴|白痴|冤大头|三岁小孩|空气)/u],
  [-2.5, /(?:耍|玩|逗|溜)(?:我|我们|人)(?:玩|呢|吗|啊|是吧|是不是)/u],
  [-4, /(?:你|你们)(?:他?妈|爹|爸|全家|祖宗)(?:死|逼)|良心(?:都|是不是)?(?:被|让|给)狗|操你|日你/u],
  [-3.5, /(?:跟|和)(?:你|你们)没完|不会放过(?:你|你们)|走着瞧|(?:你|你们)(?:给我)?等着瞧|别逼我/u],
  [-3.5, /骗子(?:店铺?|公司|平台|商家|卖家|网站|客服)/u],
  [-3, /滚(?:出来|出去|远点|回去|一边)|(?:^|[,。.!?;\n])操[,。.!?]/u],
  [-2.5, /(?:都|全)是死的|都死哪|死哪去/u],
  [-1.5, /血汗钱|抢钱/u],
  [-2.5, /(?:有没有|有)(?:一个|个)?(?:活人|能喘气的|人性|王法|天理|公德)|还有(?:没有)?(?:天理|王法)/u],
  [-2, /再也不(?:会|想|敢)?(?:在)?(?:你们?家?|这家?|这里)?(?:再)?(?:买|来|用(?=$|[\p{P}你了])|信|光顾|购)/u],
  [
    -1.5,
    /(?:说|讲|问|催|打|联系|反映|投诉)(?:过|了|都)?(?:多少|好几|无数|n|几百|八百|一百|几十|[二两三四五六七八九十\d]+)(?:遍|次|回)(?:了|都|还|也)/u,
  ],
  [-2, /(?:多少|无数|八百|几百|n)(?:遍|次)/u],
  [
    -1.2,
    /(?:等|过|拖|已经|都)(?:了)?(?:快|整整|足足)?(?:多少|[一二三四五六七八九十两半几好\d]{1,4})(?:多)?(?:天|个?星期|个?礼拜|周|个?月|年|个?小时)了?[^\n]{0,6}?(?:还没|还不|没人|都没|也没|依然|仍)/u,
  ],
  [-1.3, /没(?:有)?人(?:管|理|回|回复|解决|处理|负责|接)/u],
  [-2, /到底[^。\n]{0,16}?[?!]{2,}/u],
  [-1, /到底(?:还)?(?:能不能|有没有|会不会|要不要|管不管|想不想|退不退|发不发|给不给|想怎|想干)/u],
  [-1, /能不能[^。\n]{0,16}?[?!]{2,}/u],
  [-1.5, /(?:(?<!不)好意思|有脸|有理了)(?:卖|说|要|收|发|吗|么|[\s\p{P}]|$)/u],
  [-1, /为什么[^。\n]{0,16}?[?!]{2,}/u],
];
