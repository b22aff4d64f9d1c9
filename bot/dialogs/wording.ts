/** What the scripted dialogs say. No citizen's words are ever put into these lines: Botkit renders them as templates. */
export const wording = {
  cancelHint: '不想继续时，说“取消”即可；随时可以说“人工”。',
  complaint: {
    askText: '请说说是什么事：大概什么时间、在哪里、希望怎么解决。我会原样记下来。',
    textTooShort: '请再说具体一点，至少写明是什么事。',
    textTooLong: '内容太长，请缩短到两千字以内。',
    askContact: '方便留一个电话吗？只用于核实和回访这件事。',
    noContact: '不留电话',
    badContact: '这个号码我没认出来，请写 11 位手机号，或带区号的座机号；不想留就选“不留电话”。',
    confirm: '内容已经记好。确认提交吗？提交后会有专人按规定时限办理，并把结果告诉您。',
    yes: '确认提交',
    no: '取消',
    unclear: '请选“确认提交”或“取消”。',
  },
  callback: {
    askPhone: '请留一个能打通的电话，同事上班后按预约的时间给您回电。',
    cancel: '取消',
    badPhone: '这个号码我没认出来，请写 11 位手机号，或带区号的座机号。',
    askTime: '希望什么时候回电？也可以直接写，比如“明天下午三点”。',
    times: ['尽快', '明天上午', '明天下午'],
    badTime: '这个时间我没听懂，请从“尽快、明天上午、明天下午”里选一个，或写成“明天下午三点”。',
  },
  rating: {
    ask: '请为这次服务打个分，五档任选，不评也可以。',
    askReasons: '感谢您直说。最主要是哪一点没做好？',
    skip: '不说原因',
  },
  cancelled: '好的，已取消，刚才的内容没有提交。您还可以继续问。',
} as const
