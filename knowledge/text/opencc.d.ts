// The package's own types import each other without file endings, which Node's resolution refuses.
declare module 'opencc-js/t2cn' {
  export function Converter(options: { from: 'tw' | 'hk'; to: 'cn' }): (text: string) => string
}
