import { expect, it } from 'vitest'
import { WechatUnreached } from '../../wechat/api.ts'
import { mediaUpload } from '../../wechat/media-upload.ts'

const answers = (response: () => Response) =>
  mediaUpload({
    apiBase: 'https://api.weixin.test',
    withToken: (call) => call('access_token=t'),
    read: () => Promise.resolve({ name: '表.jpg', type: 'image/jpeg', content: Buffer.from('a picture') }),
    fetch: () => Promise.resolve(response()),
  })('a-file')

it('says nothing to the citizen where a server breaks down over the file: the message goes again', async () => {
  await expect(answers(() => new Response('', { status: 502 }))).rejects.toThrow(WechatUnreached)
  await expect(answers(() => new Response('no JSON'))).rejects.toThrow(WechatUnreached)
})

it('hands over what the platform says of a file that it does not take', async () => {
  const refused = answers(() => Response.json({ errcode: 40_004, errmsg: 'invalid media type' }))
  await expect(refused).rejects.toMatchObject({ name: 'WechatRefusal', code: 40_004 })
  await expect(answers(() => Response.json({ media_id: 'M' }))).resolves.toMatchObject({ type: 'image', mediaId: 'M' })
})
