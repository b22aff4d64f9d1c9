/** Scenarios for sipp, put together from their steps. */
const sdp = (direction: string, version: number) => `v=0
o=user1 53655765 ${version} IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio 16000 RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16
a=${direction}
`
const send = (text: string) => `<send retrans="500"><![CDATA[\n${text}\n]]></send>`
const sendOnce = (text: string) => `<send><![CDATA[\n${text}\n]]></send>`
const heading = (
  method: string,
  cseq: number,
  to: string,
) => `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[pid]SIPpTag00[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>${to}
Call-ID: [call_id]
CSeq: ${cseq} ${method}
Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70`
const invite = (cseq: number, extra = '', inDialog = false, direction = 'sendrecv') =>
  send(`INVITE ${inDialog ? '[next_url]' : 'sip:[service]@[remote_ip]:[remote_port]'} SIP/2.0
${heading('INVITE', cseq, inDialog ? '[peer_tag_param]' : '')}
${extra}Content-Type: application/sdp
Content-Length: [len]

${sdp(direction, cseq)}`)
const follow = (method: string, cseq: number, uri = '[next_url]') =>
  `${method} ${uri} SIP/2.0
${heading(method, cseq, '[peer_tag_param]')}
Content-Length: 0

`
const optional = '<recv response="100" optional="true"/><recv response="180" optional="true"/>'
const answered = '<recv response="200" rrs="true"/>'
const ack = (cseq: number) => sendOnce(follow('ACK', cseq))
const refusalAck = (cseq: number) =>
  sendOnce(`ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
CSeq: ${cseq} ACK
Max-Forwards: 70
Content-Length: 0

`)
const bye = (cseq: number) => `${send(follow('BYE', cseq))}<recv response="200"/>`
const scene = (...steps: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="scene">${steps.join('\n')}</scenario>`

export const plainCall = scene(invite(1), optional, answered, ack(1), '<pause milliseconds="50"/>', bye(2))

export const endedByUs = scene(
  invite(1),
  optional,
  answered,
  ack(1),
  '<recv request="BYE"/>',
  sendOnce(`SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

`),
)

const answer = (status: string, extra: string) => `SIP/2.0 ${status}
[last_Via:]
[last_From:]
[last_To:];tag=[pid]SIPpTag01[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:agent@[local_ip]:[local_port];transport=[transport]>
${extra}`

export const answersUs = scene(
  '<recv request="INVITE"/>',
  sendOnce(answer('180 Ringing', 'Content-Length: 0\n\n')),
  send(answer('200 OK', `Content-Type: application/sdp\nContent-Length: [len]\n\n${sdp('sendrecv', 1)}`)),
  '<recv request="ACK"/>',
  '<recv request="BYE"/>',
  sendOnce(answer('200 OK', 'Content-Length: 0\n\n').replace(';tag=[pid]SIPpTag01[call_number]', '')),
)

export const cancelledCall = scene(
  invite(1),
  '<recv response="100" optional="true"/><recv response="180"/>',
  send(`CANCEL sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-3];rport
From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[pid]SIPpTag00[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 CANCEL
Max-Forwards: 70
Content-Length: 0

`),
  '<recv response="200"/><recv response="487"/>',
  refusalAck(1),
)

export const heldCall = scene(
  invite(1),
  optional,
  answered,
  ack(1),
  invite(2, '', true, 'sendonly'),
  '<recv response="200" rrs="true"><action><ereg regexp="a=recvonly" search_in="msg" check_it="true" assign_to="held"/></action></recv>',
  '<Reference variables="held"/>',
  ack(2),
  invite(3, '', true),
  '<recv response="200" rrs="true"><action><ereg regexp="a=sendrecv" search_in="msg" check_it="true" assign_to="up"/></action></recv>',
  '<Reference variables="up"/>',
  ack(3),
  bye(4),
)

export const digestCall = scene(
  invite(1),
  '<recv response="401" auth="true"/>',
  refusalAck(1),
  invite(2, '[authentication]\n'),
  optional,
  answered,
  ack(2),
  bye(3),
)

export const refusedCall = scene(
  invite(1),
  '<recv response="401" auth="true"/>',
  refusalAck(1),
  invite(2, '[authentication]\n'),
  '<recv response="401"/>',
  refusalAck(2),
)
