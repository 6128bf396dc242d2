import { Converter } from 'opencc-js/cn2t';

/** Simplified to traditional Chinese with Taiwan's words (软件 → 軟體), as Microsoft's and Apple's zh-Hant do. */
export const toTraditional: (text: string) => string = Converter({ from: 'cn', to: 'twp' });
