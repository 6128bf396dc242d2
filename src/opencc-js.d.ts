/** The package's own types import without file extensions, which Node's resolution does not find. */
declare module 'opencc-js/t2cn' {
  export function Converter(scripts: { readonly from: 'tw'; readonly to: 'cn' }): (text: string) => string;
}

declare module 'opencc-js/cn2t' {
  export function Converter(scripts: { readonly from: 'cn'; readonly to: 'twp' }): (text: string) => string;
}
