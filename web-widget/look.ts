/** 长辈版: the size of the text, worn by the whole page (panel.css reads it from <html data-elder>). */
export const elderSizes = [18, 22, 26, 30] as const
export const firstElderSize = 22

export function wear(px: number | undefined) {
  const page = document.documentElement
  if (px === undefined) page.removeAttribute('data-elder')
  else page.dataset.elder = String(px)
}

export const largerSize = (px: number) => elderSizes.find((size) => size > px) ?? 30
export const smallerSize = (px: number) => [...elderSizes].reverse().find((size) => size < px) ?? 18
