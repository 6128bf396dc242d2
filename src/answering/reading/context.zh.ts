/** What a short question after an answer looks like. Data only, simplified script; matched on normalised text. */

/** What leads over from the answer before and says nothing itself, and what merely ends a question. */
export const leadingOver =
  /^(?:那么?|还有|另外|然后|所以|可是|但是?|如果是?|要是|假如|万一|请问|我想问|想问|[\p{P}\s])+/u;
export const endings = /(?:呢|啊|呀|吧|哦|嘛|[\p{P}\s])+$/u;

/** Made of these alone it says nothing: "is that so", "can I", "and me". */
export const sayingNothing = /^[我你您他她它们咱这那的了是吗么呢真可以能行不好对为什需要有会啥没]*$/u;

/** Whatever contains one of these asks something; without one it is only a thing, or a case. */
export const asking =
  /怎|如何|多久|多少|多长|几|什么|啥|哪|谁|为何|吗|么$|能|可以|会|是否|有没有|是不是|要不要|需要|多大|多高/u;
