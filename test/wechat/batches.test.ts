import { expect, it } from 'vitest'
import type { KeptTurn, Speaker } from '../../contract/turn.ts'
import { batchesOf, type HeldUp } from '../../wechat/batches.ts'
import { accountMenu } from '../../wechat/outgoing.ts'

const turn = (seq: number, text: string, speaker: Speaker = 'system'): KeptTurn => ({
  ...{ conversationId: 'c', seq, speaker, text, saidAt: '2026-11-22T02:00:00.000Z' },
})
const whole = (fromSeq: number, toSeq = fromSeq): HeldUp => ({ fromSeq, toSeq, firstPart: 0, isPlain: false })
function told(
  turns: KeptTurn[],
  toldSeq: number,
  heldUp: HeldUp[] = [],
  isOnTheSpot = false,
): [number, number, string][] {
  const batches = batchesOf({ turns, toldSeq, heldUp, menu: accountMenu, isOnTheSpot })
  return batches.map(({ fromSeq, toSeq, messages }) => [
    fromSeq,
    toSeq,
    messages.map((one) => (one.kind === 'menu' ? one.head : one.kind === 'file' ? one.fileId : one.text)).join('|'),
  ])
}

it('tells what was said since in one message, whatever the citizen said in between', () => {
  expect(told([turn(2, '一'), turn(3, '问', 'customer'), turn(4, '二')], 1)).toEqual([[2, 4, '一\n\n二']])
  expect(told([turn(2, '问', 'customer')], 1)).toEqual([])
})

it('tells what was held up with it, and leaves out what went out in between', () => {
  const turns = [turn(2, '一'), turn(3, '二'), turn(4, '三'), turn(5, '四')]
  expect(told(turns, 4, [whole(2)])).toEqual([
    [2, 2, '一'],
    [5, 5, '四'],
  ])
  expect(told(turns, 4, [whole(4)])).toEqual([[4, 5, '三\n\n四']])
  expect(told(turns, 5, [whole(2, 3)])).toEqual([[2, 3, '一\n\n二']])
})

it('goes on where a text broke off, and cuts it as it was cut before', () => {
  const long = '医'.repeat(900)
  const [, , all = ''] = told([turn(2, long)], 1)[0] ?? []
  const [beginning = ''] = all.split('|')
  const rest = { fromSeq: 2, toSeq: 2, firstPart: 1, isPlain: true }
  const after = told([turn(2, long), turn(3, '二')], 2, [rest])
  expect(after).toEqual([
    [2, 2, long.slice(beginning.length)],
    [3, 3, '二'],
  ])
})

it('offers no menu on the spot, and one behind it', () => {
  const asking = (seq: number) => ({ ...turn(seq, '选一个'), choices: [{ id: 'a', question: '甲' }] })
  const kinds = (heldUp: HeldUp[], toldSeq: number) =>
    batchesOf({
      turns: [asking(2), turn(3, '已送到'), asking(4)],
      toldSeq,
      heldUp,
      menu: accountMenu,
      isOnTheSpot: true,
    }).flatMap(({ messages }) => messages.map(({ kind }) => kind))
  expect(kinds([whole(2)], 3)).toEqual(['text', 'menu'])
})
