/**
 * Short questions after an answer of the sample knowledge: what was asked, and what is asked then with the article that
 * is meant. Written for this test; nothing is fitted on them.
 */
export const followUps: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    '七天无理由退货怎么申请',
    [
      ['那运费呢？', 'returns/return-shipping-fee'],
      ['运费谁出', 'returns/return-shipping-fee'],
      ['那换货呢', 'exchanges/request-exchange'],
      ['多久到账', 'refunds/refund-time'],
      ['寄到哪里', 'returns/return-address-and-pickup'],
      ['超过了呢', 'returns/return-overdue'],
      ['包装盒丢了呢', 'returns/return-packaging'],
      ['如果只退一件呢', 'returns/partial-return'],
      ['可以上门取吗', 'returns/return-address-and-pickup'],
      ['那怎么撤销', 'refunds/cancel-refund-request'],
    ],
  ],
  [
    '退货运费谁承担',
    [
      ['那换货呢', 'exchanges/exchange-shipping-fee'],
      ['换货的呢？', 'exchanges/exchange-shipping-fee'],
      ['有运费险呢', 'returns/freight-insurance'],
    ],
  ],
  [
    '换货怎么申请',
    [
      ['要多久', 'exchanges/exchange-time'],
      ['运费呢', 'exchanges/exchange-shipping-fee'],
      ['要付邮费吗', 'exchanges/exchange-shipping-fee'],
      ['几天能到', 'exchanges/exchange-time'],
    ],
  ],
  ['换货要多久能收到新的', [['运费我出吗', 'exchanges/exchange-shipping-fee']]],
  [
    '保修期是多久',
    [
      ['过了呢', 'repair/repair-cost'],
      ['那没有发票呢', 'warranty/warranty-proof'],
      ['可以延长吗', 'warranty/extended-warranty'],
      ['摔坏的呢', 'warranty/warranty-exclusions'],
    ],
  ],
  [
    '东西坏了怎么报修',
    [
      ['要多久', 'repair/repair-progress'],
      ['多少钱', 'repair/repair-cost'],
      ['那进度在哪看', 'repair/repair-progress'],
    ],
  ],
  [
    '怎么开电子发票',
    [
      ['在哪下载', 'invoices/download-invoice'],
      ['那专票呢', 'invoices/vat-special-invoice'],
      ['抬头写错了呢', 'invoices/invoice-title-wrong'],
      ['要是退货了呢', 'invoices/invoice-after-return'],
    ],
  ],
  ['积分怎么获得', [['会过期吗', 'membership/points-expiry']]],
  ['会员等级怎么划分', [['有什么权益', 'membership/member-benefits']]],
  [
    '优惠券怎么领',
    [
      ['过期了呢', 'coupons/coupon-expired'],
      ['为什么用不了', 'coupons/coupon-not-working'],
      ['能和满减一起用吗', 'coupons/promotion-stacking'],
    ],
  ],
  [
    '下单后多久发货',
    [
      ['那几天能到', 'delivery/delivery-time'],
      ['超过48小时呢', 'delivery/late-dispatch-compensation'],
    ],
  ],
  ['还没发货怎么修改收货地址', [['已经发货了呢', 'orders/change-address-after-shipping']]],
  [
    '支持哪些付款方式',
    [
      ['那货到付款呢', 'payment/cash-on-delivery'],
      ['分期呢', 'payment/installments'],
      ['那对公转账呢', 'payment/bank-transfer'],
    ],
  ],
  [
    '怎么查物流进度',
    [
      ['一直不更新呢', 'delivery/tracking-not-updating'],
      ['显示签收但没收到', 'delivery/delivered-not-received'],
    ],
  ],
  [
    '大家电怎么预约送货',
    [
      ['安装要钱吗', 'delivery/installation'],
      ['那安装呢', 'delivery/installation'],
    ],
  ],
  [
    '退款多久到账',
    [
      ['退到哪里', 'refunds/refund-destination'],
      ['成功了但没收到呢', 'refunds/refund-success-no-money'],
      ['那优惠券呢', 'coupons/coupon-returned-after-refund'],
    ],
  ],
  ['忘记登录密码怎么办', [['收不到验证码呢', 'account/no-verification-code']]],
  [
    '港澳台可以配送嗎',
    [
      ['那關稅呢', 'overseas/customs-duty'],
      ['怎麼退貨呢', 'overseas/overseas-return'],
    ],
  ],
  [
    '怎么投诉',
    [
      ['快递员呢', 'complaints/complain-courier'],
      ['那客服呢', 'complaints/complain-agent'],
    ],
  ],
];

/** Short questions that no article answers, whatever was answered before. */
export const strangers: readonly string[] = [
  '那天气呢',
  '你吃饭了吗',
  '那股票呢',
  '多少岁',
  '谁发明的',
  '那机票呢',
  '火车票怎么退',
  '那酒店呢',
  '好看吗',
  '在哪个国家',
  '多重',
  '有电梯吗',
  '那猫呢',
  '好吃吗',
  '会下雨吗',
  '你喜欢吗',
  '为什么',
  '真的吗',
  '然后呢',
  '是吗',
  '那明天呢',
  '那学校呢',
  '签证要多久',
  '驾照多久能拿',
  '那房子呢',
  '怎么做饭',
  '谁赢了',
  '几点开门',
  '那医院呢',
  '医保能报吗',
  '结婚要什么',
  '孩子呢',
  '那电影呢',
  '多高',
  '唱首歌',
  '讲个笑话',
  '感冒了呢',
  '那外卖呢',
  '停车多少钱',
  '游泳呢',
  '那彩票呢',
  '贷款呢',
  '可以吗',
  '那我呢',
  '行不行',
];
